"""A form as a page shows it: every field with its posted name, its value, its errors and what may be chosen.

``_parts/form.html`` draws boxes; it decides nothing that is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.web.forms.shapes import FormStep, Shape, Sort
from app.web.forms.values import WAS, Values, blank

# As many documents as fit as check boxes before a box to type in, with suggestions, is quicker.
MOST_CHECK_BOXES = 8
LONGEST_IN_COLUMNS = 40

Path = tuple[str | int, ...]
Errors = Mapping[Path, Sequence[str]]


class Suggestions(Protocol):
    """What may be chosen where a field names an organisation or another document."""

    def organisation_words(self, slug: str) -> str: ...
    def reference_words(self, kind: str, slug: str) -> str: ...
    def references(self, kind: str) -> Sequence[tuple[str, str]]: ...
    def owners(self) -> Sequence[tuple[str, str]]: ...
    def rows_above(self, name: str) -> Sequence[str]: ...


@dataclass
class Box:
    """One field on a page. ``name`` is what the browser posts; ``boxes`` are a group's fields or a list's rows."""

    shape: Shape
    name: str
    value: Any
    path: Path
    errors: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    choices: Sequence[tuple[str, str]] = ()
    number: int = 0
    was: str = ""
    focused: bool = False
    preview: str = ""
    preview_focused: bool = False
    # What looks like a personal number in it: the mark by which that is declared to be none, and how it looks.
    declarable: list[tuple[str, str]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"f-{self.name}"

    @property
    def sort(self) -> str:
        """How the page draws it: as its shape says, but what is named among few is chosen instead of typed."""
        chosen = {Sort.ROWS: Sort.CHOICES, Sort.ORGANISATION: Sort.CHOICE, Sort.TEXT: Sort.CHOICE}
        return str(chosen.get(self.shape.sort, self.shape.sort) if self.choices else self.shape.sort)

    @property
    def radios(self) -> bool:
        """Whether all words of a choice are shown at once; in rows, that come again and again, they unfold."""
        return self.shape.radios and len(self.path) == 1

    @property
    def long_words(self) -> bool:
        """Whether the words of a choice are sentences, which are read one below the other."""
        return any(len(words) > LONGEST_IN_COLUMNS for _, words in self.choices)

    @property
    def label(self) -> str:
        return f"{self.shape.label}, rad {self.number}" if self.number else self.shape.label

    @property
    def described_by(self) -> str:
        """The ids of the hint and the error, for aria-describedby."""
        ids = [f"{self.id}-h"] * bool(self.shape.hint) + [f"{self.id}-e"] * bool(self.errors)
        return " ".join(ids)

    @property
    def first_words(self) -> str:
        """What a row is known by where it is folded: its first line of text, or "" where that is not written."""
        return next((str(box.value) for box in self.boxes if box.sort in ("text", "long")), "")

    @property
    def opened(self) -> bool:
        """Whether a row that folds is open: somebody is at work on it, it is new, or something in it is wrong."""
        return not self.first_words or any(box.errors or box.focused for box in self.within())

    def within(self) -> Iterable[Box]:
        """This box and all that are in it."""
        yield self
        for box in self.boxes:
            yield from box.within()

    def find(self, name: str) -> Box | None:
        return next((box for box in self.within() if box.name == name), None)


@dataclass(frozen=True)
class Mistake:
    """A line of the error summary: what is wrong, and the address of the field ("#f-title"), if it has one."""

    message: str
    target: str = ""


def boxes_of(step: FormStep, values: Values, suggestions: Suggestions, errors: Errors | None = None) -> list[Box]:
    """The boxes of a step with the values and errors that belong to them."""
    maker = _Maker(suggestions, errors or {})
    return [maker.box(shape, shape.name, values.get(shape.name, blank(shape)), (shape.name,)) for shape in step.shapes]


@dataclass(frozen=True)
class _Maker:
    suggestions: Suggestions
    errors: Errors

    def box(self, shape: Shape, name: str, value: Any, path: Path, number: int = 0) -> Box:
        box = Box(shape, name, value, path, list(self.errors.get(path, ())), number=number)
        match shape.sort:
            case Sort.GROUP:
                box.was = value.get(WAS, "")
                box.boxes = [
                    self.box(part, f"{name}-{part.name}", value.get(part.name, blank(part)), (*path, part.name))
                    for part in shape.parts
                ]
            case Sort.ROWS:
                self._fill_rows(box)
            case Sort.ORGANISATION:
                self._fill_organisation(box)
            case Sort.REFERENCE:
                box.value = self.suggestions.reference_words(shape.refers_to, value)
            case Sort.TEXT if shape.names_row_of:
                box.choices = _rows_or_as_written(self.suggestions.rows_above(shape.names_row_of), value)
            case Sort.CHOICE | Sort.CHOICES:
                box.choices = [one for one in shape.choices if one[0] == value or one[0] not in shape.not_offered]
                if shape.as_written and value and value not in dict(shape.choices):
                    box.choices = [*box.choices, (value, f"{value} (finns inte i listan)")]
        return box

    def _fill_organisation(self, box: Box) -> None:
        """The owner is one of the viewer's own organisations; every other one is typed, with suggestions."""
        if box.name == "owner" and (owners := list(self.suggestions.owners())):
            if box.value and box.value not in dict(owners):
                owners.append((box.value, self.suggestions.organisation_words(box.value)))
            box.choices = owners
        else:
            box.value = self.suggestions.organisation_words(box.value)

    def _fill_rows(self, box: Box) -> None:
        row = box.shape.each
        if row.sort is Sort.REFERENCE and (choices := self._check_boxes(row, box.value)):
            box.choices = choices
            box.errors += [message for path, found in self.errors.items() if path[:-1] == box.path for message in found]
            return
        box.boxes = [
            self.box(row, f"{box.name}-{number}", value, (*box.path, number), number + 1)
            for number, value in enumerate(box.value)
        ]

    def _check_boxes(self, row: Shape, chosen: Sequence[str]) -> list[tuple[str, str]]:
        """Few documents to choose among, with those already chosen; nothing where there are none or too many."""
        choices = list(self.suggestions.references(row.refers_to))
        known = {slug for slug, _ in choices}
        choices += [(s, self.suggestions.reference_words(row.refers_to, s)) for s in chosen if s not in known]
        return choices if len(choices) <= MOST_CHECK_BOXES else []


def _rows_or_as_written(names: Sequence[str], written: str) -> list[tuple[str, str]]:
    """The rows to choose among, and what is written where none is called so; nothing where there are no rows."""
    choices = [(written if name.casefold() == written.casefold() else name, name) for name in names]
    if choices and written and written not in dict(choices):
        choices.append((written, f"{written} (finns inte längre bland de andra)"))
    return choices
