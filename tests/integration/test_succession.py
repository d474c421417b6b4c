"""A new version follows the SOP that it belongs to; another SOP with the same id is asked about first."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import Result

from engine.commands.deployments import deploy, gathered, unpacked, withdraw
from engine.definitions import Definition, deployed_definitions
from engine.errors import InvalidDeployment, SameName
from engine.queries.definitions import Deployed
from engine.queries.succession import is_next
from engine.site import Site
from tests.cast import CHANNEL, OPERATOR
from tests.conformance.drawing import FORM, model
from tests.integration.test_cli import run

__all__ = ["run"]  # a fixture

LETTERS = "start s; user Catat; user Teruskan; end e; s > Catat > Teruskan > e"
LEAVE = "start s; user Ajukan; user Setujui; end e; s > Ajukan > Setujui > e"


def sop(name: str = "", text: str = LETTERS, key: str = "Process_1", **changes: str) -> dict[str, bytes]:
    bpmn = model(text).decode().replace('id="p" name="p"', f'id="{key}"' + (f' name="{name}"' if name else ""))
    for old, new in changes.items():
        bpmn = bpmn.replace(f'name="{old}"', f'name="{new}"')
    return {"m.bpmn": bpmn.encode(), "f.json": FORM.encode()}


def definition(*arguments: str, **changes: str) -> Definition:
    return deployed_definitions(sop(*arguments, **changes))[0]


def made(site: Site, files: dict[str, bytes], same: bool = False) -> Deployed:
    return deploy(site, OPERATOR, CHANNEL, files, same=same).definitions[0]


@pytest.mark.parametrize("key", ["Process_1", "Process_0abc123", "rapat"])
def test_another_sop_never_becomes_a_version_unasked(site: Site, key: str) -> None:
    made(site, sop("Surat Masuk", key=key))
    with pytest.raises(InvalidDeployment) as refused:
        made(site, sop("Permohonan Cuti", LEAVE, key))
    (found,) = refused.value.errors
    assert (found.code, found.file, found.element_id) == ("other_sop", "m.bpmn", key)  # type: ignore[attr-defined]
    said = found.message % found.params  # type: ignore[attr-defined]
    assert all(name in said for name in (key, "Surat Masuk", "Permohonan Cuti"))
    assert made(site, sop("Permohonan Cuti", LEAVE, key), same=True).version == 2
    assert made(site, sop("Surat Masuk", key=key)).version == 1  # the same bytes again
    with pytest.raises(InvalidDeployment):
        made(site, sop("Surat Masuk", LEAVE, key))
    withdraw(site, OPERATOR, CHANNEL, key, 2, "keliru")
    assert made(site, sop("Surat Masuk", LEAVE, key)).version == 3


def test_nothing_is_deployed_in_part(site: Site) -> None:
    made(site, sop("Surat Masuk"))
    other = sop("Lain", LEAVE, "lain")["m.bpmn"]
    with pytest.raises(InvalidDeployment):
        made(site, {**sop("Permohonan Cuti"), "a.bpmn": other})
    assert made(site, {**sop("Lain", LEAVE, "lain")}).version == 1


@pytest.mark.parametrize(
    ("old", "new", "taken"),
    [
        (definition("Surat Masuk"), definition("Surat masuk", Catat="Mencatat"), True),
        (definition("Surat Masuk"), definition("Surat Masuk", LEAVE), True),
        (definition("Surat Masuk", LETTERS, "surat"), definition("Surat Keluar", LETTERS, "surat"), False),
        (definition(""), definition("", Catat="Mencatat"), True),
        (definition(""), definition("", LEAVE), False),
        (definition(""), definition("Surat Masuk"), False),
        (definition("", LETTERS, "surat"), definition("", LEAVE, "surat"), True),
    ],
)
def test_the_name_tells_and_where_there_is_none_the_steps(old: Definition, new: Definition, taken: bool) -> None:
    assert is_next(old, new) is taken


def test_two_files_of_one_name_are_not_one(tmp_path: Path, run: Callable[..., Result]) -> None:
    for folder, key in (("a", "satu"), ("b", "dua")):
        (tmp_path / folder).mkdir()
        for name, content in sop("", LETTERS, key).items():
            (tmp_path / folder / name).write_bytes(content)
    both = [tmp_path / folder / "m.bpmn" for folder in "ab"]
    with pytest.raises(SameName, match=r"m\.bpmn"):
        gathered(both, [])
    assert "m.bpmn" in run("deploy", *map(str, both)).output
    assert run("deploy", *map(str, both)).exit_code == 2
    assert gathered([both[0], tmp_path / "a"], []).keys() == {"m.bpmn", "f.json"}  # the same file twice
    both[1].rename(tmp_path / "b" / "n.bpmn")
    (tmp_path / "b" / "f.json").write_bytes(FORM.replace("k", "l").encode())
    with pytest.raises(SameName, match=r"f\.json"):
        gathered([tmp_path / "a", tmp_path / "b"], [])
    with pytest.raises(SameName, match=r"m\.bpmn"):
        unpacked([("sop.zip", archive(b"1", b"2"))])
    assert unpacked([("sop.zip", archive(b"1", b"1")), ("m.bpmn", b"1")]) == {"m.bpmn": b"1"}


def archive(*contents: bytes) -> bytes:
    """The files are named alike and lie in folders of their own."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for n, content in enumerate(contents):
            zipped.writestr(f"{n}/m.bpmn", content)
    return packed.getvalue()


def test_the_command_line_asks_and_tells_of_roles_that_nobody_has(tmp_path: Path, run: Callable[..., Result]) -> None:
    def command(*options: str, **files: dict[str, bytes]) -> Result:
        for name, content in files["of"].items():
            (tmp_path / name).write_bytes(content)
        return run("deploy", str(tmp_path / "m.bpmn"), *options)

    nobodys = {name: data.replace(b'"Staf"', b'"Juru Ketik"') for name, data in sop("Surat Masuk").items()}
    first = command(of=nobodys)
    assert first.exit_code == 0
    assert first.stderr.count("Belum ada yang memegang peran Juru Ketik") == 1
    refused = command(of=sop("Permohonan Cuti"))
    assert refused.exit_code == 1
    assert "m.bpmn:1: error other_sop [Process_1]" in refused.stderr and "--same" in refused.stderr
    taken = command("--same", of=sop("Permohonan Cuti"))
    assert taken.exit_code == 0 and "v2" in taken.stdout and "Belum ada" not in taken.stderr
