"""``make bench-quality DATA=file``: how well each engine finds what is asked for; ``TYPOS=1`` misspells it too.

The file has a line of JSON for each document, ``{"doc": name, "text": text}``, and for each query,
``{"query": words, "relevant": name or list of names}``.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.engines import Documents, Engine, engines, vocabulary
from benchmarks.misspelling import Misspeller
from benchmarks.scores import Values, interval, ndcg, recall, reciprocal_rank

PEER = "tantivy"


@dataclass(frozen=True)
class Asked:
    """A query, and the names of the documents that answer it."""

    words: str
    relevant: frozenset[str]


def main() -> None:
    file = os.environ.get("DATA", "")
    if not file:
        sys.exit("Say which file: make bench-quality DATA=file")
    documents, asked = read(Path(file))
    print(f"{len(documents)} documents, {len(asked)} queries, intervals of 95 % from a bootstrap over the queries\n")
    with (
        tempfile.TemporaryDirectory(prefix="larnat-quality-") as folder,
        engines(Path(folder), documents) as all_of_them,
    ):
        for line in quality(all_of_them, asked):
            print(line, flush=True)
        for line in misspelt(all_of_them, documents, asked) if os.environ.get("TYPOS", "0") != "0" else ():
            print(line, flush=True)


def read(file: Path) -> tuple[Documents, list[Asked]]:
    """The documents and the queries of a file."""
    documents: dict[str, str] = {}
    asked = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line) if line.strip() else {}
        if "doc" in row:
            documents[row["doc"]] = row["text"]
        elif "query" in row:
            relevant = row["relevant"]
            asked.append(Asked(row["query"], frozenset([relevant] if isinstance(relevant, str) else relevant)))
    return documents, asked


def quality(all_of_them: Mapping[str, Engine], asked: Sequence[Asked]) -> Iterator[str]:
    """A row for each engine: the three measures, the interval of the first two, and of the gain over the peer."""
    hits = {name: [find(one.words) for one in asked] for name, find in all_of_them.items()}
    scores: dict[str, dict[str, Values]] = {
        name: {
            measure.__name__: np.array(
                [measure(found, one.relevant) for found, one in zip(hits[name], asked, strict=True)]
            )
            for measure in (ndcg, recall, reciprocal_rank)
        }
        for name in all_of_them
    }
    gained = f"{f'nDCG@10 over {PEER}':<26}Recall@10 over {PEER}"
    yield f"{'':<18}nDCG@10  Recall@10  MRR@10  {'nDCG@10, interval':<26}{gained}"
    for name, own in scores.items():
        peer = scores[PEER]
        gains = [interval(own[measure] - peer[measure]) if name != PEER else "" for measure in ("ndcg", "recall")]
        means = f"{own['ndcg'].mean():>7.3f}{own['recall'].mean():>11.3f}{own['reciprocal_rank'].mean():>8.3f}"
        yield f"{name:<18}{means}  {interval(own['ndcg'])!s:<26}{gains[0]!s:<26}{gains[1]}"


def misspelt(all_of_them: Mapping[str, Engine], documents: Documents, asked: Sequence[Asked]) -> Iterator[str]:
    """A row for each engine: how often an answer is among the ten, spelt well and misspelt, and the fall."""
    misspeller = Misspeller(vocabulary(list(documents.values())))
    variants = [misspeller.variants(one.words) for one in asked]
    faults = list(variants[0])
    yield ""
    yield f"{'hit@10':<18}{'as asked':>9}{'misspelt':>10}{'fall':>8}  {'fall, interval':<26}" + "".join(
        f"{fault:>21}" for fault in faults
    )
    for name, find in all_of_them.items():
        straight = np.array([_hit(find(one.words), one) for one in asked])
        wrong = np.array(
            [[_hit(find(made[fault]), one) for fault in faults] for made, one in zip(variants, asked, strict=True)]
        )
        falls = straight - wrong.mean(axis=1)
        by_fault = straight.mean() - wrong.mean(axis=0)
        row = f"{name:<18}{straight.mean():>9.3f}{wrong.mean():>10.3f}{falls.mean():>8.3f}  {interval(falls)!s:<26}"
        yield row + "".join(f"{fall:>21.3f}" for fall in by_fault)


def _hit(found: Sequence[str], asked: Asked) -> float:
    return float(not asked.relevant.isdisjoint(found))


if __name__ == "__main__":
    main()
