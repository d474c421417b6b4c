"""Alur's own commands: rights, validation, history, digest and one durable commit per step."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.eight import DOER, HERE, KEY, LANES, MODEL, SUBMISSION, TASKS
from engine import installation, people
from engine.access import operating_system
from engine.casework import Channel
from engine.commands.cases import start_process
from engine.commands.deployments import deploy, gathered
from engine.commands.people import NewUser, add_user
from engine.commands.user_tasks import complete_user_task
from engine.settings import Settings
from engine.site import Site

OPERATOR = operating_system("benchmark")
CHANNEL = Channel("cli", "benchmark")


def install(folder: Path) -> Site:
    """An installation with the process of eight tasks and a person for each of its lanes."""
    site = Site.open(Settings(var=folder))
    installation.upgrade(site)
    deploy(site, OPERATOR, CHANNEL, gathered([MODEL], [HERE]))
    for name, lane in LANES.items():
        add_user(site, OPERATOR, CHANNEL, NewUser(name, name.capitalize(), lanes=[lane]))
    return site


def through_commands(folder: Path) -> Callable[[], None]:
    """(c) One case through the commands."""
    site = install(folder / "commands")
    with site.database.read() as connection:
        actors = {actor.name: actor for actor in people.everyone(connection, site.clock())}

    def run() -> None:
        case, _ = start_process(site, actors[DOER[TASKS[0]]], CHANNEL, KEY)
        for task in TASKS:
            done = complete_user_task(site, actors[DOER[task]], CHANNEL, f"{case}-{task}.1", SUBMISSION)
        assert done.status == "completed"

    return run
