"""What the checkpoints say, once they were found to be one unbroken, signed chain."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.checkpoints.checkpoint import NONE, Checkpoint, Malformed
from engine.checkpoints.key import key_id, signed_by
from engine.errors import N_, Unacceptable
from engine.proof.finding import CHECKPOINTS, Finding, finding
from engine.proof.source import Source

KEY_MISSING = N_(
    "The key that signs checkpoints is not here; nothing new is sealed. Put its file back, or: %(alur)s audit new-key"
)


@dataclass(frozen=True, slots=True)
class Point:
    """That a chain had come to this entry when the checkpoint was made."""

    number: int
    at: str
    seq: int
    hash: str


@dataclass(slots=True)
class Sealed:
    """`signatures` counts the good ones; `anchors` are the checkpoints that the auditor kept themself.

    `key_missing` as in `Source`; `public` are the keys that count.
    """

    count: int = 0
    signatures: int = 0
    first: Checkpoint | None = None
    last: Checkpoint | None = None
    keys: list[str] = field(default_factory=list)
    anchors: list[Checkpoint] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    cases: dict[str, list[Point]] = field(default_factory=dict)
    acts: list[Point] = field(default_factory=list)
    key_missing: bool = False
    public: dict[str, str] = field(default_factory=dict)

    def add(self, checkpoint: Checkpoint) -> None:
        """Remember what a checkpoint seals."""
        for case, seq, head in checkpoint.cases:
            self.cases.setdefault(case, []).append(Point(checkpoint.number, checkpoint.at, seq, head))
        if checkpoint.acts[0]:
            self.acts.append(Point(checkpoint.number, checkpoint.at, *checkpoint.acts))

    def wrong(self, number: int, reason: str, expected: object = "", found: object = "") -> None:
        """Note what is wrong with a checkpoint."""
        self.findings.append(finding(CHECKPOINTS, number, reason, expected, found))


def beyond(points: Iterable[Point], there: Mapping[int, str]) -> tuple[int, set[int]]:
    """How many entries come after the last that is there as a checkpoint sealed it, and the numbers of both ends."""
    last = max((point.seq for point in points if there.get(point.seq) == point.hash), default=0)
    newest = max(there, default=last)
    return newest - last, {last + 1, newest} if newest > last else set()


def read_sealed(
    source: Source, anchors: Iterable[str] = (), trusted: Sequence[str] = (), *, starting_at: int = 1
) -> Sealed:
    """Check the chain, the signatures and the auditor's own checkpoints; raises `Unacceptable` for a bad anchor.

    With `trusted` keys, kept elsewhere, no other key counts; without, those beside the checkpoints do.
    """
    known = {key_id(key): key for key in trusted or source.keys if _is_key(key)}
    sealed = Sealed(key_missing=source.key_missing, public=known)
    texts, previous = dict(source.texts), NONE if starting_at == 1 else ""
    for number in range(starting_at, max(texts, default=0) + 1):
        if number not in texts:
            sealed.wrong(number, N_("the checkpoint is missing"))
            previous = ""
            continue
        previous = _read(sealed, number, texts[number], previous, known)
    newest = max(texts, default=0)
    if source.known > newest:
        sealed.wrong(newest + 1, N_("the newest checkpoints are missing from the folder"), source.known, newest)
    for text in anchors:
        _anchor(sealed, text, texts, known)
    return sealed


def kept_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that an auditor kept; raises `Unacceptable` for a file that is none."""
    found = readable(text)
    if found is None:
        raise Unacceptable(reason=N_("the file that you kept is no checkpoint"))
    return found


def readable(text: str) -> Checkpoint | None:
    """The checkpoint of a file's text; None for a text that is none."""
    try:
        return Checkpoint.read(text)
    except Malformed:
        return None


def _read(sealed: Sealed, number: int, text: str, previous: str, known: dict[str, str]) -> str:
    """Check one checkpoint; the hash that the next must name, "" when that cannot be known."""
    checkpoint = readable(text)
    if checkpoint is None:
        sealed.wrong(number, N_("the file is no checkpoint"))
        return ""
    if checkpoint.number != number:
        sealed.wrong(number, N_("the checkpoint has another number than its file"), number, checkpoint.number)
    if previous and checkpoint.previous != previous:
        sealed.wrong(number, N_("the checkpoint does not follow the one before"), previous, checkpoint.previous)
    if sealed.last is not None and checkpoint.at < sealed.last.at:
        sealed.wrong(number, N_("the checkpoint is older than the one before"), sealed.last.at, checkpoint.at)
    if _signature(sealed, checkpoint, known):
        sealed.signatures += 1
    sealed.count += 1
    sealed.first, sealed.last = sealed.first or checkpoint, checkpoint
    if checkpoint.key not in sealed.keys:
        sealed.keys.append(checkpoint.key)
    sealed.add(checkpoint)
    return checkpoint.sha256


def _signature(sealed: Sealed, checkpoint: Checkpoint, known: dict[str, str]) -> bool:
    if checkpoint.key not in known:
        keys = ", ".join(known) or "-"
        sealed.wrong(checkpoint.number, N_("the checkpoint is signed with an unknown key"), keys, checkpoint.key)
        return False
    if not signed_by(known[checkpoint.key], checkpoint.signed, checkpoint.signature):
        sealed.wrong(checkpoint.number, N_("the signature of the checkpoint is wrong"))
        return False
    return True


def _anchor(sealed: Sealed, text: str, texts: dict[int, str], known: dict[str, str]) -> None:
    anchor = kept_checkpoint(text)
    sealed.anchors.append(anchor)
    if anchor.number not in texts:
        sealed.wrong(anchor.number, N_("the checkpoint that you kept is missing"), anchor.sha256)
    elif texts[anchor.number] != text:
        there = readable(texts[anchor.number])
        found = there.sha256 if there else "-"
        sealed.wrong(anchor.number, N_("the checkpoint is another one than you kept"), anchor.sha256, found)
    if texts.get(anchor.number) != text:
        _signature(sealed, anchor, known)
        sealed.add(anchor)


def _is_key(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == 32  # noqa: PLR2004 - an Ed25519 public key
    except ValueError:
        return False
