"""The checkpoints as auditors see and take them along, and compare what they took with what is there now."""

from collections.abc import Sequence

from engine.access import Actor, require
from engine.checkpoints import Folder
from engine.checkpoints.checkpoint import Checkpoint
from engine.errors import NotFound
from engine.proof.finding import Finding
from engine.proof.sealed import kept_checkpoint, read_sealed, readable
from engine.proof.source import Source
from engine.site import Site


def newest_checkpoints(site: Site, actor: Actor, limit: int) -> tuple[int, list[Checkpoint]]:
    """How many there are, and the newest of them, newest first; raises `Forbidden`."""
    folder = _folder(site, actor)
    numbers = folder.numbers()
    found = [readable(folder.text(number)) for number in numbers[: -limit - 1 : -1]]
    return len(numbers), [checkpoint for checkpoint in found if checkpoint is not None]


def checkpoint_text(site: Site, actor: Actor, number: int) -> str:
    """One file; raises `NotFound`, `Forbidden`."""
    folder = _folder(site, actor)
    if number not in folder.numbers():
        raise NotFound
    return folder.text(number)


def public_keys(site: Site, actor: Actor) -> Sequence[str]:
    """The keys that sign, oldest first; raises `Forbidden`."""
    return _folder(site, actor).public_keys()


def compare(site: Site, actor: Actor, kept: str) -> tuple[Checkpoint, list[Finding]]:
    """What is wrong with the folder, as one checkpoint that the auditor kept shows it.

    Raises `Unacceptable` for a file that is no checkpoint, `Forbidden`.
    """
    folder = _folder(site, actor)
    checkpoint = kept_checkpoint(kept)
    there = [(checkpoint.number, folder.text(checkpoint.number))] if checkpoint.number in folder.numbers() else []
    sealed = read_sealed(Source(there, folder.public_keys()), [kept], starting_at=checkpoint.number)
    return checkpoint, sealed.findings


def _folder(site: Site, actor: Actor) -> Folder:
    require(actor, "acts.view")
    return Folder.of(site.settings)
