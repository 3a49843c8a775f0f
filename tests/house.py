"""A house in a temporary folder: files are written, then the house is told to look."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from flask import Flask

FOLDERS = (
    "content/practices",
    "content/studyvisits",
    "content/networks",
    "improvement_cycles",
    "search_index",
    "var",
)
REQUIRED: dict[str, dict[str, Any]] = {
    "studyvisits": {"host": "sodertalje"},
    "learnings": {"practices": ["finns-kanske"]},
}


def make_home(folder: Path) -> Path:
    """An empty home folder."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


@dataclass(frozen=True)
class House:
    """The app of a temporary home, and the files in it."""

    app: Flask
    home: Path

    def write(self, kind: str, slug: str, body: str = "Text.\n", **front_matter: Any) -> Path:
        """Write a file of a kind: published and public, Södertälje's, unless something else is said."""
        path: Path = self.home / self.app.extensions["library"].kinds[kind].path_of(slug)
        values = {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"test:{kind}/{slug}")),
            "title": slug.rpartition("/")[2].replace("-", " ").capitalize(),
            "owner": "sodertalje",
            "publication": "published",
            **REQUIRED.get(kind, {}),
            **front_matter,
        }
        text = yaml.safe_dump(values, allow_unicode=True, sort_keys=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{text}---\n\n{body}", encoding="utf-8")
        return path

    def look(self) -> None:
        """Let the house find what was written, and bring the full text up to it."""
        with self.app.app_context():
            self.app.extensions["archive"].reconcile()
            self.app.extensions["index"].index_words()
