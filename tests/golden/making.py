"""Makes a golden installation: all that can be under way, as this release leaves it, for later ones to go on with.

    python -m tests.golden.making tests/golden/0.2.0

Run it on the release's own commit, once; from 0.1.1 on the release states what it verified. It leaves two folders as
`ALUR_VAR` would be, `sqlite` with its database and `postgresql` with a dump beside it; their signing keys are made for
this and sign nothing else. `opening` opens them.
"""

import lzma
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from engine import installation
from engine.checkpoints import make_checkpoint
from engine.commands.cases import cancel_case, start_process, suspend_case
from engine.commands.comments import add_comment
from engine.commands.deployments import deploy
from engine.commands.events import deliver_message, fire_timers
from engine.commands.post import deliver_post
from engine.commands.schedules import begin_due
from engine.commands.sop_drafts import begin_draft
from engine.commands.substitutes import NewSubstitution, add_substitute
from engine.commands.user_tasks import claim_user_task, complete_user_task, delegate_user_task, save_draft
from engine.models import users
from engine.outbox import write_mails
from engine.proof import asked
from engine.proof.stating import state
from engine.settings import Settings
from engine.site import Site
from tests import walking
from tests.cast import BY_LANE, CHANNEL, OPERATOR, hire
from tests.conformance.drawing import FORM, model
from tests.golden.opening import POSTGRESQL, SQLITE
from tests.postgres import Server, running
from tests.walking import WEB, person

# Each a few steps of what the two SOPs do not have; a key is the process's id.
MODELS = {
    "pengingat": """
        start s; user u; boundary b on=u cycle=R5/P1M beside; task Ingatkan; end f; boundary x on=u timer=P400D; user v
        catch m message=balasan correlation=nomor; catch t timer=P2D; end e; s > u > m > t > e; b > Ingatkan > f
        x > v > e
    """,
    "undangan": """
        start s; user a each=orang item=o result=a into=semua
        sub P each=orang item=o sequential { start s2; user b; end e2; s2 > b > e2 }
        call C process=panggilan; user c; end e; s > a > P > C > c > e
        process panggilan { start s3; user d; end e3; s3 > d > e3 }
    """,
    "bersama": """
        start s; user u; end e; s > u > e; sub H event { start h message=tambahan beside; catch k timer=P20D
        end he; h > k > he }
        sub T event { start t timer=P30D beside; task Catat; end te; t > Catat > te }
    """,
    "bertanya": """
        start s; user u; throw t message=surat correlation=nomor; first g; catch c message=jawaban; catch d timer=P90D
        user v; user w; end e; s > u > t > g; g > c > v > e; g > d > w > e
    """,
    "menjawab": """
        start s; catch c message=surat correlation=nomor; user u; throw t message=jawaban; end e; s > c > u > t > e
    """,
    "perorangan": """
        start s; sub P each=orang item=o gives=b { user b; user c; b > c }; user d; end e; s > P > d > e
        sub H event gives=t { start h message=aduan beside; user t; user w; end x; h > t > w > x }
    """,
    "bulanan": "start s cycle=R/P1M; user u; end e; s > u > e",
    "gagal": "start s; user u; script x 'n = u.k + 1'; end e; s > u > x > e",
    "urung": """
        start s; sub P { start s2; user u; boundary b on=u compensate undo=B; user B undoes; user w; throw t compensate
        end e2; s2 > u > w > t > e2 }; end e; s > P > e
    """,
}
SOPS = (walking.SOP, "surat-masuk")
NOWHERE = "smtp://127.0.0.1:9"  # so that mails are owed
BEGIN = datetime(2026, 8, 31, 1, 0, tzinfo=UTC)  # a month's last day, 09.00 in Makassar


class Hands:
    """A clock that goes a minute with every look at it, and further when it is moved."""

    def __init__(self) -> None:
        self.at = BEGIN

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


def fill(site: Site, hands: Hands) -> None:
    """An installation with both SOPs finished and half-way, and a case in every kind of wait."""
    _set_up(site)
    _finished(site)
    make_checkpoint(site)
    _half_way(site)
    _waiting(site)
    make_checkpoint(site)
    hands.at = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
    while begin_due(site) or fire_timers(site):
        pass
    _troubled(site)
    assert state(site, OPERATOR, CHANNEL).keys() == {"verified"}


def _set_up(site: Site) -> None:
    installation.upgrade(site)
    installation.set_up_key(site, OPERATOR, CHANNEL)
    hire(site)
    with site.database.write() as connection:
        connection.execute(update(users).values(email=users.c.name + "@kpu.example"))
    installation.deploy_paths(site, OPERATOR, CHANNEL, [installation.ROOT / "bpmn"])
    for key, text in MODELS.items():
        content = model(text).replace(b'id="p"', f'id="{key}"'.encode()).replace(b'"l_p"', f'"l_{key}"'.encode())
        deploy(site, OPERATOR, CHANNEL, {"m.bpmn": content, "f.json": FORM.encode()})
    begin_draft(site, person(site, "perancang"), walking.SOP, 1)
    add_substitute(site, OPERATOR, CHANNEL, NewSubstitution("kasubag", "staf", "plh", "cuti", valid_to="2027-12-31"))


def _finished(site: Site) -> None:
    for key in SOPS:
        walking.walk(site, _started(site, key))


def _half_way(site: Site) -> None:
    for key, until in ((SOPS[0], "pelaksanaan_kpu"), (SOPS[0], "telaah_anggaran"), (SOPS[1], "periksa_balasan")):
        case = _started(site, key)
        walking.walk(site, case, until)
        task = walking.open_task(site, case, until)
        who = person(site, BY_LANE[task.lane])
        claim_user_task(site, who, WEB, task.id)
        save_draft(site, who, task.id, walking.example(site, task))
        delegate_user_task(site, who, WEB, task.id, "ppk" if who.name != "ppk" else "staf", "Tolong lanjutkan.")
        add_comment(site, who, WEB, case, "Dilanjutkan besok.")


def _waiting(site: Site) -> None:
    people = {"orang": ["Ani", "Budi", "Cici"]}
    _started(site, "pengingat", nomor="1")
    _done(site, _started(site, "pengingat", nomor="2"), "u")
    answered = _started(site, "pengingat", nomor="3")
    _done(site, answered, "u")
    deliver_message(site, person(site, "admin"), WEB, "balasan", "3", {"isi": "ya"})
    _done(site, _started(site, "undangan", **people), "a")
    inside = _started(site, "undangan", **people)
    for activity in "aaabb":
        _done(site, inside, activity)
    called = _started(site, "undangan", orang=["Ani"])
    for activity in "ab":
        _done(site, called, activity)
    apart = _started(site, "perorangan", **people)
    for activity in "bbc":
        _done(site, apart, activity)
    for _ in range(2):
        deliver_message(site, person(site, "admin"), WEB, "aduan", None)
    _done(site, apart, "t")
    _started(site, "bersama")
    deliver_message(site, person(site, "admin"), WEB, "tambahan", None)
    _started(site, "menjawab", nomor="4")
    for number in ("4", "5"):  # the second waits for somebody who listens
        _done(site, _started(site, "bertanya", nomor=number), "u")
    deliver_post(site)
    undone = _started(site, "urung")
    _done(site, undone, "u")


def _troubled(site: Site) -> None:
    admin = person(site, "admin")
    _done(site, _started(site, "gagal"), "u")
    suspend_case(site, admin, WEB, _started(site, "pengingat", nomor="6"), "Menunggu surat edaran.")
    cancel_case(site, admin, WEB, _started(site, SOPS[0]), "Batal.")
    write_mails(site)
    asked.ask(site, person(site, "auditor"))
    verifying = asked.verify_asked(site)
    assert verifying is not None
    verifying.join()


def _started(site: Site, key: str, **data: object) -> str:
    starter = person(site, "kpukab" if key == SOPS[0] else "staf")
    return start_process(site, starter, WEB, key, business_key=f"Uji {key}", data=data)[0]


def _done(site: Site, case: str, activity: str) -> None:
    task = walking.open_task(site, case, activity)
    complete_user_task(site, person(site, "staf"), WEB, task.id, {"k": "ya"})


def _sqlite(var: Path) -> None:
    _filled(Settings(var=var, smtp_url=NOWHERE, mail_from="alur@kpu.example"))
    with closing(sqlite3.connect(var / "alur.sqlite3")) as connection:
        connection.execute("pragma journal_mode = delete")  # one file, without a log beside it
        connection.execute("vacuum")
    (var / SQLITE).write_bytes(lzma.compress((var / "alur.sqlite3").read_bytes()))
    (var / "alur.sqlite3").unlink()


def _postgresql(var: Path, server: Server) -> None:
    address = server.create("golden")
    _filled(Settings(var=var, database_url=address, smtp_url=NOWHERE, mail_from="alur@kpu.example"))
    (var / POSTGRESQL).write_bytes(lzma.compress(server.dump("golden")))


def _filled(settings: Settings) -> None:
    hands = Hands()
    site = replace(Site.open(settings), clock=hands)
    fill(site, hands)
    site.database.close()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    _sqlite(folder / "sqlite")
    with running() as server:
        _postgresql(folder / "postgresql", server)
