"""Notices and preferences over the API."""

from collections.abc import Callable

from engine.site import Site
from tests import walking
from tests.clients import Api


def test_my_notices_come_in_pages_the_latest_first(api: Callable[[str], Api], site: Site) -> None:
    cases = [walking.start(site, title) for title in "abc"]
    anggota = api("anggota")
    page = anggota.get("/notices?limit=2").json
    assert [notice["case_title"] for notice in page["items"]] == ["c", "b"]
    assert page["items"][0]["user_task_id"] == f"{cases[2]}-catat_rapat.1"
    rest = anggota.get(page["next"].removeprefix("/api/v1")).json
    assert [notice["case_title"] for notice in rest["items"]] == ["a"] and rest["next"] is None
    assert api("kpukab").get("/notices").json["items"] == []


def test_what_is_read_is_counted_no_more(api: Callable[[str], Api], site: Site) -> None:
    walking.start(site, "a")
    walking.start(site, "b")
    anggota = api("anggota")
    assert anggota.get("/notices/unread").json == {
        "total": 2,
        "new_task": 2,
        "returned": 0,
        "delegated": 0,
        "reassigned": 0,
        "taken_away": 0,
        "overdue": 0,
        "incident": 0,
    }
    latest = anggota.items("/notices?unread=true")[0]
    assert latest["read_at"] is None
    assert api("staf").post(f"/notices/{latest['id']}/read").status_code == 404
    assert anggota.post(f"/notices/{latest['id']}/read").status_code == 204
    assert [notice["case_title"] for notice in anggota.get("/notices?unread=true").json["items"]] == ["a"]
    assert anggota.post("/notices/read").status_code == 204
    assert anggota.get("/notices/unread").json["total"] == 0


def test_everybody_chooses_how_e_mail_comes(api: Callable[[str], Api]) -> None:
    staf = api("staf")
    assert staf.get("/me/preferences").json == {"email": None, "mail": "each"}
    assert staf.put("/me/preferences", {"mail": "daily"}).json == {"email": None, "mail": "daily"}
    assert staf.put("/me/preferences", {"mail": "hourly"}).status_code == 422
    assert staf.put("/me/preferences", {"mail": "none", "email": "x@y.example"}).status_code == 422
    assert api("ppk").get("/me/preferences").json["mail"] == "each"
