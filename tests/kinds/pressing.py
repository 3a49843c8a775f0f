"""Pressing a button on a document's page, with what a browser would send of the form it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask import Flask
from werkzeug.test import TestResponse

from app import history
from app.library.document import Document
from tests.cast import Browser


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    # What each button says, and what it sends.
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    """The forms of a page that are posted."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.open: Form | None = None
        self.button: tuple[str, str] | None = None
        self.area = self.select = ""
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self.open = Form(given.get("action", ""))
            self.found.append(self.open)
        if self.open is None:
            return
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "button":
            self.button, self.words = (name, value), []
        elif tag == "textarea":
            self.area, self.words = name, []
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in given or self.select not in self.open.fields):
            self.open.fields[self.select] = value
        elif tag == "input" and name and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.open.fields[name] = value

    def handle_endtag(self, tag: str) -> None:
        words = "".join(self.words)
        if tag == "button" and self.open and self.button:
            self.open.buttons.append((" ".join(words.split()), *self.button))
            self.button = None
        elif tag == "textarea" and self.open:
            self.open.fields[self.area], self.area = words.removeprefix("\n"), ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.open = None

    def handle_data(self, data: str) -> None:
        if self.button or self.area:
            self.words.append(data)


def forms_on(page: TestResponse) -> list[Form]:
    reader = _Forms()
    reader.feed(page.text)
    return reader.found


def buttons_on(page: TestResponse) -> list[str]:
    """What the buttons of the page's own forms say (not those of the frame around it)."""
    return [words for form in forms_on(page) for words, *_ in form.buttons if form.action != "/logga-ut"]


def sent(page: TestResponse, button: str, **typed: str) -> tuple[str, dict[str, str]]:
    """Where a button sends its form, and with what; the test's browser adds its own token to what it posts."""
    for form in forms_on(page):
        for words, name, value in form.buttons:
            if words == button:
                assert form.fields["csrf_token"]
                fields = {**form.fields, **typed, **({name: value} if name else {})}
                return form.action, {key: value for key, value in fields.items() if key != "csrf_token"}
    raise AssertionError(f"no button {button!r} among {buttons_on(page)}")


def press(browser: Browser, where: str | TestResponse, button: str, **typed: str) -> TestResponse:
    """Open a page, or take one that is open, fill in a form, and press its button."""
    page = browser.get(where) if isinstance(where, str) else where
    address, fields = sent(page, button, **typed)
    return browser.post(address, data=fields)


def followed(browser: Browser, answer: TestResponse) -> TestResponse:
    """The page that a form that was carried out leads to."""
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["Location"])


def told(app: Flask, document: Document) -> list[tuple[str, str]]:
    """History's words for the events of a document and in whose name they were made, the newest first."""
    with app.extensions["databases"].kept_for_reading() as session:
        entries = history.revisions_of(session, document.id)
    return [(entry.summary, entry.author_organisation) for entry in entries if entry.sort == "event"]
