"""Practices (arbetssätt): a way of working, described so that somebody else can do it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from flask import Blueprint, Response
from pydantic import Field

from app import reading
from app.accounts.access import may_see
from app.accounts.rules import asks, open_to_anyone
from app.editing import add_editing, events
from app.library.document import FrontMatter, Group, Heading, Kind, Step
from app.library.fields import FilledFacet, Long, PartialDate, Quantity
from app.library.pace import Due, Pace
from app.library.vocabulary import Per


class Cost(Group):
    """What something costs, as its source says it."""

    amount: Quantity = Field(title="Kronor", description="Till exempel ”13,3 miljoner” eller ”högst 85 000”.")
    per: Per = Field(Per.TOTAL, title="Gäller")
    years: Quantity | None = Field(None, title="I hur många år")
    what: str = Field("", title="Vad pengarna går till")
    paid_by: str = Field("", title="Vem betalar")

    @property
    def in_all(self) -> Quantity | None:
        """What a yearly cost comes to in all its years, where both are stated."""
        if self.per is not Per.YEAR or self.amount.number is None or self.years is None or self.years.number is None:
            return None
        qualifier = self.amount.qualifier or self.years.qualifier
        return Quantity("", self.amount.number * self.years.number, qualifier)


FROM = FilledFacet("kunskap", "Kunskap från")


class Evidence(Group):
    """Three kinds of knowledge, each important by itself; never added up to a grade."""

    research: Annotated[str, Long(), FROM] = Field("", title="Forskning", description="Vad säger studier? Ange källan.")
    experience: Annotated[str, Long(), FROM] = Field(
        "", title="Professionens erfarenhet", description="Vad har medarbetare sett, och hur vet ni det?"
    )
    clients: Annotated[str, Long(), FROM] = Field(
        "", title="Klienternas röst", description="Vad säger de det berör, och hur har ni frågat?"
    )


class RightFive(Group):
    """KNUT's principle as five questions."""

    intervention: Annotated[str, Long(2)] = Field("", title="Rätt insats")
    person: Annotated[str, Long(2)] = Field("", title="Rätt person")
    time: Annotated[str, Long(2)] = Field("", title="Rätt tid")
    cost: Annotated[str, Long(2)] = Field("", title="Rätt kostnad")
    actor: Annotated[str, Long(2)] = Field("", title="Rätt aktör")


class Practice(FrontMatter):
    unit: str = Field("", title="Enhet")
    costs: list[Cost] = Field(default_factory=list, title="Kostnad", json_schema_extra={"one": "en kostnad"})
    evidence: Evidence = Field(default_factory=Evidence, title="Vad bygger det på?")
    right_five: RightFive = Field(default_factory=RightFive, title="Fem frågor")
    legal_basis: str = Field(
        "", title="Rättslig grund", description="Till exempel ”socialtjänstlagens bestämmelser om försörjningsstöd”."
    )
    contact: str = Field("", title="Vem kan svara på frågor", description="Skriv en roll och en enhet, inget namn.")
    review_by: date | None = Field(None, title="Ses över senast", description="ÅÅÅÅ-MM-DD")

    def pace(self) -> Pace:
        """A way of working grows old: readers are told when nobody has looked the page over in time."""
        due = [Due("Sidan sedd över", PartialDate.of(self.review_by), "Behöver ses över")] if self.review_by else []
        return Pace(due=due)

    @property
    def overdue(self) -> bool:
        """Whether somebody should have looked the page over before today."""
        return self.review_by is not None and self.review_by < datetime.now(UTC).date()


# The twelve items of TIDieR (Hoffmann 2014, doi 10.1136/bmj.g1687), as headings, and what must and may be changed.
HEADINGS = (
    Heading("Kort namn", "Vad kallar ni det?"),
    Heading("Varför", "Vilket problem löser det, och varför tror ni att det hjälper?"),
    Heading("Material", "Vilka blanketter, verktyg och lokaler behövs?"),
    Heading("Så gör vi", "Vad gör ni, steg för steg?"),
    Heading("Vem gör det, och vilken kompetens krävs", "Vilka roller, hur många, med vilken utbildning?"),
    Heading("På vilket sätt", "Enskilt eller i grupp, i möte, per telefon eller digitalt?"),
    Heading("Var", "På vilken plats sker det?"),
    Heading("När och hur mycket", "Hur ofta, hur länge, hur många gånger?"),
    Heading("Anpassning till den enskilde", "Hur anpassas det efter personens behov och vilja?"),
    Heading("Ändringar under vägen", "Vad har ni ändrat sedan ni började, och varför?"),
    Heading("Hur väl det planerades följa", "Hur tänkte ni se till att det görs som det är tänkt?"),
    Heading("Hur väl det följdes", "Hur blev det, och hur vet ni det?"),
    Heading("Det som inte får ändras", "Vilka delar måste vara med för att det ska fungera?"),
    Heading("Det som får anpassas", "Vad kan andra göra på sitt eget sätt?"),
)

KIND = Kind(
    name="practices",
    one="arbetssätt",
    the="arbetssättet",
    many="arbetssätt",
    url="arbetssatt",
    menu="Arbetssätt",
    front_matter=Practice,
    path="content/practices/{slug}.md",
    headings=HEADINGS,
    steps=(
        Step("Det viktigaste", ("title", "summary", "owner", "unit", "target_groups", "areas")),
        Step("Så går det till", tuple(f"# {heading.title}" for heading in HEADINGS)),
        Step("Vad det bygger på", ("evidence", "right_five")),
        Step("Kostnad och kontakt", ("costs", "legal_basis", "contact", "networks", "sources", "invented")),
        Step("Vem får läsa", ("publication", "visibility", "review_by")),
    ),
)

TIDIER = tuple(heading.title for heading in HEADINGS[:12])

blueprint = Blueprint(KIND.name, __name__, url_prefix=f"/{KIND.url}")


@blueprint.get("")
@open_to_anyone("it lists what the viewer may see")
def index() -> Response:
    """All practices that the viewer may see."""
    return reading.index(KIND)


@blueprint.get("/<path:slug>")
@asks(may_see)
def show(slug: str) -> Response:
    """One practice: facts, what it rests on, how it is done, and how much of that is described."""
    document = reading.open_document(KIND, slug)
    filled = {part.title: part for part in reading.parts_of(document, above=3)}
    return reading.show(
        document,
        described=[filled[title] for title in TIDIER if title in filled],
        waiting=[one for one in events.waiting(document, filled) if one[0] in TIDIER],
        parts=[part for part in reading.parts_of(document) if part.title not in TIDIER],
    )


add_editing(blueprint, KIND)
