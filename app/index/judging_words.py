"""What is wrong with rows of other words for the same thing: what cannot be used, and what deserves a second look.

``Fault`` has a sentence for the screen. One that ``stops`` is refused where somebody writes a row; in the file itself
all of them are told by ``larnat check``, and the search does what it can with the rest.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.index.wordbook import synonyms_of
from app.language.lexicon import lexicon
from app.language.synonyms import LONGEST_PHRASE, phrase_of
from app.language.words import normal, words
from app.library.document import Problem
from app.library.personal_data import stops
from app.library.word_lists import PATH, Row, WordLists

MOST_ROWS = 500
MOST_IN_A_ROW = 12
LONGEST_EXPRESSION = 80
MOST_QUERY_WORDS = 300
LONGEST_QUERY_WORD = 30
# How large a part of Swedish text a word form is that nobody looks for by itself: "barn" and "år" are, "arbete" is not.
TOO_COMMON = 5e-4


@dataclass(frozen=True)
class Fault:
    """Something about a row or a word. ``stops``: it cannot be saved so."""

    message: str
    stops: bool = True
    # The row in which the same expression stands already.
    also_in: Row = ()


def faults_of_row(row: Row, others: Sequence[Row]) -> Iterator[Fault]:
    """What is wrong with a row beside the other rows of the list."""
    if len(row) < 2:
        yield Fault("Skriv minst två uttryck, ett på varje rad. De är till för att hitta varandra.")
    if len(row) > MOST_IN_A_ROW:
        yield Fault(f"En rad kan ha högst {MOST_IN_A_ROW} uttryck, och här är {len(row)}. Dela upp den.")
    if len(others) >= MOST_ROWS:
        yield Fault(f"Listan har redan {MOST_ROWS} rader. Ta bort någon som inte behövs först.")
    for expression in row:
        yield from _faults_of(expression)
    yield from _twice(row)
    yield from _elsewhere(row, others)


def _faults_of(expression: str) -> Iterator[Fault]:
    shown = shortened(expression)
    if hidden := [sign for sign in expression if unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")]:
        yield Fault(f"”{shown}” har ett osynligt tecken (U+{ord(hidden[0]):04X}). Skriv uttrycket på nytt.")
    if stops(expression):
        yield Fault("Ett av uttrycken ser ut att innehålla ett personnummer. Ta bort det.")
        return
    if len(expression) > LONGEST_EXPRESSION:
        yield Fault(f"”{shown}” är för långt: högst {LONGEST_EXPRESSION} tecken.")
    found = words(expression)
    if not found:
        yield Fault(f"”{shown}” har inga bokstäver eller siffror att söka på.")
    elif len(found) > LONGEST_PHRASE:
        yield Fault(f"”{shown}” har för många ord: högst {LONGEST_PHRASE} i ett uttryck.")
    elif all(lexicon().frequency(word) >= TOO_COMMON for word in found):
        yield Fault(f"”{shown}” är för vanligt i svenskan: då hittas nästan alla sidor. Välj ett mer träffande ord.")


def _twice(row: Row) -> Iterator[Fault]:
    for number, expression in enumerate(row):
        for earlier in row[:number]:
            if normal(earlier) == normal(expression):
                yield Fault(f"”{shortened(expression)}” står två gånger.")
            elif (phrase := phrase_of(expression)) and phrase == phrase_of(earlier):
                yield Fault(
                    f"”{shortened(earlier)}” och ”{shortened(expression)}” är samma ord för sökningen. Böjningar behövs"
                    " inte.",
                    stops=False,
                )


def _elsewhere(row: Row, others: Sequence[Row]) -> Iterator[Fault]:
    for other in others:
        said, phrases = {normal(one) for one in other}, {phrase_of(one) for one in other}
        for expression in row:
            if normal(expression) in said:
                yield Fault(
                    f"”{shortened(expression)}” står redan i raden ”{', '.join(other)}”. Lägg till dina ord i den raden"
                    " i stället.",
                    also_in=other,
                )
            elif (phrase := phrase_of(expression)) and phrase in phrases:
                yield Fault(
                    f"”{shortened(expression)}” är samma ord för sökningen som ett i raden ”{', '.join(other)}”. Då"
                    " hittar det båda radernas ord.",
                    stops=False,
                    also_in=other,
                )


def faults_of_query_words(asking: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with the words that only ask."""
    if len(asking) > MOST_QUERY_WORDS:
        yield Fault(f"Det kan vara högst {MOST_QUERY_WORDS} frågeord, och här är {len(asking)}.")
    seen: set[str] = set()
    for word in asking:
        shown = shortened(word)
        if stops(word):
            yield Fault("Ett av frågeorden ser ut att innehålla ett personnummer. Ta bort det.")
        elif len(word) > LONGEST_QUERY_WORD:
            yield Fault(f"”{shown}” är för långt: högst {LONGEST_QUERY_WORD} tecken.")
        elif words(word) != [normal(word)]:
            yield Fault(f"”{shown}” är inget enda ord. Skriv ett ord i taget, bara bokstäver eller siffror.")
        elif normal(word) in seen:
            yield Fault(f"”{shown}” står två gånger.")
        seen.add(normal(word))


def problems_of(lists: WordLists) -> Iterator[tuple[Problem, bool]]:
    """What is wrong in the lists of a file, each with whether it is a fault or only a hint."""
    for number, row in enumerate(lists.rows):
        # What stands in two rows is told of once, at the later.
        for fault in faults_of_row(row, lists.rows[:number]):
            yield Problem(PATH, fault.message, lists.lines[number]), fault.stops
    for fault in faults_of_query_words(lists.query_words):
        yield Problem(PATH, fault.message, lists.line_of_query_words), fault.stops


def means_the_same(one: WordLists, other: WordLists) -> bool:
    """Whether two lists find the same, however they are written."""
    return synonyms_of(one) == synonyms_of(other)


def shortened(text: str) -> str:
    """A text as it is quoted on the screen: not the whole of a long one, and without what hides or turns writing."""
    shown = "".join(sign if sign.isprintable() else "�" for sign in text)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
