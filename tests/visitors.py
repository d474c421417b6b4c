"""Somebody in front of the pages, without any script: reads a page, fills in its form, presses its buttons."""

import io
import re
from typing import Any

from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

from engine import credentials
from engine.site import Site


class Visitor:
    """A browser in which one person is signed in; `page` is what it shows."""

    def __init__(self, app: Flask, site: Site, name: str, language: str = "id") -> None:
        self.client = app.test_client()
        self.language = language
        with site.database.write() as connection:
            link = credentials.create_link(connection, name, site.clock())
        self.open(f"/masuk/{link}")
        self.press("Masuk sekarang" if language == "id" else "Sign in now")

    def open(self, path: str) -> "Visitor":
        """Go to an address, and on to where it leads."""
        return self._show(self.client.get(path, headers=self._headers, follow_redirects=True))

    def press(self, button: str, *, instead: str = "", **answers: Any) -> "Visitor":
        """Press the button of that text, or that "name=value", with what its form holds and `answers` besides.

        An answer is a text, a list of texts, or (file name, content); names are written with `__` for a dot.
        """
        found = [
            b for b in self.page.iter("button") if button == f"{b.get('name')}={b.get('value')}" or _starts(b, button)
        ]
        assert found, f"no button {button!r} on {self.path}: {self.text[:2000]}"
        elsewhere = found[0].get("form")
        form = self.page.get_element_by_id(elsewhere) if elsewhere else next(found[0].iterancestors("form"))
        fields: dict[str, list[Any]] = {}
        for name, value in form.form_values():
            fields.setdefault(name, []).append(value)
        for name, value in answers.items():
            fields[name.replace("__", ".")] = value if isinstance(value, list) else [value]
        if found[0].get("name"):
            fields[found[0].get("name")] = [found[0].get("value")]
        sent = {name: [_part(value) for value in values] for name, values in fields.items()}
        address = instead or form.get("action") or self.path
        headers = {**self._headers, "Referer": f"http://localhost{self.path}"}
        return self._show(self.client.post(address, data=sent, headers=headers, follow_redirects=True))

    def tick(self) -> "Visitor":
        """Tick everything that the step needs, as somebody who has it all in front of them."""
        for box in self.page.xpath('//input[@name="_kelengkapan"]'):
            box.checked = True
        return self

    @property
    def text(self) -> str:
        """What there is to read, white space folded."""
        return " ".join(self.page.find(".//main").text_content().split())

    def link(self, text: str) -> str:
        """The address of the first link whose text begins so."""
        return next(a.get("href") for a in self.page.iter("a") if _starts(a, text))

    def value(self, name: str) -> str:
        """What the field of that name shows."""
        field = self.page.xpath(f'//*[@name="{name}"]')[0]
        return str(field.value or "")

    @property
    def _headers(self) -> dict[str, str]:
        return {"Accept-Language": self.language}

    def _show(self, response: TestResponse) -> "Visitor":
        self.response, self.status = response, response.status_code
        response.request.input_stream.close()  # a large upload leaves a temporary file
        self.path = re.sub(r"^https?://[^/]+", "", response.request.url).partition("#")[0]
        if response.mimetype == "text/html" and response.data:
            self.page = html.document_fromstring(response.text)
        return self


def _part(value: Any) -> Any:
    return (io.BytesIO(value[1]), value[0]) if isinstance(value, tuple) else value


def _starts(element: html.HtmlElement, text: str) -> bool:
    return " ".join(element.text_content().split()).startswith(text)
