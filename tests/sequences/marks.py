"""Documents in which every text of every field has a word of its own, so that one sees where it comes out again."""

from __future__ import annotations

import random
import re
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.library.document import FrontMatter, Kind
from app.library.fields import NamesOrganisation, PartialDate, Quantity, RefersTo, markers_of
from app.library.vocabulary import Area, TargetGroup
from tests.sequences.told import TODAY

CONSONANTS, VOWELS = "bdfgklmnprtv", "aeiou"
# No Swedish word is like it, no stem is taken off it, and one letter wrong makes another that is none.
MARK = re.compile(r"zq(?:[bdfgklmnprtv][aeiou]){2}[bdfgklmnprtv]x", re.IGNORECASE)
# What the world decides by itself, or says with words that stand in a list.
DECIDED = frozenset(FrontMatter.model_fields) - {"sources"} | {"members", "status_history", "progress_history"}


def marks() -> Iterator[str]:
    """Words that nobody has written before."""
    for first in CONSONANTS:
        for second in CONSONANTS:
            for last in CONSONANTS:
                for one in VOWELS:
                    for other in VOWELS:
                        yield f"zq{first}{one}{second}{other}{last}x"


def marks_in(text: str) -> set[str]:
    """The marks that stand in a text."""
    return {found.lower() for found in MARK.findall(text)}


def misspelt(mark: str) -> str:
    """A mark with a letter wrong, which is no mark of anything."""
    return f"{mark[:4]}w{mark[5:]}"


def front_matter(kind: Kind, chance: random.Random, mark: Callable[[], str]) -> dict[str, Any]:
    """A front matter in which every text of the kind's own fields has a mark; the rest is as chance has it."""
    own = with_lines(_filled(kind.front_matter, chance, mark, DECIDED))
    areas, groups = list(Area), list(TargetGroup)
    return {
        "title": f"Rubriken {mark()}",
        "summary": f"Det handlar om {mark()} och mer.",
        "areas": [str(one) for one in chance.sample(areas, chance.randrange(3))],
        "target_groups": [str(one) for one in chance.sample(groups, chance.randrange(2))],
        **own,
    }


def with_lines(own: dict[str, Any]) -> dict[str, Any]:
    """The same, with the lines of a driver diagram leading to something that is in it."""
    for primary in own.get("drivers", ()):
        for secondary in primary["secondary"]:
            for link in secondary["also"]:
                link["to"] = primary["text"]
            for link in (link for idea in secondary["ideas"] for link in idea["also"]):
                link["to"] = secondary["text"]
    return own


def body(kind: Kind, mark: Callable[[], str], links: list[str], files: Mapping[str, str]) -> str:
    """A body with marks in its headings, its text, its table and what its pictures show."""
    rows = [f"# {kind.headings[0].title if kind.headings else 'Om'}", f"Först {mark()} sedan.", f"## Mer om {mark()}"]
    rows += [f"Se [[{link}]]." for link in links] + [f"[Filen {mark()}]({name})" for name in files]
    rows += [f"| a | b |\n|---|---|\n| {mark()} | c |", f"# Egen rubrik {mark()}", f"Sist `{mark()}`."]
    return "\n\n".join(rows) + "\n"


def _filled(
    model: type[BaseModel], chance: random.Random, mark: Callable[[], str], without: frozenset[str] = frozenset()
) -> dict[str, Any]:
    found = {}
    for name, field in model.model_fields.items():
        # A file's name is no text.
        if name not in without and name != "slug":
            value = _value(field.annotation, field, chance, mark)
            if value is not None:
                found[name] = value
    return found


def _value(annotation: Any, field: FieldInfo, chance: random.Random, mark: Callable[[], str]) -> Any:
    markers = markers_of(field)
    if any(isinstance(marker, RefersTo) for marker in markers) or any(hasattr(m, "pattern") for m in field.metadata):
        return None
    if any(isinstance(marker, NamesOrganisation) for marker in markers):
        named = chance.choice(("solna", "habo")) if field.is_required() or chance.random() < 0.4 else None
        return [named] if named and get_origin(annotation) is list else named
    if get_origin(annotation) in (Union, types.UnionType):
        given = next(one for one in get_args(annotation) if one is not type(None))
        return _value(given, field, chance, mark) if chance.random() < 0.6 else None
    if get_origin(annotation) is list:
        (inner,) = get_args(annotation)
        return [_filled(inner, chance, mark)] if isinstance(inner, type) and issubclass(inner, BaseModel) else None
    return _plain(annotation, field, chance, mark)


def _plain(annotation: Any, field: FieldInfo, chance: random.Random, mark: Callable[[], str]) -> Any:
    if not isinstance(annotation, type):
        return None
    if issubclass(annotation, BaseModel):
        return _filled(annotation, chance, mark)
    if issubclass(annotation, Enum):
        return str(chance.choice(list(annotation)))
    if annotation is str:
        return f"Ord {mark()} till."
    if issubclass(annotation, PartialDate | date):
        return (TODAY + timedelta(days=chance.randrange(-400, 400))).isoformat()
    return "7" if issubclass(annotation, Quantity) else None
