"""A Word part as the source of a Jinja template: fields found across runs, blocks checked against the page's structure.

The dialect is the simple part of docxtpl's: `{{ field }}`, `{% if … %}` inside a paragraph, and `{%p … %}`,
`{%tr … %}`, `{%tc … %}` for whole paragraphs, rows and cells. A block must open and close in the same place (paragraph,
cell, table), so what is left out or repeated is always well-formed, whatever the data.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from docgen.errors import N_, Problem
from docgen.package import W

_P, _T, _TC, _HDR, _FTR = (f"{{{W}}}{tag}" for tag in ("p", "t", "tc", "hdr", "ftr"))
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_MARK = re.compile("|".join(map(re.escape, [*_CLOSING, *_CLOSING.values()])))
_BLOCK = re.compile(r"\{%(p|tr|tc)?\s+(for|if|elif|else|endfor|endif)\b\s*(.*?)\s*%\}", re.DOTALL)
_ENDS = {"endfor": ("for",), "endif": ("if",), "elif": ("if",), "else": ("if", "for")}
_QUOTES = str.maketrans("“”„‘’‚\xa0", "\"\"\"''' ")
_INSTRUCTION = re.compile(r"<\?jinja (\d+)\?>")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAX_TAGS, MAX_TAG, MAX_DEPTH, MAX_PROBLEMS = 2000, 500, 8, 20


@dataclass(frozen=True, slots=True)
class _Open:
    """A block that waits for its end."""

    tag: str
    keyword: str
    unit: str
    place: etree._Element | None


class Source:
    """The Jinja source of one part, and what is wrong with its tags."""

    def __init__(self, name: str, root: etree._Element) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self._tags: list[str] = []
        self._open: list[_Open] = []
        if etree.QName(root).namespace == W:
            for texts in _paragraphs(root):
                if len(self._tags) <= MAX_TAGS and len(self.problems) < MAX_PROBLEMS:
                    self._read(texts)
            self._check_cells(root)
        else:
            for element in [e for e in root.iter() if len(e) == 0 and e.text]:
                self._read([element])
        for block in self._open:
            self._complain(N_("%(tag)s is never closed."), tag=block.tag)
        self.text = self._serialise(root)

    def _complain(self, msgid: str, **params: object) -> None:
        self.problems.append(Problem(msgid, params))

    def _read(self, texts: list[etree._Element]) -> None:
        joined = "".join(element.text or "" for element in texts)
        spans = list(self._spans(joined))
        if spans:
            _refill(texts, joined, [(a, b, self._add(joined[a:b])) for a, b in spans])
            for element in [e for text in texts for e in text]:
                self._place(joined, element)

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        opened: re.Match[str] | None = None
        for mark in _MARK.finditer(text):
            if opened is None and mark.group() in _CLOSING:
                opened = mark
            elif opened and mark.group() == _CLOSING[opened.group()] and mark.end() - opened.start() <= MAX_TAG:
                yield opened.start(), mark.end()
                opened = None
            else:
                self._complain(N_("The braces do not match in “%(text)s”."), text=text.strip()[:120])
                return
        if opened:
            self._complain(N_("The braces do not match in “%(text)s”."), text=text.strip()[:120])

    def _add(self, tag: str) -> int:
        self._tags.append(tag.translate(_QUOTES))
        return len(self._tags) - 1

    def _place(self, joined: str, mark: etree._Element) -> None:
        """Check one tag, and let a tag for a paragraph, row or cell take that thing's place."""
        index = int(mark.text or "")
        tag = self._tags[index]
        if not tag.startswith("{%"):
            return
        block = _BLOCK.fullmatch(tag)
        if block is None:
            self._complain(N_("%(tag)s is not something that a template may do."), tag=tag)
            return
        unit, keyword, rest = block.groups()
        self._tags[index] = f"{{% {keyword} {rest} %}}"
        element = _enclosing(mark, unit)
        if element is None or (unit and not _is_alone(element)):
            self._complain(N_("%(tag)s must stand alone in its paragraph, row or cell."), tag=tag)
            return
        place = element.getparent()
        self._nest(tag, keyword, unit or "", place)
        if unit and place is not None:
            place.replace(element, etree.ProcessingInstruction("jinja", str(index)))

    def _nest(self, tag: str, keyword: str, unit: str, place: etree._Element | None) -> None:
        if keyword in ("for", "if"):
            self._open.append(_Open(tag, keyword, unit, place))
            if len(self._open) > MAX_DEPTH:
                self._complain(N_("%(tag)s lies too deep in other blocks."), tag=tag)
            return
        block = self._open[-1] if self._open else None
        if block is None or block.keyword not in _ENDS[keyword]:
            self._complain(N_("%(tag)s closes nothing."), tag=tag)
        elif block.unit != unit or block.place is not place:
            self._complain(
                N_("%(tag)s must be closed in the same paragraph, cell or table, not by %(end)s elsewhere."),
                tag=block.tag,
                end=tag,
            )
        if block and keyword.startswith("end"):
            self._open.pop()

    def _check_cells(self, root: etree._Element) -> None:
        # Word calls a file damaged whose cell, header or footer does not end in a paragraph.
        for element in root.iter(_TC, _HDR, _FTR):
            if len(element) == 0 or element[-1].tag != _P:
                self._complain(N_("A cell, header or footer must end in a paragraph that always prints."))

    def _serialise(self, root: etree._Element) -> str:
        text = etree.tostring(root, encoding="unicode")
        if len(self._tags) > MAX_TAGS:
            self._complain(N_("Part “%(part)s” has more than %(limit)d fields."), part=self.name, limit=MAX_TAGS)
        elif any(mark in text for mark in _CLOSING):
            self._complain(N_("Part “%(part)s” has a field where there is no text to print."), part=self.name)
        # One paragraph a line, so that Jinja's line numbers lead back to a paragraph; Word ignores the break.
        text = re.sub(r"(?=<w:p[ >])", "\n", text)
        return _HEAD + _INSTRUCTION.sub(lambda mark: self._tags[int(mark.group(1))], text)


def _paragraphs(root: etree._Element) -> list[list[etree._Element]]:
    """The text elements of each paragraph; those of a text box inside it are a paragraph of their own."""
    found: dict[etree._Element | None, list[etree._Element]] = {}
    for text in root.iter(_T):
        found.setdefault(next(text.iterancestors(_P), None), []).append(text)
    return list(found.values())


def _refill(texts: list[etree._Element], joined: str, spans: list[tuple[int, int, int]]) -> None:
    """Put every tag whole into the text where it begins."""
    waiting = deque(spans)
    cursor = end = 0
    for element in texts:
        cursor, end = max(cursor, end), end + len(element.text or "")
        element.text, last = None, None
        while waiting and waiting[0][0] < end:
            start, stop, index = waiting.popleft()
            _append(element, last, joined[cursor:start])
            last = etree.ProcessingInstruction("jinja", str(index))
            element.append(last)
            cursor = stop
        _append(element, last, joined[cursor:end])
        if element.tag == _T:
            element.set(_SPACE, "preserve")


def _append(element: etree._Element, last: etree._Element | None, text: str) -> None:
    if last is None:
        element.text = text
    else:
        last.tail = text


def _enclosing(mark: etree._Element, unit: str | None) -> etree._Element | None:
    """The run, paragraph, row or cell that a tag governs."""
    return next(mark.iterancestors(f"{{{W}}}{unit or 'r'}"), None)


def _is_alone(element: etree._Element) -> bool:
    return not str(element.xpath("string()")).strip() and len(element.xpath(".//processing-instruction()")) == 1
