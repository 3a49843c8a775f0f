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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app.cli.answering import GRACE_SECONDS
from app.config import CHECKOUT
from app.publishing.lock import locked
from tests.editing.writing import fields_in
from tests.house import make_home
from tests.serving import PATIENCE_SECONDS, Person, Site, environment, free_port, served, wait_for

PAGE = "/arbetssatt/extra-personal"
READING = b"HTTP/1.1 100 Continue\r\n\r\n"

PRACTICE = "---\ntitle: Extra personal\nowner: sodertalje\npublication: published\n---\n\nText.\n"


def gone(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
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
    assert site.log.read_text(encoding="utf-8").rstrip().endswith("Lärnät har stannat.")


def test_a_save_that_is_under_way_when_it_is_told_to_stop_is_answered_and_kept(site: Site, home: Path) -> None:
    form = Form(site, summary="Sparad i sista stund.")
    with ThreadPoolExecutor() as threads:
        with locked(home / "var/library.lock"):
            saving = threads.submit(form.send)
            wait_for(lambda: bool(waiting_for(home / "var/library.lock") & set(children_of(site.children()["web"]))))
            site.process.send_signal(signal.SIGTERM)
            wait_for(lambda: answers_nobody(site.port))
        assert saving.result() == 303
    assert site.process.wait(PATIENCE_SECONDS) == 0
    assert "Sparad i sista stund." in (home / "content/practices/extra-personal.md").read_text(encoding="utf-8")


def test_a_form_that_is_half_sent_when_it_is_told_to_stop_is_answered_and_kept(site: Site, home: Path) -> None:
    form = Form(site, summary="Skickad i två delar.")
    form.send_half()
    site.process.send_signal(signal.SIGTERM)
    wait_for(lambda: answers_nobody(site.port))
    assert form.send_the_rest() == 303
    assert site.process.wait(PATIENCE_SECONDS) == 0
    assert "Skickad i två delar." in (home / "content/practices/extra-personal.md").read_text(encoding="utf-8")


class Form:
    """A member's form, filled in, to be sent over a connection of its own."""

    def __init__(self, site: Site, **typed: str) -> None:
        person = Person(site.port)
        person.sign_in("sodertalje@demo.example")
        fields = fields_in(person.get(f"{PAGE}/andra?steg=1").text)
        filled = {**fields, **{name: [value] for name, value in typed.items()}, "_do": ["save"]}
        self.body = urlencode(filled, doseq=True).encode()
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.cookies)
        self.connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE_SECONDS)
        self.connection.putrequest("POST", f"{PAGE}/andra?steg=1")
        self.connection.putheader("Origin", f"http://127.0.0.1:{site.port}")
        self.connection.putheader("Cookie", cookies)
        self.connection.putheader("Content-Type", "application/x-www-form-urlencoded")
        self.connection.putheader("Content-Length", str(len(self.body)))
        # So that one is told when somebody has begun to read it.
        self.connection.putheader("Expect", "100-continue")

    def send(self) -> int:
        """Send it; gives the status of the answer."""
        self.send_half()
        return self.send_the_rest()

    def send_half(self) -> None:
        """Send the headers and the beginning, and wait until somebody reads them."""
        self.connection.endheaders(self.body[:100])
        heard = self.connection.sock.recv(len(READING), socket.MSG_WAITALL)
        assert heard == READING

    def send_the_rest(self) -> int:
        self.connection.send(self.body[100:])
        with contextlib.closing(self.connection):
            return self.connection.getresponse().status


def waiting_for(lock: Path) -> set[int]:
    """The processes that wait for the lock of a file."""
    number = str(lock.stat().st_ino)
    lines = [line.split() for line in Path("/proc/locks").read_text(encoding="ascii").splitlines()]
    return {int(words[5]) for words in lines if words[1] == "->" and words[6].endswith(f":{number}")}


def children_of(process: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True)
    return [int(word) for word in listed.stdout.split()]


def answers_nobody(port: int) -> bool:
    """Whether nobody who asks now is answered: the supervisor keeps the port, but they wait in vain."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/")
        connection.getresponse()
        return False
    return True


def test_connections_on_which_nothing_is_said_keep_nobody_from_being_answered(site: Site) -> None:
    with contextlib.ExitStack() as silent:
        for _ in range(60):
            silent.enter_context(socket.create_connection(("127.0.0.1", site.port)))
        began = time.monotonic()
        assert site.get(PAGE)[0] == 200
        assert time.monotonic() - began < 25, "each of eight threads has not waited five seconds for each of them"


def test_a_stop_while_it_is_being_prepared_leaves_nothing_running(tmp_path: Path) -> None:
    environ = environment(make_home(tmp_path), free_port())
    process = subprocess.Popen([sys.executable, "-m", "app.cli", "serve"], env=environ, cwd=CHECKOUT)
    wait_for(lambda: bool(children_of(process.pid)))
    children = children_of(process.pid)
    process.terminate()
    assert process.wait(PATIENCE_SECONDS) == 0
    wait_for(lambda: all(gone(child) for child in children))


def test_the_worker_backs_up_by_itself(home: Path, tmp_path: Path) -> None:
    with served(home, tmp_path / "serve.log", LARNAT_BACKUP_HOURS="0.0005") as site:
        wait_for(lambda: bool(list((home / "var/backups").glob("larnat-*.tar.gz"))))
        wait_for(lambda: site.health().get("backup", {}).get("newest") is not None)
        assert site.health()["backup"]["ok"]


@pytest.mark.parametrize("_again", range(3), ids=str)
def test_ctrl_c_ends_it_soon_though_browsers_hold_connections_open(site: Site, _again: int) -> None:
    kept = http.client.HTTPConnection("127.0.0.1", site.port)
    kept.request("GET", "/")
    kept.getresponse().read()
    with contextlib.closing(kept), contextlib.ExitStack() as silent:
        for _ in range(10):
            silent.enter_context(socket.create_connection(("127.0.0.1", site.port)))
        wait_for(site.well)
        began = time.monotonic()
        # The terminal sends it to all processes of the group.
        os.killpg(site.process.pid, signal.SIGINT)
        assert site.process.wait(PATIENCE_SECONDS) == 0
        assert time.monotonic() - began < GRACE_SECONDS, "nobody has waited for those who say nothing"
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
