"""What a change of the words finds: for each expression the hits before and after, of what the viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.index import Hit, Query
from app.language.words import normal
from app.library.visibility import Viewer
from app.library.word_lists import WordLists
from app.publishing import current

SHOWN = 5
MOST_TRIED = 14
# A change is wide if it finds so many times as much as before, and so large a part of all pages, but some at least.
TIMES_AS_MUCH, PART_OF_ALL, NOT_FEW = 3, 0.25, 20


@dataclass(frozen=True)
class Tried:
    """One search before and after the change: how many hits, and the first ones after it. ``new`` are not before."""

    words: str
    before: int
    after: int
    hits: list[Hit]
    new: frozenset[str]
    wide: bool

    @property
    def unchanged(self) -> bool:
        return self.before == self.after and not self.new


def tried(expressions: Sequence[str], before: WordLists, after: WordLists, viewer: Viewer) -> list[Tried]:
    """What a viewer finds with each expression, with the one list and with the other."""
    everything = current.index.find(Query(limit=0), viewer, after).total
    different = {normal(one): one for one in expressions if one.strip()}
    return [_tried(words, before, after, viewer, everything) for words in list(different.values())[:MOST_TRIED]]


def _tried(words: str, before: WordLists, after: WordLists, viewer: Viewer, everything: int) -> Tried:
    query = Query(words, limit=SHOWN)
    first = current.index.find(query, viewer, before)
    then = current.index.find(query, viewer, after)
    known = {hit.card.id for hit in first.hits}
    wide = then.total > max(NOT_FEW, TIMES_AS_MUCH * first.total) and then.total > PART_OF_ALL * everything
    new = frozenset(hit.card.id for hit in then.hits) - known
    return Tried(words, first.total, then.total, then.hits, new, wide)
