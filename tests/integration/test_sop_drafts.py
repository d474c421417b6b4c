"""Drafts of SOPs: files come and go, a dry run touches nothing, publishing leaves running cases where they are."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable

import docx
import pytest
from sqlalchemy import func, select

from engine.commands.deployments import unpacked
from engine.commands.dry_runs import do, dry_run_of, finish, start_again, step_back
from engine.commands.sop_drafts import (
    begin_draft,
    discard_draft,
    publish_draft,
    put_files,
    remove_file,
    upload_draft,
)
from engine.dry_run import MARK, NAME, example
from engine.errors import (
    AlurError,
    DraftThere,
    Forbidden,
    InvalidDeployment,
    InvalidForm,
    Malformed,
    NotFound,
    SameName,
    Unacceptable,
)
from engine.models import metadata
from engine.queries.sop_drafts import my_sop_drafts, sop_draft
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL
from tests.walking import person

SOP = "sop-16-2022"
BPMN = f"{SOP}.bpmn"
NEVER_TOUCHED = set(metadata.tables) - {"sop_drafts", "sop_draft_files"}


@pytest.fixture
def draft(site: Site) -> str:
    return begin_draft(site, person(site, "perancang"), SOP, 1)


def rows(site: Site, tables: Iterable[str]) -> dict[str, int]:
    with site.database.read() as connection:
        counts = {name: select(func.count()).select_from(metadata.tables[name]) for name in tables}
        return {name: connection.execute(query).scalar_one() for name, query in counts.items()}


def with_field(site: Site, draft: str) -> None:
    """A new field in the form of the first step, and in the Word template of what it leads to."""
    designer = person(site, "perancang")
    files = sop_draft(site, designer, draft).files
    schema = json.loads(files["rapat.schema.json"])
    schema["properties"]["sumber_dana"] = {"type": "string", "title": "Sumber dana", "maxLength": 100}
    schema["required"].append("sumber_dana")
    for sample in schema["examples"]:
        sample["sumber_dana"] = "DIPA 2026"
    word = docx.Document(io.BytesIO(files["risalah_rapat.docx"]))
    word.add_paragraph("Sumber dana: {{ rapat.sumber_dana }}")
    saved = io.BytesIO()
    word.save(saved)
    put_files(
        site,
        designer,
        draft,
        {"rapat.schema.json": json.dumps(schema).encode(), "risalah_rapat.docx": saved.getvalue()},
    )


def text(word: bytes) -> str:
    document = docx.Document(io.BytesIO(word))
    headers = [p.text for s in document.sections for h in (s.header, s.first_page_header) for p in h.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*headers, *(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_draft_begins_as_a_copy_of_a_version_and_there_is_one_per_sop(site: Site, draft: str) -> None:
    designer = person(site, "perancang")
    found = sop_draft(site, designer, draft)
    assert (found.key, found.version, found.bpmn) == (SOP, 1, BPMN)
    assert [each.id for each in my_sop_drafts(site, designer, SOP)] == [draft]
    with pytest.raises(DraftThere):
        begin_draft(site, designer, SOP, 1)
    discard_draft(site, designer, draft)
    assert my_sop_drafts(site, designer) == []
    assert rows(site, ["sop_draft_files"]) == {"sop_draft_files": 0}


def test_drafts_are_their_designers_alone(site: Site, draft: str) -> None:
    acts: list[Callable[[str], object]] = [
        lambda name: sop_draft(site, person(site, name), draft),
        lambda name: put_files(site, person(site, name), draft, {"x.json": b"{}"}),
        lambda name: remove_file(site, person(site, name), draft, BPMN),
        lambda name: discard_draft(site, person(site, name), draft),
        lambda name: publish_draft(site, person(site, name), CHANNEL, draft, "Uji"),
        lambda name: dry_run_of(site, person(site, name), draft),
        lambda name: finish(site, person(site, name), draft),
        lambda name: begin_draft(site, person(site, name), SOP, 1),
    ]
    for name in ("staf", "auditor", "admin", "orangluar"):
        for act in acts:
            with pytest.raises(Forbidden):
                act(name)


def test_a_diagram_and_a_second_download_take_the_place_of_what_they_were(site: Site, draft: str) -> None:
    designer = person(site, "perancang")
    files = sop_draft(site, designer, draft).files
    again = {"diagram (3).bpmn": files[BPMN] + b"\n", "rapat.schema (1).json": b"{}", "baru (1).json": b"{}"}
    assert put_files(site, designer, draft, again) == ["baru (1).json", "rapat.schema.json", BPMN]
    for one, other in ((BPMN, "diagram (3).bpmn"), ("rapat.schema.json", "rapat.schema (1).json")):
        with pytest.raises(SameName):
            put_files(site, designer, draft, {one: b"x", other: again[other]})
    after = sop_draft(site, designer, draft).files
    assert after.keys() == {*files, "baru (1).json"}
    assert after[BPMN] == files[BPMN] + b"\n"
    remove_file(site, designer, draft, "baru (1).json")
    with pytest.raises(NotFound):
        remove_file(site, designer, draft, "baru (1).json")


def test_only_files_that_an_sop_is_made_of_are_taken(site: Site, draft: str) -> None:
    designer = person(site, "perancang")
    with pytest.raises(Unacceptable):
        put_files(site, designer, draft, {"program.exe": b"MZ"})
    with pytest.raises(Unacceptable):
        put_files(site, designer, draft, {})
    with pytest.raises(Malformed):
        put_files(site, designer, draft, {"besar.json": b"x" * (50 << 20)})


def test_a_zip_is_opened_flat_and_without_what_systems_add(site: Site) -> None:
    def zipped(*names: str) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(name, b"isi")
        return made.getvalue()

    names = (
        "SOP/a.bpmn",
        "SOP\\formulir\\b.json",
        "../../etc/c.docx",
        "__MACOSX/SOP/._a.bpmn",
        "SOP/.DS_Store",
        "~$c.docx",
    )
    assert unpacked([("sop.zip", zipped(*names))]).keys() == {"a.bpmn", "b.json", "c.docx"}
    for bad in (("..\\..",), ("a\nb.json",), ("x" * 201 + ".json",)):
        with pytest.raises(Malformed):
            unpacked([("sop.zip", zipped(*bad))])
    with pytest.raises(Malformed):
        unpacked([("bom.zip", bomb())])


def bomb() -> bytes:
    """A ZIP of 60 MB of nothing."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            archive.writestr(f"{number}.json", bytes(10 << 20))
    return made.getvalue()


def test_a_dry_run_to_the_end_makes_every_document_and_touches_no_case(site: Site, draft: str) -> None:
    designer = person(site, "perancang")
    before = rows(site, NEVER_TOUCHED)
    finish(site, designer, draft)
    run = dry_run_of(site, designer, draft)
    assert run.case.status == "completed"
    titles = {made.title for made in run.documents}
    assert titles >= {"Nota Dinas", "Surat Undangan", "Laporan Kegiatan", "Arsip Digital"}
    assert rows(site, NEVER_TOUCHED) == before
    for made in run.documents:
        if made.is_word:
            assert MARK in text(made.content), made.filename
    assert NAME in text(next(made.content for made in run.documents if made.title == "Nota Dinas"))
    again = dry_run_of(site, designer, draft)
    assert [made.content for made in again.documents if not made.is_word] != []


def test_a_field_of_the_draft_is_in_its_form_and_in_word_without_any_python(site: Site, draft: str) -> None:
    designer = person(site, "perancang")
    with_field(site, draft)
    run = dry_run_of(site, designer, draft)
    (task, element), form = run.tasks[0], run.form("catat_rapat")
    assert form is not None and "sumber_dana" in form.schema["properties"]
    answers = {**example(form), "sumber_dana": "Hibah daerah"}
    do(site, designer, draft, "complete", task.path, answers, 0)
    assert element.lane == "KPU Kab"
    finish(site, designer, draft)
    run = dry_run_of(site, designer, draft)
    assert run.case.incidents == []
    minutes = next(made for made in run.documents if made.activity_id == "terbitkan_risalah")
    assert "Sumber dana: Hibah daerah" in text(minutes.content)


def test_a_step_is_done_once_and_can_be_taken_back(site: Site, draft: str) -> None:
    designer = person(site, "perancang")
    run = dry_run_of(site, designer, draft)
    path = run.tasks[0][0].path
    answers = example(run.form("catat_rapat"))
    with pytest.raises(InvalidForm):
        do(site, designer, draft, "complete", path, {}, 0)
    do(site, designer, draft, "complete", path, answers, 0)
    do(site, designer, draft, "complete", path, answers, 0)  # pressed twice
    assert [done.element.id for done in dry_run_of(site, designer, draft).done] == ["mulai", "catat_rapat"]
    with pytest.raises(AlurError):
        do(site, designer, draft, "complete", path, answers, 1)
    step_back(site, designer, draft)
    assert dry_run_of(site, designer, draft).acts == []
    finish(site, designer, draft)
    start_again(site, designer, draft)
    assert dry_run_of(site, designer, draft).acts == []


def test_acts_that_no_longer_fit_the_files_are_left_out(site: Site, draft: str) -> None:
    designer = person(site, "perancang")
    finish(site, designer, draft)
    bpmn = sop_draft(site, designer, draft).files[BPMN].replace(b"catat_rapat", b"catat_pleno")
    put_files(site, designer, draft, {BPMN: bpmn})
    run = dry_run_of(site, designer, draft)
    assert run.misfit is not None and run.acts == []
    assert [element.id for _, element in run.tasks] == ["catat_pleno"]


def test_a_draft_with_findings_is_neither_tried_nor_published(site: Site, draft: str) -> None:
    designer = person(site, "perancang")
    remove_file(site, designer, draft, "nota_dinas.docx")
    with pytest.raises(InvalidDeployment):
        dry_run_of(site, designer, draft)
    with pytest.raises(InvalidDeployment):
        publish_draft(site, designer, CHANNEL, draft, "Uji")
    assert my_sop_drafts(site, designer)


def test_publishing_takes_a_note_and_running_cases_stay(site: Site, draft: str) -> None:
    designer = person(site, "perancang")
    running = walking.start(site)
    with_field(site, draft)
    with pytest.raises(Unacceptable):
        publish_draft(site, designer, CHANNEL, draft, " ")
    (made,) = publish_draft(site, designer, CHANNEL, draft, "Sumber dana dicatat").definitions
    assert (made.version, made.note) == (2, "Sumber dana dicatat")
    assert my_sop_drafts(site, designer) == []
    walking.walk(site, running, until="putuskan_rencana")
    assert walking.look(site, running).instance.version == 1
    new = walking.start(site)
    assert walking.example(site, walking.open_task(site, new, "catat_rapat"))["sumber_dana"] == "DIPA 2026"


def test_an_sop_that_is_new_begins_as_an_upload(site: Site, draft: str) -> None:
    designer = person(site, "perancang")
    files = dict(sop_draft(site, designer, draft).files)
    files[BPMN] = files[BPMN].replace(b'id="sop-16-2022"', b'id="sop-baru"').replace(b'"sop-16-2022"', b'"sop-baru"')
    other = upload_draft(site, designer, files)
    assert dry_run_of(site, designer, other).bundle.definition.key == "sop-baru"
    (made,) = publish_draft(site, designer, CHANNEL, other, "Pertama").definitions
    assert (made.key, made.version) == ("sop-baru", 1)
