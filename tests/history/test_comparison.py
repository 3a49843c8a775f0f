"""Two texts beside each other: which lines, and which words."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from app.history import compare
from app.history.comparison import Piece

TEXTS = st.lists(st.sampled_from(["Vi ringer.", "Vi ringer alltid.", "Vi mejlar.", ""]), max_size=15).map("\n".join)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_the_comparison(old: str, new: str) -> None:
    # Texts that differ only in a last line break are the same, and a comparison of those shows nothing.
    assume(old.removesuffix("\n") != new.removesuffix("\n"))
    lines = compare(old, new, context=1000).lines
    assert [line.text for line in lines if line.sort != "added"] == (old.removesuffix("\n").split("\n") if old else [])
    assert [line.text for line in lines if line.sort != "removed"] == (
        new.removesuffix("\n").split("\n") if new else []
    )


@given(TEXTS)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert compare(text, text).same


def test_within_a_changed_line_only_the_words_that_differ_are_marked() -> None:
    removed, added = compare("Vi ringer varje vecka.", "Vi ringer varje månad.").lines

    assert (removed.sort, added.sort) == ("removed", "added")
    assert [piece.text for piece in removed.pieces if piece.changed] == ["vecka"]
    assert [piece.text for piece in added.pieces if piece.changed] == ["månad"]


def test_lines_with_little_in_common_are_marked_altogether() -> None:
    removed, added = compare("Kallelsen går ut i tid.", "Alla får ett samtal!").lines

    assert removed.pieces == (Piece("Kallelsen går ut i tid.", changed=True),)
    assert added.pieces == (Piece("Alla får ett samtal!", changed=True),)


def test_long_stretches_without_a_change_are_left_out_and_counted() -> None:
    text = "\n".join(f"rad {number}" for number in range(1, 101))

    lines = compare(text, text.replace("rad 50\n", "rad femtio\n")).lines

    assert [line.skipped for line in lines if line.sort == "skipped"] == [46, 47]
    assert next((line.old, line.new) for line in lines if line.sort == "same") == (47, 47)


def test_the_kind_of_line_break_is_no_change() -> None:
    assert compare("ett\r\ntvå\r\n", "ett\ntvå\n").same


def test_very_long_texts_are_compared_in_a_moment() -> None:
    old = "\n".join(f"rad {number % 700}" for number in range(20_000))
    new = "\n".join(f"rad {number % 701}" for number in range(20_000))

    assert not compare(old, new).same
