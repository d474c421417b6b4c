"""What a case holds when its documents are made: ordinary, as long as it gets, and with nothing that may be missing."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docgen.wording import sebutan
from forms.schema import complete, read_form

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "docgen" / "templates").glob("*.docx"))
OFFICE = json.loads((ROOT / "docgen" / "office.json").read_text(encoding="utf-8"))
FORMS = {
    path.name.removesuffix(".schema.json"): read_form(path.read_bytes())
    for path in sorted((ROOT / "forms" / "definitions").glob("*.schema.json"))
}

KASUBAG = "Kepala Subbagian Teknis Penyelenggaraan Pemilu, Partisipasi dan Hubungan Masyarakat"
CODE = "D2FN-7UW5-NUMW"
HEAD = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_CIVIL = {"pangkat": "Penata Tk. I", "nip": "198001012005011001"}
SIGNATORIES = {
    "ketua": {"jabatan": "Ketua", "nama": "Alamsyah", "pangkat": None, "nip": None},
    "sekretaris": {"jabatan": "Sekretaris", "nama": "Drs. Baharuddin, M.Si.", **_CIVIL},
    "kasubag": {"jabatan": KASUBAG, "nama": "Nurhayati, S.Sos.", **_CIVIL},
    "ppk": {"jabatan": "Pejabat Pembuat Komitmen", "nama": "Andi Rahman, S.E.", **_CIVIL},
    "staf": {"jabatan": "Staf", "nama": "Rahmat Hidayat", "pangkat": None, "nip": None},
}
#: Who signs what, in the order of `signed_by`.
SIGNERS = {
    "berita_acara_pleno": ["ketua"],
    "risalah_rapat": ["ketua", "sekretaris"],
    "nota_dinas": ["sekretaris"],
    "lembar_disposisi": ["kasubag"],
    "proposal_kak": ["kasubag", "ppk", "sekretaris"],
    "surat_undangan": ["ketua"],
    "tanda_terima": ["staf"],
    "daftar_hadir": ["staf"],
    "notula": ["ketua", "staf"],
    "dim": ["ketua"],
    "rtl": ["ketua"],
    "laporan_kegiatan": ["staf", "kasubag"],
    "daftar_arsip_berkas": ["staf"],
    "tanda_terima_surat": ["staf"],
    "kartu_kendali": ["staf"],
    "lembar_disposisi_surat": ["sekretaris"],
    "surat_balasan": ["sekretaris"],
    "daftar_arsip_surat": ["staf"],
}


def example(form: str) -> dict[str, Any]:
    """The first complete submission that a form shows as its example."""
    first: dict[str, Any] = FORMS[form].schema["examples"][0]
    return first


def shortest(schema: Mapping[str, Any], value: Any) -> Any:
    """A submission without anything that may be left out, and with one row where there may be many."""
    if schema["type"] == "object":
        required = schema.get("required", ())
        return {
            k: shortest(schema["properties"][k], v) for k, v in value.items() if k in required or isinstance(v, bool)
        }
    if schema["type"] == "array":
        return [shortest(schema["items"], item) for item in value[: max(schema.get("minItems", 0), 1)]]
    return value


def longest(value: Any, schema: Mapping[str, Any], name: str = "") -> Any:
    """A submission that fills pages: many rows, texts of several paragraphs."""
    if schema["type"] == "object":
        return {k: longest(v, schema["properties"][k], k) for k, v in value.items()}
    if schema["type"] == "array":
        rows = [longest(item, schema["items"]) for item in value]
        return rows * 5 if name != "anggota" else rows
    if schema["type"] == "string" and "format" not in schema and "enum" not in schema:
        wide = schema.get("maxLength", 0) > 500
        return (
            "\n".join([f"{value} " * 3] * 3)
            if wide
            else f"{value} & <rekan> beserta jajarannya"
            if len(value) > 30
            else value
        )
    return value


def data(size: str) -> dict[str, Any]:
    """The forms' data of a whole case."""
    submitted = {name: example(name) for name in FORMS}
    schemas = {name: form.schema for name, form in FORMS.items()}
    if size == "minimal":
        submitted = {name: shortest(schemas[name], value) for name, value in submitted.items()}
        submitted["rapat"]["alasan_tanpa_dasar"] = "Surat edaran belum terbit."
    if size == "long":
        submitted = {name: longest(value, schemas[name]) for name, value in submitted.items()}
    return {name: complete(FORMS[name], value) for name, value in submitted.items()}


def context(template: str, size: str = "ordinary", status: str = "issued") -> dict[str, Any]:
    """All that a template may name."""
    kind = template.removesuffix(".docx")
    signers = SIGNERS[kind] if status == "issued" else []
    files = [
        {"no": n, "nama": f"{name}-v1.docx", "jenis": name, "judul": sebutan(name), "sha256": HEAD,
         "tanggal": "2026-03-12",
         "nomor": "12/PP.06-ND/7315/Ses-Kab/2026" if name == "nota_dinas" else None}
        for n, name in enumerate([*SIGNERS][:13] * (3 if size == "long" else 1), 1)
    ]  # fmt: skip
    issued = {"nomor": "12/PP.06-ND/7315/Ses-Kab/2026", "tanggal": "2026-03-10", "versi": 1}
    return {
        **data(size),
        "kop": OFFICE["kop"],
        "dokumen": {
            "nomor": "20/PP.06-Und/7315/KPU-Kab/2026" if status == "issued" else None,
            "tanggal": "2026-03-12",
            "versi": 1,
            "status": status,
            "jenis": kind,
            "kode": CODE if status == "issued" else "DRAF",
        },
        "penanda_tangan": [
            {"garis_kewenangan": "", **SIGNATORIES[who], "waktu": "2026-03-12T10:15:00+08:00", "langkah": who}
            for who in signers
        ],
        "kasus": {
            "id": "01k0000000000000000000case",
            "judul": "Sosialisasi",
            "kepala_riwayat": HEAD,
            "kode": "9F86 D081 884C",
        },
        "berkas": files,
        "berita_acara": issued,
        "nota_dinas_terbit": issued,
        "undangan_terbit": issued,
        "agenda_terbit": issued,
        "balasan_terbit": issued,
    }
