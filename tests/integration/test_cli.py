"""The `alur` command as an operator uses it."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import clock
from engine.cli import alur
from engine.installation import ROOT
from engine.queries.user_tasks import user_task
from engine.site import Site
from engine.versions import CARRIED
from tests import walking
from tests.cast import OPERATOR
from tests.conformance.drawing import model

MODEL = str(ROOT / "bpmn" / "sop-16-2022.bpmn")


@pytest.fixture
def run(site: Site, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("ALUR_DATABASE_URL", site.database.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("ALUR_VAR", str(site.settings.var))

    def command(*arguments: str, **options: str) -> Result:
        return CliRunner().invoke(alur, list(arguments), **options)

    return command


def test_every_command_explains_itself(run: Callable[..., Result]) -> None:
    listed = run("--help").output
    for name, command in alur.commands.items():
        assert name in listed
        shown = run(name, "--help")
        assert shown.exit_code == 0 and command.help and command.help in " ".join(shown.output.split())


def test_a_new_installation_is_one_command(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALUR_DATABASE_URL", "")
    monkeypatch.setenv("ALUR_VAR", str(tmp_path / "baru"))
    early = run("definitions")
    assert early.exit_code == 2 and "alur init" in early.output
    assert run("init").exit_code == 0 and run("init").exit_code == 0
    assert run("definitions").output == ""


@pytest.mark.parametrize(("table", "column"), [("office", "data"), ("history", "entry"), ("definitions", "lanes")])
def test_damage_inside_what_is_stored_is_a_sentence(
    site: Site, run: Callable[..., Result], table: str, column: str
) -> None:
    """One byte: the database sees nothing wrong with it."""
    case = walking.start(site)
    with site.database.write() as connection:
        connection.exec_driver_sql(f"update {table} set {column} = '(' || substr({column}, 2)")
    told = [run(*command) for command in (["tasks"], ["history", case], ["start", walking.SOP, "--user", "kpukab"])]
    damaged = [each for each in told if each.exit_code]
    assert damaged and {(each.exit_code, "alur restore" in each.output) for each in damaged} == {(2, True)}
    assert not any(isinstance(each.exception, ValueError) for each in told)


def test_people_are_added_and_get_tokens(run: Callable[..., Result]) -> None:
    added = run("user", "add", "baru", "--lane", "Staf", "--full-name", "Orang Baru", "--position", "Staf")
    assert added.exit_code == 0 and len(added.output.strip()) >= 10
    assert run("user", "add", "baru").exit_code == 1
    assert len(run("token", "create", "baru").output.strip()) > 40
    assert run("token", "create", "tidak-ada").exit_code == 1


def test_a_password_from_standard_input_is_not_printed(run: Callable[..., Result]) -> None:
    added = run("user", "add", "baru", "--password-stdin", input="rahasia-sekali\n")
    assert (added.exit_code, added.output) == (0, "")


def test_validating_says_yes_or_no(run: Callable[..., Result], tmp_path: Path) -> None:
    assert run("validate", MODEL).exit_code == 0
    (tmp_path / "salah.bpmn").write_text("<salah/>")
    refused = run("validate", "--json", str(tmp_path / "salah.bpmn"))
    assert refused.exit_code == 1 and json.loads(refused.output)[0]["severity"] == "error"


def test_deploying_the_same_bytes_gives_the_same_version(run: Callable[..., Result]) -> None:
    deployed = run("deploy", "--json", MODEL)
    assert deployed.exit_code == 0
    assert [(d["key"], d["version"]) for d in json.loads(deployed.output)] == [("sop-16-2022", 1)]


def test_a_case_goes_on_from_the_command_line(run: Callable[..., Result], site: Site) -> None:
    refused = run("start", "sop-16-2022")
    assert refused.exit_code == 1, "the operator starts nothing"
    case = run("start", "sop-16-2022", "--user", "kpukab", "--business-key", "Rapat").output.strip()
    task = json.loads(run("tasks", "--json", "--user", "kpukab").output)[0]
    data = json.dumps(walking.example(site, walking.open_task(site, case, "catat_rapat")))
    assert run("complete", task["id"], "--data", "{}", "--user", "kpukab").exit_code == 1
    done = run("complete", task["id"], "--data", data, "--user", "kpukab")
    assert done.exit_code == 0, done.output
    entries = json.loads(run("history", case, "--json").output)
    assert [(e["kind"], e["channel"]) for e in entries] == [("start", "cli"), ("complete", "cli")]
    assert entries[-1]["hash"] == done.output.strip() and entries[-1]["account"]
    assert "catat_rapat" in run("replay", case).output


def test_substitutes_are_set_up_listed_and_ended(run: Callable[..., Result], site: Site) -> None:
    added = run("substitute", "add", "kpa", "kasubag", "--kind", "plt", "--to", "2999-12-31", "--reason", "SPT 12/2026")
    assert added.exit_code == 0, added.output
    assert [each.absent for each in walking.person(site, "kasubag").stand_ins] == ["kpa"]
    assert "kpa → kasubag" in run("substitute", "list").output
    assert run("substitute", "end", added.output.strip(), "--user", "kasubag").exit_code == 1
    assert run("substitute", "end", added.output.strip(), "--user", "kpa", "--reason", "kembali").exit_code == 0
    (listed,) = json.loads(run("substitute", "list", "--json").output)
    assert (listed["ended_by"], walking.person(site, "kasubag").stand_ins) == ("kpa", ())
    run("init")
    run("audit", "checkpoint")
    assert run("audit", "verify", "--all").exit_code == 0


def test_a_held_task_is_given_to_somebody_else_or_back_to_its_role(run: Callable[..., Result], site: Site) -> None:
    task = walking.open_task(site, walking.start(site), "catat_rapat").id
    for options, code, holder in (
        (("--to", "anggota"), 0, "anggota"),
        (("--to", "orangluar"), 1, "anggota"),
        ((), 0, None),
        ((), 1, None),
    ):
        assert run("reassign", task, *options, "--reason", "Ketua sakit").exit_code == code
        assert user_task(site, OPERATOR, task).task.claimed_by == holder
    assert run("reassign", task, "--to", "anggota").exit_code == 2, "a reason is asked for"


def test_verification_answers_with_its_exit_code(run: Callable[..., Result], site: Site) -> None:
    case = walking.start(site)
    assert run("audit", "verify", "--all").exit_code == 2, "there is no checkpoint yet"
    assert run("audit", "checkpoint").exit_code == 1, "nor a key"
    assert "Kunci penanda tangan checkpoint dibuat" in run("init").output and "Kunci" not in run("init").output
    assert run("audit", "checkpoint").output.endswith("00000001.txt\n")
    assert run("audit", "verify", case).exit_code == 0
    assert "Putusan: UTUH" in run("audit", "verify").output
    with site.database.write() as connection:
        connection.exec_driver_sql("update user_tasks set name = 'lain'")
    told = run("audit", "verify", "--all", "--json")
    assert told.exit_code == 1 and json.loads(told.output)["results"][0]["verified"] is False
    assert "seharusnya:" in run("audit", "verify").output


def test_what_verification_found_is_told_to_programs(run: Callable[..., Result], site: Site) -> None:
    case = walking.start(site)
    run("init")
    nothing = json.loads(run("audit", "verify", "--json").output)
    assert (nothing["verdict"], nothing["sealed"]) == ("unproved", {"checkpoint": None, "at": None})
    number = int(Path(run("audit", "checkpoint").output.strip()).stem)
    told = json.loads(run("audit", "verify", "--json").output)
    none = ("unsealed", "stated", "not_compared", "destroyed", "findings", "lost", "accepted")
    assert {name: told[name] for name in none} == {
        **dict.fromkeys(("unsealed", "stated", "not_compared", "destroyed"), 0),
        **dict.fromkeys(("findings", "lost", "accepted"), []),
    }
    assert (told["verdict"], told["cases"], told["documents"], told["overdue"]) == ("intact", 1, 0, None)
    assert told["sealed"] == {"checkpoint": number, "at": told["checkpoints"]["last"]["at"]}
    with site.database.write() as connection:
        connection.exec_driver_sql("update user_tasks set name = 'lain'")
        connection.exec_driver_sql("update users set rank = 'Pembina' where name = 'staf'")
    told = json.loads(run("audit", "verify", "--json").output)
    of_case, of_acts = sorted(told["findings"], key=lambda each: each["table"])
    assert told["verdict"] == "tampered"
    assert (of_case["case"], of_case["table"], "catat_rapat" in of_case["key"]) == (case, "user_tasks", True)
    assert (of_acts["table"], of_acts["key"], of_acts.get("case")) == ("users", "staf", None)
    assert of_acts["reason"] == "the table users says something else than the acts"


def test_what_this_version_verified_is_signed_before_an_upgrade(
    run: Callable[..., Result], site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = walking.start(site)
    assert run("audit", "state").exit_code == 1, "there is no key yet"
    run("init")
    told = run("audit", "state")
    assert (told.exit_code, told.output) == (0, "1 berkas: utuh\n")
    assert json.loads(run("audit", "state", "--json").output) == {"verified": 1}
    monkeypatch.setattr("engine.replay.execution.transitions", lambda step: [])
    told = run("audit", "verify", case)
    assert told.exit_code == 1, "what is of this version is compared"
    monkeypatch.setitem(CARRIED, "engine", "99/lain")
    assert run("audit", "verify").exit_code == 2, "alur init comes first"
    assert run("init").exit_code == 0 and run("audit", "checkpoint").exit_code == 0
    told = run("audit", "verify")
    assert told.exit_code == 0 and "berhasil lain: utuh, menurut pernyataan" in told.output
    found = json.loads(run("audit", "verify", "--json").output)
    at = found["results"][0]["stated"]
    assert (found["verdict"], found["stated"], found["statements"]) == ("intact", 1, [{"at": at, "cases": 1}])
    assert (found["results"][0]["verified"], found["results"][0]["status"]) == (False, "stated")
    assert "berkas: utuh, menurut pernyataan terdahulu" in run("audit", "state").output
    walking.start(site)
    with site.database.write() as connection:
        connection.exec_driver_sql("update user_tasks set name = 'lain'")
    assert run("audit", "state").exit_code == 1


def test_what_keeps_verification_from_running_never_ends_like_what_was_tampered_with(
    run: Callable[..., Result], site: Site, tmp_path: Path
) -> None:
    text = tmp_path / "surat.txt"
    text.write_text("bukan basis data")
    assert run("audit", "verify", "--export", str(text)).exit_code == 2
    assert run("audit", "verify", "tidak-ada").exit_code == 2
    run("init")
    assert run("audit", "verify", "--anchor", str(text)).exit_code == 2
    with site.database.write() as connection:
        connection.exec_driver_sql("drop table waits")
    broken = run("audit", "verify")
    assert broken.exit_code == 2 and "Traceback" not in broken.stdout


def test_what_should_have_been_sealed_is_told_with_what_to_do(run: Callable[..., Result], site: Site) -> None:
    """Here an entry of a PC whose clock was wrong."""
    run("init")
    run("audit", "checkpoint")
    walking.start(replace(site, clock=lambda: clock.now() + timedelta(minutes=6)))
    told = run("audit", "verify")
    assert told.exit_code == 2 and "BELUM TERBUKTI SELURUHNYA" in told.output
    assert "yang tertua dibuat" in told.output and "alur audit checkpoint" in told.output
    run("audit", "checkpoint")
    assert run("audit", "verify").exit_code == 0


def test_what_a_restore_took_away_is_told_and_what_of_it_is_known(
    run: Callable[..., Result], site: Site, tmp_path: Path
) -> None:
    run("init")
    file = str(tmp_path / "cadangan.sqlite3")
    run("backup", file)
    walking.start(site)
    run("audit", "checkpoint")
    run("restore", file, "--reason", "disk rusak", "--yes")
    kept = run("audit", "checkpoint").output.strip()
    lost = json.loads(run("audit", "verify", "--json").output)
    assert lost["verdict"] == "unproved" and lost["lost"] and not lost["accepted"]
    known = run("audit", "verify", "--anchor", kept)
    assert known.exit_code == 0 and "Dianggap sudah diketahui" in known.output
    told = json.loads(run("audit", "verify", "--anchor", kept, "--json").output)
    assert (told["verdict"], told["lost"], told["accepted"]) == ("intact", [], lost["lost"])


def test_a_backup_is_verified_with_what_was_kept(run: Callable[..., Result], site: Site, tmp_path: Path) -> None:
    run("init")
    walking.start(site)
    kept = run("audit", "checkpoint").output.strip()
    public = str(Path(kept).with_name("public-key.txt"))
    file = str(tmp_path / "cadangan.sqlite3")
    assert run("backup", file).exit_code == 0
    with_all = ("--export", file, "--anchor", kept, "--key", public)
    verified = run("audit", "verify", *with_all)
    assert verified.exit_code == 0 and "dibandingkan dengan 1 yang Anda simpan" in verified.output
    assert run("audit", "keys").output.split()[1] == Path(public).read_text().strip()
    with closing(sqlite3.connect(file)) as forged:
        forged.execute("delete from checkpoints")
        forged.execute("delete from history")
        forged.commit()
    assert run("audit", "verify", *with_all).exit_code == 1
    assert run("audit", "new-key").exit_code == 1 and run("audit", "restore-checkpoints").exit_code == 0


def test_a_backup_is_made_and_restored(run: Callable[..., Result], site: Site, tmp_path: Path) -> None:
    case = walking.start(site)
    file = str(tmp_path / "cadangan.sqlite3")
    assert run("backup", file).exit_code == 0
    assert run("backup", file).exit_code == 1
    walking.start(site, "sesudahnya")
    for no in (run("restore", file, input="n\n"), run("restore", file)):
        assert no.exit_code == 1 and "1 berkas, 1 entri, 1 tindakan" in no.output
    assert len(json.loads(run("tasks", "--json").output)) == 2
    restored = run("restore", file, "--yes")
    (kept,) = site.settings.var.glob("alur-*.sqlite3")
    assert restored.exit_code == 0 and str(kept) in restored.output and "Kunci penanda tangan" in restored.output
    assert [task["process_instance_id"] for task in json.loads(run("tasks", "--json").output)] == [case]


def test_what_was_replaced_is_restored_in_its_turn(run: Callable[..., Result], site: Site, tmp_path: Path) -> None:
    run("backup", str(tmp_path / "cadangan.sqlite3"))
    case = walking.start(site, "sesudahnya")
    run("restore", str(tmp_path / "cadangan.sqlite3"), input="y\n")
    assert json.loads(run("tasks", "--json").output) == []
    (kept,) = site.settings.var.glob("alur-*.sqlite3")
    assert run("restore", str(kept), "--yes").exit_code == 0
    assert [task["process_instance_id"] for task in json.loads(run("tasks", "--json").output)] == [case]


def test_a_backup_goes_to_no_folder_that_is_not_there(run: Callable[..., Result], tmp_path: Path) -> None:
    refused = run("backup", str(tmp_path / "stik" / "cadangan.sqlite3"))
    assert refused.exit_code == 1 and "foldernya tidak ada" in refused.output
    assert not (tmp_path / "stik").exists()


def test_a_missing_signing_key_is_told_wherever_everything_is_verified(
    run: Callable[..., Result], site: Site, tmp_path: Path
) -> None:
    run("init")
    run("audit", "checkpoint")
    assert "Kunci penanda" not in run("audit", "verify").output
    key = site.settings.var / "keys" / "checkpoint.key"
    key.unlink()
    told = run("audit", "verify")
    assert "Kunci penanda tangan checkpoint tidak ada di sini" in told.output and "alur audit new-key" in told.output
    assert "Kunci penanda tangan" in run("backup", str(tmp_path / "tanpa-kunci.sqlite3")).output
    assert json.loads(run("audit", "verify", "--json").output)["key_missing"] is True
    run("audit", "new-key")
    assert json.loads(run("audit", "verify", "--json").output)["key_missing"] is False


def test_a_file_that_cannot_be_written_is_named(run: Callable[..., Result], tmp_path: Path) -> None:
    refused = run("sop", "layout", MODEL, "--out", str(tmp_path / "tidak-ada" / "x.bpmn"))
    assert refused.exit_code == 2 and refused.output == f"{tmp_path}/tidak-ada/x.bpmn: No such file or directory\n"


def test_hints_name_the_command_as_it_was_typed(tmp_path: Path) -> None:
    environment = {**os.environ, "ALUR_VAR": str(tmp_path / "var"), "ALUR_COMMAND": "python3 run.py alur"}
    alur_ = [sys.executable, "-c", "from web.cli import alur; alur()"]
    early = subprocess.run([*alur_, "tasks"], env=environment, capture_output=True, text=True)
    assert early.returncode == 2 and early.stderr.endswith("Jalankan: python3 run.py alur init\n")
    wrong = subprocess.run([*alur_, "restor"], env=environment, capture_output=True, text=True)
    assert wrong.stderr.startswith("Usage: python3 run.py alur ")


def test_the_operators_manual_writes_every_command_as_it_is_typed() -> None:
    manual = " ".join((ROOT / "docs" / "operate.md").read_text(encoding="utf-8").split())
    command = rf"(?<!/)\balur (?:{'|'.join([*alur.commands, 'serve'])})\b"
    assert len(re.findall(f"python3 run.py {command}", manual)) == len(re.findall(command, manual)) > 0


def test_what_the_tour_leaves_is_no_part_of_the_project() -> None:
    (out,) = (each.default for each in alur.commands["tour"].params if each.name == "out")
    assert f"/{out}/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_tour_finds_every_forgery(run: Callable[..., Result], tmp_path: Path) -> None:
    toured = run("tour", "--out", str(tmp_path / "tour"))
    assert toured.exit_code == 0, toured.output
    assert len(list((tmp_path / "tour" / "sop-16-2022").iterdir())) == 16


def test_people_are_managed_from_the_command_line(run: Callable[..., Result], tmp_path: Path) -> None:
    assert run("user", "grant", "staf", "--lane", "PPK", "--role", "auditor", "--reason", "SK 12").exit_code == 0
    listed = json.loads(run("user", "list", "--json").output)
    held = next(each["held"] for each in listed if each["name"] == "staf")
    assert [each["value"] for each in held] == ["Staf", "Staf", "PPK", "auditor"]
    assert run("user", "end", "staf", "--lane", "PPK", "--reason", "selesai").exit_code == 0
    assert run("user", "end", "staf", "--lane", "PPK", "--reason", "selesai").exit_code == 1
    assert run("user", "grant", "staf", "--reason", "SK").exit_code == 2
    assert len(run("user", "password", "staf", "--reason", "lupa").output.strip()) == 19
    assert run("user", "deactivate", "staf", "--reason", "pindah").exit_code == 0
    assert "staf " not in run("user", "list").output and "staf " in run("user", "list", "--all").output
    assert run("user", "activate", "staf", "--reason", "kembali").exit_code == 0
    assert run("token", "revoke", "staf", "--reason", "laptop hilang").exit_code == 0


def test_people_come_from_a_file_or_its_lines_are_told(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "orang.csv"
    file.write_text("nama_pengguna;nama_lengkap;nip\nbudi;Budi;12\n", encoding="utf-8")
    refused = run("user", "import", str(file), "--dry-run")
    assert refused.exit_code == 1 and "/2/nip" in refused.output
    file.write_text("nama_pengguna;nama_lengkap\nbudi;Budi Santoso\n", encoding="utf-8")
    assert run("user", "import", str(file), "--dry-run").output == "budi  Budi Santoso\n"
    assert run("user", "import", str(file)).output.startswith("budi  Budi Santoso  ")


def test_a_role_that_no_sop_has_is_told(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "orang.csv"
    file.write_text("nama_pengguna;nama_lengkap;peran\nbudi;Budi;Staf\nsiti;Siti;Kasubbag|PPK\n", encoding="utf-8")
    told = run("user", "import", str(file))
    assert told.exit_code == 0 and "/3/lanes: tidak ada SOP yang mempunyai peran “Kasubbag”" in told.output
    assert told.output.count("tidak ada SOP") == 1


def test_the_offices_data_goes_out_and_comes_back(run: Callable[..., Result], tmp_path: Path) -> None:
    data = json.loads(run("office", "show").output)
    file = tmp_path / "kantor.json"
    file.write_text(json.dumps({**data, "wilayah": "7371"}), encoding="utf-8")
    assert run("office", "set", str(file), "--reason", "Pindah").exit_code == 0
    assert json.loads(run("office", "show").output)["wilayah"] == "7371"
    file.write_text(json.dumps({**data, "wilayah": "x"}), encoding="utf-8")
    refused = run("office", "set", str(file), "--reason", "Pindah")
    assert refused.exit_code == 1 and "/wilayah" in refused.output
    file.write_text("[]", encoding="utf-8")
    assert run("office", "set", str(file), "--reason", "Pindah").exit_code == 2


def test_acts_outside_cases_are_listed_and_verified(run: Callable[..., Result], site: Site) -> None:
    kinds = [act["kind"] for act in json.loads(run("audit", "acts", "--json").output)]
    assert kinds[:3] == ["office.changed", "upgraded", "deployed"]
    assert "orang ditambahkan: staf" in run("audit", "acts").output
    run("init")
    run("audit", "checkpoint")
    verified = run("audit", "verify")
    assert verified.exit_code == 0 and "Tindakan di luar berkas: utuh" in verified.output
    with site.database.write() as connection:
        connection.exec_driver_sql("update users set rank = 'Pembina'")
    assert run("audit", "verify", "--all").exit_code == 1


def test_a_file_without_coordinates_gets_a_diagram(tmp_path: Path) -> None:
    bare = tmp_path / "bare.bpmn"
    bare.write_bytes(model("start s; user a; end e; s > a > e"))
    answer = CliRunner().invoke(alur, ["sop", "layout", str(bare), "--out", str(tmp_path / "drawn.bpmn")])
    assert answer.exit_code == 0, answer.output
    assert b"BPMNShape" in (tmp_path / "drawn.bpmn").read_bytes()
    assert "BPMNEdge" in CliRunner().invoke(alur, ["sop", "layout", str(bare)]).output
