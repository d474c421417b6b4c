"""Uploads, documents and deployments over the API: files come in checked and go out as downloads only."""

import io
import zipfile
from collections.abc import Callable

import pytest

from engine import installation
from engine.commands.deployments import gathered
from tests.clients import PNG, Api
from tests.conftest import SOP

Clients = Callable[[str], Api]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return gathered([installation.ROOT / "bpmn" / "sop-16-2022.bpmn"], installation.LIBRARY)


def test_an_upload_is_its_uploaders_alone_and_comes_back_as_a_download(api: Clients) -> None:
    added = api("staf").upload("/attachments", "file", ("../daftar hadir – Juli.png", PNG))
    assert added.status_code == 201
    assert (added.json["filename"], added.json["size"]) == ("daftar hadir – Juli.png", len(PNG))
    address = f"/attachments/{added.json['id']}"
    content = api("staf").get(f"{address}/content")
    assert content.data == PNG
    assert content.headers["Content-Disposition"] == (
        "attachment; filename=\"daftar hadir _ Juli.png\"; filename*=UTF-8''daftar%20hadir%20%E2%80%93%20Juli.png"
    )
    assert content.content_type == "application/octet-stream"
    assert api("staf").get(address).json == added.json
    for path in (address, f"{address}/content"):
        assert api("auditor").get(path).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [("laman.png", b"<html><script>alert(1)</script>"), ("kosong.pdf", b""), ("lagu.exe", b"MZ\x90\x00")],
)
def test_what_a_file_really_is_decides_whether_it_is_taken(api: Clients, name: str, content: bytes) -> None:
    refused = api("staf").upload("/attachments", "file", (name, content))
    assert (refused.status_code, refused.json["code"]) == (422, "file_refused")


def test_a_multipart_body_without_the_part_is_malformed(api: Clients) -> None:
    refused = api("staf").upload("/attachments", "other", ("a.png", PNG))
    assert (refused.status_code, refused.json["code"]) == (400, "malformed")


def test_a_file_that_is_no_document_of_ours_is_said_to_be_none(api: Clients) -> None:
    answer = api("staf").upload("/documents/verify", "file", ("surat.docx", b"PK something")).json
    assert (answer["ours"], answer["documents"]) == (False, [])


def test_designers_deploy_files_or_a_zip_and_the_same_bytes_are_the_same_version(
    api: Clients, files: dict[str, bytes]
) -> None:
    deployed = api("perancang").upload("/deployments", "files", *files.items())
    assert (deployed.status_code, deployed.json["definitions"][0]["version"]) == (201, 1)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as together:
        for name, content in files.items():
            together.writestr(f"sop/{name}", content)
    again = api("perancang").upload("/deployments", "files", ("sop.zip", archive.getvalue())).json
    assert again["definitions"] == deployed.json["definitions"]
    changed = {
        name: content.replace(b"</bpmn:definitions>", b"<!-- x --></bpmn:definitions>")
        for name, content in files.items()
    }
    if changed == files:
        changed = {
            name: content.replace(b"</definitions>", b"<!-- x --></definitions>") for name, content in files.items()
        }
    newer = api("perancang").upload("/deployments", "files", *changed.items()).json["definitions"][0]
    assert (newer["key"], newer["version"]) == (SOP, 2)
    versions = api("perancang").items(f"/process-definitions/{SOP}/versions?limit=1")
    assert [each["version"] for each in versions] == [2, 1]


def test_deploying_is_refused_to_all_others_and_a_bad_model_with_every_finding(
    api: Clients, files: dict[str, bytes]
) -> None:
    for name in ("staf", "admin", "auditor", "orangluar"):
        assert api(name).upload("/deployments", "files", *files.items()).status_code == 403
    bad = api("perancang").upload("/deployments", "files", ("rusak.bpmn", b"<definitions>"))
    assert (bad.status_code, bad.json["code"]) == (422, "invalid_deployment")
    assert bad.json["errors"][0]["severity"] == "error"
    broken = api("perancang").upload("/deployments", "files", ("sop.zip", b"PK\x03\x04 no zip"))
    assert (broken.status_code, broken.json["code"]) == (400, "malformed")
    assert len(api("perancang").items("/process-definitions")) == 1


def test_a_definition_is_shown_to_its_lanes_with_the_bpmn_as_it_was_deployed(
    api: Clients, files: dict[str, bytes]
) -> None:
    staf = api("staf")
    (listed,) = staf.items("/process-definitions")
    assert (listed["key"], listed["lanes"]) == (SOP, ["Staf", "PPK", "Kasubag", "KPA", "KPU Kab"])
    assert staf.get(f"/process-definitions/{SOP}").json == listed
    assert staf.get(f"/process-definitions/{SOP}/versions/1").json == listed
    for path in ("xml", "versions/1/xml"):
        response = staf.get(f"/process-definitions/{SOP}/{path}")
        assert response.data == files["sop-16-2022.bpmn"]
        assert response.headers["Content-Disposition"].startswith("attachment")
    outsider = api("orangluar")
    assert outsider.items("/process-definitions") == []
    for path in ("", "/versions", "/versions/1", "/xml"):
        assert outsider.get(f"/process-definitions/{SOP}{path}").status_code == 404
    assert staf.get(f"/process-definitions/{SOP}/versions/{10**30}").status_code == 404
