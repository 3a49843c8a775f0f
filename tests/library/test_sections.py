"""A body is taken apart by its headings and put together again without a letter lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.library.sections import Section, join_sections, split_sections

BODY = """\
Inledning.

## Varför

Därför.

```
## ingen rubrik
```

### Mindre

Mer.

##  Var  ##


På plats.
## När
"""
ORDER = ("Kort namn", "Varför", "Material", "Var", "När", "Sist")


def test_a_body_is_split_by_its_headings() -> None:
    assert split_sections(BODY) == [
        Section("", "Inledning."),
        Section("Varför", "Därför.\n\n```\n## ingen rubrik\n```\n\n### Mindre\n\nMer."),
        Section("Var", "På plats."),
        Section("När", ""),
    ]


def test_a_fence_that_never_ends_hides_nothing() -> None:
    assert [section.title for section in split_sections("## A\n```\n## B\ntext\n")] == ["A", "B"]
    assert [section.title for section in split_sections("## A\n~~~ x\n## B\n~~~\n## C\n")] == ["A", "C"]


def test_the_same_texts_give_the_same_body() -> None:
    assert (
        join_sections(BODY, {section.title: section.text for section in split_sections(BODY) if section.text}, ORDER)
        == BODY
    )
    assert join_sections(BODY, {}, ORDER) == BODY


def test_a_new_text_leaves_the_other_sections_to_the_letter() -> None:
    new = join_sections(BODY, {"Varför": "Nytt.\r\n\r\nMer."}, ORDER)
    assert new == "Inledning.\n\n## Varför\n\nNytt.\n\nMer.\n\n##  Var  ##\n\n\nPå plats.\n## När\n"


def test_an_empty_text_takes_the_section_away() -> None:
    assert join_sections(BODY, {"Varför": " \n", "": ""}, ORDER) == "##  Var  ##\n\n\nPå plats.\n## När\n"
    assert join_sections("## A\n\ntext\n", {"A": ""}, ()) == ""


def test_new_sections_come_where_the_order_says() -> None:
    new = join_sections(BODY, {"Sist": "s", "Material": "m", "Kort namn": "k", "Egen": "e"}, ORDER)
    assert [section.title for section in split_sections(new)] == [
        *("", "Kort namn", "Varför", "Material", "Var", "När", "Sist", "Egen")
    ]


def test_a_new_section_comes_before_those_that_follow_it() -> None:
    assert join_sections("## När\n\nnu\n", {"Var": "här"}, ORDER) == "## Var\n\nhär\n\n## När\n\nnu\n"


def test_sections_are_written_in_an_empty_body() -> None:
    assert join_sections("", {"När": "nu", "Var": "här", "": "Först"}, ORDER) == (
        "Först\n\n## Var\n\nhär\n\n## När\n\nnu\n"
    )


def test_a_text_with_an_open_fence_does_not_swallow_the_next_heading() -> None:
    new = join_sections("## Var\n\n```\nkod\n```\n", {"Varför": "```\nöppen"}, ORDER)
    assert [section.title for section in split_sections(new)] == ["Varför", "Var"]


texts = st.text(st.sampled_from("ab#`~ \n-å"), max_size=40)
bodies = st.lists(
    st.sampled_from(["## A\n", "## B ##\n", "text\n", "\n", "```\n", "~~~\n", "### C\n", "## A\n\n"]), max_size=12
)


@given(bodies)
def test_no_letter_is_lost_or_added(lines: list[str]) -> None:
    body = "".join(lines)
    titles = [section.title for section in split_sections(body)]
    same = {
        section.title: section.text
        for section in split_sections(body)
        if section.text and titles.count(section.title) == 1
    }
    assert join_sections(body, same, ()) == body or not body.strip()


@given(bodies, texts)
def test_a_text_that_is_put_in_can_be_taken_out(lines: list[str], text: str) -> None:
    plain = "\n".join(line for line in text.split("\n") if not line.startswith(("##", "`", "~"))).strip("\n")
    new = join_sections("".join(lines), {"Var": plain}, ORDER)
    found = {section.title: section.text for section in split_sections(new)}
    assert found.get("Var", "").strip() == plain.strip()
