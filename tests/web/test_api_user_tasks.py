"""User tasks over the API: take, give back, keep a draft, send exactly once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import insert, select

from engine.models import documents
from engine.queries.documents import case_documents
from engine.site import Site
from tests import walking
from tests.cast import OPERATOR
from tests.clients import Api, example

Clients = Callable[[str], Api]


@pytest.fixture
def task(case: str) -> str:
    return f"/user-tasks/{case}-catat_rapat.1"


@pytest.fixture
def data(api: Clients, task: str) -> dict[str, Any]:
    return example(api("kpukab"), api("kpukab").get(task).json["form"]["schema"])


@pytest.fixture
def colleague(api: Clients) -> Api:
    """Somebody else of the lane KPU Kab, who is no Ketua."""
    return api("anggota")


def test_the_inbox_holds_what_waits_for_ones_lanes(api: Clients, task: str, case: str) -> None:
    (waiting,) = api("kpukab").items("/user-tasks")
    assert f"/user-tasks/{waiting['id']}" == task
    assert (waiting["lane"], waiting["status"], waiting["revision"]) == ("KPU Kab", "ready", 1)
    assert api("staf").items("/user-tasks") == []
    assert api("kpukab").items("/user-tasks?mine=true") == []
    api("kpukab").post(f"{task}/claim")
    assert len(api("kpukab").items("/user-tasks?mine=1")) == 1
    assert api("anggota").items("/user-tasks?mine=1") == []
    assert len(api("anggota").items("/user-tasks?mine=0")) == 1
    assert len(api("kpukab").items(f"/user-tasks?mine=true&status=claimed&process_instance_id={case}&limit=1")) == 1
    assert api("kpukab").items("/user-tasks?lane=Staf") == api("kpukab").items("/user-tasks?status=completed") == []


def test_a_task_comes_with_its_form_what_it_shows_and_ones_own_draft(
    api: Clients, colleague: Api, task: str, data: dict[str, Any]
) -> None:
    kpukab = api("kpukab")
    assert kpukab.get(task).json["draft"] is None
    response = kpukab.put(f"{task}/draft", {"data": {"kegiatan": "Setengah jadi"}})
    assert (response.status_code, response.data) == (204, b"")
    detail = kpukab.get(task).json
    assert detail["draft"] == {"kegiatan": "Setengah jadi"}
    assert detail["form"]["schema"]["type"] == "object"
    assert detail["form"]["ui_schema"]
    assert isinstance(detail["data"], dict)
    assert colleague.get(task).json["draft"] is None
    kpukab.post(f"{task}/complete", {"data": data})
    assert kpukab.put(f"{task}/draft", {"data": {}}).json["code"] == "task_done"


def test_a_claimed_task_says_who_holds_it_and_since_when(api: Clients, colleague: Api, task: str) -> None:
    claimed = api("kpukab").post(f"{task}/claim").json
    assert (claimed["status"], claimed["claimed_by"]) == ("claimed", "kpukab")
    assert api("kpukab").post(f"{task}/claim").status_code == 200
    for act, body in (("claim", {}), ("complete", {"data": {}})):
        refused = colleague.post(f"{task}/{act}", body)
        assert (refused.status_code, refused.json["code"]) == (409, "task_claimed")
        assert (refused.json["holder"], refused.json["since"]) == ("kpukab", claimed["claimed_at"])
    assert colleague.post(f"{task}/release").json["holder"] == "kpukab"
    assert api("kpukab").post(f"{task}/release").json["status"] == "ready"
    assert api("kpukab").post(f"{task}/release").json["code"] == "task_not_claimed"
    assert colleague.post(f"{task}/claim").status_code == 200


def test_a_sent_task_says_who_sent_it_and_when(api: Clients, colleague: Api, task: str, data: dict[str, Any]) -> None:
    done = api("kpukab").post(f"{task}/complete", {"data": data}).json
    assert [each["activity_id"] for each in done["next_user_tasks"]] == ["putuskan_rencana"]
    assert done["documents"] == []
    sent = done["process_instance"]["user_tasks"][0]
    assert (sent["status"], sent["claimed_by"]) == ("completed", "kpukab")
    for act, body in (("claim", {}), ("complete", {"data": data})):
        refused = colleague.post(f"{task}/{act}", body)
        assert (refused.status_code, refused.json["code"], refused.json["by"]) == (409, "task_done", "kpukab")
        assert refused.json["at"] == sent["claimed_at"]


def test_the_position_is_asked_for_beside_the_lane(
    api: Clients, colleague: Api, case: str, task: str, data: dict[str, Any]
) -> None:
    api("kpukab").post(f"{task}/complete", {"data": data})
    decision = f"/user-tasks/{case}-putuskan_rencana.1"
    refused = colleague.post(f"{decision}/complete", {"data": {}})
    assert (refused.status_code, refused.json["code"]) == (403, "wrong_position")
    refused = api("auditor").post(f"{decision}/complete", {"data": {}})
    assert (refused.status_code, refused.json["code"]) == (403, "wrong_lane")


def test_every_field_that_is_wrong_is_named_at_once_and_nothing_changes(api: Clients, task: str, case: str) -> None:
    before = api("kpukab").get(f"/process-instances/{case}").json
    refused = api("kpukab").post(f"{task}/complete", {"data": {"surprise": 1}})
    assert (refused.status_code, refused.json["code"]) == (422, "invalid_form")
    pointers = [error["pointer"] for error in refused.json["errors"]]
    assert "/surprise" in pointers
    assert len(pointers) > 2
    assert api("kpukab").get(f"/process-instances/{case}").json == before


def test_a_retry_with_the_same_key_gives_the_first_answer_and_the_key_is_good_for_nothing_else(
    api: Clients, case: str, task: str, data: dict[str, Any]
) -> None:
    key = {"Idempotency-Key": "b4c1"}
    first = api("kpukab").post(f"{task}/complete", {"data": data}, headers=key)
    again = api("kpukab").post(f"{task}/complete", {"data": data}, headers=key)
    assert again.json == first.json
    assert len(api("kpukab").items(f"/process-instances/{case}/history")) == 2
    other = api("kpukab").post(f"{task}/complete", {"data": {**data, "kegiatan": "Lain"}}, headers=key)
    assert (other.status_code, other.json["code"]) == (409, "idempotency_key_reused")
    for bad in ("", "x" * 201):
        refused = api("kpukab").post(f"{task}/complete", {"data": data}, headers={"Idempotency-Key": bad})
        assert (refused.status_code, refused.json["code"]) == (400, "malformed")


def test_a_case_of_hundreds_of_documents_tells_those_that_came_last(api: Clients, site: Site, case: str) -> None:
    walking.walk(site, case, "tindak_lanjut_alokasi")
    with site.database.write() as connection:
        row = connection.execute(select(documents)).first()
        assert row
        copies = [
            {**row._asdict(), "activity_id": f"lain_{n}", "code": None, "number": None, "seq": 1, "place": n}
            for n in range(250)
        ]
        connection.execute(insert(documents), copies)
    task = walking.open_task(site, case, "tindak_lanjut_alokasi")
    answer = api("kpa").post(f"/user-tasks/{task.id}/complete", {"data": walking.example(site, task)})
    assert [each["activity_id"] for each in answer.json["documents"]]
    assert len(case_documents(site, OPERATOR, case)) > 250


def test_of_many_who_send_at_once_exactly_one_is_heard(
    api: Clients, case: str, task: str, data: dict[str, Any]
) -> None:
    def send(_: int) -> int:
        return api("kpukab").post(f"{task}/complete", {"data": data}).status_code

    with ThreadPoolExecutor(8) as people:
        statuses = sorted(people.map(send, range(16)))
    assert statuses == [200] + [409] * 15
    assert len(api("kpukab").items(f"/process-instances/{case}/history")) == 2


def test_a_client_may_say_which_inputs_are_there(api: Clients, site: Site, case: str) -> None:
    walking.walk(site, case, "putuskan_rencana")
    kpukab, task, data = api("kpukab"), f"/user-tasks/{case}-putuskan_rencana.1", {"keputusan": "setuju"}
    needed = kpukab.get(task).json["kelengkapan"]
    assert needed == ["DIPA KPU Kab. Pinrang", "Surat Edaran", "Peraturan KPU"]
    refused = kpukab.post(f"{task}/complete", {"data": data, "kelengkapan": {"checked": needed[1:]}})
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "incomplete")
    assert kpukab.post(f"{task}/complete", {"data": data, "kelengkapan": {"checked": needed}}).status_code == 200
    entry = kpukab.items(f"/process-instances/{case}/history")[-1]
    assert entry["kelengkapan"] == {"checked": needed, "lacking": [], "reason": None}
