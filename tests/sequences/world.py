"""A house with two web processes, the people in it, and what they do there; the model follows by reading the files."""

from __future__ import annotations

import io
import random
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from app import create_app
from app.accounts import belonging, people
from app.config import Settings
from tests.cast import CAST, Browser, Role, browser
from tests.editing.writing import fields_of
from tests.sequences.marks import MARK, body, front_matter, marks
from tests.sequences.told import TODAY, Membership, Page, Someone, Told

ORGANISATIONS = ("sodertalje", "solna", "sundbyberg", "habo")
FREE = Role("fri@larnat.test", "Frida Fri")
HEAD = Role("chef@solna.test", "Hedda Huvud", {"solna": "coordinator", "sodertalje": "member"})
EVERYBODY = (*CAST, FREE, HEAD)
# Which pages a kind's front matter can name, and in which field.
NAMES = {
    "studyvisits": ("practices",),
    "projects": ("practices",),
    "cycles": ("practices",),
    "learnings": ("practices", "studyvisits", "cycles"),
    "meetings": ("practices", "projects", "learnings"),
}
FOLDERS = {
    "practices": "content/practices",
    "studyvisits": "content/studyvisits",
    "learnings": "content/learnings",
    "networks": "content/networks",
    "meetings": "content/meetings",
}


def picture() -> bytes:
    """A small picture."""
    written = io.BytesIO()
    Image.new("RGB", (2, 2)).save(written, "PNG")
    return written.getvalue()


PICTURE = picture()


@dataclass
class World:
    """``told`` is what the files say; ``people`` who there is, and where they belong."""

    home: Path
    settings: Settings
    workers: list[Flask]
    told: Told = field(default_factory=Told)
    people: dict[str, Someone] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._marks = marks()
        self.first_day = self.told.day
        self._read: dict[Path, tuple[str, dict[str, Any]]] = {}
        self._browsers: dict[tuple[str, int], Browser] = {}
        self.nobody = Someone()
        for role in EVERYBODY:
            self.people[role.email] = Someone(role.email, dict(role.roles), admin=role.admin)

    # ---- Somebody's browser, at one of the two processes ----

    def browser(self, who: Someone, worker: int = 0) -> Browser:
        key = (who.email, worker)
        if key not in self._browsers:
            role = next((role for role in EVERYBODY if role.email == who.email), None)
            self._browsers[key] = browser(self.workers[worker], role if who.open else None)
        return self._browsers[key]

    def sign_in_anew(self, who: Someone) -> None:
        """Forget somebody's sign-ins: they have been ended."""
        for worker in range(len(self.workers)):
            self._browsers.pop((who.email, worker), None)

    def mark(self) -> str:
        return next(self._marks)

    # ---- Pages, written in their folders ----

    def page(self, kind: str, slug: str) -> Page:
        return next(page for page in self.told.pages if (page.kind, page.slug) == (kind, slug) and not page.gone)

    def write(self, kind: str, chance: random.Random, page: Page | None = None, **said: Any) -> Page:
        """Write a page of a kind, or another text for a page, and let one of the processes find it."""
        slug = page.slug if page else self._new_slug(kind, chance)
        one = self.kind(kind)
        path = self.home / one.path_of(slug)
        values = {
            "id": page.id if page else str(uuid.UUID(int=chance.getrandbits(128))),
            **front_matter(one, chance, self.mark),
            "owner": chance.choice(ORGANISATIONS),
            "publication": chance.choice(("draft", "in_review", "published", "published", "published", "archived")),
            "visibility": chance.choice(("public", "public", "network", "network", "organisation")),
            "networks": self._some(chance, "networks", 2),
            **self._named(kind, chance),
            **({"former_slugs": page.former} if page and page.former else {}),
            **({"members": _members(chance)} if kind == "networks" else {}),
            **said,
        }
        files, alt = path.parent / f"{path.stem}.files", self.mark()
        shutil.rmtree(files, ignore_errors=True)
        names = [f"{self.mark()}.txt", f"{self.mark()}.png"] if chance.random() < 0.5 else []
        if names:
            files.mkdir(parents=True)
            (files / names[0]).write_text(f"Filen säger {self.mark()}.", encoding="utf-8")
            (files / names[1]).write_bytes(PICTURE)
            values["attachments"] = [
                {"file": names[0], "title": f"Filen {self.mark()}"},
                {"file": names[1], "title": f"Bilden {self.mark()}", "alt": f"En bild av {alt}"},
            ]
        links = [f"{self.kind(other.kind).url}/{other.slug}|en sida" for other in self._any(chance, 1)]
        text = yaml.safe_dump(values, allow_unicode=True, sort_keys=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = body(one, self.mark, links, dict.fromkeys(names[:1], ""))
        shown = f"\n![{alt}]({names[1]})\n" if names else ""
        path.write_text(f"---\n{text}---\n\n{written}{shown}", encoding="utf-8")
        self.look(chance)
        return self.page(kind, slug)

    def look(self, chance: random.Random) -> None:
        """Let one of the processes find what was written; the worker may be behind."""
        app = chance.choice(self.workers)
        with app.app_context():
            app.extensions["archive"].reconcile()
            if chance.random() < 0.5:
                app.extensions["index"].index_words()
        self.take_in()

    def _new_slug(self, kind: str, chance: random.Random) -> str:
        """A word that finds nothing else, so that a page which is not found can be compared with any other."""
        slug = f"w{self.mark()[2:-1]}z"
        if kind != "cycles":
            return slug
        projects = [page.slug for page in self.told.standing("projects")] or ["wyyyyyw"]
        return f"{chance.choice(projects)}/{chance.randrange(1, 100):02}-{slug}"

    def kind(self, name: str) -> Any:
        return self.workers[0].extensions["library"].kinds[name]

    def _named(self, kind: str, chance: random.Random) -> dict[str, list[str]]:
        named = {name: self._some(chance, name, 2) for name in NAMES.get(kind, ())}
        if kind == "learnings" and not any(named.values()):
            named["practices"] = ["finns-kanske"]
        return named

    def _some(self, chance: random.Random, kind: str, most: int) -> list[str]:
        slugs = [page.slug for page in self.told.standing(kind)]
        return chance.sample(slugs, min(len(slugs), chance.randrange(most + 1)))

    def _any(self, chance: random.Random, most: int) -> list[Page]:
        pages = list(self.told.standing())
        return chance.sample(pages, min(len(pages), chance.randrange(most + 1)))

    # ---- The model ----

    def take_in(self) -> None:
        """Read what the files say now; what a page said before is its past."""
        found = {page.id: page for page in self.told.pages}
        standing = set()
        for kind, slug, path in self._files():
            text, front = self._front(path)
            page = found.get(front["id"])
            if page is None:
                page = Page(kind, slug, front["id"], "", "", "")
                self.told.pages.append(page)
            standing.add(page.id)
            if page.slug != slug:
                page.former.append(page.slug)
            page.kind, page.slug, page.gone = kind, slug, False
            page.owner, page.visibility = front["owner"], front.get("visibility", "public")
            page.publication, page.networks = front.get("publication", "draft"), front.get("networks") or []
            page.areas = front.get("areas") or []
            page.members = [_membership(one) for one in front.get("members") or []]
            page.title = MARK.findall(front["title"])[0]
            below = text.partition("\n---\n")[2]
            page.searched = MARK.findall(" ".join((front["title"], front.get("summary", ""), below)))
            page.files = self._attached(path)
            now = {*MARK.findall(text), *(mark for one in page.files.items() for mark in MARK.findall(" ".join(one)))}
            page.past |= page.present
            page.present = now
        for page in self.told.pages:
            page.gone = page.id not in standing

    def _files(self) -> Iterator[tuple[str, str, Path]]:
        for kind, folder in FOLDERS.items():
            yield from ((kind, path.stem, path) for path in sorted((self.home / folder).glob("*.md")))
        for path in sorted((self.home / "improvement_cycles").glob("*/*.md")):
            above = path.parent.name
            yield ("projects", above, path) if path.stem == "project" else ("cycles", f"{above}/{path.stem}", path)

    def _front(self, path: Path) -> tuple[str, dict[str, Any]]:
        text = path.read_text(encoding="utf-8")
        if self._read.get(path, ("", {}))[0] != text:
            self._read[path] = text, yaml.safe_load(text.partition("---\n")[2].partition("\n---\n")[0])
        return self._read[path]

    def _attached(self, path: Path) -> dict[str, str]:
        files = path.parent / f"{path.stem}.files"
        return {
            one.name: one.read_text(encoding="utf-8") if one.suffix == ".txt" else ""
            for one in (sorted(files.iterdir()) if files.is_dir() else ())
        }

    # ---- What people do, in the pages ----

    def fill_in(self, who: Someone, at: str, worker: int, do: str, **typed: str) -> TestResponse:
        """Open a form and post it."""
        client = self.browser(who, worker)
        opened = client.get(at)
        assert opened.status_code == 200, (who.email, at, opened.status_code)
        fields = fields_of(opened)
        for name, value in {**typed, "_do": do}.items():
            fields.setlist(name, [value])
        answer = client.post(at, data=fields)
        self.take_in()
        return answer

    def person_id(self, who: Someone) -> str:
        with self.workers[0].extensions["databases"].kept_for_reading() as session:
            found = people.find(session, who.email)
        assert found
        return found.id

    def coordinate(self, who: Someone, network: Page, coordinates: bool) -> None:
        """Let somebody coordinate a network, or no longer, as the command line does."""
        with self.workers[0].extensions["databases"].kept() as session:
            person = people.find(session, who.email)
            assert person
            belonging.set_coordinator(session, person, network.id, coordinates=coordinates)
        (who.coordinates.add if coordinates else who.coordinates.discard)(network.id)

    def close(self) -> None:
        for app in self.workers:
            # What was refused many times is told a minute later, when there is no house any longer.
            app.extensions["audit"].flush()
            app.extensions["databases"].close()


def opened(home: Path, workers: int = 2) -> World:
    """The world of a home folder in which the cast has accounts."""
    settings = Settings.for_tests(home)
    apps = [create_app(settings) for _ in range(workers)]
    apps[0].extensions["archive"].reconcile()
    return World(home, settings, apps)


def _members(chance: random.Random) -> list[dict[str, Any]]:
    """Organisations in a network: some for good, some until today, some whose time is over or has not come."""
    times: tuple[dict[str, str], ...] = (
        {},
        {"until": TODAY.isoformat()},
        {"until": "2020-01-31"},
        {"since": "2099-01-01"},
    )
    named = chance.sample(ORGANISATIONS, chance.randrange(1, 3))
    return [{"organisation": one, **chance.choice(times)} for one in named]


def _membership(written: dict[str, Any]) -> Membership:
    since, until = (_day(written.get(name)) for name in ("since", "until"))
    return Membership(written["organisation"], since, until)


def _day(written: object) -> date | None:
    if written is None or isinstance(written, date):
        return written
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", str(written))
    return date(*(int(part) for part in found.groups())) if found else None
