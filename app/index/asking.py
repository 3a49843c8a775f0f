"""What somebody asks for: the words as they typed them, and what each of them is looked for by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from app.index.catalogue import Mask
from app.index.measured import CORRECTED, MOST_REQUIRED, PART, SYNONYM, WORTH_SHOWING
from app.index.ranking import Scorer
from app.index.terms import LONGEST_VALUE
from app.language.analysis import analysed, term
from app.language.compounds import SHORTEST_COMPOUND
from app.language.spelling import close, is_word
from app.language.synonyms import Phrase, Synonyms

# More unknown words than this are not looked up among those that look like them.
MOST_CORRECTED = 4
# While somebody types, a beginning stands for the word that is to come.
SHORTEST_BEGINNING = 2
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
    """The words that were asked for, understood among the documents that the viewer may see."""

    words: list[Asked]
    scorer: Scorer = field(repr=False)
    # Other expressions for what was asked.
    expressions: tuple[Phrase, ...] = ()

    @property
    def terms(self) -> frozenset[str]:
        """Everything that is looked for, to be marked in texts."""
        return frozenset(one for word in self.words for one in word.worth)

    @property
    def corrected(self) -> str:
        """The words with those in place of the misspelt that were searched for; nothing if all were known."""
        if not any(word.corrected for word in self.words):
            return ""
        return " ".join(word.corrected or word.typed for word in self.words)

    def score(self) -> None:
        """Count all words for the documents that hold them."""
        for word in self.words:
            for one, worth in word.worth.items():
                self.scorer.add_term(one, word.times * worth)
            if word.beginning:
                self.scorer.add(self.scorer.beginning(word.beginning), 1.0)
            self.scorer.add_grams(word.corrected or word.typed, word.times)
        terms = [term(word.corrected or word.typed) for word in self.words]
        for phrase in {*self.expressions, *_runs(terms)}:
            self.scorer.add_value(phrase)

    def matched(self, listed: Mask) -> tuple[Mask, bool]:
        """The documents that answer the question, and whether that had to be relaxed. Ask after ``score``.

        A few words are all required; if nothing that is ``listed`` has all of them, any of them or of their parts is
        enough. Of a longer question, what counts is how well a document answers beside the one that does it best.
        """
        required = [self._holding(word) for word in self.words if word.required]
        if len(required) > MOST_REQUIRED:
            best = float(self.scorer.scores[listed].max(initial=0.0))
            return (self.scorer.scores > best * WORTH_SHOWING) & (self.scorer.scores > 0), False
        every: Mask = np.logical_and.reduce(required)
        if (every & listed).any():
            return every, False
        some = np.logical_or.reduce([self._touching(word) for word in self.words if word.required])
        return some, bool((some & listed).any())

    def _touching(self, word: Asked) -> Mask:
        """The documents that hold the word, a part of it, or another word for it."""
        found = self._holding(word)
        for one in word.worth:
            found[self.scorer.holders(one).positions] = True
        return found

    def _holding(self, word: Asked) -> Mask:
        found = np.zeros(len(self.scorer.seen), np.bool_)
        for way in word.ways:
            every = np.zeros(len(found), np.int16)
            for one in way:
                every[self.scorer.holders(one).positions] += 1
            found |= every == len(way)
        if word.beginning:
            found[self.scorer.beginning(word.beginning).positions] = True
        return found


def understood(typed: Sequence[str], scorer: Scorer, synonyms: Synonyms, beginning: bool = False) -> Question:
    """The words of a question, with compounds joined, synonyms added and misspelt words corrected."""
    times = Counter(typed)
    required = {word for word in times if word not in synonyms.asking} or set(times)
    words = [_asked(word, word in required, number) for word, number in times.items()]
    if beginning and words and len(words[-1].typed) >= SHORTEST_BEGINNING:
        words[-1] = replace(words[-1], beginning=words[-1].typed, required=True)
    words = _joined(words, scorer)
    words = _corrected(words, scorer)
    terms = [term(word.corrected or word.typed) for word in words]
    others = [(span, other) for span, row in synonyms.others(terms) for other in row]
    for span, other in others:
        words = _with_other(words, span, other)
    return Question(words, scorer, tuple(other for _, other in others if len(other) > 1))


def _runs(terms: Sequence[str]) -> Iterator[Phrase]:
    """All runs of two words and more, as long as a value may be."""
    for start in range(len(terms)):
        for end in range(start + 2, min(len(terms), start + LONGEST_VALUE) + 1):
            yield tuple(terms[start:end])


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
        if left and not word.beginning and not _known(word, scorer):
            left -= 1
            meant = _meant(word.typed, scorer)
            if meant:
                words[at] = replace(_merged(word, meant), corrected=meant)
    return words


def _merged(word: Asked, meant: str) -> Asked:
    whole, parts = analysed(meant)
    merged = word.also((whole,), CORRECTED)
    return merged.also(parts, CORRECTED * PART) if parts else merged


def _known(word: Asked, scorer: Scorer) -> bool:
    """Whether some document holds the word, or its parts."""
    if not word.typed.isalpha() or not word.required:
        return True
    return any(all(len(scorer.holders(one)) for one in way) for way in word.ways)


def _meant(typed: str, scorer: Scorer) -> str:
    """The likeliest word of the documents for one that none of them holds."""
    believe = not is_word(typed)
    tables = scorer.ranker.forms()
    candidates = {one for forms in tables for one in close(typed, forms.words(), believe, forms.folded())}
    return next((one for one in close(typed, sorted(candidates), believe) if scorer.spelt(one)), "")
