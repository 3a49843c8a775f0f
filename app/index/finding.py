"""Finding: what a query finds for one viewer, in which order, and how it is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select

from app.index import tables as t
from app.index.arrays import Group, Mask, Numbers
from app.index.asking import Question, understood
from app.index.cards import Card, Choice, FacetCount, cards_by_number
from app.index.catalogue import Catalogue, Entry
from app.index.contract import DECIMALS, Hit, Query, Results
from app.index.deriving import ORGANISATION, WORD, YEAR
from app.index.ranking import Ranker
from app.index.reasons import holding, named_reasons, reasons
from app.index.scoring import Scorer, Scores
from app.index.terms import Searched, fact_words
from app.language.excerpts import Piece, excerpt, mark
from app.language.matching import stands_in
from app.language.synonyms import Synonyms
from app.library.document import Kind
from app.library.visibility import Viewer, as_open_as

# What can be among the best is looked for by parts of all positions, each of so many.
IN_A_PART = 64
# So few are put in order one by one.
FEW = 100

Positions = NDArray[np.intp]

# With so few hits it is said how the words may be meant.
FEW_HITS = 3


@dataclass(frozen=True)
class Found:
    """What a query finds, the best first as far as the query asks for them, before anything is read to be shown."""

    catalogue: Catalogue
    order: Sequence[int]
    total: int
    filtered: Filter
    # What the viewer may see of what the words match, without the choices, and with what is archived.
    seen: Mask
    question: Question | None
    relaxed: bool

    def titles(self, limit: int) -> list[str]:
        """The titles of the first."""
        return [self.catalogue.entries[position].title for position in self.order[:limit]]


def found(
    query: Query, viewer: Viewer, catalogue: Catalogue, ranker: Callable[[], Ranker], synonyms: Synonyms
) -> Found:
    """What a query finds for a viewer. Without words: every document that the viewer may see and the choices allow."""
    seen = catalogue.may_see(viewer)
    listed = catalogue.listed(viewer, query.archived)
    question, relaxed = None, False
    if query.sought:
        question = understood(query.sought, Scorer(ranker(), seen), synonyms)
        question.score()
        matched, relaxed = question.matched(listed)
        seen, listed = seen & matched, listed & matched
    elif query.words.strip():
        seen = listed = np.zeros(catalogue.size, np.bool_)
    filtered = Filter(catalogue, listed, query.chosen, viewer)
    most = query.offset + query.limit
    if query.sort != "relevance":
        order: Sequence[int] = in_order(catalogue, filtered.mask, query.sort)[:most].tolist()
    elif question and question.terms:
        scorer = question.scorer
        order = best(catalogue.numbers(), filtered.mask, scorer.scores, most, scorer.tops)
    else:
        order = in_order(catalogue, filtered.mask, "changed")[:most].tolist()
    return Found(catalogue, order, int(np.count_nonzero(filtered.mask)), filtered, seen, question, relaxed)


def shown(
    connection: Connection,
    query: Query,
    viewer: Viewer,
    found: Found,
    kinds: Mapping[str, Kind],
    labels: Mapping[str, str],
) -> Results:
    """What was found as the page shows it: cards and snippets of one page of hits, and all counts."""
    catalogue, question = found.catalogue, found.question
    page = found.order[query.offset : query.offset + query.limit]
    cards = cards_by_number(connection, (catalogue.entries[position].number for position in page), kinds)
    hits = _hits(connection, cards, question, catalogue, viewer, kinds)
    facets = found.filtered.counts(labels)
    archived = archived_among(catalogue, found.seen, query.chosen, viewer)
    corrected = question.corrected if question else ""
    meant = question.meant if question and 0 < found.total <= FEW_HITS and not corrected else ""
    return Results(query, found.total, hits, facets, 0.0, found.relaxed, archived, corrected, meant)


def archived_among(catalogue: Catalogue, seen: Mask, chosen: Mapping[str, Sequence[str]], viewer: Viewer) -> int:
    """How many archived documents there are among those seen, with the choices made."""
    archived = seen & catalogue.archived
    return int(Filter(catalogue, archived, chosen, viewer).mask.sum()) if archived.any() else 0


class Filter:
    """Choices made on top of what a viewer may see: several in one facet mean or, across facets and."""

    def __init__(self, catalogue: Catalogue, seen: Mask, chosen: Mapping[str, Sequence[str]], viewer: Viewer) -> None:
        self._catalogue = catalogue
        self._seen = seen
        self._viewer = viewer
        self._chosen = {name: list(dict.fromkeys(values)) for name, values in chosen.items() if values}
        self._masks = {name: catalogue.chosen(name, self._alike(name, values)) for name, values in self._chosen.items()}
        self.mask = self._without("")

    def counts(self, labels: Mapping[str, str]) -> list[FacetCount]:
        """How many documents each choice would give, counted as if nothing were chosen in its own facet."""
        counts = self._catalogue.count(labels, self.mask)
        for name in self._masks.keys() & labels.keys():
            counts |= self._catalogue.count([name], self._without(name))
        found = [FacetCount(name, label, self._choices(name, counts[name])) for name, label in labels.items()]
        return [one for one in found if one.choices]

    def _without(self, name: str) -> Mask:
        mask = self._seen
        for other, chosen in self._masks.items():
            if other != name:
                mask = mask & chosen
        return mask

    def _alike(self, name: str, wanted: Sequence[str]) -> set[str]:
        """Some values with those that are one choice with them."""
        choices = self._catalogue.choices(name, self._viewer)
        return set(wanted).union(*(choice.values for choice in choices if not choice.values.isdisjoint(wanted)))

    def _choices(self, name: str, counts: Sequence[int]) -> list[Choice]:
        wanted = self._chosen.get(name, [])
        choices = []
        unknown = set(wanted)
        for numbers, groups, values, least in self._catalogue.choices(name, self._viewer):
            count = sum([counts[number] for number in numbers])
            chosen = bool(wanted) and not values.isdisjoint(wanted)
            if not count and not chosen:
                continue
            unknown -= values
            # The word that the address has already, so that taking the choice back finds it there.
            value = next((value for value in wanted if value in values), least) if chosen else least
            shown = [group for group, number in zip(groups, numbers, strict=True) if counts[number]] or groups
            choices.append(Choice(value, self._labels(shown), count, chosen))
        # A choice that nothing has any more is shown, so that it can be taken back; also one that only hidden
        # documents have, by the word in the address, as if there were none.
        choices += [Choice(value, value, 0, True) for value in sorted(unknown)]
        if name == YEAR.name:
            return sorted(choices, key=lambda choice: choice.label, reverse=True)
        return sorted(choices, key=lambda choice: (-choice.count, choice.label.casefold()))

    def _labels(self, groups: Sequence[Group]) -> str:
        if len(groups) == 1:
            return self._label(groups[0])
        return " / ".join(sorted({self._label(group) for group in groups}))

    def _label(self, group: Group) -> str:
        if group.sort in (WORD, ORGANISATION):
            return group.label
        named = self._catalogue.named(group, self._viewer)
        return named.title if named else group.value


def in_order(catalogue: Catalogue, mask: Mask, by: str) -> Numbers:
    """The positions of a mask in one of the catalogue's orders."""
    order = catalogue.order(by)
    return order[mask[order]]


def best(numbers: Numbers, mask: Mask, scores: Scores, most: int, tops: Positions | None = None) -> list[int]:
    """The positions in a mask with the best scores; of equals, first the one that was added last (by their numbers).

    ``tops`` are some of the best scores' positions, in order, whether or not they are in the mask.
    """
    positions = _among(tops, mask, scores, most) if tops is not None else None
    if positions is None:
        positions = _candidates(mask, scores, most)
    if len(positions) > max(most, FEW):
        rounded = np.rint(scores[positions].astype(np.float64) * 10**DECIMALS)
        worst = np.partition(rounded, len(positions) - most)[len(positions) - most] if most else np.inf
        positions = positions[rounded >= worst]
    found = zip(scores[positions].tolist(), numbers[positions].tolist(), positions.tolist(), strict=True)
    ranked = sorted(
        [(round(score * 10**DECIMALS), number, position) for score, number, position in found], reverse=True
    )
    return [position for _, _, position in ranked[:most]]


def _among(tops: Positions, mask: Mask, scores: Scores, most: int) -> Positions | None:
    """Those of the tops that are in a mask, if all of the best must be among them."""
    found = tops[mask[tops]]
    if 0 < most <= len(found) and scores[found[most - 1]] - scores[tops[-1]] > 10**-DECIMALS:
        return found
    return None


def _candidates(mask: Mask, scores: Scores, most: int) -> Positions:
    """The positions in a mask that can be among the best.

    Of many these are the ones that are no worse than the best in each of so many parts as are wanted, of equal size.
    """
    parts = len(mask) // IN_A_PART
    if 0 < most <= parts // 2:
        allowed = scores * mask
        tops = allowed[: parts * IN_A_PART].reshape(IN_A_PART, parts).max(axis=0)
        tops.partition(parts - most)
        least = float(tops[parts - most]) - 10**-DECIMALS
        if least > 0:
            mask = allowed >= least
    return np.flatnonzero(mask)


# ---- Texts of documents ----


def searched_texts(
    connection: Connection, number: int, kinds: Mapping[str, Kind], catalogue: Catalogue
) -> Searched | None:
    """The texts by which a document is searched; None if it is gone."""
    row = connection.execute(_TEXT_OF, {"number": number}).first()
    if row is None:
        return None
    _, kind, title, summary, headings, facts, plain = tuple(row)
    return Searched(
        title=title,
        kind_words=f"{kinds[kind].one} {kinds[kind].many}",
        summary=summary,
        headings=headings,
        facts=fact_words(json.loads(facts)),
        body=plain,
        references=titles_named(connection, number, catalogue),
    )


def titles_named(connection: Connection, number: int, catalogue: Catalogue) -> list[str]:
    """The titles of the documents that one names, as far as everybody who may see the one may see the other."""
    openers = catalogue.keys[catalogue.entries[catalogue.position_of[number]].openers]
    return [
        target.title
        for kind, slug in connection.execute(_NAMED.where(t.relation.c.document == number))
        if (target := catalogue.entry(kind, slug)) and as_open_as(catalogue.keys[target.openers], openers)
    ]


_TEXTS = select(
    *(t.document.c[name] for name in ("number", "kind", "title", "summary")),
    *(t.text.c[name] for name in ("headings", "facts", "plain")),
).join(t.text, t.text.c.document == t.document.c.number)
_TEXT_OF = _TEXTS.where(t.document.c.number == bindparam("number"))
_TEXTS_OF = _TEXTS.where(t.document.c.number.in_(bindparam("numbers", expanding=True)))
_LINKS_OF = select(t.link.c.document, t.link.c.kind, t.link.c.slug).where(
    t.link.c.document.in_(bindparam("numbers", expanding=True))
)
_NAMED = (
    select(t.relation.c.kind, t.relation.c.slug)
    .where(t.relation.c.kind != "")
    .distinct()
    .order_by(t.relation.c.kind, t.relation.c.slug)
)


def _hits(
    connection: Connection,
    cards: list[Card],
    question: Question | None,
    catalogue: Catalogue,
    viewer: Viewer,
    kinds: Iterable[str],
) -> list[Hit]:
    terms = question.terms if question else ()
    if not question or not terms:
        return [Hit(card, 0.0, escape(card.title), escape(card.summary)) for card in cards]
    holders = holding(question)
    numbers = {"numbers": [card.number for card in cards]}
    texts = {row[0]: (json.loads(row[5]), row[6]) for row in connection.execute(_TEXTS_OF, numbers)}
    for number, kind, slug in connection.execute(_LINKS_OF, numbers):
        facts, plain = texts[number]
        # A link that says only the slug leads to whatever kind has it.
        targets = (catalogue.visible(one, slug, viewer) for one in ([kind] if kind else kinds))
        texts[number] = facts, _with_title(plain, next(filter(None, targets), None), slug)
    hits = []
    for card in cards:
        facts, plain = texts.get(card.number, ([], ""))
        written = "\n".join(f"{label}: {shown}" for label, shown, _ in facts)
        texts_of_card = [card.title, card.summary, plain, written]
        phrases = [one for one in question.sought.phrases if any(stands_in(text, one) for text in texts_of_card)]
        # Where a phrase stands in these texts it is shown, and not its words elsewhere.
        wanted = question.loose_terms if phrases else terms
        title = mark(card.title, wanted, phrases)
        pieces = excerpt(texts_of_card[1:], wanted, known=card.title, phrases=phrases)
        position = int(catalogue.position_of[card.number])
        shown = [piece.text for piece in (*title, *pieces) if piece.marked]
        spelt = [word for text in shown for word in text.split()] if phrases else shown
        why = reasons(question, holders, position, spelt)
        if question.sought.phrases:
            named = named_reasons(
                question.sought.phrases, texts_of_card, titles_named(connection, card.number, catalogue)
            )
            of_named = {word for one in named for word in one.typed.split()}
            why = [*named, *(one for one in why if one.typed not in of_named)]
        hits.append(Hit(card, float(question.scorer.scores[position]), _marked(title), _marked(pieces), why))
    return hits


def _with_title(plain: str, target: Entry | None, slug: str) -> str:
    """A text with the title of what it links to, as its page shows it; in the text stand the words of the address."""
    words = slug.rpartition("/")[2].replace("-", " ")
    if target is None or " " not in words or words not in plain:
        return plain
    return re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", lambda _: target.title, plain)


def _marked(pieces: Sequence[Piece]) -> Markup:
    """Pieces as HTML, the searched words in <mark>."""
    escaped = ((escape(piece.text), piece.marked) for piece in pieces)
    return Markup("".join(f"<mark>{text}</mark>" if marked else text for text, marked in escaped))  # noqa: S704 -- escaped
