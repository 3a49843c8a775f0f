"""The engines whose hits are compared: each is given the documents once, and then answers with the ten best.

A peer is set up as its own documentation does it for Swedish, and any word of a query is enough, as in ours.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote_plus
from uuid import NAMESPACE_URL, uuid5

import tantivy
import yaml

from app import load_kinds
from app.config import CHECKOUT, Settings
from app.database import Databases
from app.index import Index, Query
from app.language.words import words
from app.library.organisations import load_organisations
from app.library.shelf import Library
from app.library.visibility import ANYONE
from benchmarks.house import House
from benchmarks.scores import TOP

Engine = Callable[[str], list[str]]
Documents = Mapping[str, str]


@contextmanager
def engines(folder: Path, documents: Documents) -> Iterator[dict[str, Engine]]:
    """Every engine with the documents in it, by its name."""
    with ExitStack() as stack:
        house = write_house(folder / "home", documents)
        served = stack.enter_context(house.serving())

        def over_http(query: str) -> list[str]:
            # A connection each: one that nothing has been said on for a while may have been closed.
            answer = json.loads(served.visitor().get(f"/api/v1/search?limit={TOP}&q={quote_plus(query)}"))
            return [hit["title"] for hit in answer["hits"]]

        yield {
            "ours": stack.enter_context(ours(house)),
            "ours over HTTP": over_http,
            "tantivy": tantivy_engine(documents),
            "whoosh": whoosh_engine(folder / "whoosh", documents),
            "fts5": fts5_engine(documents),
        }


# ---- Ours ----


def write_house(home: Path, documents: Documents) -> House:
    """A house in which each text is a page whose title is its name, which no query has."""
    for name in ("search_index", "var", "content/practices", "improvement_cycles"):
        (home / name).mkdir(parents=True)
    shutil.copy(CHECKOUT / "content/organisations.yaml", home / "content")
    if (CHECKOUT / "content/vocabulary.yaml").exists():
        shutil.copy(CHECKOUT / "content/vocabulary.yaml", home / "content")
    for number, (name, text) in enumerate(documents.items()):
        front_matter = {
            "id": str(uuid5(NAMESPACE_URL, name)),
            "title": name,
            "owner": "exempelkommunen",
            "publication": "published",
        }
        head = yaml.safe_dump(front_matter, allow_unicode=True)
        (home / f"content/practices/text-{number}.md").write_text(f"---\n{head}---\n\n{text}\n", encoding="utf-8")
    house = House(home)
    house.run("prepare")
    return house


@contextmanager
def ours(house: House) -> Iterator[Engine]:
    """Our index, asked in this process."""
    settings = Settings(home=house.home, mode="demo", secret_key="")
    databases = Databases(settings)
    index = Index(settings, databases, Library(house.home, load_kinds()), load_organisations(house.home))
    yield lambda query: [hit.card.title for hit in index.find(Query(query, limit=TOP), ANYONE).hits]
    databases.close()


# ---- The others ----


def tantivy_engine(documents: Documents) -> Engine:
    """Tantivy (Rust), BM25 on Swedish stems."""
    analyser = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stemmer("swedish"))
        .build()
    )
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("name", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", tokenizer_name="swedish")
    schema = builder.build()
    index = tantivy.Index(schema)
    index.register_tokenizer("swedish", analyser)
    writer = index.writer()
    for name, text in documents.items():
        writer.add_document(tantivy.Document(name=name, text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def find(query: str) -> list[str]:
        terms = [tantivy.Query.term_query(schema, "text", stem, "freq") for stem in analyser.analyze(query)]
        asked = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        return [searcher.doc(address)["name"][0] for _, address in searcher.search(asked, TOP).hits]

    return find


def whoosh_engine(folder: Path, documents: Documents) -> Engine:
    """Whoosh as it comes, BM25F with its own analyser for Swedish."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from whoosh import fields
        from whoosh import index as whoosh_index
        from whoosh.analysis import LanguageAnalyzer
        from whoosh.query import Or, Term

    analyser = LanguageAnalyzer("sv")
    folder.mkdir()
    index = whoosh_index.create_in(str(folder), fields.Schema(name=fields.STORED, text=fields.TEXT(analyser)))
    writer = index.writer()
    for name, text in documents.items():
        writer.add_document(name=name, text=text)
    writer.commit()
    searcher = index.searcher()

    def find(query: str) -> list[str]:
        asked = Or([Term("text", token.text) for token in analyser(query, mode="query")])
        return [hit["name"] for hit in searcher.search(asked, limit=TOP)]

    return find


def fts5_engine(documents: Documents) -> Engine:
    """SQLite FTS5 as it comes: unicode61, bm25()."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE text USING fts5(name UNINDEXED, body)")
    database.executemany("INSERT INTO text VALUES (?, ?)", documents.items())
    sql = "SELECT name FROM text WHERE text MATCH ? ORDER BY bm25(text) LIMIT ?"

    def find(query: str) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in words(query))
        return [name for (name,) in database.execute(sql, (asked, TOP))] if asked else []

    return find


def vocabulary(texts: Sequence[str]) -> frozenset[str]:
    """The words of some texts."""
    return frozenset(word for text in texts for word in words(text))
