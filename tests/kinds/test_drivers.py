"""Driver diagrams: what acts on what, how a diagram has changed, and how it is drawn."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kinds.projects.driver_changes import changes
from app.kinds.projects.driver_drawing import NORMAL, SIZE, picture, wrapped
from app.kinds.projects.drivers import (
    AIM,
    IDEA,
    PRIMARY,
    SECONDARY,
    Diagram,
    Idea,
    Link,
    Primary,
    Secondary,
    diagram_of,
    unknown_links,
)
from app.library.vocabulary import Strength
from app.measuring.drawing.elements import width_of

AIM_WORDS = "Första möte inom tio dagar"


def drivers() -> list[Primary]:
    paper = Secondary(
        text="Remissen innehåller det som behövs",
        ideas=[Idea(text="Remiss på en sida"), Idea(text="Samtycke direkt", strength=Strength.WEAK)],
    )
    times = Secondary(
        text="Lediga tider syns",
        strength=Strength.WEAK,
        also=[Link(to="rätt  underlag från början.", strength=Strength.WEAK)],
        ideas=[Idea(text="Boka i samma samtal", cycles=["p/01-boka"], also=[Link(to=paper.text)])],
    )
    return [Primary(text="Rätt underlag från början", secondary=[paper]), Primary(text="Tiden", secondary=[times])]


def diagram(of: list[Primary] | None = None) -> Diagram:
    return diagram_of(AIM_WORDS, drivers() if of is None else of)


def test_a_diagram_has_four_columns_and_a_line_for_everything_that_stands_under_something() -> None:
    drawn = diagram()
    assert [(node.column, node.text) for node in drawn.nodes[:4]] == [
        (AIM, AIM_WORDS),
        (PRIMARY, "Rätt underlag från början"),
        (SECONDARY, "Remissen innehåller det som behövs"),
        (IDEA, "Remiss på en sida"),
    ]
    own = [edge for edge in drawn.edges if not edge.across]
    assert {edge.cause for edge in own} == {node.number for node in drawn.nodes[1:]}
    assert all(drawn.nodes[edge.cause].under == edge.effect for edge in own)


def test_lines_lead_across_to_what_they_name_whatever_the_capitals() -> None:
    drawn = diagram()
    found = {
        drawn.nodes[edge.cause].text: (drawn.nodes[edge.effect].text, edge.strength)
        for edge in drawn.edges
        if edge.across
    }
    assert found == {
        "Lediga tider syns": ("Rätt underlag från början", Strength.WEAK),
        "Boka i samma samtal": ("Remissen innehåller det som behövs", Strength.STRONG),
    }


def test_a_line_to_what_is_not_there_is_left_out_and_told() -> None:
    changed = drivers()
    changed[1].secondary[0].also = [Link(to="Något annat"), Link(to="Tiden")]
    assert unknown_links(changed) == ["Något annat"]
    # What it stands under already, it acts on once.
    assert not any(edge.across and edge.strength is Strength.WEAK for edge in diagram(changed).edges)
    assert unknown_links(drivers()) == []


def test_a_diagram_differs_in_nothing_from_itself() -> None:
    assert changes(diagram(), diagram()) == []


def _with_new_idea(of: list[Primary]) -> None:
    of[1].secondary[0].ideas.append(Idea(text="Kvällstider"))


def _without_idea(of: list[Primary]) -> None:
    del of[0].secondary[0].ideas[0]


def _rewritten(of: list[Primary]) -> None:
    of[0].secondary[0].ideas[0].text = "Remiss på högst en sida"


def _moved(of: list[Primary]) -> None:
    of[1].secondary[0].ideas.append(of[0].secondary[0].ideas.pop(0))


def _weaker(of: list[Primary]) -> None:
    of[1].strength = Strength.WEAK


def _without_link(of: list[Primary]) -> None:
    of[1].secondary[0].also = []


def _stronger_link(of: list[Primary]) -> None:
    of[1].secondary[0].also[0].strength = Strength.STRONG


def _turned(of: list[Primary]) -> None:
    of.reverse()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_with_new_idea, ["Ny idé: ”Kvällstider”, under ”Lediga tider syns”"]),
        (_without_idea, ["Borttagen idé: ”Remiss på en sida”"]),
        (_rewritten, ["Omskriven idé: ”Remiss på en sida” blev ”Remiss på högst en sida”"]),
        (_moved, ["Flyttad idé: ”Remiss på en sida” står nu under ”Lediga tider syns”"]),
        (_weaker, ["”Tiden” påverkar svagt, förut starkt"]),
        (
            _without_link,
            ["Borttagen koppling: ”Lediga tider syns” påverkar inte längre ”Rätt underlag från början”"],
        ),
        (
            _stronger_link,
            ["”Lediga tider syns” påverkar också ”Rätt underlag från början” starkt, förut svagt"],
        ),
        (_turned, []),
    ],
)
def test_every_change_is_told(change: object, told: list[str]) -> None:
    after = drivers()
    change(after)  # type: ignore[operator]
    assert changes(diagram(), diagram(after)) == told


def test_a_new_aim_and_a_new_line_are_told() -> None:
    after = drivers()
    after[1].secondary[0].ideas[0].also.append(Link(to="Lediga tider syns"))
    after[0].secondary[0].also = [Link(to="Tiden")]
    told = changes(diagram(), diagram_of("Något helt annat", after))
    assert told == [
        f"Nytt mål: ”Något helt annat”, förut ”{AIM_WORDS}”",
        "Ny koppling: ”Remissen innehåller det som behövs” påverkar också ”Tiden”",
    ]


def test_what_is_all_new_is_told_as_new_without_comparing_everything() -> None:
    before, after = (
        [Primary(text=f"{word} {number}") for number in range(60)] for word in ("Gammal sak", "Gammalt ting")
    )
    told = changes(diagram_of(AIM_WORDS, before), diagram_of(AIM_WORDS, after))
    assert sum(one.startswith("Ny primär") for one in told) >= 59


# ---- Drawing ----

words = st.text("abcdeåäö ", min_size=1, max_size=60).map(str.strip).filter(bool)
ideas = st.lists(st.builds(Idea, text=words, strength=st.sampled_from(Strength)), max_size=4)
secondaries = st.lists(st.builds(Secondary, text=words, ideas=ideas), max_size=4)
primaries = st.lists(st.builds(Primary, text=words, secondary=secondaries), max_size=4)


def boxes_of(svg: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each box."""
    found = []
    for rect in re.findall(r"<rect ([^>]*)/>", svg):
        x, y, width, height = (float(value) for value in re.findall(r'(?:\bx|\by|width|height)="([\d.-]+)"', rect)[:4])
        found.append((x, y, x + width, y + height))
    return found


@settings(max_examples=60, deadline=None)
@given(words, primaries)
def test_no_two_boxes_touch_and_all_lie_within_the_picture(aim: str, of: list[Primary]) -> None:
    drawn = diagram_of(aim, of)
    svg = str(picture(drawn, {node.number: "prövas nu" for node in drawn.nodes if node.column == IDEA}))
    height = float(re.findall(r'viewBox="-1 0 \d+ ([\d.]+)"', svg)[0])
    boxes = boxes_of(svg)
    assert len(boxes) == len(drawn.nodes)
    assert all(
        left >= 0 and right <= NORMAL.whole and top > 0 and bottom < height for left, top, right, bottom in boxes
    )
    columns: dict[float, list[tuple[float, float]]] = {}
    for left, top, _, bottom in boxes:
        columns.setdefault(left, []).append((top, bottom))
    for column in columns.values():
        column.sort()
        assert all(below[0] - above[1] > 5 for above, below in pairwise(column))


@given(words, st.floats(40, 300))
def test_lines_have_room_and_say_all_of_the_text(text: str, width: float) -> None:
    lines = list(wrapped(text, width))
    assert all(width_of(line) <= width + SIZE for line in lines)
    assert re.sub(r"[- ]", "", "".join(lines)) == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("försörjningsstöd", ["försörjnings-", "stöd"]),
        ("en arbetsmarknadsenhet", ["en", "arbets-", "marknads-", "enhet"]),
        ("kartan", ["kartan"]),
    ],
)
def test_long_words_are_parted_where_they_can_be_read(text: str, lines: list[str]) -> None:
    assert list(wrapped(text, 118)) == lines


def test_weak_lines_are_dashed_and_a_key_says_so() -> None:
    svg = str(picture(diagram(), {}))
    weak = [edge for edge in diagram().edges if edge.strength is Strength.WEAK]
    assert svg.count("stroke-dasharray") == len(weak) + 1
    assert "påverkar svagt" in svg
    assert 'aria-hidden="true"' in svg


def test_text_is_escaped_in_the_picture() -> None:
    svg = str(picture(diagram_of("<script>alert(1)</script>", []), {}))
    assert "<script" not in svg
