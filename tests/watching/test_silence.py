"""Nothing that somebody has written, and nothing of who they are, comes into the log or the measures of a real site."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import sqlite3
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.editing.writing import fields_in
from tests.house import make_home
from tests.serving import Person, Site, free_port, served, wait_for

# Whatever is typed here has this in it, or is one of the numbers.
MARK = "zqxhemlig"
NUMBERS = ("19121212-1212", "191212121212")
EMAIL = f"{MARK}.hansson@kommun.example"
PRACTICE = "---\ntitle: Extra personal\nowner: sodertalje\npublication: published\n---\n\nText.\n"
BROKEN = f"---\ntitle: [{MARK} {NUMBERS[0]}\nowner: {EMAIL}\n"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What a site has said while everything was tried on it."""
    home = make_home(tmp_path_factory.mktemp("silent"))
    (home / "content/practices/extra-personal.md").write_text(PRACTICE, encoding="utf-8")
    log, metrics = home / "var/serve.log", free_port()
    with served(
        home, log, LARNAT_LOG_FORMAT="json", LARNAT_LOG_LEVEL="debug", LARNAT_METRICS=f"127.0.0.1:{metrics}"
    ) as site:
        told = Told(log, site, metrics)
        ask_strange_things(site.port)
        say_what_is_no_http(site.port)
        fail_to_sign_in(site.port)
        person = Person(site.port)
        person.sign_in("sodertalje@demo.example")
        write_things(person)
        upload_things(person)
        told.fault = provoke_a_fault(home, person)
        break_files(home, site)
        told.measures = told.read()
    return told


class Told:
    """The log, the measures, and the page of a fault."""

    def __init__(self, log: Path, site: Site, metrics: int) -> None:
        self.log, self.site, self.metrics = log, site, metrics
        self.measures = self.fault = ""

    def read(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics}/metrics") as answer:
            found: str = answer.read().decode()
        return found

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]


def ask_strange_things(port: int) -> None:
    addresses = (
        f"/{MARK}/{NUMBERS[0]}",
        f"/arbetssatt/{MARK}-{NUMBERS[1]}",
        f"/arbetssatt/extra-personal?{MARK}={EMAIL}",
        f"/sok?q={MARK}+{NUMBERS[0]}&omrade={MARK}&{MARK}=1&sida={MARK}",
        f"/api/v1/search?q={EMAIL}&limit={MARK}&kind={MARK}",
        f"/organisationer/{MARK}",
        f"/filer/arbetssatt/extra-personal/{MARK}.pdf",
        f"/static/{MARK}.css?v={MARK}",
        f"/healthz?{MARK}",
        f"/logga-in?next=/{MARK}",
        f"/arbetssatt/%00{MARK}%ff",
        f"/../{MARK}",
    )
    headers = {
        "User-Agent": f"{MARK}/1.0",
        "Referer": f"https://{MARK}.example/?q={EMAIL}",
        "Cookie": f"larnat={MARK}; {MARK}={NUMBERS[0]}",
        "X-Forwarded-For": MARK,
        "X-Request-ID": MARK,
        "Authorization": f"Basic {MARK}",
        "Accept-Language": MARK,
    }
    for address in addresses:
        for method in ("GET", "POST", "PUT", MARK.upper()):
            body = f"{MARK}={EMAIL}".encode() if method != "GET" else None
            ask(urllib.request.Request(f"http://127.0.0.1:{port}{address}", body, headers, method=method))


def say_what_is_no_http(port: int) -> None:
    for words in (
        f"{MARK} {EMAIL}\r\n\r\n",
        f"GET /{MARK} HTTP/9.9\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: x\r\n{MARK} without a colon\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: x\r\n{MARK}\x01: {EMAIL}\r\n\r\n",
        f"GET /{MARK * 1000} HTTP/1.1\r\nHost: x\r\n\r\n",
        f"POST /sok HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {MARK}\r\n\r\n{MARK}",
        f"POST /sok HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{MARK}\r\n",
        f"POST /logga-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nemail={EMAIL}",
    ):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(words.encode())
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass


def fail_to_sign_in(port: int) -> None:
    stranger = Person(port)
    for _ in range(12):
        fields = fields_in(stranger.get("/logga-in").text)
        stranger.post("/logga-in", {**fields, "email": [EMAIL], "password": [f"{MARK}{NUMBERS[0]}"]})
    stranger.post("/logga-in", {"email": [EMAIL], "password": [MARK]})


def write_things(person: Person) -> None:
    page = "/arbetssatt/extra-personal"
    answer = person.change(page, 1, title=f"{MARK} Hansson {NUMBERS[0]}", summary=f"Skriv till {EMAIL}.")
    assert answer.status in (200, 422)
    person.change(page, 2, **{MARK: EMAIL})
    form = fields_in(person.get("/arbetssatt/nytt").text)
    person.post("/arbetssatt/nytt", {**form, "title": [f"{MARK} ny"], "owner": ["sodertalje"], "_do": ["save"]})
    person.post("/arbetssatt/nytt", {**form, "title": [MARK], "owner": [MARK], "_do": [MARK]})
    person.post("/studiebesok/ny", {"title": [EMAIL]})


def upload_things(person: Person) -> None:
    form = fields_in(person.get("/arbetssatt/extra-personal/andra").text)
    parts = [(f'name="{name}"', value.encode()) for name, values in form.items() for value in values]
    for name, content in ((f"{MARK}.png", EMAIL.encode()), (f"{MARK}.pdf", b"%PDF-1.4 " + MARK.encode()), ("", b"")):
        for field in ("file", "files", "_files", MARK):
            send_parts(person, [*parts, (f'name="{field}"; filename="{name}"', content)])
    send_parts(person, [(f"{MARK}; broken", b"")])


def send_parts(person: Person, parts: list[tuple[str, bytes]]) -> None:
    body = b"".join(
        f"--{MARK}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in parts
    )
    own = f"http://127.0.0.1:{person.port}"
    headers = {"Content-Type": f"multipart/form-data; boundary={MARK}", "Origin": own}
    for page in ("/arbetssatt/extra-personal/andra", "/arbetssatt/extra-personal/filer"):
        ask(urllib.request.Request(own + page, body + f"--{MARK}--".encode(), headers, method="POST"), person)


def provoke_a_fault(home: Path, person: Person) -> str:
    """A table is gone: whoever writes gets a fault of ours, whose error holds what they wrote."""
    form = fields_in(person.get("/arbetssatt/extra-personal/andra").text)
    with contextlib.closing(sqlite3.connect(home / "var/kept.db")) as database:
        database.execute("DROP TABLE working_copy")
        database.commit()
    typed = {**form, "title": [f"{MARK} {NUMBERS[0]}"], "_do": ["keep"]}
    answer = person.post("/arbetssatt/extra-personal/andra", typed)
    assert answer.status == 500
    return answer.text


def break_files(home: Path, site: Site) -> None:
    (home / f"content/practices/{MARK}.md").write_text(BROKEN, encoding="utf-8")
    (home / "content/practices/extra-personal.md").write_text(BROKEN, encoding="utf-8")
    (home / f"content/practices/{MARK}-2.md").write_bytes(b"\xff\xfe" + MARK.encode())
    wait_for(lambda: site.health().get("problems", {}).get("files", 0) >= 3)


def ask(request: urllib.request.Request, person: Person | None = None) -> None:
    opener = person.opener if person else urllib.request.build_opener()
    try:
        with opener.open(request, timeout=30) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        error.close()
    except OSError:
        pass


def test_no_word_of_anybodys_stands_in_the_log(told: Told) -> None:
    own = f"http://127.0.0.1:{told.site.port}"  # where the site is found, which it says of itself
    said = urllib.parse.unquote(told.log.read_text(encoding="utf-8")).casefold().replace(own, "")
    assert [word for word in (MARK, *NUMBERS, "127.0.0.1", "urllib") if word in said] == []


def test_no_word_of_anybodys_stands_in_the_measures(told: Told) -> None:
    assert "larnat_requests_total" in told.measures
    assert [word for word in (MARK, MARK.upper(), *NUMBERS) if word in told.measures] == []


def test_every_line_is_json_and_every_request_has_one(told: Told) -> None:
    answered = [line for line in told.lines() if line["message"] == "answered"]
    assert len(answered) > 100
    assert {line["process"] for line in told.lines()} >= {"supervisor", "prepare", "web", "work"}
    assert {"unmatched", "/arbetssatt/<path:slug>", "/sok"} <= {line["route"] for line in answered}
    assert {line["method"] for line in answered} <= {"GET", "POST", "PUT", "other"}
    assert all(line["ms"] >= 0 and line["status"] for line in answered)


def test_the_page_of_a_fault_shows_the_number_under_which_the_log_tells_it(told: Told) -> None:
    number = re.search(r"Felets nummer är (\w{8})", told.fault)
    assert number is not None
    about = [line for line in told.lines() if line.get("request") == number[1]]
    error = next(line for line in about if "error" in line)["error"]
    assert error[0]["type"] == "OperationalError SQLITE_ERROR: no such table: working_copy"
    assert any("app/editing/" in frame for frame in error[0]["where"])
    assert next(line for line in about if line["message"] == "answered")["status"] == 500


def test_a_save_is_told_by_its_revision(told: Told) -> None:
    assert any(line["message"] == "saved" and line["revision"] > 1 and line["request"] for line in told.lines())
