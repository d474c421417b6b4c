"""Uploads before a task takes them."""

import struct
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.commands import attachments
from engine.commands.attachments import add_attachment
from engine.errors import FileRefused, TooManyUploads
from engine.pictures import pixels
from engine.site import Site
from tests.clients import PNG
from tests.walking import person


def test_nobody_fills_the_disk_with_files_that_no_task_takes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_UNBOUND", 2)
    staf, later = person(site, "staf"), site.clock() + timedelta(minutes=61)
    for name in ("a.png", "b.png"):
        add_attachment(site, staf, name, PNG)
    with pytest.raises(TooManyUploads):
        add_attachment(site, staf, "c.png", PNG)
    assert add_attachment(site, person(site, "ppk"), "c.png", PNG)
    assert add_attachment(replace(site, clock=lambda: later), staf, "c.png", PNG)


def png(width: int, height: int) -> bytes:
    return PNG[:16] + struct.pack(">II", width, height) + PNG[24:]


def jpeg(width: int, height: int, *before: bytes, frame: int = 0xC2) -> bytes:
    segments = [b"\xff" + each[:1] + struct.pack(">H", len(each) + 1) + each[1:] for each in before]
    size = struct.pack(">HBHHB", 11, 8, height, width, 1)
    return b"\xff\xd8" + b"".join(segments) + bytes([0xFF, frame]) + size + b"\x01\x11\x00\xff\xd9"


BIG = 60_000
THUMBNAIL = b"\xe1" + jpeg(160, 120)  # as cameras put it before the picture itself


@pytest.mark.parametrize(
    "content",
    [
        png(BIG, BIG),
        png(1, 2**31 - 1),
        jpeg(BIG, BIG),
        jpeg(BIG, BIG, THUMBNAIL),
        jpeg(BIG, BIG, b"\xc4tables", frame=0xC0),
    ],
)
def test_a_picture_that_would_fill_the_memory_of_whoever_opens_it_is_refused(site: Site, content: bytes) -> None:
    with pytest.raises(FileRefused, match="too many pixels"):
        add_attachment(site, person(site, "staf"), "denah.png", content)


@pytest.mark.parametrize(
    "content", [png(16_384, 12_288), jpeg(16_384, 12_288, THUMBNAIL), jpeg(160, 120) + jpeg(BIG, BIG)]
)
def test_what_a_camera_takes_is_kept(site: Site, content: bytes) -> None:
    assert add_attachment(site, person(site, "staf"), "foto.jpg", content)


@given(st.binary(max_size=200))
def test_no_header_stops_the_reader(tail: bytes) -> None:
    assert pixels(b"\xff\xd8" + tail) >= 0
    assert pixels(b"\x89PNG\r\n\x1a\n" + tail) >= 0


def test_their_size_counts_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_UNBOUND_MEGABYTES", 1)
    big = PNG + bytes(700_000)
    staf = person(site, "staf")
    add_attachment(site, staf, "a.png", big)
    with pytest.raises(TooManyUploads):
        add_attachment(site, staf, "b.png", big)
