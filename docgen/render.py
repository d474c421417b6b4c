"""Word documents from templates: a pure function, where equal template and data give equal bytes.

A template is compiled once: every part that prints is turned into a Jinja template, everything else keeps the very
bytes that it has in the template's ZIP. Rendering fills the parts and writes the ZIP records in their order.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, wraps
from typing import Any

import jinja2
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from docgen.archive import Member, stored, write_zip
from docgen.errors import N_, PackageRefused, Problem, TemplateError, TemplateInvalid
from docgen.names import LOOP, Reader, Tracer
from docgen.package import CORE, PRINTED, Part, read_package
from docgen.tags import Source
from docgen.wording import FILTERS

__all__ = ["RENDERER_VERSION", "Template", "TemplateError", "TemplateInvalid", "compile_template"]

#: Changes whenever the same template and data would give other bytes: re-execution compares only with its own version.
RENDERER_VERSION = "2"

MAX_RENDERED = 16 << 20
# What XML 1.0 cannot hold, and what Word shows as anything but text.
_UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_PLAIN = re.compile("[&<>\"'\n\t]|" + _UNPRINTABLE.pattern)
_BREAK = Markup('</w:t><w:br/><w:t xml:space="preserve">')
_TAB = Markup('</w:t><w:tab/><w:t xml:space="preserve">')


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int | float):
        return str(value).replace(".", ",")
    if isinstance(value, list | tuple | Mapping):
        raise TemplateError(Problem(N_("A list or a group of fields stands where one value is needed.")))
    return str(value)


def _print(value: object) -> Markup:
    """A value inside Word's text; its line breaks and tabs are Word's."""
    text = _text(value)
    if _NOT_PLAIN.search(text) is None:
        return Markup(text)
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))
    return escape(text).replace("\n", _BREAK).replace("\t", _TAB)


def _print_property(value: object) -> Markup:
    """A value inside a property, such as the title: one line."""
    return escape(_UNPRINTABLE.sub("", " ".join(_text(value).split())))


def _optional(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Filters leave an empty field empty, and say which value they could not put into words."""

    @wraps(function)
    def apply(value: Any, *arguments: Any) -> Any:
        if value is None:
            return ""
        try:
            return function(value, *arguments)
        except (ValueError, TypeError, ArithmeticError, KeyError, AttributeError) as error:
            shown = str(value)[:80]
            raise TemplateError(
                Problem(N_("“%(value)s” cannot be put into words by “%(filter)s”."), {"value": shown, "filter": name})
            ) from error

    return apply


class _Environment(SandboxedEnvironment):
    """Templates see data and nothing else: no attributes of Python objects, no functions, no globals."""

    def __init__(self, finalize: Callable[[object], Markup]) -> None:
        super().__init__(undefined=jinja2.StrictUndefined, autoescape=True, finalize=finalize, optimized=False)
        self.globals.clear()
        self.tests.clear()
        self.filters = {name: _optional(name, function) for name, function in FILTERS.items()}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, list | tuple) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=str(argument))


_WORD, _PROPERTIES = _Environment(_print), _Environment(_print_property)


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template; `names` are the fields that it reads, dotted, loop variables resolved."""

    name: str
    names: frozenset[str]
    _members: tuple[Member | tuple[str, jinja2.Template], ...]

    def render(self, context: Mapping[str, Any]) -> bytes:
        """The document, byte for byte the same for the same context; raises TemplateError naming the field."""
        try:
            return write_zip(
                member if isinstance(member, Member) else stored(member[0], _fill(member[1], context))
                for member in self._members
            )
        except TemplateError as error:
            raise TemplateError(*error.problems, template=self.name) from error
        except jinja2.UndefinedError as error:
            raise TemplateError(self._missing(context), template=self.name) from error
        except (TypeError, ValueError, ArithmeticError) as error:
            problem = Problem(N_("The data do not fit a condition or a loop: %(reason)s."), {"reason": str(error)})
            raise TemplateError(problem, template=self.name) from error

    def _missing(self, context: Mapping[str, Any]) -> Problem:
        fields = sorted(name for name in self.names if not _has(context, name.split(".")))
        shorter = [name for name in fields if not any(name.startswith(f"{field}.") for field in fields)]
        return Problem(N_("There is no such field: %(fields)s."), {"fields": ", ".join(shorter) or "[…]"})


@lru_cache(maxsize=128)
def compile_template(docx: bytes, name: str = "", traced: bool = False) -> Template:
    """Make a template of a Word file; raises TemplateInvalid with all that is wrong in its tags.

    Errors name the template when `name` is given. What a traced one makes says of each value which field it came from.
    """
    problems: list[Problem] = []
    names: set[str] = set()
    members: list[Member | tuple[str, jinja2.Template]] = []
    for part in _parts(docx, name):
        if part.tree is None or not (part.kind in PRINTED or part.kind == CORE):
            members.append(part.member)
            continue
        if part.kind == CORE:
            _set_properties(part.tree)
        source = Source(part.member.name, part.tree)
        problems += source.problems
        if not source.problems and (template := _compile(part, source.text, names, problems, traced)):
            members.append((part.member.name, template))
    if problems:
        raise TemplateInvalid(*problems, template=name)
    return Template(name, frozenset(names), tuple(members))


def _parts(docx: bytes, name: str) -> tuple[Part, ...]:
    try:
        return read_package(docx)
    except PackageRefused as refused:
        raise PackageRefused(*refused.problems, template=name) from refused


def _compile(part: Part, source: str, names: set[str], problems: list[Problem], traced: bool) -> jinja2.Template | None:
    environment = _PROPERTIES if part.kind == CORE else _WORD
    reader = (Tracer if traced and part.kind in PRINTED else Reader)(environment.filters)
    try:
        tree = environment.parse(source)
        reader.read(tree)
        template = None if reader.problems else environment.from_string(tree)
    except jinja2.TemplateSyntaxError as error:
        problem = Problem(N_("A tag cannot be read: %(reason)s."), {"reason": error.message})
        problems.append(_at(source, error.lineno, problem))
        return None
    except (RecursionError, SyntaxError, MemoryError):  # Jinja's parser, or Python's on what Jinja made of it
        problems.append(Problem(N_("A tag is too deeply nested to be read.")))
        return None
    problems += [_at(source, line, problem) for line, problem in reader.problems]
    names |= reader.names
    return template


def _fill(template: jinja2.Template, context: Mapping[str, Any]) -> bytes:
    chunks, size = [], 0
    for chunk in template.root_render_func(template.new_context(dict(context))):
        size += len(chunk)
        if size > MAX_RENDERED:
            raise TemplateError(
                Problem(N_("The document would be larger than %(limit)d MB."), {"limit": MAX_RENDERED >> 20})
            )
        chunks.append(chunk)
    return "".join(chunks).encode()


def _has(value: Any, path: list[str]) -> bool:
    """Whether a dotted name leads somewhere; in rows, in every one of them."""
    if isinstance(value, list | tuple):
        return all(_has(row, path) for row in value)
    if not path:
        return True
    return value is not None and isinstance(value, Mapping) and path[0] in value and _has(value[path[0]], path[1:])


_CP = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC, _TERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"


def _set_properties(core: etree._Element) -> None:
    """Say of the document what is true of it, not of the day on which somebody edited the template.

    Its code is there too: word processors keep it when somebody removes the footer.
    """
    creator = core.findtext(f"{{{_DC}}}creator") or ""
    values = {
        f"{{{_CP}}}lastModifiedBy": creator,
        f"{{{_CP}}}revision": "1",
        f"{{{_TERMS}}}created": "{{ dokumen.tanggal }}T00:00:00Z",
        f"{{{_TERMS}}}modified": "{{ dokumen.tanggal }}T00:00:00Z",
    }
    for element in list(core):
        if element.tag in values:
            element.text = values[str(element.tag)]
        elif element.tag in (f"{{{_CP}}}lastPrinted", f"{{{_CP}}}keywords"):
            core.remove(element)
    etree.SubElement(core, f"{{{_CP}}}keywords").text = "{{ dokumen.kode }}"


def _at(source: str, line: int, problem: Problem) -> Problem:
    text = re.sub(r"<[^>]*>", "", source.splitlines()[line - 1]).strip()[:120]
    return replace(problem, place=text)
