"""A house with a page of every kind in every state, and everybody who could come to it, signed in.

A request changes nothing in anybody's session: each is sent with the cookie that the person had from the beginning.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from PIL import Image
from sqlmodel import select
from werkzeug.test import Client, TestResponse

from app import create_app
from app.accounts import belonging, passwords, people
from app.accounts.people import create_person
from app.config import Settings
from app.database import upgrade
from app.history.tables import Head, RevisionFile
from app.library.document import Kind
from tests.access.table import ROLES, STATES, Line
from tests.cast import PASSWORD, Role, browser
from tests.house import House, make_home

KNUT = "00000000-0000-4000-8000-00000000000a"
MEMBER = {"sodertalje": "member"}
PEOPLE = {
    "member": Role("member@larnat.test", "Mia Medlem", MEMBER),
    "mate": Role("mate@larnat.test", "Mats Granne", {"solna": "member"}),
    "outsider": Role("outsider@larnat.test", "Ulla Utanför", {"habo": "member"}),
    "head": Role("head@larnat.test", "Hilda Huvud", {"sodertalje": "coordinator"}),
    "other": Role("other@larnat.test", "Olle Annan", {"solna": "coordinator"}),
    "network": Role("network@larnat.test", "Nina Nätverk"),
    "admin": Role("admin@larnat.test", "Alva Admin", admin=True),
    "ended": Role("ended@larnat.test", "Edit Slut", MEMBER),
    "closed": Role("closed@larnat.test", "Stig Stängd", MEMBER),
    "both": Role("both@larnat.test", "Bo Båda", {**MEMBER, "habo": "member"}),
}
# For whom somebody asks for seats; who is in no organisation tries one that is not theirs.
OWN = {"member": "sodertalje", "mate": "solna", "outsider": "habo", "head": "sodertalje", "other": "solna"}
OWN |= {"network": "solna", "admin": "habo", "ended": "sodertalje", "closed": "sodertalje", "both": "habo"}
# Words that no page of ours says by itself, so that they can be taken out of an answer.
WORDS = {state: f"q{state}q" for state in STATES}
MISSING = "qaldrigq"
FRONT: dict[str, dict[str, Any]] = {
    "public": {},
    "network": {"visibility": "network"},
    "organisation": {"visibility": "organisation"},
    "draft": {"publication": "draft"},
    "review": {"publication": "in_review"},
    "archived": {"publication": "archived"},
    "bin": {},
}
PROJECT = "projektet"


@dataclass
class Everybody:
    """The house, with a cookie and a token for each role, and what stands in the table's braces."""

    app: Flask
    client: Client
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    # Whether who is let in is tried with one kind in turn, or with every kind.
    in_turn: bool = True

    @property
    def kinds(self) -> dict[str, Kind]:
        found: dict[str, Kind] = self.app.extensions["library"].kinds
        return found

    def names(self, kind: Kind, word: str, role: str) -> dict[str, str]:
        """What the names in braces stand for, about the page of a kind with a word in its address."""
        before = f"{PROJECT}/01-" if kind.parent else ""
        path = kind.path_of(before + word)
        return {
            "kind": kind.url,
            "slug": before + word,
            "former": f"{before}fd-{word}",
            "network": word,
            "path": path,
            "revision": str(self.revisions.get(path, 1)),
            "person": self.ids["member"],
            "me": self.ids.get(role, "ingen"),
            "own": OWN.get(role, ""),
        }

    def ask(self, line: Line, role: str, names: dict[str, str], **headers: str) -> TestResponse:
        """Send a line's request as somebody."""
        sent = parse_qsl(line.sent.format(**names), keep_blank_values=True)
        given = {"Cookie": self.cookies[role], "Sec-Fetch-Site": "same-origin", **headers}
        if line.method == "POST":
            given.setdefault("X-CSRFToken", self.tokens[role])
        address = line.address.format(**names)
        # From a place of their own each, as tries are counted for places.
        place = {"REMOTE_ADDR": f"10.{ROLES.index(role)}.0.1"}
        answer = self.client.open(
            address, method=line.method, headers=given, data=dict(sent) or None, environ_base=place, buffered=True
        )
        if address == "/logga-ut" and role not in ("nobody", "closed"):
            self.sign_in(role)
        return answer

    def sign_in(self, role: str) -> None:
        """A session for somebody; also nobody has one, for the token of forms."""
        client = browser(self.app, PEOPLE.get(role))
        raw = hashlib.sha1(role.encode()).hexdigest()
        with client.session_transaction() as session:
            session["csrf_token"] = raw
        cookie = client.get_cookie("larnat")
        assert cookie
        self.cookies[role] = f"larnat={cookie.value}"
        self.tokens[role] = str(URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token").dumps(raw))


# A house that is there already is not made anew for the tests of mutants.
READY: list[Everybody] = []


def prepare(home: Path) -> None:
    """Make the house: the people, the network, the pages in all their states, and the deleted ones in the bin."""
    settings = Settings.for_tests(make_home(home))
    upgrade(settings)
    app = create_app(settings)
    house = House(app, home)
    known = passwords.hash_of(PASSWORD)
    with app.extensions["databases"].kept() as session:
        for role in PEOPLE.values():
            made = create_person(
                session, email=role.email, name=role.name, password_hash=known, admin=role.admin, roles=role.roles
            )
            if role is PEOPLE["network"]:
                belonging.set_coordinator(session, made, KNUT, coordinates=True)
    members = [{"organisation": one} for one in ("sodertalje", "solna")]
    house.write("networks", "knut", id=KNUT, title="KNUT", owner="sundbyberg", members=members)
    house.write("projects", PROJECT)
    for kind in app.extensions["library"].kinds.values():
        for state, word in WORDS.items():
            _write(house, kind, state, word)
    house.look()
    member = browser(app, PEOPLE["member"])
    for kind in app.extensions["library"].kinds.values():
        slug = f"{PROJECT}/01-{WORDS['bin']}" if kind.parent else WORDS["bin"]
        page = member.get(f"/{kind.url}/{slug}/ta-bort").text
        version = re.search(r'name="_version" value="([^"]*)"', page)
        answer = member.post(f"/{kind.url}/{slug}/ta-bort", data={"_version": version[1] if version else ""})
        assert answer.status_code == 303, (kind.name, answer.text)
    house.look()
    app.extensions["databases"].close()


def _write(house: House, kind: Kind, state: str, word: str) -> None:
    before = f"{PROJECT}/01-" if kind.parent else ""
    front = {"networks": ["knut"], "former_slugs": [f"{before}fd-{word}"], **FRONT[state]}
    if kind.name == "studyvisits":
        guest = {"organisation": "habo", "people": "3", "status": "requested"}
        front["sessions"] = [{"date": "2030-01-01", "seats": 10, "guests": [guest]}]
    if kind.name == "projects":
        front["measures"] = [{"name": "I tid", "chart": "p"}]
    body = "".join(f"## {heading.title}\n\nText.\n\n" for heading in kind.headings) or "Text.\n"
    path = house.write(kind.name, before + word, body, **front)
    folder = path.with_suffix(".files")
    folder.mkdir()
    picture = io.BytesIO()
    Image.new("RGB", (2, 2)).save(picture, "PNG")
    (folder / "bild.png").write_bytes(picture.getvalue())
    if kind.name == "projects":
        table = path.parent / "measures/i-tid.csv"
        table.parent.mkdir()
        table.write_text("date;numerator;denominator\n2026-08-03;3;9\n2026-08-10;2;4\n", encoding="utf-8")


def opened(home: Path) -> Everybody:
    """The prepared house with everybody signed in: then one membership ends, and one account is closed."""
    app = create_app(Settings.for_tests(home))
    found = Everybody(app, app.test_client(use_cookies=False))
    with app.extensions["databases"].kept_for_reading() as session:
        for name, role in PEOPLE.items():
            person = people.find(session, role.email)
            assert person
            found.ids[name] = person.id
        for file in session.exec(select(RevisionFile).where(RevisionFile.path.in_(select(Head.path)))):  # type: ignore[attr-defined]
            found.revisions.setdefault(file.path, file.revision)
    for name in ("nobody", *PEOPLE):
        found.sign_in(name)
    with app.extensions["databases"].kept() as session:
        for name in ("ended", "closed"):
            person = people.find(session, PEOPLE[name].email)
            assert person
            if name == "ended":
                belonging.set_role(session, person, "sodertalje", None)
            else:
                people.set_active(session, person, active=False)
    return found


def as_told(answer: TestResponse, word: str) -> tuple[int, str, list[tuple[str, str]]]:
    """An answer without what differs by chance, and without the word in the address."""
    chance = {"X-Request-ID", "Content-Length", "Date", "Set-Cookie"}
    text = re.sub(r'(csrf_token|csrf-token)" (value|content)="[^"]*"', r"\1", answer.get_data(as_text=True))
    headers = sorted((name, value.replace(word, "…")) for name, value in answer.headers if name not in chance)
    return answer.status_code, text.replace(word, "…"), headers
