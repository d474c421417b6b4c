"""Notices, and how a person gets them by e-mail."""

from collections.abc import Mapping
from typing import Any

from engine.commands import notices as commands
from engine.errors import NotFound
from engine.queries import notices
from engine.queries.notices import KINDS
from web.api.operation import Parameter, get, post, put
from web.api.paging import LARGEST, PAGE, pages, position
from web.api.schema import FLAG, MOMENT, NUMBER, TEXT, body, choice, maybe, page, record, told
from web.context import actor, site

MAIL = choice(*commands.MAIL)
NOTICE = record(
    "Notice",
    id=NUMBER,
    kind=choice(*KINDS),
    at=MOMENT,
    read_at=maybe(MOMENT),
    process_instance_id=TEXT,
    user_task_id=maybe(TEXT),
    activity_id=TEXT,
    name=TEXT,
    case_title=TEXT,
    due_at=maybe(MOMENT),
    over=FLAG,
)
COUNTS = record("UnreadNotices", total=NUMBER, **dict.fromkeys(KINDS, NUMBER))
PREFERENCES = record("Preferences", email=maybe(TEXT), mail=MAIL)


@get(
    "/notices",
    "My notices, the latest first",
    who="everybody, their own",
    answer=page(NOTICE),
    parameters=(
        Parameter("unread", choice("true", "false", "1", "0"), "Only unread ones that still ask for something."),
        *PAGE,
    ),
)
def find(unread: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
    """New, returned and overdue tasks; failed steps for admins."""
    (before,) = position(cursor, int) or (None,)
    found = notices.my_notices(site(), actor(), unread=unread in ("true", "1"), before=before, limit=limit + 1)
    return pages(
        found, limit, lambda each: told(NOTICE, each, process_instance_id=each.instance_id), lambda each: [each.id]
    )


@get("/notices/unread", "How many of my unread notices still ask for something", who="everybody", answer=COUNTS)
def counts() -> dict[str, int]:
    """By kind; of more than a hundred the latest hundred are counted."""
    found = notices.unread_counts(site(), actor())
    return {"total": sum(found.values()), **found}


@post(
    f"/notices/<int(max={LARGEST}):notice_id>/read",
    "Mark a notice as read",
    who="whose notice it is",
    status=204,
    errors=(NotFound,),
)
def read(notice_id: int) -> None:
    """Marking it twice has no effect."""
    commands.read_notice(site(), actor(), notice_id)


@post("/notices/read", "Mark all my notices as read", who="everybody", status=204)
def read_all() -> None:
    """Those of now; later ones are new again."""
    commands.read_all_notices(site(), actor())


@get("/me/preferences", "How I get notices by e-mail", who="everybody", answer=PREFERENCES)
def preferences() -> dict[str, Any]:
    """The address is given by an admin."""
    return told(PREFERENCES, notices.mail_preference(site(), actor()))


@put(
    "/me/preferences",
    "Choose to get each notice by e-mail, a daily digest at 07.30 of working days, or none",
    who="everybody",
    answer=PREFERENCES,
    body=body({"mail": MAIL}),
)
def prefer(body: Mapping[str, Any]) -> dict[str, Any]:
    """Also decides over notices that no e-mail holds yet."""
    commands.prefer_mail(site(), actor(), body["mail"])
    return told(PREFERENCES, notices.mail_preference(site(), actor()))
