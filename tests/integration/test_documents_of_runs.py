"""Letters of several runs of the same steps: each is its own, with its own number, and prints its own run's answers."""

import io
import zipfile

import pytest

from engine.commands.cases import start_process
from engine.commands.deployments import deploy
from engine.commands.people import NewUser, add_user
from engine.commands.user_tasks import complete_user_task
from engine.queries.documents import Document, case_documents, document_content
from engine.replay import verify
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR, PASSWORD
from tests.conformance.drawing import FORM, model
from tests.unit.docgen.word import docx, paragraph, text
from tests.walking import WEB, person


def service(activity: str, operator: str, **parameters: str) -> str:
    """The statement of a service task."""
    said = "".join(
        f'<spiffworkflow:parameter id="{key}" value="&quot;{value}&quot;"/>' for key, value in parameters.items()
    )
    return (
        f'<serviceTask id="{activity}" name="{activity}"><extensionElements>'
        f'<spiffworkflow:serviceTaskOperator id="{operator}">'
        f"<spiffworkflow:parameters>{said}</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
        "</extensionElements></serviceTask>"
    )


SURAT = service(
    "surat", "docgen/render", template="surat.docx", type="nota_dinas", classification="PR.07", signed_by="nilai"
)
DAFTAR = service("daftar", "docgen/render", template="daftar.docx", type="daftar")
ARSIP = service("arsip", "docgen/archive", name="arsip.zip")
EACH = f"""
    start s; raw '{DAFTAR}'; raw '{ARSIP}'; end e; s > P > daftar > arsip > e
    sub P each=orang item=siapa gives=siapa,nilai {{
        start s2; xor lagi; user nilai; raw '{SURAT}'; user periksa; xor x; end e2
        s2 > lagi > nilai > surat > periksa > x; x > lagi : 'periksa.k == "ulang"'; x > e2 : default
    }}
"""
LATER = model(EACH.replace("nilai > surat > periksa > x", "nilai > periksa > surat > x"))
FILES = {
    "m.bpmn": model(EACH),
    "f.json": FORM.encode(),
    "surat.docx": docx(paragraph("{{ dokumen.nomor }} {{ siapa }} {{ nilai.k }} oleh {{ penanda_tangan[0].nama }}")),
    "daftar.docx": docx(paragraph("{% for n in nilai %}[{{ n.k }}]{% endfor %}")),
}


@pytest.fixture
def case(site: Site) -> str:
    """Two people, each with a letter; the other's was not checked yet."""
    deploy(site, OPERATOR, CHANNEL, FILES)
    case = start_process(site, person(site, "staf"), WEB, "p", data={"orang": ["Ani", "Budi"]})[0]
    for k in ("lulus", "gagal"):
        answer(site, case, "nilai", k)
    return case


def answer(site: Site, case: str, activity: str, k: str, who: str = "staf") -> None:
    complete_user_task(site, person(site, who), WEB, walking.open_task(site, case, activity).id, {"k": k})


def letters(site: Site, case: str) -> list[Document]:
    return [each for each in case_documents(site, OPERATOR, case) if each.activity_id == "surat"]


def content(site: Site, document: Document) -> bytes:
    return document_content(site, OPERATOR, document.id)[1]


def test_each_letter_prints_its_own_run_and_has_a_number_of_its_own(site: Site, case: str) -> None:
    first, second = letters(site, case)
    assert (first.status, second.status) == ("issued", "issued")
    assert first.number != second.number
    assert "Ani lulus" in text(content(site, first)) and "Budi gagal" in text(content(site, second))
    assert verify(site, OPERATOR, case).verified


def test_a_letter_made_again_takes_the_place_of_its_own_run_s_and_keeps_its_number(site: Site, case: str) -> None:
    answer(site, case, "periksa", "ulang")
    answer(site, case, "nilai", "lulus lagi")
    first, second, again = letters(site, case)
    assert [each.status for each in (first, second, again)] == ["void", "issued", "issued"]
    assert again.number == first.number
    assert verify(site, OPERATOR, case).verified


def test_what_was_given_is_a_list_for_a_letter_after_the_runs_and_the_archive_holds_all(site: Site, case: str) -> None:
    for _ in range(2):
        answer(site, case, "periksa", "ya")
    made = {each.activity_id: each for each in case_documents(site, OPERATOR, case)}
    assert "[lulus][gagal]" in text(content(site, made["daftar"]))
    with zipfile.ZipFile(io.BytesIO(content(site, made["arsip"]))) as archive:
        assert sum("surat" in name for name in archive.namelist()) == 2
    assert verify(site, OPERATOR, case).verified


def test_each_letter_is_signed_by_who_acted_in_its_own_run(site: Site) -> None:
    add_user(site, OPERATOR, CHANNEL, NewUser("rekan", "Sari Dewi", PASSWORD, lanes=["Staf"], positions=["Staf"]))
    deploy(site, OPERATOR, CHANNEL, {**FILES, "m.bpmn": LATER})
    case = start_process(site, person(site, "staf"), WEB, "p", data={"orang": ["Ani", "Budi"]})[0]
    for activity, who in (("nilai", "staf"), ("nilai", "rekan"), ("periksa", "staf"), ("periksa", "staf")):
        answer(site, case, activity, "ya", who)
    printed = [text(content(site, each)) for each in letters(site, case)]
    assert "Ani ya oleh Andi Rahmat" in printed[0] and "Budi ya oleh Sari Dewi" in printed[1]
    assert verify(site, OPERATOR, case).verified
