"""What keeps a database from its work is told with its mend: on the command line, in the log, on the page."""

import logging
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event

from app import create_app
from engine import backup, installation
from engine.db import Database, files_of
from engine.errors import (
    AlurError,
    DatabaseDamaged,
    DatabaseNew,
    DatabaseOld,
    DatabaseRefuses,
    DatabaseSilent,
    DiskFull,
    NotSetUp,
    ReadOnly,
    Unacceptable,
    Unavailable,
)
from engine.exported import opened_export
from engine.installation import require_set_up
from engine.settings import Settings
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.clients import Api
from tests.integration.test_cli import run

if TYPE_CHECKING:
    from tests.postgres import Server

__all__ = ["run"]  # a fixture

FULL = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"


def said(place: Callable[[], object]) -> type[Unavailable]:
    """What a use of the database is refused as."""
    with pytest.raises(Unavailable) as refusal:
        place()
    return refusal.type


def of(file: Path) -> Site:
    return Site.open(Settings(var=file.parent, database_url=f"sqlite:///{file.as_posix()}"))


def as_revision(site: Site, revision: str) -> None:
    with site.database.write() as connection:
        connection.exec_driver_sql(f"update alembic_version set version_num = '{revision}'")


def test_a_full_disk_is_told_and_nothing_was_changed(site: Site) -> None:
    def fill(connection: Connection) -> None:
        if site.database.sqlite:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            connection.exec_driver_sql("CREATE TABLE besar (isi)")
            connection.exec_driver_sql("INSERT INTO besar VALUES (zeroblob(1000000))")
        else:
            connection.exec_driver_sql(FULL)

    def write() -> None:
        with site.database.write() as connection:
            fill(connection)

    assert said(write) is DiskFull
    assert walking.waiting(site, walking.start(site)), "there is room again"


def test_the_api_says_that_the_disk_is_full(site: Site, api: Callable[[str], Api]) -> None:
    if not site.database.sqlite:
        return
    with site.database.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    site.database.close()
    event.listen(site.database.database, "connect", lambda each, _: each.execute(f"PRAGMA max_page_count = {pages}"))
    full = api("kpukab").post(
        "/process-instances", {"process_definition_key": walking.SOP, "data": {"a": "x" * 500_000}}
    )
    assert (full.status_code, full.json["code"]) == (503, "disk_full")


def test_a_write_protected_medium_is_told(site: Site) -> None:
    with closing_database(Database.connect(site.settings.database_address, read_only=True)) as database:

        def write() -> None:
            with database.write() as connection:
                connection.exec_driver_sql("delete from drafts")

        assert said(write) is ReadOnly


def test_a_folder_that_cannot_be_written_to_is_told(site: Site, tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("bukan folder")
    nowhere = of(tmp_path / "berkas" / "var" / "alur.sqlite3")
    assert said(lambda: installation.upgrade(nowhere)) is ReadOnly
    nowhere.database.close()


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "alur.sqlite3"
    file.write_bytes(os.urandom(20_000))
    damaged = of(file)
    assert said(lambda: require_set_up(damaged)) is DatabaseDamaged
    damaged.database.close()


def test_one_damaged_byte_in_the_head_of_a_database_is_told(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "alur.sqlite3"
    backup.copy(site, file).database.close()
    content = bytearray(file.read_bytes())
    content[47] = 5  # a format of the schema that there is not
    file.write_bytes(content)
    damaged = of(file)
    assert said(lambda: require_set_up(damaged)) is DatabaseDamaged
    damaged.database.close()


def test_no_database_an_older_one_and_a_newer_one_are_three_things(site: Site, tmp_path: Path) -> None:
    assert said(lambda: require_set_up(of(tmp_path / "belum.sqlite3"))) is NotSetUp
    assert not (tmp_path / "belum.sqlite3").exists(), "asking makes none"
    as_revision(site, "0005")
    assert said(lambda: require_set_up(site)) is DatabaseOld
    as_revision(site, "9999")
    assert said(lambda: require_set_up(site)) is said(lambda: installation.upgrade(site)) is DatabaseNew


def test_a_server_whose_database_is_older_says_so(site: Site) -> None:
    with site.database.write() as connection:
        connection.exec_driver_sql("alter table users drop column nip")
    assert said(lambda: walking.person(site, "staf")) is DatabaseOld


def of_an_older_release(_: Path, file: Path) -> str:
    as_revision(opened := of(file), "0005")
    opened.database.close()
    return f"sqlite:///{file.as_posix()}"


def cannot_be_written(folder: Path, _: Path) -> str:
    (folder / "berkas").write_text("bukan folder")
    return f"sqlite:///{(folder / 'berkas' / 'alur.sqlite3').as_posix()}"


@pytest.mark.parametrize(
    ("address", "mend"),
    [
        (
            of_an_older_release,
            "kantor.sqlite3 dari Alur yang lebih lama: hentikan Alur, simpan salinannya, jalankan alur init.",
        ),
        (
            cannot_be_written,
            "alur.sqlite3 tidak dapat ditulisi: buka kunci medianya, atau izinkan akun ini menulis di sana.",
        ),
        (
            lambda *_: "postgresql://alur:rahasia@127.0.0.1:1/alur",
            "Tidak ada basis data yang menjawab di 127.0.0.1:1/alur: nyalakan, atau perbaiki ALUR_DATABASE_URL.",
        ),
    ],
    ids=["older", "read-only", "silent"],
)
def test_the_command_line_says_what_is_the_matter_and_how_it_is_mended(
    site: Site,
    run: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    address: Callable[[Path, Path], str],
    mend: str,
) -> None:
    backup.copy(site, tmp_path / "kantor.sqlite3").database.close()
    monkeypatch.setenv("ALUR_DATABASE_URL", address(tmp_path, tmp_path / "kantor.sqlite3"))
    told = run("init" if address is cannot_be_written else "tasks")
    assert told.exit_code == 2 and told.output.startswith(mend)
    assert "rahasia" not in told.output and isinstance(told.exception, SystemExit)


@pytest.mark.postgres
def test_a_wrong_password_a_wrong_port_and_a_wrong_name_are_told(
    server: "Server", run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = server.home / "data" / "pg_hba.conf"
    rules.write_text("local all terkunci scram-sha-256\nlocal all all trust\n")
    server.run("CREATE USER terkunci PASSWORD 'benar'")
    server.run("SELECT pg_reload_conf()")
    locked = f"postgresql://terkunci:salah@/postgres?host={server.home}"
    await_rules(locked)
    for address, kind in (
        (locked, DatabaseRefuses),
        (locked.replace(":salah", ""), DatabaseRefuses),
        (server.address("tidak_ada"), DatabaseSilent),
        (f"{server.address('postgres')}&port=1", DatabaseSilent),
        ("postgresql://alur@127.0.0.1:1/alur", DatabaseSilent),
    ):
        with closing_database(Database.connect(address)) as database:
            assert said(database.read().__enter__) is kind, address
            assert "salah" not in database.place.name
    monkeypatch.setenv("ALUR_DATABASE_URL", locked)
    told = run("tasks")
    assert told.exit_code == 2 and "menolak nama pengguna atau kata sandi: perbaiki ALUR_DATABASE_URL." in told.output
    assert ":salah" not in told.output


def await_rules(address: str) -> None:
    """PostgreSQL reads its rules anew a moment after it was told to."""
    for _ in range(100):
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            return
    raise AssertionError("the password is not asked for")


@contextmanager
def closing_database(database: Database) -> Iterator[Database]:
    yield database
    database.close()


def test_the_page_and_the_log_say_what_is_the_matter(
    site: Site, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    file = tmp_path / "rusak.sqlite3"
    file.write_bytes(b"bukan basis data " * 1000)
    broken = Site(site.settings, Database.connect(f"sqlite:///{file.as_posix()}"))
    client = create_app(site=broken).test_client(use_cookies=False)
    with caplog.at_level(logging.ERROR, "alur.web"):
        page = client.get("/berkas?lang=id", headers={"Cookie": "alur=x"})
    assert page.status_code == 503 and "rusak.sqlite3 rusak: hentikan Alur" in page.text
    assert "alur restore" in caplog.text and "file is not a database" in caplog.text
    assert client.get("/healthz").json["code"] == "database_damaged"
    broken.database.close()


def test_nobody_else_may_read_databases_and_backups(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "cadangan.sqlite3"
    backup.copy(site, file).database.close()
    assert not read_by_others(file)
    file.chmod(0o644)
    opened = of(file)
    with opened.database.write():
        assert not any(map(read_by_others, files_of(file))), "an existing one is tightened"
    opened.database.close()


def read_by_others(file: Path) -> bool:
    return os.name == "posix" and bool(stat.S_IMODE(file.stat().st_mode) & 0o077)


def test_another_process_leaves_the_files_of_a_process_that_opens_its_database_twice(tmp_path: Path) -> None:
    """A POSIX process loses all its locks of a file when it closes any of its own handles of it."""
    file = tmp_path / "alur.sqlite3"
    serving, again = of(file), of(file)  # `alur serve`, and the application that it loads
    installation.upgrade(serving)
    with again.database.read():
        pass
    look = f"import sqlite3; c = sqlite3.connect({str(file)!r}); c.execute('SELECT 1 FROM users').fetchall(); c.close()"
    subprocess.run([sys.executable, "-c", look], check=True)
    assert [part for part in files_of(file) if not part.exists()] == []


def test_a_backup_of_every_schema_there_was_restores(site: Site, tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(installation.MIGRATIONS))
    revisions = [script.revision for script in installation.scripts().walk_revisions()]
    for revision in revisions:
        file = tmp_path / f"rilis-{revision}.sqlite3"
        old = of(file)
        with old.database.write() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        old.database.close()
        before = file.read_bytes()
        assert backup.restore(site, OPERATOR, CHANNEL, file, lambda *_: None)
        require_set_up(site)
        assert file.read_bytes() == before, "the backup itself stays as it is"
    assert len(revisions) >= 8


def test_a_backup_of_a_newer_release_is_refused_by_its_schema(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "besok.sqlite3"
    copied = backup.copy(site, file)
    as_revision(copied, "9999")
    copied.database.close()
    with pytest.raises(DatabaseNew, match=r"besok\.sqlite3 .*9999; known: "):
        backup.restore(site, OPERATOR, CHANNEL, file, lambda *_: None)


@st.composite
def damages(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """What happens to files: cut short, a page of rubbish, some bytes changed."""
    place = draw(st.floats(0, 0.999))
    rubbish = draw(st.binary(min_size=1, max_size=4096))
    cut = draw(st.booleans())

    def damaged(content: bytes) -> bytes:
        at = int(len(content) * place)
        return content[:at] if cut else (content[:at] + rubbish + content[at + len(rubbish) :])[: len(content)]

    return damaged


@given(damages())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happened_to_a_backup_it_is_restored_whole_or_refused_in_words(
    site: Site, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    whole, file = tmp_path / "utuh.sqlite3", tmp_path / "rusak.sqlite3"
    if not whole.exists():
        walking.start(site)
        backup.copy(site, whole).database.close()
    file.write_bytes(damage(whole.read_bytes()))
    with new(tmp_path) as fresh:
        try:
            restored = backup.restore(fresh, OPERATOR, CHANNEL, file, lambda *_: None)
        except AlurError as refusal:
            assert isinstance(refusal, DatabaseDamaged | DatabaseNew | NotSetUp | Unacceptable)
        else:
            assert restored in (True, False)


@contextmanager
def new(tmp_path: Path) -> Iterator[Site]:
    """An installation of which nothing is there yet."""
    file = tmp_path / "baru" / "alur.sqlite3"
    for part in files_of(file):
        part.unlink(missing_ok=True)
    site = of(file)
    yield site
    site.database.close()


def test_a_damaged_installation_is_restored_and_the_damaged_file_is_kept(site: Site, tmp_path: Path) -> None:
    kept = tmp_path / "cadangan.sqlite3"
    case = walking.start(site)
    backup.copy(site, kept).database.close()
    file = tmp_path / "kantor" / "alur.sqlite3"
    file.parent.mkdir()
    file.write_bytes(kept.read_bytes()[:50_000])
    told: list[backup.Replaced] = []
    office = of(file)
    assert backup.restore(office, OPERATOR, CHANNEL, kept, lambda *_: None, agree=told.append)
    assert [replaced.lost for replaced in told] == [None]
    assert told[0].file.read_bytes() == kept.read_bytes()[:50_000]
    assert walking.waiting(office, case)
    office.database.close()


def test_the_source_is_blamed_for_its_damage_not_the_copy(tmp_path: Path, site: Site) -> None:
    file = tmp_path / "asal.sqlite3"
    backup.copy(site, file).database.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("update users set rank = cast(x'ff' as text)")
        connection.commit()
    source = of(file)
    with pytest.raises(DatabaseDamaged, match=r"asal\.sqlite3"):
        backup.copy(source, tmp_path / "salinan.sqlite3")
    source.database.close()
    assert not list(tmp_path.glob("salinan*")), "half a backup would be taken for one"
    with opened_export(file) as opened:
        assert opened.database.place.name == "asal.sqlite3"
