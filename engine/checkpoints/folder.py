"""The folder of checkpoints: `00000001.txt` and on, and the public keys that signed them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Self

from engine.checkpoints.checkpoint import Checkpoint
from engine.settings import Settings

PUBLIC_KEYS = "public-key.txt"


@dataclass(frozen=True, slots=True)
class Folder:
    """Checkpoints are only ever added to it."""

    path: Path

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The folder of an installation."""
        return cls(settings.checkpoints or settings.var / "checkpoints")

    def numbers(self) -> list[int]:
        """The numbers of the checkpoints that are there, in order."""
        if not self.path.is_dir():
            return []
        names = (file.stem for file in self.path.glob("*.txt"))
        return sorted(int(name) for name in names if name.isascii() and name.isdigit() and len(name) >= 8)

    def text(self, number: int) -> str:
        """The text of one checkpoint; whatever is there, it is not judged here."""
        return self._file(number).read_bytes().decode(errors="replace")

    def texts(self) -> Iterator[tuple[int, str]]:
        """All checkpoints, oldest first."""
        for number in self.numbers():
            yield number, self.text(number)

    def last(self, known: int = 0) -> Checkpoint | None:
        """The newest checkpoint; the folder is only searched when it is not the `known` one. Raises `Malformed`."""
        if known and self._file(known).is_file() and not self._file(known + 1).is_file():
            return Checkpoint.read(self.text(known))
        numbers = self.numbers()
        return Checkpoint.read(self.text(numbers[-1])) if numbers else None

    def add(self, checkpoint: Checkpoint) -> None:
        """Put a checkpoint on disk, whole or not at all; raises `FileExistsError` rather than replace one."""
        self._write(self.path / checkpoint.filename, checkpoint.text, replacing=False)

    def public_keys(self) -> list[str]:
        """The keys that sign or signed, oldest first."""
        file = self.path / PUBLIC_KEYS
        return file.read_text("ascii", errors="replace").split() if file.is_file() else []

    def add_public_key(self, public: str) -> None:
        """Note another key, after those that were used before."""
        keys = self.public_keys()
        if public not in keys:
            self._write(self.path / PUBLIC_KEYS, "".join(f"{key}\n" for key in [*keys, public]), replacing=True)

    def _file(self, number: int) -> Path:
        return self.path / f"{number:08d}.txt"

    def _write(self, file: Path, text: str, *, replacing: bool) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("wb", dir=self.path, prefix=".new-", delete=False) as target:
            target.write(text.encode())
            target.flush()
            os.fsync(target.fileno())
        written = Path(target.name)
        try:
            if not replacing and file.exists():
                raise FileExistsError(file)
            written.chmod(0o644)
            written.replace(file)
        finally:
            written.unlink(missing_ok=True)
        _settle(self.path)


def _settle(folder: Path) -> None:
    """The name must be on disk too; Windows does that by itself and has no way to ask."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
