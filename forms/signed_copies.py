"""Uploads that are the signed copy of a document: fields whose UI schema names the step that issued it."""

from collections.abc import Mapping

from forms.kinds import Json
from forms.marked import marked
from forms.schema import Form

KEYWORD = "ui:signedCopyOf"


def signed_copies(form: Form, data: Mapping[str, Json]) -> dict[str, list[str]]:
    """Activity id → the attachments that the data hold as the signed copy of what it issued."""
    found: dict[str, list[str]] = {}
    for _, activity, value in marked(form, KEYWORD, data):
        ids = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
        if ids:
            found.setdefault(activity, []).extend(ids)
    return found


def copied_activities(form: Form) -> list[tuple[str, str]]:
    """Every activity that a field names, with the pointer into the UI schema, for the check at deployment."""
    return [(f"{pointer}/{KEYWORD}", activity) for pointer, activity, _ in marked(form, KEYWORD, None)]
