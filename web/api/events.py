"""What other systems tell cases: messages for one, signals for all that wait."""

from collections.abc import Mapping
from typing import Any

from engine.commands import events as commands
from engine.errors import Forbidden
from engine.runtime import NotExpected
from web.api.operation import post
from web.api.schema import DIGEST, TEXT, body, many, record
from web.context import API, actor, site

NAME = {"type": "string", "minLength": 1, "maxLength": 200}
MESSAGE = body(
    {"name": NAME},
    optional={
        "correlation": {"description": "What the case said it waits for, such as a letter's number."},
        "payload": {"description": "What the case gets; any JSON."},
    },
)
SIGNAL = body({"name": NAME}, optional={"payload": {"description": "What the cases get; any JSON."}})
DELIVERED = record("Delivered", process_instance_id=TEXT, receipt=DIGEST)
REACHED = record("Reached", process_instance_ids=many(TEXT))


@post(
    "/messages",
    "Give a message to the case that has waited longest for it",
    who="admins",
    answer=DELIVERED,
    body=MESSAGE,
    errors=(Forbidden, NotExpected),
)
def message(body: Mapping[str, Any]) -> dict[str, Any]:
    """One case takes it, or begins with it; else nothing is kept."""
    case, recorded = commands.deliver_message(
        site(), actor(), API, body["name"], body.get("correlation"), body.get("payload")
    )
    return {"process_instance_id": case, "receipt": recorded.hash}


@post(
    "/signals",
    "Give a signal to every case that waits for it",
    who="admins",
    answer=REACHED,
    body=SIGNAL,
    errors=(Forbidden,),
)
def signal(body: Mapping[str, Any]) -> dict[str, Any]:
    """None may wait for it; that is no error."""
    reached = commands.broadcast_signal(site(), actor(), API, body["name"], body.get("payload"))
    return {"process_instance_ids": reached}
