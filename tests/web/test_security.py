"""Sessions, cookies, hosts, secrets and languages: what holds for every request."""

import os
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from engine.settings import Settings
from engine.site import Site
from tests.cast import PASSWORD
from tests.conftest import Prepared
from web.security import kept_secret

SECURE = "https://alur.example"


def sign_in(app: Flask, base: str = "http://localhost", password: str = PASSWORD) -> tuple[FlaskClient, Any]:
    """A browser in which `staf` signs in on the page, and the answer."""
    browser = app.test_client()
    key = browser.get("/masuk", base_url=base).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"csrf_token": key, "name": "staf", "password": password}
    return browser, browser.post("/masuk", data=form, base_url=base, headers={"Referer": f"{base}/masuk"})


def test_signing_in_opens_a_session_that_ends_on_the_server_when_one_signs_out(app: Flask) -> None:
    browser, answer = sign_in(app)
    assert answer.status_code == 302
    session = browser.get_cookie("alur").value
    page = browser.get("/saya")
    assert page.status_code == 200
    key = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert browser.post("/keluar", data={"csrf_token": key}).status_code == 302
    browser.set_cookie("alur", session)
    assert browser.get("/saya").status_code == 302


def test_the_session_cookie_is_for_this_host_and_never_for_scripts(app: Flask) -> None:
    def cookie(answer: Any, name: str) -> set[str]:
        found = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith(f"{name}="))
        return {part.split("=")[0] if part.startswith("Max") else part for part in found.split("; ")[1:]}

    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age"} <= cookie(sign_in(app)[1], "alur")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= cookie(sign_in(app, SECURE)[1], "__Host-alur")


def test_every_sign_in_makes_a_new_session_and_ends_the_one_the_browser_came_with(app: Flask) -> None:
    browser, _ = sign_in(app)
    planted = browser.get_cookie("alur").value
    key = browser.get("/saya").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    browser.post("/masuk", data={"csrf_token": key, "name": "staf", "password": PASSWORD})
    assert browser.get_cookie("alur").value != planted
    other = app.test_client()
    other.set_cookie("alur", planted)
    assert other.get("/saya").status_code == 302


def test_a_wrong_password_opens_nothing_and_too_many_are_stopped(app: Flask) -> None:
    browser, answer = sign_in(app, password="salah sekali")
    assert (answer.status_code, browser.get_cookie("alur")) == (401, None)
    statuses = [sign_in(app, password="salah sekali")[1].status_code for _ in range(10)]
    assert statuses[-1] == 429
    assert sign_in(app)[1].status_code == 429


def test_only_the_hosts_of_the_settings_are_answered(site: Site) -> None:
    named = Site(Settings(var=site.settings.var, hosts=("alur.example",)), site.database)
    client = create_app(site=named).test_client()
    assert client.get("/healthz", base_url=SECURE).status_code == 200
    assert client.get("/healthz", base_url="https://evil.example").status_code == 400


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path / "var")
    assert len(secret) == 64
    assert kept_secret(tmp_path / "var") == secret
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]
    if os.name == "posix":
        assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("address", "cookie", "header", "expected"),
    [
        ("/nothing?lang=en", "id", "id", "en"),
        ("/nothing", "en", "id", "en"),
        ("/nothing", None, "en-GB,en;q=0.8", "en"),
        ("/nothing", None, "fr", "id"),
        ("/nothing?lang=xx", None, None, "id"),
    ],
)
def test_the_language_is_asked_for_remembered_preferred_or_the_offices(
    app: Flask, address: str, cookie: str | None, header: str | None, expected: str
) -> None:
    client = app.test_client()
    if cookie:
        client.set_cookie("lang", cookie)
    text = client.get(f"/api/v1{address}", headers={"Accept-Language": header} if header else {}).json["detail"]
    assert text.startswith({"en": "There is nothing", "id": "Tidak ada"}[expected])


def test_a_page_in_a_language_settles_that_of_the_next_one(app: Flask) -> None:
    browser = app.test_client()
    assert 'lang="id"' in browser.get("/masuk").text
    assert 'lang="en"' in browser.get("/masuk?lang=en").text
    assert 'lang="en"' in browser.get("/masuk").text


def test_a_session_in_a_cookie_alone_proves_nothing(app: Flask, prepared: Prepared) -> None:
    client = app.test_client()
    client.set_cookie("alur", prepared.tokens["staf"])  # a token is no session either
    assert client.get("/saya").status_code == 302
