"""SOP 16/2022 from the meeting to the archive: five people in five browsers, sent back once at step 4 and at step 7."""

import pytest
from playwright.sync_api import Page, expect

from engine.queries.user_tasks import user_task
from engine.site import Site
from tests import walking
from tests.browser.conftest import Open
from tests.browser.filling import fill
from tests.cast import BY_LANE, OPERATOR

pytestmark = pytest.mark.browser

TITLE = "Sosialisasi pemilih pemula di SMA 1 Pinrang"
SENT_BACK = {"periksa_rencana": "susun_rencana", "periksa_laporan": "susun_laporan"}


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_five_people_take_one_case_through_all_steps(visit: Open, site: Site, script: bool) -> None:
    people = {lane: visit(name, script=script) for lane, name in BY_LANE.items()}
    case = start(people["KPU Kab"])
    returned: set[str] = set()
    done: list[str] = []
    while tasks := walking.waiting(site, case):
        task = tasks[0]
        detail = user_task(site, OPERATOR, task.id)
        form = detail.bundle.forms[task.activity_id]
        back = task.activity_id in SENT_BACK and task.activity_id not in returned
        page = people[task.lane]
        page.goto("/")
        page.get_by_role("link", name=task.name, exact=True).click()
        if done and SENT_BACK.get(done[-1]) == task.activity_id and len(done) - done.index(done[-1]) == 1:
            expect(page.get_by_role("heading", name="Dikembalikan")).to_be_visible()
        fill(page, form, form.schema["examples"][-1 if back else 0])
        page.get_by_role("button", name="Kirim", exact=True).click()
        expect(page.get_by_role("heading", name="Terkirim")).to_be_visible()
        returned |= {task.activity_id} if back else set()
        done.append(task.activity_id)
    assert done.count("susun_rencana") == done.count("susun_laporan") == 2

    staff = people["Staf"]
    staff.goto(f"/berkas/{case}")
    expect(staff.get_by_role("heading", name=TITLE)).to_contain_text("Selesai")
    staff.get_by_role("link", name="Buktikan riwayat").click()
    expect(staff.get_by_text("Riwayat terbukti utuh.")).to_be_visible()
    for link in staff.locator('section[aria-labelledby="documents"] a:not([href$="/salinan"])').all():
        answer = staff.request.get(str(link.get_attribute("href")))
        assert answer.ok
        assert answer.body()[:2] == b"PK"


def start(chair: Page) -> str:
    """Start the case as the board does; returns its id."""
    chair.get_by_role("link", name="Mulai kegiatan").click()
    chair.get_by_label("Nama kegiatan").fill(TITLE)
    chair.get_by_role("button", name="Mulai kegiatan").click()
    expect(chair.get_by_role("heading", name=TITLE)).to_be_visible()
    return chair.url.rpartition("/")[2]
