"""What a machine thinks of when it reads the OpenAPI document, sent to the real application.

Well-formed requests name a real case, task, document and upload, so that they get past the first 404.
"""

from collections.abc import Iterator
from typing import Any

import pytest

schemathesis = pytest.importorskip("schemathesis", reason="runs in .ci/run")

from hypothesis import HealthCheck, settings  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    allow_header_conformance,
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)

from app import create_app  # noqa: E402
from engine import credentials  # noqa: E402
from engine.commands.attachments import add_attachment  # noqa: E402
from engine.commands.cases import start_process  # noqa: E402
from engine.commands.user_tasks import complete_user_task  # noqa: E402
from engine.queries.documents import case_documents  # noqa: E402
from engine.queries.user_tasks import user_task  # noqa: E402
from engine.settings import Settings  # noqa: E402
from engine.site import Site  # noqa: E402
from engine.tour import example  # noqa: E402
from tests.clients import PNG  # noqa: E402
from tests.conftest import SOP, Prepared, copied  # noqa: E402
from web.context import API  # noqa: E402


class Front:
    """The application under test; the document is read before there is a database to serve."""

    served = create_app(Settings(secret_key="kunci rahasia untuk uji coba saja"))

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.served(environ, start_response)


FRONT = Front()
DOCUMENT = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", FRONT)
DOCUMENT.raw_schema["security"] = []  # every request has its token, also those that are wrong in other ways
EXAMPLES = 20
PEOPLE = ("kpukab", "kpa", "admin", "perancang")
NOT_ASKED = [
    positive_data_acceptance,  # an SOP's own rules are in no OpenAPI document
    allow_header_conformance,  # "verify" could also be the id of a document, which answers to GET
    ignored_auth,  # tests/web/test_access.py asks this of everybody
]


@pytest.fixture(scope="module")
def site(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with copied(prepared, tmp_path_factory.mktemp("conformance") / "var") as site:
        FRONT.served = create_app(site=site)
        yield site


@pytest.fixture(scope="module")
def real(site: Site, prepared: Prepared) -> dict[str, str]:
    ketua = credentials.holder(site, "token", prepared.tokens["kpukab"])
    assert ketua is not None
    case, _ = start_process(site, ketua, API, SOP)
    for activity in ("catat_rapat", "putuskan_rencana"):
        task = f"{case}-{activity}.1"
        complete_user_task(site, ketua, API, task, example(site, ketua, user_task(site, ketua, task)))
    upload = add_attachment(site, ketua, "bukti.png", PNG)
    issued = case_documents(site, ketua, case)[0].id
    task = f"{case}-tindak_lanjut_alokasi.1"
    return {"instance_id": case, "task_id": task, "document_id": issued, "attachment_id": upload.id, "key": SOP}


@pytest.mark.parametrize("person", PEOPLE)
@DOCUMENT.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_application_does_what_the_document_says(
    case: Any, person: str, prepared: Prepared, real: dict[str, str]
) -> None:
    if case.meta is None or case.meta.generation.mode.is_positive:
        case.path_parameters = {name: real.get(name, value) for name, value in (case.path_parameters or {}).items()}
    headers = {"Authorization": f"Bearer {prepared.tokens[person]}"}
    # In a multipart body anything is the bytes of some file.
    not_asked = [*NOT_ASKED, negative_data_rejection] if case.media_type == "multipart/form-data" else NOT_ASKED
    case.call_and_validate(headers=headers, excluded_checks=not_asked)
