"""A dossier stands alone: its own program lets an honest one pass and finds every forged one, with Python alone."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update

from docgen.archive import CHECKSUMS, zip_files
from engine.canonical import canonical
from engine.checkpoints import Folder, create_key
from engine.history import GENESIS, digest
from engine.models import contents, definitions
from engine.queries.acts import find_acts
from engine.site import Site
from tests.cast import CHANNEL, OPERATOR
from tests.conftest import Prepared, copied
from tests.walking import look, start, walk
from web.cli import alur
from web.dossier import compose

PERIKSA = Path(__file__).parents[2] / "engine" / "dossier" / "periksa.py"
Files = dict[str, bytes]


@dataclass(frozen=True)
class Office:
    """An installation with one case in its archive, its key, and the ZIP that an auditor took along."""

    site: Site
    case: str
    key: Ed25519PrivateKey
    dossier: bytes


def key_id(key: Ed25519PrivateKey) -> str:
    return hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()[:16]


def checkpoint(key: Ed25519PrivateKey, number: int, previous: str, cases: list[list[object]]) -> str:
    body = canonical(
        {
            "acts": [1, GENESIS],
            "at": f"2999-01-0{number}T00:00:00.000000Z",
            "cases": cases,
            "format": "alur-checkpoint-1",
            "key": key_id(key),
            "number": number,
            "previous": previous,
        }
    )
    return f"{body}\n{key.sign(body.encode()).hex()}\n"


def chain(key: Ed25519PrivateKey, *cases: list[list[object]]) -> list[str]:
    found, previous = [], GENESIS
    for number, each in enumerate(cases, 1):
        found.append(checkpoint(key, number, previous, each))
        previous = digest(found[-1])
    return found


@pytest.fixture(scope="module")
def office(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with copied(prepared, tmp_path_factory.mktemp("office") / "var") as site:
        case = start(site)
        middle = look(site, case).instance
        walk(site, case)
        end, key = look(site, case).instance, Ed25519PrivateKey.generate()
        folder = Folder.of(site.settings).path
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "public-key.txt").write_text(f"{key.public_key().public_bytes_raw().hex()}\n")
        other = "01k00000000000000000000000"
        signed = chain(
            key,
            [[other, 3, GENESIS]],
            [[case, middle.seq, middle.head]],
            [[case, end.seq, end.head]],
            [[other, 4, GENESIS]],
        )
        for number, text in enumerate(signed, 1):
            (folder / f"{number:08d}.txt").write_bytes(text.encode())
        yield Office(site, case, key, compose(site, OPERATOR, CHANNEL, case, "id"))


def files_of(dossier: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(dossier)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files, sums: bool = True) -> bytes:
    """The dossier as a forger packs it: with the checksums made anew, or left as they were."""
    if sums:
        return zip_files([(name, content) for name, content in files.items() if name != CHECKSUMS])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


@dataclass(frozen=True)
class Answer:
    code: int
    text: str


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., Answer]:
    """Run the program as a stranger would, with Python alone."""

    def run(dossier: bytes, *options: str) -> Answer:
        path = tmp_path / "dosir.zip"
        path.write_bytes(dossier)
        command = [sys.executable, "-I", "-X", "utf8", str(PERIKSA), str(path), *options]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, cwd=tmp_path)
        assert not done.stderr, done.stderr
        return Answer(done.returncode, done.stdout)

    return run


def edited(office: Office, edit: Callable[[Files], None], sums: bool = True) -> bytes:
    files = files_of(office.dossier)
    edit(files)
    return packed(files, sums)


def history(files: Files) -> list[str]:
    return files["riwayat.jsonl"].decode().split("\n")[:-1]


def write_history(files: Files, lines: list[str]) -> None:
    files["riwayat.jsonl"] = "".join(f"{line}\n" for line in lines).encode()


def change_value(files: Files) -> None:
    lines = history(files)
    lines[2] = lines[2].replace('"data":{', '"data":{"disisipkan":"ya",', 1)
    write_history(files, lines)


def change_last(files: Files) -> None:
    lines = history(files)
    write_history(files, [*lines[:-1], lines[-1].replace('"data":{', '"data":{"disisipkan":"ya",', 1)])


def delete_tail(files: Files) -> None:
    write_history(files, history(files)[:-1])


def delete_middle(files: Files) -> None:
    lines = history(files)
    write_history(files, lines[:4] + lines[5:])


def a_document(files: Files) -> str:
    return next(name for name in files if name.startswith("dokumen/") and "nota_dinas" in name)


def swap_document(files: Files) -> None:
    files[a_document(files)] += b"\0"


def change_model(files: Files) -> None:
    name = next(name for name in files if name.startswith("model/"))
    files[name] = files[name].replace(b"Kasubag", b"Kasubeg", 1)


def change_template(files: Files) -> None:
    name = next(name for name in files if name.startswith("templat/"))
    files[name] += b"\0"


def drop_attachment(files: Files) -> None:
    uploads = [name for name in files if name.startswith("lampiran/")]
    for name in uploads:
        del files[name]


def add_document(files: Files) -> None:
    files["dokumen/99-susulan.docx"] = b"PK susulan"


def drop_checkpoint(files: Files) -> None:
    name = next(name for name in files if name.startswith("checkpoint/0"))
    lines = files[name].split(b"\n")
    files[name] = b"\n".join(lines[:2] + lines[4:])


def forge_signature(files: Files) -> None:
    name = next(name for name in files if name.startswith("checkpoint/0"))
    first, signature, rest = files[name].split(b"\n", 2)
    files[name] = b"\n".join([first, signature[::-1], rest])


def rewritten(office: Office, key: Ed25519PrivateKey) -> bytes:
    """Everything made anew, with another person in it and a key of the forger's own."""
    files = files_of(office.dossier)
    head, lines = GENESIS, []
    for line in history(files):
        entry = json.loads(line)
        entry["actor_card"]["full_name"], entry["prev_hash"] = "Orang Lain", head
        lines.append(canonical(entry))
        head = digest(lines[-1])
    write_history(files, lines)
    files["checkpoint/00000001-00000001.txt"] = checkpoint(key, 1, GENESIS, [[office.case, len(lines), head]]).encode()
    del files["checkpoint/00000002-00000004.txt"]
    files["checkpoint/public-key.txt"] = f"{key.public_key().public_bytes_raw().hex()}\n".encode()
    return packed(files)


def test_an_honest_dossier_is_intact(office: Office, ask: Callable[..., Answer]) -> None:
    answer = ask(office.dossier, "--key", key_id(office.key))
    assert answer.code == 0
    assert "KESIMPULAN: UTUH" in answer.text and "VERDICT: INTACT" in answer.text


def test_without_anything_from_elsewhere_it_is_not_called_genuine(office: Office, ask: Callable[..., Answer]) -> None:
    answer = ask(office.dossier)
    assert answer.code == 2
    assert "BELUM TERBUKTI ASLI" in answer.text and key_id(office.key) in answer.text


def test_what_an_auditor_kept_proves_it_as_well(office: Office, ask: Callable[..., Answer], tmp_path: Path) -> None:
    kept = Folder.of(office.site.settings).path / "00000003.txt"
    assert ask(office.dossier, "--anchor", str(kept)).code == 0
    head = look(office.site, office.case).instance.head
    assert ask(office.dossier, "--receipt", f"{head[:4]} {head[4:8]} {head[8:12]}".upper()).code == 0
    public = Folder.of(office.site.settings).path / "public-key.txt"
    assert ask(office.dossier, "--key", str(public)).code == 0
    early = json.loads(history(files_of(office.dossier))[4])["prev_hash"]
    assert ask(office.dossier, "--receipt", early).code == 2


@pytest.mark.parametrize(
    ("forgery", "where"),
    [
        (change_value, "Entri 3 diubah"),
        (change_last, "bukan yang ditandatangani dalam checkpoint 3"),
        (delete_tail, "ujungnya dihapus"),
        (delete_middle, "Entri 5 hilang atau tertukar"),
        (swap_document, "tidak dikenal riwayat"),
        (change_model, "Bagan, formulir, atau templat"),
        (change_template, "Bagan, formulir, atau templat"),
        (drop_attachment, "Lampiran"),
        (add_document, "dokumen/99-susulan.docx"),
        (drop_checkpoint, "Rantai checkpoint putus"),
        (forge_signature, "Tanda tangan checkpoint"),
    ],
)
def test_a_forged_dossier_is_found_and_the_place_is_named(
    office: Office, ask: Callable[..., Answer], forgery: Callable[[Files], None], where: str
) -> None:
    answer = ask(edited(office, forgery), "--key", key_id(office.key))
    assert answer.code == 1
    assert where in answer.text and "TELAH DIUBAH" in answer.text
    assert ask(edited(office, forgery)).code == 1, "without the key, too"


def test_a_file_that_differs_from_the_checksums_is_named(office: Office, ask: Callable[..., Answer]) -> None:
    for forgery, name in ((swap_document, "nota_dinas"), (change_value, "riwayat.jsonl"), (change_model, "model/")):
        answer = ask(edited(office, forgery, sums=False), "--key", key_id(office.key))
        assert answer.code == 1 and name in answer.text


def test_a_dossier_written_anew_with_another_key_is_found_by_what_one_has_from_elsewhere(
    office: Office, ask: Callable[..., Answer]
) -> None:
    forged = rewritten(office, Ed25519PrivateKey.generate())
    assert ask(forged).code == 2
    assert "kunci lain" in ask(forged, "--key", key_id(office.key)).text
    head = look(office.site, office.case).instance.head
    kept = Folder.of(office.site.settings).path / "00000003.txt"
    for options in (("--key", key_id(office.key)), ("--anchor", str(kept)), ("--receipt", head)):
        assert ask(forged, *options).code == 1


def test_an_older_state_passed_off_as_the_newest_is_found_by_a_checkpoint_one_kept(
    office: Office, ask: Callable[..., Answer]
) -> None:
    files = files_of(office.dossier)
    write_history(files, history(files)[:1])
    drop = files.pop("checkpoint/00000002-00000004.txt").split(b"\n")
    files["checkpoint/00000002-00000002.txt"] = b"\n".join([*drop[:2], b""])
    kept = Folder.of(office.site.settings).path / "00000003.txt"
    answer = ask(packed(files), "--anchor", str(kept))
    assert answer.code == 1 and "ujungnya dihapus" in answer.text


def test_a_key_that_was_replaced_still_vouches_for_what_it_signed(office: Office, ask: Callable[..., Answer]) -> None:
    files, key = files_of(office.dossier), Ed25519PrivateKey.generate()
    name = "checkpoint/00000002-00000004.txt"
    kept = files[name].split(b"\n")[:4]
    previous = digest("".join(f"{line.decode()}\n" for line in kept[2:]))
    files[name] = b"".join(line + b"\n" for line in kept) + checkpoint(key, 4, previous, []).encode()
    files["checkpoint/public-key.txt"] += f"{key.public_key().public_bytes_raw().hex()}\n".encode()
    for trusted in (office.key, key):
        assert ask(packed(files), "--key", key_id(trusted)).code == 0


def test_a_file_that_somebody_left_beside_it_is_named_and_proves_nothing(
    office: Office, ask: Callable[..., Answer]
) -> None:
    files = files_of(office.dossier) | {"catatan-saya.txt": b"milik pemeriksa"}
    answer = ask(packed(files, sums=False), "--key", key_id(office.key))
    assert answer.code == 0 and "catatan-saya.txt bukan bagian dosir" in answer.text


def test_what_is_no_dossier_cannot_be_read(ask: Callable[..., Answer], tmp_path: Path) -> None:
    (tmp_path / "bukan.zip").write_bytes(b"bukan zip")
    command = [sys.executable, "-I", str(PERIKSA), str(tmp_path / "bukan.zip")]
    assert subprocess.run(command, capture_output=True, timeout=60).returncode == 2


def test_the_same_case_gives_the_same_bytes_and_taking_it_is_an_act(office: Office) -> None:
    assert compose(office.site, OPERATOR, CHANNEL, office.case, "id") == office.dossier
    taken = find_acts(office.site, OPERATOR, kind="exported")
    assert taken[-1]["subject"] == f"dossier/{office.case}"


def test_a_dossier_is_sealed_up_to_its_last_entry(site: Site, ask: Callable[..., Answer]) -> None:
    key = create_key(site.settings)
    case = start(site)
    taken = compose(site, OPERATOR, CHANNEL, case, "id")
    assert ask(taken, "--key", key).code == 0
    walk(site, case, until="tindak_lanjut_alokasi")
    assert ask(compose(site, OPERATOR, CHANNEL, case, "id"), "--key", key).code == 0


@pytest.mark.parametrize("content", [b"bukan XML", b"<definitions/>"])
def test_a_case_whose_model_was_destroyed_still_gives_a_dossier_which_says_so(
    site: Site, ask: Callable[..., Answer], content: bytes
) -> None:
    case = start(site)
    with site.database.write() as connection:
        files = json.loads(connection.execute(select(definitions.c.files)).scalar_one())
        model = next(sha256 for name, sha256 in files.items() if name.endswith(".bpmn"))
        connection.execute(update(contents).where(contents.c.sha256 == model).values(bytes=content))
    taken = compose(site, OPERATOR, CHANNEL, case, "id")
    assert "Bagan, formulir, atau templat bukan" in ask(taken).text
    assert "Bagan tidak dapat digambar" in files_of(taken)["putar-ulang.html"].decode()


def test_the_history_lies_in_it_byte_for_byte(office: Office) -> None:
    files = files_of(office.dossier)
    lines = history(files)
    assert [digest(line) for line in lines][:-1] == [json.loads(line)["prev_hash"] for line in lines][1:]
    assert digest(lines[-1]) == look(office.site, office.case).instance.head
    documents = [item for line in lines for item in json.loads(line)["documents"]]
    held = {hashlib.sha256(content).hexdigest() for name, content in files.items() if name.startswith("dokumen/")}
    assert {item["sha256"] for item in documents} == held


def test_the_command_writes_it(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALUR_VAR", str(office.site.settings.var))
    monkeypatch.setenv("ALUR_DATABASE_URL", office.site.settings.database_url)
    done = CliRunner().invoke(alur, ["export", "dossier", office.case, "--out", str(tmp_path / "d.zip")])
    assert (done.exit_code, done.output.strip()) == (0, str(tmp_path / "d.zip"))
    assert files_of((tmp_path / "d.zip").read_bytes()).keys() == files_of(office.dossier).keys()
