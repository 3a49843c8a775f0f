"""The same measure in many places: on the same axes, in the order of the alphabet, and nothing of small groups."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from app.measuring.charts import Chart, analyse
from app.measuring.drawing.side_by_side import Panel, all_as_csv, all_as_picture, legend, multiples
from app.measuring.points import ChartType, Number, Options, Point, exclude
from tests.measuring.series import fractions, month, values

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert('ä')</script>\"&<b style=\"x\" onclick='y'>"


def chart(*numbers: Number | None, kind: ChartType = ChartType.RUN, first: int = 0, **options: object) -> Chart:
    points = [Point(month(place), number) for place, number in enumerate(numbers, first)]
    return analyse(points, kind, Options(**{"name": "Väntetid", **options}))  # type: ignore[arg-type]


def pictures(shown: str) -> list[ET.Element]:
    return [ET.fromstring(one) for one in re.findall(r"<svg.*?</svg>", shown)]


def words(picture: ET.Element) -> list[str]:
    return [one.text or "" for one in picture.iter(f"{SVG}text")]


def across(picture: ET.Element) -> list[float]:
    """Where the dots are along the bottom."""
    return [float(one.get("cx", "0")) for one in picture.iter(f"{SVG}circle")]


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_places_stand_in_the_order_of_the_alphabet_on_one_scale() -> None:
    places = [
        Panel(name, chart(*[top, 1] * 6)) for name, top in (("Åmål", 90), ("Örebro", 5), ("Ale", 20), ("Ängelholm", 7))
    ]
    shown = str(multiples(places))
    assert re.findall(r"<h3>(.*?)</h3>", shown) == ["Ale", "Åmål", "Ängelholm", "Örebro"]
    assert {words(one)[1] for one in pictures(shown)} == {"100"}
    assert str(multiples([])).startswith("<ul")


def test_the_same_day_is_at_the_same_place_in_each() -> None:
    early, late = chart(*[1, 2] * 4), chart(*[1, 2] * 4, first=4)
    one, two = pictures(str(multiples([Panel("Ale", early), Panel("Åmål", late)])))
    assert across(one)[4:] == across(two)[:4]
    assert words(one)[2:] == words(two)[2:] == ["jan 2020", "dec 2020"]
    alone = pictures(str(multiples([Panel("Ale", early)])))[0]
    assert words(alone)[2:] == ["jan 2020", "aug 2020"]


def test_weeks_and_months_lie_where_they_are_in_time() -> None:
    monthly = chart(*[1, 2] * 3)
    daily = analyse([Point(month(0).replace(day=place), 3) for place in range(1, 29)], ChartType.RUN)
    one, two = pictures(str(multiples([Panel("Ale", monthly), Panel("Åmål", daily)])))
    assert across(one)[0] == across(two)[0]
    assert across(two)[-1] < across(one)[1]


def test_rare_events_lie_by_their_number() -> None:
    few, many = chart(3, 5, 4, kind=ChartType.G), chart(*[3, 5, 4] * 3, kind=ChartType.G)
    one, two = pictures(str(multiples([Panel("Ale", few), Panel("Åmål", many)])))
    assert across(one) == across(two)[:3]


def test_each_has_its_name_its_words_its_link_and_its_table() -> None:
    panels = [Panel("Ale", chart(*[1, 3] * 10), "Kortare kö", "/a"), Panel("Ale", chart(*[2, 4] * 10), "Andra", "/b")]
    shown = str(multiples(panels))
    assert re.findall(r'<a href="(.*?)">(.*?)</a>', shown) == [("/b", "Andra"), ("/a", "Kortare kö")]
    assert [one.findtext(f"{SVG}title") for one in pictures(shown)] == [
        "Ale: Väntetid, januari 2020 till augusti 2021"
    ] * 2
    assert shown.count("Inget tyder på en bestående förändring: värdena varierar kring medianen 3") >= 1
    assert shown.count("<table>") == 2
    ids = re.findall(r' id="(.*?)"', shown)
    assert len(ids) == len(set(ids))


def test_what_lines_and_shapes_are_is_told_where_they_are_there() -> None:
    plain = chart(*[1, 3] * 6, unit="dagar")
    assert legend([Panel("Ale", plain)]) == "Skalan är i dagar. Heldragen linje: medianen."
    points = exclude(values(*[9, 11] * 10, *[11.5] * 9, 30), {month(3): "Fel"})
    full = analyse(points, ChartType.I, Options(freeze=20, target=8))
    told = legend([Panel("Ale", plain), Panel("Åmål", full)])
    for word in ("gränserna", "Streckprickad linje: målet", "Romber", "Trianglar", "Kryss"):
        assert word in told


@pytest.mark.parametrize("many", [1, 2, 3, 4, 7])
def test_the_file_of_pictures_has_every_place_inside_it(many: int) -> None:
    panels = [Panel(f"Kommun {n}", chart(*[n, n + 2] * 6), f"Arbete {n}") for n in range(many)]
    picture = ET.fromstring(all_as_picture("Väntetid, Nätet", panels, "Definitionerna skiljer sig.").encode())
    said = words(picture)
    assert said[0] == "Väntetid, Nätet"
    assert "Definitionerna skiljer sig." in said
    assert [word for word in said if word.startswith("Kommun")] == [f"Kommun {n}" for n in range(many)]
    height, width = float(picture.get("height", "0")), float(picture.get("width", "0"))
    for group in picture.iter(f"{SVG}g"):
        if moved := group.get("transform"):
            left, top = map(float, re.findall(r"[\d.]+", moved))
            assert left + 300 <= width
            assert top + 160 <= height
    assert max(float(one.get("y", "0")) for one in picture.iter(f"{SVG}text")) < height


def test_nothing_of_small_groups_is_in_any_of_it() -> None:
    points = fractions([5, 3, 6], [10, 4, 12])
    points[1] = replace(points[1], note="Två av Annas tre")
    panels = [Panel("Ale", analyse(points, ChartType.P)), Panel("Åmål", analyse(points, ChartType.P))]
    for shown in (str(multiples(panels)), all_as_picture("Andel", panels), all_as_csv(panels).decode()):
        assert "Annas" not in shown
    table = rows(all_as_csv(panels))
    assert table[2] == ["Ale", "", "2020-02-01", *[""] * 6, "visas inte: för liten grupp", ""]


def test_the_table_of_all_has_a_row_for_each_point_and_no_formula() -> None:
    panels = [
        Panel("=1+1", analyse([Point(month(0), 1.5, note="=HYPERLINK(1)")], ChartType.RUN), "@arbete"),
        Panel("Ale", analyse(fractions([5], [10]), ChartType.P), "Arbete"),
    ]
    table = rows(all_as_csv(panels))
    assert table[0][:6] == ["plats", "utvecklingsarbete", "datum", "värde", "täljare", "nämnare"]
    assert table[1] == ["'=1+1", "'@arbete", "2020-01-01", "1,5", "", "", "1,5", "", "", "", "'=HYPERLINK(1)"]
    assert table[2][:6] == ["Ale", "Arbete", "2020-01-01", "0,5", "5", "10"]


def test_words_of_people_cannot_become_elements() -> None:
    panels: Sequence[Panel] = [Panel(EVIL, chart(*[1, 3] * 6, name=EVIL, unit=EVIL), EVIL, EVIL)] * 2
    for shown in (str(multiples(panels)), all_as_picture(EVIL, panels, EVIL)):
        assert "<script" not in shown
        assert "<b " not in shown
