"""Kotak masuk: what I hold, what waits for my roles, what is late, what waits for others, what is done."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.queries import inbox as lists
from engine.queries.people import full_names
from engine.queries.user_tasks import UserTask
from web.context import actor, site
from web.pages.blueprint import blueprint
from web.pages.paging import PAGE, offset, paged

CHOICES = ("me", "mine", "roles", "overdue", "others", "done")
LONGEST = 200


@blueprint.get("/")
def inbox() -> ResponseReturnValue:
    """What is mine to do: first what I hold, then what my roles share, the nearest deadline on top."""
    return _page("me")


@blueprint.get("/saya/tugas", defaults={"choice": "mine"})
@blueprint.get("/bersama", defaults={"choice": "roles"})
@blueprint.get("/terlambat", defaults={"choice": "overdue"})
@blueprint.get("/menunggu", defaults={"choice": "others"})
@blueprint.get("/selesai", defaults={"choice": "done"})
def tasks(choice: str) -> ResponseReturnValue:
    """One list alone; of what is finished also others' with `?semua=1`."""
    return _page(choice)


def _page(choice: str) -> str:
    """`?q=` searches, `?urut=terbaru` sorts, `?halaman=` turns the page."""
    text, newest = request.args.get("q", "").strip()[:LONGEST], request.args.get("urut") == "terbaru"
    everybody = choice == "done" and request.args.get("semua") == "1"
    found = lists.tasks(
        site(),
        actor(),
        "everybody" if everybody else choice,
        text=text,
        newest=newest,
        offset=offset(),
        limit=PAGE + 1,
    )
    page, more = paged(found)
    return render_template(
        "inbox.html",
        choice=choice,
        choices=CHOICES,
        counts=lists.counts(site(), actor()),
        tasks=page,
        mine=[task for task in page if task.status == "claimed" or task.delegated_to == actor().name],
        names=_names(page),
        text=text,
        newest=newest,
        everybody=everybody,
        first=offset() + 1,
        more=more,
        page_size=PAGE,
    )


def _names(found: list[UserTask]) -> dict[str, str]:
    return full_names(site(), [name for task in found for name in (task.claimed_by, task.ended_by, task.delegated_by)])
