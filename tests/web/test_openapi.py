"""The OpenAPI document: true to the routes, valid, and complete enough for a client to be made from it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator

from tests.clients import Api, document, routes
from web.api import OPERATIONS


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(item)


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, described in document()["paths"].items():
        for method, operation in described.items():
            yield f"{method.upper()} {path}", operation


def test_it_is_served_to_everybody_as_it_is_made(api: Callable[[str | None], Api]) -> None:
    assert api(None).get("/openapi.json").json == document()
    assert document()["openapi"] == "3.1.0"


def test_it_lists_every_route_of_the_api_and_no_other(app: Flask) -> None:
    served = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == {(each.method, each.prefix + each.path) for each in OPERATIONS}
    assert len(list(operations())) == len(OPERATIONS)


def test_every_operation_says_what_it_does_who_may_and_how_it_refuses() -> None:
    for name, operation in operations():
        assert operation["summary"], name
        assert operation["description"].startswith("Who: "), name
        statuses = set(operation["responses"])
        assert {"400", "503"} <= statuses, name
        assert ("401" in statuses) == (operation.get("security") != []), name
    names = [operation["operationId"] for _, operation in operations()]
    assert len(names) == len(set(names))


def test_every_part_of_a_path_is_described_and_required() -> None:
    for name, operation in operations():
        parts = {each["name"] for each in operation["parameters"] if each["in"] == "path" and each["required"]}
        assert parts == {part.partition("}")[0] for part in name.split("{")[1:]}


def test_every_schema_in_it_is_one_and_every_reference_leads_somewhere() -> None:
    for name, schema in document()["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object", name
    for node in nodes(document()):
        if "$ref" in node:
            assert node["$ref"].removeprefix("#/components/schemas/") in document()["components"]["schemas"]
    assert len(routes()) == len(document()["paths"])


def test_refusals_are_problem_documents_under_the_api_and_pages_elsewhere(app: Flask) -> None:
    assert app.test_client().get("/api/v1/nothing").content_type == "application/problem+json"
    assert app.test_client().get("/nothing").content_type.startswith("text/html")
    assert json.loads(app.test_client().get("/healthz").data) == {"status": "ok"}
