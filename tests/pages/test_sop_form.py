"""The official form of an SOP as LibreOffice prints it: nothing is cut off, and every page names its columns."""

import re
import subprocess

import pytest

from docgen.sop_flow import Symbol
from docgen.sop_form import Row, SopForm, write_sop_form

pytestmark = pytest.mark.libreoffice

LONG = " ".join(f"kata{n}" for n in range(60))
REMARK = " ".join(f"ket{n}" for n in range(30))
ROLES = ("Staf", "PPK", "Kasubag", "KPA", "KPU Kab", "Sekretaris")
FORM = SopForm(
    unit="Komisi Pemilihan Umum",
    header=[("Nomor SOP", "1"), ("Nama SOP", "Uji")],
    notes=[("Dasar Hukum", "1. Satu 2. Dua"), ("Peringatan", "Tidak ada")],
    roles=ROLES,
    rows=[Row(f"Aktivitas{n} {LONG}", f"masuk{n} {LONG}", "± 1 Hari", f"keluar{n} {LONG}", REMARK) for n in range(6)],
    symbols=[Symbol(str(n), n, n, "decision") for n in range(6)],
    flows=[*((str(n), str(n + 1)) for n in range(5)), ("5", "0")],
    legend="1. Awal 2. Proses",
)


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("form")
    (folder / "sop.docx").write_bytes(write_sop_form(FORM, "Uji"))
    run("soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
        "--outdir", str(folder), str(folder / "sop.docx"))  # fmt: skip
    return run("pdftotext", "-layout", str(folder / "sop.pdf"), "-").split("\f")[:-1]


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


def test_a_long_text_is_printed_to_its_last_word(sheets: list[str]) -> None:
    words = re.findall(r"\w+", "".join(sheets[1:]))
    assert words.count("kata59") == words.count("kata0") == 3 * len(FORM.rows)
    assert words.count("ket29") == len(FORM.rows)


def test_every_page_of_the_table_names_its_columns(sheets: list[str]) -> None:
    tables = [sheet for sheet in sheets if "kata0" in sheet]
    assert len(tables) > 2
    for sheet in tables:
        assert all(name in sheet for name in ("Aktivitas", "Mutu Baku", "Staf", "Sekretaris")), sheet


def test_the_first_page_is_the_header(sheets: list[str]) -> None:
    assert "Dasar Hukum" in sheets[0] and "Aktivitas" not in sheets[0]
