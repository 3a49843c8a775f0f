"""Compounds taken apart: "arbetsmarknadsinsats" is "arbete", "marknad" and "insats".

A word is split where the geometric mean of its parts' frequencies is highest, if that beats the frequency of the word
itself (Koehn & Knight 2003, "Empirical Methods for Compound Splitting"): so "försörjningsstöd" is taken apart, and
"handläggare", which is commoner than what it could be made of, is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from app.language.lexicon import lexicon, stem

SHORTEST_COMPOUND = 7
LONGEST_COMPOUND = 40
SHORTEST_PART = 3
MOST_PARTS = 4
# A part of three letters has to be a common word, or any letters would be parts.
COMMON_ENOUGH_FOR_THREE = 2e-5
# What each part beyond the second has to gain, as a logarithm.
PRICE_OF_A_PART = 1.0
# How much less a part counts when a letter between the parts was dropped or added.
LINKED, BENT = 0.9, 0.5
REMEMBERED = 50_000

# Common words that stand in front of others without making a compound of them, and endings that look like words.
_PARTICLES = (
    "för av an be till under över upp ut ned ner in om på med mot från i å o u a ur vid åt efter före mellan utan en"
    " ett den det de der han hon jag du vi ni som att och är var men kan ska vad hur när så då nu här där inte icke"
    " samt sin sig"
)
_ENDINGS = (
    "bar full lös vis bor sta heta ter ers ens ans hets sen area arna erna arens ansen ringa inga sers iv ivt iva"
)
# What makes a word of another, and how words so made are inflected: "ing" is no part, and neither is "ingarna".
_SUFFIXES = {
    "ing ning ling": "en ar arna",
    "het els tion ist ism itet ment": "en er erna",
    "skap": "et en er erna",
    "ande ende": "t n na",
    "are else": "n",
    "ig lig isk sam mässig aktig": "t a",
    "era": "r d de t",
}
# What a word may end with beyond its term and be that word still.
_ENDED = "a an ans ar arna arnas as de e en ens er erna ernas es et ets n na nas ns or orna ornas r s t ts"
_INFLECTIONS = frozenset(_ENDED.split())
# Looks like an inflected suffix, and is a word.
_WORDS = frozenset(("liga", "ligas", "sama", "arens"))
_INFLECTED = frozenset(
    suffix + ending + owner
    for row, endings in _SUFFIXES.items()
    for suffix in row.split()
    for ending in ("", *endings.split())
    for owner in ("", "s")
)
_NO_PARTS = frozenset(f"{_PARTICLES} {_ENDINGS}".split()) | (_INFLECTED - _WORDS)
# Parts that hardly stand alone.
_BOUND = frozenset(("havare", "tagare", "löshet", "givare", "hållare", "sökande", "görande", "fullmäktige"))
_BOUND_FREQUENCY = 1e-6


@dataclass(frozen=True)
class Part:
    """A part of a compound: how it is written there, and the term of the word that it is."""

    written: str
    term: str


class _Split(NamedTuple):
    """A way to take the beginning of a word apart: the sum of the logarithms of its parts' frequencies.

    Of each part it has how it is written and the word that it is; terms are looked for only where a split is chosen.
    """

    score: float
    parts: tuple[tuple[str, str], ...]


def parts_of(word: str) -> tuple[Part, ...]:
    """The parts of a compound, two to four; none if the word is no compound. ``word`` is in lower case."""
    return tuple(Part(written, term) for written, term in _parts_of(word))


@lru_cache(maxsize=REMEMBERED)
def _parts_of(word: str) -> tuple[tuple[str, str], ...]:
    if not SHORTEST_COMPOUND <= len(word) <= LONGEST_COMPOUND or not word.isalpha():
        return ()
    splits = _splits(word)
    best = max(splits, key=_worth, default=None)
    if best is None:
        return ()
    # The last part counts as all forms of its word, so the whole does as well.
    own = max(lexicon().frequency(word), lexicon().background(term_of_form(word)))
    if own and best.score / len(best.parts) < math.log(own):
        return ()
    return tuple((written, term_of_form(form)) for written, form in best.parts)


def term_of_form(form: str) -> str:
    """The term of a form that is taken as one word: the stem of its base form."""
    return lexicon().irregular(form) or stem(form)


def _worth(split: _Split) -> float:
    return split.score / len(split.parts) - PRICE_OF_A_PART * (len(split.parts) - 2)


def _splits(word: str) -> list[_Split]:
    """For each number of parts the best way to take the whole word apart."""
    size = len(word)
    # By where it ends and how many parts it has: the best split of the beginning of the word.
    found: list[dict[int, _Split]] = [{0: _Split(0.0, ())}, *({} for _ in range(size))]
    for start in range(size - SHORTEST_PART + 1):
        before = found[start]
        if not before:
            continue
        for end in range(start + SHORTEST_PART, size + (start > 0)):
            written = word[start:end]
            part = _last_part(written) if end == size else _inner_part(written)
            if part is None:
                continue
            form, worth = part
            after = found[end]
            for count, split in before.items():
                score = split.score + worth
                rival = after.get(count + 1)
                if count < MOST_PARTS and (rival is None or rival.score < score):
                    after[count + 1] = _Split(score, (*split.parts, (written, form)))
    return [split for count, split in found[size].items() if count > 1]


@lru_cache(maxsize=REMEMBERED)
def _last_part(written: str) -> tuple[str, float] | None:
    """What a compound ends with, and the logarithm of the frequency of that form or of all forms of its term."""
    frequency = _frequency(written)
    if written not in _NO_PARTS and len(written) > SHORTEST_PART:
        term = term_of_form(written)
        inflected = written.removeprefix(term) in _INFLECTIONS or lexicon().irregular(written) is not None
        if inflected and len(term) >= SHORTEST_PART and term[:2] == written[:2]:
            frequency = max(frequency, lexicon().background(term))
    return (written, math.log(frequency)) if frequency else None


@lru_cache(maxsize=REMEMBERED)
def _inner_part(written: str) -> tuple[str, float] | None:
    """The word that a part is which another follows, and the logarithm of its frequency; None if it is no word."""
    if written in _NO_PARTS:
        return None
    candidates = [(weight * _frequency(form), form) for form, weight in _forms(written)]
    frequency, form = max(candidates)
    return (form, math.log(frequency)) if frequency else None


def _forms(written: str) -> Iterator[tuple[str, float]]:
    """The words that a part may be: "arbets" is "arbete", "hälso" is "hälsa", "flick" is "flicka"."""
    yield written, 1.0
    if len(written) <= SHORTEST_PART:
        return
    rest, last = written[:-1], written[-1]
    match last:
        case "s":
            yield rest, LINKED
            if not rest.endswith("s"):
                yield rest + "e", LINKED
        case "o" | "u":
            yield rest + "a", LINKED
            yield rest, LINKED
        case "e":
            yield rest, LINKED
            yield rest + "a", LINKED
        case "a":
            yield rest, LINKED
    yield written + "a", BENT
    yield written + "e", BENT
    if written.endswith("ra"):
        yield written[:-2] + "er", BENT


def _frequency(form: str) -> float:
    """How common a word is, as a part; 0 if it is none."""
    if form in _NO_PARTS:
        return 0.0
    frequency = lexicon().frequency(form)
    if form in _BOUND:
        return max(frequency, _BOUND_FREQUENCY)
    return frequency if len(form) > SHORTEST_PART or frequency >= COMMON_ENOUGH_FOR_THREE else 0.0
