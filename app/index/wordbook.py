"""``content/vocabulary.yaml``: other words for the same thing, and words that only ask. Read again when it changes."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import yaml

from app.language.synonyms import Synonyms

PATH = "content/vocabulary.yaml"
LARGEST_FILE = 256 * 1024
log = logging.getLogger(__name__)


class Wordbook:
    """The synonyms of one home folder."""

    def __init__(self, home: Path) -> None:
        self._file = home / PATH
        self._read: tuple[tuple[int, int] | None, Synonyms] = (None, Synonyms())

    def synonyms(self) -> Synonyms:
        """What the file says now. A file that cannot be read changes nothing: the words before it hold."""
        try:
            found = self._file.stat()
        except OSError:
            return Synonyms()
        state = (found.st_mtime_ns, found.st_size)
        if self._read[0] != state:
            try:
                self._read = (state, parse(self._file.read_bytes()))
            except (OSError, ValueError, yaml.YAMLError):
                log.warning("the words in content/vocabulary.yaml could not be read")
                self._read = (state, self._read[1])
        return self._read[1]


def parse(content: bytes) -> Synonyms:
    """The synonyms that a file tells. Raises ValueError or YAMLError if it is not of the right form."""
    if len(content) > LARGEST_FILE:
        raise ValueError("the file is too large")
    told = yaml.safe_load(content.decode()) or {}
    if not isinstance(told, dict):
        raise ValueError("the file is to have synonyms and query_words")
    rows, asking = told.get("synonyms") or [], told.get("query_words") or []
    if not _are_texts(asking) or not isinstance(rows, list) or not all(_are_texts(row) for row in rows):
        raise ValueError("synonyms is to be a list of lists of words, and query_words a list of words")
    return Synonyms.of(rows, asking)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
