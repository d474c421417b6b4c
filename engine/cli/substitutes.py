"""`alur substitute add`, `list`, `end`."""

import click

from engine.access import Actor
from engine.cli.base import LANGUAGE, acting, alur, as_json, channel, say, show
from engine.commands.substitutes import NewSubstitution, add_substitute, end_substitute
from engine.language import moment
from engine.queries.substitutes import substitutions
from engine.site import Site
from engine.substitutes import KINDS, Substitution


@alur.group(help=say("Who stands in for whom (Plh., Plt.)."))
def substitute() -> None:
    """Commands on substitutes."""


@substitute.command("add", help=say("Let SUBSTITUTE stand in for ABSENT."))
@click.argument("absent")
@click.argument("substitute")
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], help=say("While away (plh) or vacant (plt)."))
@click.option("--from", "valid_from", help=say("First day, such as 2026-11-24, or a moment with its zone; else now."))
@click.option("--to", "valid_to", help=say("Last day, or a moment with its zone; else until it is ended."))
@click.option("--reason", required=True, help=say("Why, such as the number of the order."))
@as_json
@acting
def add(
    site: Site,
    actor: Actor,
    absent: str,
    substitute: str,
    kind: str,
    valid_from: str | None,
    valid_to: str | None,
    reason: str,
    json_: bool,
) -> None:
    """Print the id, which ends it."""
    new = NewSubstitution(absent, substitute, kind, reason, valid_from, valid_to)
    show(add_substitute(site, actor, channel(), new), json_, lambda added: str(added.id))


@substitute.command("list", help=say("List substitutes, the newest first."))
@as_json
@acting
def list_(site: Site, actor: Actor, json_: bool) -> None:
    """Also what is to come and what is over."""
    at = site.clock()

    def line(each: Substitution) -> str:
        period = f"{moment(each.valid_from, LANGUAGE)} – {moment(each.valid_to, LANGUAGE) if each.valid_to else '…'}"
        return f"{each.id}  {each.kind}  {each.absent} → {each.substitute}  {period}  {each.status(at)}"

    show(substitutions(site, actor), json_, line)


@substitute.command("end", help=say("End a substitution now."))
@click.argument("identity", metavar="ID")
@click.option("--reason", help=say("Why it ends."))
@acting
def end(site: Site, actor: Actor, identity: str, reason: str | None) -> None:
    """From now on the substitute acts no more."""
    end_substitute(site, actor, channel(), identity, reason)
