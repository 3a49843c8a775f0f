"""The whole house under fire: ``larnat serve``, its web workers and its worker are killed while eight clients save."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest
from sqlmodel import select

from app.config import CHECKOUT, Settings
from app.history import text_of as text_of_version
from app.history.tables import Revision, RevisionFile, State
from tests.house import make_home
from tests.publishing.desk import PRACTICE, Desk, id_of, text_of
from tests.saving_under_fire.test_killed import assert_no_save_was_made_over_another, read_acknowledged
from tests.saving_under_fire.troop import BOOKED, DOCUMENTS
from tests.serving import Site, environment, free_port, wait_for

KILLS = ("web worker", "worker", "web worker", "worker", "group") * 2
SAVES_BETWEEN = 2


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = make_home(tmp_path / "home")
    for slug in DOCUMENTS:
        text = text_of(slug, id=id_of(slug), extra="summary: Från början.\n")
        (home / PRACTICE.format(slug)).write_text(text, encoding="utf-8")
    return home


class Served:
    """``larnat serve``, started again when it has been killed."""

    def __init__(self, home: Path, log: Path) -> None:
        self.home, self.log, self.port = home, log, free_port()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill_all()

    def start(self) -> None:
        with self.log.open("ab") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve"],
                env=environment(self.home, self.port, LARNAT_WORKERS="2", LARNAT_RECONCILE_SECONDS="1"),
                cwd=CHECKOUT,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        self.site = Site(process, self.port, self.log)
        wait_for(self.site.well)

    def kill(self, what: str) -> None:
        wait_for(lambda: len(self.site.children()) == 2 and bool(children_of(self.site.children()["web"])))
        if what == "group":
            self.kill_all()
            self.start()
            return
        children = self.site.children()
        victim = children["work"] if what == "worker" else children_of(children["web"])[0]
        os.kill(victim, signal.SIGKILL)

    def kill_all(self) -> None:
        """All die without a warning: the supervisor is held still, so that it neither stops nor starts anything."""
        os.kill(self.site.process.pid, signal.SIGSTOP)
        for child in self.site.children().values():
            os.killpg(child, signal.SIGKILL)
        self.site.process.kill()
        self.site.process.wait()


def children_of(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=True)
    return [int(pid) for pid in listed.stdout.split()]


@contextmanager
def clients(home: Path, port: int) -> Iterator[None]:
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "tests.saving_under_fire.served_clients"]
    process = subprocess.Popen(
        [*command, str(home), str(port)],
        cwd=CHECKOUT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield
    finally:
        _, errors = process.communicate()
    assert process.returncode == 0, errors[-4000:]


def test_nothing_acknowledged_is_lost_while_the_house_is_killed(home: Path, tmp_path: Path) -> None:
    desk = Desk(Settings.for_tests(home))
    with Served(home, tmp_path / "serve.log") as served, clients(home, served.port):
        for what in KILLS:
            wait_for_saves(desk, SAVES_BETWEEN)
            served.kill(what)
        wait_for_saves(desk, SAVES_BETWEEN)

    desk.archive.make_ready()
    told = read_acknowledged(desk)
    assert not told["strange"]
    assert not told["unnoticed"]
    assert told["refused"]
    assert_words_are_in_history(desk, told["saved"])
    for slug, token in told["booked"]:
        assert desk.read(slug).text.count(f"{BOOKED}{token}\n") == 1
    assert_no_save_was_made_over_another(desk)
    desk.assert_in_step()
    desk.databases.close()


def wait_for_saves(desk: Desk, count: int) -> None:
    """Wait until so many more edits have been acknowledged, however slow the machine is."""
    before = len(read_acknowledged(desk)["saved"])
    wait_for(lambda: len(read_acknowledged(desk)["saved"]) >= before + count)


def assert_words_are_in_history(desk: Desk, saved: list[tuple[str, str]]) -> None:
    """Every word that was acknowledged stands in the text of a revision that is done."""
    assert len(saved) > 10
    texts: dict[str, str] = {}
    with desk.databases.kept_for_reading() as session:
        done = select(RevisionFile.path, RevisionFile.version).join(Revision).where(Revision.state == State.DONE)
        for path, version in session.exec(done):
            texts[path] = texts.get(path, "") + (text_of_version(session, version or "") or "")
    for slug, word in saved:
        assert word in texts[PRACTICE.format(slug)]
