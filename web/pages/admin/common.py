"""What the pages under /kelola share: who may open them, and how a refusal comes back beside its fields."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from babel.dates import format_date
from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from engine import network, office
from engine.commands.people import NewUser
from engine.errors import Conflict, Forbidden, Invalid, OwnAccount, Unacceptable
from forms.validation import FieldError
from web.context import explain, language, may, site, translate
from web.errors import status_of
from web.pages.blueprint import blueprint

SECTIONS = (
    ("people", "people.manage"),
    ("memberships", "people.manage"),
    ("all_substitutes", "people.manage"),
    ("office_calendar", "office.manage"),
    ("numbers", "acts.view"),
    ("letterhead", "office.manage"),
    ("mails", "office.manage"),
    ("acts", "acts.view"),
    ("proof", "acts.view"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form was not taken: a sentence, and one beside each field that needs mending, by its pointer."""

    notice: str
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 422


@blueprint.app_template_global("sections")
def sections() -> list[str]:
    """The pages of the administration that this visitor may open, in order."""
    return [name for name, action in SECTIONS if may(action)]


@blueprint.get("/kelola")
def administration() -> ResponseReturnValue:
    """The first page that one may open."""
    if not sections():
        raise Forbidden
    return redirect(f"/kelola/{'orang' if 'people' in sections() else 'tindakan'}")


@blueprint.app_template_filter("day")
def day(moment: datetime) -> str:
    """The office's day of a moment."""
    if "zone" not in g:
        with site().database.read() as connection:
            g.zone = office.calendar(connection).zone
    return format_date(moment.astimezone(g.zone).date(), "d MMMM y", locale=language())


@blueprint.app_template_filter("last_day")
def last_day(end: datetime) -> str:
    """The last day of what ends at a moment: with the end of Friday, that is Friday."""
    return day(end - timedelta(microseconds=1))


def attempt(command: Callable[[], object]) -> Refusal | None:
    """Run a command; what it refuses in a way that the form can show comes back."""
    try:
        command()
    except Invalid as error:
        return Refusal(explain(error), sentences(error))
    except (Unacceptable, Conflict, OwnAccount) as error:
        return Refusal(explain(error), status=status_of(type(error)))
    return None


def sentences(error: Invalid) -> dict[str, str]:
    """Field errors by pointer, the first of each."""
    found = [each for each in error.errors if isinstance(each, FieldError)]
    return {each.pointer: translate(each.message, **each.params) for each in reversed(found)}


def done(sentence: str, address: str) -> ResponseReturnValue:
    """Go on to a page that says what was done."""
    flash(sentence)
    return redirect(address)


def slips(people: Sequence[NewUser]) -> str:
    """The page that shows passwords once, each on a slip to hand out with the address that colleagues open."""
    address = next(iter(network.addresses(site().settings)), request.host_url)
    return render_template("admin/passwords.html", people=people, address=address)


def written(name: str) -> str:
    """What was typed into a field, without stray spaces."""
    return " ".join(request.form.get(name, "").split())


def number(text: str) -> int:
    """A whole number as it was typed; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
