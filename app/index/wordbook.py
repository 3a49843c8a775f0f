"""The words of ``content/vocabulary.yaml`` as the search uses them: read again by every process when the file changes.

The words are used when somebody searches, and nothing that is indexed depends on them: a changed file needs no
rebuild.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.language.synonyms import Synonyms
from app.library.document import BrokenDocument, Problem
from app.library.folders import read_bytes
from app.library.word_lists import LARGEST_FILE, PATH, WordLists, read_word_lists

log = logging.getLogger(__name__)

State = tuple[int, ...]


@dataclass(frozen=True)
class Words:
    """What a file said: the lists, the synonyms they make, and why it could not be read if an earlier one is used."""

    lists: WordLists = field(default_factory=WordLists)
    synonyms: Synonyms = field(default_factory=Synonyms)
    problems: tuple[Problem, ...] = ()


class Wordbook:
    """The words of one home folder. ``before`` finds the last file that could be read, for a process that is new."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._file = home / PATH
        self._read: tuple[State | None, Words] = (None, Words())
        self.before: Callable[[], WordLists | None] = lambda: None

    def synonyms(self) -> Synonyms:
        """What the file says now, or said when it could be read last."""
        return self.words().synonyms

    def words(self) -> Words:
        """The same with the lists themselves, and what is wrong in the file."""
        state, words = self._read
        present = self._state()
        if present != state:
            words = self._words(words) if present else Words()
            self._read = (present, words)
        return words

    def _state(self) -> State:
        """What changes when the file does; empty where there is none."""
        try:
            found = self._file.stat()
        except OSError:
            return ()
        return found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_size

    def _words(self, earlier: Words) -> Words:
        try:
            lists = read_word_lists(read_bytes(self._home, PATH, LARGEST_FILE) or b"")
        except BrokenDocument as broken:
            log.warning("the words in content/vocabulary.yaml could not be read")
            known = earlier.lists if self._read[0] is not None else self.before() or WordLists()
            return Words(known, synonyms_of(known), tuple(broken.problems))
        return Words(lists, synonyms_of(lists))


def synonyms_of(lists: WordLists) -> Synonyms:
    """The lists as the search understands them."""
    return Synonyms.of(lists.rows, lists.query_words)
