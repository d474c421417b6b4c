"""Versions over the API: published with a note, withdrawn from starting, offered again."""

import io
import zipfile
from collections.abc import Callable

from flask import Flask

from engine import installation
from engine.commands.deployments import gathered
from tests.clients import Api
from tests.conftest import SOP, Prepared

Clients = Callable[[str], Api]
V1 = f"/process-definitions/{SOP}/versions/1"


def test_a_version_is_deployed_with_a_note(app: Flask, api: Clients, prepared: Prepared) -> None:
    files = gathered([installation.ROOT / "bpmn" / f"{SOP}.bpmn"], installation.LIBRARY)
    files[f"{SOP}.bpmn"] = files[f"{SOP}.bpmn"].replace(b"Mencatat rapat", b"Mencatat pleno")
    parts = [(io.BytesIO(content), name) for name, content in files.items()]
    answer = app.test_client().post(
        "/api/v1/deployments?note=Nama%20langkah",
        data={"files": parts},
        headers={"Authorization": f"Bearer {prepared.tokens['perancang']}"},
    )
    assert answer.status_code == 201
    found = api("perancang").get(f"/process-definitions/{SOP}").json
    assert (found["version"], found["note"], found["withdrawn"]) == (2, "Nama langkah", None)
    assert api("perancang").get(V1).json["note"] is None

    (change, *more) = api("auditor").get(f"/process-definitions/{SOP}/versions/2/changes?since=1").json["items"]
    assert (change["kind"], change["part"], change["element_ids"]) == ("changed", "step", ["catat_rapat"])
    assert (change["message"], change["after"]) == ("nama", "Mencatat pleno penetapan rencana kegiatan")
    assert not more
    archive = zipfile.ZipFile(io.BytesIO(api("auditor").get(f"/process-definitions/{SOP}/versions/2/package").data))
    assert {name: archive.read(name) for name in archive.namelist()} == files


def test_no_case_starts_on_a_withdrawn_version_until_it_is_offered_again(api: Clients) -> None:
    start = {"process_definition_key": SOP}
    assert api("perancang").post(f"{V1}/withdraw", {"reason": "Formulir salah"}).json["withdrawn"] == "Formulir salah"
    refused = api("kpukab").post("/process-instances", start)
    assert (refused.status_code, refused.json["code"], refused.json["reason"]) == (
        409,
        "sop_withdrawn",
        "Formulir salah",
    )
    assert api("perancang").post(f"{V1}/withdraw", {"reason": "Lagi"}).status_code == 409
    assert api("perancang").post(f"{V1}/reinstate", {"reason": "Sudah benar"}).json["withdrawn"] is None
    assert api("kpukab").post("/process-instances", start).status_code == 201
