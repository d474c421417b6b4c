"""A client of the API that never lets an answer pass which the OpenAPI document does not describe."""

import io
import json
import re
from functools import cache
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.test import TestResponse

from web.api import OPERATIONS
from web.openapi import describe

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d4944415478da63506838f01f0004840260551e8cdd0000000049454e44ae426082"
)


class Api:
    """One person's client; a call returns the response, with `.json` and `.status_code`."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.call("POST", path, json={} if body is None else body, **options)

    def put(self, path: str, body: Any, **options: Any) -> TestResponse:
        return self.call("PUT", path, json=body, **options)

    def upload(self, path: str, part: str, *files: tuple[str, bytes]) -> TestResponse:
        parts = [(io.BytesIO(content), name) for name, content in files]
        return self.call("POST", path, data={part: parts}, content_type="multipart/form-data")

    def items(self, path: str) -> list[Any]:
        """All items of a list, page by page."""
        found: list[Any] = []
        following: str | None = path
        while following:
            page = self.get(following).json
            found += page["items"]
            following = page["next"]
        return found

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any) -> TestResponse:
        if not path.startswith(("/api/", "/healthz")):
            path = f"/api/v1{path}"
        response = self.client.open(path, method=method, headers={**self.headers, **(headers or {})}, **options)
        require_described(method, path.partition("?")[0], response)
        return response


def require_described(method: str, path: str, response: TestResponse) -> None:
    """Fail when the status, the content type or the body is none that the document promises."""
    described = next((o for pattern, o in routes() if pattern.fullmatch(path) and method.lower() in o), None)
    if described is None:
        assert response.status_code in (404, 405), f"{method} {path} is not described"
        return
    answers = described[method.lower()]["responses"]
    assert str(response.status_code) in answers, f"{method} {path}: {response.status_code} {response.text[:300]}"
    content = answers[str(response.status_code)].get("content", {})
    if content:
        assert response.content_type in content, f"{method} {path}: {response.content_type}"
    for schema in (kind["schema"] for name, kind in content.items() if name.endswith("json")):
        errors = [
            f"{list(e.absolute_path)} {e.message[:200]}"
            for e in _validator(json.dumps(schema)).iter_errors(response.json)
        ]
        assert not errors, f"{method} {path}: {errors}"


@cache
def document() -> dict[str, Any]:
    return json.loads(json.dumps(describe(OPERATIONS)))  # as a client gets it


@cache
def routes() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """What each path of the document looks like; those with fewer variable parts first."""
    paths = sorted(document()["paths"].items(), key=lambda item: item[0].count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operations) for path, operations in paths]


@cache
def _validator(schema: str) -> Draft202012Validator:
    resource = Resource(contents=document(), specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:alur", resource)
    absolute = json.loads(schema.replace('"#/', '"urn:alur#/'))
    return Draft202012Validator(absolute, registry=registry)


def example(api: Api, schema: dict[str, Any]) -> dict[str, Any]:
    """The form's first example, with its attachment placeholders replaced by real uploads of this client's user."""
    return _with_uploads(api, schema, schema["examples"][0])


def _with_uploads(api: Api, schema: dict[str, Any], value: Any) -> Any:
    if schema.get("format") == "attachment":
        return api.upload("/attachments", "file", ("bukti.png", PNG)).json["id"]
    if isinstance(value, dict):
        parts = schema.get("properties", {})
        return {name: _with_uploads(api, parts.get(name, {}), item) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_uploads(api, schema.get("items", {}), item) for item in value]
    return value
