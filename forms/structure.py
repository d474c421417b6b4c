"""Reading JSON strictly, and writing local references out, so that nothing later needs to know about either."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from forms.wording import N_

MAX_BYTES = 256 * 1024
MAX_DEPTH = 24
MAX_NODES = 20_000


class Unreadable(Exception):  # noqa: N818
    """The text is not a JSON object that a form can be made of; `message` says why, `pointer` where."""

    def __init__(self, message: str, pointer: str = "", **params: Any) -> None:
        super().__init__(message % params if params else message)
        self.message, self.pointer, self.params = message, pointer, params


def load(text: bytes) -> dict[str, Any]:
    """The JSON object in `text`: UTF-8, bounded, without NaN and without a key given twice."""
    if len(text) > MAX_BYTES:
        raise Unreadable(N_("The file is larger than 256 kB."))
    try:
        value = json.loads(text.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refuse)
    except RecursionError:
        raise Unreadable(N_("The file is nested too deeply.")) from None
    except ValueError as error:
        raise Unreadable(N_("This is not valid JSON: %(cause)s"), cause=str(error)) from None
    if not isinstance(value, dict):
        raise Unreadable(N_("The file must hold one JSON object."))
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise Unreadable(N_("The key “%(key)s” is given twice in one object."), key=twice)
    return value


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not a JSON number")


def expand(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the schema in which every `$ref` to `#/$defs/…` is replaced by what it refers to."""
    expander = _Expander(schema.get("$defs", {}))
    return {key: expander.copy(value, f"/{key}", ()) for key, value in schema.items() if key != "$defs"}


class _Expander:
    """Copies a schema and counts what it copies: references to references grow exponentially."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self.definitions, self.nodes = definitions, 0

    def copy(self, value: Any, pointer: str, inside: tuple[str, ...]) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or pointer.count("/") > MAX_DEPTH:
            raise Unreadable(N_("The schema is too large or nested too deeply."), pointer)
        if isinstance(value, list):
            return [self.copy(item, f"{pointer}/{i}", inside) for i, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if "$ref" in value and isinstance(value["$ref"], str):
            return self._referred(value, pointer, inside)
        return {key: self.copy(item, f"{pointer}/{key}", inside) for key, item in value.items()}

    def _referred(self, value: dict[str, Any], pointer: str, inside: tuple[str, ...]) -> Any:
        name = value["$ref"].removeprefix("#/$defs/")
        if not value["$ref"].startswith("#/$defs/") or name not in self.definitions:
            raise Unreadable(N_("“%(ref)s” is not one of the definitions in $defs."), pointer, ref=value["$ref"])
        if name in inside:
            raise Unreadable(N_("“%(ref)s” refers to itself."), pointer, ref=value["$ref"])
        target = self.copy(self.definitions[name], pointer, (*inside, name))
        siblings = {key: self.copy(item, f"{pointer}/{key}", inside) for key, item in value.items() if key != "$ref"}
        return {**target, **siblings} if isinstance(target, dict) else target
