"""``python -m benchmarks.hostile_queries``: 10,000 queries that nobody would write who only wants to find something.

The page and ``/api/v1/search`` are asked in turn, in one process, and what is measured is its CPU time. ``QUERIES``
says how many, ``N`` of how many documents (2,000), ``KEEP`` a folder in which the house is kept for the next time. It
ends with an error if an answer is none that is meant, and prints the dearest. All are thought out before the first is
asked, so that their making costs none of them anything.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from app.config import Settings
from benchmarks.house import House
from benchmarks.texts import SwedishWriter, write_documents

Question = tuple[str, dict[str, str]]

PATHS = ("/sok", "/api/v1/search")
LONGEST = 100_000
SHOWN = 20
# 302 and 414 to what is too long, 303 to what holds a personal number, and 400 to what is no request.
ANSWERS = (200, 302, 303, 400, 414)

_SIGNS = [
    *("OR", "AND", "NOT", "NEAR/3", "*", "?", "~2", "^4", "-", "--", "+", "(", ")", "[a TO b]", "{!x}", "title:"),
    *('"', '""', '-"', "”", "»", "«", "'", "\\", "`", "&&", "||", "/", "//", "%", "_", "<mark>", "</title>", "{{7*7}}"),
    *("' OR 1=1 --", "'; DROP TABLE document; --", "UNION SELECT keys FROM openers", "%00", "%ff", "../../etc/passwd"),
    *("(?P<a>.*)+$", "(a+)+$", "[^\\W\\d_]", "\\p{L}{1,99}", ".*.*.*=.*", "(?=", "\\1", "^$"),
    *("\u202e", "\u2066", "\u200f", "\u200b", "\u00ad", "\ufeff", "\x00", "\x1b[2J", "\n", "\u2028", "\ud800"),
    *("😀", "👩\u200d👩\u200d👧", "🇸🇪", "שלום", "مرحبا", "𝔘𝔫𝔦", "ǅ", "İ", "ß", "ﬁ", "e\u0301", "å" + "\u030a" * 30),
    *("85 000", "13,3", "1" * 60, "0x7f", "1e999", "-0", "NaN", "null", "true"),
]
_WORDS = [
    *("försörjningsstöd", "kommun", "det", "och", "-och", '"och det"', "hemlöshet", "barn", "studiebesök", "en", "s"),
    *("arbetsmarknadsinsatserna", "kartlegningsverktyg", "forsorjningsstod", "samvärkan", "handlegarens", "metodd"),
]
_LETTERS = "abcdefghijklmnopqrstuvwxyzåäö"
PIECES = st.one_of(
    st.sampled_from(_SIGNS),
    st.sampled_from(_WORDS),
    st.text(_LETTERS, min_size=8, max_size=60),
    st.text(max_size=20),
)
QUERIES = st.builds(
    lambda pieces, between, times: (between.join(pieces) * times)[:LONGEST],
    st.lists(PIECES, min_size=1, max_size=45),
    st.sampled_from((" ", " ", " ", "", '"', " -", "\n")),
    st.sampled_from((1, 1, 1, 1, 2, 40, 10_000)),
)
OTHERS = st.dictionaries(
    st.sampled_from(("typ", "kommun", "natverk", "sida", "ordning", "arkiverade", "borjan", "kind", "limit")),
    st.one_of(st.sampled_from(("ja", "changed", "practices", "1", "-1", "999999999")), PIECES),
    max_size=3,
)


@dataclass
class Asked:
    """What was asked, what came back, and what it cost."""

    app: Flask
    wrong: list[str] = field(default_factory=list)
    costs: list[tuple[float, str]] = field(default_factory=list)

    def ask(self, path: str, query: str, others: dict[str, str]) -> None:
        arguments = {name: encodable(text) for name, text in {"q": query, **others}.items()}
        headers = [("HX-Request", "true")] if "sida" in others else []
        environ = EnvironBuilder(path, query_string=arguments, headers=headers).get_environ()
        began = time.process_time()
        _, status, _ = run_wsgi_app(self.app, environ, buffered=True)
        self.costs.append(((time.process_time() - began) * 1000, f"{path} {others} {query[:200]!r}"))
        if int(status[:3]) not in ANSWERS:
            self.wrong.append(f"{status} {self.costs[-1][1]}")

    def ask_all(self, queries: Sequence[Question]) -> None:
        """Ask the page and the API in turn."""
        for number, (query, others) in enumerate(queries):
            self.ask(PATHS[number % len(PATHS)], query, others)


def encodable(text: str) -> str:
    """The text without half characters, which no address can have."""
    return text.encode("utf-8", "replace").decode()


def main() -> None:
    count = int(os.environ.get("QUERIES", "10000"))
    with tempfile.TemporaryDirectory(prefix="larnat-hostile-") as folder:
        home = built(Path(os.environ.get("KEEP", "") or folder), int(os.environ.get("N", "2000")))
        asked = Asked(create_app(Settings.for_tests(home)))
        for path in PATHS:
            asked.ask(path, "kommun", {})
        asked.costs.clear()
        every = queries(count)
        gc.collect()
        gc.freeze()  # as a web process does: see app/cli/answering.py
        asked.ask_all(every)
    costs = [cost for cost, _ in asked.costs]
    p50, p95, p99 = np.percentile(costs, (50, 95, 99))
    print(f"{len(costs)} asked, CPU ms p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f}, most {max(costs):.1f}")
    for cost, what in sorted(asked.costs, reverse=True)[:SHOWN]:
        print(f"{cost:8.1f}  {what}")
    for one in asked.wrong[:SHOWN]:
        print(f"wrong: {one}")
    sys.exit(bool(asked.wrong))


def queries(count: int) -> list[Question]:
    """So many queries, the same every time."""
    found: list[Question] = []

    @given(QUERIES, OTHERS)
    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    def each(query: str, others: dict[str, str]) -> None:
        found.append((query, others))

    each()
    return found


def built(folder: Path, documents: int) -> Path:
    """A house of generated Swedish, or the one that is there, with an index of this version."""
    if not (folder / "content").is_dir():
        for name in ("content", "improvement_cycles"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        write_documents(folder, documents, SwedishWriter())
    House(folder).run("prepare")
    return folder


if __name__ == "__main__":
    main()
