"""What time, crashes, moves and files from elsewhere do to a locked prediction: nothing that is not told of.

The routes and the ways of saving are tried in ``test_ways_to_a_prediction``; here is what happens around them.
"""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from app import create_app
from app.config import Settings
from app.history import revisions_of
from app.history.locks import lock_of
from app.keeping.backup import backup
from app.keeping.restore import restore
from app.library import front_matter
from app.publishing import Archive, Author, Change, FileChange, placing
from app.publishing.locks import as_locked, kept_of
from tests.cast import ADMIN, Browser, browser
from tests.editing.writing import fields_of, fill_in, made, open_form
from tests.house import House
from tests.kinds.predicting import EDIT, GUESS, PAGE, SLUG, TEXT, Ramp
from tests.kinds.pressing import followed, press
from tests.seeing import see

OTHER = "Vi trodde hela tiden att nio av tio skulle komma i tid."
DIFFERS = "Förutsägelsen i filen är inte den som låstes"
LOCKED = re.compile(rf"{re.escape(TEXT)} I tid: minst 6 .{{0,80}}Låst \d+ \w+ \d{{4}}")
EVA = Author("eva", "Eva Editor", "sodertalje")


@pytest.fixture
def planned(house: House) -> Ramp:
    ramp = Ramp(house)
    ramp.write()
    house.look()
    return ramp


@pytest.fixture
def ramp(planned: Ramp, editor: Browser) -> Ramp:
    """A cycle that is under way."""
    planned.begin(editor)
    return planned


def says(browser: Browser, slug: str = SLUG) -> str:
    return see(browser.get(f"/cykler/{slug}")).words


def shows_what_was_locked(browser: Browser, slug: str = SLUG, *, flagged: bool = False) -> bool:
    """Whether a page tells the locked prediction, and tells of another one in the file if there is one."""
    words = says(browser, slug)
    return bool(LOCKED.search(words)) and (DIFFERS in words) == flagged and OTHER not in words


def told_of(ramp: Ramp) -> int:
    """How many files are listed as saying something else than what was locked."""
    return see(browser(ramp.house.app, ADMIN).get("/problem")).words.count("men filen säger något annat")


def another(text: str, **more: Any) -> str:
    """The text of a cycle that predicts something else and says that nothing is locked."""
    said = {"status": "planned", "started": None, "locked": None, "prediction": {**GUESS, "text": OTHER}, **more}
    return front_matter.rewrite(text, said)


# ---- Two tabs, and what was half written before ----


def test_two_tabs_from_before_the_lock_do_not_cross_it(planned: Ramp, editor: Browser, anyone: Browser) -> None:
    one, other = (fields_of(open_form(editor, EDIT), "skriv") for _ in range(2))
    one["question"] = "Hinner vi?"
    assert editor.post(EDIT, data=_with(one, "save")).status_code == 303
    planned.begin(editor)
    other["prediction-text"] = OTHER
    for _ in range(4):
        answer = editor.post(EDIT, data=_with(other, "save"))
        assert planned.cycle.prediction.text == TEXT
        if answer.status_code == 303:
            break
        assert answer.status_code == 409
        other = fields_of(answer, "skriv") or fields_of(answer)
        assert OTHER in list(other.values()), "what was typed stands in the answer"
    assert [one.text for one in planned.cycle.additions] == [OTHER]
    assert shows_prediction_first(anyone)


def _with(fields: MultiDict[str, str], button: str) -> MultiDict[str, str]:
    return MultiDict([*[(name, value) for name, value in fields.items(multi=True) if name != "_do"], ("_do", button)])


def shows_prediction_first(browser: Browser) -> bool:
    words = says(browser)
    return bool(LOCKED.search(words)) and words.index(TEXT) < words.index(OTHER)


def test_a_text_that_was_parked_in_another_tab_comes_back_as_an_addition(planned: Ramp, editor: Browser) -> None:
    one, other = (fields_of(open_form(editor, EDIT), "skriv") for _ in range(2))
    one["prediction-text"], other["prediction-text"] = "Vi tror att sju kommer i tid.", OTHER
    keep = f"{EDIT}/utkast"
    assert editor.post(keep, data=one).status_code == 200
    parked = re.search(r'href="([^"]+/flikar)"', editor.post(keep, data=other).text)
    assert parked
    planned.begin(editor)
    assert editor.post(parked[1], data={"_do": "mine"}).status_code == 303
    form = open_form(editor, EDIT)
    assert not [name for name in fields_of(form, "skriv") if name.startswith("prediction-text")]
    assert planned.cycle.prediction.text == planned.locked_text() == TEXT
    assert OTHER in form.text


# ---- Crashes ----


class Killed(BaseException):
    """The process is no more."""


def _before_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_given: Any) -> None:
        raise Killed

    monkeypatch.setattr(placing, "place", killed)


def _after_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_given: Any) -> None:
        raise Killed

    monkeypatch.setattr(Archive, "_done", killed)


@pytest.mark.parametrize("cut_off", [_before_the_files, _after_the_files])
def test_a_save_that_locks_and_is_cut_off_locks_the_same_when_it_is_finished(
    planned: Ramp, editor: Browser, anyone: Browser, monkeypatch: pytest.MonkeyPatch, cut_off: Callable[..., None]
) -> None:
    page = editor.get(PAGE)
    cut_off(monkeypatch)
    with pytest.raises(Killed):
        press(editor, page, "Börja genomföra")
    monkeypatch.undo()
    # A form from before comes first to the restarted house.
    form = {"prediction-text": OTHER, "_version": planned.document.version, "_do": "save", "_step": "1"}
    assert editor.post(EDIT, data=form).status_code in (409, 422)
    planned.house.app.extensions["archive"].settle()
    assert planned.cycle.status == "doing"
    assert planned.lock
    assert planned.cycle.locked
    assert (planned.cycle.locked.mark, planned.cycle.prediction.text) == (planned.lock.mark, TEXT)
    # The button is pressed once more, as one does after an error: the same form, the same words.
    assert press(editor, page, "Börja genomföra").status_code in (303, 422)
    planned.house.look()
    assert shows_what_was_locked(anyone)


@pytest.mark.parametrize("cut_off", [_before_the_files, _after_the_files])
def test_a_save_of_another_prediction_that_was_cut_off_before_the_lock_is_settled_before_it(
    planned: Ramp, editor: Browser, monkeypatch: pytest.MonkeyPatch, cut_off: Callable[..., None]
) -> None:
    document, archive = planned.document, planned.house.app.extensions["archive"]
    text = front_matter.rewrite(document.text, {"prediction": {**GUESS, "text": OTHER}})
    cut_off(monkeypatch)
    with pytest.raises(Killed):
        archive.publish(Change([FileChange(document.path, text, document.version)], EVA, "Ändrade", ""))
    monkeypatch.undo()
    page = editor.get(PAGE)
    followed(editor, press(editor, page, "Börja genomföra"))
    assert planned.locked_text() == planned.cycle.prediction.text == OTHER, "it was saved first, and is not replayed"
    archive.settle()
    assert planned.locked_text() == planned.cycle.prediction.text == OTHER
    assert planned.lock
    assert not planned.lock.differs


def test_a_cut_off_save_does_not_put_back_what_was_edited_outside_meanwhile(
    ramp: Ramp, editor: Browser, anyone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, archive = ramp.document, ramp.house.app.extensions["archive"]
    text = front_matter.rewrite(document.text, {"question": "Hinner vi?"})
    _before_the_files(monkeypatch)
    with pytest.raises(Killed):
        archive.publish(Change([FileChange(document.path, text, document.version)], EVA, "Ändrade", ""))
    monkeypatch.undo()
    ramp.file.write_text(another(document.text), encoding="utf-8")
    archive.settle()
    ramp.house.look()
    assert ramp.locked_text() == TEXT
    assert shows_what_was_locked(anyone, flagged=True)
    assert told_of(ramp) == 1


def test_what_was_locked_by_a_save_that_was_cut_off_is_locked_whatever_the_file_says_then(
    planned: Ramp, editor: Browser, anyone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = editor.get(PAGE)
    _after_the_files(monkeypatch)
    with pytest.raises(Killed):
        press(editor, page, "Börja genomföra")
    monkeypatch.undo()
    planned.file.write_text(another(planned.file.read_text(encoding="utf-8")), encoding="utf-8")
    planned.house.app.extensions["archive"].settle()
    planned.house.look()
    assert planned.locked_text() == TEXT
    assert shows_what_was_locked(anyone, flagged=True)


# ---- Moves, and what the page is to its readers ----


def test_a_lock_follows_a_cycle_and_a_project_that_get_other_addresses(
    ramp: Ramp, editor: Browser, anyone: Browser
) -> None:
    mark = ramp.lock.mark if ramp.lock else ""
    document_id = ramp.document.id
    moved = made(fill_in(editor, open_form(editor, f"{PAGE}/flytta"), address="en annan"))
    assert shows_what_was_locked(anyone, moved)
    fill_in(editor, open_form(editor, "/utvecklingsarbeten/mote/flytta"), address="nya namnet")
    page = anyone.get(PAGE, follow_redirects=True)
    assert LOCKED.search(see(page).words), "also by its first address"
    with ramp.house.app.extensions["databases"].kept_for_reading() as session:
        lock = lock_of(session, document_id)
    assert lock
    assert lock.mark == mark


def test_a_file_that_is_moved_to_another_project_outside_keeps_its_lock(
    ramp: Ramp, editor: Browser, anyone: Browser
) -> None:
    ramp.house.write("projects", "annat", title="Ett annat")
    there = ramp.house.home / "improvement_cycles/annat/04-remiss.md"
    ramp.file.rename(there)
    ramp.house.look()
    assert shows_what_was_locked(anyone, "annat/04-remiss")
    there.write_text(another(there.read_text(encoding="utf-8")), encoding="utf-8")
    ramp.house.look()
    assert shows_what_was_locked(anyone, "annat/04-remiss", flagged=True)
    assert told_of(ramp) == 1


def test_archiving_and_publishing_again_does_not_open_a_lock(ramp: Ramp, editor: Browser, anyone: Browser) -> None:
    for publication, button in (("archived", "save sure"), ("draft", "save sure"), ("published", "publish sure")):
        form = open_form(editor, f"{EDIT}?steg=6")
        answer = fill_in(editor, form, do=button, publication=publication)
        assert (answer.status_code, str(ramp.cycle.publication)) == (303, publication)
        assert not [name for name in fields_of(open_form(editor, EDIT), "skriv") if name.startswith("prediction")]
    assert shows_what_was_locked(anyone)


def test_the_days_of_do_can_be_mended_and_the_lock_stays(ramp: Ramp, editor: Browser, anyone: Browser) -> None:
    lock = ramp.lock
    for started in ("2020-01-01", "", "2031-01-01"):
        assert fill_in(editor, open_form(editor, f"{EDIT}?steg=2"), do="save", started=started).status_code == 303
        assert fill_in(editor, open_form(editor, f"{EDIT}?steg=4"), do="save", status="planned").status_code == 303
        assert ramp.lock == lock
        assert shows_what_was_locked(anyone), started
    assert fill_in(editor, open_form(editor, f"{EDIT}?steg=2"), do="save", started="2020-01-01").status_code == 303
    assert "efter att genomförandet började 1 januari 2020" in says(anyone)


# ---- Deleting, and making anew ----


def test_another_cycle_at_the_same_address_has_a_lock_of_its_own(ramp: Ramp, editor: Browser, anyone: Browser) -> None:
    document, archive = ramp.document, ramp.house.app.extensions["archive"]
    archive.publish(Change([FileChange(document.path, None, document.version)], EVA, "Tog bort", "", "delete"))
    new_id = str(uuid.uuid4())
    text = another(document.text, id=new_id)
    archive.publish(Change([FileChange(document.path, text, None)], EVA, "Ny", ""))
    assert OTHER in says(anyone)
    assert DIFFERS not in says(anyone)
    with ramp.house.app.extensions["databases"].kept_for_reading() as session:
        assert lock_of(session, new_id) is None
        first = lock_of(session, document.id)
        newest = revisions_of(session, document.id)[0]
    assert first
    # What was deleted comes back as it was, or not at all: never with the words of the other.
    try:
        archive.undo_deletion(newest.number, EVA)
    except Exception:
        assert ramp.document.id == new_id
    else:
        found = [one for one in _cycles(ramp) if one.id == document.id]
        assert [one.front_matter.prediction.text for one in found] == [TEXT]


def _cycles(ramp: Ramp) -> list[Any]:
    library = ramp.house.app.extensions["library"]
    return [library.read(file.path) for file in library.files() if library.kind_of(file.path).name == "cycles"]


def test_a_deletion_that_is_undone_twice_brings_back_what_was_locked(
    ramp: Ramp, editor: Browser, anyone: Browser
) -> None:
    for _ in range(2):
        gone = editor.post(f"{PAGE}/ta-bort", data=fields_of(open_form(editor, f"{PAGE}/ta-bort")))
        assert gone.status_code == 303
        followed(editor, press(editor, editor.get("/papperskorg"), "Hämta tillbaka Remiss"))
        assert shows_what_was_locked(anyone)
    answer = fill_in(editor, open_form(editor, EDIT), do="save", question="Hinner vi?")
    assert answer.status_code == 303
    assert ramp.cycle.prediction.text == TEXT


# ---- Ids ----


def test_a_file_that_gets_another_id_outside_is_the_same_cycle(ramp: Ramp, anyone: Browser) -> None:
    text, new_id = ramp.file.read_text(encoding="utf-8"), str(uuid.uuid4())
    ramp.file.write_text(another(text, id=new_id), encoding="utf-8")
    ramp.house.look()
    assert ramp.document.id == new_id
    assert shows_what_was_locked(anyone, flagged=True)
    assert told_of(ramp) == 1


def test_a_file_that_is_changed_outside_and_then_gets_another_id_has_not_forgotten(ramp: Ramp, anyone: Browser) -> None:
    text = another(ramp.file.read_text(encoding="utf-8"))
    ramp.file.write_text(text, encoding="utf-8")
    ramp.house.look()
    ramp.file.write_text(front_matter.rewrite(text, {"id": str(uuid.uuid4())}), encoding="utf-8")
    ramp.house.look()
    assert shows_what_was_locked(anyone, flagged=True)


def test_a_copy_with_the_same_id_is_no_page_until_it_is_the_only_one_and_then_is_flagged(
    ramp: Ramp, anyone: Browser
) -> None:
    copy = ramp.file.with_name("02-kopia.md")
    copy.write_text(another(ramp.file.read_text(encoding="utf-8")), encoding="utf-8")
    ramp.house.look()
    assert shows_what_was_locked(anyone)
    assert OTHER not in anyone.get("/cykler/mote/02-kopia").text
    ramp.file.unlink()
    ramp.house.look()
    assert shows_what_was_locked(anyone, "mote/02-kopia", flagged=True)


def test_two_files_that_change_ids_outside_do_not_change_predictions(
    ramp: Ramp, editor: Browser, anyone: Browser
) -> None:
    free = ramp.house.write("cycles", "mote/02-fri", title="Fri", prediction={**GUESS, "text": OTHER})
    ramp.house.look()
    text, other = ramp.file.read_text(encoding="utf-8"), free.read_text(encoding="utf-8")
    ids = [re.findall(r"(?m)^id: (\S+)$", one)[0] for one in (text, other)]
    ramp.file.write_text(text.replace(ids[0], ids[1]), encoding="utf-8")
    free.write_text(other.replace(ids[1], ids[0]), encoding="utf-8")
    ramp.house.look()
    parts = ramp.house.app.extensions
    locked = next(one for one in _cycles(ramp) if one.id == ids[0])
    kept = kept_of(parts["library"], parts["databases"], locked)
    assert kept
    assert getattr(kept.said, "text", "") == TEXT, "whoever has the id has the lock"
    assert kept.differs
    assert told_of(ramp) >= 1


# ---- Files and houses from before ----


def test_a_file_from_before_the_lock_that_is_laid_over_it_is_flagged(
    planned: Ramp, editor: Browser, anyone: Browser
) -> None:
    fill_in(editor, open_form(editor, EDIT), do="save", prediction__text=OTHER)
    before = planned.file.read_bytes()
    fill_in(editor, open_form(editor, EDIT), do="save", prediction__text=TEXT)
    planned.begin(editor)
    planned.file.write_bytes(before)
    planned.house.look()
    assert shows_what_was_locked(anyone, flagged=True)
    document = planned.document
    parts = planned.house.app.extensions
    said: Any = as_locked(parts["library"], parts["databases"], document).front_matter
    assert said.prediction.text == TEXT, "and exports say what was locked"


def test_the_files_of_a_backup_from_before_the_lock_do_not_open_it(
    planned: Ramp, editor: Browser, settings: Settings, tmp_path: Path, anyone: Browser
) -> None:
    fill_in(editor, open_form(editor, EDIT), do="save", prediction__text=OTHER)
    copy = backup(settings, planned.house.app.extensions["archive"], tmp_path / "kopia.larnat").file
    fill_in(editor, open_form(editor, EDIT), do="save", prediction__text=TEXT)
    planned.begin(editor)
    restore(copy, tmp_path / "dar")
    shutil.copytree(tmp_path / "dar/improvement_cycles", settings.home / "improvement_cycles", dirs_exist_ok=True)
    planned.house.look()
    assert shows_what_was_locked(anyone, flagged=True)
    assert told_of(planned) == 1


def test_a_whole_house_from_before_the_lock_is_as_it_was_and_one_from_after_is_locked(
    ramp: Ramp, settings: Settings, tmp_path: Path
) -> None:
    restore(backup(settings, ramp.house.app.extensions["archive"], tmp_path / "kopia.larnat").file, tmp_path / "dar")
    there = tmp_path / "dar/improvement_cycles/mote/01-remiss.md"
    there.write_text(another(there.read_text(encoding="utf-8")), encoding="utf-8")
    app = create_app(Settings.for_tests(tmp_path / "dar"))
    app.extensions["archive"].make_ready()
    elsewhere = Ramp(House(app, tmp_path / "dar"))
    assert elsewhere.locked_text() == TEXT
    assert elsewhere.lock
    assert elsewhere.lock.differs
    app.extensions["databases"].close()
