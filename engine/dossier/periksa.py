#!/usr/bin/env python3
"""Memeriksa dosir sebuah berkas Alur. / Checks the dossier of an Alur case.

    python3 periksa.py                       dosir di folder ini / the dossier in this folder
    python3 periksa.py DOSIR.zip             sebuah dosir, ZIP atau folder / a dossier, ZIP or folder
    … --key KUNCI                            kunci publik kantor atau sidik jarinya / public key or its fingerprint
    … --anchor BERKAS.txt                    checkpoint yang Anda simpan sendiri / a checkpoint that you kept yourself
    … --receipt KODE                         tanda terima atau kode singkat di kertas / a receipt, or the code on paper

Jawaban / answer: 0 utuh / intact, 1 diubah / tampered with, 2 belum lengkap terbukti / not proved completely.
Hanya memakai pustaka baku Python 3.8+; tidak memakai jaringan. / Python's own library only; no network.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Point = tuple[int, int, int, int]

CHECKSUMS, HISTORY, FACTS, KEYS = "SHA256SUMS.txt", "riwayat.jsonl", "berkas.json", "checkpoint/public-key.txt"
GENESIS = "0" * 64


class Report:
    """What was found, each sentence in Indonesian and in English."""

    def __init__(self) -> None:
        self.wrong: list[tuple[str, ...]] = []
        self.missing: list[tuple[str, ...]] = []
        self.right: list[tuple[str, ...]] = []
        self.notes: list[tuple[str, ...]] = []

    def bad(self, *sentence: str) -> None:
        """Something that proves a change."""
        self.wrong.append(sentence)

    def lacks(self, *sentence: str) -> None:
        """Something that is not proved."""
        self.missing.append(sentence)

    def good(self, *sentence: str) -> None:
        """Something that was checked and is right."""
        self.right.append(sentence)

    def note(self, *sentence: str) -> None:
        """Something that proves nothing either way."""
        self.notes.append(sentence)

    def tell(self, code: int) -> None:
        """Print everything, and the verdict."""
        for language, words in enumerate(WORDS):
            print(words["title"])
            told = (("  OK ", self.right), ("  -  ", self.notes), ("  ?  ", self.missing), ("  X  ", self.wrong))
            for sign, sentences in told:
                for sentence in sentences:
                    print(sign + sentence[language])
            print(words["verdict"][code] + "\n")


WORDS = (
    {
        "title": "PEMERIKSAAN DOSIR",
        "verdict": (
            "KESIMPULAN: UTUH. Isi dosir sama dengan yang dicatat dan ditandatangani Alur.",
            "KESIMPULAN: TELAH DIUBAH, ATAU BUKAN DARI KANTOR ITU. Tanda X di atas menunjukkan di mana.",
            "KESIMPULAN: isinya saling cocok, TETAPI BELUM TERBUKTI ASLI. Tanda ? di atas menyebut yang kurang.",
        ),
    },
    {
        "title": "CHECK OF THE DOSSIER",
        "verdict": (
            "VERDICT: INTACT. The dossier holds what Alur recorded and signed.",
            "VERDICT: TAMPERED WITH, OR NOT FROM THAT OFFICE. The lines marked X say where.",
            "VERDICT: its parts agree, BUT IT IS NOT PROVED GENUINE. Lines marked ? say what is missing.",
        ),
    },
)


def main() -> int:
    """Check one dossier and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dossier", nargs="?", default=str(Path(__file__).resolve().parent))
    for option in ("--key", "--anchor", "--receipt"):
        parser.add_argument(option, default="")
    given = parser.parse_args()
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # for old Windows consoles
    try:
        files = read(Path(given.dossier))
        anchor = read_checkpoints(Path(given.anchor).read_bytes()) if given.anchor else []
        key = Path(given.key).read_text(encoding="utf-8") if Path(given.key).is_file() else given.key
        bytes.fromhex(key)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        print("Tidak dapat dibaca / cannot be read:", error, file=sys.stderr)
        return 2
    report = Report()
    code = check(files, report, key, anchor, given.receipt)
    report.tell(code)
    return code


def read(place: Path) -> dict[str, bytes]:
    """The files of a dossier by name, from a ZIP or a folder."""
    if place.is_dir():
        paths = (path for path in place.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {path.relative_to(place).as_posix(): path.read_bytes() for path in paths}
    with zipfile.ZipFile(place) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def check(files: dict[str, bytes], report: Report, key: str, anchor: list[Checkpoint], receipt: str) -> int:
    """Everything, in the order in which a person would ask; the exit code."""
    check_sums(files, report)
    try:
        facts = json.loads(files[FACTS])
        entries = check_chain(files[HISTORY], facts["case"], report)
        check_contents(files, entries, report)
        check_model(files, facts, entries, report)
        proved = check_origin(files, facts["case"], entries, report, key, anchor, receipt)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        report.bad(f"Dosir tidak lengkap atau rusak: {error!r}.", f"The dossier is incomplete or damaged: {error!r}.")
        return 1
    if report.wrong:
        return 1
    return 0 if proved == len(entries) else 2


def check_sums(files: dict[str, bytes], report: Report) -> None:
    """Every file has the checksum that the list gives it; what lies beside them is named."""
    pairs = (line.split("  ", 1) for line in lines(files.get(CHECKSUMS, b"")))
    listed = {name: expected for expected, name in pairs}
    for name, expected in listed.items():
        if name not in files:
            report.bad(f"Berkas {name} tidak ada.", f"The file {name} is missing.")
        elif sha256(files[name]) != expected:
            report.bad(f"Isi berkas {name} berubah.", f"The file {name} was changed.")
    for name in sorted(files.keys() - listed.keys() - {CHECKSUMS}):
        report.note(f"Berkas {name} bukan bagian dosir.", f"The file {name} is no part of the dossier.")
    if not report.wrong:
        report.good(
            f"{len(listed)} berkas sesuai dengan {CHECKSUMS}.", f"{len(listed)} files as {CHECKSUMS} lists them."
        )


def check_chain(history: bytes, case: str, report: Report) -> list[Entry]:
    """The entries, each of which names the hash of the one before."""
    entries: list[Entry] = []
    head, before, wrong = GENESIS, "", len(report.wrong)
    for number, line in enumerate(lines(history), 1):
        entry = json.loads(line)
        if (entry["case"], entry["seq"]) != (case, number):
            report.bad(f"Entri {number} hilang atau tertukar.", f"Entry {number} is missing or displaced.")
        elif entry["prev_hash"] != head:
            report.bad(
                f"Entri {number - 1} diubah: entri {number} menyebut hash lain untuknya.",
                f"Entry {number - 1} was changed: entry {number} names another hash for it.",
            )
        elif entry["at"] <= before:
            report.bad(f"Waktu entri {number} mundur.", f"Entry {number} lies before the one before it.")
        head, before = sha256(line.encode()), entry["at"]
        entries.append(Entry(number, head, entry))
    if not entries or entries[0].data["kind"] != "start":
        report.bad("Awal riwayat tidak ada.", "The history has no beginning.")
    if len(report.wrong) == wrong:
        report.good(
            f"{len(entries)} entri riwayat, masing-masing terikat pada entri sebelumnya.",
            f"{len(entries)} entries of the history, each bound to the one before.",
        )
    return entries


class Entry:
    """One entry of the history: its number, its hash, what it says."""

    def __init__(self, seq: int, digest: str, data: dict[str, Any]) -> None:
        self.seq, self.hash, self.data = seq, digest, data


def check_contents(files: dict[str, bytes], entries: list[Entry], report: Report) -> None:
    """Documents and attachments are those, and only those, whose hashes the history holds."""
    for folder, kind, words in (
        ("dokumen/", "documents", ("dokumen", "document")),
        ("lampiran/", "attachments", ("lampiran", "attachment")),
    ):
        there = {sha256(content): name for name, content in files.items() if name.startswith(folder)}
        named = {item["sha256"]: (entry.seq, item) for entry in entries for item in entry.data[kind]}
        count = sum(len(entry.data[kind]) for entry in entries)
        for digest in named.keys() - there.keys():
            seq, item = named[digest]
            name = item.get("filename", item["id"])
            report.bad(
                f"{words[0].capitalize()} {name} dari entri {seq} tidak ada atau isinya lain.",
                f"The {words[1]} {name} of entry {seq} is missing or is another.",
            )
        for digest in there.keys() - named.keys():
            report.bad(f"{there[digest]} tidak dikenal riwayat.", f"The history knows nothing of {there[digest]}.")
        if named.keys() == there.keys():
            report.good(f"{count} {words[0]} sama dengan yang dicatat riwayat.", f"{count} {words[1]}s as recorded.")


def check_model(files: dict[str, bytes], facts: dict[str, Any], entries: list[Entry], report: Report) -> None:
    """The SOP's diagram, forms and templates are those on which the case ran."""
    for digest in dict.fromkeys(entry.data["definition_digest"] for entry in entries):
        paths = facts["definitions"].get(digest, {})
        sums = {name: sha256(files.get(path, b"")) for name, path in paths.items()}
        which = {"#" + entries[0].data["definition"]["key"]: ""}  # where one file holds several processes
        texts = [
            json.dumps(each, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            for each in (sums, {**sums, **which})
        ]
        if digest not in [sha256(text.encode()) for text in texts]:
            report.bad(
                f"Bagan, formulir, atau templat bukan yang dipakai berkas ini ({digest[:12]}…).",
                f"The diagram, a form or a template is not the one that the case ran on ({digest[:12]}…).",
            )
        else:
            report.good(
                f"{len(sums)} berkas SOP (bagan, formulir, templat) sama dengan yang dipakai berkas ini.",
                f"{len(sums)} files of the SOP (diagram, forms, templates) are those on which the case ran.",
            )


class Checkpoint:
    """A signed list of where cases stood: the line that is signed, its signature, what it says."""

    def __init__(self, line: bytes, signature: bytes) -> None:
        self.line, self.signature, self.data = line, signature, json.loads(line)
        self.hash = sha256(line + b"\n" + signature + b"\n")
        self.number: int = self.data["number"]

    def names(self, case: str) -> list[tuple[int, str]]:
        """The last entry of the case at that time, if it had changed."""
        return [(seq, digest) for name, seq, digest in self.data["cases"] if name == case]


def read_checkpoints(text: bytes) -> list[Checkpoint]:
    """The checkpoints of a file: two lines each."""
    signed_lines = [line.encode() for line in lines(text)]
    if len(signed_lines) % 2:
        raise ValueError("checkpoint")
    return [Checkpoint(*signed_lines[i : i + 2]) for i in range(0, len(signed_lines), 2)]


def check_origin(
    files: dict[str, bytes],
    case: str,
    entries: list[Entry],
    report: Report,
    key: str,
    anchor: list[Checkpoint],
    receipt: str,
) -> int:
    """Signed checkpoints, and what the reader knows from elsewhere; up to which entry the history is proved genuine."""
    keys = {sha256(bytes.fromhex(line))[:16]: line for line in files.get(KEYS, b"").decode().split()}
    names = sorted(name for name in files if name.startswith("checkpoint/") and name != KEYS)
    chain = [checkpoint for name in names for checkpoint in read_checkpoints(files[name])]
    for before, after in zip(chain, chain[1:]):  # noqa: B905 - Python 3.8
        if after.number != before.number + 1 or after.data["previous"] != before.hash:
            report.bad(
                f"Rantai checkpoint putus antara nomor {before.number} dan {after.number}.",
                f"The chain of checkpoints breaks between number {before.number} and {after.number}.",
            )
    last = chain[-1:]
    shown = [checkpoint for checkpoint in chain if checkpoint.names(case) or checkpoint in last]
    covers = {each.number: check_checkpoint(each, case, entries, keys, report) for each in shown}
    covered = max(covers.values(), default=0)
    if covered < len(entries):
        report.lacks(
            f"Entri {covered + 1} sampai {len(entries)} belum tercakup checkpoint.",
            f"No checkpoint covers entries {covered + 1} to {len(entries)} yet.",
        )
    # What a checkpoint signs, it signs of all before it as well: each names the hash of its predecessor.
    trusted = max(check_key(shown, key, report), check_anchor(anchor, chain, case, entries, keys, report))
    proved = max([check_receipt(receipt, entries, report), *(covers[each] for each in covers if each <= trusted)])
    if proved < covered and not (key or anchor):
        ask_for_key(chain, report)
    elif not chain:
        report.lacks("Dosir tidak memuat checkpoint bertanda tangan.", "The dossier holds no signed checkpoint.")
    return proved


def check_checkpoint(
    checkpoint: Checkpoint, case: str, entries: list[Entry], keys: dict[str, str], report: Report
) -> int:
    """Its signature is good and what it says of the case is what the history says; the entry that it covers."""
    number, signer = checkpoint.number, checkpoint.data["key"]
    key = keys.get(signer, "")
    if not key:
        report.bad(
            f"Checkpoint {number} ditandatangani kunci {signer}, yang tidak ada dalam dosir ini.",
            f"Checkpoint {number} is signed with the key {signer}, which is not in this dossier.",
        )
        return 0
    if not signed(bytes.fromhex(key), checkpoint.line, bytes.fromhex(checkpoint.signature.decode())):
        report.bad(f"Tanda tangan checkpoint {number} tidak sah.", f"The signature of checkpoint {number} is not good.")
        return 0
    covered = 0
    for seq, digest in checkpoint.names(case):
        if seq > len(entries):
            report.bad(
                f"Checkpoint {number} mencatat {seq} entri, di sini hanya ada {len(entries)}: ujungnya dihapus.",
                f"Checkpoint {number} knows {seq} entries, here are only {len(entries)}: the end was deleted.",
            )
        elif entries[seq - 1].hash != digest:
            report.bad(
                f"Entri {seq} bukan yang ditandatangani dalam checkpoint {number}.",
                f"Entry {seq} is not the one that checkpoint {number} signed.",
            )
        else:
            covered = seq
            report.good(
                f"Entri {seq} adalah yang ditandatangani checkpoint {number} pada {checkpoint.data['at']}.",
                f"Entry {seq} is the one that checkpoint {number} signed at {checkpoint.data['at']}.",
            )
    return covered


def check_key(shown: list[Checkpoint], expected: str, report: Report) -> int:
    """The number of the last checkpoint that is signed with the key that the reader was given elsewhere."""
    if not expected or not shown:
        return 0
    wanted = {sha256(bytes.fromhex(each))[:16] if len(each) == 64 else each for each in expected.lower().split()}
    found = [checkpoint for checkpoint in shown if checkpoint.data["key"] in wanted]
    signer = (found or shown)[-1].data["key"]
    if not found:
        report.bad(
            f"Dosir ini ditandatangani dengan kunci lain ({signer}), bukan yang Anda berikan. Benarkah ketikannya?",
            f"The dossier is signed with another key ({signer}), not the one that you gave. Was that typed right?",
        )
        return 0
    report.good(f"Kunci {signer} adalah kunci yang Anda berikan.", f"The key {signer} is the one you gave.")
    return found[-1].number


def check_anchor(
    anchor: list[Checkpoint],
    chain: list[Checkpoint],
    case: str,
    entries: list[Entry],
    keys: dict[str, str],
    report: Report,
) -> int:
    """The number of the last checkpoint that the reader's own vouches for, if they tell the same."""
    there = {checkpoint.number: checkpoint for checkpoint in chain}
    wrong = len(report.wrong)
    for own in anchor:
        same = there.get(own.number)
        if same is not None and same.hash != own.hash:
            report.bad(
                f"Checkpoint {own.number} dalam dosir bukan yang Anda simpan.",
                f"Checkpoint {own.number} of the dossier is not the one that you kept.",
            )
        before = there.get(own.number - 1)
        if before is not None and own.data["previous"] != before.hash:
            report.bad(
                f"Checkpoint {own.number - 1} dalam dosir bukan pendahulu yang Anda simpan.",
                f"Checkpoint {own.number - 1} of the dossier does not precede the one that you kept.",
            )
        check_checkpoint(own, case, entries, keys, report)
    if not anchor or len(report.wrong) > wrong:
        return 0
    report.good("Checkpoint simpanan Anda cocok.", "The checkpoint that you kept agrees.")
    signers = {own.data["key"] for own in anchor}
    return max((each.number for each in chain if each.data["key"] in signers), default=0)


def check_receipt(receipt: str, entries: list[Entry], report: Report) -> int:
    """The entry whose hash begins with the receipt, 12 characters of it at least."""
    digits = "".join(receipt.lower().split())
    if not digits:
        return 0
    found = [entry.seq for entry in entries if len(digits) >= 12 and entry.hash.startswith(digits)]
    if found:
        report.good(f"Tanda terima Anda adalah entri {found[0]}.", f"Your receipt is that of entry {found[0]}.")
        return found[0]
    report.bad("Tanda terima Anda tidak ada dalam riwayat ini.", "Your receipt is not in this history.")
    return 0


def ask_for_key(chain: list[Checkpoint], report: Report) -> None:
    """Say what only the reader can find out."""
    signer = chain[-1].data["key"]
    report.lacks(
        f"Tanyakan sidik jari kunci kepada kantor lewat jalan lain, lalu jalankan lagi dengan --key; di sini: {signer}",
        f"Ask the office for its key's fingerprint by another way and run this with --key; here it is: {signer}",
    )


def lines(text: bytes) -> list[str]:
    """The lines of a text, each of which ends with a line feed and nothing else."""
    return text.decode().split("\n")[:-1]


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


# --- Ed25519 (RFC 8032, section 6), verification only -----------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this is the key's signature of the message."""
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or BASE is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, a))
    return not any((left[i] * right[2] - right[i] * left[2]) % P for i in (0, 1))


def x_of(y: int, sign: int) -> int | None:
    """The x that belongs to a y."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def point(encoded: bytes) -> Point | None:
    """A point of the curve from its 32 bytes."""
    number = int.from_bytes(encoded, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def add(p: Point, q: Point) -> Point:
    """The sum of two points."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, p: Point) -> Point:
    """A point added to itself many times."""
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, p)
        p, number = add(p, p), number >> 1
    return result


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))

if __name__ == "__main__":
    sys.exit(main())
