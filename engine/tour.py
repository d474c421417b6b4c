"""A whole case of every shipped SOP without a person: real commands, real documents, a verified history, forged copies.

It works in a temporary installation of its own and takes each form's first example, which moves a case forward.
"""

import json
import shutil
import sqlite3
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import backup, history, installation, people
from engine.access import Actor, operating_system
from engine.canonical import canonical
from engine.casework import Channel
from engine.checkpoints import make_checkpoint
from engine.commands.attachments import add_attachment
from engine.commands.cases import start_process
from engine.commands.people import NewUser, add_user
from engine.commands.user_tasks import complete_user_task
from engine.errors import N_, AlurError
from engine.proof import Proof, own_source, prove, read_sealed
from engine.queries.cases import case
from engine.queries.definitions import Deployed, process_definitions
from engine.queries.documents import case_documents, document_content
from engine.queries.user_tasks import OPEN, TaskDetail, user_task
from engine.settings import Settings
from engine.site import Site

OPERATOR = operating_system("tour")
CHANNEL = Channel("cli", "tour")
STEPS = 200


class TourStuck(AlurError):
    """A case that the forms' own examples do not bring to its end."""

    message = N_("The case does not move on: status %(status)s, waiting at %(waiting)s.")


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of the tour: who did what, and what came out of it."""

    lane: str
    who: str
    task: str
    documents: tuple[str, ...]


def prepare(folder: Path) -> Site:
    """A temporary installation with the shipped SOPs and the demo's cast."""
    site = Site.open(Settings(var=folder))
    installation.upgrade(site)
    installation.set_up_demo(site, OPERATOR, CHANNEL)
    return site


def sops(site: Site) -> list[Deployed]:
    """What there is to tour."""
    return process_definitions(site, OPERATOR)


def start(site: Site, sop: Deployed) -> str:
    """Start a case as somebody who may."""
    lane = sop.start_lane or sop.lanes[0]
    return start_process(site, _person(site, lane, None), CHANNEL, sop.key, business_key=sop.name[:200])[0]


def walk(site: Site, instance_id: str) -> Iterator[Stop]:
    """Take the case to its end, the oldest open task first; raises `TourStuck`."""
    for _ in range(STEPS):
        detail = case(site, OPERATOR, instance_id)
        waiting = [task for task in detail.user_tasks if task.status in OPEN]
        if detail.instance.status == "completed":
            return
        if detail.instance.status != "running" or not waiting:
            break
        yield _complete(site, waiting[0].id)
    raise TourStuck(status=detail.instance.status, waiting=", ".join(task.name for task in waiting) or "-")


def save_documents(site: Site, instance_id: str, folder: Path) -> list[Path]:
    """Write the case's documents into `folder`, in the order they came."""
    folder.mkdir(parents=True, exist_ok=True)
    saved = []
    for number, document in enumerate(case_documents(site, OPERATOR, instance_id), 1):
        path = folder / f"{number:02d}-{document.activity_id}-{document.filename}"
        path.write_bytes(document_content(site, OPERATOR, document.id)[1])
        saved.append(path)
    return saved


def forge(site: Site, folder: Path) -> Iterator[tuple[str, Proof]]:
    """Seal the installation, forge copies of it, one way each, and say what verification finds in each."""
    installation.set_up_key(site, OPERATOR, CHANNEL)
    make_checkpoint(site)
    original = folder / "original.sqlite3"
    backup.copy(site, original).database.close()
    for name, tamper in FORGERIES.items():
        file = Path(shutil.copy(original, folder / "forged.sqlite3"))
        with closing(sqlite3.connect(file)) as connection:
            tamper(connection)
            connection.commit()
        forged = backup.site_of(file)
        proof = prove(forged, read_sealed(own_source(site)))
        forged.database.close()
        yield name, proof


def _complete(site: Site, task_id: str) -> Stop:
    detail = user_task(site, OPERATOR, task_id)
    person = _person(site, detail.task.lane, detail.task.position)
    done = complete_user_task(site, person, CHANNEL, task_id, example(site, person, detail))
    return Stop(detail.task.lane, person.full_name, detail.task.name, done.documents)


def example(site: Site, person: Actor, detail: TaskDetail) -> dict[str, Any]:
    """The first example of the task's form, its placeholders replaced by real uploads of `person`."""
    form = detail.bundle.forms.get(detail.task.activity_id)
    if form is None:
        return {}
    return dict(with_uploads(form.schema, form.schema["examples"][0], lambda: upload(site, person)))


def with_uploads(schema: Mapping[str, Any], value: Any, uploaded: Callable[[], str]) -> Any:  # noqa: ANN401 - JSON
    """The example with a fresh upload's id in the place of each attachment."""
    if schema.get("format") == "attachment":
        return uploaded()
    if isinstance(value, dict):
        fields = schema.get("properties", {})
        return {name: with_uploads(fields.get(name, {}), item, uploaded) for name, item in value.items()}
    if isinstance(value, list):
        return [with_uploads(schema.get("items", {}), item, uploaded) for item in value]
    return value


def upload(site: Site, person: Actor) -> str:
    """Upload a small picture and return its id."""
    return add_attachment(site, person, "contoh.png", _picture()).id


def _picture(side: int = 64) -> bytes:
    """A small grey PNG, standing for a scan."""
    rows = b"".join(b"\0" + bytes([200 if (x // 8 + y // 8) % 2 else 235 for x in range(side)]) for y in range(side))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _person(site: Site, lane: str, position: str | None) -> Actor:
    """Somebody who may act for the lane and position; made up where the cast has nobody."""
    with site.database.read() as connection:
        for actor in people.everyone(connection, site.clock()):
            if lane in actor.lanes and (position is None or position in actor.positions):
                return actor
    name = f"tamu{abs(zlib.crc32(f'{lane}/{position}'.encode()))}"
    positions = [position] if position else []
    add_user(site, OPERATOR, CHANNEL, NewUser(name, position or lane, lanes=[lane], positions=positions))
    return _person(site, lane, position)


def _change_value(forged: sqlite3.Connection) -> None:
    seq, text = forged.execute("select seq, entry from history where kind = 'complete' order by seq limit 1").fetchone()
    forged.execute("update history set entry = ? where seq = ?", (text.replace('"data":{', '"data":{"x":1,', 1), seq))


def _by(statement: str) -> Callable[[sqlite3.Connection], object]:
    return lambda forged: forged.execute(statement)


def _delete_case(forged: sqlite3.Connection) -> None:
    """Without a trace: nothing in the database tells that it was ever there."""
    (case_id,) = forged.execute("select min(id) from instances").fetchone()
    tables = [name for (name,) in forged.execute("select name from sqlite_master where type = 'table'").fetchall()]
    for table in tables:
        columns = {column for _, column, *_ in forged.execute(f"pragma table_info({table})")}
        if "instance_id" in columns:
            forged.execute(f"delete from {table} where instance_id = ?", (case_id,))  # noqa: S608 - our own tables
    forged.execute("delete from instances where id = ?", (case_id,))


def _swap_document(forged: sqlite3.Connection) -> None:
    name, data = forged.execute(
        "select c.sha256, c.bytes from contents c join documents d on d.sha256 = c.sha256 limit 1"
    ).fetchone()
    forged.execute("update contents set bytes = ? where sha256 = ?", (data + b"\0", name))


def _rewrite_chain(forged: sqlite3.Connection) -> None:
    """Another person did every step, and every hash is computed anew."""
    case_id = forged.execute("select id from instances").fetchone()[0]
    head = history.GENESIS
    rows = forged.execute("select seq, entry from history where instance_id = ? order by seq", (case_id,)).fetchall()
    for seq, text in rows:
        entry = json.loads(text)
        entry["actor"], entry["prev_hash"] = "orang-lain", head
        entry["actor_card"]["full_name"] = "Orang Lain"
        text = canonical(entry)
        head = history.digest(text)
        forged.execute(
            "update history set entry = ?, hash = ? where instance_id = ? and seq = ?", (text, head, case_id, seq)
        )
    forged.execute("update instances set head = ?, started_by = 'orang-lain' where id = ?", (head, case_id))
    forged.execute("update user_tasks set ended_by = 'orang-lain'")


FORGERIES: Mapping[str, Callable[[sqlite3.Connection], object]] = {
    N_("a value in an entry is changed"): _change_value,
    N_("an entry in the middle is deleted"): _by("delete from history where seq = 3"),
    N_("the last entry is deleted"): _by("delete from history where seq = (select max(seq) from history)"),
    N_("a whole case is deleted"): _delete_case,
    N_("a Word document is swapped"): _swap_document,
    N_("somebody else is said to have done a task"): _by(
        "update user_tasks set ended_by = 'orang-lain' where rowid = (select min(rowid) from user_tasks)"
    ),
    N_("a letter number is changed"): _by(
        "update numbers set number = number || 'X' where rowid = (select min(rowid) from numbers)"
    ),
    N_("the whole chain is rewritten with another person"): _rewrite_chain,
}
