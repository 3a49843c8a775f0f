"""A row of other words for the same thing, as it is written in a form, and what becomes of the list then."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from app.index.judging_words import Fault, faults_of_query_words, faults_of_row
from app.language.words import normal, printed
from app.library.word_lists import Row, WordLists, read_word_lists, with_query_words, with_row
from app.publishing import Refused

# More than anybody may save; what comes after is not even looked at.
MOST_READ, MOST_WORDS_READ = 40, 1000
_BETWEEN = re.compile(r"[\n,;]")
_BETWEEN_WORDS = re.compile(r"[\s,;]+")


class Faulty(Refused):
    """What was written cannot be saved: ``faults`` say why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


class RowChanged(Refused):
    """Somebody else has changed or removed the row meanwhile. ``now`` are the rows that have some of its words."""

    def __init__(self, now: Sequence[Row]) -> None:
        super().__init__("Någon annan har ändrat raden medan du skrev.")
        self.now = now


@dataclass(frozen=True)
class Edit:
    """A row as it was opened and as it is written now. Without ``was`` it is new; with ``going`` it is to go."""

    was: Row
    row: Row
    going: bool = False

    @property
    def summary(self) -> str:
        """What history says of it."""
        if not self.was:
            return f"Lade till ”{in_words(self.row)}”"
        if self.going:
            return f"Tog bort ”{in_words(self.was)}”"
        return f"Ändrade ”{in_words(self.was)}” till ”{in_words(self.row)}”"

    def faults(self, lists: WordLists) -> list[Fault]:
        """What is wrong with it beside the other rows."""
        # A new row that is there already is the same form sent twice.
        own = self.was or self.row
        others = [row for row in lists.rows if row != own]
        return [] if self.going else list(faults_of_row(self.row, others))

    def applied(self, lists: WordLists) -> WordLists:
        """The lists with the row in its place."""
        rows = [row for row in lists.rows if row != self.was]
        return WordLists((*rows, self.row) if self.row else tuple(rows), (), lists.query_words)

    def change(self) -> Callable[[str], str]:
        """The function from the file's newest text to the next. It raises Faulty and RowChanged."""

        def change(text: str) -> str:
            lists = read_word_lists(text.encode())
            gone = self.was and self.was not in lists.rows
            if (gone or not self.was) and (self.going or self.row in lists.rows):
                return text  # it says so already: sent twice, or somebody else has done the same
            if gone:
                raise RowChanged(akin(lists, (*self.was, *self.row)))
            if faults := [fault for fault in self.faults(lists) if fault.stops]:
                raise Faulty(faults)
            return with_row(text, self.was, self.row)

        return change


@dataclass(frozen=True)
class WordsEdit:
    """The words that only ask, as they were when the form was opened and as they are written now."""

    was: Row
    words: Row

    @property
    def summary(self) -> str:
        came, went = without(self.words, self.was), without(self.was, self.words)
        told = [f"lade till ”{in_words(came)}”"] * bool(came) + [f"tog bort ”{in_words(went)}”"] * bool(went)
        return f"Frågeord: {' och '.join(told)}" if told else "Frågeord: skrev om listan"

    def merged(self, now: Row) -> Row:
        """The words when what came and went in the form has come and gone in the newest list."""
        went = set(without(self.was, self.words))
        kept = [word for word in now if word not in went]
        return (*kept, *without(self.words, (*self.was, *kept)))

    def applied(self, lists: WordLists) -> WordLists:
        return WordLists(lists.rows, (), self.merged(lists.query_words))

    def change(self) -> Callable[[str], str]:
        """The function from the file's newest text to the next. It raises Faulty."""

        def change(text: str) -> str:
            lists = read_word_lists(text.encode())
            words = self.merged(lists.query_words)
            if words == lists.query_words:
                return text
            if faults := list(faults_of_query_words(words)):
                raise Faulty(faults)
            return with_query_words(text, words)

        return change


def row_of(text: str) -> Row:
    """A row as it is written in a form: an expression a line, or with commas between them."""
    pieces = (" ".join(printed(piece).split(" ")) for piece in _BETWEEN.split(text.replace("\r", "")))
    return tuple(piece.strip() for piece in pieces if piece.strip())[:MOST_READ]


def as_it_was(text: str) -> Row:
    """The row that a form was opened with, an expression a line; one may have a comma in it."""
    return tuple(line for line in text.replace("\r", "").split("\n") if line)[:MOST_READ]


def words_of(text: str) -> Row:
    """Words as they are written in a form, with blanks or commas between them."""
    return tuple(word for word in _BETWEEN_WORDS.split(printed(text)) if word)[:MOST_WORDS_READ]


def mark_of(row: Row) -> str:
    """What the address of a row ends in: the same as long as the row says the same."""
    return sha256("\n".join(row).encode()).hexdigest()[:12]


def akin(lists: WordLists, expressions: Sequence[str]) -> list[Row]:
    """The rows that have any of some expressions."""
    wanted = {normal(one) for one in expressions}
    return [row for row in lists.rows if not wanted.isdisjoint(map(normal, row))]


def in_words(row: Sequence[str]) -> str:
    """Expressions in a row, as long as a line of history may be."""
    whole = ", ".join(row)
    return whole if len(whole) <= 120 else f"{whole[:119]}…"


def without(words: Row, others: Row) -> Row:
    return tuple(word for word in words if word not in others)
