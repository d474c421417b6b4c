"""A case's data: one dict that all its tokens share, with the canonical text of every value kept beside it."""

from collections import ChainMap
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from engine.canonical import canonical, read_canonical


class Data(dict[str, Any]):
    """JSON values under names. A value is replaced whole and never changed in place, so its text is made once."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self._members: dict[str, str] = {}
        self.contributions: dict[str, list[str]] = {}  # by activity, the names that its form gave

    @property
    def home(self) -> "Data":
        """Where new names come to live."""
        return self

    def put(self, values: Mapping[str, Any]) -> None:
        """Set values, as they read back from their canonical text; all of them, or none and `NotCanonical`."""
        texts = {name: canonical(value) for name, value in values.items()}
        self._members |= {name: f"{canonical(name)}:{text}" for name, text in texts.items()}
        self.update({name: read_canonical(text) for name, text in texts.items()})

    def text(self) -> str:
        """The canonical JSON of all of it."""
        return f"{{{','.join(map(self._member, sorted(self, key=_utf16)))}}}"

    def _member(self, name: str) -> str:
        member = self._members.get(name)
        if member is None:
            member = self._members[name] = f"{canonical(name)}:{canonical(self[name])}"
        return member


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be")


class Local(ChainMap[str, Any]):
    """The data as one instance of a repeated activity sees it: some names are its own, all others everybody's."""

    def __init__(self, own: dict[str, Any], around: "Data | Local") -> None:
        super().__init__(own, around)
        self.around = around

    @property
    def home(self) -> "Data | Enclosed":
        """Where new names come to live."""
        return self.around.home

    def put(self, values: Mapping[str, Any]) -> None:
        """Set values where their names live."""
        own = self.maps[0]
        mine = _read_back({name: value for name, value in values.items() if name in own})
        self.around.put({name: value for name, value in values.items() if name not in own})
        own.update(mine)


class Enclosed(Local):
    """The data as what has a scope of its own sees them: all that is written in it stays in it.

    `hidden` are the names under which a list around it gathers what runs give; a run sees its own value there.
    """

    def __init__(
        self, own: dict[str, Any], around: Data | Local, hidden: Collection[str], contributions: dict[str, list[str]]
    ) -> None:
        super().__init__(own, around)
        seen: Any = _Without(around, hidden)
        self.maps[1] = seen
        self.contributions = contributions

    @property
    def home(self) -> "Enclosed":
        """Where new names come to live."""
        return self

    def put(self, values: Mapping[str, Any]) -> None:
        """Set values here."""
        self.maps[0].update(_read_back(values))

    def give(self, names: Iterable[str], instance: bool) -> None:
        """Add what stands here under these names to the lists around it; an `instance` also has names of its own."""
        own, around = self.maps[0], self.around
        if instance and isinstance(around, Local):
            own = {**{name: value for name, value in around.maps[0].items() if value is not None}, **own}
            around = around.around
        around.put({name: [*_list(around.get(name)), own[name]] for name in names if name in own})


class _Without(Mapping[str, Any]):
    """Data, but for some names."""

    def __init__(self, data: Mapping[str, Any], hidden: Collection[str]) -> None:
        self.data, self.hidden = data, hidden

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - JSON
        if name in self.hidden:
            raise KeyError(name)
        return self.data[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.data if name not in self.hidden)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """What was gathered so far; anything else that stands there is replaced."""
    return value if isinstance(value, list) else []


def _read_back(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: read_canonical(canonical(value)) for name, value in values.items()}
