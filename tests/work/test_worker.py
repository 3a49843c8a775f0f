"""The worker: one at a time, always catching up, stopped gently, stopped by nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from sqlmodel import select

from app.accounts.tables import SignIn
from app.accounts.tries import LONGEST_WINDOW_SECONDS, SignInTry
from app.config import Settings
from app.database import now
from app.feedback.reports import KEPT_WHEN_DONE, Report
from app.index import Index, IndexNotReady, Query
from app.library.visibility import ANYONE
from app.work.lock import only_worker
from app.work.progress import estimate
from app.work.worker import Worker
from tests.cast import Browser
from tests.house import House
from tests.serving import PATIENCE_SECONDS


def test_what_is_kept_of_people_for_a_time_is_forgotten(app: Flask, worker: Worker) -> None:
    long_ago = now() - KEPT_WHEN_DONE - timedelta(days=1)
    with worker.databases.kept() as session:
        session.add(SignInTry(counted_for="x", at=time.time() - LONGEST_WINDOW_SECONDS - 1))
        session.add(SignInTry(counted_for="y", at=time.time()))
        session.add(Report(token="a", subject="fault", text="Klar", state="done", done_at=long_ago))
        session.add(Report(token="b", subject="fault", text="Ny", at=long_ago))
    worker.turn()
    with worker.databases.kept_for_reading() as session:
        assert session.exec(select(SignInTry.counted_for)).all() == ["y"]
        assert session.exec(select(Report.text)).all() == ["Ny"]


def until(true: Callable[[], bool], what: str) -> float:
    """Wait for something to become true; gives how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_SECONDS:
        try:
            if true():
                return time.monotonic() - began
        except IndexNotReady:
            pass
        time.sleep(0.02)
    raise AssertionError(f"waited in vain: {what}")


@pytest.fixture
def worker(app: Flask, settings: Settings) -> Worker:
    extensions = app.extensions
    return Worker(settings, extensions["databases"], extensions["index"], extensions["archive"])


@contextmanager
def running(worker: Worker) -> Iterator[None]:
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop.set()
        thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


@contextmanager
def process(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``larnat work`` as it is started by ``larnat serve``."""
    environment = {**os.environ, "LARNAT_HOME": str(home), "LARNAT_MODE": "demo", "LARNAT_RECONCILE_SECONDS": "0.2"}
    started = subprocess.Popen([sys.executable, "-m", "app.cli", "work"], env=environment, stderr=subprocess.PIPE)
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def total(index: Index, words: str) -> int:
    return index.find(Query(words), ANYONE).total


def test_it_forgets_the_sign_ins_that_have_ended(app: Flask, worker: Worker, editor: Browser) -> None:
    with worker.databases.kept() as session:
        session.connection().execute(update(SignIn).values(used_at=now() - timedelta(days=30)))
    worker.turn()
    with worker.databases.kept_for_reading() as session:
        assert session.exec(select(SignIn)).all() == []


def test_it_builds_what_is_missing_and_follows_what_is_changed_outside(house: House, worker: Worker) -> None:
    house.write("practices", "metod", "kvastskaft")
    index = worker.index
    with running(worker):
        until(lambda: total(index, "kvastskaft") == 1, "the file is found")
        until(lambda: not index.words_are_behind(), "the words are made")
        file = house.write("practices", "metod", "borsthuvud")
        until(lambda: total(index, "borsthuvud") == 1 and total(index, "kvastskaft") == 0, "the change is found")
        file.rename(file.with_name("flyttad.md"))
        until(lambda: index.card("practices", "flyttad", ANYONE) is not None, "the move is found")
        file.with_name("flyttad.md").unlink()
        until(lambda: total(index, "borsthuvud") == 0, "the removal is found")
        until(worker.settings.heartbeat_file.exists, "the heart beats")


@pytest.mark.parametrize("lost", ["rows", "words", "both", "pointer"])
def test_what_is_lost_comes_back_by_itself(house: House, worker: Worker, lost: str) -> None:
    house.write("practices", "metod", "kvastskaft")
    house.look()
    index, settings = worker.index, worker.settings
    number = index.generations.current() or 0
    with running(worker):
        if lost in ("rows", "both"):
            for file in list(settings.derived_folder.iterdir()):
                file.unlink(missing_ok=True)  # the worker, which has noticed, may be faster
        if lost in ("words", "both"):
            folder = index.generations.index_folder(number)
            folder.rename(folder.with_name(".tmp-gone"))
        if lost == "pointer":
            (settings.var / "generation").unlink()
        until(lambda: total(index, "kvastskaft") == 1, "the answer comes back")
        assert (index.generations.current() or 0) > number


def test_a_second_worker_waits_for_the_first(settings: Settings) -> None:
    lock = settings.var / "work.lock"
    entered = threading.Event()
    stop = threading.Event()

    def second() -> None:
        with only_worker(lock, stop) as alone:
            if alone:
                entered.set()

    with only_worker(lock, threading.Event()) as alone:
        assert alone
        assert lock.read_text().strip() == str(os.getpid())
        thread = threading.Thread(target=second)
        thread.start()
        assert not entered.wait(0.6)
    assert entered.wait(PATIENCE_SECONDS)
    thread.join()


def test_a_worker_that_waits_can_be_stopped(settings: Settings) -> None:
    stop = threading.Event()
    stop.set()
    with (
        only_worker(settings.var / "work.lock", threading.Event()),
        only_worker(settings.var / "work.lock", stop) as alone,
    ):
        assert not alone


def test_the_process_is_stopped_gently_and_a_killed_one_leaves_no_lock(house: House, settings: Settings) -> None:
    house.write("practices", "metod", "kvastskaft")
    house.look()
    index: Index = house.app.extensions["index"]
    with process(settings.home) as first:
        until(settings.heartbeat_file.exists, "the first works")
        first.kill()
        first.wait()
    house.write("practices", "ny", "borsthuvud")
    with process(settings.home) as second:
        until(lambda: total(index, "borsthuvud") == 1 and not index.words_are_behind(), "the second took over")
        second.send_signal(signal.SIGTERM)
        assert second.wait(PATIENCE_SECONDS) == 0


def test_a_rebuild_is_given_up_when_the_worker_is_stopped(house: House, worker: Worker) -> None:
    house.write("practices", "metod")
    house.look()
    living = worker.index.generations.current()
    worker.stop.set()
    worker._rebuild_safely()
    assert worker.index.generations.current() == living


def test_it_goes_on_after_a_failure_and_builds_anew_if_it_fails_again_and_again(
    house: House, worker: Worker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house.write("practices", "metod", "kvastskaft")
    house.look()
    living = worker.index.generations.current() or 0

    def fail() -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(worker.index, "words_are_behind", fail)
        for _ in range(5):
            worker._turn_safely()
            assert worker._pause() <= 10
    assert (worker.index.generations.current() or 0) > living
    worker._turn_safely()
    assert total(worker.index, "kvastskaft") == 1
    assert "the disk is full" in caplog.text


def test_the_estimate_is_in_words_people_use() -> None:
    assert estimate(1.0, 50, 100) == ""
    assert estimate(10.0, 50, 100) == ", 10 s kvar"
    assert estimate(60.0, 10, 100) == ", 9 min kvar"
    assert estimate(60.0, 100, 100) == ""
