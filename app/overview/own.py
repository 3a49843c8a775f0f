"""What waits for a member: undecided cycles, drafts, and what was typed and not saved; each with its next step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from app.editing import events, half_written
from app.editing.half_written import HalfWritten
from app.index import Aspect, Card, Pick, StateQuery
from app.library.document import Document
from app.library.sections import split_sections
from app.library.visibility import Viewer
from app.publishing import current
from app.reading.pages import has_text, present
from app.reading.told import last_activity, told_by

CYCLES, DRAFTS, HALF_WRITTEN = 4, 4, 3
# Nobody's own work is more; it is looked through for what is shown.
MOST = 200


@dataclass(frozen=True)
class OwnCycle:
    """A cycle of one's own: ``front`` is what it tells, ``moved`` when it last moved."""

    card: Card
    front: Any
    next_step: Any
    project: str
    moved: date | None


@dataclass(frozen=True)
class OwnDraft:
    """A draft, what it wants next, and the button that leads there."""

    card: Card
    wants: str
    button: str
    url: str


@dataclass(frozen=True)
class OwnWork:
    """The first of each, and how many there are in all."""

    cycles: Sequence[OwnCycle]
    all_cycles: int
    drafts: Sequence[OwnDraft]
    all_drafts: int
    half_written: Sequence[HalfWritten]
    all_half_written: int

    def __bool__(self) -> bool:
        return bool(self.cycles or self.drafts or self.half_written)


def own_work(viewer: Viewer, day: date) -> OwnWork:
    """What waits for the viewer; nothing for who belongs to no organisation."""
    unsaved = half_written.mine()
    first = (unsaved[:HALF_WRITTEN], len(unsaved))
    if not viewer.organisations:
        return OwnWork([], 0, [], 0, *first)
    places = sorted(viewer.organisations)
    asked = StateQuery(Aspect.ONGOING, day, {"typ": ["cycles"], "kommun": places}, sort="changed", limit=MOST)
    # The facet has what districts own as well, and that is not one's own.
    going_on = [one for one in current.index.state(viewer, asked).standing if one.card.owner in viewer.organisations]
    cycles = [
        OwnCycle(
            one.card,
            told_by(one.card),
            _step_after(one.card),
            _project_of(one.card, viewer),
            last_activity([one.card], day),
        )
        for one in going_on[:CYCLES]
    ]
    drafts = current.index.pick(viewer, Pick(either={"kommun": places}, drafts=True, limit=MOST)).cards
    told = {one.card.id for one in going_on}
    mine = [card for card in drafts if card.owner in viewer.organisations and card.id not in told]
    return OwnWork(cycles, len(going_on), list(_drafts(mine[:DRAFTS])), len(mine), *first)


def _step_after(card: Card) -> Any:
    """What a cycle's team does next, by its texts as well where its file can be read."""
    document = present(current.library.kinds[card.kind], card.slug)
    front: Any = told_by(card)
    return front.next_step_after(document.body if document else "")


def _project_of(card: Card, viewer: Viewer) -> str:
    """The title of the project in whose folder a cycle lies, if the viewer may see it."""
    project = current.index.card(current.library.kinds[card.kind].parent, card.slug.partition("/")[0], viewer)
    return project.title if project else ""


def _drafts(cards: Sequence[Card]) -> Iterator[OwnDraft]:
    for card in cards:
        document = present(current.library.kinds[card.kind], card.slug)
        # Gone or broken since it was indexed: its own page says so.
        if document:
            yield _with_next_step(card, document)


def _with_next_step(card: Card, document: Document) -> OwnDraft:
    """What a draft wants before it is published, or else what nobody has written yet; at last, to be published."""
    for field, message in document.front_matter.lacking():
        wants = f"{message[:1].upper()}{message[1:]}."
        return OwnDraft(card, wants, "Fyll i det som saknas", events.form_address(document, field))
    filled = [section.title for section in split_sections(document.body) if has_text(section.text)]
    empty = events.waiting(document, filled)
    if empty:
        (title, url), more = empty[0], len(empty) - 1
        rest = " En rubrik till är tom." if more == 1 else f" {more} rubriker till är tomma."
        return OwnDraft(card, f"Skriv ”{title}”.{rest if more else ''}", "Skriv vidare", url)
    last = url_for(f"{card.kind}.edit", slug=card.slug, steg=len(document.kind.steps))
    return OwnDraft(card, "Allt är ifyllt. Bestäm vem som får läsa, och publicera.", "Till sista steget", last)
