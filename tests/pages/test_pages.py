"""What a clerk sees: every template as LibreOffice prints it, with ordinary, long and minimal data."""

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docgen.comparison import changes, codes_of
from docgen.render import compile_template
from tests.documents import CODE, TEMPLATES, context

pytestmark = pytest.mark.libreoffice

KINDS = [path.stem for path in TEMPLATES]
SIZES = ("ordinary", "long", "minimal")
DRAFTS = ("proposal_kak", "surat_balasan", "surat_undangan")
# Heights, in twentieths of a point, that push the end of a document over the edge of its page.
PADDINGS = range(100, 13_000, 700)
CLOSING = re.compile(r"Demikian|Surat tersebut|Atas perhatian|Kode singkat|Daftar ini memuat|Paraf pemberi")
SIGNED = re.compile(r"Persetujuan dalam sistem|Mengetahui,")
ENGLISH = re.compile(
    r"\b(January|February|March|May|June|July|August|October|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|"
    r"Sunday)\b"
)


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all of them, as LibreOffice prints them."""
    folder = tmp_path_factory.mktemp("pages")
    for path in TEMPLATES:
        template = compile_template(path.read_bytes(), path.name)
        for size in SIZES:
            (folder / f"{path.stem}-{size}.docx").write_bytes(template.render(context(path.name, size)))
        if path.stem in DRAFTS:
            (folder / f"{path.stem}-draft.docx").write_bytes(template.render(context(path.name, status="draft")))
        for height in PADDINGS:
            padded = _pushed_down(template.render(context(path.name)), height)
            (folder / f"{path.stem}-pad{height}.docx").write_bytes(padded)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    documents = sorted(map(str, folder.glob("*.docx")))
    for start in range(0, len(documents), 100):  # one call takes some 250 names, and drops the rest in silence
        some = documents[start : start + 100]
        _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *some)
    return folder


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


def _pushed_down(document: bytes, height: int) -> bytes:
    empty = f'<w:p><w:pPr><w:spacing w:line="{height}" w:lineRule="exact"/></w:pPr></w:p>'
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:body>", b"<w:body>" + empty.encode(), 1)
            target.writestr(name, content)
    return file.getvalue()


def pages(pdf: Path) -> list[str]:
    return _run("pdftotext", "-layout", str(pdf), "-").split("\f")[:-1]


def words(pdf: Path) -> set[str]:
    return set(_run("pdftotext", str(pdf), "-").split())


def _holds_groups(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, str):
        yield value


each = pytest.mark.parametrize("kind", KINDS)
every = pytest.mark.parametrize("size", SIZES)


@each
@every
def test_only_bookman_is_used(pdfs: Path, kind: str, size: str) -> None:
    fonts = _run("pdffonts", str(pdfs / f"{kind}-{size}.pdf")).splitlines()[2:]
    assert fonts and all("Bookman" in line for line in fonts), fonts


@each
@every
def test_no_tag_no_english_date_and_no_other_zone_is_printed(pdfs: Path, kind: str, size: str) -> None:
    text = "".join(pages(pdfs / f"{kind}-{size}.pdf"))
    assert not re.search(r"\{\{|\{%|%\}|\}\}|\bNone\b|\bTrue\b", text)
    assert not ENGLISH.search(text)
    assert not re.search(r"\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|\bWIB\b|\bWIT\b", text)


@each
@every
def test_the_letterhead_is_on_the_first_page_and_numbers_on_the_others(pdfs: Path, kind: str, size: str) -> None:
    first, *others = pages(pdfs / f"{kind}-{size}.pdf")
    assert first.lstrip().startswith("KOMISI PEMILIHAN UMUM")
    for number, page in enumerate(others, 2):
        assert re.match(rf"\s*- ?{number} ?-\n", page)
        assert not re.search(r"^\s+KOMISI PEMILIHAN UMUM$", page, re.MULTILINE)


@each
def test_ordinary_documents_are_short(pdfs: Path, kind: str) -> None:
    assert len(pages(pdfs / f"{kind}-ordinary.pdf")) <= (3 if kind == "proposal_kak" else 2)
    assert len(pages(pdfs / f"{kind}-minimal.pdf")) <= 2


def test_an_ordinary_letter_fits_its_page(pdfs: Path) -> None:
    assert len(pages(pdfs / "nota_dinas-ordinary.pdf")) == 1
    assert len(pages(pdfs / "surat_undangan-minimal.pdf")) == 1


@each
@every
def test_what_was_submitted_is_printed(pdfs: Path, kind: str, size: str) -> None:
    data = context(f"{kind}.docx", size)
    names = compile_template((TEMPLATES[KINDS.index(kind)]).read_bytes(), f"{kind}.docx").names
    printed = words(pdfs / f"{kind}-{size}.pdf")
    folded = " ".join(printed).casefold()
    hidden = {"nip", "sha256", "jenis", "status", "nip_nik", "hadir", "kepala_riwayat", "bukti", "waktu", "id"}
    for name in names:
        *path, last = name.split(".")
        value: Any = data
        for key in [*path, last]:
            value = [row[key] for row in value] if isinstance(value, list) else value[key]
        if last in hidden or (kind == "notula" and name.startswith("pelaksanaan.peserta")):
            continue
        for text in () if _holds_groups(value) else leaves(value):
            if not re.fullmatch(r"[\d:TZ+-]+", text):
                assert all(word.casefold() in folded for word in re.findall(r"[\w]+", text)), (name, text)


@each
def test_a_signature_never_stands_alone(pdfs: Path, kind: str) -> None:
    for height in PADDINGS:
        for page in pages(pdfs / f"{kind}-pad{height}.pdf"):
            if SIGNED.search(page):
                assert CLOSING.search(page), (height, page)


@pytest.mark.parametrize("kind", DRAFTS)
def test_a_draft_says_so_on_every_page(pdfs: Path, kind: str) -> None:
    sheets = pages(pdfs / f"{kind}-draft.pdf")
    assert all("DRAF — belum disetujui, belum bernomor" in page for page in sheets)
    assert "7315" not in "".join(sheets)


@pytest.mark.parametrize("kind", DRAFTS)
def test_an_issued_document_is_no_draft(pdfs: Path, kind: str) -> None:
    assert "DRAF" not in "".join(pages(pdfs / f"{kind}-ordinary.pdf"))


def test_an_attendance_list_has_places_to_sign_in_turn_and_closed_numbers(pdfs: Path) -> None:
    page = pages(pdfs / "daftar_hadir-ordinary.pdf")[0]
    assert "Tanda tangan" in page
    assert "198504122010011003" not in page and "**************1003" in page
    first, second = (re.search(rf"\s{n}\.$", page, re.MULTILINE) for n in (1, 2))
    assert first and second
    columns = [match.end() - page.rindex("\n", 0, match.end()) for match in (first, second)]
    assert columns[1] > columns[0] + 5


def test_the_archive_list_prints_the_head_of_the_history_and_its_code(pdfs: Path) -> None:
    text = "".join(pages(pdfs / "daftar_arsip_berkas-ordinary.pdf"))
    assert "9f86d081 884c7d65" in text
    assert "9F86 D081 884C" in text


@each
@every
def test_nothing_is_printed_in_the_margins(pdfs: Path, kind: str, size: str, tmp_path: Path) -> None:
    _run("pdftoppm", "-r", "40", "-gray", str(pdfs / f"{kind}-{size}.pdf"), str(tmp_path / "page"))
    for image in sorted(tmp_path.glob("page*.pgm")):
        _, sizes, _, pixels = image.read_bytes().split(b"\n", 3)
        width, height = map(int, sizes.split())
        cm = 40 / 2.54
        rows = [pixels[y * width : (y + 1) * width] for y in range(height)]
        left, right = round(2.8 * cm), round(width - 1.8 * cm)
        # Between them stands the footer with the document's code.
        bottom, footer, foot = (round(height - up * cm) for up in (2.4, 1.9, 1.1))
        assert min(min(row[:left]) for row in rows) > 200, "left"
        assert min(min(row[right:]) for row in rows) > 200, "right"
        assert min(min(row) for row in [*rows[bottom:footer], *rows[foot:]]) > 200, "bottom"
        assert min(min(row) for row in rows) < 100, "an empty page"


@each
@every
def test_every_page_prints_the_code(pdfs: Path, kind: str, size: str) -> None:
    assert all(page.rstrip().endswith(f"Kode dokumen: {CODE}") for page in pages(pdfs / f"{kind}-{size}.pdf"))


def test_a_document_saved_by_a_word_processor_still_says_the_same_and_has_its_code(pdfs: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(pdfs / 'profile').as_uri()}"
    issued = [str(pdfs / f"{kind}-ordinary.docx") for kind in KINDS]
    _run("soffice", profile, "--headless", "--convert-to", "docx", "--outdir", str(tmp_path), *issued)
    for path in TEMPLATES:
        saved = (tmp_path / f"{path.stem}-ordinary.docx").read_bytes()
        trace = compile_template(path.read_bytes(), path.name, traced=True).render(context(path.name))
        assert codes_of(saved) == [CODE]
        assert changes(trace, saved) == [], path.stem


def test_a_template_saved_by_a_word_processor_is_still_the_same_template(pdfs: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(pdfs / 'profile').as_uri()}"
    _run("soffice", profile, "--headless", "--convert-to", "docx", "--outdir", str(tmp_path), *map(str, TEMPLATES))
    for path in TEMPLATES:
        saved = compile_template((tmp_path / path.name).read_bytes(), path.name)
        assert saved.names == compile_template(path.read_bytes(), path.name).names
        assert saved.render(context(path.name))
