"""What to say about each way in which an answer can be wrong: a stable code, and a sentence for a clerk."""

from collections.abc import Mapping
from typing import Any

from forms.wording import N_

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
_KEYWORDS: Mapping[str, tuple[str, str]] = {
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


def saying(keyword: str, limit: Any) -> tuple[str, str]:
    """The code and the sentence for a schema's keyword and its value, which may fill the sentence as "limit"."""
    if keyword == "type":
        return "wrong_type", _TYPES[limit]
    if keyword == "format":
        return _FORMATS[limit]
    if keyword == "const" and limit is True:
        return "not_allowed", N_("This has to be confirmed.")
    return _KEYWORDS.get(keyword, _OTHERWISE)
