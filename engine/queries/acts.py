"""What was done outside cases, as auditors and administrators read it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from engine import acts, ledger
from engine.access import Actor, require
from engine.errors import N_
from engine.models import acts as table
from engine.site import Site
from engine.verification import Verification

KINDS: Mapping[str, str] = {
    "signed_in": N_("signed in"),
    "user.added": N_("person added"),
    "user.changed": N_("person changed"),
    "membership.granted": N_("role or position given"),
    "membership.ended": N_("role or position ended"),
    "substitute.added": N_("substitute appointed"),
    "substitute.ended": N_("substitution ended"),
    "password.set": N_("password set"),
    "token.created": N_("API token created"),
    "access.revoked": N_("sessions and tokens ended"),
    "links.created": N_("sign-in links made"),
    "deployed": N_("SOP published"),
    "withdrawn": N_("SOP version withdrawn"),
    "reinstated": N_("SOP version offered again"),
    "office.changed": N_("office data changed"),
    "number.entered": N_("number entered from the paper register"),
    "number.voided": N_("number voided"),
    "backup": N_("backup made"),
    "restore": N_("backup restored"),
    "mail.retried": N_("e-mail to be sent again"),
    "mail.tried": N_("mail server tried"),
    "exported": N_("list exported"),
    "key.created": N_("key for checkpoints made"),
    "verified": N_("everything verified"),
    "stated": N_("cases verified and signed, for later versions"),
    "upgraded": N_("version set up"),
}


def find_acts(
    site: Site,
    actor: Actor,
    *,
    kind: str = "",
    text: str = "",
    after: int = 0,
    before: int | None = None,
    limit: int = 200,
) -> list[dict[str, Any]]:
    """Acts, oldest first above `after`, or with `before` the newest first below it; `text` is an actor or a subject.

    Raises `Forbidden`.
    """
    require(actor, "acts.view")
    query = select(table).where(table.c.seq > after).limit(limit)
    query = query.order_by(table.c.seq if before is None else table.c.seq.desc())
    if before is not None:
        query = query.where(table.c.seq < before)
    if kind:
        query = query.where(table.c.kind == kind)
    if text:
        query = query.where(or_(table.c.actor == text, table.c.subject.contains(text, autoescape=True)))
    with site.database.read() as connection:
        return [acts.entry(row) for row in connection.execute(query)]


def verify_acts(site: Site, actor: Actor) -> Verification:
    """Check the chain of acts and the tables that follow from it; raises `Forbidden`."""
    require(actor, "acts.view")
    with site.database.read() as connection:
        return ledger.verify(connection)
