"""Checking a submission against its form: every error at once, each beside its field and in plain words."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry

from forms.formats import CHECKER
from forms.kinds import Json, Schema
from forms.patterns import MAX_PATTERNED_TEXT
from forms.sayings import saying
from forms.schema import Form

# Nothing that a page, a Word document or an audit trail could not show, or would show as something else.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing to put right; `message` is to be translated and filled with `params`."""

    pointer: str
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


def validate(form: Form, data: Json) -> list[FieldError]:
    """Every error in the data, one or more for each wrong field; an empty list when all is well."""
    errors = [_field_error(error) for error in _validator(form).iter_errors(data)]
    if len(errors) < 2:
        return errors
    # What is missing or of the wrong kind needs no further criticism; `if` and `allOf` may say the same thing twice.
    final = {error.pointer: error for error in reversed(errors) if error.code in ("required", "wrong_type")}
    return list({(e.pointer, e.code): e for e in errors if final.get(e.pointer, e) == e}.values())


def attachments(form: Form, data: Json) -> list[tuple[str, str]]:
    """The attachments that the data names: (pointer, attachment id), in the order of the schema."""
    return list(_attachments(form.schema, data, ""))


def _attachments(schema: Schema, value: Json, pointer: str) -> Iterator[tuple[str, str]]:
    if schema["type"] == "object" and isinstance(value, Mapping):
        for name, part in schema["properties"].items():
            yield from _attachments(part, value.get(name), f"{pointer}/{name}")
    elif schema["type"] == "array" and isinstance(value, list):
        for i, item in enumerate(value):
            yield from _attachments(schema["items"], item, f"{pointer}/{i}")
    elif schema.get("format") == "attachment" and isinstance(value, str):
        yield pointer, value


def is_blank(value: Json) -> bool:
    """Whether a clerk would call the field empty."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _required(_: Validator, names: Any, value: Any, __: Any) -> Iterator[ValidationError]:
    """As in the standard, but a blank counts as missing, and the error points to the field, not to its object."""
    if isinstance(value, dict):
        yield from (ValidationError("", path=[name]) for name in names if is_blank(value.get(name)))


def _dependent_required(_: Validator, names: Any, value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        for name, needed in names.items():
            if not is_blank(value.get(name)):
                yield from _required(_, needed, value, __)


def _unknown(_: Validator, __: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        yield from (ValidationError("", path=[name]) for name in value if name not in schema["properties"])


def _type(validator: Validator, type_: Any, value: Any, _: Any) -> Iterator[ValidationError]:
    if not validator.is_type(value, type_):
        yield ValidationError("")
    elif type_ == "string" and _UNPRINTABLE.search(value):
        yield ValidationError("", validator="unprintable")


def _pattern(_: Validator, pattern: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Not tried on a text longer than `maxLength`, which is an error already: the cost is bounded up to there only."""
    if not isinstance(value, str) or len(value) > schema.get("maxLength", len(value)):
        return
    too_long = len(value) > schema.get("maxLength", MAX_PATTERNED_TEXT)
    # Python's `$` would let a line break at the end pass.
    if too_long or value.endswith("\n") or not re.search(pattern, value):
        yield ValidationError("")


def _properties(validator: Validator, parts: Any, value: Any, _: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        for name, part in parts.items():
            if name in value:
                yield from _below(validator, part, value[name], name)


def _items(validator: Validator, part: Any, value: Any, _: Any) -> Iterator[ValidationError]:
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from _below(validator, part, item, i)


def _below(validator: Validator, schema: Any, value: Any, step: str | int) -> Iterator[ValidationError]:
    """As `validator.descend`, in less than half its time: here no reference is left to follow."""
    for keyword, expected in schema.items():
        check = _CHECKS.get(keyword)
        for error in (check and check(validator, expected, value, schema)) or ():
            if not isinstance(error.validator, str):
                error.validator, error.validator_value = keyword, expected
            error.path.appendleft(step)
            yield error


def _is_number(_: Any, value: object) -> bool:
    """Neither infinite nor not-a-number: JSON has no such numbers, and no limit would catch the latter."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e308


def _is_integer(_: Any, value: object) -> bool:
    """Written without a decimal point: amounts of money are never floats."""
    return isinstance(value, int) and _is_number(_, value)


_extend: Callable[..., type[Validator]] = extend  # its own annotations are incomplete
_FormValidator = _extend(
    Draft202012Validator,
    {
        "properties": _properties,
        "items": _items,
        "required": _required,
        "dependentRequired": _dependent_required,
        "additionalProperties": _unknown,
        "type": _type,
        "pattern": _pattern,
    },
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many({"integer": _is_integer, "number": _is_number}),
)

_CHECKS: Mapping[str, Callable[..., Iterable[ValidationError] | None]] = _FormValidator.VALIDATORS


@lru_cache(maxsize=256)
def _validator(form: Form) -> Validator:
    return _FormValidator(dict(form.schema), registry=Registry(), format_checker=CHECKER)


def _field_error(error: ValidationError) -> FieldError:
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in error.absolute_path)
    limit = cast(Any, error.validator_value)
    code, message = saying(str(error.validator), limit)
    return FieldError(pointer, code, message, {"limit": limit} if "%(" in message else {})
