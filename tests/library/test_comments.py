"""Comments are notes to those who write: no reader meets them, and code is no comment."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.comments import without_comments
from app.library.markdown import NO_WORDS, render
from app.library.sections import Section, join_sections, split_sections


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Före <!-- dolt --> efter", "Före  efter"),
        ("Ett\n<!-- dolt\n## inte heller -->\ntvå", "Ett\n\n\ntvå"),
        ("<!-- ett --><!-- två -->kvar", "kvar"),
        ("<!-- ` --> `<!-- kod -->`", " `<!-- kod -->`"),
        ("<!-- a\n```\n--> b\n\n```\n<!-- kod -->\n```\n", "\n\n b\n\n```\n<!-- kod -->\n```\n"),
        ("\\` <!-- dolt --> `", "\\`  `"),
        ("` aldrig slut\n\n<!-- dolt --> `", "` aldrig slut\n\n `"),
    ],
)
def test_comments_are_left_out(written: str, left: str) -> None:
    assert without_comments(written) == left


@pytest.mark.parametrize(
    "written",
    [
        "`<!-- kod -->`",
        "`` ` <!-- kod --> ``",
        "```html\n<!-- kod -->\n```",
        "~~~\n<!-- kod -->\n~~~",
        "Så här:\n\n    <!-- kod -->",
        "Aldrig slut <!-- här",
        "--> fel väg <!--",
    ],
)
def test_code_and_what_never_ends_is_no_comment(written: str) -> None:
    assert without_comments(written) == written
    assert "&lt;!--" in render(written).html
    assert "<!--" in render(written).plain


def test_a_page_has_no_comment_neither_as_html_nor_as_words() -> None:
    made = render("Syns.\n\n<!-- dolt [[lank]] -->\n\nSe [[lank]].\n")
    assert made.plain == f"Syns.\nSe {NO_WORDS}lank{NO_WORDS}."
    assert "dolt" not in made.html
    assert [(link.slug, link.line) for link in made.links] == [("lank", 5)]


def test_what_is_left_around_a_comment_is_as_safe_as_any_text() -> None:
    made = render("<scr<!-- -->ipt>alert(1)</script> <!<!-- -->-- x -->").html
    assert "<script" not in made
    assert "<!--" not in made


def test_a_section_of_nothing_but_a_comment_is_empty_and_keeps_its_comment() -> None:
    body = "## Varför\n\n<!-- Vad ser ni? -->\n\n## Var\n\nHär. <!-- eller där -->\n"
    assert split_sections(body) == [Section("Varför", ""), Section("Var", "Här. <!-- eller där -->")]
    assert join_sections(body, {"Var": "Där."}, ()).startswith("## Varför\n\n<!-- Vad ser ni? -->\n")
    assert join_sections(body, {"Varför": "Därför."}, ()).startswith("## Varför\n\nDärför.\n")


@pytest.mark.parametrize("piece", ["<!--", "<!-- -->", "`", "` <!-- ``", "    <!--", "```\n<!--\n", "<!-- ` -->\n\n"])
def test_the_time_grows_with_the_length_only(piece: str) -> None:
    began = time.process_time()
    without_comments(piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 4


@given(st.lists(st.sampled_from(["<!--", "-->", "`", "``", "```", "~~~", "\n", "\n\n", "    ", "ord", "\\"])))
def test_lines_stay_where_they_are(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert without_comments(text).count("\n") == text.count("\n")
