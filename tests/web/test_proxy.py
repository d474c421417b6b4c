"""Behind a proxy: what X-Forwarded-* says is believed for as many proxies as the settings name, and for no more."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from engine.site import Site
from tests.cast import PASSWORD

BEHIND = "http://127.0.0.1:8000"
FORWARDED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "alur.kantor.lan",
    "X-Forwarded-For": "192.168.1.31",
}


def served(site: Site, **settings: object) -> Flask:
    return create_app(site=replace(site, settings=replace(site.settings, **settings)))  # type: ignore[arg-type]


def signed_in(pc: FlaskClient, headers: Mapping[str, str], origin: str) -> TestResponse:
    page = pc.get("/masuk", base_url=BEHIND, headers=headers)
    key = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"csrf_token": key, "name": "staf", "password": PASSWORD}
    return pc.post("/masuk", data=form, base_url=BEHIND, headers={**headers, "Referer": f"{origin}/masuk"})


def cookies(answer: TestResponse) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def test_one_proxy_makes_the_pages_encrypted(site: Site) -> None:
    pc = served(site, proxy=1).test_client(use_cookies=False)
    page = pc.get("/masuk", base_url=BEHIND, headers=FORWARDED)
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    assert all(name.startswith("__Host-") and "Secure" in line for name, line in cookies(page).items())


def test_signing_in_behind_it_sets_a_cookie_for_this_host_alone(site: Site) -> None:
    app = served(site, proxy=1)
    pc = app.test_client(use_cookies=False)
    page = pc.get("/masuk", base_url=BEHIND, headers=FORWARDED)
    key = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"csrf_token": key, "name": "staf", "password": PASSWORD}
    kept = "; ".join(line.partition(";")[0] for line in cookies(page).values())
    headers = {**FORWARDED, "Referer": "https://alur.kantor.lan/masuk", "Cookie": kept}
    answer = pc.post("/masuk", data=form, base_url=BEHIND, headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    session = cookies(answer)["__Host-alur"]
    assert all(part in session for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    foreign = pc.post("/masuk", data=form, base_url=BEHIND, headers={**headers, "Referer": "https://jahat.example/"})
    assert foreign.status_code == 400


def test_without_the_setting_nobody_is_believed(site: Site) -> None:
    pc = served(site).test_client()
    answer = signed_in(pc, FORWARDED, BEHIND)
    assert answer.status_code == 302
    assert "Secure" not in cookies(answer)["alur"] and "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (0, "10.0.0.9", "127.0.0.1"),
        (1, "10.0.0.9", "10.0.0.9"),
        (1, "203.0.113.7, 10.0.0.9", "10.0.0.9"),  # the first part is what the visitor wrote themself
        (2, "203.0.113.7, 10.0.0.9", "203.0.113.7"),
        (2, "10.0.0.9", "127.0.0.1"),  # fewer than there must be: not by the way that was set up
    ],
)
def test_as_many_proxies_are_believed_as_there_are(site: Site, hops: int, forwarded: str, expected: str) -> None:
    app = served(site, proxy=hops)
    seen: list[str | None] = []
    app.before_request(lambda: seen.append(request.remote_addr))
    app.test_client().get("/healthz", headers={"X-Forwarded-For": forwarded})
    assert seen == [expected]


def test_trusted_hosts_hold_for_what_the_proxy_forwards(site: Site) -> None:
    pc = served(site, proxy=1, hosts=("alur.kantor.lan",)).test_client()
    assert pc.get("/masuk", base_url=BEHIND, headers=FORWARDED).status_code == 200
    forged = {**FORWARDED, "X-Forwarded-Host": "jahat.example"}
    refused = pc.get("/masuk", base_url=BEHIND, headers=forged)
    assert refused.status_code == 400 and "Alur tidak melayani nama host ini." in refused.text
    assert pc.get("/masuk", base_url=BEHIND).status_code == 400


def test_one_office_behind_one_proxy_is_not_one_visitor(site: Site) -> None:
    """Wrong passwords from one PC must not lock the others out."""
    app = served(site, proxy=1)
    app.config["WTF_CSRF_ENABLED"] = False

    def attempt(address: str, name: str, password: str) -> int:
        headers = {**FORWARDED, "X-Forwarded-For": address}
        form = {"name": name, "password": password}
        return app.test_client().post("/masuk", data=form, base_url=BEHIND, headers=headers).status_code

    assert [attempt("192.168.1.31", "staf", "salah") for _ in range(11)][-1] == 429
    assert attempt("192.168.1.32", "staf", PASSWORD) == 302
