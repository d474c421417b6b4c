import io
import struct
import zipfile
import zlib

import pytest

from docgen.package import MAX_MEMBER, PackageRefused, read_package
from tests.unit.docgen.word import docx, pack, paragraph, parts, relationship

PLAIN = paragraph("x")


def refused(document: bytes, because: str) -> None:
    with pytest.raises(PackageRefused, match=because):
        read_package(document)


def with_kind(name: str, kind: str, content: str | bytes = "x") -> bytes:
    members: dict[str, str | bytes] = {**parts(PLAIN), name: content}
    types = str(members["[Content_Types].xml"])
    members["[Content_Types].xml"] = types.replace(
        "</Types>", f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    )
    return pack(members)


def field(*instruction: str) -> str:
    """A Word field whose instruction is split over runs."""
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in instruction)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f"<w:p>{begin}{runs}{end}</w:p>"


def test_a_plain_word_file_is_read_in_its_order() -> None:
    assert [part.member.name for part in read_package(docx(PLAIN))] == list(parts(PLAIN))


def test_a_bomb_is_refused_by_what_comes_out_not_by_what_it_claims() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts(PLAIN).items():
            archive.writestr(name, content)
        archive.writestr("word/bomb.xml", b"0" * (MAX_MEMBER + 1))
    honest = file.getvalue()
    refused(honest, "too large when unpacked")
    refused(honest.replace(struct.pack("<L", MAX_MEMBER + 1), struct.pack("<L", 10)), "too large when unpacked")


def test_too_many_parts_are_refused() -> None:
    refused(pack({**parts(PLAIN), **{f"word/{n}.xml": "<x/>" for n in range(400)}}), "more than 400 parts")


@pytest.mark.parametrize(
    "name", ["../x.xml", "/x.xml", "word/../../x.xml", "word\\x.xml", "C:/x.xml", "word//x.xml", "ö.xml"]
)
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    refused(pack({**parts(PLAIN), name: "<x/>"}), "proper name")


def test_two_parts_of_one_name_are_refused() -> None:
    refused(pack({**parts(PLAIN), "WORD/Document.xml": "<x/>"}), "same name")


def test_a_part_whose_checksum_is_wrong_is_refused() -> None:
    document = docx(paragraph("isi yang asli"))
    refused(document.replace(b"isi yang asli", b"isi yang lain"), "damaged")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("word/vbaProject.bin", "application/vnd.ms-office.vbaProject"),
        ("word/activeX/activeX1.xml", "application/vnd.ms-office.activeX+xml"),
        ("word/embeddings/oleObject1.bin", "application/vnd.openxmlformats-officedocument.oleObject"),
        ("word/embeddings/x.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("word/afchunk.htm", "text/html"),
        ("word/media/x.svg", "image/svg+xml"),
    ],
)
def test_parts_of_a_harmful_kind_are_refused(name: str, kind: str) -> None:
    refused(with_kind(name, kind), "of a kind")


def test_a_document_with_macros_is_refused_even_under_a_plain_name() -> None:
    members = parts(PLAIN)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(
        kind, "application/vnd.ms-word.document.macroEnabled.main+xml"
    )
    refused(pack(members), "of a kind")


@pytest.mark.parametrize(
    ("kind", "target", "mode"),
    [
        ("image", "http://evil.example/x.png", "External"),
        ("attachedTemplate", "http://evil.example/x.dotm", "External"),
        ("attachedTemplate", "x.dotm", "Internal"),
        ("hyperlink", "file:///etc/passwd", "External"),
        ("hyperlink", "javascript:alert(1)", "External"),
        ("oleObject", "embeddings/x.bin", "Internal"),
        ("aFChunk", "x.htm", "Internal"),
        ("subDocument", "x.docx", "External"),
        ("frame", "http://evil.example", "External"),
    ],
)
def test_what_reaches_outside_is_refused(kind: str, target: str, mode: str) -> None:
    refused(docx(PLAIN, extra=relationship(kind, target, mode)), "from outside")


@pytest.mark.parametrize("target", ["https://kab-pinrang.kpu.go.id", "mailto:kpu@example.id"])
def test_links_that_a_reader_follows_are_allowed(target: str) -> None:
    assert read_package(docx(PLAIN, extra=relationship("hyperlink", target)))


@pytest.mark.parametrize("tag", ["altChunk", "object", "control", "subDoc"])
def test_embedded_content_is_refused(tag: str) -> None:
    refused(docx(f"<w:{tag}/>" + PLAIN), "embedded content")


@pytest.mark.parametrize(
    "body",
    [
        field("DDE cmd calc"),
        field(" D", "DE", "AUTO c:\\\\x "),
        field("INCLUDETEXT http://x"),
        field("INCLUDEPICTURE http://x"),
        field("PAGE ", "") + field("QUOTE 68 68 69"),
        '<w:p><w:fldSimple w:instr=" ddeauto excel x "/></w:p>',
        "<w:p><w:r><w:instrText>DDE x</w:instrText></w:r></w:p>",
        field('HYPERLINK "file:///etc/passwd"'),
        field('HYPERLINK "\\\\\\\\server\\\\share"'),
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDE x</w:instrText></w:r></w:p>',
    ],
)  # fmt: skip
def test_fields_that_fetch_or_run_something_are_refused(body: str) -> None:
    refused(docx(body), "holds a field")


def test_a_picture_from_the_network_is_refused() -> None:
    body = '<w:p xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:imagedata src="http://x/y.png"/></w:pict></w:r></w:p>'
    refused(docx(body), "imagedata")


def test_page_numbers_and_a_table_of_contents_are_allowed() -> None:
    assert read_package(docx(field(" PA", "GE ") + field('TOC \\o "1-3"')))


@pytest.mark.parametrize(
    "part", ["word/document.xml", "word/header1.xml", "docProps/core.xml", "_rels/.rels", "[Content_Types].xml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused_in_every_part_and_encoding(part: str, encoding: str) -> None:
    members: dict[str, str | bytes] = dict(parts(PLAIN))
    evil = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    members[part] = (evil + str(members[part])).encode(encoding)
    refused(pack(members), "DOCTYPE")


def test_xml_deeper_than_any_document_is_refused() -> None:
    refused(docx("<w:p>" * 5000 + "</w:p>" * 5000), "not well-formed")


def test_an_encrypted_or_strangely_packed_part_is_refused() -> None:
    document = bytearray(docx(PLAIN))
    at = document.rindex(b"PK\1\2")
    document[at + 8] |= 1
    refused(bytes(document), "encrypted")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        for name, content in parts(PLAIN).items():
            archive.writestr(name, content)
    refused(file.getvalue(), "encrypted or packed")


def test_bytes_that_only_begin_like_a_deflated_part_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts(PLAIN).items():
            archive.writestr(name, content)
    document = file.getvalue()
    packed = zlib.compress(parts(PLAIN)["word/document.xml"].encode())[2:-4]
    refused(document.replace(packed, b"\0" * len(packed)), "damaged")
