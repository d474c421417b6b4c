"""Whatever the bytes, the checker answers: it reads them in a process that can be killed."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checker import check, named
from engine.checker.answering import MEMORY
from engine.checker.apart import ROOT, Apart
from engine.commands.deployments import gathered
from engine.installation import LIBRARY
from engine.issuing import REGISTRY
from tests.unit.engine.diagrams import FORM, bpmn

MODEL = {"m.bpmn": bpmn("s1 u1\nu1 e1"), "f.json": FORM}
SOP = gathered([ROOT / "bpmn" / "sop-16-2022.bpmn"], LIBRARY)
SERVING = "from engine.checker.answering import serve; serve({{'check': lambda files, operators: {}}})"


def doing(what: str, seconds: float = 30.0) -> Apart:
    """A process that does something else than reading."""
    return Apart((sys.executable, "-B", "-c", SERVING.format(what)), seconds)


def test_a_model_that_hangs_the_reader_is_given_up() -> None:
    (found,) = check(MODEL, None, doing("__import__('time').sleep(1000)", seconds=1.5))
    assert (found.code, found.severity, found.element_name) == ("unread", "error", "m.bpmn")
    assert "too long" in found.message % found.params


@pytest.mark.skipif(sys.platform != "linux", reason="the system bounds no memory")
def test_a_model_that_needs_ten_gigabytes_is_given_up() -> None:
    assert MEMORY < 10_000_000_000
    (found,) = check(MODEL, None, doing("bytearray(10_000_000_000)"))
    assert "memory" in found.message % found.params


@pytest.mark.parametrize("what", ["1 / 0", "__import__('os')._exit(1)", "__import__('os').abort()"])
def test_a_reader_that_breaks_is_a_finding(what: str) -> None:
    apart = doing(what)
    assert [found.code for found in check(MODEL, None, apart)] == ["unread"]
    assert [found.code for found in check(MODEL, None, apart)] == ["unread"]


@pytest.mark.skipif(sys.platform == "win32", reason="the system bounds no files")
def test_the_reader_writes_no_file_and_knows_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALUR_SECRET_KEY", "rahasia")
    assert check(MODEL, None, doing("[1 for name in __import__('os').environ if 'SECRET' in name] and 1 / 0")) == []
    apart = doing(f"open({str(tmp_path / 'x')!r}, 'wb', 0).write(b'y')")
    assert [found.code for found in check(MODEL, None, apart)] == ["unread"]
    assert not (tmp_path / "x").exists() or (tmp_path / "x").read_text() == ""


def test_after_its_process_was_ended_another_reads_the_next_file() -> None:
    apart = Apart()
    assert check(MODEL, None, apart) == check(MODEL, None, apart) == []
    apart.close()
    assert check(MODEL, None, apart) == []
    assert named(MODEL["m.bpmn"], apart) == {"f.json"}


def test_what_a_process_takes_to_start_is_not_counted_against_the_model() -> None:
    slow = "__import__('time').sleep(2)\n" + SERVING.format("[]")
    assert check(MODEL, None, Apart((sys.executable, "-B", "-c", slow), seconds=1.0)) == []


@pytest.mark.slow
def test_a_process_that_was_killed_is_never_given_the_next_model() -> None:
    apart = doing("'slow.bpmn' in files and __import__('time').sleep(1000) or []", seconds=2.0)
    for _ in range(3):
        assert [found.code for found in check({"slow.bpmn": b""}, None, apart)] == ["unread"]
        assert check(MODEL, None, apart) == []


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["m.bpmn", "f.json", "n.bpmn", "t.docx"]), st.binary(max_size=300), min_size=1))
def test_any_bytes_are_answered(files: dict[str, bytes]) -> None:
    found = check(files, REGISTRY)
    assert any(each.severity == "error" for each in found)
    assert "unread" not in [each.code for each in found]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_sop_with_any_damage_is_answered(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SOP)))
    content = bytearray(SOP[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        until = at + data.draw(st.integers(0, 40))
        piece = data.draw(
            st.one_of(st.binary(max_size=6), st.integers(0, len(content)).map(lambda n: content[n : n + 30]))
        )
        content[at:until] = piece
    found = check({**SOP, name: bytes(content)}, REGISTRY)
    assert "unread" not in [each.code for each in found]
    for each in found:
        assert each.line > 0
        assert each.message % each.params
        assert each.hint % each.params
