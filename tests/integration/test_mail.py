"""Notices by e-mail, against a real mail server: each one arrives, and no one twice, whatever stops in between."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update

from engine import mail, notices, outbox
from engine.commands.notices import prefer_mail
from engine.installation import ROOT
from engine.models import mails, users
from engine.settings import Settings
from engine.site import Site
from engine.worker import Worker
from tests import post, walking
from tests.post import Post
from tests.walking import person


@pytest.fixture
def postbox() -> Post:
    return post.closed()


@pytest.fixture
def answering(postbox: Post) -> Iterator[Post]:
    with postbox.open():
        yield postbox


@pytest.fixture
def mailing(site: Site, postbox: Post) -> Site:
    """The installation with that mail server; everybody of the cast has an address."""
    settings = replace(
        site.settings,
        smtp_url=f"smtp://127.0.0.1:{postbox.port}",
        mail_from="alur@kpu.example",
        base_url="https://alur.kpu.example",
    )
    with site.database.write() as connection:
        connection.execute(update(users).values(email=users.c.name + "@kpu.example"))
    return replace(site, settings=settings)


def later(site: Site, **by: float) -> Site:
    moment = site.clock() + timedelta(**by)
    return replace(site, clock=lambda: moment)


def turn(site: Site, times: int = 1) -> None:
    """A worker that has just been started."""
    for _ in range(times):
        Worker(site).turn()


def said(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def unsent(site: Site) -> list[str | None]:
    """The errors of the mails that wait."""
    with site.database.read() as connection:
        return list(connection.execute(select(mails.c.error).where(mails.c.try_at.is_not(None))).scalars())


def test_a_new_task_arrives_with_all_that_one_needs_to_know(mailing: Site, answering: Post) -> None:
    case = walking.start(mailing, "Rapat Évaluasi\r\nBcc: lain@example.org")
    turn(mailing, 3)
    (message,) = answering.arrived
    assert message["To"] == "Rustan Bedu <anggota@kpu.example>"
    task = "Mencatat rapat penetapan rencana kegiatan"
    assert " ".join(message["Subject"].split()) == f"[Alur] Tugas baru: {task} - Rapat Évaluasi Bcc: lain@example.org"
    assert message["From"] == "Alur <alur@kpu.example>" and message["Auto-Submitted"] == "auto-generated"
    assert "Bcc" not in message
    text = said(message)
    assert text.startswith("Yth. Rustan Bedu,\n\nTugas baru: Mencatat rapat ")
    assert f"https://alur.kpu.example/tugas/{case}-catat_rapat.1\n" in text
    assert "Peran: KPU Kab\n" in text and "Tenggat: " in text and " WITA\n" in text


def test_nothing_is_lost_or_doubled_when_the_mail_server_is_down_at_first(
    mailing: Site, postbox: Post, caplog: pytest.LogCaptureFixture
) -> None:
    for title in "abcde":
        walking.start(mailing, title)
    turn(mailing, 2)
    assert "Connection refused" in caplog.text
    assert unsent(mailing) == [None] * 5, "the server's absence costs no mail an attempt"
    with postbox.open():
        turn(mailing, 2)
    assert sorted(subject[-1] for _, subject in postbox.told) == list("abcde")
    assert unsent(mailing) == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # on this machine alone
def test_a_server_that_asks_for_a_password_gets_it_and_one_that_refuses_it_loses_nothing(
    mailing: Site, postbox: Post, caplog: pytest.LogCaptureFixture
) -> None:
    walking.start(mailing)
    postbox.password = "rahasia@1"
    wrong, right = (
        replace(mailing, settings=replace(mailing.settings, smtp_url=f"smtp://alur:{word}@127.0.0.1:{postbox.port}"))
        for word in ("salah", "rahasia%401")
    )
    with postbox.open():
        turn(wrong)
        assert postbox.arrived == [] and "535" in caplog.text
        turn(right)
    assert len(postbox.arrived) == 1


def test_an_absent_server_is_asked_less_and_less_often(mailing: Site, postbox: Post) -> None:
    walking.start(mailing)
    worker = Worker(mailing)
    worker.turn()
    with postbox.open():
        worker.turn()
        assert postbox.arrived == []


def test_a_refusal_for_now_is_tried_again_later(mailing: Site, answering: Post) -> None:
    walking.start(mailing)
    answering.answers = ["451 busy", "RCPT 450 grey"]
    turn(mailing)
    assert answering.arrived == [] and "451" in str(unsent(mailing))
    turn(mailing)
    assert answering.answers == ["RCPT 450 grey"], "not at once"
    turn(later(mailing, minutes=1.1))
    turn(later(mailing, minutes=2))
    assert answering.answers == [] and answering.arrived == []
    turn(later(mailing, minutes=5))
    turn(later(mailing, hours=1))
    assert len(answering.arrived) == 1


def test_an_address_that_does_not_exist_ends_with_its_reason_and_stops_nobody_else(
    mailing: Site, answering: Post
) -> None:
    answering.answers = ["RCPT 550 no such user"]
    walking.start(mailing, "a")
    turn(mailing)
    walking.start(mailing, "b")
    turn(mailing)
    turn(later(mailing, hours=2))
    assert len(answering.arrived) == 1 and answering.told[0][1].endswith("b")
    with mailing.database.read() as connection:
        given_up = connection.execute(select(mails).where(mails.c.sent_at.is_(None))).one()
    assert given_up.try_at is None and given_up.error.startswith("550")


def test_mails_are_forgotten_with_what_they_told_of(mailing: Site, answering: Post) -> None:
    case = walking.start(mailing, "a")
    turn(mailing)
    walking.walk(mailing, case, until="putuskan_rencana")
    walking.start(mailing, "b")
    turn(mailing)
    long_after = later(mailing, days=181)
    outbox.forget(long_after)
    assert len(kept(mailing)) == 2, "notices still tell of them"
    notices.forget(long_after)
    outbox.forget(long_after)
    assert len(kept(mailing)) == 1, "that of the task that still waits"


def kept(site: Site) -> list[str]:
    with site.database.read() as connection:
        return list(connection.execute(select(mails.c.id)).scalars())


def test_a_mail_never_waits_behind_one_that_cannot_be_made(mailing: Site, answering: Post) -> None:
    walking.start(mailing, "a")
    outbox.write_mails(mailing)
    with mailing.database.write() as connection:
        connection.execute(update(users).where(users.c.name == "anggota").values(email=None))
    turn(mailing)
    assert answering.arrived == [] and unsent(mailing) == []


def test_who_wants_none_or_has_no_address_gets_none_now_or_later(mailing: Site, answering: Post) -> None:
    prefer_mail(mailing, person(mailing, "anggota"), "none")
    walking.start(mailing)
    turn(mailing)
    prefer_mail(mailing, person(mailing, "anggota"), "each")
    turn(mailing)
    assert answering.arrived == []


def test_nothing_waits_for_a_mail_server_that_is_named_later(site: Site, mailing: Site, answering: Post) -> None:
    walking.start(site)
    turn(site)
    turn(mailing)
    assert answering.arrived == []


def test_a_digest_tells_everything_at_half_past_seven_of_the_next_working_day(mailing: Site, answering: Post) -> None:
    prefer_mail(mailing, person(mailing, "anggota"), "daily")
    saturday = replace(mailing, clock=lambda: datetime(2027, 1, 9, 2, 0, tzinfo=UTC))
    sunday = replace(mailing, clock=lambda: datetime(2027, 1, 10, 3, 0, tzinfo=UTC))
    early = replace(mailing, clock=lambda: datetime(2027, 1, 10, 23, 29, tzinfo=UTC))
    monday = replace(mailing, clock=lambda: datetime(2027, 1, 10, 23, 30, tzinfo=UTC))  # 07.30 WITA
    for site, title in ((saturday, "a"), (sunday, "b")):
        walking.start(site, title)
        turn(site)
    turn(early)
    assert answering.arrived == []
    turn(monday, 2)
    turn(later(monday, hours=2))
    (message,) = answering.arrived
    assert message["Subject"] == "[Alur] 2 pemberitahuan"
    assert "Berkas kegiatan: a\n" in said(message) and "Berkas kegiatan: b\n" in said(message)


def test_a_task_that_is_over_by_then_is_said_to_be(mailing: Site, postbox: Post) -> None:
    case = walking.start(mailing)
    walking.walk(mailing, case, until="putuskan_rencana")
    with postbox.open():
        turn(mailing)
    assert "Ini sudah selesai." in postbox.arrived[0].get_content()


def test_two_workers_send_each_mail_once(mailing: Site, answering: Post) -> None:
    for number in range(12):
        walking.start(mailing, f"Rapat {number:02}")
    workers = [threading.Thread(target=turn, args=(mailing, 3)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    turn(mailing)
    assert sorted(subject[-8:] for _, subject in answering.told) == [f"Rapat {number:02}" for number in range(12)]


class Died(BaseException):
    """The process ends here."""


def dies(*_: object, **__: object) -> None:
    raise Died


@pytest.mark.parametrize(
    ("module", "function"), [(outbox, "write_mails"), (outbox, "claim"), (mail, "compose"), (mail, "is_email")]
)
def test_a_worker_that_dies_before_the_hand_over_loses_and_doubles_nothing(
    mailing: Site, answering: Post, monkeypatch: pytest.MonkeyPatch, module: object, function: str
) -> None:
    walking.start(mailing)
    with monkeypatch.context() as patched, pytest.raises(Died):
        patched.setattr(module, function, dies)
        turn(mailing)
    turn(mailing)
    turn(later(mailing, minutes=6), 2)
    assert len(answering.arrived) == 1


def test_a_worker_that_dies_between_hand_over_and_mark_sends_the_very_same_message_again(
    mailing: Site, answering: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one moment where nobody can know; the same Message-ID lets mail programs show it once."""
    walking.start(mailing)
    with monkeypatch.context() as patched, pytest.raises(Died):
        patched.setattr(outbox, "sent", dies)
        turn(mailing)
    turn(mailing, 3)
    assert len(answering.arrived) == 1, "not while somebody may still have it in hand"
    turn(later(mailing, minutes=6), 3)
    first, second = answering.arrived
    assert first.as_bytes() == second.as_bytes()


def test_who_lost_a_mail_to_another_does_not_mark_it(mailing: Site, answering: Post) -> None:
    walking.start(mailing)
    outbox.write_mails(mailing)
    slow = outbox.claim(mailing)
    quick = outbox.claim(later(mailing, minutes=6))
    assert slow and quick and slow.id == quick.id and quick.attempts == 2
    outbox.postpone(mailing, slow, "too late", final=True)
    outbox.sent(mailing, quick)
    with mailing.database.read() as connection:
        row = connection.execute(select(mails)).one()
    assert row.sent_at is not None and row.error is None


WORK = "from engine.cli import alur; alur(['worker'])"
SERVE = "from web.cli import alur; alur(['serve', '--port', '{}'])"
SERVE_ONLY = "from web.cli import alur; alur(['serve', '--port', '{}', '--no-worker'])"


@pytest.fixture
def environment(mailing: Site) -> dict[str, str]:
    """What makes a process serve this very installation."""
    settings = mailing.settings
    return {
        **os.environ,
        "ALUR_VAR": str(settings.var),
        "ALUR_DATABASE_URL": mailing.database.database.url.render_as_string(hide_password=False),
        "ALUR_SECRET_KEY": settings.secret_key,
        "ALUR_SMTP_URL": settings.smtp_url,
        "ALUR_MAIL_FROM": settings.mail_from,
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def running(command: str, environment: dict[str, str]) -> "Iterator[subprocess.Popen[str]]":
    """A process that has said that it is ready; it is told to end, and ends well, unless it was killed."""
    command = command.format(post.closed().port)
    process = subprocess.Popen([sys.executable, "-c", command], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline()
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        process.stdout.close()


def arrives(postbox: Post, number: int, seconds: float = 20) -> bool:
    """Whether that many different mails come in time."""
    end = time.monotonic() + seconds
    while len(set(postbox.ids())) < number and time.monotonic() < end:
        time.sleep(0.005)
    return len(set(postbox.ids())) >= number


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a process cannot be asked to end there")
def test_a_worker_process_that_is_killed_is_followed_by_another(
    mailing: Site, postbox: Post, environment: dict[str, str]
) -> None:
    """Killed while it sends; all the mails arrive, and at most the one in hand twice."""
    kills, total = 2, 12
    for number in range(total):
        walking.start(mailing, f"Rapat {number:02}")
    with postbox.open():
        for _ in range(kills):
            with running(WORK, environment) as process:
                assert arrives(postbox, len(set(postbox.ids())) + 3)
                process.kill()
                process.wait()
        with running(WORK, environment):
            assert arrives(postbox, total - kills)
        turn(later(mailing, minutes=6))
    assert len(set(postbox.ids())) == total
    assert len(postbox.ids()) <= total + kills
    assert unsent(mailing) == []


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a process cannot be asked to end there")
def test_the_server_alone_sends_mail_unless_told_not_to(
    mailing: Site, answering: Post, environment: dict[str, str]
) -> None:
    walking.start(mailing)
    with running(SERVE_ONLY, environment):
        assert not arrives(answering, 1, seconds=1)
    with running(SERVE, environment) as process:
        assert arrives(answering, 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert unsent(mailing) == []


def test_settings_of_the_mail_server_are_checked_at_the_start() -> None:
    from engine.errors import BadSettings

    for wrong in ("http://x", "smtp://", "smtp://x:y", "smtp://x/y"):
        with pytest.raises(BadSettings, match="ALUR_SMTP_URL"):
            Settings.from_env({"ALUR_SMTP_URL": wrong, "ALUR_MAIL_FROM": "a@b.example"})
    with pytest.raises(BadSettings, match="ALUR_MAIL_FROM"):
        Settings.from_env({"ALUR_SMTP_URL": "smtp://x"})
    with pytest.raises(BadSettings, match="ALUR_BASE_URL"):
        Settings.from_env({"ALUR_BASE_URL": "alur.example"})
