"""Organisations: Sweden's municipalities and regions, and others from ``content/organisations.yaml``.

A municipality is a slug in files ("sodertalje": YAML takes an unquoted code such as 0114 for a number), and its code is
a text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.library.document import BrokenDocument, Problem
from app.library.fields import SLUG
from app.library.folders import read_bytes
from app.library.front_matter import LARGEST_FILE, check_characters
from app.library.slugs import slugify
from app.library.validation import problems_of, without_nulls
from app.library.vocabulary import Country, Words
from app.library.yaml_nodes import Place, read_nodes

PATH = "content/organisations.yaml"
MOST_FOUND = 20
# How alike, of 100, what was written and what was probably meant are.
NEAR = 70
# One that is so much less alike than the likeliest was not meant.
NEAR_THE_BEST = 10
_OF_A_MUNICIPALITY = re.compile("-(kommuns?|stads?)$")


class OrganisationSort(Words):
    """What sort of organisation it is."""

    MUNICIPALITY = "municipality", "kommun"
    REGION = "region", "region"
    DISTRICT = "district", "stadsdel"
    UNIT = "unit", "enhet"
    UNIVERSITY = "university", "högskola eller universitet"
    ASSOCIATION = "association", "kommunalförbund"
    NATIONAL = "national", "nationell organisation"
    ABROAD = "abroad", "organisation utomlands"
    OTHER = "other", "annan organisation"
    INVENTED = "invented", "påhittad organisation"


@dataclass(frozen=True)
class Organisation:
    """``name`` is the full name ("Södertälje kommun"), ``short`` what lists say ("Södertälje"). ``code`` and
    ``county_code`` are texts ("0181", "01"), empty where there are none. ``parent`` is the slug of the organisation
    that this is a part of.
    """

    slug: str
    name: str
    short: str
    sort: OrganisationSort
    code: str = ""
    county: str = ""
    county_code: str = ""
    parent: str = ""
    country: Country = Country.SWEDEN

    def __str__(self) -> str:
        return self.short


class _Written(BaseModel):
    """One organisation in the file, under its slug."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(title="Namn", min_length=1, max_length=150)
    short: str = Field("", title="Kort namn", max_length=80)
    sort: OrganisationSort = Field(OrganisationSort.OTHER, title="Sort")
    parent: str = Field("", title="Del av", pattern=rf"^({SLUG})?$")
    county: str = Field("", title="Län")
    country: Country = Field(Country.SWEDEN, title="Land")


@dataclass(frozen=True)
class Organisations:
    """All organisations by slug.

    ``problems`` are the faults in the file; what is faulty is left out, the rest stands.
    """

    by_slug: Mapping[str, Organisation]
    problems: tuple[Problem, ...] = ()
    _children: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for organisation in self.by_slug.values():
            if organisation.parent:
                self._children.setdefault(organisation.parent, []).append(organisation.slug)

    def get(self, slug: str) -> Organisation | None:
        return self.by_slug.get(slug)

    def name_of(self, slug: str) -> str:
        """The organisation's name; of one that no register knows, that it is unknown, and what is written."""
        found = self.by_slug.get(slug)
        return found.name if found else f"okänd organisation ({slug})"

    def near(self, written: str, limit: int = 3) -> list[Organisation]:
        """Those that were probably meant by what no register knows, the likeliest first."""
        from rapidfuzz import process  # only those who need it load it

        word = _OF_A_MUNICIPALITY.sub("", slugify(written))
        # "kil" stands inside "eskilstna", and nobody who wrote the one meant the other.
        possible = [slug for slug in self.by_slug if 2 * len(slug) >= len(word)]
        found = process.extract(word, possible, limit=limit, score_cutoff=NEAR)
        return [self.by_slug[slug] for slug, score, _ in found if score > found[0][1] - NEAR_THE_BEST]

    def all(self) -> Sequence[Organisation]:
        """Every organisation, by name as Swedish sorts it."""
        return sorted(self.by_slug.values(), key=lambda organisation: swedish_order(organisation.short))

    def __iter__(self) -> Iterator[Organisation]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.by_slug)

    def within(self, slug: str) -> frozenset[str]:
        """The slugs of the organisations that are parts of this one, and of their parts."""
        found: set[str] = set()
        waiting = [slug]
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if child not in found:
                    found.add(child)
                    waiting.append(child)
        return frozenset(found)

    def search(self, words: str, limit: int = MOST_FOUND) -> Sequence[Organisation]:
        """Those with a name of which every word searched for begins a word; the best first.

        Å, ä and ö need not be typed.
        """
        wanted = slugify(words)
        if not wanted:
            return []
        found = []
        for organisation in self.by_slug.values():
            short, full = slugify(organisation.short), slugify(organisation.name)
            names = {*short.split("-"), *full.split("-"), *organisation.slug.split("-"), organisation.code}
            if all(any(name.startswith(word) for name in names) for word in wanted.split("-")):
                unlike = organisation.short.casefold() != words.strip().casefold()
                rank = (unlike, short != wanted, not short.startswith(wanted), not full.startswith(wanted))
                found.append((rank, swedish_order(organisation.short), organisation))
        return [organisation for _, _, organisation in sorted(found, key=lambda entry: entry[:2])[:limit]]


def swedish_order(text: str) -> str:
    """A key that sorts å, ä and ö last, and capital letters as small ones."""
    return text.casefold().translate(str.maketrans("åäö", "{|}"))


def load_organisations(home: Path) -> Organisations:
    """The built-in organisations and those of the home folder's file. Faults in the file are reported, never raised."""
    built_in = _built_in()
    try:
        content = read_bytes(home, PATH, LARGEST_FILE)
        written, problems = _written(content.decode() if content else "")
    except BrokenDocument as broken:
        written, problems = {}, broken.problems
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        written, problems = {}, [Problem(PATH, "filen är inte sparad som UTF-8. Spara den så", line)]
    by_slug = {**built_in, **{slug: organisation for slug, organisation in written.items() if slug not in built_in}}
    return Organisations(by_slug, tuple(problems))


def _written(text: str) -> tuple[dict[str, Organisation], list[Problem]]:
    check_characters(PATH, text)
    root = read_nodes(PATH, text.removeprefix("\ufeff"))
    lines = dict(root.places(first_line=1))
    found: dict[str, Organisation] = {}
    problems: list[Problem] = []
    for slug, values in root.plain.items():
        try:
            found[slug] = _organisation(slug, values)
        except ValidationError as error:
            own = {place[1:]: line for place, line in lines.items() if place[:1] == (slug,)}
            wrong = problems_of(PATH, _Written, error, own, first_line=lines[(slug,)])
            problems.extend(Problem(PATH, f"{slug}: {one.message}", one.line, (slug, *one.field)) for one in wrong)
        except ValueError as error:
            problems.append(Problem(PATH, str(error), lines[(slug,)], (slug,)))
    return _with_parents(found, lines, problems)


def _organisation(slug: str, values: Any) -> Organisation:
    if slugify(slug) != slug:
        raise ValueError(f"”{slug}” kan inte vara adressord. Skriv små bokstäver a–z, siffror och bindestreck")
    if slug in _built_in():
        raise ValueError(f"”{slug}” finns redan bland kommunerna och regionerna. Välj ett annat adressord")
    if not isinstance(values, dict | None):
        raise ValueError(f"{slug} ska vara en grupp: indragna rader som ”nyckel: värde” under adressordet")
    written = _Written.model_validate(without_nulls(values or {}))
    return Organisation(
        slug,
        name=written.name,
        short=written.short or written.name,
        sort=written.sort,
        county=written.county,
        parent=written.parent,
        country=written.country,
    )


def _with_parents(
    found: dict[str, Organisation], lines: Mapping[Place, int], problems: list[Problem]
) -> tuple[dict[str, Organisation], list[Problem]]:
    """Without those whose parent is not there, or is a part of the organisation itself."""
    known = {**_built_in(), **found}
    kept = {}
    for slug, organisation in found.items():
        line = lines.get((slug, "parent"), lines[(slug,)])
        above = [slug]
        while (parent := known[above[-1]].parent) and parent in known and parent not in above:
            above.append(parent)
        if not parent:
            kept[slug] = organisation
        elif parent in known:
            problems.append(Problem(PATH, f"”{slug}” är del av sig själv. Ändra parent", line, (slug, "parent")))
        else:
            problems.append(Problem(PATH, f"{slug}: det finns ingen organisation ”{parent}”", line, (slug, "parent")))
    return kept, problems


@lru_cache(maxsize=1)
def _built_in() -> Mapping[str, Organisation]:
    counties = {row["code"]: row["county"] for row in _rows("regions.csv")}
    regions = (
        Organisation(
            row["slug"],
            name=row["name"],
            short=row["name"],
            sort=OrganisationSort.REGION,
            code=row["code"],
            county=row["county"],
            county_code=row["code"],
        )
        for row in _rows("regions.csv")
    )
    municipalities = (
        Organisation(
            row["slug"],
            name=row["name"],
            short=row["short"],
            sort=OrganisationSort.MUNICIPALITY,
            code=row["code"],
            county=counties[row["county_code"]],
            county_code=row["county_code"],
        )
        for row in _rows("municipalities.csv")
    )
    return {organisation.slug: organisation for organisation in (*municipalities, *regions)}


def _rows(name: str) -> Iterable[dict[str, str]]:
    text = resources.files("app.library").joinpath(name).read_text(encoding="utf-8")
    return csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
