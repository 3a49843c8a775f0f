"""Backups by the clock: made when due, the oldest removed, and a failure seen by whoever watches."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.config import WrongSettings, read_settings
from app.keeping import timed
from app.keeping.backup import name_of
from app.keeping.restore import check
from app.keeping.timed import TimedBackups, copies_in, remove_old
from app.work.worker import Worker
from tests.cast import Browser
from tests.publishing.desk import Desk
from tests.work.test_worker import running, until


@pytest.fixture
def backups(full: Desk) -> Iterator[TimedBackups]:
    """The timed backups of a house that has run for an hour."""
    settings = replace(full.settings, backup_hours=24, backup_keep=2)
    found = TimedBackups(settings, full.archive, began=datetime.now(UTC) - timedelta(hours=1))
    yield found
    found.end()


def copy_made(folder: Path, hours_ago: float) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name_of(datetime.now(UTC) - timedelta(hours=hours_ago))
    file.write_bytes(b"x")
    return file


def look_and_wait(backups: TimedBackups) -> None:
    backups.look()
    until(lambda: not any(thread.name == "backup" for thread in threading.enumerate()), "the backup is done")


def test_a_backup_that_is_due_is_made_and_is_whole(backups: TimedBackups) -> None:
    look_and_wait(backups)
    [(_, file)] = copies_in(backups.settings.backups)
    assert check(file).revision == 6
    assert timed.health(backups.settings)["ok"]
    assert timed.health(backups.settings)["newest"] is not None


def test_the_next_is_due_when_its_hours_have_passed(backups: TimedBackups) -> None:
    copy_made(backups.settings.backups, hours_ago=23)
    assert timedelta() < backups.due() - datetime.now(UTC) < timedelta(hours=1, minutes=1)
    look_and_wait(backups)
    assert len(copies_in(backups.settings.backups)) == 1


def test_a_house_that_has_just_started_gets_its_first_a_little_later(backups: TimedBackups) -> None:
    backups.began = datetime.now(UTC)
    assert backups.due() == backups.began + timed.FIRST


def test_a_restart_does_not_begin_again(backups: TimedBackups, full: Desk) -> None:
    look_and_wait(backups)
    again = TimedBackups(backups.settings, full.archive, began=datetime.now(UTC) - timedelta(hours=1))
    look_and_wait(again)
    assert len(copies_in(backups.settings.backups)) == 1


def test_a_copy_that_was_made_while_the_clock_was_wrong_holds_up_no_other(backups: TimedBackups) -> None:
    folder = backups.settings.backups
    from_the_future = copy_made(folder, hours_ago=-24 * 365)
    note = {"at": (datetime.now(UTC) + timedelta(days=300)).isoformat(), "ok": False, "error": "disken är full"}
    (backups.settings.var / "backup.json").write_text(json.dumps(note))
    look_and_wait(backups)
    assert len(copies_in(folder)) == 2
    assert backups.due() > datetime.now(UTC)
    remove_old(folder, 1)
    assert not from_the_future.exists()
    assert len(copies_in(folder)) == 1


def test_nothing_is_made_where_it_is_turned_off(full: Desk) -> None:
    assert full.settings.backup_hours == 0
    TimedBackups(full.settings, full.archive, began=datetime.now(UTC) - timedelta(days=9)).look()
    assert not full.settings.backups.exists()
    assert timed.health(full.settings)["ok"]


def test_the_oldest_are_removed_and_nothing_else(backups: TimedBackups) -> None:
    folder = backups.settings.backups
    old = [copy_made(folder, hours_ago) for hours_ago in (100, 75, 50)]
    others = [folder / "larnat-viktig.tar.gz", folder / "anteckningar.txt", folder / "larnat-20240101T000000Z.zip"]
    for other in others:
        other.write_text("x")
    look_and_wait(backups)
    assert [file.exists() for file in old] == [False, False, True]
    assert all(other.exists() for other in others)
    assert len(copies_in(folder)) == 2


def test_the_oldest_stay_where_the_new_one_failed(backups: TimedBackups, full: Desk) -> None:
    folder = backups.settings.backups
    old = [copy_made(folder, hours_ago) for hours_ago in (100, 75, 50)]
    full.settings.kept_file.rename(full.settings.var / "borta.db")
    look_and_wait(backups)
    assert all(file.exists() for file in old)


def test_half_a_backup_of_a_killed_process_is_removed_when_it_is_old(tmp_path: Path) -> None:
    old, young = tmp_path / ".tmp-larnat-gammal", tmp_path / ".tmp-larnat-ung"
    for file in (old, young):
        file.write_text("x")
    os.utime(old, (time.time() - 100_000,) * 2)
    remove_old(tmp_path, 7)
    assert not old.exists()
    assert young.exists()


def test_a_failure_is_told_and_tried_again_within_the_hour(backups: TimedBackups) -> None:
    backups.settings.backups.write_text("här ligger en fil")  # where the folder should be
    look_and_wait(backups)
    health = timed.health(backups.settings)
    assert not health["ok"]
    assert health["error"]
    assert timedelta() < backups.due() - datetime.now(UTC) <= timed.AGAIN
    backups.settings.backups.unlink()
    backups.make()
    assert timed.health(backups.settings)["ok"]


def test_a_copy_that_is_late_is_told(backups: TimedBackups) -> None:
    copy_made(backups.settings.backups, hours_ago=47)
    assert timed.health(backups.settings)["ok"]
    for _, file in copies_in(backups.settings.backups):
        file.unlink()
    copy_made(backups.settings.backups, hours_ago=50)
    assert timed.health(backups.settings)["error"] == "late"


def test_a_note_that_cannot_be_read_is_no_hindrance(backups: TimedBackups) -> None:
    for text in ("", "[]", '{"at": "igår", "ok": true, "error": ""}', "\x00"):
        (backups.settings.var / "backup.json").write_text(text)
        assert timed.health(backups.settings)["ok"]
        assert backups.due() < datetime.now(UTC)


def test_a_backup_is_stopped_in_the_middle_and_leaves_nothing(backups: TimedBackups) -> None:
    backups.end()
    backups.make()
    assert list(backups.settings.backups.iterdir()) == []
    assert not (backups.settings.var / "backup.json").exists()


def test_the_worker_makes_backups_beside_its_other_work(app: Flask) -> None:
    extensions = app.extensions
    settings = replace(extensions["settings"], backup_hours=0.0002, backup_keep=3)
    worker = Worker(settings, extensions["databases"], extensions["index"], extensions["archive"])
    with running(worker):
        until(lambda: bool(copies_in(settings.backups)), "the worker makes a backup")
    assert check(copies_in(settings.backups)[0][1]).revision >= 0


def test_a_failing_backup_stops_nothing_else_the_worker_does(app: Flask) -> None:
    from tests.house import House

    extensions = app.extensions
    settings = replace(extensions["settings"], backup_hours=0.0002)
    settings.backups.write_text("här ligger en fil")
    worker = Worker(settings, extensions["databases"], extensions["index"], extensions["archive"])
    with running(worker):
        until(lambda: not timed.health(settings)["ok"], "the backup fails")
        House(app, settings.home).write("practices", "ny", "Kvastskaft.")
        until(lambda: extensions["index"].words_applied() >= 1, "the new page is indexed")


def test_healthz_asks_for_attention_but_does_not_say_that_the_site_is_down(app: Flask, anyone: Browser) -> None:
    app.extensions["settings"] = settings = replace(app.extensions["settings"], backup_hours=24)
    (settings.var / "worker-heartbeat").touch()
    with app.app_context():
        app.extensions["archive"].catch_up()
        app.extensions["index"].index_words()
    answer = anyone.get("/healthz")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "ok")
    told = {"at": datetime.now(UTC).isoformat(), "ok": False, "error": "No space left on device"}
    (settings.var / "backup.json").write_text(json.dumps(told))
    answer = anyone.get("/healthz")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "attention")
    assert answer.get_json()["backup"]["error"] == "No space left on device"


def test_the_settings_say_where_how_often_and_how_many(tmp_path: Path) -> None:
    settings = read_settings({"LARNAT_HOME": str(tmp_path)})
    assert (settings.backups, settings.backup_hours, settings.backup_keep) == (tmp_path / "var/backups", 24, 7)
    settings = read_settings({"LARNAT_HOME": str(tmp_path), "LARNAT_BACKUP_FOLDER": "/srv/kopior"})
    assert settings.backups == Path("/srv/kopior")
    with pytest.raises(WrongSettings) as wrong:
        read_settings({"LARNAT_HOME": str(tmp_path), "LARNAT_BACKUP_HOURS": "ofta", "LARNAT_BACKUP_KEEP": "0"})
    assert len(wrong.value.faults) == 2
