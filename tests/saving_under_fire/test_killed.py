"""SIGKILL at any moment: what was acknowledged is there, and nothing is ever torn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict

from sqlmodel import col, select

from app.config import CHECKOUT
from app.history.tables import Revision, RevisionFile, State
from app.library.shelf import version_of
from tests.publishing.desk import PRACTICE, Desk
from tests.saving_under_fire.troop import BOOKED, DOCUMENTS

KILLS = 12
SAVES_BETWEEN = 12


def run(script: str, *arguments: str) -> str:
    """Run a script beside this file in a process of its own, and return what it prints."""
    done = subprocess.run(
        # In a process with threads of other libraries Python warns of every fork; the children here use none of them.
        [sys.executable, "-W", "ignore::DeprecationWarning", "-m", f"tests.saving_under_fire.{script}", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def test_killed_at_any_line_a_change_set_is_whole_or_not_made(desk: Desk) -> None:
    """Every fifteenth line here; with a step of 1 the script goes through them all, in two minutes."""
    desk.databases.close()

    lines = int(run("at_every_line", str(desk.home), "15"))

    assert lines > 400, "the lines of the save are no longer counted"


def test_nothing_acknowledged_is_lost_while_processes_are_killed(desk: Desk) -> None:
    for slug in DOCUMENTS:
        desk.create(slug)
    desk.databases.close()

    run("troop", str(desk.home), str(KILLS), str(SAVES_BETWEEN))

    desk.archive.make_ready()
    acknowledged = read_acknowledged(desk)
    assert_saves_are_kept(desk, acknowledged["saved"])
    assert_bookings_are_there_once(desk, acknowledged["booked"])
    assert_stale_edits_were_refused(acknowledged)
    assert_no_save_was_made_over_another(desk)
    assert sorted(desk.rows()) == DOCUMENTS
    desk.assert_in_step()


def read_acknowledged(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    """What the clients were told, by what it was: path and version, or path and booking."""
    told = defaultdict(list)
    for file in (desk.home / "var").glob("acknowledged-*.jsonl"):
        for line in file.read_text().splitlines(keepends=True):
            if not line.endswith("\n"):
                continue  # just being written
            what, path, which = json.loads(line)
            told[what].append((path, which))
    return told


def assert_saves_are_kept(desk: Desk, saved: list[tuple[str, str]]) -> None:
    assert len(saved) > 20
    with desk.databases.kept_for_reading() as session:
        done = select(RevisionFile.path, RevisionFile.version).join(Revision).where(Revision.state == State.DONE)
        assert set(saved) <= {(path, version or "") for path, version in session.exec(done)}


def assert_bookings_are_there_once(desk: Desk, booked: list[tuple[str, str]]) -> None:
    assert len(booked) > 20
    texts = {PRACTICE.format(slug): desk.read(slug).text for slug in DOCUMENTS}
    for path, token in booked:
        assert texts[path].count(f"{BOOKED}{token}\n") == 1


def assert_stale_edits_were_refused(acknowledged: dict[str, list[tuple[str, str]]]) -> None:
    assert acknowledged["refused"]
    assert not acknowledged["unnoticed"]
    assert not acknowledged["wrongly refused"]


def assert_no_save_was_made_over_another(desk: Desk) -> None:
    """Every done revision began where the one before it ended, and the file is where the last one ended."""
    with desk.databases.kept_for_reading() as session:
        for slug in DOCUMENTS:
            path = PRACTICE.format(slug)
            steps = session.exec(
                select(RevisionFile.base_version, RevisionFile.version)
                .join(Revision)
                .where(RevisionFile.path == path, Revision.state == State.DONE)
                .order_by(col(RevisionFile.revision))
            ).all()
            assert [base for base, _ in steps[1:]] == [version for _, version in steps[:-1]]
            assert steps[-1][1] == version_of(desk.file(slug).read_bytes())
