"""Why a document was found: which of its words answer which words of the question, and which have no answer in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.index.arrays import Mask
from app.index.asking import Asked, Question
from app.index.contract import Reason
from app.index.sought import Phrase
from app.language.analysis import Analysed, analysed, term
from app.language.words import words

# A document may hold a word in many forms; some of them tell enough.
MOST_FORMS = 3


def reasons(question: Question, holding: Mapping[str, Mask], position: int, marked: Iterable[str]) -> list[Reason]:
    """The reasons for one document. ``marked`` are its words that were marked, and ``holding`` who has each word."""
    spelt = list(dict.fromkeys(word for run in marked for word in words(run)))
    found = [_reason(asked, spelt) for asked in (*question.words, *question.quoted) if asked.required]
    # What is marked is an excerpt: the document may answer with a word that is not in it.
    return [one for one in found if one.met or not holding[one.typed][position]]


def named_reasons(phrases: Iterable[Phrase], own: Iterable[str], titles: Iterable[str]) -> list[Reason]:
    """The reasons for phrases that stand in none of a document's own texts, but in a title of what it names."""
    texts, known = [words(text) for text in own], [(title, words(title)) for title in titles]
    away = (phrase for phrase in phrases if not any(_stands_in(text, phrase) for text in texts))
    return [
        Reason(" ".join(phrase), named=title)
        for phrase in away
        if (title := next((title for title, spelt in known if _stands_in(spelt, phrase)), ""))
    ]


def _stands_in(text: Sequence[str], phrase: Phrase) -> bool:
    size = len(phrase)
    return any(tuple(text[at : at + size]) == phrase for at in range(len(text) - size + 1))


def holding(question: Question) -> dict[str, Mask]:
    """By each required word of a question which documents have it, in any way."""
    return {one.typed: question.holding(one) for one in (*question.words, *question.quoted) if one.required}


def _reason(asked: Asked, spelt: Iterable[str]) -> Reason:
    meant = asked.corrected or asked.typed
    own, parts = analysed(meant)
    found: dict[str, list[str]] = {"forms": [], "other": [], "parts": []}
    for word in spelt:
        for sort in _answers(word, analysed(word), asked, own, frozenset(parts)):
            if word not in found[sort]:
                found[sort].append(word)
    forms, other, parts = (tuple(found[sort][:MOST_FORMS]) for sort in ("forms", "other", "parts"))
    return Reason(asked.typed, forms, other, parts)


def _answers(word: str, held: Analysed, asked: Asked, own: str, parts: frozenset[str]) -> Iterator[str]:
    """In which way, if any, a word of a document answers a word of the question."""
    if own in (held.whole, *held.parts) or (asked.beginning and word.startswith(asked.beginning)):
        yield "forms"
    elif not parts.isdisjoint((held.whole, *held.parts)):
        yield "parts"
    elif any(one in asked.worth for one in (held.whole, *held.parts)):
        yield "forms" if term(asked.typed) in (held.whole, *held.parts) else "other"
