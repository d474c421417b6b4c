"""Over the API, what sending would issue can be had before it is sent."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients import Api, example
from tests.sop import open_tasks, send

Clients = Callable[[str], Api]


@pytest.fixture
def task(api: Clients, case: str) -> dict[str, str]:
    """The KPA's task, whose form becomes the Nota Dinas."""
    for _ in range(2):
        send(api, open_tasks(api, case)[0])
    return open_tasks(api, case)[0]


def test_the_drafts_come_as_html_and_with_what_they_are(api: Clients, task: dict[str, str]) -> None:
    data = {**example(api("kpa"), api("kpa").get(f"/user-tasks/{task['id']}").json["form"]["schema"]), "hal": "Uji <b>"}
    answer = api("kpa").post(f"/user-tasks/{task['id']}/preview", {"data": data})
    assert answer.status_code == 200
    assert (answer.json["later"], answer.json["assumed"]) == (False, {})
    (draft,) = answer.json["documents"]
    assert (draft["type"], draft["activity_id"]) == ("nota_dinas", "terbitkan_nota_dinas")
    assert draft["failure"] is None
    assert "Uji &lt;b&gt;" in draft["html"]
    assert "style=" not in draft["html"]


def test_a_draft_can_be_downloaded_as_a_word_file(api: Clients, task: dict[str, str]) -> None:
    answer = api("kpa").post(f"/user-tasks/{task['id']}/preview/terbitkan_nota_dinas.docx", {"data": {}})
    assert answer.status_code == 200
    assert "nota_dinas-draf.docx" in answer.headers["Content-Disposition"]
    assert zipfile.is_zipfile(io.BytesIO(answer.data))


def test_where_libreoffice_is_missing_pdf_is_refused_with_a_code(
    api: Clients, task: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = api("kpa").post(f"/user-tasks/{task['id']}/preview/terbitkan_nota_dinas.pdf", {"data": {}})
    assert (answer.status_code, answer.json["code"]) == (503, "pdf_unavailable")


def test_where_it_is_there_pdf_comes(api: Clients, task: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.api.previews.to_pdf", lambda var, word: b"%PDF-" + word[:2])
    answer = api("kpa").post(f"/user-tasks/{task['id']}/preview/terbitkan_nota_dinas.pdf", {"data": {}})
    assert (answer.status_code, answer.data) == (200, b"%PDF-PK")


def test_a_preview_leaves_the_case_as_it_was(api: Clients, case: str, task: dict[str, str]) -> None:
    before = api("auditor").get(f"/process-instances/{case}").json
    api("kpa").post(f"/user-tasks/{task['id']}/preview", {"data": {"hal": "x"}})
    assert api("auditor").get(f"/process-instances/{case}").json == before
    assert api("auditor").items(f"/process-instances/{case}/documents")[-1]["type"] == "risalah_notula"
