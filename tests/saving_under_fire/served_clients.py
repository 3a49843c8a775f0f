"""Eight clients of a running ``larnat serve``, each a process. Run by test_served.py in a process of its own.

Three edit through the site's forms, as people do. Five let events happen, as the rooms behind the pages do, on the same
documents and by the same lock. Whatever is killed meanwhile, they go on, and write down what was acknowledged.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import sys
import time
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.config import Settings
from tests.editing.writing import fields_in
from tests.publishing.desk import PRACTICE, Desk, some_token
from tests.saving_under_fire.troop import BOOKED, DOCUMENTS
from tests.serving import Answer, Person

EDITORS = ("sodertalje@demo.example", "kollega@demo.example", "admin@demo.example")
BOOKERS = 5
AWAY = (OSError, urllib.error.URLError, http.client.HTTPException)
# What is answered while the site starts again, or its register is being built.
NOT_NOW = (500, 502, 503)


@dataclass
class Log:
    """What was acknowledged to one client, in a file of its own."""

    file: Path

    def __post_init__(self) -> None:
        self._opened = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(self, *words: str) -> None:
        os.write(self._opened, (json.dumps(words) + "\n").encode())


@dataclass
class Editor:
    """Somebody who edits through the forms, and whose answers sometimes get lost."""

    port: int
    email: str
    log: Log
    dice: random.Random
    person: Person = field(init=False)

    def sign_in(self) -> None:
        self.person = Person(self.port)
        self._until_answered(lambda: self.person.sign_in(self.email))

    def act(self) -> None:
        slug = self.dice.choice(DOCUMENTS)
        if self.dice.random() < 0.2:
            self._edit_from_an_old_form(slug)
        else:
            self._edit(slug)

    def _edit(self, slug: str) -> None:
        word = some_token()
        self._settle_with_others(slug, self._post(slug, self._form(slug), word), word)

    def _edit_from_an_old_form(self, slug: str) -> None:
        """Open the form twice and save both: the second must be told of the first."""
        first, second, word = self._form(slug), self._form(slug), some_token()
        if self._post(slug, first, some_token()).status != http.HTTPStatus.OK:
            return
        answer = self._post(slug, second, word)
        self.log.note("refused" if answer.status == http.HTTPStatus.CONFLICT else "unnoticed", slug, str(answer.status))
        self._settle_with_others(slug, answer, word)

    def _settle_with_others(self, slug: str, answer: Answer, word: str) -> None:
        """Where somebody was first, decide on the page that shows both, as often as it takes."""
        while answer.status == http.HTTPStatus.CONFLICT:
            answer = self._post(slug, fields_in(answer.text), word)
        self.log.note("saved" if answer.status == http.HTTPStatus.OK else "strange", slug, word)

    def _form(self, slug: str) -> dict[str, list[str]]:
        page = self._until_answered(lambda: self.person.get(f"/arbetssatt/{slug}/andra?steg=1"))
        return fields_in(page.text)

    def _post(self, slug: str, form: dict[str, list[str]], word: str) -> Answer:
        """Send the form, and the very same again if no answer comes."""
        fields = {**form, "summary": [word], "_do": ["save"]}
        return self._until_answered(lambda: self.person.post(f"/arbetssatt/{slug}/andra?steg=1", fields))

    def _until_answered(self, ask: Callable[[], Answer]) -> Answer:
        while True:
            try:
                answer = ask()
            except AWAY:
                time.sleep(0.2)
                continue
            if answer.status not in NOT_NOW:
                return answer
            time.sleep(0.2)


def be_an_editor(home: Path, port: int, number: int) -> None:
    log = Log(home / "var" / f"acknowledged-{number}.jsonl")
    editor = Editor(port, EDITORS[number], log, random.Random(number))
    editor.sign_in()
    while True:
        editor.act()


def be_a_booker(home: Path, number: int) -> None:
    desk = Desk(Settings.for_tests(home))
    log = Log(home / "var" / f"acknowledged-{number}.jsonl")
    dice = random.Random(number)
    while True:
        slug, token = dice.choice(DOCUMENTS), some_token()
        desk.happen(PRACTICE.format(slug), lambda document, token=token: document.text + f"{BOOKED}{token}\n", token)  # type: ignore[misc]
        log.note("booked", slug, token)
        # Not so often that nobody could finish a form in between.
        time.sleep(1 + 2 * dice.random())


def main(home: Path, port: int) -> None:
    """Start everybody, and wait until somebody says that it is enough."""
    clients = []
    for number in range(len(EDITORS) + BOOKERS):
        child = os.fork()
        if child == 0:
            if number < len(EDITORS):
                be_an_editor(home, port, number)
            else:
                be_a_booker(home, number)
        clients.append(child)
    sys.stdin.read()
    for child in clients:
        ended, status = os.waitpid(child, os.WNOHANG)
        assert not ended, f"a client came to an end by itself: {status}"
    for child in clients:
        os.kill(child, 9)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
