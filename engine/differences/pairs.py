"""Which elements of two versions are the same: by their ids, or, where an editor gave new ones, by what they are."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

from engine.bpmn import Element, Flow

Thing = TypeVar("Thing", Element, Flow)


def pairs(
    old: Mapping[str, Thing], new: Mapping[str, Thing], what: Callable[[Thing], Hashable | None]
) -> list[tuple[Thing | None, Thing | None]]:
    """(old, new) in the order of the new version, then what is gone; None stands for what is not there."""
    known = {name: name for name in new if name in old} | _alike(old, new, what)
    there: list[tuple[Thing | None, Thing | None]] = [
        (old[known[name]] if name in known else None, new[name]) for name in new
    ]
    return there + [(old[name], None) for name in old if name not in known.values()]


def _alike(
    old: Mapping[str, Thing], new: Mapping[str, Thing], what: Callable[[Thing], Hashable | None]
) -> dict[str, str]:
    """New id → old id of those that have no other like them."""
    gone = _by((each for name, each in old.items() if name not in new), what)
    come = _by((each for name, each in new.items() if name not in old), what)
    return {
        found[0].id: gone[key][0].id for key, found in come.items() if len(found) == 1 and len(gone.get(key, ())) == 1
    }


def _by(things: Iterable[Thing], what: Callable[[Thing], Hashable | None]) -> Mapping[Hashable, list[Thing]]:
    found: defaultdict[Hashable, list[Thing]] = defaultdict(list)
    for thing in things:
        if (key := what(thing)) is not None:
            found[key].append(thing)
    return found
