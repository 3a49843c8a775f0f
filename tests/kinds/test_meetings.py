"""Network meetings: what is to be talked of, who came, what was decided, and how that stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.kinds.meetings import Meeting, carried_out, decisions_of, mark_of
from app.publishing import Refused
from tests.cast import Browser
from tests.house import House
from tests.kinds.pressing import buttons_on, followed, press, sent, told
from tests.seeing import see

PAGE = "/natverkstraffar/hosttraff"
TODAY = date(2026, 11, 21)
DECISIONS = [
    {"what": "Prova tolk i samma samtal.", "role": "Teamledaren", "organisation": "solna", "by": "2026-11-20"},
    {"what": "Be om läsrätt i kalendern.", "done": True, "by": "2026-11-01"},
    {"what": "Läsa på.", "by": "2026-12-18"},
]


def write(house: House, **more: Any) -> None:
    house.write("networks", "knut", title="KNUT", members=[{"organisation": "solna"}])
    house.write("practices", "boka", title="Boka direkt")
    house.write("learnings", "kvall", title="Inte på kvällen", worked="did_not_work")
    house.write("meetings", "vinter", title="Vinterträff", date="2027-01-21", networks=["knut"])
    house.write(
        "meetings",
        "hosttraff",
        "## Varför vi träffas\n\nFör att jämföra.\n\n## Anteckningar\n\n### Siffrorna\n\nDe steg.\n",
        **{
            "title": "Höstträff",
            "status": "held",
            "date": "2026-11-12",
            "time": "10.00–12.00",
            "place": "Sundbyberg",
            "networks": ["knut"],
            "invited": ["solna", "sodertalje", "habo"],
            "agenda": [{"time": "10.00", "what": "Vad visar **siffrorna**?", "who": "teamledaren"}, {"what": "Övrigt"}],
            "practices": ["boka"],
            "learnings": ["kvall"],
            "came": [
                {"organisation": "solna", "roles": "två coacher", "people": 2},
                {"organisation": "sodertalje", "people": "cirka 3"},
            ],
            "decisions": DECISIONS,
            "next": {"date": "2027-01-21", "place": "Solna", "meeting": "vinter"},
            **more,
        },
    )
    house.look()


def meeting(**more: Any) -> Meeting:
    identity = "00000000-0000-0000-0000-000000000000"
    return Meeting.model_validate({"id": identity, "title": "T", "owner": "solna", "decisions": DECISIONS, **more})


# ---- The page ----


def test_a_meeting_tells_when_where_what_and_who(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert "När 12 november 2026 kl. 10.00–12.00" in page.words
    assert "Plats Sundbyberg" in page.words
    assert "Deltagare Cirka 5 personer" in page.words
    assert "Dagordning Kl. 10.00 Vad visar siffrorna? Teamledaren Punkt 2 Övrigt" in page.words
    assert "Organisation Roller Antal Solna Två coacher 2 Södertälje framgår inte cirka 3" in page.words
    assert "Inbjudna, men inte med den här gången: Håbo." in page.words
    assert "Anteckningar Siffrorna De steg." in page.words
    assert "Nästa träff 21 januari 2027, Solna Vinterträff" in page.words
    assert page.links["KNUT"] == "/natverk/knut"


def test_what_is_talked_of_leads_to_the_meeting_and_back(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert "Det här togs upp Lärdomar Inte på kvällen ✕ Fungerade inte" in page.words
    assert page.words.count("Boka direkt") == 1
    for address in ("/arbetssatt/boka", "/lardomar/kvall"):
        back = see(anyone.get(address))
        assert (3, "Nätverksträffar där det togs upp") in back.headings
        assert back.leads_to(PAGE)
    assert "Förra träffen Höstträff" in see(anyone.get("/natverkstraffar/vinter")).words


def test_a_meeting_to_come_tells_who_is_invited_and_what_is_to_be_talked_of(house: House, anyone: Browser) -> None:
    write(house, status="planned", came=[], decisions=[], next={})
    page = see(anyone.get(PAGE))
    assert "Inbjudna Solna Södertälje Håbo" in page.words
    assert "Det här ska tas upp" in page.words
    for heading in ("Vilka kom", "Beslut", "Nästa träff"):
        assert (2, heading) not in page.headings


def test_a_meeting_that_is_called_off_says_so(house: House, anyone: Browser) -> None:
    write(house, status="cancelled")
    assert "Inställd: träffen blir inte av." in see(anyone.get(PAGE)).words


def test_an_organisation_leads_to_its_networks_meetings_and_those_it_was_asked_to(
    house: House, anyone: Browser
) -> None:
    write(house)
    solna = see(anyone.get("/organisationer/solna"))
    assert (2, "Nätverksträffar") in solna.headings
    assert solna.leads_to(PAGE)
    habo = see(anyone.get("/organisationer/habo"))
    assert "Inbjuden till nätverksträffen Höstträff" in habo.words
    assert "Deltog i nätverksträffen" not in habo.words
    assert habo.leads_to(PAGE)


def test_meetings_are_listed_by_date_and_chosen_by_network_and_status(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get("/natverkstraffar"))
    assert page.words.index("Vinterträff") < page.words.index("Höstträff")
    assert page.links["KNUT 2"] == "/natverkstraffar?natverk=knut"
    assert "Vinterträff" not in see(anyone.get("/natverkstraffar?status=held")).links
    by_title = see(anyone.get(page.links["rubrik"]))
    assert by_title.words.index("Höstträff") < by_title.words.index("Vinterträff")
    for words in ("kalender läsrätt", "nätverksträff Sundbyberg", "två coacher"):
        assert see(anyone.get(f"/sok?q={words}")).leads_to(PAGE), words


def test_a_sum_of_people_is_given_only_where_every_number_is_stated() -> None:
    both = meeting(came=[{"organisation": "a", "people": 2}, {"organisation": "b", "people": "fyra"}])
    assert str(both.people) == "6"
    assert meeting(came=[{"organisation": "a", "people": 2}, {"organisation": "b"}]).people is None
    assert meeting().people is None


def test_nobody_is_missing_before_it_is_told_who_came() -> None:
    assert meeting(status="held", invited=["a"]).missing == []
    assert meeting(status="planned", invited=["a"], came=[{"organisation": "b"}]).missing == []
    assert meeting(status="held", invited=["a", "b"], came=[{"organisation": "b"}]).missing == ["a"]


@pytest.mark.parametrize("time", ["tio", "10.00-", "10 00"])
def test_a_time_is_written_as_a_time(house: House, editor: Browser, time: str) -> None:
    write(house)
    answer = editor.post(f"{PAGE}/andra", data={"_do": "save", "time": time})
    assert answer.status_code == 422
    assert "ska vara ett klockslag som 13.00 eller 13.00–15.30" in answer.text


# ---- What happens to it ----


def test_a_decision_says_how_it_stands_today() -> None:
    stands = [(one.words, one.look) for one in decisions_of(meeting(), TODAY)]
    assert stands == [("Skulle ha varit klart", "warn"), ("Klart", "ok"), ("Kvar att göra", "")]
    assert decisions_of(meeting(), date(2026, 11, 20))[0].words == "Kvar att göra", "the day itself is in time"


@pytest.mark.parametrize(
    ("by", "late"),
    [
        *(("framgår inte", False), ("3 februari", False), ("efter 2019", False), ("november 2026", False)),
        *(("oktober 2026", True), ("före 2020-01-01", True)),
    ],
)
def test_a_decision_is_late_after_the_last_day_that_its_date_may_mean(by: str, late: bool) -> None:
    words = "Skulle ha varit klart" if late else "Kvar att göra"
    assert decisions_of(meeting(decisions=[{"what": "Något", "by": by}]), TODAY)[0].words == words


def test_a_decision_that_is_carried_out_leaves_the_others_as_they_are() -> None:
    before = meeting()
    after = carried_out(before, 0, mark_of(before.decisions[0]), True)["decisions"]
    assert [one.done for one in after] == [True, True, False]
    assert after[1:] == before.decisions[1:]


@pytest.mark.parametrize("number", [-1, 2, 99])
def test_a_decision_that_is_not_there_any_more_is_not_changed(number: int) -> None:
    with pytest.raises(Refused, match="Besluten har ändrats"):
        carried_out(meeting(), number, mark_of(meeting().decisions[0]), True)


def test_a_member_ticks_a_decision_and_takes_it_back(app: Flask, house: House, editor: Browser) -> None:
    write(house)
    page = followed(editor, press(editor, PAGE, "Markera som klart: beslut 1"))
    assert "Sparat: Beslut 1 är klart." in see(page).words
    document = app.extensions["library"].get("meetings", "hosttraff")
    assert document.front_matter.decisions[0].done
    assert "time: 10.00–12.00" in document.text
    followed(editor, press(editor, page, "Kvar att göra: beslut 1"))
    document = app.extensions["library"].get("meetings", "hosttraff")
    assert not document.front_matter.decisions[0].done
    assert [words for words, _ in told(app, document)] == ["Beslut 1 är kvar att göra", "Beslut 1 är klart"]


def test_who_presses_second_is_told_that_it_is_done(house: House, editor: Browser, colleague: Browser) -> None:
    write(house)
    seen = colleague.get(PAGE)
    press(editor, PAGE, "Markera som klart: beslut 3")
    answer = press(colleague, seen, "Markera som klart: beslut 3")
    assert answer.status_code == 422
    assert "Någon har redan sagt att beslutet är klart." in answer.text


def test_a_meeting_comes_to_have_been(app: Flask, house: House, editor: Browser) -> None:
    write(house, status="planned")
    page = followed(editor, press(editor, PAGE, "Träffen har varit"))
    assert "✓ Genomförd" in see(page).words
    assert str(app.extensions["library"].get("meetings", "hosttraff").status) == "held"


def test_others_are_offered_no_buttons_and_may_not_press_them(
    house: House, editor: Browser, anyone: Browser, outsider: Browser
) -> None:
    write(house)
    address, fields = sent(editor.get(PAGE), "Markera som klart: beslut 1")
    for stranger, status in ((anyone, 401), (outsider, 403)):
        assert "Markera som klart: beslut 1" not in buttons_on(stranger.get(PAGE))
        assert stranger.post(address, data=fields).status_code == status
    assert anyone.get(f"{PAGE}/andra").status_code == 401
    assert outsider.get(f"{PAGE}/andra").status_code == 403
