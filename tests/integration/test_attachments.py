"""Uploads before a task takes them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.commands import attachments
from engine.commands.attachments import add_attachment
from engine.errors import TooManyUploads
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


def test_their_size_counts_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_UNBOUND_MEGABYTES", 1)
    big = PNG + bytes(700_000)
    staf = person(site, "staf")
    add_attachment(site, staf, "a.png", big)
    with pytest.raises(TooManyUploads):
        add_attachment(site, staf, "b.png", big)
