"""What people do with notices: read them, and choose how they get them by e-mail."""

from sqlalchemy import select, update

from engine.access import Actor
from engine.errors import N_, Unacceptable, required
from engine.models import notices, users
from engine.site import Site

MAIL = ("each", "daily", "none")


def read_notice(site: Site, actor: Actor, notice_id: int) -> None:
    """Mark one's own notice as read; marking it twice has no effect. Raises `NotFound` for any other."""
    mine = (notices.c.id == notice_id, notices.c.user == actor.name)
    with site.database.write() as connection:
        required(connection.execute(select(notices.c.id).where(*mine)).first())
        unread = update(notices).where(*mine, notices.c.read_at.is_(None))
        connection.execute(unread.values(read_at=site.clock()))


def read_all_notices(site: Site, actor: Actor) -> None:
    """Mark all of one's own notices as read."""
    unread = update(notices).where(notices.c.user == actor.name, notices.c.read_at.is_(None))
    with site.database.write() as connection:
        connection.execute(unread.values(read_at=site.clock()))


def prefer_mail(site: Site, actor: Actor, mail: str) -> None:
    """Choose `each` notice by e-mail, a `daily` digest, or `none`; raises `Unacceptable`."""
    if mail not in MAIL:
        raise Unacceptable(reason=N_("e-mail comes each, daily or none"))
    with site.database.write() as connection:
        connection.execute(update(users).where(users.c.name == actor.name).values(mail_preference=mail))
