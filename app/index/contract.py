"""What an engine of search is asked and what it answers. Whatever keeps the words, this is all that others know.

A ``Query`` is no engine's syntax: it says in plain words what is looked for, and how it is chosen, ordered and cut.
What an engine promises beyond the types is written down as tests that any engine must pass (``tests/index/contract``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Protocol

from markupsafe import Markup

from app.index.cards import Card, FacetCount
from app.index.sought import Sought, read
from app.library.document import BrokenDocument, Document
from app.library.visibility import Viewer

# Scores that agree to so many decimals are equal; then what was added last comes first.
DECIMALS = 4


@dataclass(frozen=True)
class Query:
    """What somebody looks for. ``chosen`` is by facet; ``sort`` is "relevance", "changed", "title" or "when".

    ``words`` are as they were typed, and ``sought`` is what they mean: engines look at that. What is archived is
    found only with ``archived``. With ``beginning`` the last word may be the beginning of one, as while somebody types.
    """

    words: str = ""
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    limit: int = 20
    offset: int = 0
    sort: str = "relevance"
    archived: bool = False
    beginning: bool = False

    @cached_property
    def sought(self) -> Sought:
        """The words, phrases, exclusions and beginning that the typed words mean."""
        return read(self.words, self.beginning)


@dataclass(frozen=True)
class Reason:
    """A word of the question, and the words by which a document answers it.

    ``other`` are other words for the same thing and ``parts`` words that share a part with it. Without any of them the
    document does not have the word. ``named`` is the title of a page that the document names, for a phrase that stands
    there and not in its own text.
    """

    typed: str
    forms: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    named: str = ""

    @property
    def met(self) -> bool:
        return bool(self.forms or self.other or self.parts or self.named)


@dataclass(frozen=True)
class Hit:
    """A document that was found, with its title, the part of its text that shows why, and why in words."""

    card: Card
    score: float
    title: Markup
    snippet: Markup
    why: Sequence[Reason] = ()


@dataclass(frozen=True)
class Results:
    """What a query found. ``relaxed`` means that no document had all the words, and these have some of them.

    ``corrected`` are the words that were searched for in the place of misspelt ones, and ``archived`` is how many
    archived documents the query finds, or would find. ``meant`` is what may have been meant where it finds few.
    """

    query: Query
    total: int
    hits: list[Hit]
    facets: list[FacetCount]
    took_ms: float
    relaxed: bool = False
    archived: int = 0
    corrected: str = ""
    meant: str = ""


class Engine(Protocol):
    """Keeps the words of documents, and finds."""

    def refresh(
        self,
        changed: Sequence[Document],
        broken: Sequence[BrokenDocument],
        gone: Sequence[str],
        revision: int,
        *,
        at: datetime | None = None,
    ) -> None:
        """Take in what some files say, changed now or ``at`` some time, and which are gone; the next question knows."""

    def index_words(self) -> int:
        """Do now what may be done later; returns how many documents that concerned. No answer changes by it."""

    def find(self, query: Query, viewer: Viewer) -> Results:
        """What a query finds for a viewer: hits, counts and corrections, only of what the viewer may see."""
