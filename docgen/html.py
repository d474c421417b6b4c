"""A Word document as HTML to read: what stands in it and roughly how, from the letterhead on page 1 to the copies list.

Mammoth turns the structure into HTML; alignment, weight, indents and lines, which it leaves out, become class names for
the page's own style sheet. Nothing but a few harmless elements and attributes comes out.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import product

import docx
import mammoth
from docx.oxml.ns import nsmap, qn
from docx.section import Section
from lxml import etree, html
from mammoth import documents, transforms

# Every way a paragraph can look: the name of a style for Mammoth, and the element with classes that it becomes.
_LOOKS = {
    (tag, *looks): (f"p.{tag}{''.join(looks)}", ".".join([tag, *(f"doc-{look}" for look in looks if look)]))
    for tag, *looks in product(("p", "h3", "h4"), ("", "center", "right", "half"), ("", "bold"), ("", "line"))
}
_STYLE_MAP = "\n".join(f"{style} => {element}:fresh" for style, element in _LOOKS.values())
_LINED = "\ntable.lined => table.doc-lines:fresh"
_HALF_PAGE = 3000  # in twentieths of a point: who is indented that far signs on the right half of the page

_BLOCK = ("p", "h3", "h4", "table", "ul", "ol", "li", "strong", "em", "u", "s", "sup", "sub", "br")
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
    packages = (*_letterhead(word, document.sections[0]), word)
    return "".join(_cleaned(styles.convert(package)) for package in packages)


def _letterhead(word: bytes, section: Section) -> Iterator[bytes]:
    """The header of page 1 as a package of its own: Mammoth reads bodies only."""
    header = section.first_page_header if section.different_first_page_header_footer else section.header
    if header.is_linked_to_previous:
        return
    body = etree.Element(qn("w:body"), nsmap={"w": nsmap["w"]})
    body.extend(header.part.element)
    content = etree.Element(qn("w:document"), nsmap={"w": nsmap["w"]})
    content.append(body)
    changed = {"word/document.xml": etree.tostring(content), "word/_rels/document.xml.rels": header.part.rels.xml}
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word)) as given, zipfile.ZipFile(result, "w") as made:
        for name in given.namelist():
            made.writestr(name, changed.get(name) or given.read(name))
    yield result.getvalue()


class _Styles:
    """What the styles of a document say, looked up along what each is based on."""

    def __init__(self, root: etree._Element) -> None:
        self.by_id = {style.get(qn("w:styleId")): style for style in root.iter(qn("w:style"))}

    def convert(self, package: bytes) -> str:
        """The body of a package as Mammoth writes it, with our classes."""
        dress = transforms.paragraph(self._paragraph)
        line = transforms.element_of_type(documents.Table, self._table)
        result = mammoth.convert_to_html(
            io.BytesIO(package),
            style_map=_STYLE_MAP + _LINED,
            transform_document=lambda whole: line(dress(whole)),
            ignore_empty_paragraphs=False,  # they hold lines and space
        )
        return str(result.value)

    def _paragraph(self, paragraph: documents.Paragraph) -> documents.Paragraph:
        if paragraph.numbering:
            return paragraph
        style = paragraph.style_id
        level = re.fullmatch(r"heading (\d)", paragraph.style_name or "", re.IGNORECASE)
        aligned = paragraph.alignment or self._value(style, "w:pPr/w:jc", "w:val")
        indent = paragraph.indent.start or self._value(style, "w:pPr/w:ind", "w:left")
        half = indent.lstrip("-").isdigit() and int(indent) >= _HALF_PAGE
        look = (
            ("h3" if level[1] == "1" else "h4") if level else "p",
            aligned if aligned in ("center", "right") else "half" if half else "",
            "bold" if self._value(style, "w:rPr/w:b", "w:val", "1") not in ("", "0", "false") else "",
            "line" if self._value(style, "w:pPr/w:pBdr/w:bottom", "w:val") else "",
        )
        return paragraph.copy(style_id=_LOOKS[look][0].removeprefix("p."), style_name=None)

    def _table(self, table: documents.Table) -> documents.Table:
        lined = self._value(table.style_id, "w:tblPr/w:tblBorders/w:insideH", "w:val") not in ("", "none", "nil")
        return table.copy(style_id="lined" if lined else None, style_name=None)

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
    return "".join([root.text or "", *(html.tostring(child, encoding="unicode") for child in root)])
