"""What is wrong with a front matter, in plain Swedish: the field's name, its line, and what is expected there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from app.library.document import Document, FrontMatter, Problem
from app.library.fields import values
from app.library.vocabulary import Publication, Words

Place = tuple[str | int, ...]

_A_DATE = "ett datum som 2026-02-03"
_EXPECTED = {
    "missing": "saknas. Lägg till den",
    "string_type": "ska vara en text",
    "string_sub_type": "ska vara en text",
    "list_type": "ska vara en lista: varje värde på en egen rad som börjar med streck",
    "model_type": "ska vara en grupp: indragna rader som ”nyckel: värde” under nyckeln",
    "model_attributes_type": "ska vara en grupp: indragna rader som ”nyckel: värde” under nyckeln",
    "dict_type": "ska vara en grupp: indragna rader som ”nyckel: värde” under nyckeln",
    "bool_type": "ska vara true (ja) eller false (nej)",
    "bool_parsing": "ska vara true (ja) eller false (nej)",
    "date_type": f"ska vara {_A_DATE}",
    "date_parsing": f"ska vara {_A_DATE}",
    "date_from_datetime_parsing": f"ska vara {_A_DATE}",
    "date_from_datetime_inexact": f"ska vara {_A_DATE}, utan klockslag",
    "int_type": "ska vara ett heltal",
    "int_parsing": "ska vara ett heltal",
    "int_from_float": "ska vara ett heltal",
    "float_type": "ska vara ett tal",
    "float_parsing": "ska vara ett tal",
}
# Patterns of the models, said in words.
_PATTERNS = {
    r"^(https?://\S+)?$": "ska vara en webbadress som börjar med https:// eller http://",
    r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$": "ska vara ett UUID med små bokstäver. Utan raden får sidan ett id",
    r"^(\d{4})?$": "ska vara ett årtal med fyra siffror",
    r"^(\d{1,2}[.:]\d{2}([–-]\d{1,2}[.:]\d{2})?)?$": "ska vara ett klockslag som 13.00 eller 13.00–15.30",
}


def without_nulls(values: Any) -> Any:
    """The same values without the keys that say nothing, so that the model's defaults hold."""
    if isinstance(values, dict):
        return {key: without_nulls(value) for key, value in values.items() if value is not None}
    if isinstance(values, list):
        return [without_nulls(value) for value in values if value is not None]
    return values


def group_of(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation: ``list[Guest] | None`` gives Guest."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := group_of(inner))), None)


def problems_of(
    path: str, model: type[BaseModel], error: ValidationError, lines: Mapping[Place, int], first_line: int = 1
) -> list[Problem]:
    """Every problem that pydantic found, with its line in the file; ``first_line`` for what is missing altogether."""
    return [
        Problem(path, _message(model, dict(wrong)), _line(wrong["loc"], lines, first_line), wrong["loc"])
        for wrong in error.errors(include_url=False)
    ]


def lacks_of(path: str, model: FrontMatter, lines: Mapping[Place, int], first_line: int = 1) -> Iterator[Problem]:
    """What a document that is not a draft any more lacks, at the line of the field or of ``publication``."""
    if model.publication in (Publication.IN_REVIEW, Publication.PUBLISHED):
        first_line = lines.get(("publication",), first_line)
        for name, message in model.lacking():
            field = _named(type(model), (name,))[1]
            yield Problem(path, f"{field}: {message}", _line((name,), lines, first_line), (name,))


def unlisted_of(document: Document) -> Iterator[Problem]:
    """The words that a document has and their lists have not, where that does not keep it from being read."""
    for value in values(document.front_matter):
        if isinstance(value.value, Words) and not value.value.is_listed:
            field, name = _named(type(document.front_matter), value.path)
            message = f"{name} kan inte vara {_shown(value.value)}. Skriv {_choices(field)}"
            yield Problem(document.path, message, _line(value.path, document.lines, 0), value.path)


def doubtful_of(document: Document) -> Iterator[Problem]:
    """What a document says that cannot be, where that does not keep it from being read."""
    for field, message in document.front_matter.doubtful():
        _, name = _named(type(document.front_matter), (field,))
        yield Problem(document.path, f"{name}: {message}", _line((field,), document.lines, 0), (field,))


def _line(place: Place, lines: Mapping[Place, int], first_line: int) -> int:
    """The line of the value, or of the nearest thing around it."""
    around = (place[:length] for length in range(len(place), 0, -1))
    return next((lines[outer] for outer in around if outer in lines), first_line)


def _message(model: type[BaseModel], wrong: dict[str, Any]) -> str:
    field, name = _named(model, wrong["loc"])
    sort, context = wrong["type"], wrong.get("ctx", {})
    match sort:
        case "value_error":
            return f"{name}: {context.get('error', wrong['msg'])}"
        case "enum":
            return f"{name} kan inte vara {_shown(wrong['input'])}. Skriv {_choices(field)}"
        case "string_too_long":
            return f"{name} är för lång: {len(wrong['input'])} tecken. Skriv högst {context['max_length']}"
        case "string_too_short":
            return f"{name} är tom. Skriv något där"
        case "string_pattern_mismatch":
            return f"{name} {_PATTERNS.get(context['pattern'], 'har fel form')}, inte {_shown(wrong['input'])}"
        case "extra_forbidden":
            return f"{name} är inget som kan stå här. Skriv något av: {', '.join(model.model_fields)}"
        case "missing":
            return f"{name} {_EXPECTED['missing']}"
    return f"{name} {_EXPECTED.get(sort, 'gick inte att förstå')}, inte {_shown(wrong['input'])}"


def name_of(model: type[BaseModel], place: Sequence[str | int]) -> str:
    """What people call the value at a place, counted from 1, and its key: "Tillfällen 1, Gäster 2 (guests)"."""
    return _named(model, place)[1]


def _named(model: type[BaseModel], place: Sequence[str | int]) -> tuple[FieldInfo | None, str]:
    """The field, and its name with numbers, groups and key: "Tillfällen 1, Gäster 2, Anmälan (status)"."""
    group: type[BaseModel] | None = model
    field: FieldInfo | None = None
    words: list[str] = []
    for part in place:
        if isinstance(part, int):
            words[-1:] = [f"{words[-1]} {part + 1}" if words else str(part + 1)]
            continue
        field = group.model_fields.get(part) if group else None
        words.append((field.title if field else None) or part)
        group = group_of(field.annotation) if field else None
    key = next((part for part in reversed(place) if isinstance(part, str)), "")
    if words and words[-1].endswith("?"):
        # A question within a sentence stands in quotation marks: ”Vad är problemet?” saknas.
        words[-1] = f"”{words[-1]}”"
    return field, f"{', '.join(words)} ({key})"


def _choices(field: FieldInfo | None) -> str:
    words = _enumeration(field.annotation) if field else None
    if words is None:
        return "ett av de ord som är tillåtna"
    return "ett av: " + ", ".join(
        f"{member.value} ({member.swedish})" if isinstance(member, Words) else str(member.value) for member in words
    )


def _enumeration(annotation: Any) -> type[Enum] | None:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _enumeration(inner))), None)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "en grupp"
    if isinstance(value, list):
        return "en lista"
    text = " ".join(str(value).split())
    return f"”{text[:60]}…”" if len(text) > 60 else f"”{text}”"
