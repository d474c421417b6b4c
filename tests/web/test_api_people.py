"""People and acts over the API: for administrators, and for auditors what was done."""

from collections.abc import Callable

from engine.replay import verify_all
from engine.site import Site
from tests.clients import Api

Clients = Callable[[str | None], Api]
WHY = {"reason": "SK 12/2026"}
NEW = {"name": "budi", "full_name": "Budi Santoso", "lanes": ["Staf"], "positions": ["Bendahara"]}


def test_a_person_is_added_found_changed_and_leaves(api: Clients, site: Site) -> None:
    admin = api("admin")
    added = admin.post("/users", NEW)
    assert added.status_code == 201 and len(added.json["password"]) == 19
    assert [m["value"] for m in added.json["user"]["memberships"]] == ["Staf", "Bendahara"]
    assert [each["name"] for each in admin.items("/users?q=santoso")] == ["budi"]
    changed = admin.call("PATCH", "/users/budi", json={"rank": "Penata", **WHY}).json
    assert (changed["rank"], changed["full_name"]) == ("Penata", "Budi Santoso")
    assert admin.call("PATCH", "/users/budi", json={"active": False, **WHY}).json["active"] is False
    assert [each["name"] for each in admin.items("/users?active=false")] == ["budi"]
    assert len(admin.items("/users?limit=3")) == 11
    assert all(result.verified for _, result in verify_all(site))


def test_what_is_wrong_is_told_by_field(api: Clients) -> None:
    refused = api("admin").post("/users", {**NEW, "nip": "12", "email": "x", "password": "pendek"})
    assert refused.status_code == 422
    assert {error["pointer"] for error in refused.json["errors"]} == {"/nip", "/email", "/password"}
    assert api("admin").post("/users", {**NEW, "name": "staf"}).json["code"] == "name_taken"
    assert api("admin").call("PATCH", "/users/staf", json={"rank": "Penata"}).status_code == 422, "no reason"


def test_a_password_that_was_chosen_is_not_answered(api: Clients) -> None:
    assert api("admin").post("/users", {**NEW, "password": "pilihan sendiri"}).json["password"] is None


def test_a_role_is_given_and_ended(api: Clients) -> None:
    admin = api("admin")
    given = admin.post("/users/staf/memberships", {"kind": "lane", "value": "PPK", **WHY})
    assert given.status_code == 201
    identity = given.json["memberships"][-1]["id"]
    assert "PPK" in api("staf").get("/me").json["lanes"]
    assert admin.post(f"/users/staf/memberships/{identity}/end", WHY).json["memberships"][-1]["status"] == "over"
    assert admin.post(f"/users/staf/memberships/{identity}/end", WHY).json["code"] == "membership_over"
    assert "PPK" not in api("staf").get("/me").json["lanes"]


def test_nobody_gives_themself_a_role(api: Clients) -> None:
    refused = api("admin").post("/users/admin/memberships", {"kind": "lane", "value": "PPK", **WHY})
    assert (refused.status_code, refused.json["code"]) == (403, "own_account")


def test_acts_are_read_in_order_and_proven(api: Clients) -> None:
    api("admin").post("/users", NEW)
    auditor = api("auditor")
    acts = auditor.items("/acts?limit=7")
    assert [act["seq"] for act in acts] == list(range(1, len(acts) + 1))
    assert (acts[-1]["kind"], acts[-1]["subject"], acts[-1]["channel"]) == ("user.added", "budi", "api")
    assert [act["prev_hash"] for act in acts[1:]] == [act["hash"] for act in acts[:-1]]
    assert [act["subject"] for act in auditor.items("/acts?kind=deployed")] == ["sop-16-2022"]
    assert auditor.get("/acts/verify").json["verified"] is True
