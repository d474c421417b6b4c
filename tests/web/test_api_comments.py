"""Comments over the API."""

from collections.abc import Callable

from tests.clients import Api

Clients = Callable[[str], Api]


def test_what_is_said_is_listed_and_stands_in_the_history(api: Clients, case: str) -> None:
    said = api("kpukab").post(f"/process-instances/{case}/comments", {"text": " Mohon dipercepat. "})
    assert said.status_code == 201
    assert (said.json["text"], said.json["full_name"]) == ("Mohon dipercepat.", "Alamsyah")
    api("auditor").post(f"/process-instances/{case}/comments", {"text": "Dicatat."})
    address = f"/process-instances/{case}/comments?limit=1"
    assert [each["text"] for each in api("kpukab").items(address)] == ["Mohon dipercepat.", "Dicatat."]
    entry = api("kpukab").items(f"/process-instances/{case}/history")[said.json["seq"] - 1]
    assert (entry["kind"], entry["hash"]) == ("comment", said.json["hash"])
    assert api("auditor").get(f"/process-instances/{case}/verify").json["verified"]


def test_nothing_and_too_much_are_refused(api: Clients, case: str) -> None:
    for text in ("", "   ", "x" * 2001):
        assert api("kpukab").post(f"/process-instances/{case}/comments", {"text": text}).status_code == 422
