"""`alur audit verify`, `alur audit acts`, `alur replay`."""

import sys
from typing import Any

import click

from engine.access import Actor
from engine.cli.base import LANGUAGE, acting, alur, as_json, say, show
from engine.queries.acts import KINDS, find_acts
from engine.queries.cases import case_history
from engine.replay import ACTS, Verification, verify, verify_all
from engine.site import Site


@alur.group(help=say("Prove what happened."))
def audit() -> None:
    """Commands for auditors."""


@audit.command("verify", help=say("Execute cases again from their history and compare everything that is stored."))
@click.argument("case", required=False)
@click.option("--all", "all_", is_flag=True, help=say("Every case (the default without CASE)."))
@as_json
@acting
def verify_(site: Site, actor: Actor, case: str | None, all_: bool, json_: bool) -> None:
    """Exit 1 when a case was tampered with, 2 when one could only be checked in part."""
    found = [(case, verify(site, actor, case))] if case and not all_ else list(verify_all(site))
    rows = [{"case": name, "verified": result.verified, "result": result} for name, result in found]
    show(rows, json_, lambda row: line(row["case"], row["result"]))
    statuses = {result.status for _, result in found}
    if not json_:
        click.echo(say("%(count)s cases checked.", count=sum(name != ACTS for name, _ in found)))
    sys.exit(1 if "failed" in statuses else 2 if "not_reproducible" in statuses else 0)


@audit.command("acts", help=say("List what was done outside cases, oldest first."))
@as_json
@acting
def acts_(site: Site, actor: Actor, json_: bool) -> None:
    """People, roles, passwords, sign-ins, deployments, office data, the register, backups."""
    found: list[dict[str, Any]] = []
    while page := find_acts(site, actor, after=found[-1]["seq"] if found else 0):
        found += page

    def told(act: dict[str, Any]) -> str:
        reason = f"  ({act['reason']})" if act["reason"] else ""
        return f"{act['seq']}  {act['at']}  {act['actor']}  {say(KINDS[act['kind']])}: {act['subject']}{reason}"

    show(found, json_, told)


def line(case: str, result: Verification) -> str:
    """One verification in words."""
    if case == ACTS:
        case = say("Acts outside cases")
    counted = say("%(entries)s entries, %(documents)s documents", entries=result.entries, documents=result.documents)
    words = {"verified": say("intact"), "failed": say("TAMPERED WITH"), "not_reproducible": say("checked in part")}
    text = f"{case}: {words[result.status]} ({counted})"
    if result.first_divergence is None:
        return text
    place = say("entry %(seq)s", seq=result.first_divergence.seq) if result.first_divergence.seq else say("the tables")
    return f"{text}: {place}: {result.first_divergence.explain(LANGUAGE)}"


@alur.command(help=say("Step through a case: what each entry moved."))
@click.argument("case")
@as_json
@acting
def replay(site: Site, actor: Actor, case: str, json_: bool) -> None:
    """Each entry with the elements it entered, completed and left."""
    entries = case_history(site, actor, case, limit=10_000)
    steps = [{"seq": e["seq"], "at": e["at"], "kind": e["kind"], "transitions": e["transitions"]} for e in entries]
    show(steps, json_, lambda step: f"{step['seq']:>4}  {step['kind']:<9} " + _moved(step["transitions"]))


def _moved(transitions: list[dict[str, str]]) -> str:
    return " ".join(f"{SIGNS[t['event']]}{t['activity_id']}" for t in transitions if t["event"] != "taken")


SIGNS = {"entered": "→", "completed": "✓", "cancelled": "✗"}
