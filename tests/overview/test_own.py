"""What waits for a member: cycles, drafts and what is half written, each with its next step."""

from __future__ import annotations

from flask import Flask

from tests.cast import Browser
from tests.editing.writing import fill_in, open_form
from tests.house import House
from tests.seeing import see


def own(browser: Browser) -> str:
    """The part of the start page with one's own work."""
    return see(browser.get("/")).words.partition("Nytt i ")[0]


# ---- Cycles ----


def test_a_member_sees_the_cycles_that_wait_with_their_next_step(
    house: House, editor: Browser, outsider: Browser
) -> None:
    house.write("projects", "mote", title="Snabbare möte")
    house.write("cycles", "mote/01-klar", title="Klar cykel", status="decided")
    more = {"status": "studying", "publication": "draft", "ended": "2026-11-01"}
    house.write("cycles", "mote/02-pagar", title="Cykel som pågår", **more)
    house.write("cycles", "mote/03-annans", title="Någon annans", status="doing", owner="solna")
    house.look()
    answer = editor.get("/")
    page = see(answer)
    told = (
        "Cykel som pågår Nästa steg: skriv vad ni såg och lärde er. Snabbare möte Cykel 2 Senast 1 november 2026 Utkast"
    )
    assert told in page.words
    assert page.links["Fortsätt till Studera: Cykel som pågår"] == "/cykler/mote/02-pagar/andra?steg=3"
    assert "Klar cykel" not in own(editor)
    assert "Någon annans" not in own(editor)
    assert 'aria-label="Planera och Genomföra är klara, Studera pågår"' in answer.text
    assert "Ingen cykel väntar på er." in see(outsider.get("/")).words
    assert "Era utkast" not in page.words, "a cycle that waits is not told of twice"


def test_a_day_to_come_is_no_last_activity(house: House, editor: Browser) -> None:
    house.write("projects", "mote")
    house.write("cycles", "mote/01-x", title="Planerad cykel", status="planned", planned="2040-01-01")
    house.look()
    assert "2040" not in own(editor)


def test_more_cycles_than_are_shown_are_a_click_away(house: House, editor: Browser) -> None:
    house.write("projects", "mote")
    for number in range(1, 7):
        house.write("cycles", f"mote/0{number}-x", status="doing")
    house.look()
    page = see(editor.get("/"))
    assert page.links["Alla 6 cykler som pågår"] == "/laget?visa=pagar&typ=cycles"
    assert "6 " in see(editor.get("/laget?visa=pagar&typ=cycles")).words


def test_a_broken_file_does_not_break_the_start_page(house: House, editor: Browser) -> None:
    house.write("projects", "mote")
    cycle = house.write("cycles", "mote/01-x", title="Trasig cykel", status="doing")
    draft = house.write("practices", "utkast", title="Trasigt utkast", publication="draft")
    house.look()
    for path in (cycle, draft):
        path.write_text("---\ntitle: [\n---\n", encoding="utf-8")
    assert editor.get("/").status_code == 200
    assert "Trasigt utkast" not in own(editor)


# ---- Drafts ----


def test_a_draft_says_what_is_lacking_before_it_can_be_published(house: House, editor: Browser) -> None:
    house.write("learnings", "kvall", title="Inte på kvällen", publication="draft", practices=[])
    house.look()
    page = see(editor.get("/"))
    assert "Inte på kvällen Nästa steg: En lärdom som andra ska läsa behöver något att vila på." in page.words
    address = page.links["Fyll i det som saknas: Inte på kvällen"]
    assert address == "/lardomar/kvall/andra?steg=3#f-cycles"
    assert 'id="f-cycles"' in editor.get(address).text


def test_a_draft_says_what_nobody_has_written_yet(house: House, editor: Browser) -> None:
    house.write("studyvisits", "besok", "## Vad ni får se\n\nAllt.\n", title="Besöket", publication="draft")
    house.look()
    page = see(editor.get("/"))
    assert "Besöket Nästa steg: Skriv ”Anteckningar”. En rubrik till är tom." in page.words
    assert page.links["Skriv vidare: Besöket"].startswith("/studiebesok/besok/andra?steg=4#f-")


def test_a_draft_that_is_filled_in_waits_to_be_published(house: House, editor: Browser) -> None:
    body = "## Vad ni får se\n\nA.\n\n## Anteckningar\n\nB.\n\n## Vad vi tog med oss hem\n\nC.\n"
    house.write("studyvisits", "besok", body, title="Besöket", publication="draft")
    house.look()
    page = see(editor.get("/"))
    assert "Allt är ifyllt. Bestäm vem som får läsa, och publicera." in page.words
    form = editor.get(page.links["Till sista steget: Besöket"]).text
    assert 'value="publish"' in form


def test_drafts_are_their_organisations_alone(
    house: House, editor: Browser, colleague: Browser, reader: Browser, admin: Browser, anyone: Browser
) -> None:
    house.write("practices", "a", title="Södertäljes utkast", publication="draft")
    house.write("practices", "b", title="Solnas utkast", owner="solna", publication="draft")
    house.look()
    for browser in (editor, colleague):
        assert "Södertäljes utkast" in own(browser)
        assert "Solnas utkast" not in own(browser)
    assert "Södertäljes utkast" not in own(reader)
    # An administrator may see them all, and belongs to none of these organisations.
    for browser in (admin, anyone):
        assert "Era utkast" not in own(browser)
        assert "Era cykler" not in own(browser)


def test_more_drafts_than_are_shown_are_a_click_away(house: House, editor: Browser) -> None:
    for number in range(6):
        house.write("practices", f"p-{number}", publication="draft")
    house.look()
    assert see(editor.get("/")).links["Alla 6 utkast"] == "/laget?visa=utkast"


# ---- Half written ----


def test_what_is_half_written_comes_first_and_only_for_who_wrote_it(
    app: Flask, house: House, editor: Browser, colleague: Browser, admin: Browser
) -> None:
    house.write("practices", "a", title="Södertäljes utkast", publication="draft")
    house.look()
    fill_in(editor, open_form(editor, "/lardomar/nytt"), do="keep", title="Tolken kom för sent")
    shown = own(editor)
    assert "Era utkast Halvskrivet: Tolken kom för sent Lärdom Ny sida Sparades i dag " in shown
    assert shown.index("Tolken kom för sent") < shown.index("Södertäljes utkast")
    for browser in (colleague, admin):
        assert "Tolken kom för sent" not in see(browser.get("/")).words
    page = see(editor.get("/"))
    assert 'value="Tolken kom för sent"' in editor.get(page.links["Fortsätt skriva: Tolken kom för sent"]).text
    asked = editor.get(page.links["Läs eller kasta: Tolken kom för sent"])
    answer = fill_in(editor, asked)
    assert answer.location == "/"
    assert "Halvskrivet" not in own(editor)
