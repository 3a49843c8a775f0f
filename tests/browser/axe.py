"""What axe-core says of a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def findings(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and good practice, with the elements."""
    result = Axe().run(page, options={"runOnly": STANDARDS}).response["violations"]
    return [f"{page.url} {rule['id']}: {[node['html'][:120] for node in rule['nodes'][:3]]}" for rule in result]
