"""run.py: what it does without installing anything."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import run

ROOT = Path(run.__file__).parent


def start(code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the script as a program whose first line is `code`."""
    script = f"{code}; sys.argv = ['run.py', *sys.argv[1:]]; runpy.run_path('run.py', run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", f"import sys, runpy; {script}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_an_old_python_is_told_so_in_one_sentence() -> None:
    ended = start("sys.version_info = (3, 8, 10, 'final', 0)")
    assert ended.returncode == 2
    assert ended.stderr == "Alur membutuhkan Python 3.11 atau yang lebih baru; ini Python 3.8.\n"


def test_an_old_python_can_parse_it() -> None:
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_nobody_needs_to_guess_its_commands() -> None:
    helped = start("pass", "--help")
    assert helped.returncode == 0 and "run.py test" in helped.stdout
    assert start("pass", "tset").returncode == 2


def test_a_second_start_installs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "VENV", tmp_path)
    monkeypatch.setattr(run, "make_environment", lambda: pytest.fail("it was set up already"))
    run.stamp("run").write_text(run.fingerprint("run"))
    run.set_up("run")


def test_a_changed_lock_or_another_place_is_set_up_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = run.fingerprint("run")
    assert here != run.fingerprint("test")
    monkeypatch.setattr(run.sys, "version", "another Python")
    assert here != run.fingerprint("run")


def test_the_tests_lock_serves_to_run_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    monkeypatch.setattr(run, "VENV", tmp_path)
    monkeypatch.setattr(run, "make_environment", lambda: None)
    monkeypatch.setattr(run, "install", lambda lock: installed.append(lock.name))
    monkeypatch.setattr(run.subprocess, "run", lambda *_, **__: None)
    run.set_up("test")
    run.set_up("run")
    assert installed == ["test.txt"]


def test_an_installation_that_stopped_half_way_is_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "VENV", tmp_path)
    monkeypatch.setattr(run, "make_environment", lambda: None)
    monkeypatch.setattr(run, "install", lambda lock: run.stop("no network"))
    run.stamp("run").write_text("another lock")
    with pytest.raises(SystemExit):
        run.set_up("run")
    assert not run.stamp("run").exists()


def test_settings_of_the_caller_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALUR_VAR", raising=False)
    assert run.settings()["ALUR_VAR"] == str(ROOT / "var")
    monkeypatch.setenv("ALUR_VAR", "elsewhere")
    assert run.settings()["ALUR_VAR"] == "elsewhere"


def test_hints_are_told_how_the_command_was_typed() -> None:
    assert run.settings()["ALUR_COMMAND"].endswith("run.py alur")


@pytest.mark.parametrize("name", run.LOCKS)
def test_a_lock_pins_everything_with_hashes_and_names_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    packages = re.split(r"\n(?=\S)", text.strip())
    assert all(re.match(r"[a-z0-9-]+==\S+", package) and "--hash=sha256:" in package for package in packages)
    assert not re.search(r"://|--index|--find-links|#|/", text)


def test_every_lock_holds_the_smaller_ones_in_the_same_versions() -> None:
    small, middle, large = (
        set(re.findall(r"^[a-z0-9-]+==\S+", (ROOT / "requirements" / f"{name}.txt").read_text(), re.MULTILINE))
        for name in run.LOCKS
    )
    assert small < middle < large
