"""Small Word files, and bad ones, made by hand for the tests."""

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PREFIX = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
KOP = {"nama_1": "KPU", "zona": "WITA"}
BASE = {"dokumen": {"tanggal": "2022-03-21", "status": "issued", "kode": "7K3M-PQ4X-9TBW"}, "kop": KOP}


def paragraph(*runs: str) -> str:
    """A paragraph of one run for each text, as Word splits what is typed at different times."""
    return "<w:p>" + "".join(f'<w:r><w:t xml:space="preserve">{run}</w:t></w:r>' for run in runs) + "</w:p>"


def table(*rows: str) -> str:
    """A table of one column."""
    cells = "".join(f"<w:tr><w:tc>{paragraph(row)}</w:tc></w:tr>" for row in rows)
    return f"<w:tbl>{cells}</w:tbl>"


def parts(body: str, header: str = "", title: str = "", extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The parts of a small Word file; `extra` replaces or adds some."""
    overrides = {
        "word/document.xml": _PREFIX + "document.main+xml",
        "word/header1.xml": _PREFIX + "header+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    types = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="r1" Target="word/document.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
        '<Relationship Id="r2" Target="docProps/core.xml" Type="http://schemas.openxmlformats.org/package/2006/'
        'relationships/metadata/core-properties"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}<w:sectPr/></w:body></w:document>',
        "word/header1.xml": f'<w:hdr xmlns:w="{W}">{header or paragraph("kop")}</w:hdr>',
        "docProps/core.xml": '<cp:coreProperties xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>{title}</dc:title>'
        "<dcterms:created>2001-01-01T00:00:00Z</dcterms:created></cp:coreProperties>",
        **(extra or {}),
    }


def pack(members: Mapping[str, str | bytes]) -> bytes:
    """The ZIP, always the same for the same parts: nothing in it is deflated."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def docx(body: str, header: str = "", title: str = "", extra: Mapping[str, str] | None = None) -> bytes:
    """A small Word file."""
    return pack(parts(body, header, title, extra))


def text(document: bytes, part: str = "word/document.xml") -> str:
    """The XML of one part of a rendered document."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return archive.read(part).decode()


def relationship(kind: str, target: str, mode: str = "External") -> dict[str, str]:
    """The document's relationships, holding one."""
    return {
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="r1" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}" TargetMode="{mode}"/></Relationships>'
    }
