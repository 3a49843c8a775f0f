"""Nothing is changed for a request that our own pages have not made, at any address."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from tests.access.everybody import MISSING, WORDS, Everybody
from tests.access.table import Line, Table
from tests.access.test_matrix import TABLES
from tests.access.trying import kinds_of, routes_of

HTMX = {"HX-Request": "true"}


def let_in(table: Table) -> tuple[str, str] | None:
    """A state and somebody who is let in then; who is signed in, if anybody may."""
    for state, row in table.cells.items():
        for role in ("member", "head", "network", "admin"):
            if row[role] == "ok":
                return state, role
    return None


def forged(everybody: Everybody, role: str) -> Iterator[tuple[str, dict[str, str]]]:
    """What another site's page could make somebody's browser send."""
    someone_elses = everybody.tokens["outsider"]
    for sent, headers in (
        ("no token", {"X-CSRFToken": ""}),
        ("a token that is none", {"X-CSRFToken": "ImluZ2VuIg.none.none"}),
        ("another session's token", {"X-CSRFToken": someone_elses}),
        ("another site's page, with a token", {"Sec-Fetch-Site": "cross-site"}),
        ("a neighbouring site's page, with a token", {"Sec-Fetch-Site": "same-site"}),
    ):
        yield sent, headers
        yield f"{sent}, by htmx", {**headers, **HTMX}


def posts() -> Iterator[tuple[Table, Line]]:
    return ((table, line) for table in TABLES for line in table.lines if line.method == "POST")


def test_every_address_that_changes_something_refuses_what_is_forged(everybody: Everybody) -> None:
    tried = set()
    for table, line in posts():
        found = let_in(table)
        if found is None:
            continue
        state, role = found
        tried |= set(routes_of(everybody, line))
        kind = kinds_of(everybody, line)[0]
        names = everybody.names(kind, WORDS.get(state, MISSING), role)
        assert everybody.ask(line, role, names).status_code == line.status, line
        for sent, headers in forged(everybody, role):
            answer = everybody.ask(line, role, names, **headers)
            # Signing out without a token is refused as well, but one who is signed out already is told nothing new.
            assert answer.status_code == 400, (line, sent, answer.status_code)
    changing = {
        (rule.endpoint, "POST") for rule in everybody.app.url_map.iter_rules() if "POST" in (rule.methods or set())
    }
    # Nobody in the house belongs to where that line asks to leave, so nobody is let in.
    assert {endpoint for endpoint, _ in changing - tried} <= {"account.leave"}


def test_no_address_changes_anything_by_another_method_than_post(everybody: Everybody) -> None:
    methods = {method for rule in everybody.app.url_map.iter_rules() for method in rule.methods or ()}
    assert methods == {"GET", "HEAD", "OPTIONS", "POST"}


class Forms(HTMLParser):
    """The forms of a page that post, and what htmx posts, each with whether it carries a token."""

    def __init__(self) -> None:
        super().__init__()
        self.without: list[str] = []
        self.found = 0
        self._form: str | None = None
        self._has_token = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        posts = tag == "form" and given.get("method", "").lower() == "post"
        if posts:
            self.found += 1
            self._form, self._has_token = given.get("action", "") or "(here)", False
            assert "://" not in self._form, "a form must post to this site"
        elif tag == "input" and given.get("name") == "csrf_token" and given.get("value"):
            self._has_token = True
        if {"hx-post", "hx-put", "hx-patch", "hx-delete"} & set(given) and self._form is None:
            self.without.append(f"hx-post outside a form: {given}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            if not self._has_token:
                self.without.append(self._form)
            self._form = None


@pytest.mark.parametrize("role", ["nobody", "member", "head", "network", "admin"])
def test_every_form_of_every_page_carries_a_token(everybody: Everybody, role: str) -> None:
    forms = 0
    for table in TABLES:
        state = "public" if "public" in table.cells else ""
        for line in table.lines:
            cell = table.cells[state][role]
            if line.method == "GET" and cell == "ok" and line.status == 200:
                for kind in kinds_of(everybody, line):
                    answer = everybody.ask(line, role, everybody.names(kind, WORDS.get(state, MISSING), role))
                    if answer.mimetype == "text/html":
                        found = Forms()
                        found.feed(answer.text)
                        assert found.without == [], (line, kind.name)
                        forms += found.found
    assert forms
