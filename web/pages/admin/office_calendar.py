"""Kalender kantor: working hours, Ramadan, holidays and days worked besides; a year of it to look at."""

from calendar import Calendar as Weeks
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import holidays
from babel.dates import get_day_names, get_month_names
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.queries.register import this_year
from engine.worktime import WEEKDAYS, Calendar
from web.context import language, require, site, translate
from web.pages.admin.common import Refusal, done, number, written
from web.pages.admin.office import Data, current, save
from web.pages.blueprint import blueprint

HOURS = ("from", "to", "break_from", "break_minutes")
FIRST, LAST = 2000, 2100


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the year's picture: `kind` is work, rest, official, closed, open or ramadan."""

    day: date
    kind: str
    name: str = ""


@blueprint.get("/kelola/kalender")
def office_calendar(refusal: Refusal | None = None, act: str = "") -> str:
    """This year, or `?tahun=`."""
    require("office.manage")
    data, revision = current()
    stated = data["working_time"]
    typed = _hours(stated) if refusal and act == "hours" else stated
    year = _year()
    names = get_day_names("wide", locale=language())
    return render_template(
        "admin/office_calendar.html",
        stated=typed,
        revision=revision,
        weekdays=[(day, names[number]) for number, day in enumerate(WEEKDAYS)],
        year=year,
        months=_months(data, year),
        short=[get_day_names("narrow", locale=language())[number] for number in range(7)],
        holidays=_named(stated.get("holidays", ())),
        working_days=_named(stated.get("working_days", ())),
        refusal=refusal,
        act=act,
        form=request.form,
    )


@blueprint.post("/kelola/kalender")
def change_calendar() -> ResponseReturnValue:
    """Save the hours, or add or remove a day."""
    require("office.manage")
    act = request.form.get("_act", "")
    change = {"hours": _hours, "day": _with_day, "remove": _without_day}.get(act, _hours)
    if refusal := save(lambda data: {**data, "working_time": change(data["working_time"])}):
        return office_calendar(refusal, act), refusal.status
    return done(translate("Saved. Deadlines from now on follow it."), url_for("pages.office_calendar", tahun=_year()))


def _hours(stated: Data) -> Data:
    """The week and Ramadan as the form has them; a day without a beginning is no working day."""
    kept: Data = {name: stated[name] for name in ("holidays", "working_days") if name in stated}
    ramadan = {"periods": _periods(), **_week("ramadan_")}
    return {**_week(""), "ramadan": ramadan, **kept}


def _week(prefix: str) -> Data:
    week: Data = {}
    for day in WEEKDAYS:
        typed = {part: written(f"{prefix}{day}_{part}") for part in HOURS}
        if typed["from"] or typed["to"]:
            hours: Data = {"from": typed["from"].replace(".", ":"), "to": typed["to"].replace(".", ":")}
            if typed["break_from"]:
                hours |= {
                    "break_from": typed["break_from"].replace(".", ":"),
                    "break_minutes": number(typed["break_minutes"]),
                }
            week[day] = hours
    return week


def _periods() -> list[dict[str, str]]:
    pairs = zip(request.form.getlist("period_from"), request.form.getlist("period_to"), strict=False)
    return [{"from": first.strip(), "to": last.strip()} for first, last in pairs if first.strip() or last.strip()]


def _with_day(stated: Data) -> Data:
    kind = "working_days" if request.form.get("kind") == "working_days" else "holidays"
    days = [{"date": written("day"), "name": written("name")}, *stated.get(kind, ())]
    return {**_without(stated, written("day")), kind: sorted(days, key=_date)}


def _without_day(stated: Data) -> Data:
    return _without(stated, request.form.get("day", ""))


def _without(stated: Data, day: str) -> Data:
    kept = {
        name: [each for each in stated.get(name, ()) if _date(each) != day] for name in ("holidays", "working_days")
    }
    return {**stated, **kept}


def _date(stated: Any) -> str:  # noqa: ANN401 - a day alone, or with its name
    return str(stated["date"] if isinstance(stated, dict) else stated)


def _named(days: Sequence[Any]) -> dict[str, str]:
    return {_date(each): each.get("name", "") if isinstance(each, dict) else "" for each in days}


def _year() -> int:
    return min(max(number(request.values.get("tahun", "")) or this_year(site()), FIRST), LAST)


def _months(data: Data, year: int) -> list[tuple[str, list[list[Day | None]]]]:
    """Month → weeks → days, None outside the month."""
    calendar, stated = Calendar.from_office(data), data["working_time"]
    official = holidays.country_holidays("ID", years=year, categories=("public", "government"), language=language())
    closed, opened = _named(stated.get("holidays", ())), _named(stated.get("working_days", ()))

    def judge(day: date) -> Day:
        text = day.isoformat()
        if text in opened:
            return Day(day, "open", opened[text])
        if text in closed:
            return Day(day, "closed", closed[text])
        if day in official:
            return Day(day, "official", official[day])
        if not calendar.spans(day):
            return Day(day, "rest")
        return Day(day, "ramadan" if any(first <= day <= last for first, last in calendar.ramadan) else "work")

    names, weeks = get_month_names("wide", locale=language()), Weeks().monthdatescalendar
    return [
        (
            names[month],
            [[judge(day) if day.month == month else None for day in week] for week in weeks(year, month)],
        )
        for month in range(1, 13)
    ]
