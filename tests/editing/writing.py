"""What the tests of writing share: filling in a page's form as a browser does, and reading what came of it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.library.document import Document
from tests.cast import Browser

# What a form says to somebody who comes back to what they have not saved.
NOT_SAVED = "är inte sparat än"
# What stands last in the address of every page that was made or moved: "-k7f2".
MARK = r"-[b-df-hjkmnp-tv-xz][2-9][b-df-hjkmnp-tv-xz][2-9]"


class _Fields(HTMLParser):
    """The fields that a browser would post from one form of a page."""

    def __init__(self, form_id: str | None) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.action = ""
        self.fields: MultiDict[str, str] = MultiDict()
        self._area = self._select = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if (
            tag == "form"
            and given.get("method") == "post"
            and (self.form_id is None or given.get("id") == self.form_id)
        ):
            self.inside, self.action = True, given.get("action", "")
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            if given.get("type") not in ("radio", "checkbox") or "checked" in given:
                self.fields.add(name, given.get("value", ""))
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.fields):
            self.fields.setlist(self._select, [given.get("value", "")])

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.fields.add(self._area, "".join(self._text).removeprefix("\n"))
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form" and self.inside:
            self.inside = False
            self.form_id = "there is only one"

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)


def fields_of(page: TestResponse, form_id: str | None = None) -> MultiDict[str, str]:
    """The fields of the page's form, as they stand in it."""
    parser = _Fields(form_id)
    parser.feed(_main(page.text))
    return parser.fields


def fields_in(html: str) -> dict[str, list[str]]:
    """The fields of a page's first form, each with its values, from the page's HTML alone."""
    parser = _Fields(None)
    parser.feed(_main(html))
    return dict(parser.fields.lists())


def _main(html: str) -> str:
    return html.partition("<main")[2].partition("</main>")[0]


def fill_in(
    browser: Browser, page: TestResponse, do: str = "save", url: str | None = None, **typed: str | list[str]
) -> TestResponse:
    """Post the page's form with some fields typed anew (``__`` in a name stands for a hyphen)."""
    parser = _Fields(None)
    parser.feed(_main(page.text))
    fields = parser.fields
    for name, value in typed.items():
        fields.setlist(name.replace("__", "-"), [value] if isinstance(value, str) else value)
    fields["_do"] = do
    return browser.post(url or parser.action or page.request.path, data=fields)


def made(answer: TestResponse) -> str:
    """The slug of the page that a form has made, moved or saved: that to which its answer leads."""
    assert answer.status_code == 303, answer.text
    return answer.location.removeprefix("/").partition("/")[2]


def leads_to(answer: TestResponse, words: str) -> bool:
    """Whether an answer leads to an address that Lärnät has made of some words: they come first, and then a mark."""
    return answer.status_code == 303 and re.fullmatch(re.escape(words) + MARK, answer.location) is not None


def open_form(browser: Browser, path: str) -> TestResponse:
    """The form at an address; that of a new one leads to an address with the form's mark."""
    page = browser.get(path, follow_redirects=True)
    assert page.status_code == 200, page.text
    return page


def get(app: Flask, kind: str, slug: str) -> Document:
    document: Document = app.extensions["library"].get(kind, slug)
    return document


def errors_on(page: TestResponse) -> list[str]:
    """The lines of the error summary."""
    summary = page.text.partition('id="felen"')[2].partition("</div>")[0]
    return [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<li>(.*?)</li>", summary, re.DOTALL)]
