"""The ZIP of a dossier: names a lawyer understands, the same bytes for the same case."""

import json
from pathlib import Path

from docgen.archive import zip_files
from engine.checkpoints.folder import PUBLIC_KEYS
from engine.dossier.checkpoints import blocks
from engine.dossier.material import Dossier

HERE = Path(__file__).parent
FOLDERS = {".bpmn": "model", ".json": "formulir", ".docx": "templat"}


def pack(dossier: Dossier, replay: str) -> bytes:
    """The whole dossier; `replay` is the page that steps through the case."""
    models = _models(dossier)
    files = [
        ("BACA-SAYA.txt", (HERE / "BACA-SAYA.txt").read_bytes()),
        ("putar-ulang.html", replay.encode()),
        ("periksa.py", (HERE / "periksa.py").read_bytes()),
        ("berkas.json", _facts(dossier, {path: place for path, place, _ in models})),
        ("riwayat.jsonl", "".join(f"{stored.text}\n" for stored in dossier.stored).encode()),
        *((path, content) for path, _, content in models),
        *((each.path, each.content) for each in (*dossier.documents, *dossier.attachments)),
        *blocks(dossier.checkpoints),
    ]
    if dossier.public_keys:
        files.append((f"checkpoint/{PUBLIC_KEYS}", "".join(f"{key}\n" for key in dossier.public_keys).encode()))
    return zip_files(files)


def _models(dossier: Dossier) -> list[tuple[str, tuple[str, str], bytes]]:
    """The files of the SOP with their places; those of a version that the case left behind in folders of their own."""
    found = []
    for version, (digest, files) in enumerate(dossier.models.items(), 1):
        within = f"/{version}" if version > 1 else ""
        for name, content in sorted(files.items()):
            folder = FOLDERS.get(Path(name).suffix, "model")
            found.append((f"{folder}{within}/{name}", (digest, name), content))
    return found


def _facts(dossier: Dossier, places: dict[str, tuple[str, str]]) -> bytes:
    """What a reader needs to find their way: nothing here is believed that the history does not say."""
    definitions: dict[str, dict[str, str]] = {digest: {} for digest in dossier.models}
    for path, (digest, name) in places.items():
        definitions[digest][name] = path
    instance = dossier.instance
    facts = {
        "format": "alur-dossier-1",
        "case": instance.id,
        "title": instance.title,
        "sop": instance.process_definition_name,
        "status": instance.status,
        "entries": len(dossier.stored),
        "head": dossier.stored[-1].hash if dossier.stored else None,
        "definitions": definitions,
        "documents": {each.id: each.path for each in dossier.documents},
        "attachments": {each.id: each.path for each in dossier.attachments},
    }
    return (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode()
