from __future__ import annotations

from typing import Any

import pytest

from app.kinds.cycles import Cycle
from app.library.vocabulary import CycleStatus
from tests.cast import Browser
from tests.house import House
from tests.seeing import see

PAGE = "/cykler/mote/02-samtal"


def write(house: House, **more: Any) -> None:
    house.write("projects", "mote", title="Snabbare möte")
    house.write("cycles", "mote/01-remiss", title="Kort remiss", status="decided")
    house.write(
        "cycles",
        "mote/02-samtal",
        "## Förändringen\n\nBoka direkt.\n\n## Vad vi såg\n\nDet gick fortare.\n",
        **{
            "title": "Boka i samtalet",
            "status": "decided",
            "question": "Går det fortare?",
            "scale": "one_person",
            "prediction": {
                "text": "Vi tror att det går fort.",
                "measure": "Dagar",
                "direction": "högst",
                "value": "7",
            },
            "started": "2026-08-31",
            "ended": "2026-09-25",
            "as_planned": "partly",
            "outcome": "confirmed",
            "decision": "expand",
            "decision_reason": "Det **gick** fortare.",
            "decided": "2026-09-28",
            "follows": "mote/01-remiss",
            **more,
        },
    )
    house.write("cycles", "mote/03-alla", title="Alla bokar", status="planned", follows="mote/02-samtal")
    house.look()


def cycle(**fields: Any) -> Cycle:
    return Cycle.model_validate(
        {"id": "00000000-0000-0000-0000-000000000000", "title": "C", "owner": "sodertalje", **fields}
    )


@pytest.mark.parametrize("status", list(CycleStatus))
def test_every_status_has_its_four_phases_and_says_them_in_words(status: CycleStatus) -> None:
    found = cycle(status=status)
    assert len(found.phases) == 4
    assert found.phase_words
    assert (found.next_step is None) == (status is CycleStatus.DECIDED)


def test_a_paused_cycle_stands_where_it_was_left() -> None:
    assert cycle(status="paused").phases == ("now", "todo", "todo", "todo")
    assert cycle(status="paused", started="2026-01-01").phases == ("done", "now", "todo", "todo")
    assert cycle(status="doing").phase_words == "Planera är klar, Genomföra pågår"


def test_a_cycle_shows_its_four_phases_with_prediction_and_decision(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert {"Planera", "Genomföra", "Studera", "Agera"} <= {title for level, title in page.headings if level == 2}
    assert "Det här trodde vi Vi tror att det går fort. Dagar: högst 7" in page.words
    assert "Hur stort En handläggare" in page.words
    assert "När Från 31 augusti 2026 till 25 september 2026 Som planerat? Delvis" in page.words
    assert "Förutsägelsen Stämde Vad vi såg Det gick fortare." in page.words
    assert "Beslut ↗ Utöka 28 september 2026 Det gick fortare." in page.words


def test_a_cycle_leads_to_its_project_and_to_the_cycles_before_and_after_it(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert page.links["Snabbare möte"] == "/utvecklingsarbeten/mote"
    assert page.links["← Cykeln före Kort remiss"] == "/cykler/mote/01-remiss"
    assert page.links["Nästa cykel → Alla bokar"] == "/cykler/mote/03-alla"
    assert "Bygger på Kort remiss" in page.words
    assert "← Cykeln före" not in see(anyone.get("/cykler/mote/01-remiss")).words


def test_a_decided_cycle_of_which_the_source_tells_little_says_that_it_is_not_stated(
    house: House, anyone: Browser
) -> None:
    house.write("projects", "mote", title="Snabbare möte")
    source = [{"title": "En nyhet"}]
    house.write("cycles", "mote/01-x", "## Vad vi gjorde\n\nÄndrade.\n", status="decided", sources=source)
    house.look()
    page = see(anyone.get("/cykler/mote/01-x"))
    assert "Planera framgår inte Genomföra klar Studera framgår inte Agera framgår inte" in page.words
    assert "Det här trodde vi Framgår inte av källan" in page.words
    assert "Beslut Framgår inte av källan" in page.words


def test_a_planned_cycle_has_nothing_written_in_the_phases_to_come(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get("/cykler/mote/03-alla"))
    assert "Planera pågår Genomföra inte påbörjad" in page.words
    assert "Det här tror vi Ingen förutsägelse är skriven" in page.words
    assert "Studera Inget skrivet än" in page.words


def test_those_who_may_write_go_on_where_the_cycle_stands(house: House, editor: Browser) -> None:
    write(house)
    page = see(editor.get("/cykler/mote/03-alla"))
    assert page.links["Fortsätt att planera"] == "/cykler/mote/03-alla/andra?steg=1"
    assert "Planera nästa cykel" not in see(editor.get(PAGE)).links


def test_a_cycle_whose_project_is_not_for_the_viewer_does_not_name_it(house: House, anyone: Browser) -> None:
    house.write("projects", "mote", title="Hemligt", publication="draft")
    house.write("cycles", "mote/01-x", title="Öppen cykel")
    house.look()
    page = see(anyone.get("/cykler/mote/01-x"))
    assert page.status == 200
    assert "Hemligt" not in page.words


def test_only_members_are_led_to_what_is_still_to_be_written(
    house: House, editor: Browser, reader: Browser, anyone: Browser
) -> None:
    write(house)
    missing = f"{PAGE}/andra?steg=1#f-h_dataplan"
    assert missing in see(editor.get(PAGE)).links.values()
    for other in (reader, anyone):
        page = see(other.get(PAGE))
        assert not [link for link in page.links.values() if link.startswith(f"{PAGE}/andra")]
        assert "Dataplan" not in page.links


def test_the_phases_come_before_the_facts(house: House, anyone: Browser) -> None:
    write(house)
    page = anyone.get(PAGE).text
    assert page.index('id="agera"') < page.index('aria-label="Fakta om PGSA-cykeln"')
