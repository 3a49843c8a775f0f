"""Documents that are like another one: found by the words that are most its own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.index.arrays import Mask
from app.index.cards import Card
from app.index.catalogue import Catalogue
from app.index.contract import DECIMALS
from app.index.finding import searched_texts
from app.index.measured import ALIKE, K1, TOO_COMMON_FOR_GRAMS
from app.index.opening import Reading
from app.index.relations import around, seen_cards
from app.index.remembered import Remembered
from app.index.scoring import Scorer
from app.index.terms import Searched, terms_of
from app.language.lexicon import lexicon
from app.library.document import Document, Kind
from app.library.visibility import Viewer

# So many of its words tell what a document is about, and they stand at its beginning.
MOST_TERMS, LONGEST = 24, 6_000
# A word that ordinary Swedish does not know is as rare as this.
UNKNOWN = 1e-6
SHORTEST = 3
# What a term takes beside its letters.
TERM_BYTES = 120


@dataclass(frozen=True)
class Profile:
    """The terms that are most a document's own, each with what it is worth."""

    terms: tuple[tuple[str, float], ...]

    @property
    def nbytes(self) -> int:
        return sum(len(term) + TERM_BYTES for term, _ in self.terms)


def profile_of(searched: Searched) -> Profile:
    """The profile of a document. A term is worth more the more and the better places it has there, and the rarer it is.

    How rare it is, is told by ordinary Swedish and not by the library: no other document has a part in it.
    """
    own = terms_of(replace(searched, kind_words="", facts=(), references=(), body=searched.body[:LONGEST]))
    worth = {
        term: weight * (K1 + 1) / (weight + K1) * _rarity(term)
        for term, weight in own.weights.items()
        if term.isalpha() and len(term) >= SHORTEST
    }
    best = sorted(worth, key=lambda term: (-worth[term], term))[:MOST_TERMS]
    return Profile(tuple((term, worth[term]) for term in best if worth[term] > 0))


def _rarity(term: str) -> float:
    return math.log(TOO_COMMON_FOR_GRAMS / max(UNKNOWN, lexicon().background(term)))


def similar(
    reading: Reading,
    document: Document,
    viewer: Viewer,
    kinds: Mapping[str, Kind],
    profiles: Remembered[Profile],
    limit: int,
) -> list[Card]:
    """The documents that are most like one, of those that lists show; none that belongs to it or links to it."""
    catalogue, connection = reading.catalogue, reading.connection
    entry = catalogue.visible(document.kind.name, document.slug, viewer)
    ranker = reading.generation.ranker_at_hand(connection, catalogue, kinds) if entry else None
    if entry is None or ranker is None:
        return []

    def made() -> Profile:
        searched = searched_texts(connection, entry.number, kinds, catalogue)
        return profile_of(searched) if searched else Profile(())

    profile = profiles.get((document.path, document.version), made)
    known = around(reading, document, viewer, kinds)
    among = catalogue.listed(viewer).copy()
    among[[place for number in known if (place := int(catalogue.position_of[number])) >= 0]] = False
    own = int(catalogue.position_of[entry.number])
    best = most_alike(catalogue, Scorer(ranker, catalogue.may_see(viewer)), own, profile, among, limit)
    return seen_cards(reading, (catalogue.entries[at].number for at in best), viewer, kinds)


def most_alike(catalogue: Catalogue, scorer: Scorer, own: int, profile: Profile, among: Mask, limit: int) -> list[int]:
    """The positions that have most of what makes up one position, the best first; none that has too little of it."""
    for term, worth in profile.terms:
        scorer.add_term(term, worth)
    enough = float(scorer.scores[own]) * ALIKE
    if not enough:
        return []
    found = np.flatnonzero(among & (scorer.scores >= enough))
    rounded = np.round(scorer.scores[found], DECIMALS)
    if len(found) > limit:
        # One more than are wanted, for the page itself is among them.
        kept = rounded >= np.partition(rounded, -limit - 1)[-limit - 1]
        found, rounded = found[kept], rounded[kept]
    scores = {at: score for at, score in zip(found.tolist(), rounded.tolist(), strict=True) if at != own}
    # Equals go by number: a position follows from when rows were made anew, which may have been for something hidden.
    return sorted(scores, key=lambda at: (-scores[at], catalogue.entries[at].number))[:limit]
