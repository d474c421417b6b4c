"""Substitutes and delegation over the API, and what it says of who acts for whom and where nobody can."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.clients import Api, example
from tests.sop import open_tasks, send

Clients = Callable[[str], Api]

PLH = {"absent": "kpukab", "substitute": "ppk", "kind": "plh", "reason": "SPT 12/2026"}


@pytest.fixture
def task(case: str) -> str:
    return f"/user-tasks/{case}-catat_rapat.1"


def test_a_substitute_sees_for_whom_they_act_until_it_is_ended(api: Clients, task: str) -> None:
    added = api("admin").post("/substitutes", {**PLH, "to": "2999-12-31"})
    assert (added.status_code, added.json["status"], added.json["to"][:10]) == (201, "in_force", "2999-12-31")
    (stands_in,) = api("ppk").get("/me").json["stands_in_for"]
    assert (stands_in["user"], stands_in["lanes"], stands_in["positions"]) == ("kpukab", ["KPU Kab"], ["Ketua"])
    (waiting,) = api("ppk").items("/user-tasks")
    assert waiting["acting"] == {"kind": "plh", "on_behalf_of": "kpukab", "position": "Ketua"}
    assert api("ppk").post(f"{task}/claim").json["claimed_by"] == "ppk"
    ended = api("kpukab").post(f"/substitutes/{added.json['id']}/end")
    assert (ended.status_code, ended.json["status"], ended.json["ended_by"]) == (200, "over", "kpukab")
    assert api("kpukab").post(f"/substitutes/{added.json['id']}/end", {"reason": "lagi"}).status_code == 409
    assert api("ppk").items("/user-tasks?status=claimed")[0]["acting"] is None
    assert api("ppk").get("/me").json["stands_in_for"] == []


def test_the_absent_person_names_their_own_substitute(api: Clients) -> None:
    mine = {"substitute": "anggota", "kind": "plt", "reason": "cuti", "from": None}
    assert api("kpukab").post("/substitutes", mine).json["absent"] == "kpukab"
    assert [each["kind"] for each in api("anggota").items("/substitutes?substitute=anggota&limit=1")] == ["plt"]
    assert api("anggota").items("/substitutes?absent=anggota") == []


@pytest.mark.parametrize(
    ("change", "status"),
    [({"kind": "wakil"}, 422), ({"reason": ""}, 422), ({"to": "besok"}, 422), ({"absent": "ppk"}, 422)],
)
def test_what_makes_no_sense_is_refused(api: Clients, change: dict[str, Any], status: int) -> None:
    assert api("admin").post("/substitutes", {**PLH, **change}).status_code == status


def test_a_task_is_delegated_with_a_note_and_taken_back(api: Clients, case: str, task: str) -> None:
    given = api("kpukab").post(f"{task}/delegate", {"to": "staf", "note": "tolong catat"})
    assert (given.status_code, given.json["delegated_to"]) == (200, "staf")
    (mine,) = api("staf").items("/user-tasks?mine=true")
    assert (mine["delegated_by"], mine["delegation_note"]) == ("kpukab", "tolong catat")
    assert mine["acting"] == {"kind": "delegation", "on_behalf_of": "kpukab", "position": "Ketua"}
    refused = api("staf").post(f"{task}/delegate", {"to": "kpa", "note": "teruskan"})
    assert (refused.status_code, refused.json["code"]) == (403, "delegated_once")
    api("kpukab").post(f"{task}/delegate", {"to": None, "note": "saya kerjakan sendiri"})
    assert api("staf").get(task).status_code == 404
    *_, entry = api("auditor").items(f"/process-instances/{case}/history")
    assert (entry["kind"], entry["on_behalf_of"], entry["authority"]) == ("delegate", None, None)


def test_a_step_that_nobody_can_do_is_said_on_the_task_and_its_case(api: Clients, case: str, task: str) -> None:
    for absent, substitute in (("kpukab", "ppk"), ("anggota", "ppk"), ("ppk", "kpa")):
        api("admin").post("/substitutes", {**PLH, "absent": absent, "substitute": substitute})
    (warning,) = api("auditor").get(f"/process-instances/{case}?lang=en").json["warnings"]
    assert (f"/user-tasks/{warning['user_task_id']}", warning["code"]) == (task, "absent")
    assert warning["message"].startswith("Nobody can do this step now")
    assert api("auditor").get(f"{task}?lang=en").json["warning"] == warning


def test_who_wrote_the_report_for_staf_may_not_check_it(api: Clients, case: str) -> None:
    while (task := open_tasks(api, case)[0])["activity_id"] != "susun_laporan":
        send(api, task)
    api("admin").post("/substitutes", {**PLH, "absent": "staf", "substitute": "kasubag"})
    form = api("kasubag").get(f"/user-tasks/{task['id']}").json["form"]
    done = (
        api("kasubag")
        .post(f"/user-tasks/{task['id']}/complete", {"data": example(api("kasubag"), form["schema"])})
        .json
    )
    (check,) = done["next_user_tasks"]
    assert check["acting"] is None
    assert [each["code"] for each in done["process_instance"]["warnings"]] == ["separated"]
    refused = api("kasubag").post(f"/user-tasks/{check['id']}/complete?lang=en", {"data": {"keputusan": "setuju"}})
    assert (refused.status_code, refused.json["code"]) == (403, "separated")
    assert refused.json["detail"].startswith("Somebody else must do this step: kasubag did")
    *_, entry = api("auditor").items(f"/process-instances/{case}/history")
    assert (entry["activity_id"], entry["authority"]["kind"]) == ("susun_laporan", "plh")
    assert api("auditor").get(f"/process-instances/{case}/verify").json["verified"] is True
