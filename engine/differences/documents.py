"""What changed in the Word templates: their fields and their texts."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest

from docgen.errors import PackageRefused
from docgen.render import TemplateInvalid, compile_template
from docgen.text import paragraphs
from engine.differences.change import Change
from engine.errors import N_

MOST = 40


def document_changes(old: bytes, new: bytes, file: str) -> Iterator[Change]:
    """The changes of the template `file`."""
    if old == new:
        return
    found = [*_fields(old, new, file), *_texts(old, new, file)]
    yield from found[:MOST]
    if len(found) > MOST:
        params = {"n": str(len(found) - MOST)}
        yield Change("changed", "document", file, N_("and %(n)s more"), params)
    if not found:
        sentence = N_("only the look of the document changed, no field and no word")
        yield Change("changed", "document", file, sentence)


def _fields(old: bytes, new: bytes, file: str) -> Iterator[Change]:
    try:
        before, after = (compile_template(each, file).names for each in (old, new))
    except TemplateInvalid:
        return  # the findings say what is wrong with it
    for name in sorted(after - before):
        yield Change("added", "document", file, N_("field {{ %(name)s }} added"), {"name": name})
    for name in sorted(before - after):
        sentence = N_("field {{ %(name)s }} removed")
        yield Change("removed", "document", file, sentence, {"name": name})


def _texts(old: bytes, new: bytes, file: str) -> Iterator[Change]:
    try:
        before, after = paragraphs(old), paragraphs(new)
    except PackageRefused:
        return
    for how, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "equal":
            continue
        for was, now in zip_longest(before[a:b], after[c:d]):
            if was is None:
                yield Change("added", "document", file, N_("text added"), {}, None, now)
            elif now is None:
                yield Change("removed", "document", file, N_("text removed"), {}, was, None)
            else:
                yield Change("changed", "document", file, N_("text"), {}, was, now)
