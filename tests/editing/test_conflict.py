"""Two write at the same time: nothing is lost, and what goes together goes together."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import Browser
from tests.editing.writing import NOT_SAVED, fields_of, fill_in, get, made, open_form
from tests.house import House

BODY = "## Varför\n\nFörsta raden.\n\nAndra raden.\n\nTredje raden.\n\n## Så gör vi\n\nVi träffas.\n"
EDIT = "/arbetssatt/kartan/andra"


@pytest.fixture
def kartan(house: House) -> None:
    house.write("practices", "kartan", BODY, unit="Enheten", areas=["hemloshet"], costs=[{"amount": "10"}])
    house.look()


def opened(browser: Browser, step: int = 2) -> TestResponse:
    return open_form(browser, f"{EDIT}?steg={step}")


@pytest.mark.usefixtures("kartan")
def test_changes_in_different_places_go_together_and_are_looked_at_once(
    app: Flask, editor: Browser, colleague: Browser
) -> None:
    mine, theirs = opened(editor), opened(colleague)
    fill_in(
        colleague, theirs, h_varfor="Första raden, ändrad.\n\nAndra raden.\n\nTredje raden.", h_material="En karta."
    )
    met = fill_in(
        editor, mine, h_varfor="Första raden.\n\nAndra raden.\n\nTredje raden, ändrad.", h_sa_gor_vi="Vi ses."
    )
    assert met.status_code == 409
    assert "Allt gick ihop av sig självt" in met.text
    assert "Kim Kollega hann spara före dig" in met.text
    assert "<ins>, ändrad</ins>" in met.text
    saved = fill_in(editor, met)
    assert saved.status_code == 303
    body = get(app, "practices", "kartan").body
    for words in ("Första raden, ändrad.", "Tredje raden, ändrad.", "En karta.", "Vi ses."):
        assert words in body


@pytest.mark.usefixtures("kartan")
def test_the_same_change_by_both_is_saved_in_silence(app: Flask, editor: Browser, colleague: Browser) -> None:
    mine, theirs = opened(editor, 1), opened(colleague, 1)
    fill_in(colleague, theirs, unit="Nya enheten", summary="Kort.")
    answer = fill_in(editor, mine, unit="Nya enheten")
    assert answer.status_code == 303
    assert get(app, "practices", "kartan").front_matter.summary == "Kort."
    assert NOT_SAVED not in open_form(editor, EDIT).text


@pytest.mark.usefixtures("kartan")
def test_what_both_changed_is_shown_side_by_side_and_decided(app: Flask, editor: Browser, colleague: Browser) -> None:
    mine, theirs = opened(editor), opened(colleague)
    fill_in(colleague, theirs, h_sa_gor_vi="Vi träffas på torsdagar.")
    met = fill_in(editor, mine, h_sa_gor_vi="Vi träffas hos den sökande.")
    assert met.status_code == 409
    assert "Ett ställe behöver du titta på" in met.text
    assert "<ins> på torsdagar</ins>" in met.text
    assert "<ins> hos den sökande</ins>" in met.text
    assert "på torsdagar" in fields_of(met)["h_sa_gor_vi"]
    assert "hos den sökande" in fields_of(met)["h_sa_gor_vi"]
    fill_in(editor, met, h_sa_gor_vi="Vi träffas på torsdagar hos den sökande.")
    assert "Vi träffas på torsdagar hos den sökande." in get(app, "practices", "kartan").body
    assert NOT_SAVED not in open_form(editor, EDIT).text


@pytest.mark.usefixtures("kartan")
@pytest.mark.parametrize(
    ("side", "text"),
    [("mine", "Mitt."), ("theirs", "Deras."), ("both", "Deras.\nMitt.")],
    ids=["mine", "theirs", "both"],
)
def test_one_may_begin_again_from_either_text_or_both(
    editor: Browser, colleague: Browser, side: str, text: str
) -> None:
    mine, theirs = opened(editor), opened(colleague)
    fill_in(colleague, theirs, h_sa_gor_vi="Deras.")
    met = fill_in(editor, mine, h_sa_gor_vi="Mitt.")
    again = fill_in(editor, met, f"from {side} h_sa_gor_vi", h_sa_gor_vi="Något helt annat.")
    assert again.status_code == 409
    assert fields_of(again)["h_sa_gor_vi"] == text


@pytest.mark.usefixtures("kartan")
def test_a_choice_is_decided_between_two_words(app: Flask, editor: Browser, colleague: Browser) -> None:
    mine, theirs = opened(editor, 5), opened(colleague, 5)
    fill_in(colleague, theirs, visibility="network")
    met = fill_in(editor, mine, visibility="organisation")
    assert met.status_code == 409
    assert "Egna organisationen" in met.text
    assert "Nätverket" in met.text
    fill_in(editor, met, pick__visibility="theirs")
    assert str(get(app, "practices", "kartan").front_matter.visibility) == "network"


@pytest.mark.usefixtures("kartan")
def test_rows_that_two_added_are_both_kept(app: Flask, editor: Browser, colleague: Browser) -> None:
    mine, theirs = opened(editor, 4), opened(colleague, 4)
    for browser, page, amount in ((colleague, theirs, "20"), (editor, mine, "30")):
        page = fill_in(browser, page, "add costs")
        answer = fill_in(browser, page, costs__1__amount=amount)
    assert answer.status_code == 409
    assert fields_of(answer)["pick-costs"] == "both"
    assert fill_in(editor, answer).status_code == 303
    costs = get(app, "practices", "kartan").front_matter.costs  # type: ignore[attr-defined]
    assert [cost.amount.raw for cost in costs] == ["10", "20", "30"]


@pytest.mark.usefixtures("kartan")
def test_words_that_two_ticked_go_together(app: Flask, editor: Browser, colleague: Browser) -> None:
    mine, theirs = opened(editor, 1), opened(colleague, 1)
    fill_in(colleague, theirs, areas=["", "hemloshet", "aldre"])
    met = fill_in(editor, mine, areas=["", "arbetsmarknad"])
    assert "Allt gick ihop" in met.text
    fill_in(editor, met)
    assert [str(area) for area in get(app, "practices", "kartan").front_matter.areas] == ["arbetsmarknad", "aldre"]


@pytest.mark.usefixtures("kartan")
def test_a_second_conflict_in_a_row_is_met_like_the_first(app: Flask, editor: Browser, colleague: Browser) -> None:
    mine, theirs = opened(editor), opened(colleague)
    fill_in(colleague, theirs, h_sa_gor_vi="Deras första.")
    met = fill_in(editor, mine, h_sa_gor_vi="Mitt.")
    fill_in(colleague, opened(colleague), h_sa_gor_vi="Deras andra.", h_material="En karta.")
    again = fill_in(editor, met, h_sa_gor_vi="Mitt och deras första.")
    assert again.status_code == 409
    assert "andra" in again.text
    assert fill_in(editor, again, h_sa_gor_vi="Allas.").status_code == 303
    body = get(app, "practices", "kartan").body
    assert "Allas." in body
    assert "En karta." in body


@pytest.mark.usefixtures("kartan")
def test_a_conflict_can_wait(app: Flask, editor: Browser, colleague: Browser) -> None:
    mine, theirs = opened(editor), opened(colleague)
    fill_in(colleague, theirs, h_sa_gor_vi="Deras.")
    met = fill_in(editor, mine, h_sa_gor_vi="Mitt.")
    later = fill_in(editor, met, "later", h_sa_gor_vi="Halvvägs ihop.")
    assert later.location == "/arbetssatt/kartan"
    assert "Deras." in get(app, "practices", "kartan").body
    form = opened(editor)
    assert fields_of(form)["h_sa_gor_vi"] == "Halvvägs ihop."
    assert fill_in(editor, form).status_code == 409


@pytest.mark.usefixtures("kartan")
def test_a_working_copy_from_an_older_version_still_meets_the_conflict(editor: Browser, colleague: Browser) -> None:
    mine, theirs = opened(editor), opened(colleague)
    fill_in(editor, mine, "keep", h_sa_gor_vi="Mitt.")
    fill_in(colleague, theirs, h_sa_gor_vi="Deras.")
    assert fill_in(editor, opened(editor)).status_code == 409


@pytest.mark.usefixtures("kartan")
def test_a_change_to_a_page_that_was_moved_arrives(app: Flask, editor: Browser, colleague: Browser) -> None:
    mine = opened(editor)
    moved = made(fill_in(colleague, open_form(colleague, "/arbetssatt/kartan/flytta"), address="kartlaggning"))
    met = fill_in(editor, mine, h_sa_gor_vi="Mitt.")
    assert met.status_code in (303, 409)
    if met.status_code == 409:
        met = fill_in(editor, met)
    assert made(met) == moved
    saved = get(app, "practices", moved)
    assert "Mitt." in saved.body
    assert saved.front_matter.former_slugs == ["kartan"]


@pytest.mark.usefixtures("kartan")
def test_a_change_to_a_page_that_was_deleted_becomes_a_draft_of_a_new_one(
    app: Flask, editor: Browser, colleague: Browser, outsider: Browser
) -> None:
    mine = opened(editor)
    fill_in(colleague, open_form(colleague, "/arbetssatt/kartan/ta-bort"))
    met = fill_in(editor, mine, h_sa_gor_vi="Mitt.")
    assert met.status_code == 409
    assert "Ingen text är borta" in met.text
    theirs_too = fields_of(mine)
    del theirs_too["csrf_token"]
    assert outsider.post(EDIT, data=theirs_too).status_code == 403
    address = met.text.partition('href="/arbetssatt/nytt?utkast=')[2].partition('"')[0]
    form = open_form(editor, f"/arbetssatt/nytt?utkast={address}&steg=2")
    assert fields_of(form, "skriv")["h_sa_gor_vi"] == "Mitt."
    assert fill_in(editor, form).status_code == 303


@pytest.mark.usefixtures("kartan")
def test_a_version_that_history_does_not_know_overwrites_nothing(app: Flask, editor: Browser) -> None:
    fields = fields_of(opened(editor))
    fields["_version"] = "0" * 64
    fields["h_sa_gor_vi"] = "Mitt."
    met = editor.post(EDIT, data=fields)
    assert met.status_code == 409
    assert "Vi träffas." in get(app, "practices", "kartan").body
    assert fill_in(editor, met, h_sa_gor_vi="Båda.").status_code == 303
