"""Everything verified at once: each forged store is found and located, honest ones never are."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import backup, history, installation
from engine.canonical import canonical
from engine.checkpoints import Folder, make_checkpoint
from engine.commands.cases import resume_case, suspend_case
from engine.commands.user_tasks import claim_user_task
from engine.errors import NotFound, Unacceptable
from engine.exported import opened_export
from engine.proof import Proof, Source, own_source, prove, read_sealed
from engine.site import Site
from engine.versions import CARRIED
from tests import walking
from tests.cast import BY_LANE, CHANNEL, OPERATOR
from tests.conftest import Prepared, copied
from tests.walking import WEB, person

Tamper = Callable[[sqlite3.Connection, str], None]


@dataclass(frozen=True)
class Office:
    """A finished case and one that has just begun, sealed; `file` is a backup, `earlier` one from before its end."""

    case: str
    other: str
    file: Path
    earlier: Path
    source: Source
    entries: int


@pytest.fixture(scope="module")
def office(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with copied(prepared, folder / "var") as site:
        installation.set_up_key(site, OPERATOR, CHANNEL)
        case = walking.start(site)
        walking.walk(site, case, until="arsipkan")
        make_checkpoint(site)
        backup.copy(site, folder / "earlier.sqlite3").database.close()
        walking.walk(site, case)
        other = walking.start(site, "Rapat lain")
        make_checkpoint(site)
        backup.copy(site, folder / "office.sqlite3").database.close()
        length = walking.look(site, case).instance.seq
        yield Office(case, other, folder / "office.sqlite3", folder / "earlier.sqlite3", own_source(site), length)


def proved(file: Path, source: Source, **options: Any) -> Proof:
    sealed = read_sealed(source, options.pop("anchors", ()), options.pop("trusted", ()))
    with opened_export(file) as site:
        return prove(site, sealed, **options)


def change_entry(connection: sqlite3.Connection, case: str, seq: int, old: str, new: str) -> None:
    """As somebody does who knows nothing of hashes."""
    (text,) = connection.execute("select entry from history where instance_id = ? and seq = ?", (case, seq)).fetchone()
    assert old in text, text
    text = text.replace(old, new, 1)
    connection.execute("update history set entry = ? where instance_id = ? and seq = ?", (text, case, seq))


def rewrite(connection: sqlite3.Connection, case: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Change entries and compute every hash anew."""
    head = history.GENESIS
    rows = connection.execute("select entry from history where instance_id = ? order by seq", (case,)).fetchall()
    connection.execute("delete from history where instance_id = ?", (case,))
    for seq, (text,) in enumerate(rows, 1):
        entry = json.loads(text)
        change(entry)
        entry["seq"], entry["prev_hash"] = seq, head
        text = canonical(entry)
        head = history.digest(text)
        row = (case, seq, entry["activity_id"], entry["kind"], head, text)
        connection.execute("insert into history values (?, ?, ?, ?, ?, ?)", row)
    connection.execute("update instances set head = ?, seq = ? where id = ?", (head, len(rows), case))


def another_actor(entry: dict[str, Any]) -> None:
    entry["actor"] = "orangluar"


def a_minute_earlier(entry: dict[str, Any]) -> None:
    if entry["seq"] == 5:
        entry["at"] = entry["at"][:-5] + "0000Z"


def sql(*statements: str) -> Tamper:
    def tamper(connection: sqlite3.Connection, case: str) -> None:
        for statement in statements:
            done = connection.execute(statement, {"case": case} if ":case" in statement else {})
            assert done.rowcount > 0, f"{statement} changes nothing"

    return tamper


def entry(seq: int, old: str, new: str) -> Tamper:
    return lambda connection, case: change_entry(connection, case, seq, old, new)


def rewritten(change: Callable[[dict[str, Any]], None], before: str = "") -> Tamper:
    def tamper(connection: sqlite3.Connection, case: str) -> None:
        if before:
            connection.execute(before, {"case": case})
        rewrite(connection, case, change)

    return tamper


def unchanged(entry: dict[str, Any]) -> None:
    """Only the hashes."""


def a_digit(connection: sqlite3.Connection, case: str) -> None:
    rows = connection.execute(
        "select seq, entry from history where instance_id = ? and kind = 'complete' order by seq", (case,)
    )
    for seq, text in rows.fetchall():
        for name, value in json.loads(text)["data"].items():
            if type(value) is int:
                assert value != 7
                change_entry(connection, case, seq, f'"{name}":{value}', f'"{name}":7')
                return
    raise AssertionError("no form has a number")


def two_documents_swapped(connection: sqlite3.Connection, case: str) -> None:
    one, two = connection.execute(
        "select distinct sha256 from documents where instance_id = ? limit 2", (case,)
    ).fetchall()
    first, second = (
        connection.execute("select bytes from contents where sha256 = ?", x).fetchone() for x in (one, two)
    )
    connection.execute("update contents set bytes = ? where sha256 = ?", (first[0], two[0]))
    connection.execute("update contents set bytes = ? where sha256 = ?", (second[0], one[0]))


def deployed(ending: str) -> Tamper:
    def tamper(connection: sqlite3.Connection, case: str) -> None:
        files = json.loads(connection.execute("select files from definitions").fetchone()[0])
        sha256 = next(sha256 for name, sha256 in sorted(files.items()) if name.endswith(ending))
        connection.execute("update contents set bytes = bytes || x'20' where sha256 = ?", (sha256,))

    return tamper


def another_form(connection: sqlite3.Connection, case: str) -> None:
    """The name of a form leads to other bytes, which are stored properly."""
    files = json.loads(connection.execute("select files from definitions").fetchone()[0])
    name = next(name for name in sorted(files) if name.endswith(".json"))
    data = connection.execute("select bytes from contents where sha256 = ?", (files[name],)).fetchone()[0] + b"\n"
    files[name] = history.digest(data.decode())
    connection.execute("insert into contents values (?, ?, ?)", (files[name], len(data), data))
    connection.execute("update definitions set files = ?", (canonical(files),))


CASE = ":case"
OF_CASE = ("history", "participants", "user_tasks", "waits", "documents", "numbers", "attachments")
EVERY_ROW = tuple(f"delete from {table} where instance_id = :case" for table in OF_CASE)


def whole_case(connection: sqlite3.Connection, case: str) -> None:
    for statement in (
        *EVERY_ROW,
        "delete from notices where instance_id = :case",
        "delete from instances where id = :case",
    ):
        connection.execute(statement, {"case": case})


# What was done → where it must be found: (case or other place, entry).
FORGERIES: Mapping[str, tuple[Tamper, str, int | None]] = {
    "a text in a form": (entry(2, '"data":{', '"data":{"x":"1",'), CASE, 2),
    "a digit in a form": (a_digit, CASE, None),
    "an actor": (entry(4, '"actor":"', '"actor":"x'), CASE, 4),
    "bytes where there was text": (
        sql("update history set entry = cast(x'7bff' as text) where instance_id = :case and seq = 3"),
        CASE,
        None,
    ),
    "an actor, every hash anew": (rewritten(another_actor), CASE, None),
    "what an entry is found by": (
        sql("update history set kind = 'claim' where instance_id = :case and seq = 4"),
        CASE,
        4,
    ),
    "the step that it is found by": (
        sql("update history set activity_id = 'lain' where instance_id = :case and seq = 4"),
        CASE,
        4,
    ),
    "a time": (entry(5, '"at":"2', '"at":"1'), CASE, 5),
    "a time, every hash anew": (rewritten(a_minute_earlier), CASE, None),
    "an entry deleted in the middle": (sql("delete from history where instance_id = :case and seq = 6"), CASE, 6),
    "an entry deleted in the middle, the rest renumbered": (
        rewritten(unchanged, "delete from history where instance_id = :case and seq = 6"),
        CASE,
        None,
    ),
    "a deleted tail": (
        sql("delete from history where instance_id = :case and seq > 20"),
        CASE,
        None,
    ),
    "an entry inserted": (
        sql(
            "update history set seq = seq + 1000 where instance_id = :case and seq > 6",
            "insert into history select instance_id, 7, activity_id, kind, hash, entry from history"
            " where instance_id = :case and seq = 6",
            "update history set seq = seq - 999 where instance_id = :case and seq > 1000",
        ),
        CASE,
        7,
    ),
    "a case deleted": (whole_case, CASE, None),
    "a case's row deleted": (sql("delete from instances where id = :case"), CASE, None),
    "two documents swapped": (two_documents_swapped, CASE, None),
    "a document's bytes": (
        sql("update contents set bytes = cast(bytes || x'00' as blob) where sha256 in (select sha256 from documents)"),
        CASE,
        None,
    ),
    "a document missing": (
        sql("delete from contents where sha256 = (select min(sha256) from documents)"),
        CASE,
        None,
    ),
    "an attachment's bytes": (
        sql("update contents set bytes = bytes || x'00' where sha256 = (select min(sha256) from attachments)"),
        CASE,
        None,
    ),
    "an attachment given to another entry": (
        sql("update attachments set seq = seq + 1 where instance_id = :case"),
        CASE,
        None,
    ),
    "the model": (deployed(".bpmn"), CASE, 1),
    "a form": (deployed(".json"), CASE, 1),
    "a template": (deployed(".docx"), CASE, 1),
    "a form by its name": (another_form, CASE, 1),
    "who may start the SOP": (sql("update definitions set start_lane = 'Staf'"), "tables", None),
    "which lanes see the SOP": (sql("""update definitions set lanes = '["Staf"]'"""), "tables", None),
    "who did a task": (sql("update user_tasks set ended_by = 'kpa' where instance_id = :case"), CASE, None),
    "whose task it is": (sql("update user_tasks set lane = 'Staf' where instance_id = :case"), CASE, None),
    "a deadline": (sql("update user_tasks set due_at = null where due_at is not null"), CASE, None),
    "separation of duties": (sql("update user_tasks set separate_from = 'x' where instance_id = :case"), CASE, None),
    "a letter number": (sql("update numbers set number = number || 'X' where instance_id = :case"), CASE, None),
    "a letter number freed": (
        sql("delete from numbers where n = 1 and instance_id = :case"),
        CASE,
        None,
    ),
    "a status": (sql("update instances set status = 'cancelled' where id = :case"), CASE, None),
    "a title": (sql("update instances set business_key = 'Lain' where id = :case"), CASE, None),
    "the cached state": (sql("update instances set state = replace(state, '1', '2') where id = :case"), CASE, None),
    "who sees the case": (sql("insert into participants values (:case, 'orangluar')"), CASE, None),
    "an act": (sql("update acts set entry = replace(entry, 'Andi', 'Andy') where subject = 'staf'"), "acts", None),
    "the last act": (sql("delete from acts where seq = (select max(seq) from acts)"), "acts", None),
    "a role": (sql("update memberships set value = 'admin' where value = 'auditor'"), "acts", None),
}


@pytest.fixture
def forged(office: Office, tmp_path: Path) -> Callable[[Tamper], Path]:
    def make(tamper: Tamper) -> Path:
        file = Path(shutil.copyfile(office.file, tmp_path / "forged.sqlite3"))
        with closing(sqlite3.connect(file)) as connection:
            tamper(connection, office.case)
            connection.commit()
        return file

    return make


def test_an_honest_office_is_intact(office: Office) -> None:
    proof = proved(office.file, office.source)
    assert proof.wrong == [] and (proof.verdict, proof.exit_code) == ("intact", 0)
    assert (proof.cases, proof.unsealed, proof.sealed.signatures, proof.sealed.count) == (2, 0, 2, 2)


@pytest.mark.parametrize("name", FORGERIES)
def test_every_forged_store_is_found_and_located(office: Office, forged: Callable[[Tamper], Path], name: str) -> None:
    tamper, where, seq = FORGERIES[name]
    proof = proved(forged(tamper), office.source)
    assert (proof.verdict, proof.exit_code) == ("tampered", 1)
    found = [each for each in proof.wrong if each.where == where.replace(CASE, office.case)]
    assert found, proof.wrong
    assert seq in (None, found[0].difference.seq)
    assert found[0].difference.explain("id") != found[0].difference.explain("en")


def test_what_was_expected_and_what_was_found_is_told(office: Office, forged: Callable[[Tamper], Path]) -> None:
    (found,) = proved(
        forged(sql("update user_tasks set ended_by = 'kpa' where instance_id = :case and path = 'catat_rapat.1'")),
        office.source,
    ).wrong
    assert "kpukab" in found.difference.expected and '"ended_by":"kpa"' in found.difference.found


def test_a_perfectly_shortened_history_is_found_by_the_checkpoints_alone(office: Office) -> None:
    """The backup from before is consistent in itself: only what was sealed since shows what is missing."""
    assert proved(office.earlier, Source(office.source.texts[:1], office.source.keys)).verdict == "intact"
    proof = proved(office.earlier, office.source)
    assert {(each.where, each.difference.seq) for each in proof.wrong} == {
        (office.case, office.entries),
        (office.other, 1),
    }
    assert proof.verdict == "tampered"
    assert "checkpoint 2" in proof.wrong[0].difference.explain("en")


def test_without_checkpoints_nothing_is_called_intact(office: Office, tmp_path: Path) -> None:
    proof = proved(office.file, Source([], []))
    assert (proof.verdict, proof.exit_code) == ("unproved", 2)
    with opened_export(office.file) as site:
        emptied = own_source(site, tmp_path / "emptied")
    assert proved(office.file, emptied).verdict == "tampered", "the copies in it tell that there were some"


def test_a_checkpoint_made_meanwhile_raises_no_alarm(site: Site) -> None:
    installation.set_up_key(site, OPERATOR, CHANNEL)
    walking.start(site)
    make_checkpoint(site)
    sealed = read_sealed(own_source(site))
    walking.start(site, "Rapat lain")
    make_checkpoint(site)
    proof = prove(site, sealed)
    assert (proof.verdict, proof.unsealed) == ("intact", 1)


def test_histories_that_come_out_otherwise_than_an_older_version_made_them_are_not_proved(
    office: Office, forged: Callable[[Tamper], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def otherwise(entry: dict[str, Any]) -> None:
        if entry["seq"] == office.entries:
            entry["transitions"].pop()

    file = forged(rewritten(otherwise))
    monkeypatch.setitem(CARRIED, "engine", "99/lain")
    empty = Source([], [])
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("delete from checkpoints")
        connection.commit()
    proof = proved(file, empty)
    assert (proof.verdict, proof.exit_code, proof.partly, proof.not_compared) == ("unproved", 2, 1, 1)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("update user_tasks set lane = 'Staf'")
        connection.commit()
    assert proved(file, empty).verdict == "tampered", "the tables follow from the entries all the same"


def test_many_cases_are_checked_by_several_processes(office: Office, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with opened_export(office.file) as site:
        sealed = read_sealed(office.source)
        proof = prove(site, sealed, [office.other] * 61, processes=2, progress=lambda *each: told.append(each))
    assert (proof.cases, proof.wrong) == (61, []) and told[0] == (0, 61) and told[-1] == (61, 61)


def test_a_file_that_is_no_database_of_alur_is_refused(tmp_path: Path) -> None:
    text, other = tmp_path / "surat.docx", tmp_path / "lain.sqlite3"
    text.write_bytes(b"bukan basis data" * 100)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("create table lain (x)")
    for file in (text, other):
        with pytest.raises(Unacceptable), opened_export(file):
            pass
    with pytest.raises(NotFound), opened_export(tmp_path / "tidak-ada"):
        pass


def test_a_database_of_an_older_alur_is_brought_up_in_the_copy(tmp_path: Path) -> None:
    """It knew no checkpoints."""
    file = tmp_path / "lama.sqlite3"
    old = backup.site_of(file)
    config = Config()
    config.set_main_option("script_location", str(installation.MIGRATIONS))
    with old.database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
    old.database.close()
    before = file.read_bytes()
    assert proved(file, Source([], [])).verdict == "unproved"
    assert file.read_bytes() == before


def test_an_export_is_not_touched(office: Office) -> None:
    before = office.file.read_bytes()
    proved(office.file, office.source)
    assert office.file.read_bytes() == before
    assert sorted(file.name for file in office.file.parent.glob("office.sqlite3*")) == ["office.sqlite3"]


ACTS = st.sampled_from(["complete", "complete", "return", "claim", "rest", "start", "seal"])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(ACTS, st.integers(0, 3)), max_size=30))
def test_an_honest_history_never_raises_an_alarm(site: Site, acts: list[tuple[str, int]]) -> None:
    installation.set_up_key(site, OPERATOR, CHANNEL)
    cases = [walking.start(site)]
    for act, choice in acts:
        case = cases[choice % len(cases)]
        tasks = walking.waiting(site, case)
        if act == "start":
            cases.append(walking.start(site))
        elif act == "seal":
            make_checkpoint(site)
        elif act == "rest" and tasks:
            suspend_case(site, person(site, "admin"), WEB, case, "istirahat")
            resume_case(site, person(site, "admin"), WEB, case, "lanjut")
        elif tasks and act == "claim":
            claim_user_task(site, person(site, BY_LANE[tasks[0].lane]), WEB, tasks[0].id)
        elif tasks:
            walking.complete(site, tasks[0], returning=act == "return")
    proof = prove(site, read_sealed(own_source(site)))
    assert (proof.wrong, proof.lost, proof.partly) == ([], [], 0)
    make_checkpoint(site)
    proof = prove(site, read_sealed(own_source(site)))
    assert (proof.verdict, proof.unsealed) == ("intact", 0)


def kept(site: Site) -> str:
    last = Folder.of(site.settings).last()
    assert last is not None
    return last.text
