"""The signed copy of a document over the API."""

from collections.abc import Callable

from tests.clients import PNG, Api
from tests.sop import open_tasks, send

Clients = Callable[[str], Api]


def test_a_scan_becomes_the_signed_copy_and_the_case_still_verifies(api: Clients, case: str) -> None:
    for _ in range(2):
        send(api, open_tasks(api, case)[0])
    chair = api("kpukab")
    document = chair.items(f"/process-instances/{case}/documents")[0]
    assert document["signed_copies"] == []
    scan = chair.upload("/attachments", "file", ("hal 1.png", PNG)).json["id"]
    bound = chair.post(f"/documents/{document['id']}/signed-copy", {"attachments": [scan]})
    assert (bound.status_code, bound.json["signed_copies"]) == (200, [scan])
    assert chair.get(f"/documents/{document['id']}").json["signed_copies"] == [scan]
    assert api("auditor").get(f"/attachments/{scan}/content").data == PNG
    assert api("auditor").get(f"/process-instances/{case}/verify").json["verified"]


def test_without_a_file_nothing_happens(api: Clients, case: str) -> None:
    for _ in range(2):
        send(api, open_tasks(api, case)[0])
    chair = api("kpukab")
    document = chair.items(f"/process-instances/{case}/documents")[0]
    for wanted in ([], ["tidak-ada"]):
        assert chair.post(f"/documents/{document['id']}/signed-copy", {"attachments": wanted}).status_code == 422
    assert chair.get(f"/documents/{document['id']}").json["signed_copies"] == []
