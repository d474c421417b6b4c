"""What tests share: an installation with the cast and SOP 16/2022, clients of its API, a started case.

The installation is made once and copied for each test, on SQLite or, with `--postgres`, on PostgreSQL.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from app import create_app
from engine import installation
from engine.db import Database
from engine.settings import Settings
from engine.site import Site
from tests.cast import CHANNEL, OPERATOR, hire
from tests.clients import Api

if TYPE_CHECKING:  # it needs what only POSIX has; the rest of the suite runs on Windows too
    from tests.postgres import Server

SOP = "sop-16-2022"
SECRET = "kunci rahasia untuk uji coba saja"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", action="store_true", help="run on PostgreSQL instead of SQLite")
    parser.addoption("--no-skips", action="store_true", help="fail when a test was skipped")


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@dataclass(frozen=True)
class Prepared:
    """An installation that is copied for every test, and the tokens of its cast."""

    site: Site
    tokens: dict[str, str]
    server: "Server | None"


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> "Iterator[Server | None]":
    if not request.config.getoption("--postgres"):
        yield None
        return
    from tests.postgres import running

    with running() as server:
        yield server


@pytest.fixture(scope="session")
def prepared(server: "Server | None", tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    address = server.create(SOP) if server else ""
    site = Site.open(Settings(var=tmp_path_factory.mktemp("installation"), database_url=address))
    installation.upgrade(site)
    installation.deploy_paths(site, OPERATOR, CHANNEL, [installation.ROOT / "bpmn" / f"{SOP}.bpmn"])
    tokens = hire(site)
    site.database.close()
    return Prepared(site, tokens, server)


@contextmanager
def copied(prepared: Prepared, var: Path) -> Iterator[Site]:
    """A copy of the prepared installation, with `var` as its folder."""
    shutil.copytree(prepared.site.settings.var, var)
    with prepared.server.copy(SOP) if prepared.server else nullcontext("") as address:
        settings = Settings(var=var, database_url=address, secret_key=SECRET)
        site = Site(settings, Database.connect(settings.database_address), bundles=prepared.site.bundles)
        yield site
        site.database.close()


@pytest.fixture
def site(prepared: Prepared, tmp_path: Path) -> Iterator[Site]:
    with copied(prepared, tmp_path / "var") as site:
        yield site


@pytest.fixture
def app(site: Site) -> Flask:
    return create_app(site=site)


@pytest.fixture
def api(app: Flask, prepared: Prepared) -> Callable[[str | None], Api]:
    """`api("staf")` is a client with that person's token; `api(None)` has none."""
    return lambda name: Api(app, prepared.tokens[name] if name else None)


@pytest.fixture
def case(api: Callable[[str], Api]) -> str:
    """The id of a case of SOP 16/2022 that has just been started."""
    response = api("kpukab").post("/process-instances", {"process_definition_key": SOP, "business_key": "Rapat uji"})
    assert response.status_code == 201, response.text
    return str(response.json["id"])
