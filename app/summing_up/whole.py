"""Everything that a project tells to whoever looks: itself, its measures, and each of its cycles as it was locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from markupsafe import Markup

from app import reading
from app.accounts.signing_in import viewer
from app.index import Card
from app.kinds.cycles import Foreseen, foreseen_by, number_of
from app.kinds.cycles.cycle import Cycle
from app.kinds.cycles.looking_back import LookedBack, looked_back
from app.kinds.projects.measured import Measured, all_of
from app.kinds.projects.project import Project
from app.kinds.projects.ramps import ramps_of
from app.kinds.projects.theory import Theory, theory_of
from app.library.document import Document
from app.library.vocabulary import Decision
from app.publishing import current, locks
from app.reading import Part
from app.reading.attached import files_of
from app.reading.prose import all_to_html, titles_for


@dataclass(frozen=True)
class Tried:
    """A cycle: what it predicted, as it is locked, what stands below each of its headings, and how it was done."""

    document: Document
    foreseen: Foreseen
    back: LookedBack | None
    parts: dict[str, Part]
    # The long texts of its front matter as HTML, by what was written.
    prose: Mapping[str, Markup]

    @property
    def front(self) -> Cycle:
        return cast(Cycle, self.document.front_matter)

    @property
    def number(self) -> int:
        return number_of(self.document.slug)

    def told(self, heading: str) -> Part | None:
        """What stands below a heading; None where nothing does."""
        return self.parts.get(heading)


@dataclass(frozen=True)
class Whole:
    """A project with all that belongs to it and that the viewer may see."""

    document: Document
    cycles: list[Tried]
    measured: list[Measured]
    theory: Theory | None

    @property
    def front(self) -> Project:
        return cast(Project, self.document.front_matter)

    @cached_property
    def ramps(self) -> list[list[Tried]]:
        """The cycles, those that build on each other together, in the order in which each ramp began."""
        by_slug = {one.document.slug: one for one in self.cycles}
        return [[by_slug[one.slug] for one in ramp] for ramp in ramps_of([one.document for one in self.cycles])]

    @cached_property
    def learnings(self) -> list[Card]:
        """What the network has written that rests on the project or on one of its cycles, each once."""
        pages = [self.document, *(one.document for one in self.cycles)]
        cards = (
            card
            for page in pages
            for group in current.index.related(page, viewer())
            for card in group.cards
            if card.kind == "learnings"
        )
        return list({card.id: card for card in cards}.values())

    @property
    def has_decided(self) -> bool:
        """Whether any of its cycles came to a decision, whichever."""
        return any(one.front.decision for one in self.cycles)

    def decided(self, *decisions: Decision) -> list[Tried]:
        """The cycles that came to one of some decisions."""
        return [one for one in self.cycles if one.front.decision in decisions]


def whole_of(document: Document) -> Whole:
    """The project with what the viewer may see of it."""
    cycles = reading.children(document)
    measured = all_of(document, cycles)
    return Whole(
        document,
        [_tried(one, measured, cycles) for one in cycles],
        measured,
        theory_of(cast(Project, document.front_matter), cycles),
    )


def _tried(cycle: Document, measured: Sequence[Measured], siblings: Sequence[Document]) -> Tried:
    number = number_of(cycle.slug)
    parts = {part.title: part for part in reading.parts_of(cycle, above=3, prefix=f"c{number}-")}
    kept = locks.kept_of(current.library, current.databases, cycle)
    back = looked_back(cycle, kept, measured, siblings) if kept else None
    return Tried(cycle, foreseen_by(cycle, kept, f"c{number}-f-"), back, parts, _prose(cycle, number))


def _prose(cycle: Document, number: int) -> Mapping[str, Markup]:
    front = cast(Cycle, cycle.front_matter)
    texts = [front.decision_reason, *(one.text for one in front.additions)]
    written = [(text, f"c{number}-b{place}-") for place, text in enumerate(texts)]
    return dict(zip(texts, all_to_html(written, titles_for(viewer()), 3, files_of(cycle)), strict=True))
