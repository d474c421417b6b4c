"""The official form of an SOP (PermenPAN-RB 35/2012) as a Word file: a header page, then the table with the flow."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, zip_longest
from math import ceil
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.shared import Cm, Pt

from docgen.sop_flow import SPACE, SYMBOL, Flow, Symbol

FONT = "Bookman Old Style"

_SCHEMAS = "http://schemas.openxmlformats.org/"
_MICROSOFT = "http://schemas.microsoft.com/office/word/2010/"
_NAMESPACES = {
    "w": f"{_SCHEMAS}wordprocessingml/2006/main",
    "wp": f"{_SCHEMAS}drawingml/2006/wordprocessingDrawing",
    "a": f"{_SCHEMAS}drawingml/2006/main",
    "mc": f"{_SCHEMAS}markup-compatibility/2006",
    "wpg": f"{_MICROSOFT}wordprocessingGroup",
    "wps": f"{_MICROSOFT}wordprocessingShape",
}
_NS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
# Widths in cm of the page and of the columns; what is left goes to the roles, and then to the activity.
_PAGE, _NUMBER, _ACTIVITY, _INPUTS, _TIME, _OUTPUT, _ROLE, _LABEL = 26.7, 0.9, 4.8, 3.5, 2.3, 2.8, 2.6, 3.6
_NO_REMARK, _REMARK = 1.3, 2.5
_LETTER, _LINE, _TWIPS = 0.215, 0.42, 567
_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")
_ITEM = re.compile(r" (?=\d+\. [A-Z])")


@dataclass(frozen=True, slots=True)
class Row:
    """What the table says of an activity, as the SOP writes it."""

    activity: str
    inputs: str
    time: str
    output: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SopForm:
    """An SOP as its paper has it: `header` and `notes` are labels with their texts, `flows` pairs of symbols' ids."""

    unit: str
    header: Sequence[tuple[str, str]]
    notes: Sequence[tuple[str, str]]
    roles: Sequence[str]
    rows: Sequence[Row]
    symbols: Sequence[Symbol]
    flows: Sequence[tuple[str, str]]
    legend: str


@dataclass(frozen=True, slots=True)
class _Cell:
    width: float
    text: str = ""
    drawing: str | None = None
    bold: bool = False
    centred: bool = False
    shaded: bool = False
    span: int = 1
    merge: str = ""


def write_sop_form(form: SopForm, title: str) -> bytes:
    """The Word file."""
    document = docx.Document()
    _set_up(document, form, title)
    body = document.element.body
    for part in (*_front(form), *_table(form)):
        body.insert(len(body) - 1, parse_xml(part))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: Document, form: SopForm, title: str) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(9)
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(1.5)
    facts = document.core_properties
    facts.title, facts.author, facts.comments = title, form.unit, ""


def _front(form: SopForm) -> Iterator[str]:
    """The first page."""
    half = _PAGE / 2
    unit = [_Cell(half, form.unit, bold=True, centred=True, merge="restart")]
    rows = []
    for label, text in form.header:
        rows.append(_row([*unit, _Cell(_LABEL, label, bold=True), _Cell(half - _LABEL, text)]))
        unit = [_Cell(half, merge="continue")]
    for left, right in zip_longest(form.notes[::2], form.notes[1::2], fillvalue=("", "")):
        rows.append(_row([_Cell(half, left[0], bold=True), _Cell(half, right[0], bold=True, span=2)]))
        rows.append(_row([_Cell(half, left[1]), _Cell(half, right[1], span=2)]))
    yield _tbl([half, _LABEL, half - _LABEL], rows)
    yield f'<w:p {_NS}><w:r><w:br w:type="page"/></w:r></w:p>'


def _table(form: SopForm) -> Iterator[str]:
    """The activities, and what the symbols mean."""
    remark = _REMARK if any(row.remark for row in form.rows) else _NO_REMARK
    said = _NUMBER + _INPUTS + _TIME + _OUTPUT + remark
    role = min(_ROLE, (_PAGE - said - _ACTIVITY) / max(len(form.roles), 1))
    activity = _PAGE - said - role * len(form.roles)
    heights = [_height(form, number, activity, remark) for number in range(len(form.rows))]
    flow = Flow(form.symbols, len(form.roles), role, heights)
    for source, target in form.flows:
        flow.connect(source, target)
    rows, ids = list(_heads(form, activity, role, remark)), count(1)
    for n, row in enumerate(form.rows):
        drawn = [_Cell(role, drawing=flow.drawing(n, column, ids)) for column in range(len(form.roles))]
        texts = [_Cell(_INPUTS, row.inputs), _Cell(_TIME, row.time, centred=True)]
        texts += [_Cell(_OUTPUT, row.output), _Cell(remark, row.remark)]
        cells = [_Cell(_NUMBER, str(n + 1), centred=True), _Cell(activity, row.activity), *drawn, *texts]
        rows.append(_row(cells, heights[n]))
    yield _tbl([_NUMBER, activity, *[role] * len(form.roles), _INPUTS, _TIME, _OUTPUT, remark], rows)
    if form.legend:
        yield _paragraphs(_Cell(_PAGE, f"Keterangan Gambar: {form.legend}"))


def _heads(form: SopForm, activity: float, role: float, remark: float) -> Iterator[str]:
    """The two lines above the activities, which every page repeats."""

    def head(width: float, text: str = "", span: int = 1, merge: str = "") -> _Cell:
        return _Cell(width, text, bold=True, centred=True, shaded=True, span=span, merge=merge)

    count_, standard = len(form.roles), {"Kelengkapan": _INPUTS, "Waktu": _TIME, "Output": _OUTPUT}
    first = [head(_NUMBER, "No", merge="restart"), head(activity, "Aktivitas", merge="restart")]
    first += [head(role * count_, "Pelaksana", count_), head(sum(standard.values()), "Mutu Baku", 3)]
    first.append(head(remark, "Ket", merge="restart"))
    second = [head(_NUMBER, merge="continue"), head(activity, merge="continue"), *(head(role, n) for n in form.roles)]
    second += [*(head(width, name) for name, width in standard.items()), head(remark, merge="continue")]
    yield _row(first, head=True)
    yield _row(second, head=True)


def _height(form: SopForm, number: int, activity: float, remark: float) -> float:
    """Tall enough for the texts and for the symbols that stand above each other."""
    row = form.rows[number]
    texts = [(row.activity, activity), (row.inputs, _INPUTS), (row.time, _TIME)]
    texts += [(row.output, _OUTPUT), (row.remark, remark)]
    lines = max(ceil(len(text) * _LETTER / (width - 0.4)) for text, width in texts) + 1
    here = [symbol.role for symbol in form.symbols if symbol.row == number]
    stacked = max((here.count(role) for role in here), default=1)
    return max(lines * _LINE, stacked * (SYMBOL + SPACE) + SPACE)


def _tbl(widths: Sequence[float], rows: Sequence[str]) -> str:
    edges = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in _EDGES)
    grid = "".join(f'<w:gridCol w:w="{round(width * _TWIPS)}"/>' for width in widths)
    return (
        f'<w:tbl {_NS}><w:tblPr><w:tblW w:w="{round(sum(widths) * _TWIPS)}" w:type="dxa"/><w:tblBorders>{edges}'
        '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/>'
        f'<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _row(cells: Sequence[_Cell], height: float = 0, head: bool = False) -> str:
    exact = f'<w:trHeight w:val="{round(height * _TWIPS)}" w:hRule="exact"/>' if height else ""
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{exact}{repeated}</w:trPr>{''.join(map(_tc, cells))}</w:tr>"


def _tc(cell: _Cell) -> str:
    looks = f'<w:tcW w:w="{round(cell.width * _TWIPS)}" w:type="dxa"/>'
    looks += f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    looks += f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
    looks += '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>' if cell.shaded else ""
    if cell.shaded or cell.drawing is not None:  # a narrow column must hold the name of its role
        looks += '<w:tcMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tcMar>'
    if cell.drawing is not None:
        return f"<w:tc><w:tcPr>{looks}</w:tcPr><w:p>{cell.drawing}</w:p></w:tc>"
    looks += '<w:vAlign w:val="center"/>' if cell.centred else ""
    return f"<w:tc><w:tcPr>{looks}</w:tcPr>{_paragraphs(cell)}</w:tc>"


def _paragraphs(cell: _Cell) -> str:
    """The cell's text; what is numbered in it has a line for each number."""
    small = '<w:sz w:val="16"/>' if cell.shaded else ""
    bold = f"<w:rPr><w:b/>{small}</w:rPr>" if cell.bold else ""
    centred = '<w:jc w:val="center"/>' if cell.centred else ""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(text)}</w:t>' for text in _ITEM.split(cell.text))
    spacing = '<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>'
    return f"<w:p {_NS}><w:pPr>{spacing}{centred}</w:pPr><w:r>{bold}{lines}</w:r></w:p>"
