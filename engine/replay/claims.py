"""What an entry claims of others: who signed before, who delegated, who sent, which document a copy is of."""

import json
from collections.abc import Mapping

from sqlalchemy import Connection

from engine import history
from engine.access import concerns
from engine.bundles import Bundle
from engine.errors import N_
from engine.history import Entry
from engine.inputs import PROPERTY, Checklist, inputs, recorded
from engine.runtime import Case
from engine.surroundings import signatory
from engine.verification import Different
from forms.marked import keywords
from forms.signed_copies import signed_copies


def check_signatories(entry: Entry, signers: Mapping[str, Entry], acts: Mapping[str, Entry]) -> None:
    """Who a document names is who did the act, as the history has it: last, or in that run."""
    for document in entry["documents"]:
        for named in document["signed_by"]:
            act = acts.get(named["tugas"]) if "tugas" in named else signers.get(named["langkah"])
            said = {name: value for name, value in named.items() if name != "tugas"}
            if act is None or {**signatory(act, "UTC"), "waktu": ""} != {**said, "waktu": ""}:
                raise Different(
                    entry["seq"],
                    N_("%(document)s names another signatory than the act's"),
                    act,
                    named,
                    document=document["id"],
                )


def check_world(entry: Entry, title: str) -> None:
    """What documents print of their case is this case, under its title, and its history as it stood before them."""
    own = {"head": entry["prev_hash"], "case": entry["case"], "title": title}
    for result in entry["results"]:
        said = {name: result["world"][name] for name in own if name in result.get("world", {})}
        if {**own, **said} != own:
            reason = N_("%(activity)s prints another case, title or history than this one's")
            raise Different(entry["seq"], reason, own, said, activity=result["activity_id"])


def check_sender(connection: Connection, entry: Entry) -> None:
    """What came from another case was sent there, just so."""
    origin = entry.get("from")
    if origin is None:
        return
    there = history.find(connection, origin["case"], origin["seq"])
    sent = json.loads(there.text)["sent"] if there is not None and there.hash == origin["hash"] else []
    each = sent[origin["place"]] if origin["place"] < len(sent) else None
    came = {} if entry["kind"] == "start" else entry["data"]
    if each is None or {**each, **came} != each:
        raise Different(entry["seq"], N_("the case that this comes from did not send it"), each, entry["data"])


def check_place(case: Case, entry: Entry) -> None:
    """What an act on a task names is a task that is open, or a timer that the case waits for."""
    places = case.waits if entry["kind"] == "timer" else case.open_tasks
    named = entry["path"], entry["activity_id"]
    if entry["path"] is not None and named not in [(each.path, each.activity_id) for each in places]:
        raise Different(
            entry["seq"], N_("the case does not wait for %(activity)s there"), activity=entry["activity_id"]
        )


def check_separation(
    bundle: Bundle, entry: Entry, done: Mapping[tuple[str, str | None], Entry], runs: Mapping[str, str | None]
) -> None:
    """Who took, got or completed a task, and on whose behalf, had no part in the acts that it must be separate from."""
    if entry["kind"] not in ("claim", "complete", "reassign"):
        return
    doers = (entry["reassigned_to"],) if entry["kind"] == "reassign" else (entry["actor"], entry["on_behalf_of"])
    involved = {*doers} - {None}
    separate = bundle.definition.elements[entry["activity_id"]].separate_from
    for (name, run), act in done.items():
        concerned = name in separate and concerns(run, runs.get(entry["path"]))
        if concerned and involved & {act["actor"], act["on_behalf_of"]}:
            raise Different(
                entry["seq"], N_("separation of duties from %(activity)s was not kept"), activity=act["activity_name"]
            )


def check_delegation(entry: Entry, delegations: dict[str, Entry]) -> None:
    """Who acts by delegation was given this very task, by whom they act for."""
    if entry["kind"] == "delegate":
        delegations[entry["path"]] = entry
    elif entry["authority"] and entry["authority"]["kind"] == "delegation":
        given = delegations.get(entry["path"])
        by = given and (given["on_behalf_of"] or given["actor"])
        if not given or (given["delegated_to"], by) != (entry["actor"], entry["on_behalf_of"]):
            raise Different(entry["seq"], N_("nobody delegated this task to %(actor)s"), actor=entry["actor"])


def check_reassignment(entry: Entry, delegations: dict[str, Entry], holders: dict[str, str | None]) -> None:
    """A task is taken from who has it, and goes to one of those who may do it; a delegation is over then."""
    kind, path = entry["kind"], entry["path"]
    if kind == "reassign":
        given = delegations.pop(path, None)
        had = holders.get(path) or (given and given["delegated_to"])
        if had != entry["taken_from"]:
            raise Different(
                entry["seq"], N_("the task was taken from another than who had it"), had, entry["taken_from"]
            )
        if entry["reassigned_to"] not in (None, *entry["allowed"]):
            raise Different(entry["seq"], N_("%(name)s could not get this task"), name=entry["reassigned_to"])
    if kind in ("claim", "release", "delegate", "reassign"):
        holders[path] = entry["actor"] if kind == "claim" else entry.get("reassigned_to")


def check_inputs(bundle: Bundle, entry: Entry) -> None:
    """What was ticked and what was not are together what the step needs, and nothing lacks without a reason."""
    said = entry.get(PROPERTY)
    if said is None:
        return
    needed = inputs(bundle.definition.elements[entry["activity_id"]], bundle.forms.get(entry["activity_id"]))
    again = recorded(needed, Checklist(tuple(said["checked"]), said["reason"] or ""))[PROPERTY] if needed else None
    if again != said or (said["lacking"] and not said["reason"]):
        raise Different(entry["seq"], N_("the inputs that were ticked are not those of the step"), list(needed), said)


def check_keywords(bundle: Bundle, entry: Entry) -> None:
    """What the case is found by is what the form's marked fields hold."""
    form = bundle.forms.get(entry["activity_id"]) if entry["kind"] == "complete" else None
    marked = keywords(form, entry["data"]) if form else []
    if entry.get("keywords", []) != marked:
        raise Different(entry["seq"], N_("the keywords are not those of the form"), marked, entry.get("keywords"))


def check_signed_copies(bundle: Bundle, entry: Entry, issued: dict[str, str]) -> None:
    """Signed copies are of the documents that were issued last, and of uploads that the entry binds."""
    for each in entry["documents"]:
        issued.pop(each["activity_id"], None)
        if each["status"] == "issued":
            issued[each["activity_id"]] = each["id"]
    named = entry.get("signed_copies", [])
    form = bundle.forms.get(entry["activity_id"]) if entry["kind"] == "complete" else None
    sent = signed_copies(form, entry["data"]) if form else {}
    wanted: list[Entry] = [
        {"document": issued[name], "attachments": ids} for name, ids in sent.items() if name in issued
    ]
    if entry["kind"] == "signed_copy":
        bound = [each["id"] for each in entry["attachments"]]
        wanted = [{"document": issued.get(entry["activity_id"]), "attachments": bound}]
    if named != wanted:
        raise Different(entry["seq"], N_("the signed copies are not those of the documents issued"), wanted, named)
