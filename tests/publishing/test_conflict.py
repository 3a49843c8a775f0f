"""Two people's changes of the same text go together, and nothing that either wrote vanishes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.history.comparison import lines_of
from app.publishing.conflict import Agreed, Collision, Merged, merge

LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\n", "\n", "# Rubrik\n", "a\r\n"]), max_size=12)
TEXTS = st.builds(lambda lines, end: "".join(lines) + end, LINES, st.sampled_from(["", "e", "a"]))


def merged(base: str, theirs: str, mine: str) -> str:
    result = merge(base, theirs, mine)
    assert result.clean
    return result.text


@given(TEXTS, TEXTS)
def test_what_only_i_changed_is_as_i_wrote_it(base: str, mine: str) -> None:
    assert merged(base, base, mine) == mine


@given(TEXTS, TEXTS)
def test_what_only_they_changed_is_as_they_wrote_it(base: str, theirs: str) -> None:
    assert merged(base, theirs, base) == theirs


@given(TEXTS, TEXTS)
def test_what_both_changed_in_the_same_way_is_no_collision(base: str, both: str) -> None:
    assert merged(base, both, both) == both


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_that_anybody_wrote_vanishes(base: str, theirs: str, mine: str) -> None:
    result = merge(base, theirs, mine)
    for text, side in ((theirs, "theirs"), (mine, "mine")):
        there = "".join(_said_by(result, side))
        for line in set(lines_of(text)) - set(lines_of(base)):
            assert line in there


@given(TEXTS, TEXTS, TEXTS)
def test_it_does_not_matter_who_was_first(base: str, theirs: str, mine: str) -> None:
    there, back = merge(base, theirs, mine), merge(base, mine, theirs)
    assert back.pieces == tuple(
        Collision(piece.base, piece.mine, piece.theirs) if isinstance(piece, Collision) else piece
        for piece in there.pieces
    )


@given(TEXTS, TEXTS, TEXTS)
def test_what_nobody_changed_together_is_the_base(base: str, theirs: str, mine: str) -> None:
    """Taking the base of every collision gives a text that both began from where they collide."""
    result = merge(base, theirs, mine)
    for piece in result.pieces:
        if isinstance(piece, Collision):
            assert piece.base in base
            assert piece.theirs in theirs
            assert piece.mine in mine
            assert piece.theirs != piece.mine


def _said_by(result: Merged, side: str) -> list[str]:
    return [piece.text if isinstance(piece, Agreed) else getattr(piece, side) for piece in result.pieces]


BASE = "ett\ntvå\ntre\n"


def test_changes_of_different_lines_go_together() -> None:
    assert merged(BASE, "ETT\ntvå\ntre\n", "ett\ntvå\nTRE\n") == "ETT\ntvå\nTRE\n"


def test_changes_of_neighbouring_lines_go_together() -> None:
    assert merged(BASE, "ETT\ntvå\ntre\n", "ett\nTVÅ\ntre\n") == "ETT\nTVÅ\ntre\n"


def test_a_line_added_by_one_and_a_line_changed_elsewhere_by_the_other_go_together() -> None:
    assert merged(BASE, BASE + "fyra\n", "ETT\ntvå\ntre\n") == "ETT\ntvå\ntre\nfyra\n"


def test_changes_of_the_same_line_collide_and_the_rest_is_agreed() -> None:
    result = merge(BASE, "ett\ntheirs\ntre\n", "ett\nmine\ntre\n")

    assert result.pieces == (Agreed("ett\n"), Collision("två\n", "theirs\n", "mine\n"), Agreed("tre\n"))
    assert result.text == "ett\ntheirs\nmine\ntre\n"


def test_a_line_that_one_changed_and_the_other_removed_collides() -> None:
    result = merge(BASE, "ett\ntre\n", "ett\nTVÅ\ntre\n")

    assert Collision("två\n", "", "TVÅ\n") in result.pieces


def test_lines_that_both_added_in_the_same_place_collide() -> None:
    result = merge(BASE, BASE + "deras\n", BASE + "min\n")

    assert result.pieces == (Agreed(BASE), Collision("", "deras\n", "min\n"))


def test_a_long_text_is_merged_in_a_moment() -> None:
    base = "".join(f"rad {number}\n" for number in range(20_000))
    theirs = base.replace("rad 10\n", "deras\n")
    mine = base.replace("rad 19990\n", "min\n")

    assert merged(base, theirs, mine) == theirs.replace("rad 19990\n", "min\n")
