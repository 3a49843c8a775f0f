"""The restore drill of docs/keeping.md: a backup while people save, put back into an empty folder, and served.

``DRILL_SECONDS=30`` lets people save for so long; without it the drill is short.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.config import CHECKOUT
from app.keeping.restore import check
from tests.keeping.copies import hashes
from tests.serving import environment, free_port, served, wait_for
from tests.test_rebuild_under_load import Crowd, home

__all__ = ["home"]

SECONDS = float(os.environ.get("DRILL_SECONDS", "4"))


def larnat(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app.cli", *words]
    return subprocess.run(command, env=environment(home, free_port()), cwd=CHECKOUT, capture_output=True, text=True)


def rows(home: Path, question: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "var/kept.db")) as database:
        return database.execute(question, values).fetchall()


@pytest.mark.usefixtures("home")
def test_what_is_backed_up_while_people_save_comes_back_whole_and_runs(home: Path, tmp_path: Path) -> None:
    copies = [tmp_path / "forsta.tar.gz", tmp_path / "andra.tar.gz"]
    with served(home, tmp_path / "serve.log", LARNAT_WORKERS="2") as site, Crowd(site) as crowd:
        for copy in copies:
            time.sleep(SECONDS / 2)
            acknowledged = sum(crowd.rounds[2:])
            made = larnat(home, "backup", str(copy))
            assert made.returncode == 0, made.stderr
        wait_for(lambda: sum(crowd.rounds[2:]) > acknowledged or bool(crowd.faults))  # the site goes on afterwards
    assert crowd.faults == []
    for number, copy in enumerate(copies):
        put_back_and_compared(home, copy, tmp_path / f"ny-{number}")
    with served(tmp_path / "ny-1", tmp_path / "restored.log", LARNAT_WORKERS="1") as site:
        assert site.well()
        for page in ("/", "/arbetssatt", "/arbetssatt/sida-0", "/sok?q=försörjningsstöd"):
            assert site.get(page.replace("ö", "%C3%B6"))[0] == 200


def put_back_and_compared(home: Path, copy: Path, new: Path) -> None:
    manifest = check(copy)
    done = larnat(home, "restore", str(copy), "--home", str(new))
    assert done.returncode == 0, done.stderr
    expected = {path: one.sha256 for path, one in manifest.files.items() if path != "var/kept.db"}
    assert hashes(new) == expected
    heads = {str(path): str(version) for path, version in rows(new, "SELECT path, version FROM head")}
    assert heads == expected, "the files and the history are of the same moment"
    for table, key in (("revision", "number"), ("revision_file", "revision")):
        question = f"SELECT * FROM {table} WHERE {key} <= ? ORDER BY 1, 2"
        assert rows(new, question, manifest.revision) == rows(home, question, manifest.revision)
        assert rows(new, f"SELECT max({key}) FROM {table}") == [(manifest.revision,)]
    missing = "SELECT version FROM revision_file WHERE version NOT NULL AND version NOT IN (SELECT version FROM text)"
    assert rows(new, missing) == []
