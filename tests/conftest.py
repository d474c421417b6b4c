"""What tests share: an installation with the cast and SOP 16/2022, clients of its API, a started case.

The installation is made once and copied for each test.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from engine import installation
from engine.db import Database
from engine.settings import Settings
from engine.site import Site
from tests.cast import OPERATOR, hire
from tests.clients import Api

SOP = "sop-16-2022"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", action="store_true", help="run on PostgreSQL instead of SQLite")


@dataclass(frozen=True)
class Prepared:
    """An installation that is copied for every test, and the tokens of its cast."""

    site: Site
    tokens: dict[str, str]


@pytest.fixture(scope="session")
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    var = tmp_path_factory.mktemp("installation")
    site = Site.open(Settings(var=var))
    installation.upgrade(site)
    installation.deploy_paths(site, OPERATOR, [installation.ROOT / "bpmn"])
    tokens = hire(site)
    site.database.close()
    yield Prepared(site, tokens)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path / "var", secret_key="kunci rahasia untuk uji coba saja")


@contextmanager
def copied(prepared: Prepared, settings: Settings) -> Iterator[Site]:
    """A copy of the prepared installation under other settings."""
    shutil.copytree(prepared.site.settings.var, settings.var)
    site = Site(settings, Database.connect(settings.database_address), bundles=prepared.site.bundles)
    yield site
    site.database.close()


@pytest.fixture
def site(prepared: Prepared, settings: Settings) -> Iterator[Site]:
    with copied(prepared, settings) as site:
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
