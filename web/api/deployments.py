"""Deploying SOPs."""

from typing import Any

from werkzeug.datastructures import FileStorage

from engine.commands import deployments
from engine.errors import Forbidden, InvalidDeployment
from web.api.operation import Parameter, post
from web.api.schema import DIGEST, NUMBER, TEXT, choice, many, record, told
from web.context import API, actor, site
from web.errors import item

FINDING = record(
    "Finding",
    file=TEXT,
    element_id=TEXT,
    element_name=TEXT,
    line=NUMBER,
    code=TEXT,
    severity=choice("error", "warning"),
    message=TEXT,
    hint=TEXT,
)
NOTE = Parameter("note", {"type": "string", "maxLength": deployments.NOTE_LENGTH}, "What is new in these versions.")
SAME = Parameter("same", choice("true", "false"), "Whether what has the id of an SOP is it, also under another name.")
DEPLOYED = record("DeployedDefinition", key=TEXT, version=NUMBER, digest=DIGEST)
DEPLOYMENT = record("Deployment", id=TEXT, definitions=many(DEPLOYED), warnings=many(FINDING))


@post(
    "/deployments",
    "Deploy BPMN files with the forms and templates they name, or a ZIP of them: all or nothing",
    who="designers",
    answer=DEPLOYMENT,
    status=201,
    upload="files",
    parameters=(NOTE, SAME),
    errors=(Forbidden, InvalidDeployment),
)
def deploy(files: list[FileStorage], note: str | None, same: str | None) -> dict[str, Any]:
    """The same bytes again give the version they had."""
    unpacked = deployments.unpacked((file.filename or "", file.read()) for file in files)
    deployment = deployments.deploy(site(), actor(), API, unpacked, note, same == "true")
    return {
        "id": deployment.id,
        "definitions": [told(DEPLOYED, each) for each in deployment.definitions],
        "warnings": [item(finding) for finding in deployment.warnings],
    }
