"""What people say about a case."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from engine.commands.comments import LONGEST, add_comment
from engine.errors import NotFound, Unacceptable
from engine.queries.comments import case_comments
from web.api.instances import SEES
from web.api.operation import get, post
from web.api.paging import PAGE, pages, position
from web.api.schema import DIGEST, MOMENT, NUMBER, TEXT, body, page, record, told
from web.context import API, actor, site

COMMENT = record("Comment", seq=NUMBER, at=MOMENT, actor=TEXT, full_name=TEXT, text=TEXT, hash=DIGEST)
NEW = body({"text": {"type": "string", "minLength": 1, "maxLength": LONGEST}})


@get(
    "/process-instances/<instance_id>/comments",
    "What people said about a case, oldest first",
    who=SEES,
    answer=page(COMMENT),
    parameters=PAGE,
    errors=(NotFound,),
)
def comments(instance_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
    """They are entries of its history too."""
    (after,) = position(cursor, int) or (0,)
    found = case_comments(site(), actor(), instance_id, after, limit + 1)
    return pages(found, limit, partial(told, COMMENT), lambda comment: [comment.seq])


@post(
    "/process-instances/<instance_id>/comments",
    "Say something about a case; it stays in its history",
    who=SEES,
    answer=COMMENT,
    status=201,
    body=NEW,
    errors=(NotFound, Unacceptable),
)
def add(instance_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Also when the case rests or has ended."""
    seq = add_comment(site(), actor(), API, instance_id, body["text"]).entry["seq"]
    return told(COMMENT, case_comments(site(), actor(), instance_id, seq - 1, 1)[0])
