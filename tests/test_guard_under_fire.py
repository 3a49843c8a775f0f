"""A thousand forms, searches and files with personal numbers sent to a running site: nothing of them is left."""

from __future__ import annotations

import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_plus

from tests.editing.writing import fields_in
from tests.house import make_home
from tests.library.personal_numbers import with_check_digit
from tests.library.written_files import paragraph, word
from tests.serving import Answer, Person, served
from tests.traces import traces

# Every number is of somebody who was born on one of two days, and is written with the day in one piece: whatever is
# left of any of them holds it.
BORN = ("710717", "710777")
SIGNS = ("-", "–", "−", " ", "+", "\u00a0", "\u2011", "\u00ad", "\u200b")
TRIES = 1000
SAMTAL = """---
title: Samtal
owner: sodertalje
publication: published
---

## Varför

Som det var.
"""


def number(turn: int) -> str:
    """One number after the other, in one notation after the other."""
    born = BORN[turn % 2]
    last = with_check_digit(f"{born}{turn % 999 + 1:03}")[6:]
    if turn % 4 == 0:
        return f"19{born}{last}"
    return f"{'19' if turn % 4 == 1 else ''}{born}{SIGNS[turn % len(SIGNS)]}{last}"


@dataclass
class Fire:
    """Somebody who sends numbers by every way there is, signed in and not."""

    member: Person
    stranger: Person
    edit: dict[str, list[str]] = field(init=False)
    new: dict[str, list[str]] = field(init=False)
    files: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.edit = fields_in(self.member.get("/arbetssatt/samtal/andra?steg=1").text)
        self.new = fields_in(self.member.get("/arbetssatt/nytt").text)
        self.files = fields_in(self.member.get("/arbetssatt/samtal/filer").text)

    @property
    def ways(self) -> list[Callable[[str], Answer]]:
        return [
            self.search,
            self.save,
            self.search_as_a_program,
            self.keep,
            self.go_on,
            self.search_while_typing,
            self.make_a_new_page,
            self.begin_a_new_page,
            self.say_what_changed,
            self.call_a_page_by_it,
            self.filter_a_list,
            self.save_signed_out,
            self.ask_for_an_address,
            self.preview,
            self.move,
            self.merge,
        ]

    def search(self, typed: str) -> Answer:
        return self.stranger.get(f"/sok?q={quote_plus('samtal ' + typed)}")

    def search_as_a_program(self, typed: str) -> Answer:
        return self.stranger.get(f"/api/v1/search?q={quote_plus(typed)}")

    def search_while_typing(self, typed: str) -> Answer:
        return self.member.get(f"/sok?q={quote_plus(typed)}")

    def filter_a_list(self, typed: str) -> Answer:
        return self.member.get(f"/arbetssatt?q={quote_plus(typed)}&omrade={quote_plus(typed)}")

    def ask_for_an_address(self, typed: str) -> Answer:
        return self.stranger.get(f"/arbetssatt/samtal-{quote_plus(typed)}")

    def save(self, typed: str) -> Answer:
        return self._edit("save", summary=f"Klienten {typed} ringde.")

    def say_what_changed(self, typed: str) -> Answer:
        return self._edit("save", summary="Ny.", _note=f"För {typed}")

    def go_on(self, typed: str) -> Answer:
        return self._edit("next", title=f"Samtal med {typed}")

    def preview(self, typed: str) -> Answer:
        return self._edit("preview summary", summary=f"Klienten {typed}")

    def merge(self, typed: str) -> Answer:
        return self._edit("later", summary=f"Klienten {typed}", _merging="1", _version="0" * 64)

    def keep(self, typed: str) -> Answer:
        fields = {**self.edit, "summary": [f"Klienten {typed}"]}
        return self.member.post("/arbetssatt/samtal/andra/utkast", fields)

    def make_a_new_page(self, typed: str) -> Answer:
        return self._new("publish sure", title="Ny sida", summary=f"Om {typed}")

    def call_a_page_by_it(self, typed: str) -> Answer:
        return self._new("save", title=f"Sida {typed}")

    def begin_a_new_page(self, typed: str) -> Answer:
        fields = {**self.new, "_token": [uuid.uuid4().hex], "title": [f"Sida om {typed}"]}
        return self.member.post("/arbetssatt/nytt/utkast", fields)

    def save_signed_out(self, typed: str) -> Answer:
        return self.stranger.post("/arbetssatt/samtal/andra", {**self.edit, "summary": [typed], "_do": ["save"]})

    def move(self, typed: str) -> Answer:
        fields = fields_in(self.member.get("/arbetssatt/samtal/flytta").text)
        return self.member.post("/arbetssatt/samtal/flytta", {**fields, "address": [f"samtal {typed}"]})

    def attach(self, typed: str) -> Answer:
        """A Word file that holds a number, and a text that is called by one."""
        letter = ("brev.docx", word(paragraph(f"Klienten {typed}")))
        return self._send(letter, (f"samtal {typed}.txt", b"Inget."))

    def _edit(self, do: str, **typed: str) -> Answer:
        fields = {**self.edit, **{name: [value] for name, value in typed.items()}, "_do": [do]}
        return self.member.post("/arbetssatt/samtal/andra", fields)

    def _new(self, do: str, **typed: str) -> Answer:
        fields = {**self.new, "_token": [uuid.uuid4().hex], **{name: [value] for name, value in typed.items()}}
        return self.member.post("/arbetssatt/nytt", {**fields, "_do": [do]})

    def _send(self, *files: tuple[str, bytes]) -> Answer:
        boundary = uuid.uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{{}}"'
        fields = {**self.files, "_do": ["add"]}
        parts = [
            f"{head.format(name)}\r\n\r\n{value}\r\n".encode() for name, values in fields.items() for value in values
        ]
        parts += [
            f'{head.format("_files")}; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n"
            for name, content in files
        ]
        own = f"http://127.0.0.1:{self.member.port}"
        request = urllib.request.Request(
            f"{own}/arbetssatt/samtal/filer",
            b"".join(parts) + f"--{boundary}--\r\n".encode(),
            {"Origin": own, "Referer": f"{own}/", "Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        return self.member._ask(request)


REFUSED = {"save", "say_what_changed", "go_on", "make_a_new_page", "call_a_page_by_it", "move", "attach", "merge"}


def test_a_thousand_refused_saves_and_searches_leave_no_trace(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    page = home / "content/practices/samtal.md"
    page.write_text(SAMTAL, encoding="utf-8")
    ended: dict[str, set[int]] = {}
    with served(home, tmp_path / "log", LARNAT_WORKERS="2", LARNAT_LOG_LEVEL="debug") as site:
        member = Person(site.port)
        assert member.sign_in("sodertalje@demo.example").status == 200
        fire = Fire(member, Person(site.port))
        for turn in range(TRIES):
            ways = fire.ways
            way = fire.attach if turn % 50 == 0 else ways[turn % len(ways)]
            answer = way(number(turn))
            ended.setdefault(way.__name__, set()).add(answer.status)
        shown = member.get("/arbetssatt/samtal").text
        assert "Som det var." in shown
    assert {name: statuses for name, statuses in ended.items() if name in REFUSED} == {name: {422} for name in REFUSED}
    assert all(status < 500 for statuses in ended.values() for status in statuses), ended
    assert page.read_text(encoding="utf-8") == SAMTAL
    assert traces(tmp_path, BORN) == []
