"""``larnat serve`` with real processes: it serves, keeps its children alive, and takes them with it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.house import make_home

PATIENCE_SECONDS = 60.0
PRACTICE = "---\ntitle: Extra personal\nowner: sodertalje\npublication: published\n---\n\nText.\n"


@dataclass
class Site:
    """A running ``larnat serve``."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def health(self) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = json.loads(self.get("/healthz")[1])
        except (OSError, ValueError):
            return {"status": "away"}
        return answer

    def well(self) -> bool:
        return self.health()["status"] == "ok"

    def children(self) -> dict[str, int]:
        """The processes that the supervisor has started, by what they are."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True, text=True
        )
        found = {}
        for line in listed.stdout.splitlines():
            pid, _, words = line.strip().partition(" ")
            found["web" if "gunicorn" in words else "work"] = int(pid)
        return found


def environment(home: Path, port: int, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LARNAT_")}
    return {**kept, "LARNAT_HOME": str(home), "PORT": str(port), **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def gone(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        # A child that nobody has waited for yet is dead all the same.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = make_home(tmp_path_factory.mktemp("served"))
    (home / "content/practices/extra-personal.md").write_text(PRACTICE, encoding="utf-8")
    return home


@pytest.fixture
def site(home: Path, tmp_path: Path) -> Iterator[Site]:
    log, port = tmp_path / "serve.log", free_port()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve"],
            env=environment(home, port),
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        site = Site(process, port, log)
        try:
            wait_for(lambda: "Lärnät finns på" in log.read_text(encoding="utf-8") or process.poll() is not None)
            yield site
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def test_it_prepares_serves_and_tells_where_and_as_whom(site: Site) -> None:
    assert site.well()
    assert site.health()["behind"] == 0
    assert b"Extra personal" in site.get("/arbetssatt/extra-personal")[1]
    said = site.log.read_text(encoding="utf-8")
    assert f"http://127.0.0.1:{site.port}" in said
    assert "sodertalje@demo.example" in said


def test_a_child_that_is_killed_is_started_again(site: Site) -> None:
    before = site.children()
    assert set(before) == {"web", "work"}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: len(site.children()) == 2 and not set(site.children().values()) & set(before.values()))
    wait_for(site.well)
    assert site.get("/arbetssatt/extra-personal")[0] == 200


def test_it_stops_gently_and_leaves_nothing_running(site: Site) -> None:
    children = site.children()
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(PATIENCE_SECONDS) == 0
    assert all(gone(pid) for pid in children.values())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent has died")
def test_the_children_do_not_outlive_a_supervisor_that_is_killed(site: Site) -> None:
    children = site.children()
    site.process.kill()
    wait_for(lambda: all(gone(pid) for pid in children.values()))


def test_a_port_that_is_taken_is_told_at_once(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        tried = subprocess.run(
            [sys.executable, "-m", "app.cli", "serve"], env=environment(home, port), capture_output=True
        )
    assert tried.returncode == 2
    assert f"127.0.0.1:{port}" in tried.stderr.decode()
    assert "PORT=8001" in tried.stderr.decode()


def test_wrong_settings_stop_the_start_with_every_fault(home: Path) -> None:
    environ = environment(home, 8000, LARNAT_MODE="production", LARNAT_WORKERS="många")
    tried = subprocess.run([sys.executable, "-m", "app.cli", "serve"], env=environ, capture_output=True)
    said = tried.stderr.decode()
    assert tried.returncode == 2
    assert "LARNAT_SECRET_KEY" in said
    assert "LARNAT_WORKERS" in said
    assert "Traceback" not in said
