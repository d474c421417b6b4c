"""Kotak masuk: what I hold, what waits for my roles, what is late, what waits for others, what is done."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine import clock
from engine.commands.exports import record_export
from engine.queries import inbox as lists
from engine.queries.people import full_names
from engine.queries.user_tasks import UserTask
from web.context import WEB, actor, site
from web.downloads import sheet
from web.pages.blueprint import blueprint
from web.pages.paging import PAGE, offset, paged

CHOICES = ("me", "mine", "roles", "overdue", "others", "done")
LONGEST = 200
AT_ONCE = 1000
HEADINGS = (
    *("tugas", "langkah", "kegiatan", "peran", "jabatan", "status", "dipegang_oleh", "diselesaikan_oleh"),
    *("menunggu_sejak", "diambil", "tenggat", "selesai"),
)


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


def _page(choice: str) -> ResponseReturnValue:
    """`?q=` searches, `?urut=terbaru` sorts, `?halaman=` turns the page; `?csv=1` is a file of all."""
    text, newest = request.args.get("q", "").strip()[:LONGEST], request.args.get("urut") == "terbaru"
    everybody = choice == "done" and request.args.get("semua") == "1"
    find = partial(lists.tasks, site(), actor(), "everybody" if everybody else choice, text=text, newest=newest)
    if request.args.get("csv") == "1":
        return _file(list(_all(find)))
    found = find(offset=offset(), limit=PAGE + 1)
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


def _all(find: Callable[..., list[UserTask]]) -> Iterator[UserTask]:
    first = 0
    while page := find(offset=first, limit=AT_ONCE):
        yield from page
        first += len(page)


def _file(found: list[UserTask]) -> ResponseReturnValue:
    names = _names(found)
    record_export(site(), actor(), WEB, "tasks", len(found))
    return sheet("tugas", HEADINGS, [_row(task, names) for task in found])


def _row(task: UserTask, names: Mapping[str, str]) -> list[str]:
    people = (names.get(name, "") if name else "" for name in (task.claimed_by, task.ended_by))
    moments = (task.created_at, task.claimed_at, task.due_at, task.ended_at)
    plain = (task.id, task.name, task.case_title, task.lane, task.position or "", task.status)
    return [*plain, *people, *(clock.to_text(each) if each else "" for each in moments)]


def _names(found: list[UserTask]) -> dict[str, str]:
    return full_names(site(), [name for task in found for name in (task.claimed_by, task.ended_by, task.delegated_by)])
