"""`alur user …`, `alur token …`."""

import sys
from pathlib import Path

import click

from engine import credentials
from engine.access import ROLES, Actor
from engine.cli.base import acting, alur, as_json, channel, say, show
from engine.commands.credentials import reset_password, revoke_access
from engine.commands.memberships import Grant, end_membership, grant
from engine.commands.people import NewUser, add_user, change_user
from engine.commands.roster import import_roster, read_roster
from engine.errors import Invalid, NotFound
from engine.queries.users import User, find_users, one_user
from engine.site import Site

because = click.option("--reason", required=True, help=say("Why; it is kept in the history."))
password_stdin = click.option("--password-stdin", is_flag=True, help=say("Read the password from standard input."))
HELD = {
    "lane": click.option("--lane", help=say("A role in the SOPs.")),
    "position": click.option("--position", help=say("The office held, such as Ketua.")),
    "role": click.option("--role", type=click.Choice(ROLES), help=say("A role in Alur itself.")),
}


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
@click.option("--email", help=say("Where letters about tasks go."))
@password_stdin
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
    email: str | None,
    password_stdin: bool,
) -> None:
    """Add a person; a random password is printed once unless one is given."""
    password = _typed() if password_stdin else credentials.random_password()
    person = NewUser(name, full_name or name, password, lanes, positions, roles, rank, nip, email)
    add_user(site, actor, channel(), person)
    if not password_stdin:
        click.echo(password)


@user.command("import", help=say("Add people from a CSV file, all or nobody; their passwords are printed once."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help=say("Only say what is wrong in which line."))
@acting
def import_(site: Site, actor: Actor, file: Path, dry_run: bool) -> None:
    """Exit 1 when a line needs to be mended."""
    roster = read_roster(site, actor, file.read_bytes())
    if dry_run and roster.errors:
        raise Invalid(roster.errors)
    for each in roster.unknown:
        click.echo(f"{each.pointer}: {say(each.message, **each.params)}", err=True)
    people = roster.people if dry_run else import_roster(site, actor, channel(), file.read_bytes())
    for person in people:
        click.echo(f"{person.name}  {person.full_name}" + ("" if dry_run else f"  {person.password}"))


@user.command("list", help=say("List people with what they hold."))
@click.option("--all", "all_", is_flag=True, help=say("Also those who left."))
@as_json
@acting
def list_(site: Site, actor: Actor, all_: bool, json_: bool) -> None:
    """By user name."""
    found: list[User] = []
    while page := find_users(site, actor, active=None if all_ else True, after=found[-1].name if found else ""):
        found += page
    at = site.clock()

    def line(person: User) -> str:
        held = [value for kind in HELD for value in person.now(kind, at)]
        left = "" if person.active else "  " + say("(left)")
        return f"{person.name}  {person.full_name}  {', '.join(held) or '-'}{left}"

    show(found, json_, line)


@user.command("deactivate", help=say("Let a person leave: no sign-in any more, and no tokens."))
@click.argument("name")
@because
@acting
def deactivate(site: Site, actor: Actor, name: str, reason: str) -> None:
    """What they did stays."""
    change_user(site, actor, channel(), name, {"active": False}, reason)


@user.command("activate", help=say("Let a person who left come back."))
@click.argument("name")
@because
@acting
def activate(site: Site, actor: Actor, name: str, reason: str) -> None:
    """With what they held, as far as it was not ended."""
    change_user(site, actor, channel(), name, {"active": True}, reason)


@user.command("grant", help=say("Give a person a role in the SOPs, a position, or a role in Alur."))
@click.argument("name")
@HELD["lane"]
@HELD["position"]
@HELD["role"]
@click.option("--from", "valid_from", help=say("First day, e.g. 2026-11-24; now by default."))
@click.option("--to", "valid_to", help=say("Last day; without an end by default."))
@because
@acting
def grant_(
    site: Site, actor: Actor, name: str, reason: str, valid_from: str | None, valid_to: str | None, **held: str | None
) -> None:
    """One or several at once."""
    for kind, value in _named(held):
        grant(site, actor, channel(), name, Grant(kind, value, reason, valid_from, valid_to))


@user.command("end", help=say("End what a person holds; it stays in the history."))
@click.argument("name")
@HELD["lane"]
@HELD["position"]
@HELD["role"]
@click.option("--to", "valid_to", help=say("Last day; now by default."))
@because
@acting
def end(site: Site, actor: Actor, name: str, reason: str, valid_to: str | None, **held: str | None) -> None:
    """One or several at once; exit 1 when they do not hold it."""
    person, at = one_user(site, actor, name), site.clock()
    for named in _named(held):
        found = [each for each in person.held if (each.kind, each.value) == named and each.status(at) != "over"]
        if not found:
            raise NotFound
        for each in found:
            end_membership(site, actor, channel(), name, each.id, reason, valid_to)


@user.command("password", help=say("Give a person a new password and sign them out everywhere."))
@click.argument("name")
@password_stdin
@because
@acting
def password(site: Site, actor: Actor, name: str, password_stdin: bool, reason: str) -> None:
    """A random one is printed once unless one is given."""
    given = _typed() if password_stdin else None
    made = reset_password(site, actor, channel(), name, reason, given)
    if given is None:
        click.echo(made)


@alur.group(help=say("API tokens."))
def token() -> None:
    """Commands on API tokens."""


@token.command("create", help=say("Print a new API token of a user."))
@click.argument("name", metavar="USER")
@acting
def create(site: Site, actor: Actor, name: str) -> None:
    """Print the token and nothing else."""
    click.echo(credentials.create_token(site, actor, channel(), name))


@token.command("revoke", help=say("End all API tokens and sessions of a user."))
@click.argument("name", metavar="USER")
@because
@acting
def revoke(site: Site, actor: Actor, name: str, reason: str) -> None:
    """Whoever holds one is out."""
    revoke_access(site, actor, channel(), name, reason)


def _typed() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _named(held: dict[str, str | None]) -> list[tuple[str, str]]:
    named = [(kind, value) for kind, value in held.items() if value is not None]
    if not named:
        raise click.UsageError(say("Name --lane, --position or --role."))
    return named
