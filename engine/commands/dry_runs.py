"""Trying a draft out: the acts of its dry run, one by one, back again, or to the end by the forms' examples."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from engine import office
from engine.access import Actor
from engine.bundles import Bundle
from engine.canonical import canonical
from engine.checker import check
from engine.definitions import with_scopes
from engine.dry_run import STEPS, Act, ActKind, DryRun, example, main_definition, play
from engine.errors import N_, InvalidDeployment, InvalidForm, Unacceptable
from engine.issuing import REGISTRY
from engine.models import sop_drafts
from engine.queries.sop_drafts import SopDraft, find_draft
from engine.site import Site
from forms.validation import validate

LARGEST = 2_000_000


def dry_run_of(site: Site, actor: Actor, draft_id: str) -> DryRun:
    """Where the dry run of a draft stands; raises `InvalidDeployment` when the draft could not be published."""
    with site.database.read() as connection:
        return _played(connection, find_draft(connection, actor, draft_id), site.clock())


def do(site: Site, actor: Actor, draft_id: str, kind: ActKind, path: str, data: Mapping[str, Any], given: int) -> None:
    """Complete a task, or let what is waited for come, unless more than the `given` acts were done meanwhile.

    Raises `InvalidForm` with every error of the form, `NotOpen`, `NotExpected`, or `Unacceptable`.
    """
    with site.database.write() as connection:
        draft = find_draft(connection, actor, draft_id, lock=True)
        if len(draft.acts) != given:
            return
        run = _played(connection, draft, site.clock())
        activity = next((task.activity_id for task, _ in run.tasks if task.path == path), None)
        form = run.form(activity) if activity and kind == "complete" else None
        if form is not None and (errors := validate(form, dict(data))):
            raise InvalidForm(errors)
        run.carry_out(run.act(kind, path, data, site.clock()))
        _keep(connection, draft_id, run.acts)


def finish(site: Site, actor: Actor, draft_id: str) -> None:
    """Go on by the forms' first examples, the oldest task first, until the end or where nothing moves any more."""
    with site.database.write() as connection:
        run = _played(connection, find_draft(connection, actor, draft_id, lock=True), site.clock())
        while len(run.acts) < STEPS and (run.tasks or run.waits):
            run.carry_out(_next(run, site.clock()))
        _keep(connection, draft_id, run.acts)


def step_back(site: Site, actor: Actor, draft_id: str) -> None:
    """Take the last act back."""
    with site.database.write() as connection:
        run = _played(connection, find_draft(connection, actor, draft_id, lock=True), site.clock())
        _keep(connection, draft_id, run.acts[:-1])


def start_again(site: Site, actor: Actor, draft_id: str) -> None:
    """Forget all acts."""
    with site.database.write() as connection:
        find_draft(connection, actor, draft_id, lock=True)
        _keep(connection, draft_id, [])


def draft_bundle(draft: SopDraft) -> Bundle:
    """A draft ready to be read or run; raises `InvalidDeployment` with what stands in the way."""
    errors = [finding for finding in check(draft.files, REGISTRY) if finding.severity == "error"]
    if errors:
        raise InvalidDeployment(errors)
    files = with_scopes(draft.files)
    return Bundle(main_definition(files, draft.key), files)


def _played(connection: Connection, draft: SopDraft, now: datetime) -> DryRun:
    return play(draft_bundle(draft), office.current(connection), draft.acts, now)


def _next(run: DryRun, now: datetime) -> Act:
    if run.tasks:
        task, _ = run.tasks[0]
        return run.act("complete", task.path, example(run.form(task.activity_id)), now)
    return run.act("arrive", run.waits[0][0].path, {}, now)


def _keep(connection: Connection, draft_id: str, acts: Sequence[Act]) -> None:
    text = canonical([dict(act) for act in acts])
    if len(text) > LARGEST:
        raise Unacceptable(reason=N_("the answers of this dry run are too long"))
    connection.execute(update(sop_drafts).where(sop_drafts.c.id == draft_id).values(dry_run=text if acts else None))
