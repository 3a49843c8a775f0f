"""No way leads to a locked prediction: every route that changes something, and everything else that writes files.

The routes are those of the site itself, so that one that comes later is tried as well.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app import create_app
from app.config import Settings
from app.history import revisions_of
from app.keeping.backup import backup
from app.keeping.erasing import Eraser
from app.keeping.restore import restore
from app.keeping.snapshot import NotPossible
from app.library import front_matter
from app.library.document import BrokenDocument, Document
from app.publishing import Archive, Author, Change, Event, FileChange, NotSaved, StaleVersion
from app.publishing.locks import OpensALock
from tests.cast import EDITOR, browser
from tests.editing.writing import fields_of, open_form
from tests.house import House
from tests.kinds.predicting import EDIT, PAGE, SLUG, TEXT, Ramp
from tests.kinds.pressing import press

OTHER = "Vi trodde hela tiden att nio av tio skulle komma i tid."
PUT_BACK = "Lägg tillbaka det som låstes i filen"
EVA = Author("eva", "Eva Editor", "sodertalje")
# What somebody would send who knew the names of every field, and of those that no form has.
FORGED = {
    "prediction-text": OTHER,
    "prediction-value": "9",
    "prediction": OTHER,
    "locked-since": "2020-01-01",
    "locked-mark": "abcdefghijklmnopabcdefgh",
    "locked": "",
    "started": "",
    "=mine=prediction-text": OTHER,
    "pick-prediction-text": "mine",
    "title": "Remiss",
    "owner": "sodertalje",
    "_note": "Bara en liten rättelse",
}
BUTTONS = ("save", "publish", "next", "keep", "save sure", "publish sure", "step 1", "preview prediction-text", "add x")


@pytest.fixture
def ramp(house: House) -> Ramp:
    """A cycle that is under way, with an earlier version in which it predicted something else."""
    ramp = Ramp(house)
    ramp.write(prediction={"text": OTHER, "value": "9"})
    house.look()
    editor = browser(house.app, EDITOR)
    form = fields_of(open_form(editor, EDIT), "skriv")
    form.update({"prediction-text": TEXT, "prediction-value": "6", "_do": "save"})
    assert editor.post(EDIT, data=form).status_code == 303
    ramp.begin(editor)
    assert ramp.locked_text() == TEXT
    return ramp


def stands(ramp: Ramp) -> bool:
    """Whether the locked prediction is as it was, in the file and in what history remembers of it."""
    said, lock, told = ramp.cycle.prediction, ramp.lock, ramp.cycle.locked
    assert lock
    assert told
    same = (said.text, said.value, said.measure) == (TEXT, "6", "")
    return same and told.mark == lock.mark and not lock.differs and ramp.locked_text() == TEXT


def changing(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}):
            yield rule, method


def addresses(ramp: Ramp, rule: Rule, method: str) -> Iterator[str]:
    """The addresses of a rule that may have to do with the cycle: its slug, its project's, its revisions, its file."""
    with ramp.house.app.extensions["databases"].kept_for_reading() as session:
        numbers = [entry.number for entry in revisions_of(session, ramp.document.id)]
    known: dict[str, list[Any]] = {
        "slug": [SLUG, "mote"],
        "number": [*numbers, 1],
        "path": [ramp.document.path, SLUG],
        "key": [f"cycles:{ramp.document.id}"],
    }
    names = sorted(rule.arguments)
    for values in itertools.product(*(known.get(name, ["x", "1"]) for name in names)):
        try:
            yield ramp.house.app.url_map.bind("localhost").build(
                rule.endpoint, dict(zip(names, values, strict=True)), method=method
            )
        except Exception:
            continue


def posts(ramp: Ramp, rule: Rule) -> Iterator[dict[str, str]]:
    """What is sent: everything that could mean another prediction, from what was read now and from before the lock."""
    with ramp.house.app.extensions["databases"].kept_for_reading() as session:
        versions = [entry.version or "" for entry in revisions_of(session, ramp.document.id)]
    form = rule.endpoint in ("cycles.save", "cycles.autosave", "cycles.create")
    sent = itertools.product(versions, BUTTONS) if form else [(versions[0], "save")]
    for number, (version, button) in enumerate(sent):
        status = ("planned", "doing")[number % 2]
        step = ("1", "4")[number // 2 % 2]
        more = {"_do": button, "_version": version, "_step": step, "status": status, "to": status}
        yield {**FORGED, **more, "before": str(ramp.cycle.status), "_parent": "mote"}


def test_no_route_changes_a_locked_prediction(ramp: Ramp) -> None:
    tried, through = 0, set()
    file, document_id = ramp.file, ramp.document.id
    for rule, method in changing(ramp.house.app):
        # Some of them sign out.
        who = browser(ramp.house.app, EDITOR)
        for address in dict.fromkeys(addresses(ramp, rule, method)):
            for fields in posts(ramp, rule):
                answer = who.open(address, method=method, data=fields)
                tried += 1
                if answer.status_code in (200, 303, 409, 422):
                    through.add(rule.endpoint)
                if not file.exists():
                    _bring_back(ramp, document_id)
                assert stands(ramp), f"{method} {address} with {fields}: {answer.status_code}"
    ways = {
        "cycles.save",
        "cycles.autosave",
        "cycles.restore",
        "cycles.move_status",
        "cycles.put_back",
        "cycles.delete",
    }
    assert ways <= through, "they were let in and not only turned away"
    assert tried > 150


def _bring_back(ramp: Ramp, document_id: str) -> None:
    """The page was deleted by a route; what it says when it comes back has to be the same as well."""
    with ramp.house.app.extensions["databases"].kept_for_reading() as session:
        newest = revisions_of(session, document_id)[0]
    assert newest.removed
    ramp.house.app.extensions["archive"].undo_deletion(newest.number, EVA)


# ---- Beside the routes: everything that writes, asked directly ----


def with_another(document: Document, **more: Any) -> str:
    values = {"prediction": {"text": OTHER, "value": "9"}, **more}
    return front_matter.rewrite(document.text, values, model=document.kind.front_matter)


def ways(ramp: Ramp) -> dict[str, Callable[[Archive], object]]:
    """Each way in which the archive is asked to write something else."""
    document = ramp.document
    with ramp.house.app.extensions["databases"].kept_for_reading() as session:
        first = revisions_of(session, document.id)[-1]
    other, planned = with_another(document), with_another(document, status="planned", locked=None, started=None)
    elsewhere = document.path.replace("01-remiss", "02-flyttad")

    def edit(text: str, **more: Any) -> Callable[[Archive], object]:
        files = [FileChange(document.path, text, document.version)]
        return lambda archive: archive.publish(replace(Change(files, EVA, "Rättade", ""), **more))

    move = [FileChange(document.path, None, document.version), FileChange(elsewhere, other, None)]
    return {
        "an edit": edit(other),
        "an edit that moves it back": edit(planned),
        "a restore": edit(planned, sort="restore"),
        "an edit with the token of an earlier save": edit(other, token="samma"),
        "an edit that forges the mark": edit(with_another(document, locked={"since": "2026-01-01", "mark": "a" * 24})),
        "an edit from the version before": lambda archive: archive.publish(
            Change([FileChange(document.path, other, first.version)], EVA, "Rättade", "")
        ),
        "a move": lambda archive: archive.publish(Change(move, EVA, "Flyttade", "")),
        "an event": lambda archive: archive.apply(Event(document.path, lambda _: other, EVA, "Händer", "")),
        "an event that moves it back": lambda archive: archive.apply(
            Event(document.path, lambda _: planned, EVA, "Händer", "")
        ),
        "another page with its id": lambda archive: archive.publish(
            Change([FileChange(elsewhere, other, None)], EVA, "Ny", "")
        ),
    }


def test_no_way_of_saving_changes_a_locked_prediction(ramp: Ramp) -> None:
    archive: Archive = ramp.house.app.extensions["archive"]
    for name, way in ways(ramp).items():
        with pytest.raises((NotSaved, BrokenDocument)) as refused:
            way(archive)
        assert isinstance(refused.value, OpensALock | StaleVersion | BrokenDocument), name
        assert stands(ramp), name


def test_the_same_change_may_be_made_while_nothing_is_locked(house: House) -> None:
    """Otherwise the tests above would not show what stops them."""
    ramp = Ramp(house)
    ramp.write()
    house.look()
    archive: Archive = house.app.extensions["archive"]
    text = with_another(ramp.document)
    archive.publish(Change([FileChange(ramp.document.path, text, ramp.document.version)], EVA, "Rättade", ""))
    assert ramp.cycle.prediction.text == OTHER


def test_a_deleted_cycle_that_is_made_again_by_hand_is_locked_still(ramp: Ramp) -> None:
    archive: Archive = ramp.house.app.extensions["archive"]
    path, text = ramp.document.path, with_another(ramp.document, status="planned", locked=None, started=None)
    archive.publish(Change([FileChange(path, None, ramp.document.version)], EVA, "Tog bort", "", "delete"))
    with pytest.raises(Exception, match="id"):
        archive.publish(Change([FileChange(path, text, None)], EVA, "Ny", ""))
    (ramp.house.home / path).write_text(text, encoding="utf-8")
    ramp.house.look()
    assert ramp.locked_text() == TEXT
    lock = ramp.lock
    assert lock
    assert lock.differs


def test_the_lock_outlives_a_rebuild_and_a_backup(ramp: Ramp, settings: Settings, tmp_path: Path) -> None:
    ramp.edit_outside((TEXT, OTHER))
    archive: Archive = ramp.house.app.extensions["archive"]
    archive.rebuild()
    assert ramp.locked_text() == TEXT
    restore(backup(settings, archive, tmp_path / "kopia.larnat").file, tmp_path / "dar")
    app = create_app(Settings.for_tests(tmp_path / "dar"))
    app.extensions["archive"].reconcile()
    there = Ramp(House(app, tmp_path / "dar"))
    assert there.locked_text() == TEXT
    assert there.lock
    assert there.lock.differs
    app.extensions["databases"].close()


def test_words_that_are_erased_are_gone_from_what_is_locked_and_from_its_mark(ramp: Ramp, settings: Settings) -> None:
    eraser = Eraser(settings, ramp.house.app.extensions["databases"], ramp.house.app.extensions["archive"])
    before = ramp.lock
    assert before
    ramp.edit_outside(("sex av tio", "[raderat]"))
    with pytest.raises(NotPossible, match="01-remiss"):
        eraser.text("sex av tio", "begäran", really=True)
    ramp.edit_outside((before.mark, "abcdefghijklmnopabcdefgh"))
    eraser.text("sex av tio", "begäran", really=True)
    assert ramp.locked_text() == TEXT.replace("sex av tio", "[raderat]")
    after = ramp.lock
    assert after
    assert after.mark != before.mark
    content = b"".join(file.read_bytes() for file in settings.kept_file.parent.glob("kept.db*"))
    assert before.mark.encode() not in content, "it would help whoever guesses"
    editor = browser(ramp.house.app, EDITOR)
    page = editor.get(PAGE)
    assert "Lägg tillbaka det som låstes" not in page.text or press(editor, page, PUT_BACK).status_code == 303
    assert stands_as(ramp, TEXT.replace("sex av tio", "[raderat]"))


def stands_as(ramp: Ramp, text: str) -> bool:
    told, lock = ramp.cycle.locked, ramp.lock
    return bool(told and lock and ramp.cycle.prediction.text == text and told.mark == lock.mark and not lock.differs)
