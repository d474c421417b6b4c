"""SOP 16/2022 from start to end over the API, by five people."""

import hashlib
from collections.abc import Callable
from typing import Any

from tests.clients import Api
from tests.sop import open_tasks, send

Clients = Callable[[str], Api]
KINDS = 13  # the SOP's twelve kinds of document, and the archive
DECISIONS = {"setujui_anggaran": 1, "periksa_laporan": 1}  # how often each of these returns the case


def walk(api: Clients, case: str, returns: dict[str, int]) -> list[dict[str, Any]]:
    """Take the case to its end, sending it back at the activities in `returns`; the answers of all steps."""
    answers, left = [], dict(returns)
    while tasks := open_tasks(api, case):
        task = tasks[0]
        changes: dict[str, object] = {}
        if left.get(task["activity_id"]):
            left[task["activity_id"]] -= 1
            changes = {"keputusan": "kembalikan", "alasan": "Rincian anggaran belum lengkap"}
        answers.append(send(api, task, **changes))
        assert len(answers) < 60, "the case goes round and round"
    return answers


def test_a_case_goes_from_the_meeting_to_the_archive_with_a_return_at_step_4_and_at_step_7(
    api: Clients, case: str
) -> None:
    answers = walk(api, case, DECISIONS)
    auditor = api("auditor")

    assert auditor.get(f"/process-instances/{case}").json["status"] == "completed"
    history = auditor.items(f"/process-instances/{case}/history?limit=7")
    assert [entry["seq"] for entry in history] == list(range(1, len(history) + 1))
    assert [answer["receipt"] for answer in answers] == [entry["hash"] for entry in history[1:]]
    assert {entry["lane"] for entry in history} == {"Staf", "PPK", "Kasubag", "KPA", "KPU Kab"}

    documents = auditor.items(f"/process-instances/{case}/documents?limit=3")
    named = [document["id"] for entry in history for document in entry["documents"]]
    assert [document["id"] for document in documents] == named
    assert len({document["type"] for document in documents}) == KINDS
    numbers = [document["number"] for document in documents if document["number"] and document["status"] == "issued"]
    assert len(numbers) == len(set(numbers))
    for document in documents:
        content = auditor.get(f"/documents/{document['id']}/content")
        assert hashlib.sha256(content.data).hexdigest() == document["sha256"]
        recognised = auditor.upload("/documents/verify", "file", ("surat.docx", content.data)).json
        assert document["id"] in [found["id"] for found in recognised["documents"]]

    verified = auditor.get(f"/process-instances/{case}/verify").json
    assert verified == {
        "verified": True,
        "status": "verified",
        "entries": len(history),
        "documents": len(documents),
        "first_divergence": None,
        "not_compared": 0,
        "stated": None,
    }
