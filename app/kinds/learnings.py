"""Learnings (lärdomar): what a network has learnt, and the cycles, visits and practices that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from flask import Blueprint, Response
from pydantic import Field

from app import reading
from app.accounts.access import may_see
from app.accounts.rules import asks, open_to_anyone
from app.editing import add_editing, events
from app.library.document import Document, FrontMatter, Heading, Kind, Step
from app.library.fields import Facet, NamesOrganisation, PartialDate, RefersTo
from app.library.sections import split_sections
from app.library.vocabulary import Decision, Worked
from app.web import forms

NOTHING_TO_REST_ON = (
    "en lärdom som andra ska läsa behöver något att vila på."
    " Välj minst en cykel, ett studiebesök eller ett arbetssätt, eller låt den vara ett utkast"
)


class Learning(FrontMatter):
    worked: Annotated[Worked, Facet("utfall", "Fungerade det?")] = Field(
        Worked.UNCLEAR,
        title="Fungerade det?",
        description="Det som inte fungerade är lika viktigt som det som gjorde det.",
    )
    date: PartialDate | None = Field(
        None, title="När", description="När ni visste det. Till exempel 2026-11-12 eller ”mars 2019”."
    )
    organisations: list[
        Annotated[str, NamesOrganisation("Har lärt sig"), Facet("kommun", "Kommun eller organisation")]
    ] = Field(
        default_factory=list, title="Vilka har lärt sig det?", description="Om det är fler än den som äger sidan."
    )
    cycles: list[Annotated[str, RefersTo("cycles", "Lärdomar")]] = Field(
        default_factory=list, title="PGSA-cykler", description="De prov som ni lärde er det av."
    )
    studyvisits: list[Annotated[str, RefersTo("studyvisits", "Lärdomar")]] = Field(
        default_factory=list, title="Studiebesök", description="De besök där ni såg det."
    )
    practices: list[Annotated[str, RefersTo("practices", "Lärdomar")]] = Field(
        default_factory=list, title="Arbetssätt", description="De arbetssätt som lärdomen handlar om."
    )
    contact: str = Field("", title="Vem kan svara på frågor", description="Skriv en roll och en enhet, inget namn.")

    def lacking(self) -> Iterator[tuple[str, str]]:
        """A learning that others read has something to rest on."""
        if not (self.cycles or self.studyvisits or self.practices):
            yield "cycles", NOTHING_TO_REST_ON


ABOUT, TRIED, HAPPENED, ADVICE = "Vad det handlar om", "Vad vi provade", "Vad som hände", "Råd till andra"

HEADINGS = (
    Heading(ABOUT, "Vilket problem eller vilken fråga gällde det?"),
    Heading(TRIED, "Vad gjorde ni annorlunda?", "AME hade öppet en kväll i veckan, och vi erbjöd tider då."),
    Heading(HAPPENED, "Vad såg ni, och hur vet ni det?", "Ingen av nio valde en kvällstid."),
    Heading("För vem det gäller", "För vilka stämmer det, och för vilka kanske inte?"),
    Heading("Det vi inte vet", "Vad är osäkert, och vad borde någon prova härnäst?"),
    Heading(ADVICE, "Vad skulle ni säga till någon som tänker göra samma sak?"),
)


def taken_over(source: Document) -> dict[str, Any]:
    """What the draft of a learning begins with of the cycle that it cites: its question, what was tried and seen."""
    if source.kind.name != "cycles":
        return {}
    told: Any = source.front_matter
    texts = {section.title: section.text.strip("\n") for section in split_sections(source.body)}
    tried, happened = (
        "\n\n".join(filter(None, (texts.get(title, "") for title in titles)))
        for titles in (("Förändringen", "Vad vi gjorde"), ("Vad vi såg", "Vad vi lärde oss"))
    )
    return {
        "worked": str(WORKED.get(told.decision, "")),
        "date": told.decided.raw if told.decided else "",
        forms.heading_name(ABOUT): told.question,
        forms.heading_name(TRIED): tried,
        forms.heading_name(HAPPENED): happened,
    }


WORKED = {
    Decision.ADOPT: Worked.WORKED,
    Decision.EXPAND: Worked.WORKED,
    Decision.ADAPT: Worked.PARTLY,
    Decision.ABANDON: Worked.DID_NOT,
}

KIND = Kind(
    name="learnings",
    one="lärdom",
    the="lärdomen",
    many="lärdomar",
    url="lardomar",
    menu="Lärdomar",
    front_matter=Learning,
    path="content/learnings/{slug}.md",
    status_field="worked",
    takes_over=taken_over,
    headings=HEADINGS,
    steps=(
        Step(
            "Lärdomen",
            ("title", "summary", "owner", "organisations", "worked", "date", f"# {ABOUT}"),
            "Skriv rubriken som det ni vet nu: ”Kvällstider var inte svaret” säger mer än ”Om kvällstider”.",
        ),
        Step("Vad som hände", (f"# {TRIED}", f"# {HAPPENED}")),
        Step(
            "Vad den vilar på",
            ("cycles", "studyvisits", "practices"),
            "Välj minst en sida, så att andra kan se efter själva. Skriv en del av rubriken och välj bland förslagen."
            " Ett utkast kan vänta med det.",
        ),
        Step("För andra", ("# För vem det gäller", "# Det vi inte vet", f"# {ADVICE}", "contact")),
        Step("Sammanhang", ("areas", "target_groups", "networks", "sources", "invented")),
        Step("Vem får läsa", ("publication", "visibility")),
    ),
)

blueprint = Blueprint(KIND.name, __name__, url_prefix=f"/{KIND.url}")


@blueprint.get("")
@open_to_anyone("it lists what the viewer may see")
def index() -> Response:
    """All learnings that the viewer may see, the newest first."""
    return reading.index(KIND, orders=reading.BY_DATE)


@blueprint.get("/<path:slug>")
@asks(may_see)
def show(slug: str) -> Response:
    """One learning: how it went, what others should know, and what it rests on."""
    document = reading.open_document(KIND, slug)
    filled = {part.title: part for part in reading.parts_of(document)}
    apart = (ABOUT, TRIED, HAPPENED, ADVICE)
    return reading.show(
        document,
        beside=("cycles", "studyvisits", "practices"),
        first=[filled[title] for title in ("", ABOUT) if title in filled],
        tried=filled.get(TRIED),
        happened=filled.get(HAPPENED),
        advice=filled.get(ADVICE),
        parts=[part for title, part in filled.items() if title and title not in apart],
        waiting=[
            (one.title, events.form_address(document, forms.heading_name(one.title)))
            for one in HEADINGS
            if one.title not in filled
        ],
        rests_on=[
            (words, cards)
            for kind, words in (("cycles", "PGSA-cykler"), ("studyvisits", "Studiebesök"), ("practices", "Arbetssätt"))
            if (cards := reading.cards_of(document, kind))
        ],
    )


add_editing(blueprint, KIND)
