"""A Word document as HTML to read: what stands in it and roughly how, from the letterhead on page 1 to the copies list.

Mammoth turns the structure into HTML; alignment, weight, indents and lines, which it leaves out, become class names for
the page's own style sheet. Nothing but a few harmless elements and attributes comes out.
"""

import io
import re
import zipfile
from itertools import product

import docx
import mammoth
from docx.opc.part import XmlPart
from docx.oxml.ns import nsmap, qn
from docx.section import Section
from lxml import etree, html
from mammoth import documents, transforms

# Every way a paragraph can look: the name of a style for Mammoth, and the element with classes that it becomes.
_LOOKS = {
    (tag, *looks): (f"p.{tag}{''.join(looks)}", ".".join([tag, *(f"doc-{look}" for look in looks if look)]))
    for tag, *looks in product(("p", "h3", "h4"), ("", "center", "right", "half", "hang"), ("", "bold"), ("", "line"))
}
_TABLES = {"table.lines": "table.doc-lines", "table.half": "table.doc-half"}
_STYLE_MAP = "\n".join(f"{style} => {element}:fresh" for style, element in (*_LOOKS.values(), *_TABLES.items()))
_HALF_PAGE = 3000  # in twentieths of a point: who is indented that far signs on the right half of the page
_LINES = "tblBorders/w:insideH"
_LABEL = re.compile(r"([^\t]{1,60})\t:\t?")

_BLOCK = ("p", "h3", "h4", "table", "ul", "ol", "li", "strong", "em", "u", "s", "sup", "sub", "br", "span")
_SAFE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_BLOCK, ("class",)),
    **dict.fromkeys(("thead", "tbody", "tr"), ()),
    **dict.fromkeys(("td", "th"), ("colspan", "rowspan")),
    "img": ("src", "alt"),
    "a": ("href",),
}
_VALUES = {
    "src": re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=]*"),
    "href": re.compile(r"(https?|mailto):\S*"),
}
_PLAIN = re.compile(r"[\w .,-]*")


def to_html(word: bytes) -> str:
    """The document as a fragment of HTML that any page may show."""
    document = docx.Document(io.BytesIO(word))
    styles = _Styles(document.styles.element)
    parts = (*_letterhead(document.sections[0]), document.part)
    for part in parts:
        styles.mark_tables(part.element)
    name = document.part.partname.membername
    return "".join(_cleaned(styles.convert(_package(word, name, part))) for part in parts)


def _letterhead(section: Section) -> list[XmlPart]:
    """The header of page 1, where there is one."""
    header = section.first_page_header if section.different_first_page_header_footer else section.header
    return [] if header.is_linked_to_previous else [header.part]


def _package(word: bytes, name: str, part: XmlPart) -> bytes:
    """The package with `part` as its document called `name`: Mammoth reads no other part's text."""
    content = part.element
    if content.tag != qn("w:document"):
        body = etree.Element(qn("w:body"), nsmap=dict(content.nsmap))
        body.extend(content)
        content = etree.Element(qn("w:document"), nsmap=dict(content.nsmap))
        content.append(body)
    folder, _, file = name.rpartition("/")
    changed = {name: etree.tostring(content), f"{folder}/_rels/{file}.rels": part.rels.xml}
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word)) as given, zipfile.ZipFile(result, "w") as made:
        for name in given.namelist():
            made.writestr(name, changed.get(name) or given.read(name))
    return result.getvalue()


class _Styles:
    """What the styles of a document say, looked up along what each is based on."""

    def __init__(self, root: etree._Element) -> None:
        self.by_id = {style.get(qn("w:styleId")): style for style in root.iter(qn("w:style"))}

    def convert(self, package: bytes) -> str:
        """The body of a package as Mammoth writes it, with our classes."""
        result = mammoth.convert_to_html(
            io.BytesIO(package),
            style_map=_STYLE_MAP,
            transform_document=transforms.paragraph(self._paragraph),
            ignore_empty_paragraphs=False,  # they hold lines and space
        )
        return str(result.value)

    def mark_tables(self, content: etree._Element) -> None:
        """Put into the style of each table whether it has lines, or stands on the right half of the page."""
        for properties in content.iter(qn("w:tblPr")):
            indent, lines, style = (properties.find(f"w:{name}", nsmap) for name in ("tblInd", _LINES, "tblStyle"))
            if style is None:
                style = etree.SubElement(properties, qn("w:tblStyle"))
            styled = self._value(style.get(qn("w:val")), f"w:tblPr/w:{_LINES}", "w:val")
            line = styled if lines is None else lines.get(qn("w:val"))
            half = indent is not None and _twips(indent.get(qn("w:w"))) >= _HALF_PAGE
            style.set(qn("w:val"), "half" if half else "plain" if line in ("", "none", "nil") else "lines")

    def _paragraph(self, paragraph: documents.Paragraph) -> documents.Paragraph:
        if paragraph.numbering:
            return paragraph
        style = paragraph.style_id
        level = re.fullmatch(r"heading (\d)", paragraph.style_name or "", re.IGNORECASE)
        aligned = paragraph.alignment or self._value(style, "w:pPr/w:jc", "w:val")
        hanging = _twips(paragraph.indent.hanging or self._value(style, "w:pPr/w:ind", "w:hanging"))
        indent = _twips(paragraph.indent.start or self._value(style, "w:pPr/w:ind", "w:left")) - hanging
        placed = "half" if indent >= _HALF_PAGE else "hang" if hanging > 0 else ""
        look = (
            ("h3" if level[1] == "1" else "h4") if level else "p",
            aligned if aligned in ("center", "right") else placed,
            "bold" if self._value(style, "w:rPr/w:b", "w:val", "1") not in ("", "0", "false") else "",
            "line" if self._value(style, "w:pPr/w:pBdr/w:bottom", "w:val") else "",
        )
        return paragraph.copy(style_id=_LOOKS[look][0].removeprefix("p."), style_name=None)

    def _value(self, style_id: str | None, path: str, attribute: str, otherwise: str = "") -> str:
        """An attribute of the nearest style that has the element; `otherwise` where the element has no attribute."""
        for _ in range(20):
            style = self.by_id.get(style_id)
            if style is None:
                return ""
            found = style.find(path, nsmap)
            if found is not None:
                return str(found.get(qn(attribute), otherwise))
            based = style.find("w:basedOn", nsmap)
            style_id = based.get(qn("w:val")) if based is not None else None
        return ""


def _twips(text: str | None) -> int:
    return int(text) if text and text.lstrip("-").isdigit() else 0


def _cleaned(fragment: str) -> str:
    """The fragment without anything that is not known to be harmless."""
    root = html.fragment_fromstring(fragment, create_parent="div")
    for element in list(root.iterdescendants()):
        if not isinstance(element.tag, str) or element.tag not in _SAFE:
            element.drop_tag() if isinstance(element.tag, str) else element.drop_tree()
            continue
        for name, value in list(element.attrib.items()):
            if name not in _SAFE[element.tag] or not _VALUES.get(name, _PLAIN).fullmatch(value):
                del element.attrib[name]
    for table in root.iter("table"):
        if table.get("class") == "doc-lines":
            table.set("tabindex", "0")  # on a narrow screen it scrolls, with the keyboard too
    for paragraph in root.iter("p"):
        _set_label_apart(paragraph)
    return "".join([root.text or "", *(html.tostring(child, encoding="unicode") for child in root)])


def _set_label_apart(paragraph: html.HtmlElement) -> None:
    """ "Yth.", a tab, ":" and a tab: what clerks line up with tab stops, which a page does not have."""
    if found := _LABEL.match(paragraph.text or ""):
        label, colon = html.Element("span"), html.Element("span")
        label.text, colon.text, colon.tail = found[1], ":", (paragraph.text or "")[found.end() :]
        paragraph.text = None
        paragraph.insert(0, label)
        paragraph.insert(1, colon)
        paragraph.set("class", "doc-field")
