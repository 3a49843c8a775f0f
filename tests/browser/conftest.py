"""A real Chromium in front of a real server that shows the committed content."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright

from app import create_app
from app.config import Settings
from tests.cast import PASSWORD, Role
from tests.house import make_home
from tests.in_thread import served_in_thread
from tests.shipped import committed_content, present_content

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Chromium from the machine; without one the tests are skipped by name, and in CI that is a failure."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing, and CI must run the browser tests")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Site:
    """A running site: its address, and the application behind it."""

    address: str
    app: Flask

    def index_words(self) -> None:
        """What the worker does, done now."""
        self.app.extensions["index"].index_words()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, peopled: Path) -> Iterator[Site]:
    """A server of its own for the tests of a module, with the committed content and the cast."""
    home = tmp_path_factory.mktemp("browsed")
    if not committed_content(home):
        present_content(home)
    settings = Settings.for_tests(make_home(home))
    shutil.copy(peopled, settings.kept_file)
    app = create_app(settings)
    app.extensions["archive"].make_ready()
    app.extensions["index"].index_words()
    with served_in_thread(app) as port:
        yield Site(f"http://127.0.0.1:{port}", app)
    app.extensions["databases"].close()


@pytest.fixture(scope="module")
def address(site: Site) -> str:
    """Where the browsers go. A module that runs a site of its own says so by a fixture of the same name."""
    return site.address


class Open(Protocol):
    """Opens an address in a browser of its own, signed in as somebody or as nobody."""

    def __call__(
        self, path: str, *, width: int = 1280, dark: bool = False, scripts: bool = True, role: Role | None = None
    ) -> Page: ...


@pytest.fixture
def complaints() -> list[str]:
    """What the browsers' consoles complain of: scripts' errors and what the Content-Security-Policy stopped."""
    return []


@pytest.fixture
def open_page(chromium: Chromium, address: str, complaints: list[str]) -> Iterator[Open]:
    contexts: list[BrowserContext] = []

    def hear(message: ConsoleMessage) -> None:
        # The browser itself writes a line for every page that answers with an error, expected or not.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            complaints.append(f"{message.location.get('url')}: {message.text}")

    def opened(
        path: str, *, width: int = 1280, dark: bool = False, scripts: bool = True, role: Role | None = None
    ) -> Page:
        context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            locale="sv-SE",
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if role:
            page.goto("/logga-in")
            page.get_by_label("E-postadress").fill(role.email)
            page.get_by_label("Lösenord").fill(PASSWORD)
            page.get_by_role("button", name="Logga in").click()
            page.wait_for_url(f"{address}/")
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
