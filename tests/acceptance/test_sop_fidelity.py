"""The model says what the paper SOP says: its table and header, written out again, are the seed's text."""

import re
from collections import Counter
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).parents[2]
SEED = Path(__file__).with_name("seed") / "sop-16-2022-kpu-pinrang.txt"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
PROPERTY = "{http://spiffworkflow.org/bpmn/schema/1.0/core}property"
PROCESS = etree.parse(ROOT / "bpmn" / "sop-16-2022.bpmn").find(BPMN + "process")
TEXTS = ("aktivitas", "kelengkapan", "waktu", "keluaran", "ket")
DOCUMENTATION = PROCESS.findtext(BPMN + "documentation")
BOX = "<div></div>"


def properties(element: etree._Element) -> dict[str, str]:
    found = element.iterfind(f"{BPMN}extensionElements/*/{PROPERTY}")
    return {p.attrib["name"]: p.attrib["value"] for p in found}


def elements() -> list[etree._Element]:
    """Everything that is drawn in the process; an association is part of the task that holds it."""
    return [
        e
        for e in PROCESS
        if e.get("id") and e.tag not in (BPMN + "laneSet", BPMN + "sequenceFlow", BPMN + "dataObject")
    ]


def lanes() -> dict[str, list[str]]:
    return {lane.get("name"): [ref.text for ref in lane] for lane in PROCESS.iter(BPMN + "lane")}


def row_elements(row: int) -> list[etree._Element]:
    return [e for e in elements() if e.tag == BPMN + "userTask" and properties(e)["asal"] == f"baris-{row}"]


def table_row(row: int) -> str:
    drawn = row_elements(row)
    texts = {name: {properties(e).get(name, "") for e in drawn} for name in TEXTS}
    assert all(len(said) == 1 for said in texts.values()), f"the elements of row {row} disagree: {texts}"
    aktivitas, kelengkapan, waktu, keluaran, ket = (texts[name].pop() for name in TEXTS)
    here = {e.get("id") for e in drawn}
    shapes = [len(here.intersection(ids)) for ids in lanes().values()]
    columns = ["" if not n else BOX if n == 1 else f"<div>{BOX * n}</div>" for n in shapes]
    box = BOX if f"kolom Ket baris {row} naskah SOP menggambar sebuah kotak kosong" in DOCUMENTATION else ""
    return "\t".join([str(row), aktivitas, *columns, kelengkapan, waktu, keluaran, ket + box])


def paper() -> str:
    """The SOP as the seed writes it, from the model alone."""
    h = properties(PROCESS)
    legend = re.sub(r" (?=\d\. )", "\n", h["keterangan_gambar"])
    return "\n".join(
        [
            f"{BOX} <div>{h['unit']}</div>\t\tNomor SOP\t{h['nomor_sop']}",
            f"\t\tTanggal Pengesahan\t{h['tanggal_pengesahan']}",
            f"\t\tDisahkan Oleh\t<div> {h['disahkan_oleh']}</div>",
            f"\t\tNama SOP\t{h['nama_sop']}",
            "Dasar Hukum\t\tKualifikasi Pelaksana",
            f"{h['dasar_hukum']}\t\t{h['kualifikasi_pelaksana']}",
            "Keterangan\t\tPeralatan/ Perlengkapan",
            f"{h['keterangan']}\t\t{h['peralatan']}",
            "Peringatan\t\tPencatatan/ Pendataan",
            f"{h['peringatan']}\t\t{h['pencatatan']}",
            "\t".join(["No", "Aktivitas", *lanes(), "Mutu Baku\t\t\tKet"]),
            "\t" * 7 + "Kelengkapan\tWaktu\tOutput",
            *(table_row(row) for row in range(1, 9)),
            "Keterangan Gambar:",
            legend,
        ]
    )


def lines(text: str) -> list[str]:
    """Lines that say something, with runs of blanks (never tabs, which are columns) as one."""
    return [re.sub(r" +", " ", line).rstrip() for line in text.splitlines() if line.strip()]


def test_the_model_written_out_is_the_paper_sop() -> None:
    assert lines(paper()) == lines(SEED.read_text("utf-8"))


def test_every_element_says_where_it_comes_from() -> None:
    origins = Counter(properties(e).get("asal", "?") for e in elements())
    assert set(origins) == {"tafsir", *(f"baris-{n}" for n in range(1, 9))}


def test_each_role_is_a_column_of_an_upright_pool() -> None:
    shapes = [s for s in PROCESS.getroottree().iter("{*}BPMNShape") if s.get("isHorizontal")]
    assert {s.get("isHorizontal") for s in shapes} == {"false"} and len(shapes) == 1 + len(lanes())


def test_what_a_row_needs_and_makes_is_drawn_beside_it() -> None:
    for row in range(1, 9):
        said = properties(row_elements(row)[0])
        data = [
            e.get("name") for e in PROCESS.iter(BPMN + "dataObjectReference") if properties(e)["asal"] == f"baris-{row}"
        ]
        assert said["kelengkapan"] in data
        assert len(data) > 1, "no output is drawn"
