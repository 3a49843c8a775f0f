"""A measure of a project: what is counted, how it is drawn, and which file its values lie in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, field_validator
from pydantic.config import JsonDict

from app.library import front_matter
from app.library.attachments import MEASURE_ENDING, is_name
from app.library.document import Document, Group
from app.library.fields import Long, OrAsWritten
from app.library.slugs import slugify
from app.library.vocabulary import Better, ChartSort, MeasureType
from app.measuring.points import SMALLEST_GROUP, Annotation, ChartType, Options, Phase
from app.measuring.points import Better as Direction
from app.measuring.reading.amounts import amount
from app.measuring.reading.unclear import Unclear
from app.publishing import Refused

NOT_IN_FORM: JsonDict = {"in_form": False}
FROM_FRACTIONS = (ChartSort.P, ChartSort.U)
# Charts that a numerator and a denominator may be drawn as; the others are of finished values.
OF_PAIRS = (ChartSort.RUN, ChartSort.I, ChartSort.MR, *FROM_FRACTIONS)
PERCENT = ("%", "procent")
LARGEST_GROUP = 1000


class NewPhase(Group):
    """From a day on, the values are judged by themselves. Why is always said."""

    begins: date = Field(title="Från och med")
    note: str = Field(title="Varför", min_length=1, max_length=200)


class LeftOut(Group):
    """A day whose values are shown and not counted. Why is always said; who did it, and when, is in the history."""

    day: date = Field(title="Datum")
    note: str = Field(title="Varför", min_length=1, max_length=200)


class Measure(Group):
    name: str = Field(title="Mått")
    type: Annotated[MeasureType, OrAsWritten()] = Field(MeasureType.OUTCOME, title="Sort")
    definition: Annotated[str, Long(2)] = Field("", title="Så räknar vi", description="Så att två räknar likadant.")
    numerator: str = Field(
        "", title="Täljare", description="Om det är en andel: de som räknas, till exempel möten i tid."
    )
    denominator: str = Field("", title="Nämnare", description="Alla som de är en del av, till exempel alla möten.")
    unit: str = Field("", title="Enhet", description="Till exempel procent eller dagar.")
    better: Annotated[Better, OrAsWritten()] = Field(Better.UP, title="Riktning")
    baseline: str = Field("", title="Utgångsläge")
    target: str = Field("", title="Mål", description="Ett tal i måttets enhet, så visas det i diagrammet.")
    how_often: str = Field("", title="Hur ofta", description="Till exempel varje vecka.")
    source: str = Field("", title="Källa", description="Varifrån värdena hämtas, till exempel verksamhetssystemet.")
    collected_by: str = Field("", title="Vem samlar in", description="En roll, inget namn.")
    chart: Annotated[ChartSort, OrAsWritten()] = Field(ChartSort.RUN, title="Diagram")
    smallest: int = Field(
        SMALLEST_GROUP,
        title="Minsta grupp som visas",
        description="Annars 5. Är nämnaren mindre visas värdet inte, så att ingen känns igen.",
    )
    # What is decided beside the chart, and what the file of the values is called once there are any.
    freeze: int | None = Field(None, title="Mätpunkter i baslinjen", json_schema_extra=NOT_IN_FORM)
    freeze_note: str = Field("", title="Varför baslinjen är låst", max_length=200, json_schema_extra=NOT_IN_FORM)
    phases: list[NewPhase] = Field(default_factory=list, title="Nya faser", json_schema_extra=NOT_IN_FORM)
    excluded: list[LeftOut] = Field(default_factory=list, title="Undantagna mätpunkter", json_schema_extra=NOT_IN_FORM)
    slug: str = Field("", title="Mätvärdenas fil", json_schema_extra=NOT_IN_FORM)

    @field_validator("smallest")
    @classmethod
    def _a_group(cls, value: int) -> int:
        if not 1 <= value <= LARGEST_GROUP:
            raise ValueError(f"skriv ett helt tal mellan 1 och {LARGEST_GROUP}")
        return value

    @field_validator("freeze")
    @classmethod
    def _a_baseline(cls, value: int | None) -> int | None:
        if value is not None and value < 2:
            raise ValueError("en baslinje behöver minst två mätpunkter")
        return value

    @field_validator("phases")
    @classmethod
    def _on_different_days(cls, value: list[NewPhase]) -> list[NewPhase]:
        if len({phase.begins for phase in value}) < len(value):
            raise ValueError("två faser kan inte börja samma dag")
        return value

    @field_validator("excluded")
    @classmethod
    def _once_each(cls, value: list[LeftOut]) -> list[LeftOut]:
        if len({one.day for one in value}) < len(value):
            raise ValueError("samma dag kan inte undantas två gånger")
        return value

    @field_validator("slug")
    @classmethod
    def _of_a_file(cls, value: str) -> str:
        if value and not is_name(value + MEASURE_ENDING):
            raise ValueError("skriv ett filnamn utan ändelse: små bokstäver a–z, siffror och bindestreck")
        return value

    @property
    def kind(self) -> ChartType:
        """What it is drawn as: where the file names no chart that there is, as the one that is for all values."""
        return ChartType(str(self.chart)) if self.chart.is_listed else ChartType.RUN

    @property
    def of_pairs(self) -> bool:
        """Whether it is counted as a numerator of a denominator, as far as its definition tells."""
        wanted = bool(self.numerator or self.denominator)
        return self.chart in FROM_FRACTIONS or (wanted and self.chart in OF_PAIRS)

    @property
    def own_columns(self) -> dict[str, str]:
        """What the columns of its table may be called by its own words, and which columns those are."""
        words = {self.numerator: "numerator", self.denominator: "denominator", self.name: "value"}
        return {name: column for name, column in words.items() if name}

    @property
    def reasons(self) -> dict[date, str]:
        """The days that are not counted, and why."""
        return {one.day: one.note for one in self.excluded}

    def aim(self, shares: bool) -> Decimal | None:
        """The target as the number of a line in the chart; None where it is none, or may be several.

        ``shares``: the values are parts of a whole, between 0 and 1, while people write 80 procent.
        """
        number = number_in(self.target)
        if number is None or not shares:
            return number
        percent = number > 1 or any(sign in f"{self.unit} {self.target}".lower() for sign in PERCENT)
        return number / 100 if percent else number

    def options(self, shares: bool, annotations: Sequence[Annotation] = ()) -> Options:
        """How its values are charted. ``shares`` as in ``aim``."""
        return Options(
            name=self.name,
            unit=self.unit,
            better=Direction(str(self.better)) if self.better.is_listed else Direction.NEUTRAL,
            target=self.aim(shares),
            freeze=self.freeze,
            freeze_note=self.freeze_note,
            phases=tuple(Phase(one.begins, one.note) for one in self.phases),
            annotations=tuple(annotations),
            smallest=self.smallest,
        )


def rewritten(document: Document, slug: str, change: Callable[[Measure], Measure], gone: str) -> str:
    """The text of a project in which one measure says something else. Raises Refused with ``gone`` if it has left."""
    measures = with_slugs(document.front_matter.measures)  # type: ignore[attr-defined]
    if slug not in measures:
        raise Refused(gone)
    changed = change(measures[slug])
    if changed == measures[slug]:
        return document.text
    said = [changed if key == slug else one for key, one in measures.items()]
    return front_matter.rewrite(document.text, {"measures": said}, model=document.kind.front_matter)


_NUMBER = re.compile(r"[+−-]?\d(?:[\d \u00a0\u202f.,]*\d)?")


def number_in(text: str) -> Decimal | None:
    """The only number in a few words ("högst 45"); None where there is none, there are several, or it may be two."""
    found = _NUMBER.findall(text)
    if len(found) != 1:
        return None
    try:
        return amount(found[0])
    except Unclear:
        return None


def with_slugs(measures: Sequence[Measure]) -> dict[str, Measure]:
    """The measures by what their files and addresses are called.

    A measure that has values says so itself; until then its name does. Two of the same name get a number.
    """
    taken = {measure.slug for measure in measures if measure.slug}
    found: dict[str, Measure] = {}
    for measure in measures:
        slug = measure.slug
        if not slug or slug in found:
            slug = _free(measure.name, taken | set(found))
        found[slug] = measure
    return found


def _free(name: str, taken: set[str]) -> str:
    stem = slugify(name)[:70].strip("-")
    if not is_name(stem + MEASURE_ENDING):
        stem = "matt"
    number = 2
    slug = stem
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
