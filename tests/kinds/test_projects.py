from __future__ import annotations

import re
from typing import Any

import pytest

from app.kinds.projects import Aim
from tests.cast import Browser
from tests.house import House
from tests.seeing import see

PAGE = "/utvecklingsarbeten/mote"
CYCLES = "/cykler/mote"


def write(house: House, **more: Any) -> None:
    house.write("practices", "remiss", title="Ändrad remiss")
    house.write(
        "projects",
        "mote",
        "## Problemet\n\nDet tar för lång tid.\n",
        **{
            "title": "Snabbare möte",
            "status": "testing",
            "aim": {"what": "Möte i tid", "for_whom": "Alla som söker", "start": "44", "goal": "80", "unit": "procent"},
            "team": [{"role": "Socialsekreterare", "organisation": "sodertalje", "people": "tre"}],
            "steering_group": [{"role": "Chef", "organisation": "lysekil", "people": "framgår inte"}],
            "practices": ["remiss"],
            "progress": "3.0",
            "progress_history": [{"date": "2026-05-18", "progress": "0.5", "note": "En idé."}],
            "measures": [{"name": "I tid", "baseline": "44", "target": "80", "unit": "procent", "definition": "Del."}],
            **more,
        },
    )


def write_cycles(house: House) -> None:
    house.write("cycles", "mote/01-kort", title="Kort remiss", status="decided", decision="adapt", scale="one_case")
    house.write("cycles", "mote/02-lang", title="Lång remiss", status="studying", scale="one_team")


@pytest.mark.parametrize(
    ("aim", "sentence"),
    [
        ({}, ""),
        ({"what": "Färre ärenden"}, "Färre ärenden"),
        ({"what": "Färre ärenden.", "for_whom": "Barnfamiljer"}, "Färre ärenden, för barnfamiljer"),
        ({"what": "Möten", "start": "44", "goal": "80", "unit": "%"}, "Möten: från 44 till 80 %"),
        ({"what": "Möten", "goal": "80", "by": "2026-12-31"}, "Möten: till 80, senast 31 december 2026"),
        ({"what": "Möten", "by": "framgår inte"}, "Möten"),
    ],
)
def test_the_parts_of_an_aim_read_as_one_sentence(aim: dict[str, str], sentence: str) -> None:
    assert Aim.model_validate(aim).sentence == sentence


def test_a_project_shows_its_aim_its_people_and_how_it_has_gone(house: House, anyone: Browser) -> None:
    write(house)
    house.look()
    page = see(anyone.get(PAGE))
    assert "Mål: Möte i tid, för alla som söker: från 44 till 80 procent." in page.words
    assert "Team Socialsekreterare 3 personer" in page.words
    assert "Styrgrupp Chef (Lysekil)" in page.words
    assert "Framsteg av 5,0 3,0 – måttlig förbättring" in page.words
    assert "18 maj 2026 0,5 – vi har en idé En idé." in page.words
    assert "I tid Resultatmått Högre är bättre Från 44 till 80 procent Del." in page.words
    assert (2, "Problemet") in page.headings
    assert page.links["Ändrad remiss"] == "/arbetssatt/remiss"
    assert "Ingen cykel är publicerad än." in page.words


def test_what_is_told_comes_before_the_facts(house: House, anyone: Browser) -> None:
    write(house)
    house.look()
    page = anyone.get(PAGE).text
    assert page.index(">Problemet</h2>") < page.index('aria-label="Fakta om utvecklingsarbetet"')


def test_the_ramp_shows_every_cycle_with_its_wheel_and_decision(house: House, anyone: Browser) -> None:
    write(house)
    write_cycles(house)
    house.look()
    answer = anyone.get(PAGE)
    page = see(answer)
    assert "1. Kort remiss 1 ärende ↻ Anpassa 2. Lång remiss Ett team ▶ Studeras" in page.words
    assert page.links["Lång remiss"] == f"{CYCLES}/02-lang"
    assert 'aria-label="Alla fyra steg är klara"' in answer.text
    assert 'aria-label="Planera och Genomföra är klara, Studera pågår"' in answer.text


def test_cycles_that_build_on_each_other_stand_in_one_row(house: House, anyone: Browser) -> None:
    write(house)
    house.write("cycles", "mote/01-kort", title="Kort remiss")
    house.write("cycles", "mote/02-kvall", title="Kvällstider")
    house.look()
    together = "De som bygger på varandra står tillsammans."
    assert rows(anyone) == [["Kort remiss"], ["Kvällstider"]]
    house.write("cycles", "mote/03-lang", title="Lång remiss", follows="mote/01-kort")
    house.look()
    assert rows(anyone) == [["Kort remiss", "Lång remiss"], ["Kvällstider"]]
    assert together in see(anyone.get(PAGE)).words
    house.write("cycles", "mote/02-kvall", title="Kvällstider", follows="mote/03-lang")
    house.look()
    assert rows(anyone) == [["Kort remiss", "Lång remiss", "Kvällstider"]]
    assert together not in see(anyone.get(PAGE)).words


def rows(browser: Browser) -> list[list[str]]:
    """The titles of the cycles on the page, row by row."""
    drawn = re.findall(r'<ol class="ramp">(.*?)</ol>', browser.get(PAGE).text, re.DOTALL)
    return [re.findall(r"<h3>.*?<a[^>]*>(.*?)</a>", row) for row in drawn]


def test_cycles_that_are_left_as_drafts_are_told_of_to_those_who_can_publish_them(
    house: House, editor: Browser, outsider: Browser
) -> None:
    write(house)
    house.look()
    none = see(outsider.get(PAGE)).words
    for number, title in enumerate(("Kort remiss", "Lång remiss"), 1):
        house.write("cycles", f"mote/0{number}-prov", title=title, publication="draft")
    house.look()
    page = see(editor.get(PAGE))
    assert "2 cykler är fortfarande utkast: Kort remiss, Lång remiss." in page.words
    assert page.links["Lång remiss"] == f"{CYCLES}/02-prov"
    hidden = see(outsider.get(PAGE)).words
    assert "Ingen cykel är publicerad än." in hidden
    assert hidden == none
    write(house, publication="draft")
    house.look()
    assert "fortfarande utkast" not in see(editor.get(PAGE)).words


def test_members_get_the_next_step_as_a_button(house: House, editor: Browser, outsider: Browser) -> None:
    write(house)
    house.look()
    assert see(editor.get(PAGE)).links["Planera den första cykeln"] == "/cykler/nytt?project=mote"
    write_cycles(house)
    house.look()
    next_step = "Nästa steg: skriv vad ni såg och lärde er"
    assert see(editor.get(PAGE)).links[next_step] == f"{CYCLES}/02-lang/andra?steg=3"
    assert next_step not in see(outsider.get(PAGE)).links


def test_a_draft_cycle_stands_in_the_ramp_only_for_its_owners(house: House, editor: Browser, anyone: Browser) -> None:
    write(house)
    house.write("cycles", "mote/01-kort", title="Kort remiss", publication="draft")
    house.look()
    assert "Kort remiss" in see(editor.get(PAGE)).words
    assert "Kort remiss" not in see(anyone.get(PAGE)).words


def test_a_broken_cycle_is_left_out_of_the_ramp(house: House, anyone: Browser) -> None:
    write(house)
    write_cycles(house)
    house.look()
    broken = house.home / "improvement_cycles/mote/01-kort.md"
    broken.write_text("---\ntitle: [\n---\n", encoding="utf-8")
    page = see(anyone.get(PAGE))
    assert page.status == 200
    assert "Kort remiss" not in page.words
    assert "Lång remiss" in page.words
