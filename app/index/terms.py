"""What a document is found by: its words as stems, each with a weight that says where it stands.

All words stand in one field. A word in a title is worth several in the text, which the weight says; so one list of
documents per word is enough, and a word that stands in the title and in the text counts for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.language.words import stems, words

TITLE = 6.0
SUMMARY = 2.5
KIND = 2.0
HEADINGS = 1.5
FACTS = 1.5
REFERENCES = 1.0
BODY = 1.0

# A file holds at most a megabyte, but a list of numbers is not prose: longer texts are searched by their beginning.
MOST_WORDS = 100_000


@dataclass(frozen=True)
class Terms:
    """The weights of a document's stems, and how many words it has."""

    weights: dict[str, float]
    length: int


@dataclass(frozen=True)
class Searched:
    """The texts by which a document is searched. ``references`` are the titles of documents that it names."""

    title: str
    kind_words: str
    summary: str
    headings: str
    facts: Sequence[str]
    body: str
    references: Sequence[str] = ()


def terms_of(searched: Searched) -> Terms:
    """The terms of a document."""
    parts: Iterable[tuple[str, float]] = (
        (searched.title, TITLE),
        (searched.kind_words, KIND),
        (searched.summary, SUMMARY),
        (searched.headings, HEADINGS),
        ("\n".join(searched.facts), FACTS),
        ("\n".join(searched.references), REFERENCES),
        (searched.body, BODY),
    )
    weights: dict[str, float] = {}
    length = 0
    for text, weight in parts:
        found = stems(text)[:MOST_WORDS]
        length += len(found)
        for stem in found:
            weights[stem] = weights.get(stem, 0.0) + weight
    return Terms(weights, length)


def fact_words(facts: Iterable[Sequence[str]]) -> list[str]:
    """What is searched of a front matter's values, each a label, how it is shown, and other ways to write it.

    A word that two ways have in common counts once.
    """
    return ["\n".join(dict.fromkeys(words(f"{shown}\n{also}"))) if also else shown for _, shown, also in facts]
