"""What is known of Swedish word forms: how common each is, and to which term it belongs. One table, made once.

The table is made from what the packages wordfreq (frequencies; its data is CC BY-SA 4.0) and simplemma (base forms;
MIT) bring along, when the program is set up or when it is first asked for. It is never committed. Every process maps
the same file, so that it costs memory once and nothing to open.

A *term* is the stem of a form's base form: "böcker" gives "bok". For most forms that is the form's own stem, which
Snowball finds without any table, so only the others are listed.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
import tempfile
import threading
from array import array
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from struct import Struct
from zlib import crc32

import numpy as np
import snowballstemmer

FILE = Path(__file__).with_name("lexicon.bin")
LONGEST_FORM = 40
_MADE_FROM = ("wordfreq", "simplemma", "snowballstemmer")
_LAYOUT = 2
# Ordinals are words of their own, though simplemma takes them for forms of the numbers ("första" of "ett").
_ORDINALS = frozenset(
    ("första", "förstas", "förste", "förstes", "andre", "andres", "tredjes", "fjärdes", "femte", "femtes", "sjätte")
)
_HEADER = Struct("<48sIII")  # what it was made from, entries, slots, bytes of text


class _Own(threading.local):
    """A stemmer for each thread: it keeps the word that it works on."""

    def __init__(self) -> None:
        self.stemmer = snowballstemmer.stemmer("swedish")


_own = _Own()


def stem(word: str) -> str:
    """The word without its Swedish ending (Snowball): "besöken" and "besöket" both give "besök"."""
    return str(_own.stemmer.stemWord(word))


class Lexicon:
    """The table: a hash of forms, each with its frequency, its term and how common that term is in all its forms.

    ``content`` is the table's bytes. Raises ValueError if they are not a table that this program has made.
    """

    def __init__(self, content: bytes | mmap.mmap) -> None:
        made_from, entries, slots, letters = _HEADER.unpack_from(content)
        if made_from != _stamp():
            raise ValueError("the table was made from something else")
        places, at = [], _HEADER.size
        for size in (4 * slots, 4 * (entries + 1), 4 * entries, 4 * entries, 4 * entries, letters):
            places.append(memoryview(content)[at : at + size])
            at += size
        if len(content) != at:
            raise ValueError("the table is cut off")
        self._slots = places[0].cast("I")
        self._starts = places[1].cast("I")
        self._frequency = places[2].cast("f")
        self._background = places[3].cast("f")
        self._term = places[4].cast("I")
        self._letters = places[5]
        self._mask = slots - 1

    def __len__(self) -> int:
        return len(self._frequency)

    def frequency(self, form: str) -> float:
        """How large a part of Swedish text this form is; 0 if it is not known."""
        entry = self._entry(form)
        return self._frequency[entry] if entry >= 0 else 0.0

    def background(self, term: str) -> float:
        """How large a part of Swedish text the forms of a term are together; 0 if none is known."""
        entry = self._entry(term)
        return self._background[entry] if entry >= 0 else 0.0

    def irregular(self, form: str) -> str | None:
        """The term of a form whose own stem is another; None if there is nothing to say."""
        entry = self._entry(form)
        term = self._term[entry] - 1 if entry >= 0 else -1
        return str(self._letters[self._starts[term] : self._starts[term + 1]], "utf-8") if term >= 0 else None

    def with_irregular(self, term: str) -> Iterator[str]:
        """The forms of a term whose own stem is another: "böcker" for "bok"."""
        entry = self._entry(term)
        found = np.flatnonzero(np.frombuffer(self._term, np.uint32) == entry + 1) if entry >= 0 else ()
        for number in found:
            yield str(self._letters[self._starts[number] : self._starts[number + 1]], "utf-8")

    def _entry(self, form: str) -> int:
        key = form.encode()
        slot = crc32(key) & self._mask
        while number := int(self._slots[slot]):
            if self._letters[self._starts[number - 1] : self._starts[number]] == key:
                return number - 1
            slot = (slot + 1) & self._mask
        return -1


@cache
def lexicon() -> Lexicon:
    """The table of this installation; it is made first if it is missing or was made from other packages."""
    with contextlib.suppress(OSError, ValueError):
        return _opened()
    content = make()
    with contextlib.suppress(OSError):  # an installation that nobody may write in keeps it in memory
        write(content)
        return _opened()
    return Lexicon(content)


def _opened() -> Lexicon:
    with FILE.open("rb") as stream:
        return Lexicon(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))


def write(content: bytes) -> None:
    """Put a table in its place, at once for everybody."""
    descriptor, name = tempfile.mkstemp(dir=FILE.parent, prefix=".tmp-lexicon-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(FILE)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


# ---- Making it ----


def make() -> bytes:
    """The table from what the packages know; takes some ten seconds."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory
    from wordfreq import get_frequency_dict

    frequencies = {form: part for form, part in get_frequency_dict("sv", "large").items() if _usable(form)}
    lemmas = {
        form: lemma.lower()
        for form, lemma in _pairs(DefaultDictionaryFactory().get_dictionary("sv").items())
        if _usable(form) and form != lemma and form not in _ORDINALS
    }
    return table(frequencies, lemmas)


def _pairs(items: Iterable[tuple[str | bytes, str | bytes]]) -> Iterator[tuple[str, str]]:
    for pair in items:
        form, lemma = (one.decode() if isinstance(one, bytes) else one for one in pair)
        yield form, lemma


def _usable(form: str) -> bool:
    return form.isalpha() and form == form.lower() and len(form) <= LONGEST_FORM


def table(frequencies: dict[str, float], lemmas: dict[str, str]) -> bytes:
    """The bytes of a table: of forms their frequency, and their base forms."""
    irregular = {}
    for form, lemma in lemmas.items():
        term = stem(lemma)
        if term != stem(form):
            irregular[form] = term
    background: dict[str, float] = {}
    for form, part in frequencies.items():
        term = irregular.get(form) or stem(form)
        background[term] = background.get(term, 0.0) + part
    forms = sorted({*frequencies, *irregular, *irregular.values(), *background})
    numbers = {form: number for number, form in enumerate(forms, 1)}
    letters = [form.encode() for form in forms]
    starts = array("I", [0])
    for key in letters:
        starts.append(starts[-1] + len(key))
    slots = _hashed(letters)
    return b"".join(
        [
            _HEADER.pack(_stamp(), len(forms), len(slots), starts[-1]),
            slots.tobytes(),
            starts.tobytes(),
            array("f", [frequencies.get(form, 0.0) for form in forms]).tobytes(),
            array("f", [background.get(form, 0.0) for form in forms]).tobytes(),
            array("I", [numbers.get(irregular.get(form, ""), 0) for form in forms]).tobytes(),
            *letters,
        ]
    )


def _hashed(keys: list[bytes]) -> array[int]:
    """The number of each key (from 1) at the first free slot from its hash on; half of the slots or more stay free."""
    slots = array("I", bytes(4 * (1 << max(4, (2 * len(keys)).bit_length()))))
    mask = len(slots) - 1
    for number, key in enumerate(keys, 1):
        slot = crc32(key) & mask
        while slots[slot]:
            slot = (slot + 1) & mask
        slots[slot] = number
    return slots


@cache
def _stamp() -> bytes:
    versions = " ".join(version(name) for name in _MADE_FROM)
    return f"{_LAYOUT} {sys.byteorder} {versions}".encode()[:48].ljust(48, b"\0")


if __name__ == "__main__":
    lexicon()
