"""The register: a number is given once, in the transaction that issues the document, and never again."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from engine.commands.user_tasks import complete_user_task
from engine.models import numbers
from engine.queries.documents import case_documents
from engine.site import Site
from tests import walking
from tests.cast import OPERATOR
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
