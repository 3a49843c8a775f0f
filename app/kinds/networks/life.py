"""What goes on in a network: what is ahead, the works that go on, what was learnt, and the first of everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.accounts.signing_in import viewer
from app.library.document import Document
from app.publishing import current
from app.reading.glance import Count, Some, Works, ahead_of, counts, some, works
from app.reading.told import Coming, coming

SHOWN = 5
# Those that are planned come first and are told of among what is ahead.
MOST_MEETINGS = 20
FACET = "natverk"


@dataclass(frozen=True)
class Life:
    """What a network's page tells of its life; everything of it is what the viewer may see."""

    ahead: list[Coming]
    works: Works
    learnings: Some
    practices: Some
    visits: Some
    meetings: Some
    counts: list[Count]

    def __bool__(self) -> bool:
        return bool(self.ahead or self.counts)


def life_of(document: Document, today: date) -> Life:
    """What belongs to the network: the pages that name it, also by an address that it had before."""
    own = {FACET: [document.slug, *sorted(current.index.networks_formerly([document.slug]))]}
    card = current.index.card(document.kind.name, document.slug, viewer())
    everything = [*ahead_of(own, today), *coming([card] if card else [], today)]
    ahead = sorted(everything, key=lambda one: one.ahead.sort_key)
    return Life(
        ahead=ahead,
        works=works("projects", own, today, SHOWN),
        learnings=some("learnings", own, SHOWN, "when"),
        practices=some("practices", own, SHOWN),
        visits=some("studyvisits", own, SHOWN, "when"),
        meetings=some("meetings", own, MOST_MEETINGS, "when").without(ahead, SHOWN),
        counts=counts(own)[0],
    )
