"""Rancangan: a designer's own copy of an SOP: its files, its findings in a list and on the diagram, publishing it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from engine.access import Post
from engine.checker import Finding, check, named
from engine.commands import sop_drafts
from engine.commands.deployments import NOTE_LENGTH, unpacked
from engine.commands.dry_runs import draft_bundle
from engine.errors import Conflict, InvalidDeployment, Malformed, NotFound, SopDraftChanged, Unacceptable
from engine.issuing import REGISTRY
from engine.queries.sop_drafts import SopDraft
from engine.queries.sop_drafts import sop_draft as find_draft
from engine.queries.staffing import vacancies
from engine.queries.versions import cases_on_versions
from web.context import WEB, actor, explain, require, site, translate
from web.downloads import zipped
from web.errors import status_of
from web.pages.blueprint import blueprint
from web.pages.sop.common import Picture, picture, single, to_draft, uploads, word
from web.pages.sop.comparison import against_current, published_before
from web.pages.sop.versions import sop_versions, sops
from web.pins import Pin

SHOWN = (Malformed, Unacceptable, Conflict)


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft's findings, numbered as on its drawings; `unused` are files that no diagram names.

    `vacant` are the roles that nobody has, once there is nothing to mend.
    """

    findings: Sequence[Finding]
    drawings: Mapping[str, Picture | None]
    unused: frozenset[str]
    vacant: Sequence[Post]

    @property
    def errors(self) -> list[Finding]:
        """Those that stand in the way."""
        return [finding for finding in self.findings if finding.severity == "error"]


@blueprint.post("/sop/<key>/versi/<int(max=999999):version>/rancangan")
def begin_draft(key: str, version: int) -> ResponseReturnValue:
    """A copy of a version to work on."""
    try:
        return to_draft(sop_drafts.begin_draft(site(), actor(), key, version))
    except SHOWN as error:
        return sop_versions(key, explain(error)), status_of(type(error))


@blueprint.post("/rancangan")
def upload_draft() -> ResponseReturnValue:
    """An SOP that is not published yet, from its files."""
    require("deploy")
    try:
        return to_draft(sop_drafts.upload_draft(site(), actor(), unpacked(uploads())))
    except SHOWN as error:
        return sops(explain(error)), status_of(type(error))


@blueprint.get("/rancangan/<draft_id>")
def sop_draft(draft_id: str, error: str = "") -> str:
    """The draft's files and findings."""
    draft = find_draft(site(), actor(), draft_id)
    return render_template("sop/draft.html", draft=draft, checked=checked(draft), error=error, here="files")


@blueprint.get("/rancangan/<draft_id>.zip")
def draft_zip(draft_id: str) -> Response:
    """All its files."""
    draft = find_draft(site(), actor(), draft_id)
    return zipped(f"{draft.key or 'sop'}-rancangan", draft.files)


@blueprint.get("/rancangan/<draft_id>.docx")
def draft_word(draft_id: str) -> Response:
    """The draft as the official form; raises `InvalidDeployment` while something stands in the way."""
    return word(draft_bundle(find_draft(site(), actor(), draft_id)).definition)


@blueprint.get("/rancangan/<draft_id>/berkas/<name>")
def draft_file(draft_id: str, name: str) -> Response:
    """One of its files."""
    return single(find_draft(site(), actor(), draft_id).files, name)


@blueprint.post("/rancangan/<draft_id>/berkas")
def put_files(draft_id: str) -> ResponseReturnValue:
    """Take files in, or one out."""
    require("deploy")
    name = request.form.get("remove")

    def put() -> None:
        if name:
            sop_drafts.remove_file(site(), actor(), draft_id, name, _seen())
            flash(translate("%(name)s is taken out of the draft.", name=name))
        else:
            stored = sop_drafts.put_files(site(), actor(), draft_id, unpacked(uploads()), _seen())
            flash(translate("Taken into the draft: %(names)s", names=", ".join(stored)))

    return _attempted(draft_id, put) or to_draft(draft_id)


@blueprint.post("/rancangan/<draft_id>/buang")
def discard_draft(draft_id: str) -> ResponseReturnValue:
    """Let it go."""

    def discard() -> None:
        sop_drafts.discard_draft(site(), actor(), draft_id, _seen())
        flash(translate("The draft is discarded."))

    return _attempted(draft_id, discard) or redirect(url_for("pages.sops"))


@blueprint.get("/rancangan/<draft_id>/terbit")
def publish_page(draft_id: str, error: str = "", others: Sequence[Finding] = ()) -> str:
    """What publishing would do."""
    draft = find_draft(site(), actor(), draft_id)
    current, found = against_current(draft)
    counts = sorted(cases_on_versions(site(), actor()).items()) if current else ()
    open_cases = {version: count.open for (key, version), count in counts if current and key == current.key}
    return render_template(
        "sop/publish.html",
        draft=draft,
        checked=checked(draft),
        current=current,
        same=published_before(draft) if found else None,
        found=found,
        open_cases={version: n for version, n in open_cases.items() if n},
        note=request.form.get("note", ""),
        others=others,
        longest=NOTE_LENGTH,
        error=error,
        here="publish",
    )


@blueprint.post("/rancangan/<draft_id>/terbit")
def publish_draft(draft_id: str) -> ResponseReturnValue:
    """Publish; the draft is done with then."""
    note, same = request.form.get("note", ""), "same" in request.form
    try:
        done = sop_drafts.publish_draft(site(), actor(), WEB, draft_id, note, _seen(), same)
    except NotFound:  # the button was pressed twice
        return redirect(url_for("pages.sops"))
    except InvalidDeployment as error:
        others = [each for each in error.errors if isinstance(each, Finding) and each.code == "other_sop"]
        return publish_page(draft_id, others=others) if others else sop_draft(draft_id, explain(error)), 422
    except (Unacceptable, SopDraftChanged) as error:
        return publish_page(draft_id, explain(error)), status_of(type(error))
    for made in done.definitions:
        flash(translate("Published: %(name)s, version %(n)s.", name=made.name, n=made.version))
    made = done.definitions[0]
    return redirect(url_for("pages.sop_version", key=made.key, version=made.version))


def checked(draft: SopDraft) -> Checked:
    """What there is to say of a draft, errors first, and its diagrams with the findings' numbers on them."""
    findings = check(draft.files, REGISTRY)
    used = {name for file, content in draft.files.items() if file.endswith(".bpmn") for name in named(content)}
    diagrams = [name for name in sorted(draft.files) if name.endswith(".bpmn")]
    drawings = {name: _drawn(draft.files[name], name, findings) for name in diagrams}
    fit = all(finding.severity != "error" for finding in findings)
    vacant = vacancies(site(), draft_bundle(draft).definition) if fit else ()
    return Checked(findings, drawings, frozenset(draft.files) - used - frozenset(diagrams), vacant)


def _drawn(bpmn: bytes, file: str, findings: Sequence[Finding]) -> Picture | None:
    """The diagram of a file with the numbers of its findings on it."""
    numbers: dict[str, list[int]] = {}
    for n, finding in enumerate(findings, 1):
        if finding.element_id and finding.file == file:
            numbers.setdefault(finding.element_id, []).append(n)
    kinds = {name: f"finding-{findings[found[0] - 1].severity}" for name, found in numbers.items()}
    pins = {name: Pin(_short(found), kinds[name]) for name, found in numbers.items()}
    return picture(bpmn, {name: (kind,) for name, kind in kinds.items()}, pins, file)


def _short(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:3]))
    return f"{shown} …" if len(numbers) > 3 else shown


def _seen() -> str | None:
    """The revision that the page was about."""
    return request.form.get("revision")


def _attempted(draft_id: str, command: Callable[[], object]) -> ResponseReturnValue | None:
    """None, or the page that says why not."""
    try:
        command()
    except SHOWN as error:
        return sop_draft(draft_id, explain(error)), status_of(type(error))
    return None
