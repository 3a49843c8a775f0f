"""An index over a temporary folder of files, without the rest of the house."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from app import load_kinds
from app.config import Settings
from app.database import Databases
from app.index import Index, Query, Results
from app.library.document import BrokenDocument, Document
from app.library.organisations import load_organisations
from app.library.shelf import Library
from app.library.visibility import ANYONE, Viewer
from tests.house import REQUIRED, make_home


@dataclass
class Desk:
    """Writes files and tells the index, as publishing does; every write is a revision."""

    settings: Settings
    databases: Databases
    library: Library
    index: Index
    revision: int = 0
    seen: dict[str, str] = field(default_factory=dict)
    others: list[Databases] = field(default_factory=list)

    def write(self, kind: str, slug: str, body: str = "Text.\n", **front_matter: Any) -> Document:
        """Write a document (published and public, Södertälje's, unless something else is said) and index its rows."""
        document = self.put(kind, slug, body, **front_matter)
        self.refresh([document])
        return document

    def put(self, kind: str, slug: str, body: str = "Text.\n", **front_matter: Any) -> Document:
        """Write a document's file only."""
        values = {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"test:{kind}/{slug}")),
            "title": slug.rpartition("/")[2].replace("-", " ").capitalize(),
            "owner": "sodertalje",
            "publication": "published",
            **REQUIRED.get(kind, {}),
            **front_matter,
        }
        return self.put_text(kind, slug, f"---\n{yaml.safe_dump(values, allow_unicode=True)}---\n\n{body}")

    def put_text(self, kind: str, slug: str, text: str) -> Document:
        file = self.library.home / self.library.kinds[kind].path_of(slug)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return self.library.get(kind, slug)

    def refresh(
        self, changed: list[Document], broken: list[BrokenDocument] | None = None, gone: list[str] | None = None
    ) -> None:
        self.revision += 1
        self.index.refresh(changed, broken or [], gone or [], self.revision, by="Eva Editor")

    def remove(self, kind: str, slug: str) -> None:
        path = self.library.kinds[kind].path_of(slug)
        (self.library.home / path).unlink()
        self.refresh([], gone=[path])

    def rebuild(self) -> None:
        """Build a new generation and make it the living one."""
        paths = sorted(file.path for file in self.library.files())
        with self.index.generations.building() as number:
            self.index.build(number, paths, len(paths), self.revision)
            self.index.generations.switch(number)

    def again(self) -> Index:
        """Another process's index over the same files."""
        databases = Databases(self.settings)
        self.others.append(databases)
        return Index(self.settings, databases, self.library, load_organisations(self.library.home))

    def find(self, words: str, viewer: Viewer = ANYONE, **chosen: list[str]) -> Results:
        return self.index.find(Query(words, chosen, limit=50), viewer)

    def slugs(self, words: str, viewer: Viewer = ANYONE, **chosen: list[str]) -> list[str]:
        return [hit.card.slug for hit in self.find(words, viewer, **chosen).hits]


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Desk]:
    """A desk without a generation."""
    settings = Settings.for_tests(make_home(tmp_path / "home"))
    (settings.home / "content" / "organisations.yaml").write_text(
        "skarholmen:\n  name: Skärholmens stadsdelsförvaltning\n  sort: district\n  parent: stockholm\n",
        encoding="utf-8",
    )
    databases = Databases(settings)
    library = Library(settings.home, load_kinds())
    desk = Desk(settings, databases, library, Index(settings, databases, library, load_organisations(settings.home)))
    yield desk
    for opened in (databases, *desk.others):
        opened.close()


@pytest.fixture
def desk(bare: Desk) -> Desk:
    """A desk with an empty, living generation."""
    bare.rebuild()
    return bare
