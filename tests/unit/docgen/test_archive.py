import hashlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.archive import CHECKSUMS, ArchiveInvalid, zip_files

NAMES = st.from_regex(r"[a-z0-9é-]{1,12}\.docx", fullmatch=True)


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=5))
def test_an_archive_gives_back_its_files_in_order_and_is_always_the_same(files: dict[str, bytes]) -> None:
    content = zip_files(list(files.items()))
    assert content == zip_files(list(files.items()))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [CHECKSUMS, *files]
        assert {name: archive.read(name) for name in files} == files
        assert all(info.date_time == (1980, 1, 1, 0, 0, 0) for info in archive.infolist())


def test_the_checksums_are_in_the_format_of_sha256sum() -> None:
    with zipfile.ZipFile(io.BytesIO(zip_files([("01-nota.docx", b"isi")]))) as archive:
        assert archive.read(CHECKSUMS).decode() == f"{hashlib.sha256(b'isi').hexdigest()}  01-nota.docx\n"


@pytest.mark.parametrize("name", ["../x", "/x", "a/../b", "a//b", "", "a\nb", "C:x", "a\\b", CHECKSUMS, "a\0b", "."])
def test_a_name_that_could_leave_the_folder_is_refused(name: str) -> None:
    with pytest.raises(ArchiveInvalid, match="cannot be the name"):
        zip_files([(name, b"")])


def test_two_files_that_windows_would_confuse_are_refused() -> None:
    with pytest.raises(ArchiveInvalid, match="same name"):
        zip_files([("Nota.docx", b"1"), ("nota.docx", b"2")])
