"""Cases over the API: starting, finding, and an operator's acts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.bundles import Bundle
from engine.errors import OperatorFailed
from tests.clients import Api
from tests.conftest import SOP
from tests.sop import open_tasks, send

Clients = Callable[[str], Api]
CASES = "/process-instances"


def start(api: Clients, title: str | None = None) -> str:
    response = api("kpukab").post(CASES, {"process_definition_key": SOP, "business_key": title})
    assert response.status_code == 201
    return str(response.json["id"])


def test_who_starts_a_case_sees_it_at_once(api: Clients) -> None:
    case = start(api, "Sosialisasi pemilih pemula")
    found = api("kpukab").get(f"{CASES}/{case}").json
    assert (found["status"], found["business_key"], found["version"]) == ("running", "Sosialisasi pemilih pemula", 1)
    assert [task["activity_id"] for task in found["user_tasks"]] == ["catat_rapat"]
    assert found["data"] == {}


def test_only_the_lane_of_the_start_event_starts_and_an_unknown_sop_is_not_found(api: Clients) -> None:
    body = {"process_definition_key": SOP}
    statuses = {name: api(name).post(CASES, body).status_code for name in ("staf", "auditor", "admin", "orangluar")}
    assert statuses == {"staf": 403, "auditor": 403, "admin": 403, "orangluar": 404}
    assert api("kpukab").post(CASES, {"process_definition_key": "nothing"}).status_code == 404
    assert api("kpukab").post(CASES, {**body, "version": 2}).status_code == 404


def test_the_same_key_starts_one_case_also_when_it_comes_many_times_at_once(api: Clients) -> None:
    body, key = {"process_definition_key": SOP, "business_key": "Rapat"}, {"Idempotency-Key": "b4c1"}

    def send(_: int) -> tuple[int, str]:
        answer = api("kpukab").post(CASES, body, headers=key)
        return answer.status_code, answer.json["id"]

    with ThreadPoolExecutor(8) as clients:
        answers = set(clients.map(send, range(16)))
    assert len(answers) == 1 == len(api("kpukab").items(CASES))
    assert answers.pop()[0] == 201
    for other in ({**body, "business_key": "Lain"}, {**body, "data": {"a": 1}}, {**body, "version": 1}):
        refused = api("kpukab").post(CASES, other, headers=key)
        assert (refused.status_code, refused.json["code"]) == (409, "idempotency_key_reused")
    assert api("anggota").post(CASES, body, headers=key).status_code == 201, "a key is one person's"
    assert len(api("kpukab").items(CASES)) == 2


def test_a_key_whose_request_was_refused_is_free_for_the_next(api: Clients) -> None:
    key = {"Idempotency-Key": "b4c1"}
    assert api("kpukab").post(CASES, {"process_definition_key": "nothing"}, headers=key).status_code == 404
    assert api("kpukab").post(CASES, {"process_definition_key": SOP}, headers=key).status_code == 201
    (case,) = api("kpukab").items(CASES)
    done = api("kpukab").post(f"/user-tasks/{case['id']}-catat_rapat.1/complete", {"data": {}}, headers=key)
    assert done.status_code == 409


def test_a_list_of_cases_is_walked_page_by_page_and_filtered(api: Clients) -> None:
    made = [start(api, f"Rapat {n}") for n in range(5)]
    kpukab = api("kpukab")
    first = kpukab.get(f"{CASES}?limit=2").json
    assert len(first["items"]) == 2
    assert first["next"].startswith("/api/v1/process-instances?limit=2&cursor=")
    assert [case["id"] for case in kpukab.items(f"{CASES}?limit=2")] == sorted(made, reverse=True)
    assert [case["id"] for case in kpukab.items(f"{CASES}?q=rapat 3")] == [made[3]]
    assert kpukab.items(f"{CASES}?status=completed") == kpukab.items(f"{CASES}?key=other") == []
    assert api("staf").items(CASES) == []


def test_suspending_stops_everybody_and_resuming_lets_them_go_on(api: Clients, case: str) -> None:
    admin, kpukab = api("admin"), api("kpukab")
    suspended = admin.post(f"{CASES}/{case}/suspend", {"reason": "Menunggu kejelasan anggaran"}).json
    assert (suspended["status"], suspended["suspended"]) == ("suspended", "Menunggu kejelasan anggaran")
    (task,) = suspended["user_tasks"]
    for act in ("claim", "complete"):
        refused = kpukab.post(f"/user-tasks/{task['id']}/{act}", {"data": {}} if act == "complete" else {})
        assert (refused.status_code, refused.json["code"]) == (409, "case_suspended")
    again = admin.post(f"{CASES}/{case}/suspend", {"reason": "Lagi"})
    assert (again.status_code, again.json["code"]) == (409, "case_suspended")
    assert admin.post(f"{CASES}/{case}/resume", {"reason": "Sudah jelas"}).json["status"] == "running"
    assert admin.post(f"{CASES}/{case}/resume", {"reason": "Sudah jelas"}).status_code == 409
    assert kpukab.post(f"/user-tasks/{task['id']}/claim").status_code == 200
    assert api("auditor").get(f"{CASES}/{case}/verify").json["verified"] is True


def test_a_case_is_cancelled_once_with_a_reason_and_its_tasks_with_it(api: Clients, case: str) -> None:
    kpukab = api("kpukab")
    assert kpukab.post(f"{CASES}/{case}/cancel", {}).status_code == 422
    assert kpukab.post(f"{CASES}/{case}/cancel", {"reason": " "}).json["code"] == "unacceptable"
    cancelled = kpukab.post(f"{CASES}/{case}/cancel", {"reason": "Rapat batal"}).json
    assert (cancelled["status"], cancelled["user_tasks"][0]["status"]) == ("cancelled", "cancelled")
    again = kpukab.post(f"{CASES}/{case}/cancel", {"reason": "Lagi"})
    assert (again.status_code, again.json["code"]) == (409, "case_ended")
    assert api("auditor").items(f"{CASES}/{case}/history")[-1]["kind"] == "cancel"


def test_a_submission_is_kept_when_a_document_fails_and_the_case_goes_on_when_it_is_tried_again(
    api: Clients, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise OperatorFailed(cause="berita_acara_pleno.docx: “undangan.hall” tidak ada")

    send(api, *open_tasks(api, case))
    with monkeypatch.context() as broken:
        broken.setattr(Bundle, "render", fail)
        answer = send(api, *open_tasks(api, case))
    assert answer["process_instance"]["status"] == "incident"
    (incident,) = answer["process_instance"]["incidents"]
    assert (incident["activity_id"], incident["code"]) == ("terbitkan_berita_acara", "operator_failed")
    assert incident["cause"] == "berita_acara_pleno.docx: “undangan.hall” tidak ada"
    assert api("kpukab").items(f"{CASES}/{case}/history")[-1]["hash"] == answer["receipt"]
    assert api("kpukab").items(f"{CASES}?status=incident")[0]["id"] == case
    again = api("admin").post(f"{CASES}/{case}/retry", {"reason": "Templat diperbaiki"}).json
    assert (again["status"], again["incidents"]) == ("running", [])
    assert [document["version"] for document in api("admin").items(f"{CASES}/{case}/documents")] == [1, 1]
    assert api("auditor").get(f"{CASES}/{case}/verify").json["verified"] is True


def test_there_is_nothing_to_try_again_where_nothing_failed(api: Clients, case: str) -> None:
    refused = api("admin").post(f"{CASES}/{case}/retry", {"reason": "Coba"})
    assert (refused.status_code, refused.json["code"]) == (409, "no_incident")


@pytest.mark.parametrize("act", ["cancel", "suspend", "resume", "retry"])
def test_an_operators_act_on_a_case_one_does_not_see_is_not_found_and_on_one_of_others_forbidden(
    api: Clients, case: str, act: str
) -> None:
    assert api("staf").post(f"{CASES}/{case}/{act}", {"reason": "Coba"}).status_code == 404
    assert api("auditor").post(f"{CASES}/{case}/{act}", {"reason": "Coba"}).status_code == 403


def test_the_history_gives_every_entry_with_its_place_in_the_chain(api: Clients, case: str) -> None:
    api("kpukab").post(f"/user-tasks/{case}-catat_rapat.1/claim")
    start_entry, claim = api("kpukab").items(f"{CASES}/{case}/history?limit=1")
    assert (start_entry["kind"], start_entry["seq"], start_entry["prev_hash"]) == ("start", 1, "0" * 64)
    assert (claim["kind"], claim["seq"], claim["prev_hash"]) == ("claim", 2, start_entry["hash"])
    assert claim["allowed"] == ["anggota", "kpukab"]
    assert (claim["channel"], claim["user_task_id"]) == ("api", f"{case}-catat_rapat.1")
