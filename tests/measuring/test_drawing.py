"""The picture, the table and the files of a chart: what they show, what they hide, and that nothing lies on
anything else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.measuring.charts import Chart, analyse
from app.measuring.drawing import NARROW, WIDE, as_csv, figure, glance, plot, standalone, table
from app.measuring.drawing.elements import shortened, width_of
from app.measuring.drawing.scales import along, spread, upwards
from app.measuring.points import Annotation, Better, ChartType, Number, Options, Phase, Point, exclude
from app.measuring.reading import read_series
from app.measuring.sentence import sentence
from app.measuring.telling import as_json, as_text
from tests.measuring.series import fractions, month, values

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert('ä')</script>\"&<b style=\"x\" onclick='y'>"


def chart(*numbers: Number | None, kind: ChartType = ChartType.RUN, **options: object) -> Chart:
    return analyse(values(*numbers), kind, Options(**options))  # type: ignore[arg-type]


def drawn(of: Chart, size: object = WIDE) -> ET.Element:
    return ET.fromstring(str(plot(of, size)))  # type: ignore[arg-type]


def group(picture: ET.Element, name: str) -> list[ET.Element]:
    return [child for one in picture.iter(f"{SVG}g") if one.get("class") == name for child in one]


def classed(picture: ET.Element, name: str) -> list[ET.Element]:
    return [one for one in picture.iter() if one.get("class") == name]


def words(picture: ET.Element) -> list[str]:
    return [one.text or "" for one in picture.iter(f"{SVG}text")]


def test_a_picture_has_a_title_and_says_in_words_what_it_shows() -> None:
    of = chart(
        *[9, 11] * 10, 30, kind=ChartType.I, freeze=20, name="Väntetid", unit="dagar", target=8, better=Better.DOWN
    )
    picture = drawn(of)
    assert picture.get("role") == "img"
    title, described = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert title is not None
    assert described is not None
    assert picture.get("aria-labelledby") == f"{title.get('id')} {described.get('id')}"
    assert title.text == "Väntetid, januari 2020 till september 2021"
    assert sentence(of) in (described.text or "")
    assert "Medelvärdet är 10\u00a0dagar" in (described.text or "")
    assert "Målet är 8\u00a0dagar" in (described.text or "")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_what_a_point_means_is_told_by_its_shape(size: object) -> None:
    points = values(*[9, 11] * 10, *[11.5] * 9, 30, 10)
    points[3] = Point(points[3].on, 50, excluded=True)
    points[5] = Point(points[5].on)
    picture = drawn(analyse(points, ChartType.I, Options(freeze=20)), size)
    assert len(group(picture, "excluded")) == 1
    assert len(group(picture, "out")) == 1
    assert {one.tag for one in group(picture, "run")} == {f"{SVG}path"}
    assert {one.tag for one in group(picture, "dots")} == {f"{SVG}circle"}
    shapes = [*group(picture, "dots"), *group(picture, "run"), *group(picture, "out"), *group(picture, "excluded")]
    assert len(shapes) == 30


def test_the_line_has_a_hole_where_something_is_missing() -> None:
    whole, missing = drawn(chart(1, 2, 3, 4)), drawn(chart(1, 2, None, 4, 5))
    assert classed(whole, "curve")[0].get("d", "").count("M") == 1
    assert classed(missing, "curve")[0].get("d", "").count("M") == 2


def test_a_month_without_a_row_keeps_its_place_and_is_not_joined_across() -> None:
    points = [Point(month(place), place) for place in (0, 1, 2, 5, 6)]
    of = analyse(points, ChartType.RUN)
    assert along(of).places == (0, 1, 2, 5, 6)
    assert classed(drawn(of), "curve")[0].get("d", "").count("M") == 2


def test_points_that_would_lie_on_each_other_are_put_side_by_side() -> None:
    same = [Point(date(2024, 1, 1), one) for one in range(4)]
    assert along(analyse(same, ChartType.RUN)).places == (0, 1, 2, 3)
    crowd = [Point(date(2024, 1, 1 + place), 1) for place in range(3)] + [Point(date(2026, 1, 1), 2)]
    assert along(analyse(crowd, ChartType.RUN)).even


def test_each_phase_has_its_own_lines_and_a_flag_with_its_reason() -> None:
    phases = (Phase(month(4), "Ny remiss"),)
    of = analyse(values(1, 2, 3, 2, 11, 12, 13, 12), ChartType.RUN, Options(phases=phases))
    picture = drawn(of)
    assert len(classed(picture, "centre")) == 2
    assert classed(picture, "curve")[0].get("d", "").count("M") == 2
    assert [one.tag for one in classed(picture, "flag")] == [f"{SVG}rect"]
    assert "ny fas, Ny remiss" in figure(of)


def test_flags_of_the_same_day_do_not_lie_on_each_other() -> None:
    told = tuple(Annotation(month(3), f"Cykel {number}") for number in range(1, 5))
    picture = drawn(chart(*range(8), annotations=told))
    at = [float(one.get("cx", "0")) for one in classed(picture, "flag")]
    assert len(at) == 4
    assert all(after - before >= 20 for before, after in pairwise(at))
    assert all(f"Cykel {number}" in figure(chart(*range(8), annotations=told)) for number in range(1, 5))


def test_the_baseline_is_shown_with_its_reason() -> None:
    of = chart(*range(12), freeze=6, freeze_note="före ändringen")
    assert len(classed(drawn(of), "band")) == 1
    assert "första 6 mätpunkterna (före ändringen)" in figure(of)


def _boxes(picture: ET.Element) -> list[tuple[str, float, float, float, float]]:
    """Where each text lies, as wide as it may become: left, right, top and bottom."""
    found = []
    parents = {child: parent for parent in picture.iter() for child in parent}
    for one in picture.iter(f"{SVG}text"):
        text, size = one.text or "", float(one.get("font-size") or parents[one].get("font-size") or 14)
        anchor = one.get("text-anchor") or parents[one].get("text-anchor") or "start"
        wide, x, y = width_of(text, size) * 0.9, float(one.get("x", "0")), float(one.get("y", "0"))
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        found.append((text, left, left + wide, y - size * 0.75, y + size * 0.2))
    return found


def _overlapping(picture: ET.Element) -> list[str]:
    boxes = _boxes(picture)
    return [
        f"{one[0]} / {other[0]}"
        for place, one in enumerate(boxes)
        for other in boxes[place + 1 :]
        if one[1] < other[2] and other[1] < one[2] and one[3] < other[4] and other[3] < one[4]
    ]


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("unit", ["", "dagar"])
@pytest.mark.parametrize("many", [1, 2, 5, 13, 24, 40, 60, 120])
def test_labels_never_lie_on_each_other(size: object, unit: str, many: int) -> None:
    for scale in (1, 1000, 0.001, 250_000):
        numbers = [scale * (50 + (place * 7) % 5) for place in range(many)]
        told = (Annotation(month(many // 2), "Ett"), Annotation(month(many // 2), "Två"))
        options = Options(unit=unit, target=scale * 52, better=Better.UP, annotations=told)
        assert _overlapping(drawn(analyse(values(*numbers), ChartType.I, options), size)) == []


@given(st.lists(st.floats(0, 300), max_size=8), st.integers(5, 20))
def test_labels_are_spread_in_their_order(wanted: list[float], apart: int) -> None:
    placed = spread(wanted, apart, 0, 300)
    ordered = [placed[one] for one in sorted(range(len(wanted)), key=lambda one: wanted[one])]
    assert all(after - before >= apart - 1e-6 for before, after in pairwise(ordered))
    assert all(-1e-6 <= one <= 300 + 1e-6 for one in placed)


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=10))
@example([5e-324])
def test_the_scale_has_room_for_everything_in_round_steps(numbers: list[float]) -> None:
    up = upwards([chart(*numbers)])
    slack = 1e-6 * (up.high - up.low)
    assert up.low - slack <= min(numbers)
    assert max(numbers) <= up.high + slack
    assert 2 <= len(up.ticks) <= 9


def test_words_of_people_cannot_become_elements() -> None:
    points = [Point(month(place), place, note=EVIL, cycle=EVIL) for place in range(12)]
    points[7] = replace(points[7], excluded=True, reason=EVIL)
    options = Options(name=EVIL, unit=EVIL, annotations=(Annotation(month(2), EVIL),), phases=(Phase(month(5), EVIL),))
    of = analyse(points, ChartType.RUN, options)
    for shown in (str(figure(of, downloads={EVIL: EVIL})), standalone(of)):
        assert "<script" not in shown
        assert "<b " not in shown


def test_nothing_is_drawn_with_inline_style_or_script() -> None:
    of = chart(*[1, 3] * 12, kind=ChartType.I, target=2, better=Better.UP, freeze=12)
    for shown in (str(figure(of)), standalone(of)):
        assert not re.search(r"\sstyle=|<style|<script|\son[a-z]+=|href=\"javascript|url\(", shown)


def test_a_figure_has_the_conclusion_first_and_the_table_last() -> None:
    of = analyse(fractions([4, 6] * 8, [10] * 16), ChartType.P, Options(target=0.5, better=Better.UP, name="Andel"))
    shown = ET.fromstring(str(figure(of, "matt", {"Bilden (SVG)": "/bild.svg"})).replace("&nbsp;", " "))
    classes = [child.get("class") or child.tag for child in shown]
    assert classes == ["finding", "note", "signs", "wide", "narrow", "note", "details", "note screen-only"]
    ids = re.findall(r' id="([^"]+)"', str(figure(of, "matt")))
    assert len(ids) == len(set(ids))
    assert all(one.startswith("matt-") for one in ids)


def test_the_table_says_what_the_picture_says() -> None:
    points = fractions([5, 0, 3, 6, 50], [10, 0, 4, 12, 60])
    shown = ET.fromstring(str(table(analyse(points, ChartType.P))))
    rows = [[cell.text or "" for cell in row] for row in shown.iter("tr")]
    assert rows[0] == ["Datum", "Värde (%)", "Täljare", "Nämnare", "Medel", "Undre gräns", "Övre gräns", "Anmärkning"]
    assert rows[1][:4] == ["januari 2020", "50", "5", "10"]
    assert rows[2][1:4] == ["–", "–", "–"]
    assert rows[2][-1] == "Ingen att mäta"
    assert rows[3][1:4] == ["–", "–", "–"]
    assert rows[3][-1] == "Visas inte: för liten grupp"


def test_a_group_that_is_too_small_is_in_none_of_what_can_be_taken_along() -> None:
    points = fractions([5, 3, 6], [10, 4, 12])
    points[1] = replace(points[1], note="Två av Annas tre", cycle="01-annas")
    of = analyse(exclude(points, {points[1].on: "Anna var sjuk"}), ChartType.P)
    assert as_csv(of).decode("utf-8-sig").splitlines()[2] == "2020-02-01;;;;;;visas inte: för liten grupp;;"
    row = ET.fromstring(str(table(of))).findall(".//tbody/tr")[1]
    assert [cell.text for cell in row] == [
        *("februari 2020", "–", "–", "–", "50", "–", "–"),
        "Visas inte: för liten grupp",
    ]
    for told in (figure(of), glance(of), standalone(of), as_text(of), str(as_json(of))):
        assert "nna" not in str(told).replace("annan", "").replace("kunna", "")
        assert "annas" not in str(told)


def test_what_is_taken_along_as_a_table_can_be_read_back() -> None:
    of = chart(1.5, None, -3, 1234.25)
    back = read_series(as_csv(of))
    assert back.faults == ()
    assert [point.value for point in back.points] == [mark.value for mark in of.marks]
    shares = analyse(fractions([5, 6], [10, 12]), ChartType.P)
    assert [(one.numerator, one.denominator) for one in read_series(as_csv(shares)).points] == [(5, 10), (6, 12)]


def test_no_note_becomes_a_formula_in_a_spreadsheet() -> None:
    of = analyse([Point(month(0), 1, note="=HYPERLINK(1)", cycle="+1\n2")], ChartType.RUN)
    assert as_csv(of).decode("utf-8-sig").splitlines()[1].endswith(";'=HYPERLINK(1);'+1 2")


def test_a_picture_to_take_along_stands_by_itself() -> None:
    of = chart(*[1, 3] * 12, name="Väntetid", annotations=(Annotation(month(3), "Cykel 1"),))
    picture = ET.fromstring(standalone(of).encode())
    said = " ".join(words(picture))
    assert "Väntetid" in said
    assert "Cykel 1" in said
    assert "Inget tyder på" in said
    assert next(iter(picture)).get("fill") == "#fff"


@pytest.mark.parametrize("numbers", [(), (None,), (5,), (5, 5), (0, 0, 0), (None, None, 3)])
@pytest.mark.parametrize("kind", [ChartType.RUN, ChartType.I, ChartType.MR, ChartType.C, ChartType.G])
def test_next_to_nothing_can_be_drawn(numbers: Sequence[Number | None], kind: ChartType) -> None:
    of = analyse(values(*numbers), kind)
    ET.fromstring(str(figure(of)))
    ET.fromstring(standalone(of).encode())
    as_csv(of)


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 10**9)), max_size=30),
    st.sampled_from([ChartType.RUN, ChartType.I, ChartType.MR, ChartType.C, ChartType.G]),
)
def test_any_series_can_be_drawn_within_its_frame(series: list[int | None], kind: ChartType) -> None:
    for size in (WIDE, NARROW):
        picture = drawn(analyse(values(*series), kind), size)
        for dot in picture.iter(f"{SVG}circle"):
            assert 0 <= float(dot.get("cx", "0")) <= size.width
            assert 0 <= float(dot.get("cy", "0")) <= size.height


def test_a_text_that_is_too_wide_is_cut() -> None:
    assert shortened("kort", 100) == "kort"
    cut = shortened("Ett mycket långt namn på ett mått", 100)
    assert cut.endswith("…")
    assert width_of(cut) <= 100
