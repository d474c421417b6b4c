"""The register: a number is given once, in the transaction that issues the document, and never again."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from engine import installation, office
from engine.commands.cases import retry_case
from engine.commands.deployments import deploy, gathered
from engine.commands.office import change_office
from engine.commands.user_tasks import complete_user_task
from engine.errors import Invalid, InvalidDeployment
from engine.models import numbers
from engine.queries.documents import case_documents
from engine.replay import verify
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.walking import WEB, person


def test_numbers_are_unique_and_without_a_gap_when_cases_run_side_by_side(site: Site) -> None:
    cases = [walking.start(site, f"Rapat {n}") for n in range(6)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda case: walking.walk(site, case, until="teruskan_nota_dinas"), cases))
    with site.database.read() as connection:
        given = connection.execute(select(numbers.c.type, numbers.c.n).order_by(numbers.c.type, numbers.c.n)).all()
    assert given == [(kind, n) for kind in ("berita_acara_pleno", "nota_dinas") for n in range(1, 7)]


def test_rework_keeps_the_number_and_voids_the_version_before(site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case, until="teruskan_nota_dinas")
    walking.complete(site, walking.open_task(site, case, "teruskan_nota_dinas"), returning=True)
    walking.complete(site, walking.open_task(site, case, "tindak_lanjut_alokasi"))
    issued = [d for d in case_documents(site, OPERATOR, case) if d.type == "nota_dinas"]
    assert [(d.version, d.status) for d in issued] == [(1, "void"), (2, "issued")]
    assert len({d.number for d in issued}) == 1


def test_drafts_have_no_number(site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case, until="periksa_rencana")
    drafts = [d for d in case_documents(site, OPERATOR, case) if d.status == "draft"]
    assert [(d.type, d.number) for d in drafts] == [("proposal_kak", None), ("surat_undangan", None)]


def test_of_two_who_send_at_once_exactly_one_wins(site: Site) -> None:
    case = walking.start(site)
    task = walking.open_task(site, case, "catat_rapat")
    data = walking.example(site, task)

    def send(_: int) -> str:
        try:
            complete_user_task(site, person(site, "kpukab"), WEB, task.id, data)
        except Exception as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(send, range(4)))
    assert answers == ["TaskDone", "TaskDone", "TaskDone", "done"]


MASK = {"mask": "{urut}/{jenis}/{tahun}", "jenis": "SE"}


def masked(site: Site, **changes: dict[str, str] | None) -> dict[str, Any]:
    """The office's data with other masks; None takes one away."""
    with site.database.read() as connection:
        data = office.current(connection)
    masks = {kind: mask for kind, mask in {**data["masks"], **changes}.items() if mask}
    return {**data, "masks": masks}


def circular() -> dict[str, bytes]:
    """The SOP, with a Nota Dinas that it issues as a letter of another type."""
    files = gathered([installation.ROOT / "bpmn" / f"{walking.SOP}.bpmn"], installation.LIBRARY)
    model = files[f"{walking.SOP}.bpmn"]
    assert b"&#39;nota_dinas&#39;" in model
    return {**files, f"{walking.SOP}.bpmn": model.replace(b"&#39;nota_dinas&#39;", b"&#39;surat_edaran&#39;")}


def test_an_sop_that_issues_a_type_without_a_mask_is_not_deployed(site: Site) -> None:
    with pytest.raises(InvalidDeployment) as refused:
        deploy(site, OPERATOR, CHANNEL, circular())
    (found,) = refused.value.errors
    assert (found.code, found.params["type"]) == ("no_mask", "surat_edaran")  # type: ignore[attr-defined]
    change_office(site, OPERATOR, CHANNEL, masked(site, surat_edaran=MASK), "Surat edaran")
    assert deploy(site, OPERATOR, CHANNEL, circular()).definitions[0].version == 2


def test_a_mask_that_an_sop_needs_is_not_taken_away(site: Site) -> None:
    with pytest.raises(Invalid) as refused:
        change_office(site, OPERATOR, CHANNEL, masked(site, nota_dinas=None, surat_dinas=None), "Salah")
    assert [error.pointer for error in refused.value.errors] == ["/masks/nota_dinas"]  # type: ignore[attr-defined]
    change_office(site, OPERATOR, CHANNEL, masked(site, surat_dinas=None), "Tidak dipakai")


def test_an_office_that_never_had_the_mask_gets_no_document_without_a_number(site: Site) -> None:
    """As one that was set up before masks were asked for."""
    whole = masked(site)
    with site.database.write() as connection:
        office.change(connection, masked(site, nota_dinas=None), "os:init", site.clock())
    change_office(site, OPERATOR, CHANNEL, {**masked(site), "wilayah": "7371"}, "Pindah")
    case = walking.start(site)
    walking.walk(site, case)
    (incident,) = walking.look(site, case).incidents
    assert (incident["code"], incident["params"]) == ("number_missing", {"type": "nota_dinas"})
    issued = [document for document in case_documents(site, OPERATOR, case) if document.status == "issued"]
    assert "nota_dinas" not in [document.type for document in issued]
    assert verify(site, OPERATOR, case).verified
    change_office(site, OPERATOR, CHANNEL, whole, "Pola ditambahkan")
    retry_case(site, OPERATOR, CHANNEL, case, "Pola ditambahkan")
    assert [d.number for d in case_documents(site, OPERATOR, case) if d.type == "nota_dinas"][0]
    assert verify(site, OPERATOR, case).verified
