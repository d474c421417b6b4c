"""E-mails as administrators see them: what waits, and what was given up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from engine.access import Actor, require
from engine.db import filled
from engine.models import mails, notices, users
from engine.site import Site

LATEST = 100


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail that is not sent: it waits for `try_at`, or without it was given up."""

    id: str
    user: str
    full_name: str
    address: str | None
    notices: int
    created_at: datetime
    try_at: datetime | None
    attempts: int
    error: str | None


_UNSENT = (
    select(
        mails,
        users.c.full_name,
        users.c.email.label("address"),
        select(func.count()).where(notices.c.mail_id == mails.c.id).scalar_subquery().label("notices"),
    )
    .join(users, users.c.name == mails.c.user)
    .where(mails.c.sent_at.is_(None))
    .order_by(mails.c.try_at.is_not(None), mails.c.created_at.desc())
    .limit(LATEST)
)
_LAST_SENT = select(func.max(mails.c.sent_at))


def unsent_mails(site: Site, actor: Actor) -> list[Mail]:
    """Those given up first, then those that wait; the newest first. Raises `Forbidden`."""
    require(actor, "office.manage")
    with site.database.read() as connection:
        return [filled(Mail, row) for row in connection.execute(_UNSENT)]


def last_sent(site: Site, actor: Actor) -> datetime | None:
    """When the mail server last took an e-mail; raises `Forbidden`."""
    require(actor, "office.manage")
    with site.database.read() as connection:
        return connection.execute(_LAST_SENT).scalar()
