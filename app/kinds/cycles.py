"""PGSA cycles (PGSA-cykler): planera, genomföra, studera, agera – one small test of a change."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.library.document import FrontMatter, Group, Heading, Kind, Step
from app.library.fields import SLUG, Facet, Long, PartialDate, RefersTo
from app.library.vocabulary import AsPlanned, CycleStatus, Decision, Outcome, Scale


class Prediction(Group):
    """What the team believes will happen, written before it is tried."""

    text: Annotated[str, Long()] = Field(
        "", title="Vad tror ni ska hända, och varför?", description="Börja gärna med ”Vi tror att … därför att …”."
    )
    measure: str = Field("", title="Mått", description="Om det kan räknas.")
    direction: str = Field("", title="Blir", description="Till exempel minst eller högst.")
    value: str = Field("", title="Värde")
    by: PartialDate | None = Field(None, title="Datum")


class Cycle(FrontMatter):
    status: Annotated[CycleStatus, Facet("status", "Status")] = Field(CycleStatus.PLANNED, title="Status")
    question: str = Field("", title="Vad vill ni få veta?", description="En fråga som cykeln kan svara på.")
    prediction: Prediction = Field(default_factory=Prediction, title="Förutsägelse")
    scale: Scale | None = Field(None, title="Hur stort provar ni?", description="Börja litet.")
    planned: PartialDate | None = Field(None, title="Planerad")
    started: PartialDate | None = Field(None, title="Började genomföras")
    ended: PartialDate | None = Field(None, title="Slutade genomföras")
    decided: PartialDate | None = Field(None, title="Beslutad")
    as_planned: AsPlanned | None = Field(None, title="Gick det som planerat?")
    outcome: Outcome | None = Field(None, title="Hur blev det mot förutsägelsen?")
    decision: Annotated[Decision | None, Facet("beslut", "Beslut")] = Field(None, title="Beslut")
    decision_reason: Annotated[str, Long(2)] = Field("", title="Varför?")
    practices: list[Annotated[str, RefersTo("practices", "Cykler som provade det")]] = Field(
        default_factory=list, title="Arbetssätt som provas"
    )
    follows: Annotated[str, RefersTo("cycles", "Nästa cykel")] = Field(
        "", title="Bygger på cykeln", description="Den cykel som den här anpassar eller utökar."
    )


HEADINGS = (
    Heading("Förändringen", "Vad ska ni göra annorlunda?"),
    Heading("Vem gör vad, när och var", "Roller räcker. Skriv inga namn eller personnummer."),
    Heading("Dataplan", "Vad räknar ni, vem samlar in och när?"),
    Heading("Klienternas syn", "Hur frågar ni dem det berör?"),
    Heading("Vad vi gjorde", "Vad hände, och vad blev annorlunda än planen?"),
    Heading("Oväntat", "Vad hade ni inte räknat med?"),
    Heading("Vad vi såg", "Vad visar era uppgifter?"),
    Heading("Vad vi lärde oss", "Vad vet ni nu som ni inte visste förut?"),
    Heading("Nästa steg", "Vad gör ni nu?"),
)

KIND = Kind(
    name="cycles",
    one="PGSA-cykel",
    the="PGSA-cykeln",
    many="PGSA-cykler",
    url="cykler",
    front_matter=Cycle,
    path="improvement_cycles/{slug}.md",
    slug_pattern=rf"{SLUG}/\d\d-{SLUG}",
    parent="projects",
    headings=HEADINGS,
    steps=(
        Step(
            "Planera",
            (
                "title",
                "question",
                "prediction",
                "scale",
                "# Förändringen",
                "# Vem gör vad, när och var",
                "# Dataplan",
                "# Klienternas syn",
                "planned",
            ),
        ),
        Step("Genomföra", ("started", "ended", "as_planned", "# Vad vi gjorde", "# Oväntat")),
        Step("Studera", ("# Vad vi såg", "outcome", "# Vad vi lärde oss")),
        Step("Agera", ("decision", "decision_reason", "decided", "# Nästa steg", "status")),
        Step(
            "Sammanhang",
            ("owner", "summary", "practices", "follows", "areas", "target_groups", "networks", "sources", "invented"),
        ),
        Step("Vem får läsa", ("publication", "visibility")),
    ),
)
