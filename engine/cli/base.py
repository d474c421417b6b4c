"""What all commands share: the group, the installation, who acts, how answers and refusals are printed."""

import getpass
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click

from engine import clock, installation, logs, office, people
from engine.access import Actor, operating_system
from engine.canonical import read_json
from engine.casework import Channel
from engine.checker import Finding
from engine.commandline import TYPED
from engine.errors import (
    N_,
    AddressInUse,
    AlurError,
    BadSettings,
    DatabaseDamaged,
    Invalid,
    Malformed,
    Unavailable,
    required,
)
from engine.language import LANGUAGES, ZONE, explain, translate
from engine.settings import Settings
from engine.site import Site

P = ParamSpec("P")
R = TypeVar("R")

COULD_NOT_RUN = (AddressInUse, BadSettings, Malformed, Unavailable)


def language() -> str:
    """The language of the command line: ALUR_LANGUAGE, Indonesian by default."""
    try:
        chosen = Settings.from_env().language
    except BadSettings:
        chosen = LANGUAGES[0]
    return chosen


LANGUAGE = language()


def say(sentence: str, **params: object) -> str:
    """A sentence in the command line's language."""
    return translate(sentence, LANGUAGE, params)


class Refusing(click.Group):
    """A group whose commands answer a refusal with one sentence and the right exit code."""

    def make_context(self, info_name: str | None, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401
        """The command's usage and hints name it as it is typed."""
        return super().make_context(TYPED, *args, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        try:
            return super().invoke(ctx)
        except AlurError as error:
            click.echo(explain(error, LANGUAGE), err=True)
            for line in _details(error):
                click.echo(f"  {line}", err=True)
            sys.exit(2 if isinstance(error, COULD_NOT_RUN) else 1)
        except OSError as error:
            if error.filename is None:  # no file's trouble: somebody stopped listening
                raise
            click.echo(f"{error.filename}: {error.strerror}", err=True)
            sys.exit(2)


def _details(error: AlurError) -> Iterable[str]:
    if isinstance(error, Unavailable) and "cause" in error.params:
        yield str(error.params["cause"])
    for item in error.errors if isinstance(error, Invalid) else ():
        if isinstance(item, Finding):
            yield told(item)
        else:
            yield f"{item.pointer}: {translate(item.message, LANGUAGE, item.params)}"  # type: ignore[attr-defined]


def told(finding: Finding) -> str:
    """A finding as a line, such as compilers print."""
    place = f"{finding.file}:{finding.line}: " if finding.file else ""
    element = f" [{finding.element_id}]" if finding.element_id else ""
    sentences = (translate(text, LANGUAGE, finding.params) for text in (finding.message, finding.hint))
    return f"{place}{finding.severity} {finding.code}{element} {' '.join(sentences)}"


@click.group(cls=Refusing, help=say("Run standard operating procedures, and prove what happened."))
def alur() -> None:
    """The root of all commands."""
    logs.set_up()


@contextmanager
def opened() -> Iterator[Site]:
    """The installation that the environment names, set up or not; raises `DatabaseDamaged` for JSON that is none."""
    site = Site.open(Settings.from_env())
    try:
        yield site
    except json.JSONDecodeError as error:  # what people type is read with a sentence of its own
        raise DatabaseDamaged(place=site.database.place.name, cause=str(error)) from error
    finally:
        site.database.close()


@contextmanager
def installed() -> Iterator[Site]:
    """The installation that the environment names; raises `NotSetUp`."""
    with opened() as site:
        installation.require_set_up(site)
        yield site


def on_site(command: Callable[..., R]) -> Callable[..., R]:
    """Give the command the installation that the environment names."""

    @wraps(command)
    def run(*args: object, **kwargs: object) -> R:
        with installed() as site:
            return command(site, *args, **kwargs)

    return run


def acting(command: Callable[..., R]) -> Callable[..., R]:
    """Give the command the installation and who acts: `--user`, or the operating system's account as operator."""

    @click.option("--user", help=say("Act as this user instead of as the operator at the machine."))
    @wraps(command)
    def run(*args: object, user: str | None, **kwargs: object) -> R:
        with installed() as site:
            found = actor(site, user)
            with site.database.read() as connection:
                zone = ZONE.set(office.zone(connection))
            try:
                return command(site, found, *args, **kwargs)
            finally:
                ZONE.reset(zone)

    return run


as_json = click.option("--json", "json_", is_flag=True, help=say("Print JSON."))


def account() -> str:
    """The operating system's account."""
    return getpass.getuser()


def channel() -> Channel:
    """How history entries name this way in."""
    return Channel("cli", account())


def actor(site: Site, name: str | None) -> Actor:
    """Who acts; raises `NotFound` for a user who is not there."""
    if name is None:
        return operating_system(account())
    with site.database.read() as connection:
        return required(people.find(connection, name, site.clock()))


def read_data(text: str | None) -> dict[str, Any]:
    """An option that holds a JSON object, or `@file`."""
    if text is None:
        return {}
    if text.startswith("@"):
        with click.open_file(text[1:], encoding="utf-8") as file:
            text = file.read()
    return read_object(text)


def read_object(source: str | bytes) -> dict[str, Any]:
    """A JSON object that somebody wrote; raises `BadJson`, or `Malformed` for other JSON."""
    value = read_json(source)
    if not isinstance(value, dict):
        raise Malformed(reason=N_("a JSON object is needed"))
    return value


def show(value: object, json_: bool, line: Callable[[Any], str]) -> None:
    """Print a value or a list of values: as JSON, or a line each."""
    if json_:
        click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))
    else:
        for item in value if isinstance(value, (list, tuple)) else [value]:
            click.echo(line(item))


def plain(value: Any) -> Any:  # noqa: ANN401 - anything that is shown
    """Dataclasses, moments and mappings as JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        identity = {"id": getattr(value, "id")} if hasattr(type(value), "id") else {}  # noqa: B009 - not on every type
        return plain({**identity, **asdict(value)})
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, frozenset, set)):
        return [plain(item) for item in value]
    return clock.plain(value)
