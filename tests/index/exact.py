"""A second engine, for tests alone: the search written down plainly, over plain dictionaries, slow and exact.

It shares with the real one what a document says (``derive``, ``terms_of``), what Swedish is (``app.language``) and the
numbers of ``measured``, and nothing of how documents are kept, counted, chosen, scored or ordered.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from markupsafe import Markup, escape

from app.index.cards import Card, Choice, FacetCount
from app.index.contract import DECIMALS, Hit, Query, Results
from app.index.deriving import WORD, DerivedDocument, FileState, derive
from app.index.measured import (
    AS_VALUE,
    BACKGROUND,
    CORRECTED,
    GRAMS,
    IN_TITLE,
    K1,
    MOST_REQUIRED,
    PART,
    SYNONYM,
    TOO_COMMON_FOR_GRAMS,
    WORTH_SHOWING,
    B,
)
from app.index.sought import Sought
from app.index.terms import LONGEST_VALUE, Searched, Terms, as_value, fact_words, in_title, terms_of
from app.language.analysis import analysed, term
from app.language.excerpts import mark
from app.language.lexicon import lexicon
from app.language.spelling import ONE_FAULT, close, cost, is_word
from app.language.synonyms import Synonyms
from app.language.words import words
from app.library.document import BrokenDocument, Document
from app.library.organisations import Organisations
from app.library.visibility import Viewer, as_open_as, may_see
from app.library.vocabulary import Publication

MOST_CORRECTED = 4
SHORTEST_JOINED = 7
Phrase = tuple[str, ...]


@dataclass
class Known:
    """A document, and what it says."""

    number: int
    document: Document
    derived: DerivedDocument
    changed_at: str
    searched: Searched = field(init=False)
    terms: Terms = field(init=False)
    texts: list[list[str]] = field(init=False)

    def follow(self, titles: list[str]) -> None:
        """Take in the titles of the documents that it names, as far as they may be told."""
        if getattr(self, "searched", None) and self.searched.references == titles:
            return
        one = self.document
        self.searched = Searched(
            title=one.title,
            kind_words=f"{one.kind.one} {one.kind.many}",
            summary=one.front_matter.summary,
            headings=self.derived.headings,
            facts=fact_words(self.derived.facts),
            body=self.derived.plain,
            references=titles,
        )
        self.terms = terms_of(self.searched)
        s = self.searched
        texts = [s.title, s.kind_words, s.summary, *s.headings.split("\n"), *s.facts, *s.references, s.prose]
        self.texts = [words(text) for text in texts]

    def holds_phrase(self, phrase: Phrase) -> bool:
        size = len(phrase)
        return any(tuple(text[at : at + size]) == phrase for text in self.texts for at in range(len(text) - size + 1))

    def holds_form_of(self, word: str) -> bool:
        return any(term(form) == term(word) for form in self.terms.forms)

    @property
    def is_archived(self) -> bool:
        return self.document.front_matter.publication is Publication.ARCHIVED


@dataclass(eq=False)
class Wanted:
    """A word that is looked for: what each of its terms counts, and the sets of terms one of which has to be held."""

    typed: str
    required: bool
    times: int = 1
    worth: dict[str, float] = field(default_factory=dict)
    ways: list[set[str]] = field(default_factory=list)
    corrected: str = ""

    def or_else(self, terms: Iterable[str], worth: float) -> None:
        way = set(terms)
        self.ways.append(way)
        for one in way:
            self.worth.setdefault(one, worth)

    @property
    def meant(self) -> str:
        return self.corrected or self.typed


class ExactEngine:
    """Every document in memory; every question answered by looking at all of them."""

    def __init__(
        self, organisations: Organisations, facets: Mapping[str, str], synonyms: Synonyms | None = None
    ) -> None:
        self._organisations = organisations
        self._facets = facets
        self._synonyms = synonyms or Synonyms()
        self._known: dict[str, Known] = {}
        self._last = 0

    def refresh(
        self,
        changed: Sequence[Document],
        broken: Sequence[BrokenDocument],
        gone: Sequence[str],
        revision: int,
        *,
        at: datetime | None = None,
    ) -> None:
        for path in (*gone, *(one.path for one in broken)):
            self._known.pop(path, None)
        for document in changed:
            before = self._known.get(document.path)
            self._last += before is None
            derived = derive(document, FileState(0, 0, document.version), self._organisations)
            when = (at or datetime.now(UTC)).isoformat(timespec="seconds")
            self._known[document.path] = Known(before.number if before else self._last, document, derived, when)
        for one in self._known.values():
            one.follow(self._titles_named(one))

    def index_words(self) -> int:
        return 0

    def _titles_named(self, one: Known) -> list[str]:
        """The titles of the documents that one names, if everybody who may see it may see them."""
        addresses = {(other.document.kind.name, other.document.slug): other for other in self._known.values()}
        named = sorted({(relation.kind, relation.slug) for relation in one.derived.relations if relation.kind})
        found = (addresses[address] for address in named if address in addresses)
        return [other.document.title for other in found if as_open_as(other.derived.keys, one.derived.keys)]

    def find(self, query: Query, viewer: Viewer) -> Results:
        began = time.perf_counter()
        seen = [one for one in self._known.values() if may_see(viewer, one.document.front_matter)]
        question, relaxed = None, False
        if query.sought:
            question = Question(query.sought, seen, self._synonyms)
            listed = [one for one in seen if query.archived or not one.is_archived]
            seen, relaxed = question.matched(seen, listed)
        elif query.words.strip():
            seen = []
        listed = [one for one in seen if query.archived or not one.is_archived]
        found = [one for one in listed if self._is_chosen(one, query.chosen, viewer)]
        scores = question.scores if question and question.wanted else None
        order = ordered(found, query.sort, scores)
        hits = [
            Hit(card_of(one), scores[one.number] if scores else 0.0, *_marked(one, question))
            for one in order[query.offset : query.offset + query.limit]
        ]
        archived = sum(one.is_archived and self._is_chosen(one, query.chosen, viewer) for one in seen)
        return Results(
            query,
            len(found),
            hits,
            self._counts(query.chosen, listed, viewer),
            (time.perf_counter() - began) * 1000,
            relaxed,
            archived,
            question.corrected if question else "",
        )

    # ---- Facets ----

    def _is_chosen(self, one: Known, chosen: Mapping[str, Sequence[str]], viewer: Viewer, but: str = "") -> bool:
        """Whether a document has one of the values of every facet in which something is chosen."""
        return all(
            any(facet.name == name and facet.value in self._alike(name, values, viewer) for facet in one.derived.facets)
            for name, values in chosen.items()
            if values and name != but
        )

    def _alike(self, name: str, values: Iterable[str], viewer: Viewer) -> set[str]:
        """Some values and all that are one choice with them: which the screen shows by the same word, or by two that
        have a value in common, on pages that the viewer may see."""
        shown: dict[str, set[str]] = {}
        for one in self._known.values():
            for facet in one.derived.facets if may_see(viewer, one.document.front_matter) else ():
                if facet.name == name:
                    shown.setdefault(facet.label if facet.sort == WORD else f"\n{facet.value}", set()).add(facet.value)
        alike = set(values)
        while more := [group for group in shown.values() if group & alike and not group <= alike]:
            alike = alike.union(*more)
        return alike

    def _counts(self, chosen: Mapping[str, Sequence[str]], listed: Sequence[Known], viewer: Viewer) -> list[FacetCount]:
        """By the facet's values how many documents there would be with it; a choice that none has is shown as well."""
        counts = []
        for name, label in self._facets.items():
            among = [one for one in listed if self._is_chosen(one, chosen, viewer, but=name)]
            values = {facet.value for one in among for facet in one.derived.facets if facet.name == name}
            choices: dict[frozenset[str], Choice] = {}
            for value in sorted(values.union(chosen.get(name, ()))):
                alike = frozenset(self._alike(name, [value], viewer))
                count = sum(self._is_chosen(one, {name: [value]}, viewer) for one in among)
                taken = [one for one in chosen.get(name, ()) if one in alike]
                choices.setdefault(alike, Choice(taken[0] if taken else min(alike), value, count, bool(taken)))
            if choices:
                counts.append(FacetCount(name, label, list(choices.values())))
        return counts


def ordered(found: Iterable[Known], by: str, scores: Mapping[int, float] | None) -> list[Known]:
    """Documents in an order; equals by their numbers, the newest first where the order is of what is newest or best."""
    columns = {one.number: one.derived.columns for one in found}
    match by:
        case "relevance" if scores is not None:
            return sorted(found, key=lambda one: (-round(scores[one.number] * 10**DECIMALS), -one.number))
        case "title":
            return sorted(found, key=lambda one: (columns[one.number]["title_key"], one.document.slug, one.number))
        case "when":
            keys = {number: (row["when_key"], row["title_key"], number) for number, row in columns.items()}
            return sorted(found, key=lambda one: keys[one.number], reverse=True)
    return sorted(found, key=lambda one: (one.changed_at, one.number), reverse=True)


def card_of(one: Known) -> Card:
    columns = {name: one.derived.columns[name] for name in Card.__dataclass_fields__ if name in one.derived.columns}
    kind = one.document.kind
    return Card(
        **columns,
        number=one.number,
        kind_word=kind.one,
        url=f"/{kind.url}/{one.document.slug}",
        changed_at=datetime.fromisoformat(one.changed_at),
        changed_by="",
        revision=0,
        openers=0,
        written_facts=one.derived.columns["facts"],
        written_pace=one.derived.columns["pace"],
    )


def _marked(one: Known, question: Question | None) -> tuple[Markup, Markup]:
    terms = {each for word in question.wanted for each in word.worth} if question else set()
    title, snippet = (
        Markup("").join(
            Markup("<mark>{}</mark>").format(piece.text) if piece.marked else escape(piece.text)
            for piece in mark(text, terms)
        )
        for text in (one.document.title, one.searched.summary or one.searched.body)
    )
    return title, snippet


class Question:
    """What is sought, among the documents that the viewer may see."""

    def __init__(self, sought: Sought, seen: Sequence[Known], synonyms: Synonyms) -> None:
        self.sought = sought
        self.seen = seen
        self._documents = len(seen)
        self._average = sum(one.terms.length for one in seen) / max(1, len(seen)) or 1.0
        times = Counter(sought.words)
        required = {word for word in times if word not in synonyms.asking or word == sought.beginning}
        if all(word in synonyms.asking for word in times):
            required = set(times)
        self.words = [self._wanted(word, word in required, number) for word, number in times.items()]
        self._join()
        self._correct()
        terms = [term(word.meant) for word in self.words]
        others = [(span, other) for span, row in synonyms.others(terms) for other in row]
        for span, other in others:
            for at in span:
                worth = SYNONYM / math.sqrt(len(other)) if at == span.start else 0.0
                self.words[at].or_else(other, worth)
        quoted = Counter(word for phrase in sought.phrases for word in phrase)
        self.wanted = self.words + [self._wanted(word, True, number) for word, number in quoted.items()]
        rows = [terms, *([term(word) for word in phrase] for phrase in sought.phrases)]
        runs = [
            tuple(row[first:last])
            for row in rows
            for first in range(len(row))
            for last in range(first + 2, min(len(row), first + LONGEST_VALUE) + 1)
        ]
        self._values = set(runs).union(other for _, other in others if len(other) > 1)
        self.scores = dict.fromkeys((one.number for one in seen), 0.0)
        self._score()

    @property
    def corrected(self) -> str:
        if not any(word.corrected for word in self.words):
            return ""
        return str(replace(self.sought, words=tuple(word.meant for word in self.words)))

    def _wanted(self, word: str, required: bool, times: int) -> Wanted:
        wanted = Wanted(word, required, times)
        whole, parts = analysed(word)
        wanted.or_else([whole], 1.0)
        if parts:
            wanted.or_else(parts, PART)
        return wanted

    def _is_held(self, one: str) -> bool:
        return any(one in known.terms.weights for known in self.seen)

    def _join(self) -> None:
        """Two words that some document has as one."""
        for first, second in zip(self.words, self.words[1:], strict=False):
            if not (first.typed[0].isalpha() and second.typed[0].isalpha()):
                continue
            for joined in (first.typed + second.typed, f"{first.typed}s{second.typed}"):
                if len(joined) >= SHORTEST_JOINED and self._is_held(term(joined)):
                    first.or_else([term(joined)], 1.0)
                    second.ways.append({term(joined)})

    def _correct(self) -> None:
        """The likeliest word of some document for each of a few that none holds."""
        unknown = [word for word in self.words if word.required and word.typed.isalpha() and not self._is_known(word)]
        forms = sorted({form for one in self.seen for form in one.terms.forms})
        for word in unknown[:MOST_CORRECTED]:
            most = ONE_FAULT if any(all(self._is_held(one) for one in way) for way in word.ways) else math.inf
            near = close(word.typed, forms, not is_word(word.typed))
            meant = next((one for one in near if cost(word.typed, one) <= most), "")
            if meant:
                word.corrected = meant
                whole, parts = analysed(meant)
                word.or_else([whole], CORRECTED)
                if parts:
                    word.or_else(parts, CORRECTED * PART)

    def _is_known(self, word: Wanted) -> bool:
        begun = word.typed == self.sought.beginning and any(self._begins(word.typed, one) for one in self.seen)
        parts = set() if is_word(word.typed) else set(analysed(word.typed).parts)
        return begun or any(way != parts and all(self._is_held(one) for one in way) for way in word.ways)

    def _begins(self, beginning: str, one: Known) -> bool:
        return any(form.startswith(beginning) for form in one.terms.forms)

    # ---- BM25 ----

    def _score(self) -> None:
        for word in self.wanted:
            for one, worth in word.worth.items():
                background = lexicon().background(one)
                holders = self._add(lambda known, one=one: known.weights.get(one, 0.0), word.times * worth, background)  # type: ignore[misc]
                for known in self.seen:
                    if in_title(one) in known.terms.weights:
                        self.scores[known.number] += IN_TITLE * word.times * worth * self._rarity(holders, background)
            if word.typed == self.sought.beginning and word in self.words:
                self._add(lambda known, typed=word.typed: _sum(known, lambda form: form.startswith(typed)), 1.0)  # type: ignore[misc]
            if lexicon().background(term(word.meant)) <= TOO_COMMON_FOR_GRAMS:
                edged = f"_{word.meant}_"
                for gram in (edged[at : at + 5] for at in range(len(edged) - 4)):
                    self._add(
                        lambda known, gram=gram: _sum(known, lambda form: gram in f"_{form}_"),  # type: ignore[misc]
                        word.times * GRAMS,
                    )
        for value in sorted(self._values):
            self._add(lambda known, value=value: known.weights.get(as_value(value), 0.0), AS_VALUE)  # type: ignore[misc]

    def _add(self, weight_in: Callable[[Terms], float], worth: float, background: float = 0.0) -> int:
        """Let something count for those who hold it; returns how many they are."""
        weights = {one.number: weight for one in self.seen if (weight := weight_in(one.terms))}
        rarity = self._rarity(len(weights), background)
        for one in self.seen:
            if one.number in weights:
                weight = weights[one.number]
                slowness = K1 * (1 - B + B * one.terms.length / self._average)
                self.scores[one.number] += worth * rarity * weight * (K1 + 1) / (weight + slowness)
        return len(weights)

    def _rarity(self, holders: int, background: float) -> float:
        smooth = BACKGROUND if background else 0.0
        held = holders + smooth * (1 - math.exp(-background * self._average))
        return math.log(1 + (self._documents + smooth - held + 0.5) / (held + 0.5))

    # ---- Which documents answer ----

    def matched(self, seen: Sequence[Known], listed: Sequence[Known]) -> tuple[list[Known], bool]:
        """Those that answer, and whether any of the words was enough."""
        sought = self.sought
        allowed = {
            one.number
            for one in seen
            if all(one.holds_phrase(phrase) for phrase in sought.phrases)
            and not any(one.holds_phrase(phrase) for phrase in sought.excluded_phrases)
            and not any(one.holds_form_of(word) for word in sought.excluded)
        }
        seen, listed = ([one for one in some if one.number in allowed] for some in (seen, listed))
        required = [word for word in self.words if word.required]
        if len(required) > MOST_REQUIRED:
            return self._good(seen, listed), False
        loose = [word for word in required if self._in_parts(word)]
        every = [
            one
            for one in seen
            if all(self._touches(one, word) if word in loose else self._holds(one, word) for word in required)
        ]
        if not required or any(one in every for one in listed):
            among = [one for one in listed if one in every]
            return self._good(every, among) if loose else every, False
        some = [one for one in seen if any(self._touches(one, word) for word in required)]
        return some, any(one in some for one in listed)

    def _good(self, some: Sequence[Known], among: Sequence[Known]) -> list[Known]:
        """Those of some that answer well enough beside the one among others that does it best."""
        best = max((self.scores[one.number] for one in among), default=0.0)
        return [one for one in some if self.scores[one.number] > max(0.0, best * WORTH_SHOWING)]

    def _in_parts(self, word: Wanted) -> bool:
        parts = set(analysed(word.typed).parts)
        otherwise = [way for way in word.ways if way != parts]
        held = any(all(each in one.terms.weights for each in way) for one in self.seen for way in otherwise)
        return bool(parts) and not word.corrected and word.typed != self.sought.beginning and not held

    def _holds(self, one: Known, word: Wanted) -> bool:
        begun = word.typed == self.sought.beginning and self._begins(word.typed, one)
        return begun or any(all(each in one.terms.weights for each in way) for way in word.ways)

    def _touches(self, one: Known, word: Wanted) -> bool:
        return self._holds(one, word) or any(each in one.terms.weights for each in word.worth)


def _sum(known: Terms, wanted: Callable[[str], bool]) -> float:
    return sum(weight for form, weight in known.forms.items() if wanted(form))
