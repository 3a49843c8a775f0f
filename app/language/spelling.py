"""Spelling: the words that somebody may have meant, among words that are given. It has no words of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.language.compounds import term_of_form
from app.language.folding import fold
from app.language.lexicon import lexicon

SHORTEST = 4
# From so many letters on two faults are believed, below only one.
TWO_FAULTS_FROM = 8
# A word that is at least so common is believed to be meant; a rarer one may be a fault that many make.
KNOWN = 3e-7
# What a fault costs that leaves the sound as it was, or drops the marks of letters.
UNHEARD = 0.4
ONE_FAULT = 1.0
# Ways to write the same sound, each replaced by the last of its row.
_SOUNDS = (
    *(("skj", "sj"), ("stj", "sj"), ("sch", "sj"), ("sk", "sj"), ("tion", "sjon"), ("kj", "tj"), ("ck", "k")),
    *(("hj", "j"), ("dj", "j"), ("lj", "j"), ("gj", "j"), ("g", "j"), ("hv", "v"), ("ks", "x"), ("c", "s")),
    *(("w", "v"), ("q", "k"), ("z", "s"), ("ä", "e"), ("å", "o")),
)


def is_word(word: str) -> bool:
    """Whether Swedish knows the word well enough for nobody to doubt that it was meant: it, or it among its forms."""
    frequency = lexicon().frequency(word)
    return frequency >= KNOWN or (frequency > 0 and lexicon().background(term_of_form(word)) >= KNOWN)


def heard(word: str) -> str:
    """The word as it sounds, roughly: "sjärna" and "stjärna" sound alike, doubled letters as single ones."""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return "".join(letter for at, letter in enumerate(word) if at == 0 or letter != word[at - 1])


def faults_in(word: str) -> int:
    """How many faults are believed in a word."""
    if len(word) < SHORTEST or not word.isalpha():
        return 0
    return 2 if len(word) >= TWO_FAULTS_FROM else 1


def close(word: str, known: Sequence[str], believe: bool = False) -> Iterator[str]:
    """The known words that somebody who typed this may have meant, the likeliest first.

    A common Swedish word is only taken for what is typed without å, ä and ö; ``believe`` is for when that is settled.
    """
    faults = faults_in(word)
    if not faults:
        return
    plain = [fold(one) for one in known]
    near = process.extract(fold(word), plain, scorer=OSA.distance, score_cutoff=faults, limit=None)
    others = (known[place] for _, _, place in near)
    ranked = sorted((cost(word, other), -lexicon().frequency(other), other) for other in others)
    trusted = not believe and is_word(word)
    # A word that Swedish has now and then may be meant, and is doubted only for one that is near.
    most = ONE_FAULT if lexicon().frequency(word) else faults + 0.9
    for far, _, other in ranked:
        if other != word and (not trusted or fold(other) == fold(word)) and far <= most:
            yield other


def cost(word: str, other: str) -> float:
    """How far one word is from another: faults that are not heard, and dropped marks, cost less."""
    plain = fold(word) == word
    distance = OSA.distance(word, fold(other) if plain else other)
    if distance and heard(word) == heard(other):
        return UNHEARD
    return float(distance) + (0.0 if other[:1] == word[:1] else 0.5)


def first(candidates: Iterable[str], wanted: Callable[[str], bool]) -> str | None:
    """The first candidate that is wanted."""
    return next((one for one in candidates if wanted(one)), None)
