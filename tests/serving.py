"""A running ``larnat serve``, and people who use it over HTTP as a browser does."""

from __future__ import annotations

import contextlib
import errno
import http.cookiejar
import itertools
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.accounts.demo import PASSWORD
from tests.editing.writing import fields_in

PATIENCE_SECONDS = 120.0


@dataclass
class Site:
    """A running ``larnat serve``."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE_SECONDS) as answer:
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
        return bool(self.health()["status"] == "ok")

    def children(self) -> dict[str, int]:
        """The processes that the supervisor has started, by what they are."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True, text=True
        )
        found: dict[str, int] = {}
        for line in listed.stdout.splitlines():
            pid, _, words = line.strip().partition(" ")
            # One that is just being started, or has just ended, is called something else.
            found |= {name: int(pid) for name in ("web", "work") if f"app.cli {name}" in words}
        return found


def environment(home: Path, port: int, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LARNAT_")}
    return {**kept, "LARNAT_HOME": str(home), "PORT": str(port), **more}


# Below those that Linux gives to whoever connects somewhere: one of those could be taken by any program before the site
# gets to it, and whoever asks at one where nobody listens yet may be connected to themselves.
_PORTS = range(20_000, 32_000)
# Another run on the same machine begins elsewhere.
_numbers = itertools.count(os.getpid() * 37)


def free_port() -> int:
    """A port where nobody listens; another one each time."""
    for number in itertools.islice(_numbers, len(_PORTS)):
        port = _PORTS[number % len(_PORTS)]
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError(errno.EADDRINUSE, "no port is free")


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@contextlib.contextmanager
def served(home: Path, log: Path, **settings: str) -> Iterator[Site]:
    """The site of a home folder, from when it answers until it has stopped."""
    port = free_port()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve"],
            env=environment(home, port, **settings),
            stdout=stream,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
        try:
            wait_for(lambda: "Lärnät finns på" in log.read_text(encoding="utf-8") or process.poll() is not None)
            assert process.poll() is None, log.read_text(encoding="utf-8")
            yield Site(process, port, log)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


@dataclass
class Answer:
    status: int
    text: str
    url: str


@dataclass
class Person:
    """Somebody with a browser of their own: keeps cookies, follows redirects, fills in forms."""

    port: int
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def __post_init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(self._url(path)))

    def post(self, path: str, fields: dict[str, list[str]]) -> Answer:
        typed = urllib.parse.urlencode(fields, doseq=True).encode()
        own = f"http://127.0.0.1:{self.port}"
        return self._ask(urllib.request.Request(self._url(path), typed, {"Origin": own, "Referer": own + "/"}))

    def sign_in(self, email: str) -> Answer:
        """Sign in to a demo account."""
        fields = fields_in(self.get("/logga-in").text)
        return self.post("/logga-in", {**fields, "email": [email], "password": [PASSWORD]})

    def change(self, page: str, step: int, **typed: str) -> Answer:
        """Open a page's form at a step, type, and save; the version is that of the moment when it was opened."""
        form = self.get(f"{page}/andra?steg={step}")
        fields = {**fields_in(form.text), **{name.replace("__", "-"): [value] for name, value in typed.items()}}
        return self.post(f"{page}/andra?steg={step}", {**fields, "_do": ["save"]})

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{urllib.parse.quote(path, safe='/?=&%#+')}"

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with self.opener.open(request, timeout=PATIENCE_SECONDS) as answer:
                return Answer(answer.status, answer.read().decode(), answer.url)
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode(), error.url or "")
