"""The engines that the search is timed against: each with the same documents, and its own way to ask the same.

They return the names of the ten best, and nothing else is asked of them. Each is on the disk, opened once, and set up
as its own documentation does it for Swedish.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import tantivy

from app.language.words import words
from benchmarks.scores import TOP

FACETS = ("owner", "sort", "area", "target", "year")
FAULTS = 2

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh import fields, query, sorting
    from whoosh import index as whoosh_index
    from whoosh.analysis import LanguageAnalyzer


@dataclass(frozen=True)
class Text:
    """A document as the rivals get it: its name, its words, and the five values that can be counted."""

    name: str
    text: str
    facets: Mapping[str, str]


@dataclass(frozen=True)
class Ask:
    """What is asked: the sort of question, the words, and the area that it is narrowed to."""

    sort: str
    words: str
    area: str = ""


@dataclass(frozen=True)
class Rival:
    """An engine that is open: how it answers, what building it took (CPU s) and how large it is (MB).

    ``find`` gives None to what the engine has no way to ask.
    """

    find: Callable[[Ask], list[str] | None]
    built: float
    size: float


def opened(name: str, folder: Path, texts: Sequence[Text]) -> Rival:
    """A rival with the documents in it. One that was built in the folder before is opened again."""
    build, find = {"tantivy": (_tantivy, _ask_tantivy), "whoosh": (_whoosh, _ask_whoosh), "fts5": (_fts5, _ask_fts5)}[
        name
    ]
    note = folder / f"{name}.json"
    place = folder / name
    if not note.exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        began = time.process_time()
        build(place, texts)
        note.write_text(json.dumps(time.process_time() - began))
    size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file()) / 2**20
    return Rival(find(place), json.loads(note.read_text()), size)


# ---- tantivy ----


def _analyser() -> Any:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    return builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("swedish")).build()


def _tantivy_schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("name", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", tokenizer_name="swedish")
    for facet in FACETS:
        builder.add_text_field(facet, tokenizer_name="raw", fast=True, index_option="basic")
    return builder.build()


def _tantivy(place: Path, texts: Iterable[Text]) -> None:
    index = tantivy.Index(_tantivy_schema(), str(place))
    index.register_tokenizer("swedish", _analyser())
    writer = index.writer()
    for one in texts:
        writer.add_document(tantivy.Document(name=one.name, text=one.text, **one.facets))
    writer.commit()
    writer.wait_merging_threads()


def _ask_tantivy(place: Path) -> Callable[[Ask], list[str] | None]:
    schema, analyser = _tantivy_schema(), _analyser()
    index = tantivy.Index(schema, str(place))
    index.register_tokenizer("swedish", analyser)
    searcher = index.searcher()
    counted = {facet: {"terms": {"field": facet, "size": 50}} for facet in FACETS}
    one_of = tantivy.Query

    def find(ask: Ask) -> list[str] | None:
        stems = analyser.analyze(ask.words)
        terms = [one_of.term_query(schema, "text", stem, "freq") for stem in stems]
        occur = tantivy.Occur.Should if ask.sort == "or" else tantivy.Occur.Must
        asked = one_of.boolean_query([(occur, term) for term in terms])
        match ask.sort:
            case "filter":
                narrowed = one_of.term_query(schema, "area", ask.area, "basic")
                asked = one_of.boolean_query([(tantivy.Occur.Must, asked), (tantivy.Occur.Must, narrowed)])
            case "prefix":
                asked = one_of.regex_query(schema, "text", f"{ask.words}.*")
            case "phrase":
                asked = one_of.phrase_query(schema, "text", list(stems))
            case "misspelt":
                asked = one_of.fuzzy_term_query(schema, "text", stems[0], FAULTS)
            case "facets":
                searcher.aggregate(asked, counted)
        return [searcher.doc(address)["name"][0] for _, address in searcher.search(asked, TOP).hits]

    return find


# ---- Whoosh, as it comes ----


def _whoosh(place: Path, texts: Iterable[Text]) -> None:
    more = {facet: fields.ID(sortable=True) for facet in FACETS}
    schema = fields.Schema(name=fields.STORED, text=fields.TEXT(LanguageAnalyzer("sv")), **more)
    writer = whoosh_index.create_in(str(place), schema).writer(limitmb=256)
    for one in texts:
        writer.add_document(name=one.name, text=one.text, **one.facets)
    writer.commit()


def _ask_whoosh(place: Path) -> Callable[[Ask], list[str] | None]:
    analyser = LanguageAnalyzer("sv")
    searcher = whoosh_index.open_dir(str(place)).searcher()

    def find(ask: Ask) -> list[str] | None:
        terms = [query.Term("text", token.text) for token in analyser(ask.words, mode="query")]
        asked: Any = query.Or(terms) if ask.sort == "or" else query.And(terms)
        more: dict[str, Any] = {}
        if not terms:
            return []  # its own list of stop words has left nothing
        match ask.sort:
            case "filter":
                more["filter"] = query.Term("area", ask.area)
            case "prefix":
                asked = query.Prefix("text", ask.words)
            case "phrase":
                asked = query.Phrase("text", [term.text for term in terms])
            case "misspelt":
                asked = query.FuzzyTerm("text", terms[0].text, FAULTS, prefixlength=1)
            case "facets":
                facets = sorting.Facets()
                for facet in FACETS:
                    facets.add_field(facet)
                more["groupedby"] = facets
        return [hit["name"] for hit in searcher.search(asked, limit=TOP, **more)]

    return find


# ---- SQLite FTS5, as it comes ----

_BEST = "SELECT text.name FROM text WHERE text MATCH ? ORDER BY bm25(text) LIMIT 10"
_BEST_IN_AREA = (
    "SELECT text.name FROM text JOIN fact ON fact.rowid = text.rowid"
    " WHERE text MATCH ? AND fact.area = ? ORDER BY bm25(text) LIMIT 10"
)
_COUNT = "SELECT fact.{0}, count(*) FROM text JOIN fact ON fact.rowid = text.rowid WHERE text MATCH ? GROUP BY 1"


def _fts5(place: Path, texts: Iterable[Text]) -> None:
    database = sqlite3.connect(place / "fts5.db")
    database.execute("CREATE VIRTUAL TABLE text USING fts5(name UNINDEXED, body)")
    database.execute(f"CREATE TABLE fact ({', '.join(FACETS)})")
    for one in texts:
        database.execute("INSERT INTO text VALUES (?, ?)", (one.name, one.text))
        database.execute("INSERT INTO fact VALUES (?, ?, ?, ?, ?)", [one.facets[facet] for facet in FACETS])
    database.commit()
    database.close()


def _ask_fts5(place: Path) -> Callable[[Ask], list[str] | None]:
    database = sqlite3.connect(place / "fts5.db")
    ask_it = partial(_fts5_find, database)
    return lambda ask: None if ask.sort == "misspelt" else ask_it(ask)


def _fts5_find(database: sqlite3.Connection, ask: Ask) -> list[str]:
    asked = (" OR " if ask.sort == "or" else " AND ").join(f'"{word}"' for word in words(ask.words))
    if ask.sort == "prefix":
        asked += "*"
    if ask.sort == "phrase":
        asked = f'"{ask.words}"'
    if ask.sort == "facets":
        for facet in FACETS:
            database.execute(_COUNT.format(facet), (asked,)).fetchall()
    narrowed = (_BEST_IN_AREA, (asked, ask.area)) if ask.sort == "filter" else (_BEST, (asked,))
    return [name for (name,) in database.execute(*narrowed)]
