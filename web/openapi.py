"""The OpenAPI 3.1 document, made from what the operations declare."""

from collections.abc import Iterable, Sequence
from typing import Any

from engine.errors import AlurError, Malformed, Unauthenticated, Unavailable
from web.api.operation import LANGUAGE, PART, Operation, Parameter
from web.api.schema import COMPONENTS, Schema
from web.errors import FAILURES, InvalidRequest, status_of

ERROR_ITEM: Schema = {
    "type": "object",
    "properties": {
        "pointer": {"type": "string", "description": "JSON Pointer to the field."},
        "element_id": {"type": "string", "description": "The element of the BPMN model."},
        "element_name": {"type": "string"},
        "line": {"type": "integer"},
        "code": {"type": "string"},
        "severity": {"type": "string"},
        "message": {"type": "string"},
        "hint": {"type": "string"},
    },
    "required": ["code", "message"],
}
PROBLEM: Schema = {
    "type": "object",
    "description": "Problem details, RFC 9457.",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to tell a person."},
        "code": {"type": "string", "description": "Stable; what a program decides by."},
        "errors": {"type": "array", "items": ERROR_ITEM},
        "holder": {"type": "string", "description": "Who took the task, with `task_claimed`."},
        "since": {"type": "string", "format": "date-time"},
        "by": {"type": "string", "description": "Who finished the task, with `task_done`."},
        "at": {"type": "string", "format": "date-time"},
    },
    "required": ["type", "title", "status", "detail", "code"],
}


def describe(operations: Sequence[Operation]) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for each in operations:
        paths.setdefault(each.template, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Alur",
            "version": "1",
            "description": "Runs an office's standard operating procedures. What you may not see is not found (404).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {**COMPONENTS, "Problem": PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Who: {operation.who}.",
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": kind} for name, kind in _parts(operation)),
            *(_parameter(each) for each in (*operation.parameters, LANGUAGE)),
        ],
        "responses": {str(operation.status): _success(operation), **_refusals(operation)},
    }
    if operation.public:
        described["security"] = []
    if operation.body is not None:
        described["requestBody"] = _content("application/json", operation.body) | {"required": operation.needs_body}
    if operation.upload is not None:
        file = {"type": "string", "contentMediaType": "application/octet-stream"}
        parts = {"type": "object", "properties": {operation.upload: file}, "required": [operation.upload]}
        described["requestBody"] = _content("multipart/form-data", parts) | {"required": True}
    return described


def _success(operation: Operation) -> dict[str, Any]:
    if operation.answer is None:
        return {"description": "Done."}
    return {"description": operation.summary, **_content(operation.content_type, operation.answer)}


def _refusals(operation: Operation) -> dict[str, Any]:
    """One answer per status, with the codes it may carry."""
    codes: dict[int, list[str]] = {}
    for error in _errors(operation):
        codes.setdefault(status_of(error), []).append(error.code)
    if operation.body is not None or operation.upload is not None:
        codes |= {status: [FAILURES[status][0]] for status in (413, 415)}
    problem = {"$ref": "#/components/schemas/Problem"}
    return {
        str(status): {"description": f"code: {', '.join(named)}", **_content("application/problem+json", problem)}
        for status, named in sorted(codes.items())
    }


def _errors(operation: Operation) -> Iterable[type[AlurError]]:
    yield Malformed
    if not operation.public:
        yield Unauthenticated
    if operation.body is not None:
        yield InvalidRequest
    yield from operation.errors
    yield Unavailable


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described = {"name": parameter.name, "in": parameter.place, "description": parameter.description}
    return {**described, "required": False, "schema": parameter.schema}


def _parts(operation: Operation) -> Iterable[tuple[str, Schema]]:
    for kind, name in PART.findall(operation.path):
        yield name, {"type": "integer", "minimum": 0} if kind else {"type": "string"}


def _content(content_type: str, schema: Schema) -> dict[str, Any]:
    return {"content": {content_type: {"schema": schema}}}
