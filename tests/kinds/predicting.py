"""A cycle with a prediction, before and after it is locked, and looks at what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from app.history.tables import DocumentLock
from app.kinds.cycles import Cycle
from app.library.document import Document
from app.publishing.locks import kept_of
from tests.cast import Browser
from tests.house import House
from tests.kinds.pressing import followed, press
from tests.seeing import see

SLUG = "mote/01-remiss"
PAGE = f"/cykler/{SLUG}"
EDIT = f"{PAGE}/andra"
TEXT = "Vi tror att minst sex av tio kommer i tid."
GUESS = {"text": TEXT, "measure": "I tid", "direction": "at_least", "value": "6"}


@dataclass(frozen=True)
class Ramp:
    """The house with one project and one cycle in it."""

    house: House

    def write(self, **more: Any) -> Path:
        """The cycle's file: planned, with a prediction, unless something else is said."""
        self.house.write("projects", "mote", title="Snabbare möte")
        return self.house.write(
            "cycles", SLUG, "## Förändringen\n\nBoka direkt.\n", **{"title": "Remiss", "prediction": GUESS, **more}
        )

    def begin(self, browser: Browser) -> TestResponse:
        """Press the button that starts *do*."""
        return followed(browser, press(browser, PAGE, "Börja genomföra"))

    @property
    def document(self) -> Document:
        document: Document = self.house.app.extensions["library"].get("cycles", SLUG)
        return document

    @property
    def cycle(self) -> Cycle:
        front = self.document.front_matter
        assert isinstance(front, Cycle)
        return front

    @property
    def file(self) -> Path:
        return self.house.home / self.document.path

    @property
    def lock(self) -> DocumentLock | None:
        with self.house.app.extensions["databases"].kept_for_reading() as session:
            found: DocumentLock | None = session.get(DocumentLock, self.document.id)
            return found

    def edit_outside(self, *changes: tuple[str, str]) -> None:
        """Change the file as somebody with an editor of their own would, and let the house look."""
        text = self.file.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        self.file.write_text(text, encoding="utf-8")
        self.house.look()

    def locked_text(self) -> str:
        """What is locked, whatever the file says."""
        parts = self.house.app.extensions
        kept = kept_of(parts["library"], parts["databases"], self.document)
        return str(getattr(kept.said, "text", "")) if kept else ""

    def says(self, browser: Browser) -> str:
        """The words of the cycle's page."""
        return see(browser.get(PAGE)).words
