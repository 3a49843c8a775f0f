"""A home where every field of every kind that holds words holds a hostile text, and every text stands in each kind."""

from __future__ import annotations

import types
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import cycle
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

import yaml
from flask import Flask
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.accounts.people import create_person, fit_name
from app.library.document import Kind
from app.library.fields import NamesOrganisation, PartialDate, Quantity, RefersTo, markers_of
from app.library.organisations import PATH as ORGANISATIONS
from tests.hostile_texts.texts import FILED, Text
from tests.library.hostile import picture
from tests.sequences.marks import with_lines

# Every list of rows is as long as this, so that a few pages show all texts.
ROWS = 12
# So many organisations and pages are named in each kind that there are none of.
NAMES_THAT_NOBODY_HAS = 6
FILES = 45
NOT_FILLED = (
    *("id", "owner", "publication", "visibility", "networks", "areas", "target_groups", "invented", "former_slugs"),
    *("attachments", "not_personal_numbers", "status"),
)


@dataclass
class Written:
    """What was written: the address of every page, by the kind's name."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    # Practices that have one text each, in title, summary and body.
    alone: list[tuple[Text, str]] = field(default_factory=list)
    with_files: list[str] = field(default_factory=list)

    @property
    def all_pages(self) -> list[str]:
        return [page for pages in self.pages.values() for page in pages]


def write_everywhere(app: Flask, alone: Sequence[Text] = FILED) -> Written:
    """Write the home of an app full, but for its organisations, and let the house look."""
    home: Path = app.extensions["settings"].home
    kinds: dict[str, Kind] = app.extensions["library"].kinds
    written = Written()
    for kind in kinds.values():
        _write_kind(home, kind, kinds, written)
    for text in alone:
        slug = f"ensam-{text.number}"
        body = text.written.replace("\r", "\n")
        _write(home, kinds["practices"], slug, body, title=text.on_one_line[:150] or "x", summary=text.on_one_line)
        written.alone.append((text, f"/arbetssatt/{slug}"))
    _write_with_files(home, kinds["practices"], written)
    _write_people(app)
    with app.app_context():
        app.extensions["archive"].reconcile()
        app.extensions["index"].index_words()
    return written


# ---- Documents ----


def _write(home: Path, kind: Kind, slug: str, body: str, **front_matter: Any) -> None:
    values = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"hostile:{kind.name}/{slug}")),
        "owner": "sodertalje",
        "publication": "published",
        **front_matter,
    }
    path = home / kind.path_of(slug)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{_as_yaml(values)}---\n\n{body}\n", encoding="utf-8")


def _as_yaml(values: dict[str, Any]) -> str:
    """Every sign of a text so that it comes back: what is not seen is written by its number."""
    return yaml.safe_dump(values, allow_unicode=False, sort_keys=False, width=1_000_000)


def _write_kind(home: Path, kind: Kind, kinds: dict[str, Kind], written: Written) -> None:
    """As many documents of a kind as it takes until every text stands in one of them."""
    fill, number = _Filler(), 0
    while not fill.all_used:
        number += 1
        slug = f"alla-{number}"
        if kind.parent:
            slug = f"alla-1/{number:02}-cykel"
        body = "\n\n".join(f"## {one.title}\n\n{fill.text(None)}" for one in kind.headings)
        values = {
            name: fill.value(one) for name, one in kind.front_matter.model_fields.items() if name not in NOT_FILLED
        }
        values = with_lines(values)
        for measure in values.get("measures") or ():
            # A file's name is no text, and two phases, or two points that are not counted, have days of their own.
            measure.pop("slug", None)
            del measure["phases"][1:], measure["excluded"][1:]
        status = kind.front_matter.model_fields.get("status")
        if status is not None:
            members = list(_enum_of(status.annotation))
            values["status"] = members[number % len(members)].value
        if kind.name == "learnings" and not any(values.get(name) for name in ("cycles", "studyvisits", "practices")):
            # What others are to read of what was learnt has to rest on something.
            values["practices"] = ["alla-1"]
        _write(home, kind, slug, body, **{key: value for key, value in values.items() if value is not None})
        written.pages.setdefault(kind.name, []).append(f"/{kind.url}/{slug}")


class _Filler:
    """Gives each field the next text that fits in it."""

    def __init__(self) -> None:
        self._texts = cycle(FILED)
        self._used: set[int] = set()
        self._names = NAMES_THAT_NOBODY_HAS
        self._within = 0

    @property
    def all_used(self) -> bool:
        return len(self._used) == len(FILED)

    def text(self, longest: int | None) -> str:
        for text in self._texts:
            written = text.on_one_line if longest else text.written
            if written.strip() and len(written) <= (longest or len(written)):
                self._used.add(text.number)
                return written
        raise AssertionError("no text fits")

    def value(self, described: FieldInfo) -> Any:
        """A value for a field; None where it is better left out."""
        if any(hasattr(one, "pattern") and one.pattern for one in described.metadata):
            return "https://skr.se/" if described.title == "Webbadress" else None
        longest = next((one.max_length for one in described.metadata if hasattr(one, "max_length")), None)
        refers = any(isinstance(one, RefersTo | NamesOrganisation) for one in markers_of(described))
        self._names -= refers
        if refers and self._names < 0:
            return "sodertalje" if described.is_required() else None
        return self._of_type(described.annotation, longest or (150 if refers else None))

    def _of_type(self, annotation: Any, longest: int | None) -> Any:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return self._of_type(arguments[0], longest)
        if origin in (Union, types.UnionType):
            return self._of_type(next(one for one in arguments if one is not type(None)), longest)
        if origin is list:
            of_groups = isinstance(arguments[0], type) and issubclass(arguments[0], BaseModel)
            # Rows within rows multiply.
            rows = ROWS if of_groups and not self._within else 2
            self._within += 1
            found = [self._of_type(arguments[0], longest) for _ in range(rows)]
            self._within -= 1
            return found
        return self._of_class(annotation, longest)

    def _of_class(self, cls: type, longest: int | None) -> Any:
        if issubclass(cls, BaseModel):
            filled = {name: self.value(one) for name, one in cls.model_fields.items()}
            return {name: value for name, value in filled.items() if value is not None}
        if issubclass(cls, StrEnum):
            return next(iter(cls)).value
        simple: dict[type, Any] = {
            PartialDate: "2026-11-12",
            Quantity: "cirka 50",
            bool: False,
            date: "2026-11-12",
            int: 5,
        }
        return simple[cls] if cls in simple else self.text(longest)


def _enum_of(annotation: Any) -> type[StrEnum]:
    while not isinstance(annotation, type):
        annotation = get_args(annotation)[0]
    assert issubclass(annotation, StrEnum)
    return annotation


# ---- What else has a name ----


def write_organisations(home: Path) -> list[str]:
    """Organisations with the texts for names; the addresses of their pages. An app reads them when it begins."""
    values = {f"ond-{text.number}": text.on_one_line[:80].strip() for text in FILED}
    named = {slug: {"name": name, "short": name} for slug, name in values.items() if name}
    (home / ORGANISATIONS).write_text(_as_yaml(named), encoding="utf-8")
    return [f"/organisationer/{slug}" for slug in named]


def _write_with_files(home: Path, kind: Kind, written: Written) -> None:
    content = picture()
    for first in range(0, len(FILED), FILES):
        slug, texts = f"filer-{first}", FILED[first : first + FILES]
        attachments = [
            {"file": f"bild-{one.number}.png", "title": one.on_one_line[:150], "alt": one.on_one_line[:300]}
            for one in texts
        ]
        body = "\n\n".join(f"![](bild-{one.number}.png)\n\n[fil](bild-{one.number}.png)" for one in texts)
        _write(home, kind, slug, body, title="Med filer", attachments=attachments)
        folder = home / f"content/practices/{slug}.files"
        folder.mkdir(exist_ok=True)
        for one in texts:
            (folder / f"bild-{one.number}.png").write_bytes(content)
        written.with_files.append(f"/arbetssatt/{slug}")


def _write_people(app: Flask) -> None:
    """Somebody in Södertälje with each text for a name, where it can be one."""
    with app.extensions["databases"].kept() as session:
        for text in FILED:
            name = text.on_one_line[:80]
            try:
                fit_name(name, "")
            except ValueError:
                continue
            create_person(
                session,
                email=f"ond{text.number}@larnat.test",
                name=name,
                password_hash="none",
                roles={"sodertalje": "member"},
            )
