"""The part of a text that shows why it was found: the sentences with most of the searched words, and where they are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.language.analysis import term
from app.language.matching import Matcher, Phrases, matcher
from app.language.words import Place, normal, printed

LENGTH = 240
# A sentence ends with a mark and a space before a capital or digit, or with its line.
_END = re.compile(r"[.!?…](?=\s+[\"”»(]?[A-ZÅÄÖÉ0-9])|\n")


@dataclass(frozen=True)
class Piece:
    """A run of text, ``marked`` if it is one of the words that were searched for."""

    text: str
    marked: bool = False


def excerpt(
    texts: Sequence[str], terms: Collection[str], length: int = LENGTH, known: str = "", phrases: Phrases = ()
) -> list[Piece]:
    """At most about ``length`` characters of the texts, from the sentences that hold most of the terms and phrases.

    ``known`` is what the reader sees anyway, such as the title: a sentence that only repeats it is left out.
    Sentences stand in the order of the texts, with "…" where something is left out. Where no term is found the
    excerpt is the beginning of the first text that has any.
    """
    texts = [printed(text) for text in texts]
    seen = normal(known).strip(" .")
    words = matcher(terms, phrases)
    candidates = (sentence for text in texts for sentence in _candidates(text, words))
    sentences = [sentence for sentence in candidates if sentence.text.lower().strip(" .") != seen]
    chosen = _choose(sentences, length)
    if not chosen:
        beginning = next((text.strip() for text in texts if text.strip()), "")
        return mark(_cut(" ".join(beginning.split()), 0, length), terms, phrases)
    pieces: list[Piece] = []
    previous = None
    for number in sorted(chosen):
        sentence = sentences[number]
        if previous is not None:
            pieces.append(Piece(" " if number == previous + 1 and sentence.follows else " … "))
        pieces += mark(_cut(sentence.text, sentence.first, length), terms, phrases)
        previous = number
    return pieces


def mark(text: str, terms: Collection[str], phrases: Phrases = ()) -> list[Piece]:
    """The whole text in pieces, with every word marked that is a form of the terms, or a compound with one of them,
    and every phrase.
    """
    pieces, done = [], 0
    text = printed(text)
    for start, end, _ in matcher(terms, phrases).places(text):
        if start > done:
            pieces.append(Piece(text[done:start]))
        pieces.append(Piece(text[start:end], marked=True))
        done = end
    if done < len(text):
        pieces.append(Piece(text[done:]))
    return pieces


@dataclass(frozen=True)
class _Sentence:
    text: str
    first: int  # where its first searched word begins
    found: frozenset[str]
    follows: bool  # whether nothing stands between it and the candidate before it


def _candidates(text: str, words: Matcher) -> list[_Sentence]:
    """The sentences that hold a wanted word."""
    held = words.places(text)
    if not held:
        return []
    ends = [*(end.end() for end in _END.finditer(text)), len(text)]
    by_sentence: dict[int, list[Place]] = {}
    for place in held:
        by_sentence.setdefault(bisect_right(ends, place.start), []).append(place)
    found = []
    for number, places in by_sentence.items():
        start = ends[number - 1] if number else 0
        sentence = text[start : ends[number]]
        before = text[start : places[0].start]
        first = len(" ".join(before.split())) + (1 if before.strip() and before[-1].isspace() else 0)
        words_held = frozenset(term(place.word) for place in places)
        found.append(_Sentence(" ".join(sentence.split()), first, words_held, number - 1 in by_sentence))
    return found


def _choose(sentences: Sequence[_Sentence], length: int) -> set[int]:
    """The numbers of the sentences to show: each in turn the one that adds most words, as long as there is room."""
    chosen: set[int] = set()
    shown: frozenset[str] = frozenset()
    room = length
    while room > 0:
        gains = [(len(sentence.found - shown), -number) for number, sentence in enumerate(sentences)]
        gain, minus_number = max(gains, default=(0, 0))
        sentence = sentences[-minus_number] if sentences else None
        if sentence is None or gain == 0 or (chosen and len(sentence.text) > room + length // 3):
            break
        chosen.add(-minus_number)
        shown |= sentence.found
        room -= len(sentence.text)
    return chosen


def _cut(sentence: str, first: int, length: int) -> str:
    """The sentence, or of a long one the part around its first searched word, cut between words."""
    if len(sentence) <= length:
        return sentence
    start = max(0, first - length // 3)
    if start:
        start = sentence.find(" ", start, first) + 1 or first
    end = min(len(sentence), start + length)
    if end < len(sentence):
        end = max(sentence.rfind(" ", first + 1, end), start + 1) if " " in sentence[first + 1 : end] else end
    return ("… " if start else "") + sentence[start:end] + (" …" if end < len(sentence) else "")
