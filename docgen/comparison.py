"""What somebody changed in a Word file since it was issued, field by field.

Only what can be read counts: a word processor that saves a file changes nearly every byte of it, and no word.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from lxml import etree

from docgen.codes import codes_in
from docgen.names import BEGIN, END, NAME
from docgen.package import CORE, MAIN, PRINTED, Part, W, read_package

_P, _T, _TAB, _BR, _CHAR = (f"{{{W}}}{tag}" for tag in ("p", "t", "tab", "br", "fldChar"))
_SIMPLE = f"{{{W}}}fldSimple"
_MARKED = re.compile(f"{BEGIN}([^{BEGIN}{NAME}{END}]*){NAME}([^{END}]*){END}")
_WORD = re.compile(r"\w+|[^\w]")
MOST = 100
# A file made to be slow to compare is compared coarsely: so many paragraphs, and so much work within them.
MOST_LINES, MOST_EFFORT, LONG = 3000, 20_000_000, 400


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: the field, where the change lies in one, and what was and is there; "" for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Value:
    """Where in a line a field's value stands."""

    start: int
    end: int
    field: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph as one reads it."""

    text: str
    values: tuple[_Value, ...] = ()


def codes_of(docx: bytes) -> list[str]:
    """The document codes that a Word file prints or carries in its properties; raises `PackageRefused`."""
    found: list[str] = []
    for part in read_package(docx):
        if part.kind in PRINTED:
            found += codes_in("\n".join(line.text for line in _lines(part)))
        elif part.kind == CORE and part.tree is not None:
            found += codes_in(" ".join(part.tree.itertext()))
    return list(dict.fromkeys(found))


def changes(issued: bytes, now: bytes) -> list[Change]:
    """What differs between a document (or a traced copy of it, which knows the fields) and a file; up to a hundred."""
    before, after = read_package(issued), read_package(now)
    found = [*_compared(_body(before), _body(after)), *_compared(_margins(before), _margins(after))]
    if _pictures(after) - _pictures(before):
        found.append(Change("", "", "[gambar]"))
    return list(dict.fromkeys(found))[:MOST]


def reads_the_same(one: bytes, other: bytes) -> bool:
    """Whether two files say the same, whatever a trace adds."""
    return [line.text for line in _body(read_package(one))] == [line.text for line in _body(read_package(other))]


def _body(parts: Sequence[Part]) -> list[_Line]:
    return [line for part in parts if part.kind == MAIN for line in _lines(part)]


def _margins(parts: Sequence[Part]) -> list[_Line]:
    """Headers and footers, each text once: word processors multiply them."""
    kinds = sorted(part.kind for part in parts if part.kind in PRINTED and part.kind != MAIN)
    lines = [line for kind in dict.fromkeys(kinds) for part in parts if part.kind == kind for line in _lines(part)]
    return list({line.text: line for line in reversed(lines)}.values())[::-1]


def _pictures(parts: Sequence[Part]) -> set[str]:
    return {hashlib.sha256(part.content).hexdigest() for part in parts if part.kind.startswith("image/")}


def _lines(part: Part) -> Iterator[_Line]:
    for paragraph in part.tree.iter(_P) if part.tree is not None else ():
        line = _line("".join(_texts(paragraph)))
        if line.text:
            yield line


def _texts(paragraph: etree._Element) -> Iterator[str]:
    """A paragraph's own text; what fields such as the page number come to is left out."""
    fields = 0
    for element in paragraph.iter(_T, _TAB, _BR, _CHAR):
        if next(element.iterancestors(_P), None) is not paragraph:
            continue  # a text box is a paragraph of its own
        if element.tag == _CHAR:
            fields += {"begin": 1, "end": -1}.get(element.get(f"{{{W}}}fldCharType", ""), 0)
        elif not fields and next(element.iterancestors(_SIMPLE), None) is None:
            yield (element.text or "") if element.tag == _T else " "


def _line(marked: str) -> _Line:
    """The text with its spaces folded, and the places of values in it."""
    text, values, at = "", [], 0
    for match in _MARKED.finditer(marked):
        text = _joined(text, marked[at : match.start()])
        start = len(text)
        text = _joined(text, match[1])
        values.append(_Value(start + (text[start : start + 1] == " "), len(text.rstrip()), match[2]))
        at = match.end()
    text = _joined(text, marked[at:])
    return _Line(text.rstrip(), tuple(value for value in values if value.end > value.start))


def _joined(text: str, more: str) -> str:
    folded = re.sub(r"\s+", " ", more)
    return text + (folded.lstrip() if not text or text.endswith(" ") else folded)


def _compared(before: Sequence[_Line], after: Sequence[_Line]) -> Iterator[Change]:
    after, effort = after[:MOST_LINES], 0
    for tag, a, b, c, d in _opcodes([line.text for line in before], [line.text for line in after]):
        if tag == "equal":
            continue
        pairs = min(b - a, d - c)
        for old, new in zip(before[a : a + pairs], after[c : c + pairs], strict=True):
            effort += len(old.text) * len(new.text)
            yield from _within(old, new.text) if effort < MOST_EFFORT else [Change("", old.text, new.text)]
        for old in before[a + pairs : b]:
            yield from _gone(old)
        for new in after[c + pairs : d]:
            yield Change("", "", new.text)


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    # What comes again and again is left aside in long texts, where matching it would take forever.
    return SequenceMatcher(None, before, after, autojunk=len(after) > LONG).get_opcodes()


def _gone(line: _Line) -> Iterator[Change]:
    field = line.values[0].field if len(line.values) == 1 else ""
    yield Change(field, line.text, "")


def _within(line: _Line, now: str) -> Iterator[Change]:
    """The fields that changed in a paragraph; the whole paragraph when other words changed too."""
    steps = list(_steps(line.text, now))
    changed = [step for step in steps if step[0] != "equal"]
    touched = [
        value
        for value in line.values
        if any(
            a < value.end and value.start < b or a == b and value.start <= a <= value.end for _, a, b, _, _ in changed
        )
    ]
    elsewhere = any(not any(value.start <= a and b <= value.end for value in touched) for _, a, b, _, _ in changed)
    if elsewhere or not touched or not all(value.field for value in touched):
        yield Change("", line.text, now)
        return
    for value in touched:
        yield Change(value.field, line.text[value.start : value.end], _moved(steps, value, now))


def _steps(before: str, after: str) -> Iterator[tuple[str, int, int, int, int]]:
    """How a text became another, word by word; places are those of characters."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    at_old, at_new = _places(old), _places(new)
    for tag, a, b, c, d in _opcodes(old, new):
        yield tag, at_old[a], at_old[b], at_new[c], at_new[d]


def _places(words: Sequence[str]) -> list[int]:
    places = [0]
    for word in words:
        places.append(places[-1] + len(word))
    return places


def _moved(steps: Sequence[tuple[str, int, int, int, int]], value: _Value, now: str) -> str:
    """What stands now where the value stood."""
    start, end = 0, len(now)
    for tag, a, b, c, _ in steps:
        if a <= value.start < b or (a == b == value.start and tag == "insert"):
            start = c + (value.start - a if tag == "equal" else 0)
            break
    for tag, a, b, _, d in reversed(steps):
        if a < value.end <= b or (a == b == value.end and tag == "insert"):
            end = d - (b - value.end if tag == "equal" else 0)
            break
    return now[start:end].strip()
