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
from forms.schema import Form
from forms.wording import N_

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


_FORMATS: Mapping[str, tuple[str, str]] = {
    "date": ("bad_date", N_("Write a date that exists, like 21/03/2022.")),
    "time": ("bad_time", N_("Write a time like 09:00.")),
    "date-time": ("bad_date_time", N_("Write a date and time like 2022-03-21T09:00:00+08:00.")),
    "email": ("bad_email", N_("Write an e-mail address like name@example.go.id.")),
    "uri": ("bad_address", N_("Write a web address like https://example.go.id.")),
    "attachment": ("bad_attachment", N_("Choose a file.")),
}
_TYPES: Mapping[str, str] = {
    "integer": N_("Write a whole number, like 2.000."),
    "number": N_("Write a number, like 12,5."),
    "boolean": N_("Choose yes or no."),
    "string": N_("Write a text."),
    "array": N_("A list is needed here."),
    "object": N_("Named fields are needed here."),
}
_SAYINGS: Mapping[str, tuple[str, str]] = {
    "required": ("required", N_("This must be filled in.")),
    "dependentRequired": ("required", N_("This must be filled in.")),
    "additionalProperties": ("unknown_field", N_("The form has no such field.")),
    "unprintable": ("unprintable", N_("This contains characters that cannot be printed.")),
    "enum": ("not_a_choice", N_("Choose one of the options.")),
    "const": ("not_allowed", N_("This answer is not possible here.")),
    "maxLength": ("too_long", N_("At most %(limit)s characters.")),
    "minLength": ("too_short", N_("At least %(limit)s characters.")),
    "pattern": ("wrong_pattern", N_("This is not written in the required way.")),
    "maximum": ("too_large", N_("At most %(limit)s.")),
    "exclusiveMaximum": ("too_large", N_("Less than %(limit)s.")),
    "minimum": ("too_small", N_("At least %(limit)s.")),
    "exclusiveMinimum": ("too_small", N_("More than %(limit)s.")),
    "multipleOf": ("not_a_multiple", N_("A multiple of %(limit)s.")),
    "minItems": ("too_few", N_("At least %(limit)s are needed.")),
    "maxItems": ("too_many", N_("At most %(limit)s are possible.")),
    "uniqueItems": ("repeated", N_("The same is given twice.")),
}
_OTHERWISE = ("not_allowed", N_("These answers do not go together."))


def _field_error(error: ValidationError) -> FieldError:
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in error.absolute_path)
    keyword, limit = str(error.validator), cast(Any, error.validator_value)
    if keyword == "type":
        return FieldError(pointer, "wrong_type", _TYPES[limit])
    if keyword == "format":
        return FieldError(pointer, *_FORMATS[limit])
    if keyword == "const" and limit is True:
        return FieldError(pointer, "not_allowed", N_("This has to be confirmed."))
    code, message = _SAYINGS.get(keyword, _OTHERWISE)
    return FieldError(pointer, code, message, {"limit": limit} if "%(" in message else {})
