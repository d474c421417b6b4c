"""What administrators do with e-mail: try again what was given up, and try the mail server."""

from sqlalchemy import select, update

from engine import acts, office
from engine.access import Actor, require
from engine.acts import Channel
from engine.errors import N_, Unacceptable, required
from engine.identity import new_id
from engine.mail import Mail, connected, send
from engine.models import mails, users
from engine.site import Site


def retry_mail(site: Site, actor: Actor, channel: Channel, mail_id: str) -> None:
    """Send a given-up or waiting e-mail at the worker's next turn; raises `Forbidden`, `NotFound`."""
    require(actor, "office.manage")
    with site.database.write() as connection:
        unsent = (mails.c.id == mail_id, mails.c.sent_at.is_(None))
        row = required(connection.execute(select(mails.c.user).where(*unsent)).first())
        connection.execute(update(mails).where(*unsent).values(try_at=site.clock(), attempts=0))
        acts.record(connection, site.clock(), actor.name, channel, "mail.retried", row.user)


def try_mail_server(site: Site, actor: Actor, channel: Channel) -> str:
    """Send oneself an e-mail now, and return its address.

    Raises `Forbidden`, `Unacceptable` without a mail server or an address, `MailServerDown`, `MailRefused`.
    """
    require(actor, "office.manage")
    if not site.settings.smtp_url:
        raise Unacceptable(reason=N_("no mail server is set"))
    with site.database.read() as connection:
        address = connection.execute(select(users.c.email).where(users.c.name == actor.name)).scalar()
        zone = office.zone(connection)
    if not address:
        raise Unacceptable(reason=N_("you have no e-mail address yet; enter it under People"))
    at = site.clock()
    mail = Mail(new_id(), address, actor.full_name, at, 1, at, zone, ())
    with connected(site.settings) as server:
        send(server, mail, site.settings)
    with site.database.write() as connection:
        acts.record(connection, site.clock(), actor.name, channel, "mail.tried", actor.name, after={"address": address})
    return str(address)
