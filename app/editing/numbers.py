"""Personal numbers in a form: where they stand, what is said of them, and which of them are declared to be none.

A form with a number in it is not kept, not even as something half written; what was typed comes back in its answer.
Whoever writes may declare that digits are no personal number. That is saved with the document, as a mark, and told in
its history.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import MultiDict

from app.editing.checks import Found
from app.library.contact_details import details_in
from app.library.guard import MOST_DECLARED, still_there
from app.library.personal_data import Finding, find, mark_of
from app.web.forms import WAS, Box, Path

if TYPE_CHECKING:
    from app.editing.drafts import Draft

DECLARED = "_declared"
NOTE: Path = ("_note",)
_MARK = re.compile(r"[0-9a-f]{24}")

LOOKS_LIKE_ONE = "{where}: här står något som ser ut som ett personnummer ({masked}). Ta bort det."
IN_THE_NOTE = "Vad du har ändrat"
NOT_KEPT = (
    "Det du skriver läggs inte undan, för det ser ut att innehålla ett personnummer ({masked}). Ta bort det. Är det"
    " inget personnummer kan du säga det när du sparar."
)
SOMEBODY = (
    "Sidan har {what}. Handlar det om en person: ta bort det här, och namnge personen under Deltagare och kontakter."
    " Där går det att radera."
)
SAVED_WITH = "Kontrollera texten: {masked} kan vara ett personnummer. Ta i så fall bort det."
TOLD = "Intygade att {masked} inte är personnummer"


@dataclass(frozen=True)
class InForm:
    """Something in a form that looks like a number: in which field, what that is called, and its mark."""

    path: Path
    label: str
    finding: Finding
    mark: str

    @property
    def message(self) -> str:
        where = f"{self.label}, rad {self.finding.line}" if self.finding.line > 1 else self.label
        return LOOKS_LIKE_ONE.format(where=where, masked=self.finding.masked)


def posted_marks(fields: MultiDict[str, str]) -> tuple[str, ...]:
    """The marks of what is declared in a form that was posted."""
    marks = dict.fromkeys(mark for mark in fields.getlist(DECLARED) if _MARK.fullmatch(mark))
    return tuple(marks)[:MOST_DECLARED]


def stopping(draft: Draft) -> list[InForm]:
    """What keeps the form from being kept and saved: everything that nobody has declared to be no number."""
    declared = {*declared_before(draft), *draft.declared}
    return [one for one in _stops(draft) if one.mark not in declared or one.path == NOTE]


def declared_before(draft: Draft) -> list[str]:
    """What the document has declared already."""
    return draft.base.front_matter.not_personal_numbers if draft.base else []


def marks_to_save(draft: Draft, text: str) -> list[str]:
    """The marks that the document is saved with; those of nothing any longer are left out if no file may need them."""
    marks = list(dict.fromkeys((*declared_before(draft), *draft.declared)))
    return marks if draft.files or draft.attached else still_there(text, draft.document_id, marks)


def errors(draft: Draft) -> Found:
    """What stops the form, by field."""
    found: Found = {}
    for one in stopping(draft):
        found.setdefault(one.path, []).append(one.message)
    return found


def offer(draft: Draft, boxes: list[Box]) -> None:
    """Let every field ask whether what stands in it is no number."""
    by_path = {box.path: box for top in boxes for box in top.within()}
    for one in stopping(draft):
        box = by_path.get(one.path) or by_path.get(one.path[:-1])
        if box and one.mark and (one.mark, one.finding.masked) not in box.declarable:
            box.declarable.append((one.mark, one.finding.masked))


def why_not_kept(draft: Draft) -> str:
    """Why the working copy is not kept; "" where no number is in the way."""
    found = stopping(draft)
    return NOT_KEPT.format(masked=found[0].finding.masked) if found else ""


def warning(draft: Draft) -> str:
    """What somebody should look at who has just saved: digits that may be a number, or a number that is half hidden."""
    found = [finding for _, text in _texts(draft.values) for finding in find(text) if not finding.stops]
    return SAVED_WITH.format(masked=found[0].masked) if found else ""


def way_to_somebody(draft: Draft) -> str:
    """What somebody should look at who has saved how a person is reached; names no program can find."""
    found = [what for _, text in _texts(draft.values) for _, what in details_in(text)]
    return SOMEBODY.format(what=" och ".join(dict.fromkeys(found))) if found else ""


def told(draft: Draft) -> str:
    """What history says of the declarations that the form makes; "" where it makes none."""
    new = {one.mark: one.finding for one in _stops(draft) if one.mark in draft.declared}
    shown = [found.masked for mark, found in new.items() if mark not in declared_before(draft)]
    return TOLD.format(masked=" och ".join(dict.fromkeys(shown))) if shown else ""


def _stops(draft: Draft) -> Iterator[InForm]:
    texts = [*_texts(draft.values), (NOTE, draft.note)]
    found = ((path, text, one) for path, text in texts for one in find(text) if one.stops)
    for number, (path, text, one) in enumerate(found):
        yield InForm(
            path, _label(draft, path), one, mark_of(text, one, draft.document_id) if number < MOST_DECLARED else ""
        )


def _label(draft: Draft, path: Path) -> str:
    """What a field is called in its form; one in a row goes by its own name."""
    if path == NOTE:
        return IN_THE_NOTE
    shape = next((one for one in draft.form.shapes if one.name == path[0]), None)
    for name in path[1:]:
        if shape and isinstance(name, str):
            shape = next((part for part in shape.parts if part.name == name), None)
        elif shape:
            shape = shape.each
    return shape.label if shape else ""


def _texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text in the values of a form, and where it stands."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name != WAS:
                yield from _texts(inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*path, number))
