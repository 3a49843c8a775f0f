"""Files as they come with a form: each looked at by itself, and told of by its name where it is not taken."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from app.audit import Deed, note_refused
from app.config import Settings
from app.library.accepting import Accepted, accept, in_megabytes
from app.library.attachments import MOST_ATTACHMENTS, given_name
from app.library.file_types import ACCEPTED, IN_WORDS, WrongFile
from app.library.personal_data import find
from app.library.scanning import Extent, Sighting, hidden, scan_file
from app.web.forms.values import only_text

LONGEST_ALT = 300
NOTHING_CHOSEN = "Välj minst en fil först."
TOO_MANY = f"Du har valt {{number}} filer. Högst {MOST_ATTACHMENTS} går bra på en gång."
# To look at a file takes a moment. Whoever sends files that take much longer does not keep the others waiting.
MOST_SECONDS = 60.0
MOST_TOLD = 3
CALLED_BY_A_NUMBER = "Namnet ser ut att innehålla ett personnummer. Byt namn på filen, och lägg till den på nytt."
HOLDS_A_NUMBER = "Filen ser ut att innehålla personnummer ({where}). Ta bort dem, och lägg till den på nytt."
LOCKED = "Filen är låst med lösenord, så det går inte att se om den innehåller personnummer. Spara den utan lösenord."
MAY_BE_CALLED_BY_ONE = "Kontrollera namnet {name}: det kan vara ett personnummer. Byt i så fall namn på filen."
MAY_HOLD_ONE = "Titta igenom {name}: den kan innehålla ett personnummer ({where})."
NOT_READ_WHOLE = "Lärnät kunde inte läsa igenom hela {name}. Se själv efter att det inte står några personnummer i den."
TOO_SLOW = "Det tog för lång tid att gå igenom filerna innan. Lägg till den för sig."


@dataclass
class Received:
    """What somebody sent: the files that are taken, why others are not, and what was done with them."""

    # The document that the files are for, and what is declared there to be no personal number.
    document_id: str
    declared: Collection[str]
    accepted: list[Accepted] = field(default_factory=list)
    # What looks like a number in a file that was not taken: the mark to declare it by, and how it looks.
    declarable: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    told: str = ""
    # What somebody should look at in files that were taken.
    notes: list[str] = field(default_factory=list)

    def take(self, files: Sequence[FileStorage]) -> None:
        """Look at files. Each that is not taken is told of by its name."""
        if len(files) > MOST_ATTACHMENTS:
            self.refused.append(TOO_MANY.format(number=len(files)))
            return
        largest = settings().largest_attachment
        deadline = time.monotonic() + MOST_SECONDS
        for file in files:
            original = file.filename or ""
            try:
                if time.monotonic() > deadline:
                    raise WrongFile(TOO_SLOW)
                # One byte more than is allowed is enough to know that it is too large.
                accepted = accept(original, _content(file, largest), largest)
                self._look_for_numbers(original, accepted)
                self.accepted.append(accepted)
            except WrongFile as wrong:
                self.refused.append(f"{_named(original)}: {wrong}")

    def _look_for_numbers(self, original: str, file: Accepted) -> None:
        """Raises WrongFile for a file with a personal number in it, or in its name."""
        named = [*find(original), *find(file.title)]
        if any(one.stops for one in named):
            note_refused(Deed.NUMBER_IN_FILE)
            raise WrongFile(CALLED_BY_A_NUMBER)
        if named:
            self.notes.append(MAY_BE_CALLED_BY_ONE.format(name=hidden(file.title)))
        scanned = scan_file(file.type.extension, file.content, self.document_id)
        if scanned.extent is Extent.LOCKED:
            raise WrongFile(LOCKED)
        found = [one for one in scanned.sightings if one.stops and one.mark not in self.declared]
        if found:
            note_refused(Deed.NUMBER_IN_FILE)
            self.declarable |= {one.mark: one.masked for one in found if one.mark}
            raise WrongFile(HOLDS_A_NUMBER.format(where=_where(found)))
        if scanned.sightings:
            self.notes.append(MAY_HOLD_ONE.format(name=hidden(file.title), where=_where(scanned.sightings)))
        if scanned.extent is Extent.PARTLY:
            self.notes.append(NOT_READ_WHOLE.format(name=hidden(file.title)))


def _where(found: Sequence[Sighting]) -> str:
    """Where the first few numbers stand: "sida 3, rad 2: ••••••-••••"."""
    shown = [f"{one.where}: {one.masked}" for one in found[:MOST_TOLD]]
    return "; ".join(shown) + (f" och {len(found) - MOST_TOLD} till" if len(found) > MOST_TOLD else "")


def _content(file: FileStorage, largest: int) -> bytes:
    content = file.stream.read(largest + 1)
    if len(content) <= largest:
        return content
    size = len(content) + len(file.stream.read(50 * 1_000_000))
    raise WrongFile(f"Filen är {in_megabytes(size)}. Den får vara högst {in_megabytes(largest)}.")


def _named(original: str) -> str:
    """What a file was called, so that its sender knows which one is meant."""
    title, extension = given_name(hidden(original))
    return f"”{title}{'.' if extension else ''}{extension}”" if title or extension else "Filen utan namn"


def alt_text(typed: str) -> str:
    """What a picture shows, as it is kept: one line."""
    return " ".join(only_text(typed).split())[:LONGEST_ALT]


def sent_files(field_name: str) -> list[FileStorage]:
    """The files of a field; a browser sends an empty one where none was chosen."""
    return [file for file in request.files.getlist(field_name) if file.filename]


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def limits() -> dict[str, Any]:
    """What a page says of the files that may be added."""
    return {
        "accept": ACCEPTED,
        "words": IN_WORDS,
        "largest": settings().largest_attachment,
        "largest_words": in_megabytes(settings().largest_attachment),
        "together": settings().largest_upload,
        "most": MOST_ATTACHMENTS,
    }
