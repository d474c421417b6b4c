"""ZIP files written byte by byte the same: fixed order, fixed time, nothing left to the machine."""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from struct import pack

from docgen.errors import N_, ArchiveInvalid, Problem

STORED, DEFLATED = 0, 8
CHECKSUMS = "SHA256SUMS.txt"
# The earliest date that a ZIP can hold: 1 January 1980, 00.00.
_TIME, _DATE = 0, 33
_VERSION, _UTF8 = 20, 0x800


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a ZIP, as it lies there: `data` is already compressed when `method` says so."""

    name: str
    method: int
    crc: int
    size: int
    data: bytes


def stored(name: str, content: bytes) -> Member:
    """A member that is not compressed: deflate differs between builds of zlib, a copy does not."""
    return Member(name, STORED, zlib.crc32(content), len(content), content)


def write_zip(members: Iterable[Member]) -> bytes:
    """The ZIP of these members, in this order."""
    body, directory, offset, count = [], [], 0, 0
    for member in members:
        name = member.name.encode()
        flags = 0 if member.name.isascii() else _UTF8
        shared = pack(
            "<HHHHHLLLHH", _VERSION, flags, member.method, _TIME, _DATE,
            member.crc, len(member.data), member.size, len(name), 0,
        )  # fmt: skip
        body += [b"PK\3\4", shared, name, member.data]
        directory.append(b"PK\1\2" + pack("<H", _VERSION) + shared + pack("<HHHLL", 0, 0, 0, 0, offset) + name)
        offset += 4 + len(shared) + len(name) + len(member.data)
        count += 1
    size = sum(map(len, directory))
    end = b"PK\5\6" + pack("<HHHHLLH", 0, 0, count, count, size, offset, 0)
    return b"".join([*body, *directory, end])


def zip_files(files: Sequence[tuple[str, bytes]]) -> bytes:
    """An archive of these files with their checksums, in the format that `sha256sum -c` reads."""
    names = [name for name, _ in files]
    for name in names:
        if not _is_plain(name) or name == CHECKSUMS:
            raise ArchiveInvalid(Problem(N_("“%(name)s” cannot be the name of a file in the archive."), {"name": name}))
    if len({name.casefold() for name in names}) < len(names):
        raise ArchiveInvalid(Problem(N_("Two files of the archive have the same name.")))
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files)
    return write_zip([stored(CHECKSUMS, sums.encode()), *(stored(name, content) for name, content in files)])


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    inside = bool(path.parts) and str(path) == name and not path.is_absolute() and ".." not in path.parts
    return inside and name.isprintable() and not set(name) & set('\\:*?"<>|')
