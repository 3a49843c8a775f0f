"""The lists of a segment are the same, whether they are made of what is written or read from what was."""

from __future__ import annotations

import random
from contextlib import closing

import numpy as np
import pytest
from whoosh.filedb.filestore import FileStorage

from app.index import Query
from app.index.fulltext import COPY, FORMS, TERMS, _read, copy_of, segment_name
from app.index.listing_words import Collector, terms_of_forms
from app.index.postings import Table, kept
from app.index.preparing import WORTH_PROCESSES, analysing
from app.index.terms import Terms
from app.language.analysis import analysed, term
from app.library.visibility import ANYONE
from tests.index.conftest import Desk
from tests.index.worlds import write_networks, write_something

TEXTS = ("Arbetsmarknadsinsatser för unga", "insatsen insatserna", "", "Ungas arbete på arbetsmarknaden")


def lists_of(texts: list[Terms]) -> Table:
    marks, forms = Collector(), Collector()
    for terms in texts:
        marks.add(terms.marks)
        forms.add(terms.forms)
    written = forms.arrays(with_grams=True)
    return Table(terms_of_forms(written, marks.arrays(with_grams=False), len(texts))[0], len(texts))


def test_terms_follow_from_the_words_as_they_are_written() -> None:
    texts = [Terms({}, 0, {}).with_texts([text], 1.5).with_title(text) for text in TEXTS]
    table = lists_of(texts)
    terms = {one for text in texts for one in text.weights}
    assert {table.word(number) for number in range(len(table))} == terms
    for one in terms:
        found = table.postings(one)
        expected = {place: text.weights[one] for place, text in enumerate(texts) if one in text.weights}
        assert dict(zip(found.places.tolist(), found.weights.tolist(), strict=True)) == pytest.approx(expected)
    assert len(table.postings(term("insats")).places) == 2, "a compound, and two forms of one word that count as one"


def test_no_documents_make_empty_lists() -> None:
    assert len(lists_of([])) == len(lists_of([Terms({}, 0, {})])) == 0


def compare_copies(desk: Desk) -> int:
    """Compare the copies with what Whoosh has; returns of how many documents."""
    compared = 0
    folder = desk.index.generations.index_folder(desk.index.generations.living())
    with closing(FileStorage(str(folder)).open_index().reader()) as reader:
        for leaf, _ in reader.leaf_readers():
            if leaf.has_deletions():  # Whoosh passes by what has been deleted since the copy was made
                continue
            compared += leaf.doc_count_all()
            copied, read = kept(copy_of(folder, segment_name(leaf))), _read(leaf)
            assert copied.keys() == read.keys() >= {FORMS, TERMS}
            for name, arrays in read.items():
                for part, array in arrays.items():
                    assert np.array_equal(copied[name][part], array), (name, part)
    return compared


def test_a_copy_is_what_whoosh_has_written(desk: Desk) -> None:
    chance = random.Random(5)
    write_networks(desk)
    desk.refresh([write_something(desk, chance) for _ in range(20)])
    assert desk.index.index_words() == compare_copies(desk) > 15
    desk.refresh([write_something(desk, chance)])
    desk.index.index_words()
    desk.rebuild()
    assert compare_copies(desk) > 15


def test_the_copy_of_a_segment_of_which_nothing_is_left_may_be_missing(desk: Desk) -> None:
    """So a worker leaves it that is killed between its commit and the copy; Whoosh merges the segment later."""
    desk.write("practices", "stada", "Kvastskaft.\n")
    desk.index.index_words()
    folder = desk.index.generations.index_folder(desk.index.generations.living())
    (copy,) = folder.glob(f"*{COPY}")
    copy.unlink()
    desk.remove("practices", "stada")
    desk.write("practices", "borsta", "Sopborste.\n")
    assert desk.index.index_words() == 1
    for index in (desk.index, desk.again()):
        found = {word: index.find(Query(word), ANYONE).total for word in ("sopborste", "kvastskaft")}
        assert found == {"sopborste": 1, "kvastskaft": 0}


def test_words_are_analysed_elsewhere_as_here() -> None:
    words = ["arbetsmarknadsinsatser", "unga", "arbetsmarknadsinsatser", "böcker"]
    with analysing(WORTH_PROCESSES) as ahead:
        ahead.see(words)
        ahead.see(["hembesöken"])
        asked = [*words, "hembesöken", "försörjningsstöd"]
        assert list(ahead.of(asked)) == [analysed(word) for word in asked]
