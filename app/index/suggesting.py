"""What is suggested while somebody types: pages by their titles, words, places, and how a word is spelt.

Everything is counted among the documents that lists show to the viewer, and nothing else: what only hidden documents
have is not suggested, and they move nothing in the order. A letter without its marks stands for those with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest

from app.index.arrays import Group, Mask
from app.index.catalogue import Catalogue
from app.index.completing import Completer
from app.index.deriving import COUNTY, ORGANISATION
from app.index.ranking import Ranker
from app.index.respelling import Respeller
from app.index.titles import Titles
from app.language.folding import fold
from app.language.spelling import SHORTEST
from app.language.words import words
from app.library.document import Kind
from app.library.visibility import Viewer

TITLE, WORD, PLACE, SPELLING = "title", "word", "place", "spelling"
# What is typed beyond this is no beginning of a search.
LONGEST, MOST_WORDS = 200, 8
MOST_PLACES, MOST_TITLES = 2, 4
# The facets that are places and their networks; the label of a network is its document's title.
PLACES = ("kommun", COUNTY.name, "natverk")


@dataclass(frozen=True)
class Suggestion:
    """Something to choose: the words to search for or, for a page or a place, what it is.

    ``address`` is a page's kind and slug, or a place's facet and value. ``sort`` is what sort of page it is, and
    ``pages`` how many a place has.
    """

    kind: str
    text: str
    address: tuple[str, str] = ("", "")
    sort: str = ""
    pages: int = 0


@dataclass(frozen=True)
class Wanted:
    """What somebody has typed so far. The last word is open while no space ends it."""

    words: tuple[str, ...]
    open: bool

    @classmethod
    def of(cls, typed: str) -> Wanted:
        """The words of what is typed; none where it is too long to be the beginning of a search."""
        found = words(typed[:LONGEST]) if len(typed) <= LONGEST else []
        return cls(tuple(found) if len(found) <= MOST_WORDS else (), typed[-1:].strip() != "")


@dataclass(frozen=True)
class Suggester:
    """Suggests for one viewer at one moment. ``listed`` are the positions that lists show to the viewer."""

    catalogue: Catalogue
    titles: Titles
    ranker: Ranker
    viewer: Viewer
    kinds: Mapping[str, Kind]

    @property
    def listed(self) -> Mask:
        return self.catalogue.listed(self.viewer)

    def suggest(self, typed: str, limit: int) -> list[Suggestion]:
        """At most so many suggestions: places, then words and pages; if there are none, how it may be spelt."""
        wanted = Wanted.of(typed)
        if not wanted.words or limit < 1:
            return []
        places = self._places(wanted, min(limit, MOST_PLACES))
        titles = self._titles(wanted, limit)
        found = self._words(wanted, limit)
        pages = min(len(titles), MOST_TITLES, limit - len(places))
        found = found[: limit - len(places) - pages]
        pages = min(len(titles), limit - len(places) - len(found))
        chosen = [*places, *found, *titles[:pages]]
        return chosen or self._spelt(wanted)

    def _words(self, wanted: Wanted, limit: int) -> list[Suggestion]:
        """Words that begin as the last one, which stand together with the others."""
        completed = Completer(self.ranker, self.listed).completed(wanted.words, limit) if wanted.open else []
        return [Suggestion(WORD, text) for text in completed]

    def _spelt(self, wanted: Wanted) -> list[Suggestion]:
        """The same words as they may be spelt, if that is otherwise."""
        respelt = Respeller(self.ranker, self.listed).respelt(wanted.words, wanted.open)
        return [Suggestion(SPELLING, " ".join(respelt))] if respelt != wanted.words else []

    # ---- Pages ----

    def _titles(self, wanted: Wanted, limit: int) -> list[Suggestion]:
        entries = self.catalogue.entries
        found = self.titles.beginning(wanted.words, self.listed)
        best = nsmallest(
            limit,
            found,
            key=lambda one: (one[0], entries[one[1]].title_key, entries[one[1]].slug, entries[one[1]].kind),
        )
        return [
            Suggestion(TITLE, entry.title, (entry.kind, entry.slug), self.kinds[entry.kind].one)
            for entry in (entries[position] for _, position in best)
        ]

    # ---- Places ----

    def _places(self, wanted: Wanted, limit: int) -> list[Suggestion]:
        found: list[Suggestion] = []
        for name in PLACES:
            choices = [one for one in self.catalogue.choices(name, self.viewer) if self._begins(one.groups[0], wanted)]
            counts = self.catalogue.count([name], self.listed)[name] if choices else []
            found += [
                Suggestion(PLACE, self._label(choice.groups[0]), (name, choice.least), pages=pages)
                for choice in choices
                if (pages := sum(counts[number] for number in choice.numbers))
            ]
        return nsmallest(limit, found, key=lambda one: (-one.pages, one.text, one.address))

    def _begins(self, group: Group, wanted: Wanted) -> bool:
        known = _words_of(self._label(group))
        most = len(known) if group.sort == ORGANISATION and len(wanted.words[0]) >= SHORTEST else 1
        at = next((at for at, one in enumerate(known[:most]) if _begins(*one, wanted.words[0])), None)
        return at is not None and all(any(_begins(*one, typed) for one in known[at:]) for typed in wanted.words[1:])

    def _label(self, group: Group) -> str:
        if group.sort == ORGANISATION:
            return group.label
        named = self.catalogue.named(group, self.viewer)
        return named.title if named else ""


@lru_cache(maxsize=4096)
def _words_of(label: str) -> tuple[tuple[str, str], ...]:
    """The words of a label, as they are and without marks."""
    return tuple((word, fold(word)) for word in words(label))


def _begins(word: str, folded: str, typed: str) -> bool:
    """Whether a word begins so; a letter without marks stands for those with them."""
    # What is typed without marks is begun by the folded word; a mark that is typed is meant.
    return folded.startswith(_plain(typed)) and all(
        one in (mine, fold(mine)) for one, mine in zip(typed, word, strict=False)
    )


_plain = lru_cache(maxsize=64)(fold)
