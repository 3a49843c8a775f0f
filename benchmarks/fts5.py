"""The counterpart: SQLite FTS5 over the same texts, in this process, with nothing around it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

QUERY = (
    "SELECT path, snippet(text, 2, '<mark>', '</mark>', '…', 30), bm25(text, 0, 6, 1) AS score FROM text"
    " WHERE text MATCH ? ORDER BY score LIMIT 10"
)


class Fts5:
    """One table of titles and bodies, written as durably as Lärnät's own history."""

    def __init__(self, file: Path, documents: Iterable[tuple[str, str, str]]) -> None:
        began = time.process_time()
        self._database = sqlite3.connect(file)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute("CREATE VIRTUAL TABLE text USING fts5(path UNINDEXED, title, body)")
        self._database.executemany("INSERT INTO text VALUES (?, ?, ?)", documents)
        self._database.commit()
        self.build_seconds = time.process_time() - began

    def query_ms(self, queries: Sequence[str]) -> float:
        """CPU ms per query."""
        began = time.process_time()
        for words in queries:
            self._database.execute(QUERY, (" ".join(f'"{word}"' for word in words.split()),)).fetchall()
        return (time.process_time() - began) * 1000 / len(queries)

    def save_ms(self, count: int) -> float:
        """CPU ms per replaced document."""
        rows = self._database.execute("SELECT rowid, title, body FROM text ORDER BY rowid LIMIT ?", (count,)).fetchall()
        began = time.process_time()
        for number, title, body in rows:
            self._database.execute("UPDATE text SET title = ?, body = ? WHERE rowid = ?", (title + " ny", body, number))
            self._database.commit()
        return (time.process_time() - began) * 1000 / len(rows)
