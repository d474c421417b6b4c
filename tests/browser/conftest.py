"""A real browser in front of a real server. It fails on any console error and on any request to another host."""

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from werkzeug.serving import make_server

from engine import credentials
from engine.site import Site

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(browser: Browser, site: Site, address: str) -> Iterator[Open]:
    """`visit("staf", "/")` is a page of that person's own browser (nobody's: ""); `script=False` turns scripts off."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def console(message: ConsoleMessage) -> None:
        # A refusal (409, 422) that a test asks for is logged by the browser as a resource that failed.
        if message.type == "error" and "Failed to load resource" not in message.text:
            troubles.append(message.text)

    def open_page(name: str, path: str = "/", *, script: bool = True, size: dict[str, int] = DESK) -> Page:
        context = browser.new_context(
            base_url=address, viewport=size, locale="id-ID", java_script_enabled=script, accept_downloads=True
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", console)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: request.url.startswith(address) or troubles.append(request.url))
        if name:
            with site.database.write() as connection:
                link = credentials.create_link(connection, name, site.clock())
            page.goto(f"/masuk/{link}")
            page.get_by_role("button", name="Masuk sekarang").click()
        if path != "/":
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles
