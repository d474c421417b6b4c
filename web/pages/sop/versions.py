"""SOP: what is published, its versions with the cases on each, their files, and withdrawing one from starting."""

from collections import Counter
from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from engine.commands.deployments import NOTE_LENGTH, reinstate, withdraw
from engine.errors import Conflict, Unacceptable
from engine.queries import versions
from engine.queries.definitions import process_definition, process_definition_files, process_definitions, version_bundle
from engine.queries.people import full_names
from engine.queries.sop_drafts import my_sop_drafts
from web.context import WEB, actor, explain, require, site, translate
from web.downloads import zipped
from web.errors import status_of
from web.pages.blueprint import blueprint
from web.pages.sop.common import picture, single, word

ALL = 100_000
ADDRESS = "/sop/<key>/versi/<int(max=999999):version>"


@blueprint.get("/sop")
def sops(error: str = "") -> str:
    """Every SOP with its current version, and one's own drafts; `error` is why an upload was not taken."""
    require("sops.view")
    found = process_definitions(site(), actor())
    counts: Counter[str] = Counter()
    for (key, _), count in versions.cases_on_versions(site(), actor()).items():
        counts[key] += count.open
    return render_template(
        "sop/list.html",
        sops=found,
        counts=counts,
        drafts=my_sop_drafts(site(), actor()),
        titles={sop.key: sop.name for sop in found},
        names=full_names(site(), [sop.deployed_by for sop in found]),
        error=error,
    )


@blueprint.get("/sop/<key>")
def sop_versions(key: str, error: str = "") -> str:
    """The versions of one SOP, the newest first; `error` is why a draft was not begun."""
    require("sops.view")
    found = versions.process_definition_versions(site(), actor(), key, limit=ALL)
    return render_template(
        "sop/versions.html",
        sop=process_definition(site(), actor(), key),
        versions=found,
        counts=versions.cases_on_versions(site(), actor()),
        nothing=versions.CaseCount(),
        drafts=my_sop_drafts(site(), actor(), key),
        names=full_names(site(), [each.deployed_by for each in found]),
        error=error,
    )


@blueprint.get(ADDRESS)
def sop_version(key: str, version: int, error: str = "") -> str:
    """One version: its drawing, what it is, its files."""
    require("sops.view")
    sop = process_definition(site(), actor(), key, version)
    files = process_definition_files(site(), actor(), key, version)
    newest = versions.process_definition_versions(site(), actor(), key, limit=1)[0].version
    return render_template(
        "sop/version.html",
        sop=sop,
        current=process_definition(site(), actor(), key).version,
        newest=newest,
        picture=picture(files[sop.source], {}, {}, sop.name),
        files={name: len(content) for name, content in sorted(files.items())},
        count=versions.cases_on_versions(site(), actor()).get((key, version), versions.CaseCount()),
        names=full_names(site(), [sop.deployed_by]),
        longest=NOTE_LENGTH,
        error=error,
    )


@blueprint.get(f"{ADDRESS}.zip")
def sop_version_zip(key: str, version: int) -> Response:
    """All files of a version."""
    require("sops.view")
    files = process_definition_files(site(), actor(), key, version)
    return zipped(f"{key}-v{version}", files)


@blueprint.get(f"{ADDRESS}.docx")
def sop_version_word(key: str, version: int) -> Response:
    """A version as the official form."""
    require("sops.view")
    return word(version_bundle(site(), actor(), key, version).definition)


@blueprint.get(f"{ADDRESS}/berkas/<name>")
def sop_version_file(key: str, version: int, name: str) -> Response:
    """One file of a version."""
    require("sops.view")
    return single(process_definition_files(site(), actor(), key, version), name)


@blueprint.post(f"{ADDRESS}/tarik")
def withdraw_version(key: str, version: int) -> ResponseReturnValue:
    """Let no new case start on it."""
    said = translate("Version %(n)s is withdrawn: no new case starts on it.", n=version)
    return _changed(key, version, lambda reason: withdraw(site(), actor(), WEB, key, version, reason), said)


@blueprint.post(f"{ADDRESS}/pulihkan")
def reinstate_version(key: str, version: int) -> ResponseReturnValue:
    """Let cases start on it again."""
    said = translate("Cases may start on version %(n)s again.", n=version)
    return _changed(key, version, lambda reason: reinstate(site(), actor(), WEB, key, version, reason), said)


def _changed(key: str, version: int, command: Callable[[str], None], said: str) -> ResponseReturnValue:
    try:
        command(request.form.get("reason", ""))
    except (Unacceptable, Conflict) as error:
        return sop_version(key, version, explain(error)), status_of(type(error))
    flash(said)
    return redirect(url_for("pages.sop_version", key=key, version=version))
