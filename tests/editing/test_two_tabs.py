"""One person writes in the same form in two tabs: neither takes the other's text away, and both can be chosen."""

from __future__ import annotations

import re

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.editing import drafts, numbers
from tests.cast import Browser
from tests.editing.writing import fields_of, open_form
from tests.house import House

EDIT = "/arbetssatt/kartan/andra"
KEEP = f"{EDIT}/utkast"
ANOTHER_TAB = "i en annan flik också"
FIRST, SECOND = "Det jag skrev i den första.", "Det jag skrev i den andra."


@pytest.fixture(autouse=True)
def kartan(house: House) -> None:
    house.write("practices", "kartan", unit="Enheten", publication="draft")
    house.look()


class Tab:
    """A form that stands open: what is typed in it, and where it is sent."""

    def __init__(self, browser: Browser, address: str = EDIT) -> None:
        self.browser, self.address = browser, address.partition("?")[0]
        self.fields: MultiDict[str, str] = fields_of(open_form(browser, address), "skriv")

    def types(self, **typed: str) -> TestResponse:
        """Type, and let what is typed be kept."""
        for name, text in typed.items():
            self.fields[name] = text
        return self.browser.post(f"{self.address}/utkast", data=self.fields)

    def presses(self, button: str) -> TestResponse:
        return self.browser.post(self.address, data=MultiDict([*self.fields.items(multi=True), ("_do", button)]))


def both_texts(editor: Browser) -> str:
    """Two tabs have written the same field; returns where both are shown."""
    one, other = Tab(editor), Tab(editor)
    assert ANOTHER_TAB not in one.types(summary=FIRST).text
    told = other.types(summary=SECOND).text
    assert ANOTHER_TAB in told
    found = re.search(r'href="([^"]+/flikar)"', told)
    assert found
    return found[1]


def summary_in(editor: Browser, address: str = EDIT) -> str:
    return Tab(editor, address).fields["summary"]


def test_what_both_typed_is_kept_and_shown(editor: Browser) -> None:
    text = editor.get(both_texts(editor)).text
    assert "Ingen text är borta" in text
    assert FIRST in text
    assert SECOND in text
    assert summary_in(editor) == FIRST, "the other's place is not taken"


@pytest.mark.parametrize(("choice", "left"), [("mine", SECOND), ("other", FIRST)])
def test_one_of_them_is_gone_on_with(editor: Browser, choice: str, left: str) -> None:
    address = both_texts(editor)
    answer = editor.post(address, data={"_do": choice})
    assert (answer.status_code, answer.location) == (303, EDIT)
    assert summary_in(editor) == left
    assert "två flikar" not in editor.get(EDIT).text
    again = editor.get(address)
    assert again.status_code == 303, "it is chosen already"


def test_both_are_gone_on_with(editor: Browser) -> None:
    answer = editor.post(both_texts(editor), data={"_do": "both"})
    assert answer.status_code == 303
    assert FIRST in summary_in(editor)
    assert SECOND in summary_in(editor)


def test_the_tab_that_is_parked_goes_on_being_kept_and_the_other_does_too(editor: Browser) -> None:
    one, other = Tab(editor), Tab(editor)
    one.types(summary=FIRST)
    other.types(summary=SECOND)
    assert ANOTHER_TAB not in one.types(summary=f"{FIRST} Och mer.").text
    assert ANOTHER_TAB in other.types(summary=f"{SECOND} Och mer.").text
    account = editor.get("/mitt-konto").text
    assert account.count("/flikar") == 1, "one text for each tab, however long one types"
    text = editor.get(re.findall(r'href="([^"]+/flikar)"', account)[0]).text
    assert f"{FIRST} Och mer." in text
    assert f"{SECOND} Och mer." in text


@pytest.mark.parametrize("button", ["save", "publish", "next", "keep", "step 2"])
def test_without_scripts_both_are_shown_before_anything_is_saved(editor: Browser, button: str) -> None:
    one, other = Tab(editor), Tab(editor)
    one.fields["summary"], other.fields["summary"] = FIRST, SECOND
    assert one.presses("keep").status_code == 303
    answer = other.presses(button)
    assert (answer.status_code, answer.location.endswith("/flikar")) == (303, True)
    assert "Enheten" in editor.get("/arbetssatt/kartan").text
    assert FIRST not in editor.get("/arbetssatt/kartan").text
    assert SECOND in editor.get(answer.location).text


def test_tabs_on_different_steps_do_not_get_in_each_others_way(editor: Browser) -> None:
    one, other = Tab(editor), Tab(editor, f"{EDIT}?steg=3")
    name = next(name for name in other.fields if not name.startswith("_") and name != "csrf_token")
    for number in range(3):
        assert ANOTHER_TAB not in one.types(summary=f"{FIRST} {number}").text
        assert ANOTHER_TAB not in other.types(**{name: f"{SECOND} {number}"}).text
    assert summary_in(editor) == f"{FIRST} 2"
    assert Tab(editor, f"{EDIT}?steg=3").fields[name] == f"{SECOND} 2"


def test_a_tab_in_which_nothing_was_typed_takes_nothing_away(editor: Browser) -> None:
    one, idle = Tab(editor), Tab(editor)
    one.types(summary=FIRST)
    assert ANOTHER_TAB not in idle.types().text
    assert idle.presses("next").location.startswith(EDIT)
    assert summary_in(editor) == FIRST
    assert idle.presses("save").location == "/arbetssatt/kartan"
    assert FIRST not in editor.get("/arbetssatt/kartan").text, "what it does not show is not saved by it"
    assert summary_in(editor) == FIRST


def test_going_back_and_on_in_one_tab_is_no_second_tab(editor: Browser) -> None:
    tab = Tab(editor)
    tab.types(summary=FIRST)
    tab.fields["summary"] = SECOND
    answer = tab.presses("next")
    assert "/flikar" not in answer.location
    assert ANOTHER_TAB not in tab.types(summary=f"{SECOND} Igen.").text, "a page that the browser had kept"
    assert Tab(editor).types(summary="Tredje.").status_code == 200
    assert summary_in(editor) == "Tredje."


def test_a_text_beside_one_that_was_saved_is_kept_too(editor: Browser) -> None:
    one, other = Tab(editor), Tab(editor)
    one.types(summary=FIRST)
    other.types(summary=SECOND)
    assert one.presses("save").status_code == 303
    account = editor.get("/mitt-konto").text
    [address] = re.findall(r'href="([^"]+/flikar)"', account)
    text = editor.get(address).text
    assert "Det som är sparat" in text
    editor.post(address, data={"_do": "mine"})
    assert summary_in(editor) == SECOND


def test_a_new_page_in_two_tabs(editor: Browser) -> None:
    tab = Tab(editor, "/arbetssatt/nytt")
    where = tab.presses("keep").location
    assert "utkast=" in where
    one, other = Tab(editor, where), Tab(editor, where)
    one.types(title="Ny", summary=FIRST)
    told = other.types(title="Ny", summary=SECOND).text
    assert ANOTHER_TAB in told
    [address] = re.findall(r'href="([^"]+/flikar)"', told)
    answer = editor.post(address, data={"_do": "mine"})
    assert summary_in(editor, answer.location) == SECOND


def test_another_persons_text_does_not_exist(editor: Browser, colleague: Browser, anyone: Browser) -> None:
    address = both_texts(editor)
    missing = re.sub("[0-9a-f]{16}/flikar", "0" * 16 + "/flikar", address)
    assert missing != address
    for answer, like in (
        (colleague.get(address), colleague.get(missing)),
        (colleague.post(address, data={"_do": "mine"}), colleague.post(missing, data={"_do": "mine"})),
    ):
        assert (answer.status_code, answer.location) == (like.status_code, like.location) == (303, "/mitt-konto")
    assert anyone.get(address).status_code == 401
    assert anyone.post(address, data={"_do": "mine"}).status_code == 401
    assert SECOND in editor.get(address).text


def test_throwing_the_second_away_leaves_the_first(editor: Browser) -> None:
    one, other = Tab(editor), Tab(editor)
    one.types(summary=FIRST)
    other.types(summary=SECOND)
    assert other.presses("discard").status_code == 303
    assert summary_in(editor) == FIRST
    assert "/flikar" not in editor.get("/mitt-konto").text


def test_two_that_are_kept_in_the_same_moment_are_both_kept(editor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the other tab keeps between this one's reading and its writing is not overwritten."""
    one, other = Tab(editor), Tab(editor)
    numbers_of, late = numbers.stopping, iter([one])

    def meanwhile(draft: drafts.Draft) -> object:
        for tab in late:
            tab.types(summary=FIRST)
        return numbers_of(draft)

    monkeypatch.setattr(numbers, "stopping", meanwhile)
    assert ANOTHER_TAB in other.types(summary=SECOND).text
    monkeypatch.undo()
    assert summary_in(editor) == FIRST
    [address] = re.findall(r'href="([^"]+/flikar)"', editor.get("/mitt-konto").text)
    assert SECOND in editor.get(address).text
