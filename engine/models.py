"""The tables. Per-case tables start their key with the case, so that a command touches one place.

`history` is the truth of a case; `instances`, `user_tasks`, `waits`, `documents` and `numbers` are projections of it
that verification compares with a re-execution; `instances.state` is a cache. JSON is canonical text, since a
database's own JSON type would reorder keys and change the bytes that hashes cover.
"""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.schema import SchemaItem

from engine import clock
from engine.troubles import unreadable


class Moment(TypeDecorator[datetime]):
    """An aware time, stored as sortable ISO text in UTC: both databases keep the very same bytes."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else clock.to_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        try:
            return None if value is None else clock.from_text(value)
        except ValueError as error:
            raise unreadable(error) from error


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *parts: SchemaItem, comment: str | None = None) -> Table:
    return Table(name, metadata, *parts, comment=comment)


contents = _table(
    "contents",
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    comment="Deployed files, documents and uploads, by their digest.",
)

office = _table(
    "office",
    Column("revision", Integer, primary_key=True),
    Column("data", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(120), nullable=False),
    comment="Letterhead, codes, number masks and working time; the highest revision holds.",
)

definitions = _table(
    "definitions",
    Column("key", String(200), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("source", String(200), nullable=False),
    Column("files", Text, nullable=False),
    Column("lanes", Text, nullable=False),
    Column("start_lane", String(200)),
    Column("deployed_at", Moment, nullable=False),
    Column("deployed_by", String(120), nullable=False),
    Column("note", Text),
    Column("withdrawn", Text),
    UniqueConstraint("key", "digest"),
)

sop_drafts = _table(
    "sop_drafts",
    Column("id", String(32), primary_key=True),
    Column("user", String(120), ForeignKey("users.name"), nullable=False),
    Column("key", String(200)),
    Column("version", Integer),
    Column("changed_at", Moment, nullable=False),
    Column("dry_run", Text),
    Index(None, "user", "changed_at"),
    comment="What a designer works on: `key` and `version` are what it began as, `dry_run` the acts of its trial.",
)

sop_draft_files = _table(
    "sop_draft_files",
    Column("draft_id", String(32), ForeignKey("sop_drafts.id"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
    comment="The files of drafts; they go when the draft goes.",
)

instances = _table(
    "instances",
    Column("id", String(32), primary_key=True),
    Column("definition_key", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("definition_digest", String(64), nullable=False),
    Column("business_key", String(200)),
    Column("status", String(20), nullable=False),
    Column("suspended", Text),
    Column("started_at", Moment, nullable=False),
    Column("started_by", String(120), nullable=False),
    Column("ended_at", Moment),
    Column("seq", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("head", String(64), nullable=False),
    Column("state", Text, nullable=False),
    Index(None, "status", "started_at"),
    Index(None, "definition_key", "version"),
)

history = _table(
    "history",
    Column("instance_id", String(32), ForeignKey("instances.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("activity_id", String(200)),
    Column("kind", String(20), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("entry", Text, nullable=False),
    comment="Append-only: what people and services did, each entry chained to the one before.",
)

keywords = _table(
    "keywords",
    Column("instance_id", String(32), ForeignKey("instances.id"), primary_key=True),
    Column("word", Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True),
    Index(None, "word", "instance_id"),
    comment="The words a case is found by: of its title, of its letters' numbers, of fields that a form marks.",
)

participants = _table(
    "participants",
    Column("instance_id", String(32), ForeignKey("instances.id"), primary_key=True),
    Column("user", String(120), primary_key=True),
    Index(None, "user", "instance_id"),
)

user_tasks = _table(
    "user_tasks",
    Column("instance_id", String(32), ForeignKey("instances.id"), primary_key=True),
    Column("path", String(220), primary_key=True),
    Column("activity_id", String(200), nullable=False),
    Column("name", Text, nullable=False),
    Column("lane", String(200), nullable=False),
    Column("position", String(200)),
    Column("status", String(20), nullable=False),
    Column("claimed_by", String(120)),
    Column("claimed_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("ended_at", Moment),
    Column("ended_by", String(120)),
    Column("ended_for", String(120)),
    Column("separate_from", Text),
    Column("run", Text),
    Column("delegated_to", String(120)),
    Column("delegated_by", String(120)),
    Column("delegated_as", String(200)),
    Column("delegation_note", Text),
    Column("revision", Integer, nullable=False),
    Index(None, "status", "lane", "due_at"),
    Index(None, "claimed_by", "status"),
    Index(None, "delegated_to", "status"),
    Index(None, "ended_by", "ended_at"),
    Index(None, "name", "instance_id"),
    Index(
        "ix_user_tasks_ended",
        "ended_at",
        sqlite_where=text("ended_at IS NOT NULL"),
        postgresql_where=text("ended_at IS NOT NULL"),
    ),
    # All that counting and sorting an inbox asks of open tasks, so that their rows need not be fetched.
    Index(
        "ix_user_tasks_open",
        "lane",
        "position",
        "due_at",
        "created_at",
        "status",
        "claimed_by",
        "delegated_to",
        "instance_id",
        "path",
        "ended_at",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

waits = _table(
    "waits",
    Column("instance_id", String(32), ForeignKey("instances.id"), primary_key=True),
    Column("path", String(220), primary_key=True),
    Column("activity_id", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name", String(200), nullable=False),
    Column("correlation", Text),
    Column("due_at", Moment),
    Index(None, "due_at"),
    Index(None, "kind", "name"),
    comment="What cases wait for from outside now: moments, messages, signals, conditions.",
)

post = _table(
    "post",
    Column("id", String(32), primary_key=True),
    Column("instance_id", String(32), ForeignKey("instances.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name", String(200), nullable=False),
    Column("correlation", Text),
    Column("payload", Text, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("receiver", String(200)),
    Column("at", Moment, nullable=False),
    Index(None, "status", "id"),
    Index(None, "kind", "name"),
    comment="Messages and signals on their way between cases: `place` of `seq` in the history of the sender.",
)

schedules = _table(
    "schedules",
    Column("key", String(200), primary_key=True),
    Column("activity_id", String(200), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("due_at", Moment),
    Column("left", Integer),
    Index(None, "due_at"),
    comment="When SOPs start cases by themselves next; `left` counts the times after that, empty is without end.",
)

drafts = _table(
    "drafts",
    Column("instance_id", String(32), primary_key=True),
    Column("path", String(220), primary_key=True),
    Column("user", String(120), primary_key=True),
    Column("data", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("checklist", Text),
    comment="What people typed and did not send yet; no part of the history.",
)

typed = _table(
    "typed",
    Column("id", String(64), primary_key=True),
    Column("path", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("at", Moment, nullable=False),
    comment="What was typed when a session had ended, for an hour, for whoever signs in again at the provider.",
)

documents = _table(
    "documents",
    Column("instance_id", String(32), ForeignKey("instances.id"), primary_key=True),
    Column("activity_id", String(200), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("type", String(80), nullable=False),
    Column("number", String(200)),
    Column("status", String(20), nullable=False),
    Column("filename", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("signed_by", Text, nullable=False),
    Column("signed_copies", Text),
    Column("code", String(14)),
    Column("title", String(200)),
    Index(None, "sha256"),
    Index(None, "number"),
    Index(None, "code", unique=True),
)

numbers = _table(
    "numbers",
    Column("type", String(80), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("number", String(200), nullable=False),
    Column("instance_id", String(32), ForeignKey("instances.id")),
    Column("activity_id", String(200)),
    Column("note", Text),
    Column("void", Text),
    UniqueConstraint("number"),
    comment="The register: a number is given once; `note` tells what a paper one is for, `void` why one fell.",
)

attachments = _table(
    "attachments",
    Column("id", String(32), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("filename", String(200), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("uploaded_by", String(120), nullable=False),
    Column("uploaded_at", Moment, nullable=False),
    Column("instance_id", String(32), ForeignKey("instances.id")),
    Column("seq", Integer),
    Index(None, "instance_id"),
)

idempotency = _table(
    "idempotency",
    Column("user", String(120), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

users = _table(
    "users",
    Column("name", String(120), primary_key=True),
    Column("full_name", String(200), nullable=False),
    Column("rank", String(120)),
    Column("nip", String(30)),
    Column("password", String(200)),
    Column("email", String(254)),
    Column("mail_preference", String(10), nullable=False, server_default="each"),
    Column("active", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

memberships = _table(
    "memberships",
    Column("id", Integer, primary_key=True),
    Column("user", String(120), ForeignKey("users.name"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("value", String(200), nullable=False),
    Column("valid_from", Moment, nullable=False),
    Column("valid_to", Moment),
    Column("granted_by", String(120), nullable=False),
    Index(None, "user"),
    Index(None, "kind", "value"),
    comment="Lanes, positions and roles, from and to; ended, never deleted.",
)

substitutes = _table(
    "substitutes",
    Column("id", String(32), primary_key=True),
    Column("absent", String(120), ForeignKey("users.name"), nullable=False),
    Column("substitute", String(120), ForeignKey("users.name"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("valid_from", Moment, nullable=False),
    Column("valid_to", Moment),
    Column("reason", Text, nullable=False),
    Column("granted_by", String(120), nullable=False),
    Column("granted_at", Moment, nullable=False),
    Column("ended_by", String(120)),
    Column("ended_at", Moment),
    Index(None, "absent"),
    Index(None, "substitute"),
    comment="Who stands in for whom (Plh., Plt.), from and to; ended, never deleted.",
)

acts = _table(
    "acts",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("entry", Text, nullable=False),
    Index(None, "subject"),
    comment="Append-only: what people did outside cases, each act chained to the one before.",
)

checkpoints = _table(
    "checkpoints",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("keys", Text, nullable=False),
    comment="Copies of the checkpoints in the folder, so that a backup takes them along; proofs are read there.",
)

seals = _table(
    "seals",
    Column("instance_id", String(32), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    comment="How far the checkpoints go for each case: the checkpointer's own note, which proves nothing.",
)

verifications = _table(
    "verifications",
    Column("id", Integer, primary_key=True),
    Column("asked_at", Moment, nullable=False),
    Column("asked_by", String(120), nullable=False),
    Column("seen_at", Moment),
    Column("ended_at", Moment),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("result", Text),
    Index(None, "ended_at"),
    comment="Verifications of everything that auditors asked for; `seen_at` is when a worker last told of it.",
)

credentials = _table(
    "credentials",
    Column("sha256", String(64), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("user", String(120), ForeignKey("users.name"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("ended_at", Moment),
    Index(None, "user", "kind"),
    comment="API tokens, sessions and one-time links; only their digests are kept.",
)

attempts = _table(
    "attempts",
    Column("id", Integer, primary_key=True),
    Column("subject", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "subject", "at"),
    comment="Failed sign-ins and other things that are limited per hour.",
)

mails = _table(
    "mails",
    Column("id", String(32), primary_key=True),
    Column("user", String(120), ForeignKey("users.name"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("try_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Moment),
    Column("error", Text),
    Index(None, "try_at"),
    comment="E-mail to people; who sends one first moves `try_at` on, and clears it when it is done with.",
)

notices = _table(
    "notices",
    Column("id", Integer, primary_key=True),
    Column("instance_id", String(32), ForeignKey("instances.id"), nullable=False),
    Column("path", String(220), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("user", String(120), ForeignKey("users.name"), nullable=False),
    Column("read_at", Moment),
    Column("mail_owed", Boolean, nullable=False),
    Column("mail_id", String(32), ForeignKey("mails.id")),
    UniqueConstraint("instance_id", "path", "kind", "at", "user"),
    Index(None, "user", "read_at"),
    Index(None, "mail_id"),
    Index("ix_notices_mail_owed", "id", sqlite_where=text("mail_owed = 1"), postgresql_where=text("mail_owed")),
    comment="What a person is told of a task or a failed step; `mail_owed` until it stands in a mail, or in none.",
)
