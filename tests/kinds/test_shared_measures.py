"""A measure that several projects of a network have: beside each other, of what one may see, and never ranked."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from tests.cast import Browser
from tests.house import House

NETWORK = "/natverk/nat"
PAGE = f"{NETWORK}/matt/i-tid-procent-p"
DIFFER = "Definitionerna skiljer sig: läs dem innan ni jämför."
PAIRS = "".join(f"2026-{month:02}-01;{10 + month % 3};{20 + month};\n" for month in range(1, 13))
MEASURE = {"name": "I tid", "unit": "procent", "chart": "p", "definition": "Möten i tid."}


def project(house: House, slug: str, owner: str, values: str = PAIRS, **more: Any) -> None:
    said = {**MEASURE, **more.pop("measure", {})}
    house.write(
        "projects", slug, title=f"Arbetet {slug}", owner=owner, measures=[said], **{"networks": ["nat"], **more}
    )
    if values:
        file = house.home / f"improvement_cycles/{slug}/measures/{said.get('slug', 'i-tid')}.csv"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"date;numerator;denominator;note\n{values}", encoding="utf-8")


def network(house: House, **more: Any) -> None:
    house.write("networks", "nat", title="Nätet", owner="solna", **more)
    house.look()


def two(house: House, **more: Any) -> None:
    """Two projects of one network; ``more`` is of the second."""
    project(house, "a", "sodertalje")
    project(house, "b", "lysekil", **more)
    network(house)


def test_a_measure_of_two_projects_is_on_the_networks_page_and_has_one_of_its_own(
    house: House, anyone: Browser
) -> None:
    two(house)
    assert f'<a href="{PAGE}">I tid</a>' in anyone.get(NETWORK).text
    assert "Resultatmått. 2 utvecklingsarbeten: Lysekil, Södertälje" in anyone.get(NETWORK).text
    text = anyone.get(PAGE).text
    places = text.index("Lysekil</h3>"), text.index("Södertälje</h3>")
    assert places == tuple(sorted(places))
    assert text.count('class="plot"') == 2
    assert text.count("Visa alla värden som tabell") == 2
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert all(after <= before + 1 for before, after in pairwise(levels)), "no heading is skipped"
    assert 'href="/utvecklingsarbeten/a/matt/i-tid"' in text
    assert DIFFER not in text
    assert text.count("Möten i tid.") == 1


@pytest.mark.parametrize(
    ("measure", "same"),
    [
        ({"name": "  i  TID "}, True),
        ({"unit": "Procent"}, True),
        ({"target": "80"}, True),
        ({"name": "I tid igen"}, False),
        ({"unit": "andel"}, False),
        ({"chart": "run"}, False),
        ({"type": "process"}, False),
    ],
)
def test_measures_of_the_same_name_sort_unit_and_chart_are_the_same(
    house: House, anyone: Browser, measure: dict[str, str], same: bool
) -> None:
    two(house, measure=measure)
    assert (f'href="{PAGE}"' in anyone.get(NETWORK).text) == same
    assert anyone.get(PAGE).status_code == (200 if same else 404)


@pytest.mark.parametrize(
    ("measure", "differ"),
    [
        ({"definition": "möten  i tid"}, False),
        ({"definition": "Möten inom tio dagar."}, True),
        ({"definition": ""}, True),
        ({"denominator": "Alla möten"}, True),
        ({"how_often": "Varje vecka"}, False),
    ],
)
def test_definitions_that_differ_are_told_and_shown(
    house: House, anyone: Browser, measure: dict[str, str], differ: bool
) -> None:
    two(house, measure=measure)
    text = anyone.get(PAGE).text
    assert (f'<p class="notice warn">{DIFFER}</p>' in text) == differ
    assert (DIFFER in anyone.get(f"{PAGE}/diagram.svg").text) == differ
    assert len(re.findall("<h3>(?:Södertälje|Lysekil)</h3>", text)) == (4 if differ else 2)


def test_what_is_called_the_same_and_counted_in_another_unit_is_told_and_not_drawn(
    house: House, anyone: Browser
) -> None:
    project(house, "c", "habo", "", measure={"unit": "dagar", "chart": "run"})
    two(house)
    text = anyone.get(PAGE).text
    assert "Mäts också på ett annat sätt" in text
    assert 'Håbo: <a href="/utvecklingsarbeten/c/matt/i-tid">Arbetet c</a> (dagar, seriediagram)' in text
    assert text.count('class="plot"') == 2


def test_a_place_without_values_says_so(house: House, anyone: Browser) -> None:
    two(house, values="")
    text = anyone.get(PAGE).text
    assert text.count('class="plot"') == 1
    assert "inga värden är ifyllda än." in text
    (house.home / "improvement_cycles/a/measures/i-tid.csv").unlink()
    house.look()
    assert anyone.get(PAGE).status_code == 200
    for name in ("diagram.svg", "diagram.csv"):
        assert anyone.get(f"{PAGE}/{name}").status_code == 404


def test_nothing_of_small_groups_is_shown_to_anybody(house: House, anyone: Browser, editor: Browser) -> None:
    two(house, values=PAIRS + "2027-01-01;3;4;Tre av Svea\n")
    for somebody in (anyone, editor):
        for address in (PAGE, f"{PAGE}/diagram.svg", f"{PAGE}/diagram.csv"):
            text = somebody.get(address).text
            assert "Svea" not in text
            assert not re.search(r";3;4;|>3</td><td>4<", text), address
    assert "visas inte: för liten grupp" in anyone.get(f"{PAGE}/diagram.csv").text


@pytest.mark.parametrize("hidden", [{"publication": "draft"}, {"visibility": "organisation"}])
def test_only_what_one_may_see_is_counted_or_shown(
    house: House, anyone: Browser, editor: Browser, hidden: dict[str, str]
) -> None:
    project(house, "a", "lysekil")
    project(house, "b", "habo")
    network(house)
    assert "2 utvecklingsarbeten" in anyone.get(NETWORK).text
    project(house, "c", "sodertalje", **hidden)
    house.look()
    assert "Arbetet c" not in anyone.get(PAGE).text
    for address in (PAGE, f"{PAGE}/diagram.svg", f"{PAGE}/diagram.csv"):
        assert "Södertälje" not in anyone.get(address).text
    if hidden == {"visibility": "organisation"}:
        assert "Arbetet c" in editor.get(PAGE).text


def test_what_a_file_has_just_begun_to_hide_is_not_drawn_before_the_index_knows(house: House, anyone: Browser) -> None:
    two(house, visibility="public")
    path = house.home / "improvement_cycles/b/project.md"
    path.write_text(path.read_text().replace("visibility: public", "visibility: organisation"))
    assert anyone.get(PAGE).text.count('class="plot"') == 1
    assert "Arbetet b" not in anyone.get(f"{PAGE}/diagram.csv").text


def test_what_only_one_may_see_of_is_not_there(house: House, anyone: Browser) -> None:
    two(house, visibility="organisation")
    assert "I tid" not in anyone.get(NETWORK).text
    for address in (PAGE, f"{PAGE}/diagram.svg", f"{PAGE}/diagram.csv"):
        assert anyone.get(address).status_code == 404


def test_the_measures_of_a_network_that_one_may_not_see_do_not_exist(house: House, anyone: Browser) -> None:
    project(house, "a", "sodertalje")
    project(house, "b", "lysekil")
    network(house, visibility="organisation")
    for address in (PAGE, f"{PAGE}/diagram.svg", f"{PAGE}/diagram.csv", f"{NETWORK}/matt/annat"):
        assert anyone.get(address).status_code == 404


def test_the_files_are_to_be_saved_and_have_every_place(house: House, anyone: Browser) -> None:
    two(house)
    picture, table = (anyone.get(f"{PAGE}/diagram.{ending}") for ending in ("svg", "csv"))
    assert (picture.mimetype, table.mimetype) == ("image/svg+xml", "text/csv")
    assert picture.headers["Content-Disposition"] == 'attachment; filename="nat-i-tid-procent-p.svg"'
    assert "default-src 'none'" in picture.headers["Content-Security-Policy"]
    assert picture.text.count('class="plot"') == 2
    lines = table.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 25
    assert lines[1].startswith("Lysekil;Arbetet b;2026-01-01;0,5")


def test_two_projects_of_one_place_are_both_there(house: House, anyone: Browser) -> None:
    project(house, "a", "sodertalje")
    project(house, "b", "sodertalje")
    network(house)
    text = anyone.get(PAGE).text
    assert text.count("<h3>Södertälje</h3>") == 2
    assert "2 utvecklingsarbeten: Södertälje<" in anyone.get(NETWORK).text
