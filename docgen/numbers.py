"""Document numbers: a mask such as `{urut}/{klasifikasi}-{jenis}/{wilayah}/{pejabat}/{tahun}`, filled and read back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from docgen.errors import N_, NumberInvalid, Problem

_PLACE = re.compile(r"\{(\w*)\}")
_CLASSIFICATION = re.compile(r"[A-Z]{1,4}(\.\d{1,3}){0,4}")
_COUNTED = {"urut": r"[1-9]\d*", "klasifikasi": _CLASSIFICATION.pattern, "tahun": r"\d{4}"}


@dataclass(frozen=True, slots=True)
class Number:
    """What a document number says."""

    n: int
    classification: str
    year: int


def check_mask(mask: Mapping[str, str], office: Mapping[str, object]) -> None:
    """Raise NumberInvalid unless the mask can number documents without ambiguity."""
    places = _PLACE.findall(mask["mask"])
    for place in ("urut", "tahun"):
        if places.count(place) != 1:
            raise _invalid(N_("A number mask has {%(place)s} exactly once: %(mask)s"), place=place, mask=mask["mask"])
    for place in places:
        if place not in _COUNTED:
            _fixed(place, mask, office)
    if re.search(r"\}\{", mask["mask"]) or re.search(r"[{}]", _PLACE.sub("", mask["mask"])):
        raise _invalid(N_("The places of a number mask are kept apart by signs: %(mask)s"), mask=mask["mask"])


def format_number(mask: Mapping[str, str], n: int, classification: str, office: Mapping[str, object], year: int) -> str:
    """The n-th number of a year's series; raises NumberInvalid for a classification code that is none."""
    check_mask(mask, office)
    if n < 1 or not 1000 <= year <= 9999:
        raise _invalid(N_("%(n)s in the year %(year)s is no number in a series."), n=n, year=year)
    if "{klasifikasi}" in mask["mask"] and not _CLASSIFICATION.fullmatch(classification):
        raise _invalid(N_("“%(code)s” is not a classification code."), code=classification)
    values = {"urut": str(n), "klasifikasi": classification, "tahun": str(year)}
    return _PLACE.sub(lambda place: values.get(place[1]) or _fixed(place[1], mask, office), mask["mask"])


def parse_number(mask: Mapping[str, str], number: str, office: Mapping[str, object]) -> Number:
    """What a number, typed in from the paper register, says; raises NumberInvalid when it does not follow the mask."""
    check_mask(mask, office)
    pattern = "".join(
        re.escape(piece) if odd == 0 else _pattern(piece, mask, office)
        for odd, piece in ((i % 2, piece) for i, piece in enumerate(_PLACE.split(mask["mask"])))
    )
    found = re.fullmatch(pattern, number.strip(), re.ASCII)
    if found is None:
        raise _invalid(N_("“%(number)s” does not follow the mask %(mask)s."), number=number, mask=mask["mask"])
    values = found.groupdict()
    return Number(int(values["urut"]), values.get("klasifikasi") or "", int(values["tahun"]))


def _pattern(place: str, mask: Mapping[str, str], office: Mapping[str, object]) -> str:
    return f"(?P<{place}>{_COUNTED[place]})" if place in _COUNTED else re.escape(_fixed(place, mask, office))


def _fixed(place: str, mask: Mapping[str, str], office: Mapping[str, object]) -> str:
    value = office.get(place) if place == "wilayah" else mask.get(place)
    if place == "mask" or not isinstance(value, str) or not value:
        raise _invalid(N_("Nothing is known for {%(place)s} of the number mask."), place=place)
    return value


def _invalid(msgid: str, **params: object) -> NumberInvalid:
    return NumberInvalid(Problem(msgid, params))
