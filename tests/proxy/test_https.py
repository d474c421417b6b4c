"""The recipe of docs/operate.md for HTTPS, as it stands there: Caddy before `alur serve`."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from engine.site import Site
from tests.cast import PASSWORD
from tests.conftest import SECRET

pytestmark = pytest.mark.proxy

ROOT = Path(__file__).parents[2]
NAME = "alur.kantor.lan"
# What only a test adds: other ports, and nothing outside its own folder.
GLOBALS = """{{
    admin off
    skip_install_trust
    default_bind 127.0.0.1
    http_port {http}
    https_port {https}
    storage file_system {folder}
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def recipe() -> tuple[str, dict[str, str]]:
    """The Caddyfile and the variables that the document says to set."""
    text = (ROOT / "docs" / "operate.md").read_text("utf-8").partition("## HTTPS")[2]
    found = re.search(r"((?:    .*\n)*    }\n)", text)
    line = re.search(r"export (ALUR_PROXY=.*)", text)
    assert found and line
    return found[1], dict(part.split("=", 1) for part in line[1].split())


@contextmanager
def serving(site: Site, settings: Mapping[str, str]) -> Iterator[int]:
    """`alur serve`, and its port."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ALUR_")},
        "ALUR_VAR": str(site.settings.var),
        "ALUR_DATABASE_URL": site.settings.database_url,
        "ALUR_SECRET_KEY": SECRET,
        "ALUR_PORT": str(port),
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    command = [sys.executable, "-c", "from web.cli import alur; alur()", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and f"http://127.0.0.1:{port}" in process.stdout.readline()
        yield port
        process.terminate()


class Encrypted(requests.Session):
    """A browser that trusts the office's own certificates."""

    def __init__(self, origin: str, root: Path) -> None:
        super().__init__()
        self.origin, self.verify, self.trust_env = origin, str(root), False

    def sign_in(self) -> requests.Response:
        page = self.get(f"{self.origin}/masuk", timeout=10)
        key = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        form = {"csrf_token": key, "name": "staf", "password": PASSWORD}
        referer = {"Referer": f"{self.origin}/masuk"}
        return self.post(f"{self.origin}/masuk", form, headers=referer, allow_redirects=False, timeout=10)


@pytest.fixture
def ports() -> dict[str, int]:
    return {"http": free_port(), "https": free_port()}


@pytest.fixture
def alur(site: Site) -> Iterator[int]:
    _, variables = recipe()
    with serving(site, {name: value.replace(NAME, "localhost") for name, value in variables.items()}) as port:
        yield port


@pytest.fixture
def office(alur: int, ports: dict[str, int], tmp_path: Path) -> Iterator[Encrypted]:
    """The recipe at work, under the name of this machine."""
    caddyfile, folder = tmp_path / "Caddyfile", tmp_path / "caddy"
    text = recipe()[0].replace(NAME, "localhost").replace("127.0.0.1:8000", f"127.0.0.1:{alur}")
    caddyfile.write_text(GLOBALS.format(**ports, folder=folder) + text)
    command = ["caddy", "run", "--config", str(caddyfile), "--adapter", "caddyfile"]
    environment = {**os.environ, "HOME": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as caddy:
        pc = Encrypted(f"https://localhost:{ports['https']}", folder / "pki" / "authorities" / "local" / "root.crt")
        for _ in range(100):
            try:
                pc.get(f"{pc.origin}/healthz", timeout=10)
                break
            except (OSError, requests.RequestException):
                time.sleep(0.1)
        yield pc
        caddy.terminate()


def test_people_sign_in_and_their_cookies_never_travel_in_the_clear(office: Encrypted) -> None:
    answer = office.sign_in()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert all(cookie.secure and cookie.name.startswith("__Host-") for cookie in office.cookies)
    assert "__Host-alur" in {cookie.name for cookie in office.cookies}
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    page = office.get(f"{office.origin}/saya", timeout=10)
    assert page.status_code == 200 and page.url.startswith("https://") and "Andi Rahmat" in page.text


def test_whoever_is_outside_is_sent_to_the_door_over_https(office: Encrypted) -> None:
    page = office.get(f"{office.origin}/berkas", timeout=10)
    assert page.status_code == 200 and page.url.startswith(f"{office.origin}/masuk?next=")


def test_the_clear_address_leads_to_the_encrypted_one(office: Encrypted, ports: dict[str, int]) -> None:
    answer = office.get(f"http://localhost:{ports['http']}/berkas", allow_redirects=False, timeout=10)
    assert answer.status_code == 308 and answer.headers["Location"].startswith("https://localhost")


def test_what_a_visitor_claims_about_their_way_here_is_not_passed_on(office: Encrypted) -> None:
    office.headers.update({"X-Forwarded-Proto": "http", "X-Forwarded-Host": "jahat.example", "X-Forwarded-For": "::1"})
    assert office.sign_in().status_code == 302
    assert all(cookie.secure for cookie in office.cookies)


def test_alur_itself_answers_to_no_other_host(alur: int) -> None:
    address = f"http://127.0.0.1:{alur}/masuk"
    for host, status in {"localhost": 200, "127.0.0.1": 400, "jahat.example": 400}.items():
        assert requests.get(address, headers={"Host": host}, timeout=10).status_code == status, host


@pytest.mark.parametrize(("proxies", "secure"), [("0", False), ("1", True)])
def test_the_server_passes_on_what_proxies_say_only_where_there_is_one(site: Site, proxies: str, secure: bool) -> None:
    with serving(site, {"ALUR_PROXY": proxies}) as port:
        answer = requests.get(f"http://127.0.0.1:{port}/masuk", headers={"X-Forwarded-Proto": "https"}, timeout=10)
    assert ("Strict-Transport-Security" in answer.headers) is secure
    assert ("Secure" in answer.headers["Set-Cookie"]) is secure
