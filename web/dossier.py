"""The page inside a dossier: it opens from disk, steps through the case and checks itself, without any network."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from engine import clock
from engine.access import Actor
from engine.acts import Channel
from engine.bundles import Bundle
from engine.checkpoints import make_checkpoint
from engine.commands.exports import record_export
from engine.definitions import deployed_definition
from engine.dossier import Dossier, pack, read_dossier
from engine.errors import N_, CheckpointsMissing
from engine.history import Entry
from engine.language import moment, translate
from engine.site import Site
from forms.schema import Form
from web.diagram import draw, draw_heading
from web.marks import marks
from web.story import HANDED, KINDS

HERE = Path(__file__).parent
EMBEDDED = 1 << 20  # a larger document, such as the archive's ZIP, is checked among the files
# What the page's script says; the page hands it over, so that the script holds no words.
SENTENCES = (
    N_("%(count)s entries of the history, each bound to the one before"),
    N_("Entry %(seq)s was changed: the next one names another hash for it."),
    N_("Entry %(seq)s is missing or displaced."),
    N_("%(count)s documents are those of the history"),
    N_("The document %(name)s is not the one of entry %(seq)s."),
    N_("Checkpoint %(number)s of %(at)s signs entries 1 to %(seq)s with the key %(key)s"),
    N_("Checkpoint %(number)s is not signed by the key that it names."),
    N_("Checkpoint %(number)s knows another entry %(seq)s than this history."),
    N_("The chain of checkpoints breaks before number %(number)s."),
    N_("This browser cannot check the signatures of checkpoints; periksa.py can."),
    N_("No checkpoint covers this history yet."),
    N_("%(count)s files are as SHA256SUMS.txt lists them"),
    N_("The file %(name)s was changed or is missing."),
    N_("The file %(name)s is no part of the dossier."),
    N_("The files of the SOP are those on which the case ran"),
    N_("The diagram, a form or a template is not the one on which the case ran."),
    N_("The history knows nothing of the file %(name)s."),
    N_("SHA256SUMS.txt is not there; choose the whole unpacked folder."),
    N_("All parts agree with each other"),
    N_("This dossier was tampered with"),
    N_("This browser does not let a page from disk compute checksums; use periksa.py."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the page's table shows it."""

    entry: Entry
    at: str
    what: str
    answers: tuple[tuple[str, str], ...]


def compose(site: Site, actor: Actor, channel: Channel, instance_id: str, language: str) -> bytes:
    """The dossier of a case as a ZIP, sealed up to its last entry; taking it along is an act. Raises `NotFound`."""
    with suppress(CheckpointsMissing, OSError):  # then it says itself that it is not sealed to the end
        make_checkpoint(site)
    dossier = read_dossier(site, actor, instance_id)
    content = pack(dossier, replay_page(dossier, language))
    record_export(site, actor, channel, f"dossier/{instance_id}", len(dossier.stored))
    return content


def filename(instance_id: str) -> str:
    """What a dossier is called on disk."""
    return f"dosir-{instance_id}.zip"


def replay_page(dossier: Dossier, language: str) -> str:
    """The page as one file."""

    def say(sentence: str, **params: object) -> str:
        return translate(sentence, language, params)

    bundles = {digest: bundle for digest, files in dossier.models.items() if (bundle := _bundle(dossier, files))}
    script, style = ((HERE / "static" / name).read_text(encoding="utf-8") for name in ("dossier.js", "dossier.css"))
    page = _environment().get_template("dossier.html")
    return page.render(
        _=say,
        language=language,
        instance=dossier.instance,
        lines=list(_lines(dossier, bundles, language)),
        names=_names(dossier),
        paths={each.id: each.path for each in (*dossier.documents, *dossier.attachments)},
        diagrams={digest: _diagram(bundle) for digest, bundle in bundles.items()},
        facts=_embedded(_facts(dossier, bundles, say)),
        script=Markup(script),  # noqa: S704 - our own file
        style=Markup(style),  # noqa: S704
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True)


def _bundle(dossier: Dossier, files: Mapping[str, bytes]) -> Bundle | None:
    """The definition, unless its files were damaged: the rest of the dossier is worth reading then, too."""
    try:
        return Bundle(deployed_definition(files, dossier.instance.process_definition_key), files)
    except Exception:  # somebody may have written anything into them
        return None


def _diagram(bundle: Bundle) -> tuple[Markup, Markup]:
    """The drawing, which no entry has marked yet, and its heading; `draw` escapes every name it writes."""
    xml = bundle.files[bundle.definition.source]
    return Markup(draw(xml, title=bundle.definition.name)), Markup(draw_heading(xml))  # noqa: S704


def _names(dossier: Dossier) -> dict[str, str]:
    """Full names as the case's own entries have them; of who did nothing in it only the account's name is known."""
    allowed = {name for entry in dossier.entries for name in entry["allowed"]}
    others = {entry.get(name) for entry in dossier.entries for name in ("on_behalf_of", *HANDED)}
    cards = {entry["actor"]: entry["actor_card"]["full_name"] for entry in dossier.entries if entry["actor"]}
    return {name: cards.get(name, name) for name in allowed | others if name}


def _lines(dossier: Dossier, bundles: Mapping[str, Bundle], language: str) -> Iterator[Line]:
    for entry in dossier.entries:
        bundle = bundles.get(entry["definition_digest"])
        form = bundle.forms.get(entry["activity_id"]) if bundle and entry["kind"] == "complete" else None
        what = translate(KINDS.get(entry["kind"], entry["kind"]), language)
        answers = tuple(_answers(form, entry["data"])) if form else ()
        yield Line(entry, moment(clock.from_text(entry["at"]), language), what, answers)


def _answers(form: Form, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        schema = form.schema["properties"].get(name, {})
        yield str(schema.get("title", name)), _text(schema, value)


def _text(schema: Mapping[str, Any], value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return "\n".join(_text(schema.get("items", {}), item) for item in value)
    if isinstance(value, Mapping):
        fields = schema.get("properties", {})
        told = ((fields.get(name, {}), name, item) for name, item in value.items())
        return "; ".join(f"{field.get('title', name)}: {_text(field, item)}" for field, name, item in told)
    if isinstance(value, bool):
        return "✓" if value else "–"
    return "" if value is None else str(value)


def _facts(dossier: Dossier, bundles: Mapping[str, Bundle], say: Any) -> dict[str, Any]:  # noqa: ANN401 - a function
    """What the script needs; bytes in base64."""
    return {
        "case": dossier.instance.id,
        "history": _base64("".join(f"{stored.text}\n" for stored in dossier.stored).encode()),
        "documents": {each.id: _base64(each.content) for each in dossier.documents if len(each.content) <= EMBEDDED},
        "checkpoints": _base64("".join(dossier.checkpoints).encode()),
        "keys": list(dossier.public_keys),
        "states": list(_states(dossier, bundles)),
        "words": {sentence: say(sentence).replace("%%", "%") for sentence in SENTENCES},
    }


def _states(dossier: Dossier, bundles: Mapping[str, Bundle]) -> Iterator[dict[str, Any]]:
    """After each entry: the classes of elements, the flows taken, which diagram."""
    for number, entry in enumerate(dossier.entries, 1):
        bundle = bundles.get(entry["definition_digest"])
        if bundle is None:
            yield {"elements": {}, "taken": [], "digest": ""}
            continue
        found = marks(dossier.entries[:number], bundle.definition.elements)
        states = {element: list(classes) for element, classes in found.states.items() if classes}
        yield {"elements": states, "taken": sorted(found.taken), "digest": entry["definition_digest"]}


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _embedded(facts: Mapping[str, Any]) -> Markup:
    """JSON that can stand inside a script element."""
    text = json.dumps(facts, ensure_ascii=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704
