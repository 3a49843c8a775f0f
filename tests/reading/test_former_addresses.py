"""A file that somebody renames outside is found by its old address, and by what refers to that."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from app.cli import larnat
from app.config import Settings
from app.library.visibility import ANYONE
from tests.cast import Browser
from tests.house import House


@pytest.fixture
def moved(house: House) -> House:
    """A practice that was renamed outside, named by a learning's field and by another practice's text."""
    path = house.write("practices", "gammalt-namn", title="Ett arbetssätt")
    house.write("practices", "en-annan", "Se [[gammalt-namn]] och [[arbetssatt/gammalt-namn|det här]].\n")
    house.write("learnings", "lardom", practices=["gammalt-namn"])
    house.look()
    path.rename(path.with_name("nytt-namn.md"))
    house.look()
    return house


def _assert_found_by_its_old_name(house: House, anyone: Browser) -> None:
    answer = anyone.get("/arbetssatt/gammalt-namn")
    assert (answer.status_code, answer.location) == (301, "/arbetssatt/nytt-namn")
    assert 'href="/arbetssatt/nytt-namn"' in anyone.get("/arbetssatt/en-annan").text
    assert 'href="/arbetssatt/nytt-namn"' in anyone.get("/lardomar/lardom").text
    page = anyone.get("/arbetssatt/nytt-namn").text
    assert 'href="/lardomar/lardom"' in page
    assert 'href="/arbetssatt/en-annan"' in page
    with house.app.app_context():
        card = house.app.extensions["index"].target("arbetssatt", "gammalt-namn", ANYONE)
    assert card.slug == "nytt-namn"


def test_the_old_address_and_what_names_it_lead_to_the_present_page(moved: House, anyone: Browser) -> None:
    _assert_found_by_its_old_name(moved, anyone)


def test_a_rebuild_forgets_no_former_address(moved: House, anyone: Browser) -> None:
    moved.app.extensions["archive"].rebuild()
    _assert_found_by_its_old_name(moved, anyone)


def test_a_later_edit_and_a_second_move_forget_no_former_address(moved: House, anyone: Browser) -> None:
    path = moved.home / "content/practices/nytt-namn.md"
    path.write_text(path.read_text(encoding="utf-8") + "Mer.\n", encoding="utf-8")
    moved.look()
    _assert_found_by_its_old_name(moved, anyone)
    path.rename(path.with_name("tredje-namn.md"))
    moved.look()
    for old in ("gammalt-namn", "nytt-namn"):
        assert anyone.get(f"/arbetssatt/{old}").location == "/arbetssatt/tredje-namn"


def test_a_file_that_moves_back_has_its_old_address(moved: House, anyone: Browser) -> None:
    path = moved.home / "content/practices/nytt-namn.md"
    path.rename(path.with_name("gammalt-namn.md"))
    moved.look()
    assert anyone.get("/arbetssatt/gammalt-namn").status_code == 200
    assert anyone.get("/arbetssatt/nytt-namn").location == "/arbetssatt/gammalt-namn"


def test_history_says_that_it_moved_and_where(moved: House, editor: Browser) -> None:
    assert "Fick ny adress utanför Lärnät" in editor.get("/arbetssatt/nytt-namn/historik").text


def test_check_tells_of_a_former_address_as_a_hint(moved: House, settings: Settings) -> None:
    result = CliRunner().invoke(larnat, ["check"], obj=settings)
    assert result.exit_code == 0, result.output
    assert "Tips: " in result.stdout
    assert "”gammalt-namn” är en tidigare adress. Skriv ”nytt-namn”" in result.stdout
