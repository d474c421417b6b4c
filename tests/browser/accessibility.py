"""axe-core in the page: WCAG 2.2 A and AA, and its best practices."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe-core finds; it comes in through the debugger, which our content security policy does not bind."""
    page.evaluate(AXE)
    found: Any = page.evaluate("tags => axe.run(document, { runOnly: tags })", STANDARDS)
    return [
        f"{page.url}: {rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"][:3]
    ]
