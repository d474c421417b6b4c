"""The difference of two versions, or of a draft and the version it is to follow: in words and on two diagrams."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.bundles import Bundle
from engine.commands.dry_runs import draft_bundle
from engine.definitions import Definition, deployed_definitions, with_scopes
from engine.differences import Change, Difference, difference
from engine.errors import InvalidDeployment, NotFound
from engine.queries.definitions import Deployed, process_definition, version_bundle
from engine.queries.sop_drafts import SopDraft
from engine.queries.sop_drafts import sop_draft as find_draft
from engine.queries.versions import process_definition_versions
from web.context import actor, require, site, translate
from web.pages.admin.common import number
from web.pages.blueprint import blueprint
from web.pages.sop.common import Picture, picture
from web.pages.sop.versions import ALL
from web.pins import Pin

SIGNS = {"added": "+", "removed": "−", "changed": "≠"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a page shows of a difference; `groups` are the changes to be read, by part."""

    groups: Mapping[str, list[Change]]
    counts: Mapping[str, int]
    before: Picture | None
    after: Picture | None
    signs: Mapping[str, str]


@blueprint.get("/sop/<key>/beda")
def sop_difference(key: str) -> ResponseReturnValue:
    """Version `?dari=` against `?ke=`; without them the newest against the one before it."""
    require("sops.view")
    numbers = [each.version for each in process_definition_versions(site(), actor(), key, limit=ALL)]
    new = number(request.args.get("ke", "")) or numbers[0]
    old = number(request.args.get("dari", "")) or next((n for n in numbers if n < new), new)
    return render_template(
        "sop/difference.html",
        sop=process_definition(site(), actor(), key),
        versions=numbers,
        old=old,
        new=new,
        found=compared(version_bundle(site(), actor(), key, old), version_bundle(site(), actor(), key, new)),
    )


@blueprint.get("/rancangan/<draft_id>/beda")
def draft_difference(draft_id: str) -> ResponseReturnValue:
    """A draft against the current version of its SOP."""
    draft = find_draft(site(), actor(), draft_id)
    current, found = against_current(draft)
    return render_template("sop/draft_difference.html", draft=draft, current=current, found=found, here="difference")


def against_current(draft: SopDraft) -> tuple[Deployed | None, Comparison | None]:
    """The current version and the difference to it: None where there is none, or the draft has findings."""
    try:
        new = draft_bundle(draft)
    except InvalidDeployment:
        return (process_definition(site(), actor(), draft.key) if draft.key else None), None
    try:
        current = process_definition(site(), actor(), new.definition.key)
    except NotFound:
        return None, None
    return current, compared(version_bundle(site(), actor(), current.key, current.version), new)


def published_before(draft: SopDraft) -> int | None:
    """The version that is the same as the draft, byte by byte, when there is one of every SOP in it."""
    found = [_published(definition) for definition in deployed_definitions(with_scopes(draft.files))]
    main = draft_bundle(draft).definition
    return _published(main) if None not in found else None


def _published(definition: Definition) -> int | None:
    try:
        versions = process_definition_versions(site(), actor(), definition.key, limit=ALL)
    except NotFound:
        return None
    return next((each.version for each in versions if each.digest == definition.digest), None)


def compared(old: Bundle, new: Bundle) -> Comparison:
    """The difference as a page shows it."""
    found = difference(old, new)
    groups: dict[str, list[Change]] = {}
    for change in found.told:
        groups.setdefault(change.part, []).append(change)
    counts: Counter[str] = Counter(change.kind for change in found.told)
    before, after = _drawn(old, found, "was-"), _drawn(new, found, "el-")
    return Comparison(groups, counts, before, after, SIGNS)


def _drawn(bundle: Bundle, found: Difference, prefix: str) -> Picture | None:
    definition = bundle.definition
    pins = {name: Pin(SIGNS[mark], mark) for name, (mark,) in found.marks.items()}
    title = translate("Before") if prefix == "was-" else translate("After")
    return picture(bundle.files[definition.source], found.marks, pins, f"{title}: {definition.name}", prefix)
