"""A prediction is locked when do starts: how the pages tell it, and what becomes of what is written afterwards."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import larnat
from app.config import Settings
from app.database import now
from app.history import revisions_of
from app.library.fields import PartialDate
from app.web.text import in_sweden
from tests.cast import Browser
from tests.editing.writing import fields_of, fill_in, open_form
from tests.house import House
from tests.kinds.predicting import EDIT, PAGE, SLUG, TEXT, Ramp
from tests.kinds.pressing import buttons_on, followed, press
from tests.seeing import see

LATER = "Nej, vi tror att åtta av tio kommer i tid."
PUT_BACK = "Lägg tillbaka det som låstes i filen"
DIFFERS = "Förutsägelsen i filen är inte den som låstes"


def today() -> str:
    return str(PartialDate.of(in_sweden(now()).date()))


@pytest.fixture
def ramp(house: House) -> Ramp:
    ramp = Ramp(house)
    ramp.write()
    house.look()
    return ramp


def test_the_prediction_is_locked_and_dated_when_do_starts(ramp: Ramp, editor: Browser) -> None:
    page = see(editor.get(PAGE))
    assert "Då låses förutsägelsen med dagens datum" in page.words
    assert not ramp.locked_text()
    ramp.begin(editor)
    assert f"{TEXT} I tid: minst 6 Låst {today()}." in ramp.says(editor)
    lock, told = ramp.lock, ramp.cycle.locked
    assert lock
    assert told
    assert (lock.mark, lock.since) == (told.mark, told.since.raw if told.since else "")


def test_a_form_that_says_that_do_has_started_locks_what_it_predicts(ramp: Ramp, editor: Browser) -> None:
    saved = fill_in(editor, open_form(editor, f"{EDIT}?steg=2"), started="2026-11-02")
    assert saved.status_code == 303
    assert ramp.lock
    assert f"Låst {today()}, efter att genomförandet började 2 november 2026." in ramp.says(editor)


def test_the_form_of_a_locked_prediction_has_no_boxes_for_it_and_one_for_additions(ramp: Ramp, editor: Browser) -> None:
    before = open_form(editor, EDIT)
    assert "prediction-text" in fields_of(before, "skriv")
    assert "Tillägg till förutsägelsen" not in before.text
    ramp.begin(editor)
    form = open_form(editor, EDIT)
    assert not [name for name in fields_of(form, "skriv") if name.startswith("prediction")]
    assert f"Förutsägelse Låst {today()}. Den ändras inte." in see(form).words
    assert "Tillägg till förutsägelsen" in form.text
    saved = fill_in(editor, form, do="save", additions__0__text="Vi räknade fel på veckorna.")
    assert saved.status_code == 303
    assert f"Tillägg {today()} Vi räknade fel på veckorna." in ramp.says(editor)
    assert ramp.cycle.prediction.text == TEXT
    again = fill_in(editor, open_form(editor, EDIT), do="save", question="Hinner vi?")
    assert again.status_code == 303
    assert [str(one.date) for one in ramp.cycle.additions] == [today()], "and what was added keeps its day"


def test_a_status_that_moves_back_does_not_open_the_lock(ramp: Ramp, editor: Browser) -> None:
    ramp.begin(editor)
    followed(editor, press(editor, PAGE, "Ändra läget", other="planned"))
    assert ramp.cycle.status == "planned"
    assert not [name for name in fields_of(open_form(editor, EDIT), "skriv") if name.startswith("prediction")]
    assert f"Låst {today()}." in ramp.says(editor)


def test_what_was_typed_in_a_form_from_before_the_lock_comes_back_as_an_addition(ramp: Ramp, editor: Browser) -> None:
    form = open_form(editor, EDIT)
    ramp.begin(editor)
    answer = fill_in(editor, form, prediction__text=LATER, prediction__value="8")
    assert answer.status_code == 409
    assert "Förutsägelsen är låst sedan ni började genomföra" in see(answer).words
    assert fields_of(answer, "skriv")["additions-0-text"] == f"{LATER}\n\nVärde: 8"
    assert ramp.cycle.prediction.text == TEXT
    assert not ramp.cycle.additions, "nothing is saved before its author has seen it"
    merged = fill_in(editor, answer)
    # The form was opened before somebody pressed the button: both changes are put together on a page of its own.
    saved = fill_in(editor, merged) if merged.status_code == 409 else merged
    assert saved.status_code == 303
    assert [one.text for one in ramp.cycle.additions] == [f"{LATER}\n\nVärde: 8"]
    assert ramp.locked_text() == ramp.cycle.prediction.text == TEXT


def test_a_half_written_change_from_before_the_lock_is_met_again_as_an_addition(ramp: Ramp, editor: Browser) -> None:
    typed = fields_of(open_form(editor, EDIT), "skriv")
    typed["prediction-text"] = LATER
    assert editor.post(f"{EDIT}/utkast", data=typed).status_code == 200
    ramp.begin(editor)
    # Another form of the same person, at another step, does not take it away.
    other = open_form(editor, f"{EDIT}?steg=3")
    assert fill_in(editor, other, do="keep").status_code == 303
    form = open_form(editor, EDIT)
    assert fields_of(form, "skriv")["additions-0-text"] == LATER
    kept = editor.post(f"{EDIT}/utkast", data=fields_of(form, "skriv"))
    assert "två flikar" not in kept.text
    assert fields_of(open_form(editor, EDIT), "skriv").getlist("additions-0-text") == [LATER]
    assert "additions-1-text" not in fields_of(open_form(editor, EDIT), "skriv"), "and only once"


def test_two_who_wrote_before_the_lock_do_not_cross_it_by_putting_their_texts_together(
    ramp: Ramp, editor: Browser, colleague: Browser
) -> None:
    form = open_form(editor, EDIT)
    fill_in(colleague, open_form(colleague, EDIT), prediction__text="Vi tror att sju kommer.", question="Hinner vi?")
    ramp.begin(colleague)
    answer = fill_in(editor, form, prediction__text=LATER, question="Kommer de?")
    for _ in range(3):
        if answer.status_code != 409:
            break
        answer = fill_in(editor, answer)
    assert answer.status_code == 303
    assert ramp.cycle.prediction.text == ramp.locked_text() == "Vi tror att sju kommer."
    assert [one.text for one in ramp.cycle.additions] == [LATER]


def test_an_earlier_version_is_restored_around_the_lock(ramp: Ramp, editor: Browser) -> None:
    fill_in(editor, open_form(editor, EDIT), prediction__text="Den andra gissningen.", question="Andra frågan?")
    ramp.begin(editor)
    fill_in(editor, open_form(editor, EDIT), additions__0__text="Tillägget.")
    number = min(_revisions(ramp))
    page = editor.get(f"{PAGE}/historik/{number}")
    answer = press(editor, page, "Gå tillbaka till den här versionen")
    restored = followed(editor, answer)
    assert "Förutsägelsen är låst, så den och tilläggen står kvar som de var." in restored.text
    assert ramp.cycle.question == "", "the rest is as it was then"
    assert ramp.cycle.status == "planned"
    assert ramp.cycle.prediction.text == "Den andra gissningen."
    assert [one.text for one in ramp.cycle.additions] == ["Tillägget."]
    assert f"Låst {today()}." in ramp.says(editor)


def _revisions(ramp: Ramp) -> list[int]:
    with ramp.house.app.extensions["databases"].kept_for_reading() as session:
        return [entry.number for entry in revisions_of(session, ramp.document.id)]


def test_a_cycle_that_is_deleted_and_comes_back_is_locked_as_it_was(ramp: Ramp, editor: Browser) -> None:
    ramp.begin(editor)
    asked = open_form(editor, f"{PAGE}/ta-bort")
    gone = editor.post(f"{PAGE}/ta-bort", data=fields_of(asked))
    assert gone.status_code == 303
    bin_page = editor.get("/papperskorg")
    followed(editor, press(editor, bin_page, "Hämta tillbaka Remiss"))
    assert f"{TEXT} I tid: minst 6 Låst {today()}." in ramp.says(editor)
    assert ramp.lock


def test_an_edit_of_the_file_is_flagged_and_the_page_shows_what_was_locked(
    ramp: Ramp, editor: Browser, anyone: Browser, outsider: Browser
) -> None:
    ramp.begin(editor)
    ramp.edit_outside((TEXT, LATER), ("value: '6'", "value: '8'"))
    words = ramp.says(editor)
    assert DIFFERS in words
    assert f"{TEXT} I tid: minst 6 Låst {today()}." in words
    assert f"I filen står nu: ”{LATER}” I tid minst 8." in words
    assert DIFFERS in ramp.says(anyone)
    assert LATER not in ramp.says(anyone)
    assert buttons_on(editor.get(PAGE)).count(PUT_BACK) == 1
    assert PUT_BACK not in buttons_on(anyone.get(PAGE))
    mending = see(editor.get("/problem"))
    assert f"förutsägelsen är låst {today()}, men filen säger något annat" in mending.words
    assert mending.links[f"Öppna sidan {ramp.document.path}"] == PAGE
    assert "förutsägelsen" not in see(outsider.get("/problem")).words
    # Something else can be changed meanwhile, and does not touch it.
    assert fill_in(editor, open_form(editor, EDIT), question="Hinner vi?").status_code == 303
    assert ramp.locked_text() == TEXT
    followed(editor, press(editor, PAGE, PUT_BACK))
    assert ramp.cycle.prediction.text == TEXT
    assert DIFFERS not in ramp.says(editor)
    assert "förutsägelsen är låst" not in see(editor.get("/problem")).words
    assert anyone.post(f"{PAGE}/forutsagelsen").status_code == 401
    assert outsider.post(f"{PAGE}/forutsagelsen").status_code == 403
    again = editor.post(f"{PAGE}/forutsagelsen")
    assert again.status_code == 422
    assert "Filen säger redan det som låstes." in again.text


@pytest.mark.parametrize(
    "changes",
    [
        [("status: doing", "status: planned"), (TEXT, LATER)],
        [("id: ", "identitet: "), (TEXT, LATER)],
        [("locked:", "nagot:"), (TEXT, LATER), ("started:", "borjade:"), ("status: doing", "status: planned")],
    ],
)
def test_no_edit_of_the_file_replaces_what_is_locked(
    ramp: Ramp, editor: Browser, changes: list[tuple[str, str]]
) -> None:
    ramp.begin(editor)
    ramp.edit_outside(*changes)
    assert ramp.locked_text() == TEXT
    assert TEXT in ramp.says(editor)
    assert DIFFERS in ramp.says(editor)
    ramp.house.app.extensions["archive"].rebuild()
    assert TEXT in ramp.says(editor)


def test_an_edit_of_the_file_that_starts_do_locks_what_it_says_on_that_day(ramp: Ramp, editor: Browser) -> None:
    ramp.edit_outside(("prediction:", "status: doing\nprediction:"), (TEXT, LATER))
    assert f"{LATER} I tid: minst 6 Låst {today()}." in ramp.says(editor)
    assert ramp.cycle.locked is None, "nobody's file is written in behind their back"
    fill_in(editor, open_form(editor, EDIT), question="Hinner vi?")
    assert ramp.cycle.locked, "and the next save writes it down"


def test_a_cycle_that_comes_under_way_is_locked_at_first_sight(house: House, editor: Browser) -> None:
    ramp = Ramp(house)
    ramp.write(status="doing", started="2026-10-05")
    house.look()
    assert f"{TEXT} I tid: minst 6 Låst, datum framgår inte." in ramp.says(editor)
    ramp.edit_outside((TEXT, LATER))
    assert DIFFERS in ramp.says(editor)
    assert TEXT in ramp.says(editor)


def test_what_comes_with_a_mark_of_another_text_is_flagged_and_shown_as_not_known(
    house: House, editor: Browser
) -> None:
    ramp = Ramp(house)
    ramp.write(status="doing", locked={"since": "2026-10-05", "mark": "abcdefghijklmnopabcdefgh"})
    house.look()
    words = ramp.says(editor)
    assert "Det som låstes finns inte kvar här" in words
    assert PUT_BACK not in buttons_on(editor.get(PAGE))
    assert TEXT not in see(house.app.test_client().get(PAGE)).words


def test_larnat_check_fails_where_a_file_says_something_else_than_what_was_locked(
    ramp: Ramp, editor: Browser, settings: Settings
) -> None:
    ramp.begin(editor)
    assert _check(settings) == ""
    ramp.edit_outside((TEXT, LATER))
    assert "är låst" in _check(settings)
    # Without history, by the file's own mark.
    for one in settings.var.glob("kept.db*"):
        one.unlink()
    assert "är låst" in _check(settings)


def test_history_gives_away_a_file_whose_mark_was_changed_as_well(
    ramp: Ramp, editor: Browser, settings: Settings
) -> None:
    ramp.begin(editor)
    told = ramp.cycle.locked
    assert told
    ramp.edit_outside((TEXT, LATER), (told.mark, ""))
    assert "är låst" in _check(settings)


def _check(settings: Settings) -> str:
    answer = CliRunner().invoke(larnat, ["check"], obj=settings)
    assert (answer.exit_code == 1) == ("är låst" in answer.output), answer.output
    return answer.stdout


def test_an_export_says_what_was_locked(ramp: Ramp, editor: Browser, settings: Settings, tmp_path: Path) -> None:
    ramp.begin(editor)
    ramp.edit_outside((TEXT, LATER))
    for form in ("markdown", "json"):
        taken = editor.get(f"/hamta/{form}").data
        CliRunner().invoke(larnat, ["export", str(tmp_path / form), "--format", form], obj=settings)
        for content in (taken, (tmp_path / form).read_bytes()):
            told = _text_in(content) if form == "markdown" else content.decode()
            assert TEXT in told
            assert LATER not in told


def _text_in(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(f"improvement_cycles/{SLUG}.md").decode()


def test_a_cycle_without_a_prediction_is_locked_without_one(house: House, editor: Browser) -> None:
    ramp = Ramp(house)
    ramp.write(status="doing", prediction={})
    house.look()
    form = open_form(editor, EDIT)
    assert "Ingen förutsägelse var skriven när den låstes." in form.text
    fill_in(editor, form, additions__0__text="Vi trodde nog att det skulle gå.")
    words = ramp.says(editor)
    assert f"Ingen förutsägelse är skriven Tillägg {today()} Vi trodde nog att det skulle gå." in words
