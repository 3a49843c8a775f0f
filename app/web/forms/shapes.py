"""The form of a kind, made from its front matter, its headings and its steps.

A *shape* says what one field of a form is: a line of text, a choice, a group, rows that can be added. It is made once
per kind from the pydantic model and its markers, so a new field in a kind's module is a new field in its form.
"""

from __future__ import annotations

import re
import types
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.library.document import Heading, Kind
from app.library.fields import Long, NamesOrganisation, NamesRow, OrAsWritten, PartialDate, Quantity, RefersTo
from app.library.vocabulary import Words

MOST_RADIOS = 6
HEADING_PREFIX = "h_"
OTHER_TEXT = "h_ovrigt_"


class Sort(StrEnum):
    """What a field looks like and how its text is read."""

    TEXT = "text"
    LONG = "long"
    MARKDOWN = "markdown"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    QUANTITY = "quantity"
    ORGANISATION = "organisation"
    REFERENCE = "reference"
    GROUP = "group"
    ROWS = "rows"


@dataclass(frozen=True)
class Shape:
    """One field of a form.

    ``name`` is the key in the front matter (or a name made from a heading). ``choices`` are pairs of the file's word
    and the screen's, ``not_offered`` those of the file's words that only a file can begin with. ``parts`` are the
    fields of a group; ``row`` is what each row of a list looks like, and ``one`` what one row is called ("en källa"):
    the model's field says so in ``json_schema_extra``. Rows that have rows of their own may say there that they fold:
    then what is filled in is shown by its first words until somebody opens it. With ``as_written`` a choice may have a
    word that a file has and the list has not. ``names_row_of`` is the list, in the document above, of whose rows a text
    names one, with ``only_rows`` only where it has any.
    """

    name: str
    sort: Sort
    label: str
    hint: str = ""
    example: str = ""
    required: bool = False
    default: str = ""
    height: int = 3
    longest: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    not_offered: tuple[str, ...] = ()
    refers_to: str = ""
    heading: str = ""
    one: str = ""
    parts: tuple[Shape, ...] = ()
    row: Shape | None = None
    folds: bool = False
    as_written: bool = False
    names_row_of: str = ""
    only_rows: bool = False

    @property
    def radios(self) -> bool:
        """A short required choice shows all its words at once; others unfold."""
        return self.sort is Sort.CHOICE and self.required and len(self.choices) <= MOST_RADIOS

    @property
    def each(self) -> Shape:
        """What each row of a list looks like. Raises TypeError for what is no list."""
        if self.row is None:
            raise TypeError(f"{self.name} has no rows")
        return self.row

    @property
    def in_body(self) -> bool:
        return self.sort is Sort.MARKDOWN

    def part(self, name: str) -> Shape | None:
        return next((part for part in self.parts if part.name == name), None)


@dataclass(frozen=True)
class FormStep:
    """One page of a form; ``number`` counts from 1."""

    number: int
    title: str
    intro: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Form:
    """All pages of a kind's form."""

    kind: Kind
    steps: tuple[FormStep, ...]

    @property
    def shapes(self) -> tuple[Shape, ...]:
        return tuple(shape for step in self.steps for shape in step.shapes)

    def shape(self, name: str) -> Shape | None:
        return next((shape for shape in self.shapes if shape.name == name), None)

    def step(self, number: int) -> FormStep:
        """The step with a number; the nearest one for a number that is too small or too large."""
        return self.steps[min(max(number, 1), len(self.steps)) - 1]

    def step_of(self, name: str) -> FormStep | None:
        """The step on which a field is asked for."""
        return next((step for step in self.steps if any(shape.name == name for shape in step.shapes)), None)


@cache
def form_for(kind: Kind) -> Form:
    """The form of a kind. Text under headings that the kind does not know has a box on the last step with headings."""
    steps = [
        FormStep(number, step.title, step.intro, tuple(_shape_named(kind, name) for name in step.fields))
        for number, step in enumerate(kind.steps, start=1)
    ]
    with_text = [step for step in steps if any(shape.in_body for shape in step.shapes)]
    last = (with_text or steps)[-1]
    steps[last.number - 1] = replace(last, shapes=(*last.shapes, _OTHER))
    return Form(kind, tuple(steps))


_OTHER = Shape(
    name=OTHER_TEXT,
    sort=Sort.MARKDOWN,
    label="Övrigt",
    hint="Text som inte står under någon av rubrikerna i formuläret. Egna rubriker börjar med ##.",
    height=6,
)


def shapes_of(model: type[BaseModel]) -> tuple[Shape, ...]:
    """The fields of a model that is no kind's front matter: a form of its own."""
    return _parts(model)


def heading_name(title: str) -> str:
    """The name in a form of the text under a heading: "Så gör vi" -> "h_sa_gor_vi"."""
    plain = title.lower().translate(str.maketrans("åäöé", "aaoe"))
    return HEADING_PREFIX + re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _shape_named(kind: Kind, name: str) -> Shape:
    if name.startswith("# "):
        title = name.removeprefix("# ")
        heading = next((heading for heading in kind.headings if heading.title == title), Heading(title))
        return _heading_shape(heading)
    return _shape(name, kind.front_matter.model_fields[name])


def _heading_shape(heading: Heading) -> Shape:
    return Shape(
        name=heading_name(heading.title),
        sort=Sort.MARKDOWN,
        label=heading.title,
        hint=heading.question,
        example=heading.example,
        height=4,
        heading=heading.title,
    )


def _shape(name: str, field: FieldInfo) -> Shape:
    """The shape of a field of a pydantic model."""
    sort = _unwrapped(field.annotation, tuple(field.metadata))
    said = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    shape = Shape(
        name=name,
        sort=Sort.TEXT,
        label=field.title or name,
        one=str(said.get("one", "")),
        folds=said.get("folds") is True,
        not_offered=_words_in(said.get("not_offered")),
        hint=field.description or "",
        example=str(field.examples[0]) if field.examples else "",
        required=field.is_required(),
        default="" if field.is_required() or not isinstance(field.default, str) else str(field.default),
    )
    return _typed(shape, sort)


def _words_in(said: object) -> tuple[str, ...]:
    return tuple(map(str, said)) if isinstance(said, list) else ()


@dataclass(frozen=True)
class _Unwrapped:
    type: Any
    markers: tuple[object, ...]
    optional: bool = False


def _unwrapped(annotation: Any, markers: tuple[object, ...]) -> _Unwrapped:
    """A type without its ``Annotated`` and ``| None``, and the markers that stood there."""
    if get_origin(annotation) is Annotated:
        inner, *found = get_args(annotation)
        return _unwrapped(inner, (*markers, *found))
    if get_origin(annotation) in (Union, types.UnionType):
        inner = next(one for one in get_args(annotation) if one is not type(None))
        return replace(_unwrapped(inner, markers), optional=True)
    return _Unwrapped(annotation, markers)


def _typed(shape: Shape, found: _Unwrapped) -> Shape:
    if get_origin(found.type) is list:
        return _list_shape(shape, _unwrapped(get_args(found.type)[0], ()))
    if not isinstance(found.type, type):
        raise TypeError(f"no form field for {shape.name}: {found.type!r}")
    if issubclass(found.type, BaseModel):
        return replace(shape, sort=Sort.GROUP, parts=_parts(found.type))
    if issubclass(found.type, Words):
        words = tuple((str(word), _capital(word.swedish)) for word in found.type)
        as_written = any(isinstance(marker, OrAsWritten) for marker in found.markers)
        return replace(shape, sort=Sort.CHOICE, choices=words, required=not found.optional, as_written=as_written)
    for wanted, sort, hint in _PLAIN:
        if issubclass(found.type, wanted):
            return replace(shape, sort=sort, hint=shape.hint or hint)
    return _text_shape(shape, found.markers)


_PLAIN: tuple[tuple[type, Sort, str], ...] = (
    (bool, Sort.YES_NO, ""),
    (PartialDate, Sort.PARTIAL_DATE, "Till exempel 2026-02-03, ”mars 2019” eller ”framgår inte”."),
    (Quantity, Sort.QUANTITY, "Ett tal, eller till exempel ”cirka 50”."),
    (date, Sort.DATE, "ÅÅÅÅ-MM-DD"),
)


def _list_shape(shape: Shape, found: _Unwrapped) -> Shape:
    if isinstance(found.type, type) and issubclass(found.type, Words):
        return replace(_typed(shape, found), sort=Sort.CHOICES, required=False)
    row = _typed(Shape(name="", sort=Sort.TEXT, label=shape.label), found)
    return replace(shape, sort=Sort.ROWS, row=row)


def _text_shape(shape: Shape, markers: tuple[object, ...]) -> Shape:
    longest = next((mark.max_length for mark in markers if hasattr(mark, "max_length")), 0)
    shape = replace(shape, longest=longest)
    for marker in markers:
        match marker:
            case Long(rows=rows):
                return replace(shape, sort=Sort.LONG, height=rows)
            case NamesOrganisation():
                return replace(shape, sort=Sort.ORGANISATION)
            case NamesRow(of=of, only=only):
                return replace(shape, names_row_of=of, only_rows=only)
            case RefersTo(kind=kind):
                return replace(shape, sort=Sort.REFERENCE, refers_to=kind)
    return shape


@cache
def _parts(model: type[BaseModel]) -> tuple[Shape, ...]:
    """The fields of a group but for those that no form shows: the model says so with ``"in_form": False``."""
    return tuple(_shape(name, field) for name, field in model.model_fields.items() if _in_form(field))


def _in_form(field: FieldInfo) -> bool:
    said = field.json_schema_extra
    return not isinstance(said, dict) or said.get("in_form") is not False


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
