"""The small types that front matter is made of: partial dates, qualified quantities, references and markers.

Sources are rarely exact: "3 februari" without a year, "cirka 2,5 miljoner", "ett femtiotal". These types keep what was
written to the letter, understand what can be understood, and say what is not stated.

A *marker* stands in an ``Annotated`` type and tells the rest of the house what a value means: that it is the slug of an
organisation, that it refers to another document, that readers may filter on it. The value itself stays plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel, GetCoreSchemaHandler, ValidationError, ValidatorFunctionWrapHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from app.library.vocabulary import Words

NOT_STATED = "framgår inte"
# Longer than this no word of a list is.
LONGEST_UNLISTED = 80
MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"

_MONTH = "|".join(MONTHS)
_WHEN = "|".join(("cirka", "omkring", "början av", "mitten av", "slutet av", "före", "efter", "till", "från"))
_ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")
_WORDS = re.compile(
    rf"(?:(?P<weekday>{'|'.join(WEEKDAYS)})(?:en)?\s+(?:den\s+)?)?(?:den\s+)?"
    rf"(?:(?P<day>\d{{1,2}})\s+)?(?P<month>{_MONTH})(?:\s+(?P<year>\d{{4}}))?"
)
_QUALIFIED_DATE = re.compile(rf"(?P<when>{_WHEN})\s+(?P<rest>.+)")


class _WrittenAsText:
    """A value that stands in the file as text, and is compared and kept as it was written."""

    raw: str

    @classmethod
    def parse(cls, text: str) -> _WrittenAsText:
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: object) -> _WrittenAsText:
            if isinstance(value, cls):
                return value
            if isinstance(value, str | int | float | date):
                return cls.parse(str(value))
            raise ValueError(f"skriv det som text, inte som {type(value).__name__}")

        return core_schema.no_info_plain_validator_function(
            read, serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value.raw)
        )


@dataclass(frozen=True)
class PartialDate(_WrittenAsText):
    """A date of which only a part may be known. ``year``, ``month`` and ``day`` are None where the source is silent."""

    raw: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: str = ""
    when: str = ""

    EXPECTED = (
        "ett datum som 2013-06-25, 2013-06, 2013, ”3 februari”, ”mars 2019”, ”början av mars” eller ”framgår inte”"
    )

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """The date that a text gives. Raises ValueError, saying in Swedish what was expected."""
        raw = " ".join(text.split())
        lower = raw.lower()
        if lower in ("", NOT_STATED):
            return cls(raw=raw or NOT_STATED)
        when = ""
        if qualified := _QUALIFIED_DATE.fullmatch(lower):
            when, lower = qualified["when"], qualified["rest"]
        found = _ISO.fullmatch(lower) or _WORDS.fullmatch(lower)
        if not found:
            raise ValueError(f"”{raw}” gick inte att förstå. Skriv {cls.EXPECTED}")
        parts = found.groupdict()
        month = parts["month"]
        number = (MONTHS.index(month) + 1 if month in MONTHS else int(month)) if month else None
        year = int(parts["year"]) if parts["year"] else None
        day = int(parts["day"]) if parts["day"] else None
        try:
            # A leap year stands in for an unknown one, so that 29 February is allowed.
            date(year or 2000, number or 1, day or 1)
        except ValueError:
            raise ValueError(f"”{raw}” finns inte i kalendern. Skriv {cls.EXPECTED}") from None
        return cls(raw, year, number, day, parts.get("weekday") or "", when)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """A day of the calendar, of which nothing is unknown."""
        return cls(day.isoformat(), day.year, day.month, day.day)

    @property
    def known(self) -> bool:
        return self.year is not None or self.month is not None

    @property
    def exact(self) -> date | None:
        """The calendar day, where all of it is known and nothing qualifies it."""
        if self.year and self.month and self.day and not self.when:
            return date(self.year, self.month, self.day)
        return None

    @property
    def sort_key(self) -> str:
        """Sorts by time as far as it is known; what has no year sorts first."""
        return f"{self.year or 0:04}-{self.month or 0:02}-{self.day or 0:02}"

    @property
    def missing(self) -> str:
        """What the source does not say: "", "år framgår inte" or "framgår inte"."""
        if not self.known:
            return NOT_STATED
        return "" if self.year else f"år {NOT_STATED}"

    @property
    def words(self) -> str:
        """The part that is known, in Swedish: "onsdag 3 februari", "mars 2019", "2013"; "" if nothing is known."""
        if not self.known:
            return ""
        parts = [self.when, self.weekday, str(self.day or ""), MONTHS[self.month - 1] if self.month else ""]
        return " ".join(part for part in (*parts, str(self.year or "")) if part)

    def __str__(self) -> str:
        return ", ".join(part for part in (self.words, self.missing) if part)


_QUALIFIERS = {
    "cirka": "about",
    "ca": "about",
    "omkring": "about",
    "ungefär": "about",
    "högst": "at_most",
    "max": "at_most",
    "maximalt": "at_most",
    "minst": "at_least",
    "över": "at_least",
    "drygt": "about",
    "knappt": "about",
}
_QUALIFIER_WORDS = {"about": "cirka", "at_most": "högst", "at_least": "minst"}
_ONE_TO_TWELVE = ("ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
_NUMBER_WORDS = {"en": 1, **{word: number for number, word in enumerate(_ONE_TO_TWELVE, start=1)}}
_TENS = ("tio", "tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio", "hundra")
_ABOUT_TENS = {f"{word}tal": 10 * number for number, word in enumerate(_TENS, start=1)}
_MULTIPLIERS = {
    "": 1,
    "tusen": 1_000,
    "tkr": 1_000,
    "miljon": 1_000_000,
    "miljoner": 1_000_000,
    "mkr": 1_000_000,
    "miljard": 1_000_000_000,
    "miljarder": 1_000_000_000,
}
_NUMBER = re.compile(
    r"(?P<digits>\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:[.,](?P<decimals>\d+))?\s*"
    r"(?P<times>tusen|tkr|miljon(?:er)?|mkr|miljard(?:er)?)?\s*(?P<unit>kronor|kr|procent|%)?"
)


@dataclass(frozen=True)
class Quantity(_WrittenAsText):
    """A number as a source gives it: exact, "cirka", "högst", "minst". ``number`` is None if it is not stated."""

    raw: str
    number: float | None = None
    qualifier: str = ""

    EXPECTED = "ett tal som 25, 85 000, ”13,3 miljoner”, ”cirka 50”, ”högst 85 000” eller ”framgår inte”"

    @classmethod
    def parse(cls, text: str) -> Quantity:
        """The quantity that a text gives. Raises ValueError, saying in Swedish what was expected."""
        raw = " ".join(text.split())
        lower = raw.lower()
        if lower in ("", NOT_STATED):
            return cls(raw=raw or NOT_STATED)
        first, _, rest = lower.partition(" ")
        qualifier = _QUALIFIERS.get(first, "")
        value = rest if qualifier else lower
        tens = value.removeprefix("ett ")
        if tens in _ABOUT_TENS:
            return cls(raw, float(_ABOUT_TENS[tens]), "about")
        if value in _NUMBER_WORDS:
            return cls(raw, float(_NUMBER_WORDS[value]), qualifier)
        found = _NUMBER.fullmatch(value)
        if not found:
            raise ValueError(f"”{raw}” gick inte att förstå. Skriv {cls.EXPECTED}")
        decimals, times = found["decimals"] or "", _MULTIPLIERS[found["times"] or ""]
        if len(decimals) == 3 and times == 1:
            raise ValueError(f"”{raw}” kan betyda två saker. Skriv tusental med mellanslag, som 1 234")
        digits = re.sub(r"\D", "", found["digits"])
        number = round(float(f"{digits}.{decimals or 0}") * times, 6)
        return cls(raw, number, qualifier)

    @property
    def known(self) -> bool:
        return self.number is not None

    @property
    def words(self) -> str:
        """In Swedish, with the qualifier: "cirka 2,5 miljoner", "högst 85 000"; "framgår inte" if not stated."""
        if self.number is None:
            return NOT_STATED
        return " ".join(part for part in (_QUALIFIER_WORDS.get(self.qualifier, ""), number_words(self.number)) if part)

    def __str__(self) -> str:
        return self.words


def number_words(number: float) -> str:
    """A number as Swedish prints it: "25", "85 000", "1 150 000", "13,3 miljoner"."""
    if number >= 1_000_000 and number % 100_000 == 0:
        return f"{number / 1_000_000:.1f}".replace(".0", "").replace(".", ",") + (
            " miljon" if number == 1_000_000 else " miljoner"
        )
    whole = f"{int(number):,}".replace(",", "\u00a0")
    if number == int(number):
        return whole
    return whole + "," + f"{number:.6f}".split(".")[1].rstrip("0")


# ---- Markers ----


@dataclass(frozen=True)
class RefersTo:
    """The value is the slug of a document of another kind. ``back`` is how the other page introduces this one."""

    kind: str
    back: str


@dataclass(frozen=True)
class NamesOrganisation:
    """The value is the slug of an organisation. ``role`` is how the organisation's page introduces this document."""

    role: str


@dataclass(frozen=True)
class Facet:
    """Readers may filter on the value. ``name`` stands in the URL (``?omrade=…``), ``label`` above the choices."""

    name: str
    label: str


@dataclass(frozen=True)
class FilledFacet(Facet):
    """Readers may filter on that something is said here, whatever it is: the choice is the field, by its title."""


@dataclass(frozen=True)
class Long:
    """Text of more than a line: a tall box in the form, Markdown on the page."""

    rows: int = 3


@dataclass(frozen=True)
class Value:
    """One value inside a front matter, with where it stands and the markers of its type."""

    path: tuple[str | int, ...]
    value: Any
    markers: tuple[object, ...]


@dataclass(frozen=True)
class NamesRow:
    """A text that names a row of a list in the document under which this one lies: a measure of the cycle's project.

    A form offers those that there are. What a file says besides is kept. ``only``: where there are none, it is not
    asked for.
    """

    of: str
    only: bool = False


@dataclass(frozen=True)
class OrAsWritten:
    """Of a closed list: a word that a file has and the list has not is kept as it is, and told of as a problem.

    The page is shown all the same. Not for what decides who may read: there a word that nobody knows stops.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        words = _words_in(source)

        def read(value: object, listed: ValidatorFunctionWrapHandler) -> object:
            try:
                return listed(value)
            except ValidationError:
                written = " ".join(value.split()) if isinstance(value, str) else ""
                if not written or len(written) > LONGEST_UNLISTED:
                    raise
                return words.unlisted(written)

        return core_schema.no_info_wrap_validator_function(read, handler(source))


def _words_in(annotation: Any) -> type[Words]:
    """The closed list in a type."""
    found = (one for one in (annotation, *get_args(annotation)) if isinstance(one, type) and issubclass(one, Words))
    return next(found)


def values(model: BaseModel, path: tuple[str | int, ...] = ()) -> Iterator[Value]:
    """Every plain value in a front matter, also inside lists and groups, with its markers. Empty ones are left out."""
    for name, field in type(model).model_fields.items():
        yield from _values_in(getattr(model, name), (*path, name), markers_of(field))


def _values_in(value: Any, path: tuple[str | int, ...], markers: tuple[object, ...]) -> Iterator[Value]:
    if value is None or value == "":
        return
    if isinstance(value, BaseModel):
        yield from values(value, path)
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _values_in(item, (*path, number), markers)
    else:
        yield Value(path, value, markers)


def markers_of(field: FieldInfo) -> tuple[object, ...]:
    """All the markers of a field's type, also of what is in its list."""
    return _markers(field.annotation, tuple(field.metadata))


def _markers(annotation: Any, found: tuple[object, ...]) -> tuple[object, ...]:
    """All the metadata of an annotation: ``list[Annotated[str, m]] | None`` gives m."""
    found = (*found, *getattr(annotation, "__metadata__", ()))
    for inner in getattr(annotation, "__args__", ()):
        found = _markers(inner, found)
    return found
