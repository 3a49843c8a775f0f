"""Bytes sent to a real server: what is no request, or two in one, is refused in plain Swedish."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from app.cli import patience
from app.cli.patience import Unhurried
from tests.house import make_home
from tests.serving import PATIENCE_SECONDS, Site, served
from tests.web.test_security import POLICY


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("raw")
    with served(make_home(folder / "home"), folder / "log", LARNAT_WORKERS="1") as site:
        yield site


def said_to(site: Site, words: str | bytes) -> str:
    """What the server answers to some bytes, which are all that is sent, until it closes."""
    words = words if isinstance(words, bytes) else words.replace("\n", "\r\n").encode("latin-1")
    heard = b""
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE_SECONDS) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(words)
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                heard += piece
    return heard.decode("utf-8", "replace")


HOST = "Host: localhost\n"
POST = f"POST /logga-in HTTP/1.1\n{HOST}"
MANY = "X: a\n" * 100
# What two servers may take for different requests.
SMUGGLED = {
    "length and chunks": f"{POST}Content-Length: 4\nTransfer-Encoding: chunked\n\n0\n\nGET /x HTTP/1.1\n{HOST}\n",
    "chunks said twice": f"{POST}Transfer-Encoding: chunked\nTransfer-Encoding: identity\n\n0\n\n",
    "chunks in another coat": f"{POST}Transfer-Encoding: xchunked\n\n0\n\n",
    "chunks with a space": f"{POST}Transfer-Encoding : chunked\n\n0\n\n",
    "two lengths": f"{POST}Content-Length: 4\nContent-Length: 5\n\nx=yz0",
    "a length with a sign": f"{POST}Content-Length: +4\n\nx=yz",
    "a length with a line": f"{POST}Content-Length: 4, 4\n\nx=yz",
    "a length below nothing": f"{POST}Content-Length: -1\n\n",
    "a folded header": f"GET / HTTP/1.1\n{HOST}X: a\n b\n\n",
    "a header without a name": f"GET / HTTP/1.1\n{HOST}: x\n\n",
    "a header without a colon": f"GET / HTTP/1.1\n{HOST}x\n\n",
    "a header with nothing in it": f"GET / HTTP/1.1\n{HOST}X: a\x00b\n\n",
    "two hosts": f"GET / HTTP/1.1\n{HOST}Host: evil.example\n\n",
    "no host": "GET / HTTP/1.1\n\n",
    "a host elsewhere": "GET / HTTP/1.1\nHost: evil.example\n\n",
    "no version": f"GET /\n{HOST}\n",
    "a version that is none": f"GET / HTTP/9.9\n{HOST}\n",
    "no address": f"GET  HTTP/1.1\n{HOST}\n",
    "a method with signs": f"G<T / HTTP/1.1\n{HOST}\n",
    "nonsense": "\x16\x03\x01\x02\n\n",
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_what_could_be_taken_for_another_request_is_refused(site: Site, name: str) -> None:
    heard = said_to(site, SMUGGLED[name])
    assert re.match(r"HTTP/1\.1 400 ", heard), heard[:200]
    assert heard.count("HTTP/1.") == 1, "there was one answer"
    assert "<h1>" in heard
    assert "gå" in heard.lower() or "adress" in heard
    assert not re.search(r"(?i)gunicorn|invalid|traceback|evil\.example", heard)


def test_a_line_that_ends_in_another_way_is_no_line(site: Site) -> None:
    heard = said_to(site, b"GET / HTTP/1.1\nHost: localhost\n\nGET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert heard.count("HTTP/1.") <= 1
    assert not heard.startswith("HTTP/1.1 200")


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        (f"GET /sok?q={'a' * 9000} HTTP/1.1\n{HOST}\n", 414, "Adressen är för lång"),
        (f"GET / HTTP/1.1\n{HOST}X: {'a' * 9000}\n\n", 431, "Webbläsaren skickade för mycket"),
        (f"GET / HTTP/1.1\n{HOST}{MANY}\n", 431, "Webbläsaren skickade för mycket"),
        (f"POST /glomt-losenord HTTP/1.1\n{HOST}Content-Length: 200000\n\n{'a' * 200000}", 413, "Det är för stort"),
    ],
    ids=["address", "header", "headers", "body"],
)
def test_too_much_is_told_in_plain_words(site: Site, sent: str, status: int, words: str) -> None:
    heard = said_to(site, sent)
    assert heard.startswith(f"HTTP/1.1 {status} ")
    assert words in heard
    # It looks like the site, fits a telephone and has somewhere to go.
    assert all(part in heard for part in ("/static/site.css", 'name="viewport"', 'name="color-scheme"', 'href="/"'))
    assert f"Content-Security-Policy: {POLICY}" in heard
    assert "aaaa" not in heard


def test_whoever_sends_too_much_is_told_so_when_it_has_been_sent(site: Site) -> None:
    """The sender reads why, instead of being cut off."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.putrequest("POST", "/arbetssatt/x/filer")
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Content-Length", "70000000")
    connection.endheaders()
    for _ in range(70):
        connection.send(b"a" * 1_000_000)
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    assert answer.status == 413
    assert "Det du skickar är 70 MB, och högst 50 MB går bra på en gång." in said


def test_no_answer_says_what_the_server_is_made_of(site: Site) -> None:
    for sent in (
        f"GET /om HTTP/1.1\n{HOST}Connection: close\n\n",
        f"GET /x HTTP/1.1\n{HOST}Connection: close\n\n",
        "x\n\n",
    ):
        head = said_to(site, sent).partition("\r\n\r\n")[0]
        assert not re.search(r"(?i)gunicorn|werkzeug|python|flask|x-powered-by", head), head
        assert not re.search(r"(?i)^server: .*\d", head, re.MULTILINE), head


@pytest.mark.parametrize(
    "path",
    [
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/%2e%2e/__init__.py",
        "/static/..%2f__init__.py",
        "/static/%c0%ae%c0%ae/config.py",
        "/filer/arbetssatt/x/%2e%2e%2fx.md",
        "/arbetssatt/%00",
        "/arbetssatt/%ff%fe",
        "/..\\..\\etc",
        "//evil.example/%2f..",
        "/arbetssatt/" + "a/" * 300,
        "/%5c%5cevil.example",
        "/static//etc/passwd",
    ],
)
def test_paths_that_lead_out_lead_nowhere(site: Site, path: str) -> None:
    heard = said_to(site, f"GET {path} HTTP/1.1\n{HOST}Connection: close\n\n")
    status = int(heard.split()[1])
    assert status in (301, 303, 308, 400, 404), heard[:300]
    assert "root:" not in heard
    assert "from __future__" not in heard
    found = re.search(r"(?im)^location: (.*)\r$", heard)
    assert not found or not re.match(r"(?:https?:)?[/\\]{2}(?!localhost)", found[1]), found


@pytest.mark.parametrize(
    "method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "X-OWN", "get", "HEAD", "OPTIONS"]
)
def test_no_method_does_what_the_page_does_not(site: Site, method: str) -> None:
    heard = said_to(site, f"{method} /om HTTP/1.1\n{HOST}Connection: close\n\n")
    status = int(heard.split()[1])
    assert status == 200 if method in ("HEAD", "OPTIONS") else status in (400, 405), heard[:200]
    assert "Content-Security-Policy: default-src 'none'" in heard


# ---- What comes slowly ----


def test_a_request_that_drips_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.3)
    ours, theirs = socket.socketpair()
    ended = threading.Event()

    def drip() -> None:
        for _ in range(1000):
            if ended.wait(0.05):
                return
            theirs.send(b"a")
        theirs.shutdown(socket.SHUT_WR)

    dripping = threading.Thread(target=drip)
    dripping.start()
    connection, started = Unhurried(ours), time.monotonic()
    with pytest.raises(ConnectionResetError):
        b"".join(iter(lambda: connection.recv(10), b""))
    assert time.monotonic() - started > 0.2
    ended.set()
    dripping.join()
    connection.close()
    theirs.close()


def test_what_comes_at_a_pace_has_all_the_time_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(patience, "LEAST_BYTES_A_SECOND", 100)
    ours, theirs = socket.socketpair()
    connection = Unhurried(ours)
    theirs.send(b"a" * 1000)
    connection._come = 100_000  # so much has come before
    assert len(connection.recv(2000)) == 1000
    theirs.send(b"b")
    assert connection.recv(10) == b"b"
    assert connection.gettimeout() is None
    connection.close()
    theirs.close()
