"""A `.docx` file from somebody else: opened only as far as it is harmless, refused otherwise."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

import docx as python_docx
from lxml import etree

from docgen.archive import DEFLATED, STORED, Member
from docgen.errors import N_, PackageRefused, Problem

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

MAX_FILE, MAX_MEMBERS, MAX_MEMBER, MAX_INFLATED = 10 << 20, 400, 8 << 20, 40 << 20

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
MAIN = _WORD + "document.main+xml"
CORE = "application/vnd.openxmlformats-package.core-properties+xml"
#: The parts that a reader sees, and that a template may therefore fill.
PRINTED = frozenset({MAIN, *(f"{_WORD}{part}+xml" for part in ("header", "footer", "footnotes", "endnotes"))})
_KNOWN = re.compile(
    re.escape(_WORD) + r"(settings|webSettings|styles|numbering|fontTable|document\.glossary)\+xml"
    r"|application/vnd\.ms-word\.stylesWithEffects\+xml"
    r"|application/vnd\.openxmlformats-officedocument\.(theme|extended-properties|custom-properties"
    r"|customXmlProperties)\+xml"
    r"|application/vnd\.openxmlformats-package\.relationships\+xml"
    r"|application/vnd\.openxmlformats-officedocument\.obfuscatedFont"
    r"|application/vnd\.ms-office\.classificationlabels\+xml"
    r"|application/xml|image/(png|jpeg|gif|bmp|tiff|x-emf|x-wmf)"
)
_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "STYLEREF", "REF", "PAGEREF", "TOC", "SEQ", "HYPERLINK"})
_ELSEWHERE = re.compile(r"file:|\\\\", re.IGNORECASE)
_LINK = re.compile(r"(https?|mailto):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One file inside a Word file: as it lies in the ZIP, inflated, and (when it is XML) parsed."""

    member: Member
    content: bytes
    kind: str
    tree: etree._Element | None


def _refuse(msgid: str, **params: object) -> PackageRefused:
    return PackageRefused(Problem(msgid, params))


def read_package(docx: bytes) -> tuple[Part, ...]:
    """The parts of a Word file in their order; raises PackageRefused for everything unsafe."""
    if len(docx) > MAX_FILE:
        raise _refuse(N_("The file is larger than %(limit)d MB."), limit=MAX_FILE >> 20)
    try:
        members, contents = _members(docx)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, UnicodeError, ValueError) as error:
        raise _refuse(N_("This is not a Word file (.docx), or it is damaged.")) from error
    types = contents.get("[Content_Types].xml")
    if types is None or "_rels/.rels" not in contents:
        raise _refuse(N_("This is not a Word file (.docx), or it is damaged."))
    kinds = _kinds(parse("[Content_Types].xml", types), list(contents))
    parts = tuple(_part(member, contents[member.name], kinds[member.name]) for member in members)
    if [part.kind for part in parts].count(MAIN) != 1:
        raise _refuse(N_("This is not a Word file (.docx), or it is damaged."))
    _open(docx)
    return parts


def _open(docx: bytes) -> None:
    """Parts that are fine one by one may still not fit together: what python-docx cannot open, Word may not either."""
    try:
        python_docx.Document(io.BytesIO(docx))
    except Exception as error:  # python-docx has no exception for a broken package; what it stumbles on, it raises
        raise _refuse(N_("This is not a Word file (.docx), or it is damaged.")) from error


def parse(name: str, content: bytes) -> etree._Element:
    """XML without entities, DTDs, network or great depth; comments and instructions are dropped."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _refuse(N_("Part “%(part)s” is not well-formed XML."), part=name) from error
    if root.getroottree().docinfo.doctype:
        raise _refuse(N_("Part “%(part)s” declares a DOCTYPE."), part=name)
    return root


def _members(docx: bytes) -> tuple[list[Member], dict[str, bytes]]:
    members: list[Member] = []
    contents: dict[str, bytes] = {}
    left = MAX_INFLATED
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_MEMBERS:
            raise _refuse(N_("The file holds more than %(limit)d parts."), limit=MAX_MEMBERS)
        for entry in entries:
            _check_entry(entry)
            raw = _raw(docx, entry)
            content = _inflate(raw, entry.compress_type, min(left, MAX_MEMBER), entry.filename)
            if zlib.crc32(content) != entry.CRC:
                raise zipfile.BadZipFile(entry.filename)
            left -= len(content)
            members.append(Member(entry.filename, entry.compress_type, entry.CRC, len(content), raw))
            contents[entry.filename] = content
    if len({name.casefold() for name in contents}) < len(members):
        raise _refuse(N_("The file holds two parts with the same name."))
    return members, contents


def _check_entry(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.orig_filename)
    if str(path) != entry.orig_filename or path.is_absolute() or ".." in path.parts or not _NAME.fullmatch(str(path)):
        raise _refuse(N_("“%(part)s” is not a proper name for a part."), part=entry.orig_filename)
    if entry.flag_bits & 0x1 or entry.compress_type not in (STORED, DEFLATED):
        raise _refuse(N_("Part “%(part)s” is encrypted or packed in an unusual way."), part=entry.filename)


_NAME = re.compile(r"[A-Za-z0-9_.\[\] /()-]+")


def _raw(docx: bytes, entry: zipfile.ZipInfo) -> bytes:
    """The packed bytes; the local header only says where they begin."""
    header = docx[entry.header_offset : entry.header_offset + 30]
    if header[:4] != b"PK\3\4":
        raise zipfile.BadZipFile(entry.filename)
    start = entry.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return docx[start : start + entry.compress_size]


def _inflate(raw: bytes, method: int, limit: int, name: str) -> bytes:
    # The sizes in the headers are claims; what counts is what comes out.
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    content = raw if method == STORED else inflater.decompress(raw, limit + 1)
    if len(content) > limit:
        raise _refuse(N_("Part “%(part)s” is too large when unpacked."), part=name)
    if method == DEFLATED and (not inflater.eof or inflater.unused_data):
        raise zipfile.BadZipFile(name)
    return content


def _kinds(types: etree._Element, names: list[str]) -> dict[str, str]:
    defaults = {e.get("Extension", "").lower(): e.get("ContentType", "") for e in types.iter(_TYPES + "Default")}
    overrides = {e.get("PartName", "").lower(): e.get("ContentType", "") for e in types.iter(_TYPES + "Override")}
    kinds = {
        name: overrides.get(f"/{name}".lower(), defaults.get(name.rpartition(".")[2].lower(), "")) for name in names
    }
    kinds["[Content_Types].xml"] = "application/xml"
    return kinds


def _part(member: Member, content: bytes, kind: str) -> Part:
    if not (kind in PRINTED or kind == CORE or _KNOWN.fullmatch(kind)):
        raise _refuse(
            N_("Part “%(part)s” is of a kind that documents may not hold (%(kind)s)."), part=member.name, kind=kind
        )
    if not (kind.endswith("xml") or member.name.endswith((".xml", ".rels"))):
        return Part(member, content, kind, None)
    tree = parse(member.name, content)
    if member.name.endswith(".rels"):
        _check_relationships(member.name, tree)
    _check_elements(member.name, tree)
    return Part(member, content, kind, tree)


_HARMFUL = re.compile(r"/(oleObject|package|aFChunk|subDocument|frame|control|activeXControlBinary|vbaProject|"
                      r"wordVbaData|keyMapCustomizations|attachedTemplate|mailMerge\w*|recipientData)$",
                      re.IGNORECASE)  # fmt: skip


def _check_relationships(name: str, tree: etree._Element) -> None:
    for relationship in tree.iter(_RELATIONSHIP):
        kind, target = relationship.get("Type", ""), relationship.get("Target", "")
        external = relationship.get("TargetMode", "Internal") != "Internal"
        if _HARMFUL.search(kind) or (external and not (kind.endswith("/hyperlink") and _LINK.match(target))):
            raise _refuse(N_("Part “%(part)s” brings in something from outside: %(target)s."), part=name, target=target)


def _check_elements(name: str, tree: etree._Element) -> None:
    for tag in ("altChunk", "object", "control", "subDoc", "mailMerge", "attachedTemplate"):
        if next(tree.iter(f"{{{W}}}{tag}"), None) is not None:
            raise _refuse(N_("Part “%(part)s” holds embedded content (%(tag)s)."), part=name, tag=tag)
    for image in tree.iter("{urn:schemas-microsoft-com:vml}imagedata"):
        if not {"src", "{urn:schemas-microsoft-com:office:office}href"}.isdisjoint(image.attrib):
            raise _refuse(N_("Part “%(part)s” holds embedded content (%(tag)s)."), part=name, tag="imagedata")
    for instruction in _instructions(tree):
        words = instruction.split()
        if not words or words[0].upper() not in _FIELDS or _ELSEWHERE.search(instruction):
            raise _refuse(
                N_("Part “%(part)s” holds a field that documents may not hold: %(field)s."),
                part=name,
                field=instruction.strip(),
            )


def _instructions(tree: etree._Element) -> list[str]:
    """Every field's instruction; Word lets one be split over many runs, so they are joined first."""
    found = [element.get(f"{{{W}}}instr", "") for element in tree.iter(f"{{{W}}}fldSimple")]
    open_fields: list[list[str]] = []
    for element in tree.iter(f"{{{W}}}fldChar", f"{{{W}}}instrText", f"{{{W}}}delInstrText"):
        step = element.get(f"{{{W}}}fldCharType")
        if step == "begin":
            open_fields.append([])
        elif step == "end" and open_fields:
            found.append("".join(open_fields.pop()))
        elif step is None:
            # Outside of any field the text is still read by some programs: judge it as a field of its own.
            (open_fields[-1] if open_fields else found).append(element.text or "")
    return found + ["".join(field) for field in open_fields]
