"""Signing in with the office account, at a provider that runs beside the test: who comes in, and who does not."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from app import create_app
from engine.models import users
from engine.site import Site
from tests import openid_provider, walking
from tests.openid_provider import Provider, another_key

CALLBACK = "http://localhost/masuk/akun-kantor/kembali"
BUTTON = "Masuk dengan akun kantor"
FAILED = "Masuk dengan akun kantor gagal atau terlalu lama."


@pytest.fixture
def provider() -> Iterator[Provider]:
    with openid_provider.running(CALLBACK) as provider:
        yield provider


def configured(site: Site, issuer: str, claim: str = "preferred_username") -> Flask:
    settings = replace(
        site.settings,
        oidc_issuer=issuer,
        oidc_client_id=openid_provider.CLIENT,
        oidc_client_secret=openid_provider.SECRET,
        oidc_claim=claim,
    )
    return create_app(site=replace(site, settings=settings))


@pytest.fixture
def pc(site: Site, provider: Provider) -> FlaskClient:
    return configured(site, provider.issuer).test_client()


def leave(pc: FlaskClient, path: str = "/masuk/akun-kantor") -> str:
    """Press the button; the address that the browser is sent to."""
    answer = pc.get(path)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def at_provider(address: str) -> str:
    """Sign in at the provider; where it sends the browser back to, as a path of ours."""
    answer = requests.get(address, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(CALLBACK)
    return answer.headers["Location"].removeprefix("http://localhost")


def changed(address: str, **parameters: str) -> str:
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | parameters
    return urlunsplit(parts._replace(query=urlencode(query)))


def come_back(pc: FlaskClient) -> TestResponse:
    return pc.get(at_provider(leave(pc)))


def inside(pc: FlaskClient) -> bool:
    return pc.get("/saya").status_code == 200


def test_whom_the_provider_names_is_signed_in(pc: FlaskClient, provider: Provider) -> None:
    page = pc.get("/masuk")
    assert BUTTON in page.text and 'href="/masuk/akun-kantor"' in page.text
    answer = come_back(pc)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert "Andi Rahmat" in pc.get("/saya").text
    asked = provider.asked[0]
    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
    assert asked["prompt"] == "login" and asked["response_type"] == "code"


def test_one_comes_to_the_page_that_one_wanted(pc: FlaskClient) -> None:
    back = at_provider(leave(pc, "/masuk/akun-kantor?next=/berkas?q=rapat"))
    assert pc.get(back).headers["Location"] == "/berkas?q=rapat"


def test_signing_in_never_leads_to_another_site(pc: FlaskClient) -> None:
    back = at_provider(leave(pc, "/masuk/akun-kantor?next=https://jahat.example/"))
    assert pc.get(back).headers["Location"] == "/"


def test_the_session_is_a_new_one_and_the_secrets_of_the_flow_are_gone(pc: FlaskClient) -> None:
    pc.set_cookie("alur", "ditanam")
    come_back(pc)
    assert pc.get_cookie("alur").value != "ditanam"
    with pc.session_transaction() as kept:
        assert not [name for name in kept if "state" in name]


def test_whoever_has_no_account_here_stays_outside(pc: FlaskClient, provider: Provider) -> None:
    provider.claims["preferred_username"] = "<b>tamu</b>"
    answer = come_back(pc)
    assert answer.status_code == 401
    assert "&lt;b&gt;tamu&lt;/b&gt; tidak punya akun aktif di Alur." in answer.text
    assert not inside(pc)


def test_whose_account_was_closed_stays_outside(pc: FlaskClient, site: Site) -> None:
    with site.database.write() as connection:
        connection.execute(update(users).where(users.c.name == "staf").values(active=False))
    answer = come_back(pc)
    assert answer.status_code == 401 and "staf tidak punya akun aktif" in answer.text
    assert not inside(pc)


@pytest.mark.filterwarnings("ignore:JWS algorithm")  # Authlib's own word on an unsigned token
@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "dari masuk yang lain"},
        {"exp": int(time.time()) - 3600},
        {"iat": int(time.time()) + 3600},
        {"aud": ["aplikasi-lain"]},
        {"aud": "aplikasi-lain", "azp": openid_provider.CLIENT},
        {"iss": "https://jahat.example"},
        {"alg": "none"},
        {"at_hash": "salah"},
        {"preferred_username": ""},
        {"preferred_username": ["staf"]},
    ],
    ids=lambda lies: "-".join(lies),
)
def test_what_the_provider_says_must_be_meant_for_this_sign_in(
    pc: FlaskClient, provider: Provider, lies: dict[str, object]
) -> None:
    provider.lies = lies
    answer = come_back(pc)
    assert answer.status_code == 401 and FAILED in answer.text
    assert not inside(pc)


def test_only_the_keys_that_the_provider_publishes_sign(pc: FlaskClient, provider: Provider) -> None:
    provider.signing = another_key()
    answer = come_back(pc)
    assert answer.status_code == 401 and FAILED in answer.text


def test_a_nonce_changed_on_the_way_is_noticed(pc: FlaskClient) -> None:
    back = at_provider(changed(leave(pc), nonce="milik-penyerang"))
    assert pc.get(back).status_code == 401
    assert not inside(pc)


def test_an_answer_to_another_browser_is_worth_nothing(pc: FlaskClient, site: Site, provider: Provider) -> None:
    back = at_provider(leave(pc))
    victim = configured(site, provider.issuer).test_client()
    assert FAILED in victim.get(back).text
    assert not inside(victim)
    leave(victim)
    assert victim.get(back).status_code == 401
    assert victim.get(changed(back, state="tebakan")).status_code == 401
    assert not inside(victim)


def test_an_answer_works_once(pc: FlaskClient) -> None:
    back = at_provider(leave(pc))
    assert pc.get(back).status_code == 302
    assert pc.get(back).status_code == 401


def test_a_code_without_its_verifier_is_worth_nothing(pc: FlaskClient) -> None:
    """Two sign-ins of one pc: the code of one with the state, and so the verifier, of the other."""
    one, other = at_provider(leave(pc)), at_provider(leave(pc))
    code = parse_qs(urlsplit(one).query)["code"][0]
    assert pc.get(changed(other, code=code)).status_code == 401
    assert not inside(pc)


def test_an_answer_after_ten_minutes_is_too_late(pc: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    back = at_provider(leave(pc))
    with pc.session_transaction() as kept:
        for name in [name for name in kept if name.startswith("_state_")]:
            assert kept[name]["exp"] <= time.time() + 600
            kept[name] = {**kept[name], "exp": time.time() - 1}
    assert FAILED in pc.get(back).text
    assert not inside(pc)


def test_what_was_typed_before_is_a_draft_after_signing_in_there_and_only_on_that_way(
    pc: FlaskClient, site: Site, provider: Provider
) -> None:
    task = walking.open_task(site, walking.start(site), "catat_rapat")
    provider.claims["preferred_username"] = "kpukab"
    for typed, fresh in (("Aula", False), ("Ruang rapat", True)):
        pc.delete_cookie("alur")
        csrf = re.search(r'name="csrf_token" value="([^"]+)', pc.get("/masuk").text)
        assert csrf is not None
        post = {"csrf_token": csrf[1], "_act": "save", "tempat": typed}
        page = pc.post(f"/tugas/{task.id}", data=post, headers={"Referer": "http://localhost/"})
        assert f"/masuk/akun-kantor?next=/tugas/{task.id}" in page.text
        if fresh:  # somebody else, perhaps, comes to the PC
            pc.get("/masuk")
        answer = pc.get(at_provider(leave(pc, f"/masuk/akun-kantor?next=/tugas/{task.id}")))
        assert answer.headers["Location"].startswith(f"/tugas/{task.id}")
        assert 'value="Aula"' in pc.get(f"/tugas/{task.id}").text


def test_who_changes_their_mind_at_the_provider_is_back_at_the_door(pc: FlaskClient) -> None:
    leave(pc)
    answer = pc.get("/masuk/akun-kantor/kembali?error=access_denied&error_description=%0Ano")
    assert answer.status_code == 401 and FAILED in answer.text and "Kata sandi" in answer.text


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?code=x&state="])
def test_a_callback_that_nobody_asked_for_opens_nothing(pc: FlaskClient, query: str) -> None:
    assert pc.get(f"/masuk/akun-kantor/kembali{query}").status_code == 401


def test_a_claim_that_the_token_lacks_is_asked_for(site: Site, provider: Provider) -> None:
    provider.userinfo = {"sub": "1", "nip": "kasubag"}
    pc = configured(site, provider.issuer, claim="nip").test_client()
    come_back(pc)
    assert "Muhammad Yusuf" in pc.get("/saya").text


def test_and_it_must_be_about_the_same_person(site: Site, provider: Provider) -> None:
    provider.userinfo = {"sub": "2", "nip": "kasubag"}
    assert come_back(configured(site, provider.issuer, claim="nip").test_client()).status_code == 401


def test_an_address_that_the_provider_has_not_verified_names_nobody(site: Site, provider: Provider) -> None:
    provider.claims |= {"email": "staf", "email_verified": False}
    assert come_back(configured(site, provider.issuer, claim="email").test_client()).status_code == 401
    provider.claims |= {"email_verified": True}
    assert come_back(configured(site, provider.issuer, claim="email").test_client()).status_code == 302


@pytest.mark.parametrize("metadata", [{"issuer": "https://jahat.example"}, {"jwks_uri": "http://localhost:1/"}])
def test_a_provider_that_is_another_or_broken_is_a_sentence(
    pc: FlaskClient, provider: Provider, metadata: dict[str, str]
) -> None:
    provider.metadata = metadata
    answer = pc.get("/masuk/akun-kantor")
    if answer.status_code == 302:
        answer = pc.get(at_provider(answer.headers["Location"]))
    assert answer.status_code == 503 and "Layanan masuk kantor tidak menjawab." in answer.text


def test_behind_a_proxy_one_comes_back_over_https(site: Site, provider: Provider) -> None:
    behind = replace(site, settings=replace(site.settings, proxy=1))
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "alur.kantor.lan"}
    answer = configured(behind, provider.issuer).test_client().get("/masuk/akun-kantor", headers=headers)
    callback = parse_qs(urlsplit(answer.headers["Location"]).query)["redirect_uri"]
    assert callback == ["https://alur.kantor.lan/masuk/akun-kantor/kembali"]
    kept = answer.headers["Set-Cookie"]
    assert kept.startswith("__Host-alur-form=") and all(part in kept for part in ("Secure", "HttpOnly", "SameSite=Lax"))


def test_a_provider_that_is_down_leaves_the_password(site: Site) -> None:
    pc = configured(site, "http://localhost:1").test_client()  # starting asked it nothing
    answer = pc.get("/masuk/akun-kantor")
    assert answer.status_code == 503 and "Layanan masuk kantor tidak menjawab." in answer.text
    assert 'name="password"' in answer.text


def test_without_settings_there_is_no_button_no_route_and_no_import(site: Site) -> None:
    pc = create_app(site=site).test_client()
    assert BUTTON not in pc.get("/masuk").text
    assert pc.post("/masuk/akun-kantor/kembali").status_code in (400, 404)
    assert 'name="csrf_token"' in pc.get("/masuk/akun-kantor").text  # the page of a one-time link
    script = "import sys, json, app; print(json.dumps([n for n in sys.modules if n in %r]))"
    heavy = ["authlib", "joserfc", "requests", "segno", "ifaddr"]
    found = subprocess.run([sys.executable, "-c", script % heavy], capture_output=True, text=True, check=True)
    assert json.loads(found.stdout) == []


def test_the_way_in_is_recorded(pc: FlaskClient, site: Site) -> None:
    from sqlalchemy import select

    from engine.models import acts

    come_back(pc)
    with site.database.read() as connection:
        body = connection.execute(select(acts.c.entry).order_by(acts.c.seq.desc()).limit(1)).scalar_one()
    assert '"by":"provider"' in body and '"signed_in"' in body
