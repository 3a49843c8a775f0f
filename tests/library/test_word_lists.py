"""The file of the search's words: what it says, and how a row changes without the rest of it."""

from __future__ import annotations

import pytest

from app.library.document import BrokenDocument
from app.library.guard import HasNumbers
from app.library.word_lists import Row, WordLists, read_word_lists, with_query_words, with_row

TEXT = """\
# Vad det här är.
synonyms:
  - [AME, arbetsmarknadsenhet]  # en förkortning
  # Nästa rad är om pengar.
  - [försörjningsstöd, ekonomiskt bistånd]

# Ord som bara frågar.
query_words: [hur, vad]
"""
AME = ("AME", "arbetsmarknadsenhet")
MONEY = ("försörjningsstöd", "ekonomiskt bistånd")


def read(text: str) -> WordLists:
    return read_word_lists(text.encode())


def test_the_file_says_rows_with_their_lines_and_the_words_that_only_ask() -> None:
    assert read(TEXT) == WordLists((AME, MONEY), (3, 5), ("hur", "vad"), 8)


@pytest.mark.parametrize("text", ["", "# bara en anmärkning\n", "synonyms:\nquery_words:\n"])
def test_a_file_without_words_is_no_fault(text: str) -> None:
    assert read(text).rows == () == read(text).query_words


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("synonyms: [AME, enhet]\n", 1, "lista"),
        ("synonyms:\n  - [a, b]\n  - bara ett ord\n", 3, "lista"),
        ("synonyms:\n  - [a, [b]]\n", 2, "lista"),
        ("synonyms:\n  - [a, ]\n  - [a, ~]\n", 3, "lista"),
        ("synonyms: ja\n", 1, "lista"),
        ("synonims:\n  - [a, b]\n", 1, "hör inte hit"),
        ("synonyms:\n  - [a, b\n", 3, "inte avslutad"),
        ("query_words: {a: b}\n", 1, "lista"),
    ],
)
def test_a_file_that_is_not_understood_says_where_and_why(text: str, line: int, said: str) -> None:
    with pytest.raises(BrokenDocument) as broken:
        read(text)
    assert broken.value.problems[0].line == line
    assert said in broken.value.problems[0].message


def test_a_personal_number_in_the_file_is_no_word() -> None:
    with pytest.raises(HasNumbers):
        read("synonyms:\n  - [klient, 880320-1238]\n")


def test_words_that_yaml_takes_for_something_else_are_words() -> None:
    assert read("synonyms:\n  - [0114, no, 2013]\n").rows == (("0114", "no", "2013"),)


def test_a_row_changes_and_every_other_line_stays_to_the_letter() -> None:
    new = with_row(TEXT, AME, (*AME, "arbetsmarknadscenter"))
    assert new == TEXT.replace("[AME, arbetsmarknadsenhet]", "[AME, arbetsmarknadsenhet, arbetsmarknadscenter]")


def test_a_row_goes_and_the_remarks_around_it_stay() -> None:
    assert with_row(TEXT, AME, ()) == TEXT.replace("  - [AME, arbetsmarknadsenhet]  # en förkortning\n", "")
    assert with_row(TEXT, MONEY, ()) == TEXT.replace("  - [försörjningsstöd, ekonomiskt bistånd]\n", "")


def test_a_row_more_comes_last_in_its_list() -> None:
    new = with_row(TEXT, (), ("IFO", "individ- och familjeomsorg"))
    assert new == TEXT.replace("bistånd]\n", "bistånd]\n  - [IFO, individ- och familjeomsorg]\n")


def test_other_query_words_leave_the_rows_as_they_are() -> None:
    assert with_query_words(TEXT, ["hur", "vad", "när"]) == TEXT.replace("[hur, vad]", "[hur, vad, när]")


def test_many_query_words_stand_on_lines_that_can_be_read() -> None:
    new = with_query_words(TEXT, [f"ord{number}" for number in range(60)])
    assert len(read(new).query_words) == 60
    assert max(map(len, new.splitlines())) <= 120


def test_the_line_endings_of_the_file_stay() -> None:
    new = with_row(TEXT.replace("\n", "\r\n"), (), ("a", "b"))
    assert new.count("\n") == new.count("\r\n") == TEXT.count("\n") + 1


@pytest.mark.parametrize("text", ["", "# bara en anmärkning", "query_words: [hur]\n", "synonyms:\n", "synonyms: []\n"])
def test_the_first_row_of_all_finds_its_place(text: str) -> None:
    new = with_row(text, (), AME)
    assert read(new).rows == (AME,)
    assert read(new).query_words == (("hur",) if "hur" in text else ())
    assert "# bara en anmärkning" in new or "#" not in text


@pytest.mark.parametrize(
    "text",
    [
        "# hej\nsynonyms: [[a, b], [c, d]]\n",
        "# hej\nsynonyms:\n-\n  - a\n  - b\n- [c, d]\n",
        "\ufeff# hej\nsynonyms:\n  - [a,\n     b]\n  - [c, d]\n",
        '# hej\nsynonyms:\n  - ["a", b]\n  - [c, d]',
    ],
)
def test_odd_layouts_are_changed_as_well_and_keep_their_remarks(text: str) -> None:
    assert read(with_row(text, ("a", "b"), ("a", "e"))).rows == (("a", "e"), ("c", "d"))
    assert read(with_row(text, ("c", "d"), ())).rows == (("a", "b"),)
    assert read(with_row(text, (), ("e", "f"))).rows == (("a", "b"), ("c", "d"), ("e", "f"))
    assert "# hej" in with_row(text, ("a", "b"), ("a", "e"))


@pytest.mark.parametrize(
    "row", [("a, b", "c: d"), ("[x]", "#y"), ("'", '"'), ("no", "~"), ("- a", "!b"), ("{a}", "*b"), ("a # b", "a\\n")]
)
def test_whatever_is_written_is_read_as_it_was_written(row: Row) -> None:
    assert read(with_row(TEXT, (), row)).rows[-1] == row
    assert read(with_query_words(TEXT, row)).query_words == row


def test_a_row_that_is_not_there_any_more_cannot_be_changed() -> None:
    with pytest.raises(LookupError):
        with_row(TEXT, ("något", "annat"), AME)
