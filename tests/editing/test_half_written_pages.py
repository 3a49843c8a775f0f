"""What somebody has typed and not saved: listed for that person alone, gone on with, read, thrown away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlmodel import select

from app.history.working_copies import WorkingCopy
from app.web.text import lately
from tests.cast import Browser
from tests.editing.writing import fill_in, open_form
from tests.house import House
from tests.seeing import see

ACCOUNT = "/mitt-konto"


def begin(browser: Browser, title: str = "Boka tolk direkt") -> str:
    """Begin a new practice and leave it; returns where one reads what was typed."""
    assert fill_in(browser, open_form(browser, "/arbetssatt/nytt"), do="keep", title=title).status_code == 303
    return see(browser.get(ACCOUNT)).links[f"Läs eller kasta: {title}"]


def change(house: House, browser: Browser) -> str:
    """Begin to change a practice that is there; returns where one reads what was typed."""
    house.write("practices", "tolk", title="Tolk")
    house.look()
    page = open_form(browser, "/arbetssatt/tolk/andra")
    fill_in(browser, page, do="keep", title="Tolk i samma samtal", summary="Ny sammanfattning.")
    return see(browser.get(ACCOUNT)).links["Läs eller kasta: Tolk i samma samtal"]


def kept(app: Flask) -> int:
    """How many working copies there are."""
    with app.extensions["databases"].kept_for_reading() as session:
        return len(list(session.exec(select(WorkingCopy))))


# ---- Listed ----


def test_what_is_half_written_stands_on_the_account_page_with_the_way_on(editor: Browser) -> None:
    begin(editor)
    page = see(editor.get(ACCOUNT))
    assert "Halvskrivet: Boka tolk direkt Arbetssätt Ny sida Sparades i dag " in page.words
    form = editor.get(page.links["Fortsätt skriva: Boka tolk direkt"])
    assert 'value="Boka tolk direkt"' in form.text


def test_a_change_leads_to_the_form_of_its_page(house: House, editor: Browser) -> None:
    change(house, editor)
    page = see(editor.get(ACCOUNT))
    assert "Halvskrivet: Tolk i samma samtal Arbetssätt Ändring Sparades i dag " in page.words
    assert page.links["Fortsätt skriva: Tolk i samma samtal"] == "/arbetssatt/tolk/andra"


def test_an_empty_form_that_was_only_opened_is_not_listed(editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    fill_in(editor, page, do="keep")
    assert "Halvskrivet" not in see(editor.get(ACCOUNT)).words


def test_what_has_been_saved_is_not_listed_any_longer(editor: Browser) -> None:
    begin(editor)
    form = editor.get(see(editor.get(ACCOUNT)).links["Fortsätt skriva: Boka tolk direkt"])
    assert fill_in(editor, form).status_code == 303
    assert "Halvskrivet" not in see(editor.get(ACCOUNT)).words


def test_nobody_else_sees_what_is_half_written(
    house: House, editor: Browser, colleague: Browser, admin: Browser
) -> None:
    change(house, editor)
    for other in (colleague, admin):
        for path in (ACCOUNT, "/", "/arbetssatt/tolk"):
            assert "Tolk i samma samtal" not in other.get(path).text


def test_a_page_that_was_deleted_meanwhile_is_said_to_be_gone_and_the_text_is_there(
    house: House, editor: Browser, colleague: Browser
) -> None:
    address = change(house, editor)
    fill_in(colleague, colleague.get("/arbetssatt/tolk/ta-bort"))
    page = see(editor.get(ACCOUNT))
    assert "Sidan är borttagen, eller så får du inte längre läsa den." in page.words
    assert "togs bort" in see(editor.get(page.links["Se när den togs bort: Tolk i samma samtal"])).words
    assert "Ny sammanfattning." in see(editor.get(address)).words


def test_a_page_that_one_may_not_read_any_longer_is_told_of_as_one_that_is_gone(house: House, editor: Browser) -> None:
    address = change(house, editor)
    house.write("practices", "tolk", owner="solna", publication="draft")
    house.look()
    page = see(editor.get(ACCOUNT))
    assert "Sidan är borttagen, eller så får du inte längre läsa den." in page.words
    assert not any(name.startswith("Fortsätt skriva") for name in page.links)
    assert "Ny sammanfattning." in see(editor.get(address)).words


def test_it_is_listed_while_the_index_is_rebuilt(house: House, editor: Browser) -> None:
    change(house, editor)
    for file in (house.home / "var" / "derived").glob("*.db"):
        file.write_bytes(b"not rows any longer" * 1000)
    assert "Tolk i samma samtal" in see(editor.get(ACCOUNT)).words


# ---- Read ----


def test_what_was_typed_is_shown_field_by_field_and_only_what_differs(house: House, editor: Browser) -> None:
    page = see(editor.get(change(house, editor)))
    assert "Rubrik Tolk i samma samtal Sammanfattning Ny sammanfattning." in page.words
    assert "Organisation" not in page.words
    assert page.links["Fortsätt skriva"] == "/arbetssatt/tolk/andra"


def test_what_was_typed_is_shown_as_text_and_not_as_html(editor: Browser) -> None:
    answer = editor.get(begin(editor, "<b>Fet</b>"))
    assert "<b>Fet</b>" not in answer.text
    assert "&lt;b&gt;Fet&lt;/b&gt;" in answer.text


def test_to_read_it_asks_for_a_sign_in_and_is_for_the_one_who_typed_it(
    editor: Browser, colleague: Browser, admin: Browser, anyone: Browser
) -> None:
    address = begin(editor)
    assert anyone.get(address).status_code == 401
    for other in (colleague, admin):
        assert other.get(address).status_code == 404


# ---- Thrown away ----


def test_it_is_thrown_away_after_a_question(app: Flask, house: House, editor: Browser) -> None:
    address = change(house, editor)
    asked = editor.get(f"{address}?next=/")
    assert "Det går inte att ångra." in see(asked).words
    assert kept(app) == 1, "only asked for"
    answer = fill_in(editor, asked, url=f"{address}/kasta")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Det du hade skrivit om ”Tolk i samma samtal” är kastat." in see(editor.get("/")).words
    assert kept(app) == 0
    assert 'value="Tolk"' in editor.get("/arbetssatt/tolk/andra").text, "the page is as it was"


def test_to_throw_it_away_twice_does_no_harm(editor: Browser) -> None:
    address = begin(editor)
    for _ in range(2):
        assert editor.post(f"{address}/kasta").location == ACCOUNT
    assert "Det fanns inget kvar att kasta" in see(editor.get(ACCOUNT)).words


def test_nobody_throws_away_what_another_has_written(
    app: Flask, editor: Browser, colleague: Browser, admin: Browser, anyone: Browser
) -> None:
    address = begin(editor)
    assert anyone.post(f"{address}/kasta").status_code == 401
    for other in (colleague, admin):
        other.post(f"{address}/kasta")
    assert kept(app) == 1


def test_one_is_not_sent_to_another_site_afterwards(editor: Browser) -> None:
    address = begin(editor)
    assert editor.post(f"{address}/kasta", data={"next": "https://example.org/"}).location == "/"


# ---- When ----


def test_a_moment_near_today_is_said_as_people_say_it() -> None:
    now = datetime(2026, 11, 22, 13, 2, tzinfo=UTC)
    assert lately(now, now) == "i dag 14.02"
    assert lately(now - timedelta(hours=15), now) == "i går 23.02"
    assert lately(now - timedelta(days=3), now) == "19 november 2026"
