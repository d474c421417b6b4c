"""Filling in a form the way a person does: field by field, in the order of the page, adding the rows it needs."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

from forms.kinds import below, kind, properties
from forms.schema import Form

FILE = {
    "name": "pindaian.png",
    "mimeType": "image/png",
    "buffer": bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d4944415478da63506838f01f0004840260551e8cdd0000000049454e44ae426082"
    ),
}


def fill(page: Page, form: Form, data: Mapping[str, Any]) -> None:
    """Type `data` into the form on the page, and tick what the step needs; uploads take a small picture."""
    _object(page, form.schema, form.ui, data, "")
    tick(page)


def tick(page: Page) -> None:
    """Tick everything that the step needs."""
    for box in page.locator('[name="_kelengkapan"]').all():
        box.check()


def _object(page: Page, schema: Mapping[str, Any], ui: Mapping[str, Any], data: Mapping[str, Any], name: str) -> None:
    for key, part, part_ui in properties(schema, ui):
        if key in data:
            _field(page, part, part_ui, data[key], f"{name}.{key}" if name else key)


def _field(page: Page, schema: Mapping[str, Any], ui: Mapping[str, Any], value: Any, name: str) -> None:
    named = f'[name="{name}"]'
    match kind(schema, ui):
        case "group":
            _object(page, schema, ui, value, name)
        case "rows":
            _rows(page, schema, below(ui, "items"), value, name)
        case "choices":
            for item in value:
                page.locator(f'{named}[value="{item}"]').check()
        case "choice" | "yes_no":
            _choose(page, named, {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value)
        case "checkbox":
            page.locator(f'{named}[type="checkbox"]').set_checked(value)
        case "file" | "files":
            if not page.locator(f'{named}[type="hidden"]').count():
                page.locator(f'{named}[type="file"]:not([capture])').set_input_files([FILE])
        case _:
            page.locator(named).fill(str(value))


def _choose(page: Page, named: str, value: str) -> None:
    radio = page.locator(f'{named}[type="radio"][value="{value}"]')
    if radio.count():
        radio.check()
    else:
        page.locator(f"select{named}").select_option(value)


def _rows(page: Page, schema: Mapping[str, Any], ui: Mapping[str, Any], rows: list[Any], name: str) -> None:
    numbers = page.locator(f'[name="{name}"][type="hidden"]:not(template *)')
    while numbers.count() < len(rows):
        there = numbers.count()
        page.locator(f'[name="_add"][value="{name}"]').click()
        numbers.nth(there).wait_for(state="attached")
    for number, row in zip(numbers.evaluate_all("found => found.map(each => each.value)"), rows, strict=False):
        _field(page, schema["items"], ui, row, f"{name}.{number}")
