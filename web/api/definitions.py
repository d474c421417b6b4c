"""SOPs and their versions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask.wrappers import Response

from engine.commands import deployments
from engine.differences import PARTS, difference
from engine.errors import AlurError, Forbidden, NotFound, SopOffered, SopWithdrawn, Unacceptable
from engine.queries import definitions
from engine.queries.versions import process_definition_versions
from web.api.operation import Parameter, get, post
from web.api.paging import PAGE, pages, position
from web.api.schema import BYTES, DIGEST, MOMENT, NUMBER, TEXT, body, choice, many, maybe, page, record, told
from web.context import API, actor, site, translate
from web.downloads import download, zipped

REASON = body({"reason": TEXT})
WHO = "everybody in one of its lanes; designers, auditors, admins"
READERS = "designers, auditors"
SINCE = Parameter("since", {"type": "integer", "minimum": 1, "maximum": 999999, "default": 1}, "The version before.")
CHANGE = record(
    "Change",
    kind=choice("added", "removed", "changed"),
    part=choice(*PARTS),
    subject=TEXT,
    message=TEXT,
    before=maybe(TEXT),
    after=maybe(TEXT),
    element_ids=many(TEXT),
)
DEFINITION = record(
    "ProcessDefinition",
    key=TEXT,
    version=NUMBER,
    digest=DIGEST,
    name=TEXT,
    lanes=many(TEXT),
    start_lane=maybe(TEXT),
    files={"type": "object", "additionalProperties": DIGEST, "description": "File name → SHA-256."},
    deployed_at=MOMENT,
    deployed_by=TEXT,
    note={**maybe(TEXT), "description": "What its designer says is new in it."},
    withdrawn={**maybe(TEXT), "description": "Why no new case may start on it; null while cases may."},
)


@get(
    "/process-definitions",
    "The current version of every SOP: the latest that is not withdrawn, else the latest",
    who=WHO,
    answer=page(DEFINITION),
    parameters=PAGE,
)
def latest(limit: int, cursor: str | None) -> dict[str, Any]:
    """SOPs by key."""
    after = position(cursor, str)
    found = [each for each in definitions.process_definitions(site(), actor()) if not after or each.key > after[0]]
    return pages(found[: limit + 1], limit, partial(told, DEFINITION), lambda each: [each.key])


@get(
    "/process-definitions/<key>/versions",
    "All versions of an SOP, the newest first",
    who=WHO,
    answer=page(DEFINITION),
    parameters=PAGE,
    errors=(NotFound,),
)
def versions(key: str, limit: int, cursor: str | None) -> dict[str, Any]:
    """Versions, the newest first."""
    before = position(cursor, int)
    found = process_definition_versions(site(), actor(), key, before[0] if before else None, limit + 1)
    return pages(found, limit, partial(told, DEFINITION), lambda each: [each.version])


@get("/process-definitions/<key>", "The current version of an SOP", who=WHO, answer=DEFINITION, errors=(NotFound,))
@get(
    "/process-definitions/<key>/versions/<int(max=999999):version>",
    "One version of an SOP",
    who=WHO,
    answer=DEFINITION,
    errors=(NotFound,),
)
def one(key: str, version: int | None = None) -> dict[str, Any]:
    """The current version, or the one that is named."""
    return told(DEFINITION, definitions.process_definition(site(), actor(), key, version))


@get(
    "/process-definitions/<key>/xml",
    "The BPMN of the current version, as it was deployed",
    who=WHO,
    answer=BYTES,
    content_type="application/xml",
    errors=(NotFound,),
)
@get(
    "/process-definitions/<key>/versions/<int(max=999999):version>/xml",
    "The BPMN of one version, as it was deployed",
    who=WHO,
    answer=BYTES,
    content_type="application/xml",
    errors=(NotFound,),
)
def xml(key: str, version: int | None = None) -> Response:
    """The file of the current version, or of the one that is named."""
    found = definitions.process_definition(site(), actor(), key, version)
    content = definitions.xml(site(), actor(), found.key, found.version)
    return download(content, found.source, "application/xml")


def _offer(act: str, summary: str, command: Callable[..., None], refusal: type[AlurError]) -> None:
    @post(
        f"/process-definitions/<key>/versions/<int(max=999999):version>/{act}",
        summary,
        who="designers",
        body=REASON,
        answer=DEFINITION,
        errors=(Forbidden, NotFound, refusal, Unacceptable),
    )
    def offer(key: str, version: int, body: dict[str, Any]) -> dict[str, Any]:
        command(site(), actor(), API, key, version, body["reason"])
        return told(DEFINITION, definitions.process_definition(site(), actor(), key, version))


_offer("withdraw", "Let no new case start on a version; its running cases go on", deployments.withdraw, SopWithdrawn)
_offer("reinstate", "Let new cases start on a withdrawn version again", deployments.reinstate, SopOffered)


@get(
    "/process-definitions/<key>/versions/<int(max=999999):version>/package",
    "All files of a version as a ZIP, ready to be deployed again",
    who=READERS,
    answer=BYTES,
    content_type="application/zip",
    errors=(Forbidden, NotFound),
)
def package(key: str, version: int) -> Response:
    """The diagram, the forms and the templates."""
    return zipped(f"{key}-v{version}", definitions.process_definition_files(site(), actor(), key, version))


@get(
    "/process-definitions/<key>/versions/<int(max=999999):version>/changes",
    "What is otherwise in this version than in another, in the order in which people read it",
    who=READERS,
    answer=record("Changes", items=many(CHANGE)),
    parameters=(SINCE,),
    errors=(Forbidden, NotFound),
)
def changes(key: str, version: int, since: int) -> dict[str, Any]:
    """Steps, conditions, forms and templates."""
    old, new = (definitions.version_bundle(site(), actor(), key, n) for n in (since, version))
    found = difference(old, new).told
    return {"items": [told(CHANGE, each, message=translate(each.what, **each.params)) for each in found]}
