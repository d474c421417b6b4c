"""Every refusal is a problem document with a stable code, and nothing has changed."""

from collections.abc import Callable

import pytest
from flask import Flask

from engine import credentials
from engine.canonical import BadJson, NotCanonical
from engine.errors import AlurError, Unavailable
from tests.clients import Api
from web.errors import STATUS, status_of

Clients = Callable[[str | None], Api]
START = "/process-instances"


def kinds(kind: type[AlurError]) -> list[type[AlurError]]:
    return [kind, *(each for child in kind.__subclasses__() for each in kinds(child))]


def test_no_token_or_a_wrong_one_is_401_and_says_how_to_sign_in(api: Clients, app: Flask) -> None:
    for client in (api(None), Api(app, "wrong"), Api(app, "wrong\u00e9")):
        response = client.get("/me")
        assert (response.status_code, response.json["code"]) == (401, "unauthenticated")
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.content_type == "application/problem+json"


def test_a_session_cookie_is_no_token(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie("alur", "anything")
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b'{"process_definition_key": "a", "process_definition_key": "b"}',
        b'{"process_definition_key": NaN}',
        b'{"process_definition_key": 1e999}',
        b'{"process_definition_key": 99999999999999999999}',
        b'{"process_definition_key": "\\ud800"}',
        b'{"process_definition_key": "a\\u0000"}',
        b'{"process_definition_key": "a\\u202eb"}',
        b'{"process_definition_key": "\xff"}',
        b"[" * 10_000 + b"]" * 10_000,
        b'{"data": ' + b'{"a": ' * 100 + b"1" + b"}" * 101,
    ],
)
def test_doubtful_json_is_400_with_the_reason(api: Clients, text: bytes) -> None:
    response = api("kpukab").call("POST", START, data=text, content_type="application/json")
    assert (response.status_code, response.json["code"]) == (400, "bad_json")
    assert response.json["detail"]


def test_json_has_its_content_type_or_is_415(api: Clients) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        response = api("kpukab").call("POST", START, data=b'{"process_definition_key": "x"}', content_type=kind)
        assert (response.status_code, response.json["code"]) == (415, "unsupported_media_type")
    assert api("staf").post("/attachments", {"file": "x"}).status_code == 415


def test_a_body_of_the_wrong_shape_is_422_and_every_place_is_named(api: Clients) -> None:
    response = api("kpukab").post(START, {"data": [], "surprise": 1})
    assert (response.status_code, response.json["code"]) == (422, "invalid_request")
    errors = {(error["pointer"], error["code"]) for error in response.json["errors"]}
    assert errors == {("", "required"), ("", "additionalProperties"), ("/data", "type")}


def test_a_body_that_is_too_large_is_413(api: Clients) -> None:
    response = api("kpukab").post(START, {"process_definition_key": "x" * 1_000_000})
    assert (response.status_code, response.json["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "limit=",
        "limit=9999999999999999999999",
        "cursor=x",
        "cursor=WzFd",
        "status=x",
        "q=%00",
        "stauts=running",
    ],
)
def test_a_query_that_cannot_be_meant_is_400(api: Clients, query: str) -> None:
    response = api("staf").get(f"{START}?{query}")
    assert api("staf").get("/documents/a%00b").status_code == 400
    assert (response.status_code, response.json["code"]) == (400, "malformed")


def test_an_unknown_address_is_404_and_a_wrong_method_405_with_the_right_ones(api: Clients) -> None:
    assert api("staf").get("/nothing").json["code"] == "not_found"
    response = api("staf").call("DELETE", "/me")
    assert (response.status_code, response.json["code"]) == (405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [(Unavailable(), 503, "unavailable"), (RuntimeError("a secret of the code"), 500, "error")],
)
def test_what_breaks_inside_is_told_without_saying_how(
    api: Clients, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int, code: str
) -> None:
    def broken(*_: object) -> None:
        raise failure

    monkeypatch.setattr(credentials, "holder", broken)
    response = api("staf").client.get("/api/v1/me", headers=api("staf").headers)
    assert (response.status_code, response.json["code"]) == (status, code)
    assert "secret" not in response.text
    page = api("staf").client.get("/masuk", headers={"Cookie": "alur=x"})
    assert page.status_code == status
    assert page.content_type.startswith("text/html")
    assert "secret" not in page.text


def test_messages_come_in_the_language_that_is_asked_for(api: Clients) -> None:
    staf = api("staf")
    assert staf.get("/documents/x").json["detail"] == "Tidak ada apa-apa di sini, atau Anda tidak berwenang melihatnya."
    english = "There is nothing here, or you may not see it."
    assert staf.get("/documents/x?lang=en").json["detail"] == english
    assert staf.get("/documents/x", headers={"Accept-Language": "en-GB,en;q=0.9"}).json["detail"] == english


def test_every_refusal_has_a_status_of_its_own_or_of_its_kind_and_only_its_own_code() -> None:
    classes = [kind for kind in kinds(AlurError) if kind.__module__.startswith(("engine", "web"))]
    assert {status_of(kind) for kind in classes} <= set(STATUS.values())
    assert {status_of(BadJson), status_of(NotCanonical)} == {400}
    codes = [kind.code for kind in classes]
    assert len(codes) == len(set(codes))


def test_every_answer_carries_the_headers_that_keep_it_private_and_inert(api: Clients) -> None:
    for response in (api("staf").get("/me"), api(None).get("/me"), api("staf").get("/nothing")):
        headers = response.headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'; script-src 'self';")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert {"Authorization", "Cookie"} <= set(headers["Vary"].split(", "))
        assert "Strict-Transport-Security" not in headers
    secure = api("staf").client.get("/healthz", base_url="https://alur.example")
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=")
