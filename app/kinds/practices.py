"""Practices (arbetssätt): a way of working, described so that somebody else can do it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from app.library.document import FrontMatter, Group, Heading, Kind, Step
from app.library.fields import Long, Quantity
from app.library.vocabulary import Per


class Cost(Group):
    """What something costs, as its source says it."""

    amount: Quantity = Field(title="Kronor", description="Till exempel ”13,3 miljoner” eller ”högst 85 000”.")
    per: Per = Field(Per.TOTAL, title="Gäller")
    years: Quantity | None = Field(None, title="I hur många år")
    what: str = Field("", title="Vad pengarna går till")
    paid_by: str = Field("", title="Vem betalar")


class Evidence(Group):
    """Three kinds of knowledge, each important by itself; never added up to a grade."""

    research: Annotated[str, Long()] = Field("", title="Forskning", description="Vad säger studier? Ange källan.")
    experience: Annotated[str, Long()] = Field(
        "", title="Professionens erfarenhet", description="Vad har medarbetare sett, och hur vet ni det?"
    )
    clients: Annotated[str, Long()] = Field(
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
    costs: list[Cost] = Field(default_factory=list, title="Kostnad")
    evidence: Evidence = Field(default_factory=Evidence, title="Vad bygger det på?")
    right_five: RightFive = Field(default_factory=RightFive, title="Fem frågor")
    legal_basis: str = Field("", title="Rättslig grund", description="Till exempel ”4 kap. 1 § socialtjänstlagen”.")
    contact: str = Field("", title="Vem kan svara på frågor", description="Skriv en roll och en enhet, inget namn.")
    review_by: date | None = Field(None, title="Ses över senast", description="ÅÅÅÅ-MM-DD")


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
