"""Setting an installation up: the schema, the office's data, the demo's cast, the SOPs shipped with Alur."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select

from engine import acts, bundles, checkpoints, credentials, office
from engine.access import Actor
from engine.acts import Channel
from engine.commands.deployments import Deployment, deploy, gathered
from engine.commands.people import NewUser, add_user
from engine.errors import AlurError, DatabaseNew, DatabaseOld, NotRunnable, NotSetUp, ReadOnly
from engine.models import definitions, instances, users
from engine.runtime import can_run
from engine.site import Site
from engine.versions import had_last, note_upgrade, today

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = Path(__file__).resolve().parent / "migrations"
LIBRARY = (ROOT / "forms" / "definitions", ROOT / "docgen" / "templates")

# Name, full name, lanes, position, rank and NIP of civil servants.
_OFFICIALS = (
    ("staf", "Andi Rahmat, S.Kom.", ["Staf"], "Staf", "Penata Muda", "199203152019031004"),
    ("ppk", "Hasnah Latief, S.E.", ["PPK"], "Pejabat Pembuat Komitmen", "Penata", "198506202010122003"),
    ("kasubag", "Muhammad Yusuf, S.Sos.", ["Kasubag"], "Kasubag", "Penata Tk. I", "198011052006041002"),
    ("kpa", "Sitti Aminah, S.H.", ["KPA", "Sekretaris"], "Sekretaris", "Pembina", "197504172001122001"),
)
CAST = (
    *(
        NewUser(name, full_name, lanes=lanes, positions=[position], rank=rank, nip=nip)
        for name, full_name, lanes, position, rank, nip in _OFFICIALS
    ),
    NewUser("ketua", "Alamsyah", lanes=["KPU Kab"], positions=["Ketua"]),
    NewUser("auditor", "Rina Mustari, S.E., Ak.", roles=["auditor"]),
    NewUser("perancang", "Fajar Pratama", roles=["designer"]),
    NewUser("admin", "Nurul Hidayah", roles=["admin"]),
)


def upgrade(site: Site, *, copy: bool = False) -> None:
    """Create the database or bring it up to date, all or nothing; an office's own data stays.

    An act tells of it, but in a copy. Raises `DatabaseNew` for one that a newer version made, or `NotRunnable`.
    """
    if site.database.sqlite:
        try:
            site.settings.var.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ReadOnly(place=site.settings.var) from error
    config = _migrations()
    with site.database.write() as connection:
        _require_known(site, connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _require_runnable(connection)
        office.set_up(connection, site.clock())
        if not copy:
            note_upgrade(connection, site.clock())


def set_up_key(site: Site, actor: Actor, channel: Channel) -> str | None:
    """Make the key that signs checkpoints, unless there was one; its id."""
    key = checkpoints.set_up_key(site.settings)
    if key is not None:
        _record_key(site, actor, channel, key)
    return key


def replace_key(site: Site, actor: Actor, channel: Channel) -> str:
    """Make another key where the file of the old one was moved away; its id."""
    key = checkpoints.create_key(site.settings)
    _record_key(site, actor, channel, key)
    return key


def _record_key(site: Site, actor: Actor, channel: Channel, key: str) -> None:
    with site.database.write() as connection:
        acts.record(connection, site.clock(), actor.name, channel, "key.created", key)


def require_set_up(site: Site) -> None:
    """Raise `NotSetUp`, `DatabaseOld` or `DatabaseNew` unless the database is as this version of Alur needs it."""
    file = site.database.place.file
    if file and not file.is_file():
        raise NotSetUp(place=file)
    with site.database.read() as connection:
        found = _require_known(site, connection)
        had = had_last(connection) if found else None
    if found is None:
        raise NotSetUp(place=file or site.database.place.name)
    if found != scripts().get_current_head() or (had and had.before(today())):
        raise DatabaseOld(place=site.database.place.name)


def _require_known(site: Site, connection: Connection) -> str | None:
    """The schema that the database has; raises `DatabaseNew` for one, or for versions, that this code does not know."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found and found not in {script.revision for script in scripts().walk_revisions()}:
        raise DatabaseNew(place=site.database.place.name, found=found, known=scripts().get_current_head())
    had = had_last(connection) if found else None
    if had and today().before(had):  # what this code wrote would be taken for forged
        raise DatabaseNew(place=site.database.place.name, found=had, known=today())
    return found


def _require_runnable(connection: Connection) -> None:
    """Raise `NotRunnable` for versions that have open cases and from which the runtime cannot build what it executes.

    What cannot be read at all is left to the verification.
    """
    case, lost = instances.c, []
    open_ = select(case.definition_digest).where(case.ended_at.is_(None)).distinct()
    rows = connection.execute(select(definitions).where(definitions.c.digest.in_(open_)).order_by(definitions.c.key))
    for row in rows:
        with suppress(AlurError):
            definition = bundles.load(connection, row.digest).definition
            if not can_run(definition):
                lost.append(f"{row.name} ({row.key}, v{row.version})")
    if lost:
        raise NotRunnable(versions=", ".join(lost))


def scripts() -> ScriptDirectory:
    """The migrations of the schema, newest first."""
    return ScriptDirectory.from_config(_migrations())


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def deploy_paths(
    site: Site, actor: Actor, channel: Channel, paths: Iterable[Path], note: str | None = None, same: bool = False
) -> Deployment:
    """Deploy `.bpmn` files or folders of them, with what they name."""
    return deploy(site, actor, channel, gathered(paths, LIBRARY), note, same)


def set_up_demo(site: Site, actor: Actor, channel: Channel) -> dict[str, str]:
    """The shipped SOPs and one person per role; returns a one-time sign-in link's secret by user name."""
    set_up_key(site, actor, channel)
    deploy_paths(site, actor, channel, [ROOT / "bpmn"], same=True)
    with site.database.read() as connection:
        there = set(connection.execute(select(users.c.name)).scalars())
    for person in CAST:
        if person.name not in there:
            add_user(site, actor, channel, person)
    names = [person.name for person in CAST]
    with site.database.write() as connection:
        links = {name: credentials.create_link(connection, name, site.clock()) for name in names}
        acts.record(connection, site.clock(), actor.name, channel, "links.created", "demo", after={"users": names})
    return links
