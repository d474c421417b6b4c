"""`alur start`, `tasks`, `complete`, `reassign`, `history`."""

from collections.abc import Mapping
from typing import Any

import click

from engine.access import Actor
from engine.cli.base import acting, alur, as_json, channel, read_data, say, show
from engine.commands.cases import start_process
from engine.commands.reassignments import reassign_user_task
from engine.commands.user_tasks import complete_user_task
from engine.queries.cases import case_history
from engine.queries.user_tasks import inbox
from engine.site import Site

PAGE = 200


@alur.command(help=say("Start a case of an SOP."))
@click.argument("key")
@click.option("--data", help=say("A JSON object, or @file."))
@click.option("--business-key", help=say("What the case is called."))
@as_json
@acting
def start(site: Site, actor: Actor, key: str, data: str | None, business_key: str | None, json_: bool) -> None:
    """Print the new case's id."""
    case, receipt = start_process(site, actor, channel(), key, business_key=business_key, data=read_data(data))
    show({"id": case, "receipt": receipt}, json_, lambda value: str(value["id"]))


@alur.command(help=say("List open tasks, the nearest deadline first."))
@as_json
@acting
def tasks(site: Site, actor: Actor, json_: bool) -> None:
    """The inbox of `--user`, or all open tasks."""
    found = inbox(site, actor, limit=PAGE)
    show(found, json_, lambda t: f"{t.id}  {t.lane}  {t.name}  {t.case_title}  {t.claimed_by or '-'}")


@alur.command(help=say("Complete a task."))
@click.argument("task")
@click.option("--data", required=True, help=say("A JSON object, or @file."))
@as_json
@acting
def complete(site: Site, actor: Actor, task: str, data: str, json_: bool) -> None:
    """Print the receipt."""
    show(complete_user_task(site, actor, channel(), task, read_data(data)), json_, lambda c: str(c.receipt))


@alur.command(help=say("Give a task to somebody else, or back to its role."))
@click.argument("task")
@click.option("--to", metavar="NAME", help=say("Who gets it; left out, its role gets it back."))
@click.option("--reason", required=True, help=say("Why; it stays in the history."))
@acting
def reassign(site: Site, actor: Actor, task: str, to: str | None, reason: str) -> None:
    """Whoever holds it now."""
    reassign_user_task(site, actor, channel(), task, to, reason)


@alur.command(help=say("Print what happened in a case."))
@click.argument("case")
@as_json
@acting
def history(site: Site, actor: Actor, case: str, json_: bool) -> None:
    """Every entry, oldest first."""
    entries: list[Mapping[str, Any]] = []
    while page := case_history(site, actor, case, after=len(entries), limit=PAGE):
        entries += page
    show(entries, json_, lambda e: f"{e['seq']}  {e['at']}  {e['actor']}  {e['kind']}  {e['activity_name'] or ''}")
