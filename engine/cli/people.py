"""`alur user add`, `alur token create`."""

import secrets
import sys

import click

from engine import credentials
from engine.access import ROLES, Actor
from engine.cli.base import acting, alur, on_site, say
from engine.commands.people import NewUser, add_user
from engine.site import Site


@alur.group(help=say("People."))
def user() -> None:
    """Commands on people."""


@user.command("add", help=say("Add a person."))
@click.argument("name")
@click.option("--lane", "lanes", multiple=True, help=say("A role in the SOPs; may be given several times."))
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help=say("A role in Alur itself."))
@click.option("--full-name", help=say("As documents print it."))
@click.option("--position", "positions", multiple=True, help=say("The office held, such as Ketua."))
@click.option("--nip", help=say("Civil servants only."))
@click.option("--rank", help=say("Civil servants only."))
@click.option("--password-stdin", is_flag=True, help=say("Read the password from standard input."))
@acting
def add(
    site: Site,
    actor: Actor,
    name: str,
    lanes: tuple[str, ...],
    roles: tuple[str, ...],
    full_name: str | None,
    positions: tuple[str, ...],
    nip: str | None,
    rank: str | None,
    password_stdin: bool,
) -> None:
    """Add a person; a random password is printed once unless one is given."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else secrets.token_urlsafe(12)
    add_user(site, actor, NewUser(name, full_name or name, password, lanes, positions, roles, rank, nip))
    if not password_stdin:
        click.echo(password)


@alur.group(help=say("API tokens."))
def token() -> None:
    """Commands on API tokens."""


@token.command("create", help=say("Print a new API token of a user."))
@click.argument("user")
@on_site
def create(site: Site, user: str) -> None:
    """Print the token and nothing else."""
    click.echo(credentials.create_token(site, user))
