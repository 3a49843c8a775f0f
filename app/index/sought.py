"""What somebody types, read as what they look for: words, phrases in quotes, and what is to be left out.

There is no language that can be written wrongly. A quote that is not closed, a hyphen inside a word or between two, and
words such as AND and NOT are what they are in any text. This is the only place that knows how a query is written; every
engine is asked with what comes out of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from app.language.words import normal, words

# More words than anybody means; the first ones count.
MOST_WORDS = 40
LONGEST_QUERY = 2000
# A beginning of fewer letters stands for nearly everything.
SHORTEST_BEGINNING = 2

Phrase = tuple[str, ...]

# Whichever way a keyboard or a text that was pasted has them: "…", ”…”, “…”, „…“, »…«, «…».
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
# Hyphens and the sign for minus; the longer dashes stand between words.
_WITHOUT = "-\u2010\u2011\u2212"
_NUMBER = r"\d{1,3}(?:\s\d{3})+(?!\d)"
_PIECE = re.compile(rf'(?P<without>(?<!\S)[{_WITHOUT}](?=["\w]))?(?:"(?P<quoted>[^"]*)"|(?P<plain>{_NUMBER}|[^\s"]+))')


@dataclass(frozen=True)
class Sought:
    """What is looked for, in words as ``app.language.words`` gives them.

    A phrase is held where its words stand after one another as they are written here, also if it is one word. A word
    to be left out leaves out all its inflections. ``beginning`` is the last of ``words`` where that may be the
    beginning of another.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    excluded: tuple[str, ...] = ()
    excluded_phrases: tuple[Phrase, ...] = ()
    beginning: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases or self.excluded or self.excluded_phrases)

    def __str__(self) -> str:
        """How it may be typed."""
        phrases = (" ".join(phrase) for phrase in self.phrases)
        without = (*self.excluded, *(f'"{" ".join(phrase)}"' for phrase in self.excluded_phrases))
        return " ".join((*self.words, *(f'"{phrase}"' for phrase in phrases), *(f"-{one}" for one in without)))


def read(typed: str, unfinished: bool = False) -> Sought:
    """What somebody looks for who has typed this. ``unfinished`` says that they may be in the middle of a word."""
    text = normal(typed[:LONGEST_QUERY])
    if text.replace(" ", "").isalpha():  # as most are: there is nothing in it to be read but words
        return _of_words(words(text)[:MOST_WORDS], unfinished and text[-1] != " ")
    text = text.translate(_QUOTES)
    plain: list[str] = []
    phrases: list[Phrase] = []
    excluded: list[str] = []
    excluded_phrases: list[Phrase] = []
    ends_in_word = False
    for without, quoted, found in _pieces(text):
        ends_in_word = not without and not quoted
        if not without and not quoted:
            plain += found
        elif not without:
            phrases.append(found)
        elif quoted or len(found) > 1:
            excluded_phrases.append(found)
        else:
            excluded += found
    plainly = _of_words(plain, unfinished and ends_in_word and text[-1].isalnum())
    return replace(
        plainly,
        phrases=tuple(dict.fromkeys(phrases)),
        excluded=tuple(dict.fromkeys(excluded)),
        excluded_phrases=tuple(dict.fromkeys(excluded_phrases)),
    )


def _of_words(plain: Sequence[str], unfinished: bool) -> Sought:
    last = plain[-1] if unfinished and plain else ""
    return Sought(tuple(plain), beginning=last if len(last) >= SHORTEST_BEGINNING else "")


def _pieces(text: str) -> Iterator[tuple[bool, bool, Phrase]]:
    """The pieces of a query that have words in them: whether it is to be left out, is quoted, and its words."""
    left = MOST_WORDS
    for without, quoted, found in _joined(text):
        piece = tuple(islice(words(found), left))
        left -= len(piece)
        if piece:
            yield without, quoted, piece


def _joined(text: str) -> Iterator[tuple[bool, bool, str]]:
    """The pieces as they are written. Plain ones are put together: a number may have spaces within it."""
    plain: list[str] = []
    for piece in _PIECE.finditer(text):
        if piece["plain"] is not None and not piece["without"]:
            plain.append(piece["plain"])
            continue
        if plain:
            yield False, False, " ".join(plain)
            plain = []
        yield piece["without"] is not None, piece["quoted"] is not None, piece["quoted"] or piece["plain"] or ""
    if plain:
        yield False, False, " ".join(plain)
