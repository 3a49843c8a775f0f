"""What a network is: its fields, its files, its form."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Annotated

from pydantic import Field

from app.library.ahead import Ahead
from app.library.document import FrontMatter, Group, Heading, Kind, Step
from app.library.fields import Facet, Long, NamesOrganisation, PartialDate, Quantity, RefersTo, number_words
from app.library.pace import BACKWARDS, ends_before_it_starts, latest_day
from app.library.vocabulary import Area, NetworkSort, Per


class Member(Group):
    organisation: Annotated[
        str, NamesOrganisation("Medlem i nätverket"), Facet("kommun", "Kommun eller organisation")
    ] = Field(title="Organisation")
    since: PartialDate | None = Field(None, title="Från")
    until: PartialDate | None = Field(None, title="Till")
    people: Quantity | None = Field(None, title="Antal deltagare")
    note: str = Field("", title="Anmärkning")

    def has_left(self, today: date) -> bool:
        """Whether the membership is over; where nobody has said until when, it lasts."""
        last = latest_day(self.until)
        return last is not None and last < today


class Funding(Group):
    """Money that comes in, or that taking part costs."""

    amount: Quantity = Field(title="Kronor", description="Till exempel ”9,1 miljoner” eller ”högst 85 000”.")
    per: Per = Field(Per.TOTAL, title="Gäller")
    years: Quantity | None = Field(None, title="I hur många år")
    total: Quantity | None = Field(None, title="Sammanlagt", description="Om källan själv anger summan för alla år.")
    what: str = Field("", title="Vad pengarna gäller")
    paid_by: Annotated[str, NamesOrganisation("Betalar")] = Field("", title="Vem betalar")


class Priority(Group):
    """A prioritised area of a year's plan."""

    year: str = Field("", title="År", pattern=r"^(\d{4})?$")
    area: Area | None = Field(None, title="Område")
    what: str = Field(title="Vad")


class Grant(Group):
    """Money given to a local development."""

    what: str = Field(title="Vad det går till")
    amount: Quantity | None = Field(None, title="Kronor")
    year: str = Field("", title="År", pattern=r"^(\d{4})?$")
    decided: PartialDate | None = Field(None, title="Beslutat")
    area: Area | None = Field(None, title="Område")
    purpose: Annotated[str, Long(2)] = Field("", title="Syfte")
    recipients: list[Annotated[str, NamesOrganisation("Fick medel till")]] = Field(
        default_factory=list, title="Vilka får pengarna"
    )
    partners: list[Annotated[str, NamesOrganisation("Samarbetar om")]] = Field(
        default_factory=list, title="Tillsammans med"
    )
    visit: Annotated[str, RefersTo("studyvisits", "Fick medel från")] = Field("", title="Studiebesök")
    practice: Annotated[str, RefersTo("practices", "Fick medel från")] = Field("", title="Arbetssätt")
    project: Annotated[str, RefersTo("projects", "Fick medel från")] = Field("", title="Utvecklingsarbete")


class Gap(Group):
    """Something that the network does not know, for its next plan."""

    what: str = Field(title="Vad vet vi inte", max_length=200)
    noted: PartialDate | None = Field(None, title="Noterad")
    why: str = Field("", title="Hur märktes det", description="Till exempel ”söktes utan träff”.", max_length=200)


class Publication(Group):
    """A book or plan that the network has given out."""

    title: str = Field(title="Titel")
    url: str = Field("", title="Webbadress", pattern=r"^(https?://\S+)?$")
    note: str = Field("", title="Anmärkning")


class Network(FrontMatter):
    full_name: str = Field("", title="Fullständigt namn")
    sort: Annotated[NetworkSort, Facet("sort", "Sorts nätverk")] = Field(NetworkSort.PARTNERSHIP, title="Sort")
    vision: str = Field("", title="Vision")
    principle: str = Field("", title="Princip")
    starts: PartialDate | None = Field(None, title="Börjar")
    ends: PartialDate | None = Field(None, title="Pågår till")
    length: str = Field("", title="Hur länge", description="Till exempel ”20 månader” eller ”tre år”.")
    builds_on: str = Field("", title="Bygger vidare på")
    builds_on_since: PartialDate | None = Field(None, title="Det tidigare arbetet började")
    basis: str = Field("", title="Stöd i lag eller politiska beslut", description="Till exempel en proposition.")
    led_by: list[Annotated[str, NamesOrganisation("Leder nätverket")]] = Field(default_factory=list, title="Leds av")
    members: list[Member] = Field(default_factory=list, title="Medlemmar", json_schema_extra={"one": "en medlem"})
    member_count: Quantity | None = Field(
        None, title="Antal kommuner", description="Om källan säger fler än de som är namngivna."
    )
    district_count: Quantity | None = Field(None, title="Antal stadsdelar", description="För en stads egen plan.")
    supported_by: list[Annotated[str, NamesOrganisation("Stöttar nätverket")]] = Field(
        default_factory=list, title="Får stöd av"
    )
    funding: list[Funding] = Field(default_factory=list, title="Pengar", json_schema_extra={"one": "en summa"})
    steering_group: str = Field("", title="Styrgrupp")
    priorities: list[Priority] = Field(
        default_factory=list, title="Prioriterade områden", json_schema_extra={"one": "ett område"}
    )
    gaps: list[Gap] = Field(
        default_factory=list,
        title="Kunskapsluckor",
        description="Det som ni inte vet och vill ta reda på i nästa plan.",
        json_schema_extra={"one": "en kunskapslucka"},
    )
    grant_frame: Quantity | None = Field(None, title="Medel att fördela", description="Hela summan, om den är känd.")
    grants_decided_by: str = Field(
        "", title="Vem beslutade om medlen", description="En nämnd eller en roll, inget namn."
    )
    grants: list[Grant] = Field(
        default_factory=list, title="Medel som har fördelats", json_schema_extra={"one": "ett bidrag"}
    )
    publications: list[Publication] = Field(
        default_factory=list, title="Skrifter", json_schema_extra={"one": "en skrift"}
    )

    def ahead(self) -> Iterator[Ahead]:
        """The areas that a year's plan has put first, and when the network ends."""
        members = frozenset((self.owner, *(member.organisation for member in self.members)))
        for priority in self.priorities:
            if priority.year:
                area = priority.area.swedish if priority.area else "område"
                what = f"Prioriterat: {area}. {priority.what}"
                yield Ahead(PartialDate.parse(priority.year), what, concerns=members)
        if self.ends and self.ends.known:
            yield Ahead(self.ends, "Nätverket avslutas", concerns=members)

    def forgotten(self, changed: AbstractSet[str]) -> Iterator[tuple[str, str]]:
        """Whoever writes when it goes on writes days that can be."""
        if not changed.isdisjoint(("starts", "ends")):
            yield from self.doubtful()

    def doubtful(self) -> Iterator[tuple[str, str]]:
        """A network that ends before it begins."""
        if ends_before_it_starts(self.starts, self.ends):
            yield "ends", BACKWARDS

    @property
    def grants_stated(self) -> str:
        """How much of the money is accounted for: "1,53 av cirka 2,5 miljoner"; "" where no grant states its sum."""
        stated = [grant.amount for grant in self.grants if grant.amount and grant.amount.number is not None]
        if not stated:
            return ""
        about = next((amount.qualifier for amount in stated if amount.qualifier), "")
        total = Quantity("", sum(amount.number or 0 for amount in stated), about)
        return part_of(total, self.grant_frame) if self.grant_frame and self.grant_frame.known else total.words

    @property
    def grants_not_stated(self) -> int:
        """How many grants there are of which the sum is not stated."""
        return sum(1 for grant in self.grants if grant.amount is None or not grant.amount.known)


def part_of(part: Quantity, whole: Quantity) -> str:
    """Two sums side by side in the same unit: "1,53 av cirka 2,5 miljoner", "40 000 av 90 000"."""
    numbers = (part.number or 0, whole.number or 0)
    if min(numbers) < 1_000_000 or any(number % 10_000 for number in numbers):
        return f"{part.words} av {whole.words}"
    # The words before the numbers ("cirka") stay; only the unit is said once.
    before = [quantity.words.rpartition(number_words(quantity.number or 0))[0] for quantity in (part, whole)]
    millions = [f"{number / 1_000_000:.2f}".rstrip("0").rstrip(".").replace(".", ",") for number in numbers]
    return f"{before[0]}{millions[0]} av {before[1]}{millions[1]} miljoner"


HEADINGS = (
    Heading("Om nätverket", "Vad vill ni åstadkomma tillsammans, och för vem?"),
    Heading("Så arbetar vi", "Hur ses ni, och hur lär ni av varandra?"),
    Heading("Bakgrund", "Varför började ni?"),
)

KIND = Kind(
    name="networks",
    one="nätverk",
    the="nätverket",
    many="nätverk",
    url="natverk",
    menu="Nätverk",
    front_matter=Network,
    path="content/networks/{slug}.md",
    headings=HEADINGS,
    steps=(
        Step("Det viktigaste", ("title", "full_name", "summary", "owner", "sort", "vision", "principle")),
        Step(
            "Medlemmar och tid",
            ("led_by", "members", "member_count", "district_count", "supported_by", "starts", "ends", "length"),
        ),
        Step(
            "Om nätverket",
            (
                "builds_on",
                "builds_on_since",
                "basis",
                "steering_group",
                *(f"# {heading.title}" for heading in HEADINGS),
            ),
        ),
        Step(
            "Pengar och planer",
            ("funding", "priorities", "gaps", "grant_frame", "grants_decided_by", "grants", "publications"),
        ),
        Step("Sammanhang", ("areas", "target_groups", "networks", "sources", "invented")),
        Step("Vem får läsa", ("publication", "visibility")),
    ),
)
