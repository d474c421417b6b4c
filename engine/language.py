"""Two languages: English sentences stand in the code, Indonesian ones in the `*.id.po` catalogues beside it."""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.messages.pofile import read_po

from engine.commandline import spelled
from engine.errors import AlurError

LANGUAGES = ("id", "en")
PACKAGES = ("engine", "forms", "docgen", "web")
ROOT = Path(__file__).resolve().parent.parent

Zone = tuple[str, str]  # a time zone, and what people call it
# In which zone moments are written while something is answered; whoever knows the office sets it.
ZONE: ContextVar[Zone] = ContextVar("zone", default=("Asia/Makassar", "WITA"))


@lru_cache
def catalogue(language: str) -> Mapping[str, str]:
    """English sentence → sentence in `language`, merged from every package's catalogues; empty for English."""
    sentences: dict[str, str] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package / "locale").glob(f"*.{language}.po")):
            with path.open("rb") as file:
                messages = read_po(file, locale=language)
            sentences.update({str(m.id): str(m.string) for m in messages if m.id and m.string})
    return sentences


def translate(sentence: str, language: str, params: Mapping[str, object] | None = None) -> str:
    """The sentence in `language` with its parameters filled in; moments are written the office's way."""
    text = spelled(catalogue(language).get(sentence, sentence))
    if not params:
        return text
    shown = {name: _shown(value, language) for name, value in params.items()}
    return one_stop(text % shown, shown.values())


def one_stop(text: str, filled: Iterable[object]) -> str:
    """`text` without the second full stop after what was filled in and ends with one: "a.n. Alamsyah, S.H."."""
    for value in filled:
        if str(value).endswith("."):
            text = text.replace(f"{value}.", str(value))
    return text


def explain(error: AlurError, language: str) -> str:
    """What an error says to a person."""
    return translate(error.message, language, error.params)


def moment(value: datetime, language: str, zone: Zone | None = None) -> str:
    """ "24 November 2026 pukul 10.30 WITA", or "24 November 2026 at 10:30 WITA"; else by the zone that `ZONE` holds."""
    name, abbreviation = zone or ZONE.get()
    local = value.astimezone(ZoneInfo(name))
    pattern = "d MMMM y 'pukul' HH.mm" if language == "id" else "d MMMM y 'at' HH:mm"
    return f"{format_datetime(local, pattern, locale=language)} {abbreviation}"


def _shown(value: object, language: str) -> object:
    if isinstance(value, datetime):
        return moment(value, language)
    return translate(value, language) if isinstance(value, str) else value
