"""What somebody asks for: the words as they typed them, and what each of them is looked for by."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from itertools import chain

import numpy as np

from app.index.arrays import Mask
from app.index.measured import CORRECTED, MOST_REQUIRED, PART, SYNONYM, WORTH_SHOWING
from app.index.scoring import Scorer
from app.index.sought import Sought
from app.index.terms import LONGEST_VALUE
from app.language.analysis import analysed, term
from app.language.compounds import SHORTEST_COMPOUND
from app.language.spelling import ONE_FAULT, cost, is_word
from app.language.synonyms import Phrase, Synonyms

# More unknown words than this are not looked up among those that look like them.
MOST_CORRECTED = 4
# Words that people ask for are remembered as they are looked for.
REMEMBERED = 2_000
# A word is offered in the place of another that has so many times fewer documents.
CLEARLY_MORE = 3
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Asked:
    """A word of a question. ``worth`` says what each term counts; the word is held where all terms of a way are.

    ``corrected`` is the word that is looked for in its place.
    """

    typed: str
    worth: dict[str, float]
    ways: tuple[frozenset[str], ...]
    required: bool
    times: int = 1
    corrected: str = ""
    beginning: str = ""

    def also(self, terms: Iterable[str], worth: float) -> Asked:
        """The word with another way to hold it."""
        way = frozenset(terms)
        return replace(self, worth={**dict.fromkeys(way, worth), **self.worth}, ways=(*self.ways, way))


@dataclass
class Question:
    """What was asked for, understood among the documents that the viewer may see.

    ``quoted`` are the words of phrases: they count like others, but a document has to hold the phrase.
    """

    sought: Sought
    words: list[Asked]
    quoted: list[Asked]
    scorer: Scorer = field(repr=False)
    # Other expressions for what was asked.
    expressions: tuple[Phrase, ...] = ()

    @property
    def terms(self) -> frozenset[str]:
        """Everything that is looked for, to be marked in texts; nothing if things are only to be left out."""
        return frozenset(one for word in (*self.words, *self.quoted) for one in word.worth)

    @property
    def loose_terms(self) -> frozenset[str]:
        """What is looked for besides phrases."""
        return frozenset(one for word in self.words for one in word.worth)

    @property
    def corrected(self) -> str:
        """What was searched for with other words in place of the misspelt; nothing if all were known."""
        if not any(word.corrected for word in self.words):
            return ""
        return str(replace(self.sought, words=tuple(word.corrected or word.typed for word in self.words)))

    @property
    def meant(self) -> str:
        """What may have been meant where little is found: with words that more have, in place of unknown ones."""
        meant = tuple(_commoner(word, self.scorer) or word.typed for word in self.words)
        return str(replace(self.sought, words=meant)) if meant != tuple(word.typed for word in self.words) else ""

    def score(self) -> None:
        """Count all words for the documents that hold them."""
        for word in (*self.words, *self.quoted):
            self.scorer.add_word(word.corrected or word.typed, word.worth, word.times, word.beginning)
        rows = [[term(word.corrected or word.typed) for word in self.words]]
        rows += [[term(word) for word in phrase] for phrase in self.sought.phrases]
        for expression in dict.fromkeys((*self.expressions, *(run for row in rows for run in _runs(row)))):
            self.scorer.add_value(expression)

    def matched(self, listed: Mask) -> tuple[Mask, bool]:
        """The documents that answer the question, and whether that had to be relaxed. Ask after ``score``.

        All phrases are required, and what is excluded is left out, whatever else there is. A few words are all
        required; if nothing that is ``listed`` has all of them, any of them or of their parts is enough. Of a longer
        question, what counts is how well a document answers beside the one that does it best. Of a compound that nobody
        holds any part will do, where that answers well enough.
        """
        allowed = self._allowed()
        listed = listed & allowed
        required = [word for word in self.words if word.required]
        if not required:
            return allowed, False
        if len(required) > MOST_REQUIRED:
            return allowed & self._worth_showing(listed), False
        loose = [self._in_parts(word) for word in required]
        held = (
            self._touching(word) if only else self.holding(word) for word, only in zip(required, loose, strict=True)
        )
        every: Mask = reduce(np.logical_and, held)
        if (every & listed).any():
            if any(loose):
                every = every & self._worth_showing(listed & every)
            return allowed & every, False
        some: Mask = reduce(np.logical_or, map(self._touching, required))
        return allowed & some, bool((some & listed).any())

    def _allowed(self) -> Mask:
        """The documents that hold all phrases, and nothing that is to be left out. Nobody may change the mask."""
        if not (self.sought.phrases or self.sought.excluded or self.sought.excluded_phrases):
            return self.scorer.seen
        allowed = self.scorer.seen.copy()
        for phrase in self.sought.phrases:
            allowed &= self.scorer.phrase(phrase)
        for word in self.sought.excluded:
            allowed &= ~self.scorer.inflected(word)
        for phrase in self.sought.excluded_phrases:
            allowed &= ~self.scorer.phrase(phrase)
        return allowed

    def _worth_showing(self, listed: Mask) -> Mask:
        """The documents that answer well enough beside the one that does it best."""
        best = float((self.scorer.scores * listed).max(initial=0.0))
        return self.scorer.scores > best * WORTH_SHOWING

    def _in_parts(self, word: Asked) -> bool:
        """Whether a word is a compound of which no document has more than the parts."""
        parts = frozenset(analysed(word.typed).parts)
        if not parts or not word.required or word.corrected or word.beginning:
            return False
        return not self.scorer.holding(tuple(way for way in word.ways if way != parts), "").any()

    def _touching(self, word: Asked) -> Mask:
        """The documents that hold the word, a part of it, or another word for it."""
        return self.scorer.holding((*word.ways, *(frozenset((one,)) for one in word.worth)), word.beginning)

    def holding(self, word: Asked) -> Mask:
        """The documents that have a word in any of its ways. Nobody may change the mask."""
        return self.scorer.holding(word.ways, word.beginning)


def understood(sought: Sought, scorer: Scorer, synonyms: Synonyms) -> Question:
    """What is sought, with compounds joined, synonyms added and misspelt words corrected. Phrases stay as they are."""
    times = _counted(sought.words)
    required = {word for word in times if word not in synonyms.asking} or set(times)
    words = [
        replace(_asked(word, True, number), beginning=word)
        if word == sought.beginning
        else _asked(word, word in required, number)
        for word, number in times.items()
    ]
    words = _joined(words, scorer)
    words = _corrected(words, scorer)
    terms = [term(word.corrected or word.typed) for word in words]
    others = [(span, other) for span, row in synonyms.others(terms) for other in row]
    for span, other in others:
        words = _with_other(words, span, other)
    quoted = [_asked(word, True, times) for word, times in _counted(chain.from_iterable(sought.phrases)).items()]
    return Question(sought, words, quoted, scorer, tuple(other for _, other in others if len(other) > 1))


def _runs(terms: Sequence[str]) -> Iterator[Phrase]:
    """All runs of two words and more, as long as a value may be."""
    for start in range(len(terms)):
        for end in range(start + 2, min(len(terms), start + LONGEST_VALUE) + 1):
            yield tuple(terms[start:end])


def _counted(words: Iterable[str]) -> dict[str, int]:
    """How often there is each word; there are few, for which this is faster than a Counter."""
    times: dict[str, int] = {}
    for word in words:
        times[word] = times.get(word, 0) + 1
    return times


@lru_cache(maxsize=REMEMBERED)
def _asked(word: str, required: bool, times: int) -> Asked:
    whole, parts = analysed(word)
    asked = Asked(word, {whole: 1.0}, (frozenset((whole,)),), required, times)
    return asked.also(parts, PART) if parts else asked


def _joined(words: list[Asked], scorer: Scorer) -> list[Asked]:
    """A compound that is written as two words stands for both: "försörjnings stöd"."""
    for at in range(len(words) - 1):
        first, second = words[at].typed, words[at + 1].typed
        if not _LETTER.match(first) or not _LETTER.match(second):
            continue
        for one in (first + second, f"{first}s{second}"):
            if len(one) >= SHORTEST_COMPOUND and len(scorer.holders(term(one))):
                words[at] = words[at].also((term(one),), 1.0)
                words[at + 1] = replace(words[at + 1], ways=(*words[at + 1].ways, frozenset((term(one),))))
    return words


def _with_other(words: list[Asked], span: range, other: Phrase) -> list[Asked]:
    """The words of a span with another expression for all of them, which counts with its first word."""
    found = list(words)
    for at in span:
        found[at] = words[at].also(other, SYNONYM / len(other) ** 0.5 if at == span.start else 0.0)
    return found


def _corrected(words: list[Asked], scorer: Scorer) -> list[Asked]:
    """What no document holds, corrected to a word that one does, if there is any that looks like it."""
    left = MOST_CORRECTED
    for at, word in enumerate(words):
        if left and not _known(word, scorer):
            left -= 1
            meant = _meant(word, scorer)
            if meant:
                words[at] = replace(_merged(word, meant), corrected=meant)
    return words


def _merged(word: Asked, meant: str) -> Asked:
    whole, parts = analysed(meant)
    merged = word.also((whole,), CORRECTED)
    return merged.also(parts, CORRECTED * PART) if parts else merged


def _known(word: Asked, scorer: Scorer) -> bool:
    """Whether some document holds the word, or one that begins so if more of it is to come.

    Of a compound the parts are not enough, unless Swedish knows it: misspelt words may have parts as well.
    """
    if not word.typed.isalpha() or not word.required:
        return True
    if word.beginning and len(scorer.beginning(word.beginning)):
        return True
    parts = frozenset() if is_word(word.typed) else frozenset(analysed(word.typed).parts)
    return any(way != parts and _is_held(way, scorer) for way in word.ways)


def _is_held(way: Iterable[str], scorer: Scorer) -> bool:
    return all(len(scorer.holders(one)) for one in way)


def _meant(word: Asked, scorer: Scorer) -> str:
    """The likeliest word of the documents for one that none of them holds; only one that is near if they hold parts."""
    typed = word.typed
    most = ONE_FAULT if any(_is_held(way, scorer) for way in word.ways) else math.inf
    near = scorer.ranker.near(typed, not is_word(typed)).words
    return next((one for one in near if scorer.spelt(one) and cost(typed, one) <= most), "")


def _commoner(word: Asked, scorer: Scorer) -> str:
    """A word that is one fault from one that Swedish does not know, and that clearly more documents hold."""
    typed = word.typed
    if not word.required or word.beginning or word.corrected or is_word(typed):
        return ""
    few = len(scorer.holders(term(typed)))
    near = (one for one in scorer.ranker.near(typed, True).words if cost(typed, one) <= ONE_FAULT and scorer.spelt(one))
    return next((one for one in near if len(scorer.holders(term(one))) >= CLEARLY_MORE * max(1, few)), "")
