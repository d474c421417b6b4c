"""Everything that people read is there in Indonesian."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.extract import extract
from hypothesis import given
from hypothesis import strategies as st
from jinja2.ext import babel_extract

from engine.errors import AlurError, TaskClaimed
from engine.language import PACKAGES, ROOT, catalogue, explain, moment, translate

PLACES = re.compile(r"%\((\w+)\)")
KEYWORDS = {"N_": None, "_": None, "say": None, "gettext": None, "ngettext": (1, 2)}


def sentences() -> set[str]:
    found: set[str] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            with path.open("rb") as file:
                found |= said(message for _, message, *_ in extract("python", file, KEYWORDS))
        for path in (ROOT / package).rglob("*.html"):
            with path.open("rb") as file:
                options = {"trimmed": "true", "newstyle_gettext": "true"}
                found |= said(message for _, _, message, _ in babel_extract(file, list(KEYWORDS), [], options))
    return found


def said(messages: Iterable[str | tuple[str | None, ...] | None]) -> set[str]:
    """The sentences among what an extractor found; a variable in a sentence's place is found as None."""
    together = (message if isinstance(message, tuple) else (message,) for message in messages)
    return {text for texts in together for text in texts if text}


def test_every_sentence_is_translated() -> None:
    assert sorted(sentences() - catalogue("id").keys()) == []


def test_a_translation_fills_in_no_more_than_its_sentence_has() -> None:
    wrong = {
        english: indonesian
        for english, indonesian in catalogue("id").items()
        if not set(PLACES.findall(indonesian)) <= set(PLACES.findall(english))
    }
    assert wrong == {}


def test_no_catalogue_contradicts_another() -> None:
    seen: dict[str, tuple[str, Path]] = {}
    from babel.messages.pofile import read_po

    for package in PACKAGES:
        for path in sorted((ROOT / package / "locale").glob("*.id.po")):
            with path.open("rb") as file:
                for message in read_po(file, locale="id"):
                    if message.id:
                        text = str(message.string)
                        assert seen.setdefault(str(message.id), (text, path))[0] == text, (message.id, path)


NAMES = st.lists(st.sampled_from(("Alamsyah", "S.H.", "M.Si.", "a..b", "dll.")), min_size=1).map(", ".join)


@given(NAMES, NAMES)
def test_a_name_that_ends_with_a_full_stop_gets_no_second_one(who: str, other: str) -> None:
    said = translate("%(who)s told %(other)s.", "en", {"who": who, "other": other})
    assert said == f"{who} told {other}{'' if other.endswith('.') else '.'}"


def test_moments_are_written_the_offices_way() -> None:
    from engine.clock import from_text

    at = from_text("2026-11-24T02:30:00.000000Z")
    assert moment(at, "id") == "24 November 2026 pukul 10.30 WITA"
    refused = TaskClaimed(holder="Hasnah", since=at)
    assert explain(refused, "id") == "Tugas ini diambil oleh Hasnah pada 24 November 2026 pukul 10.30 WITA."
    assert explain(refused, "en") == "Hasnah took this task on 24 November 2026 at 10:30 WITA."


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_unknown_sentence_stays_as_it_is(language: str) -> None:
    assert translate("never heard of", language) == "never heard of"


def subclasses(of: type[AlurError]) -> set[type[AlurError]]:
    return {of}.union(*(subclasses(each) for each in of.__subclasses__()))


def test_every_refusal_has_a_code_of_its_own() -> None:
    classes = subclasses(AlurError)
    assert len({each.code for each in classes}) == len(classes)
