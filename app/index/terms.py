"""What a document is found by: its words as terms and as they are written, each with a weight for its place.

All words stand in one field. A word in a title is worth several in the text, which the weight says; so one list of
documents per word is enough, and a word that stands in the title and in the text counts for both. A compound counts for
its parts as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from app.index.measured import BODY, FACTS, HEADINGS, KIND, PART, REFERENCES, SUMMARY, TITLE
from app.language.analysis import analysed, term
from app.language.words import words
from app.library.markdown import NO_WORDS

# A file holds at most a megabyte, but a list of numbers is not prose: longer texts are searched by their beginning.
MOST_WORDS = 100_000
# What stands between two texts of a document: it is no word.
GAP = "\n"
# What a link shows of an address is no word of the text: it has no å, ä and ö, and would be completed and offered.
_ADDRESSES = re.compile(f"{NO_WORDS}[^{NO_WORDS}]*{NO_WORDS}")
# A value of more words is prose.
LONGEST_VALUE = 4


@dataclass(frozen=True)
class Terms:
    """What a document is found by, as it can be told without looking at the other documents.

    ``marks`` are the terms of its title and its values, marked as such; ``length`` is how many words it has, and
    ``forms`` are the weights of its words as they are written, from which those of its terms follow. ``sequence`` are
    the words as they follow one another, with ``GAP`` after each text, for phrases.
    """

    marks: dict[str, float]
    length: int
    forms: dict[str, float]
    sequence: str = ""

    @cached_property
    def weights(self) -> dict[str, float]:
        """The weights of the document's terms, for who looks at this document alone."""
        weights = dict(self.marks)
        for form, weight in self.forms.items():
            whole, parts = analysed(form)
            for one, worth in ((whole, 1.0), *((part, PART) for part in parts)):
                weights[one] = weights.get(one, 0.0) + worth * weight
        return weights

    def with_title(self, title: str) -> Terms:
        """The terms of the document with its title's once more, marked as such."""
        found = [one for word in words(title)[:MOST_WORDS] for one in (analysed(word).whole, *analysed(word).parts)]
        return replace(self, marks=self.marks | {in_title(one): 1.0 for one in found})

    def with_values(self, facts: Iterable[str]) -> Terms:
        """The terms of the document with each of its values that has a few words once more, as one."""
        values = ([term(word) for word in words(line)] for fact in facts for line in fact.splitlines())
        found = {as_value(value): 1.0 for value in values if 1 < len(value) <= LONGEST_VALUE}
        return replace(self, marks=self.marks | found)

    def with_texts(self, texts: Iterable[str], weight: float) -> Terms:
        """The terms of the document with other texts in it, each of whose words has a weight."""
        forms = dict(self.forms)
        found: list[str] = []
        sequences = [self.sequence] if self.sequence else []
        for text in texts:
            here = words(text)[: MOST_WORDS - len(found)]
            found += here
            sequences += [" ".join(here), GAP] if here else ()
        for word in found:
            forms[word] = forms.get(word, 0.0) + weight
        return Terms(self.marks, self.length + len(found), forms, " ".join(sequences))


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

    @property
    def prose(self) -> str:
        """The body without the words of addresses."""
        return _ADDRESSES.sub(" ", self.body)


def terms_of(searched: Searched) -> Terms:
    """The terms of a document."""
    parts: Iterable[tuple[Iterable[str], float]] = (
        ((searched.title,), TITLE),
        ((searched.kind_words,), KIND),
        ((searched.summary,), SUMMARY),
        (searched.headings.split("\n"), HEADINGS),
        (searched.facts, FACTS),
        (searched.references, REFERENCES),
        ((searched.prose,), BODY),
    )
    terms = Terms({}, 0, {})
    for texts, weight in parts:
        terms = terms.with_texts(texts, weight)
    return terms.with_title(searched.title).with_values(searched.facts)


def in_title(term: str) -> str:
    """A term of a title, as it stands among the other terms: no word begins so."""
    return f"\x01{term}"


def as_value(terms: Sequence[str]) -> str:
    """Several terms that are a value of the front matter together, as they stand among the other terms."""
    return "\x02" + " ".join(terms)


def fact_words(facts: Iterable[Sequence[str]]) -> list[str]:
    """What is searched of a front matter's values, each a label, how it is shown, and other ways to write it.

    A word that two ways have in common counts once.
    """
    return ["\n".join(dict.fromkeys(words(f"{shown}\n{also}"))) if also else shown for _, shown, also in facts]
