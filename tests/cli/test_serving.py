"""``larnat serve`` with real processes: it serves, keeps its children alive, and takes them with it."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import make_home
from tests.serving import PATIENCE_SECONDS, Site, environment, served, wait_for

PRACTICE = "---\ntitle: Extra personal\nowner: sodertalje\npublication: published\n---\n\nText.\n"


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
    with served(home, tmp_path / "serve.log") as site:
        yield site


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


@pytest.mark.parametrize("_again", range(3), ids=str)
def test_ctrl_c_ends_it_soon_though_browsers_hold_connections_open(site: Site, _again: int) -> None:
    kept = http.client.HTTPConnection("127.0.0.1", site.port)
    kept.request("GET", "/")
    kept.getresponse().read()
    with contextlib.closing(kept), socket.create_connection(("127.0.0.1", site.port)):
        wait_for(site.well)
        began = time.monotonic()
        # The terminal sends it to all processes of the group.
        os.killpg(site.process.pid, signal.SIGINT)
        assert site.process.wait(PATIENCE_SECONDS) == 0
        assert time.monotonic() - began < 8
    said = site.log.read_text(encoding="utf-8")
    assert "SIGKILL" not in said
    assert "Traceback" not in said
    with socket.socket() as next_one:
        next_one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        next_one.bind(("127.0.0.1", site.port))


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
