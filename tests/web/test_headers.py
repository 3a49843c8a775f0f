"""Every address of the site, answered in whatever way, says to the browser what it must not do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings
from tests.cast import ADMIN, EDITOR, Browser, browser
from tests.house import House
from tests.web.test_security import POLICY

FILLED = {
    "slug": "sidan",
    "name": "bild.png",
    "url": "arbetssatt",
    "filename": "site.css",
    "form": "files",
    "path": "x.md",
    "sort": "organisation",
    "key": "x",
    "token": "x",
    "person_id": "x",
    "organisation": "sodertalje",
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def address_of(rule: Rule) -> str:
    """An address that matches a rule, whether or not there is anything at it."""
    return re.sub(r"<(?:(\w+)[^:>]*:)?(\w+)>", lambda found: FILLED.get(found[2], "1"), rule.rule)


def faults_of(answer: TestResponse, where: str) -> Iterator[str]:
    """What an answer ought to say, and does not."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    if policy != POLICY and not policy.startswith("sandbox; default-src 'none'"):
        yield f"{where}: another policy: {policy}"
    if "unsafe" in policy or "*" in policy:
        yield f"{where}: a lenient policy: {policy}"
    yield from (f"{where}: {name}" for name, value in EVERYWHERE.items() if headers.get(name) != value)
    if headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        yield f"{where}: Referrer-Policy"
    if "geolocation=()" not in headers.get("Permissions-Policy", ""):
        yield f"{where}: Permissions-Policy"
    shared = re.search(r"\bpublic\b|s-maxage", headers.get("Cache-Control", ""))
    if shared and not where.split()[1].startswith(("/static/", "/favicon.ico")):
        yield f"{where}: others may keep it: {headers['Cache-Control']}"
    if "Cache-Control" not in headers:
        yield f"{where}: nothing is said of who may keep it"
    if not headers.get("X-Request-ID"):
        yield f"{where}: no number"


@pytest.mark.parametrize("role", [None, EDITOR, ADMIN], ids=["nobody", "editor", "admin"])
def test_every_address_says_so_however_it_is_asked(app: Flask, house: House, role: object) -> None:
    house.write("practices", "sidan")
    house.look()
    app.testing = False
    client = browser(app, role)  # type: ignore[arg-type]
    found, asked = [], 0
    for rule in app.url_map.iter_rules():
        address = address_of(rule)
        methods = ("GET", "HEAD", "OPTIONS", "POST", "DELETE") if role is None else ("GET",)
        for method in methods:
            answer = client.open(address, method=method, token=False)
            asked += 1
            found += list(faults_of(answer, f"{method} {address}"))
            assert answer.status_code != 500, f"{method} {address}"
    assert found == []
    assert asked > 150


@pytest.mark.parametrize(
    "path",
    [
        "/finns-inte",
        "/sok?q=%00",
        "/arbetssatt/%ff",
        "/static/no.css",
        "/api/v1/search?limit=x",
        "/%2e%2e/x",
        "/arbetssatt/" + "a" * 3000,
        "/sok?sida=x&sida=y",
        "//x",
        "/logga-in/",
        "/arbetssatt/sidan/",
    ],
)
def test_what_goes_wrong_says_so_as_well(app: Flask, anyone: Browser, path: str) -> None:
    assert list(faults_of(anyone.get(path), f"GET {path}")) == []


def test_a_file_that_the_browser_has_already_says_so_too(anyone: Browser) -> None:
    first = anyone.get("/static/site.css")
    again = anyone.get("/static/site.css", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert list(faults_of(again, "GET /static/site.css")) == []


MALFORMED = [
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a\r\n\r\n'),
    ("multipart/form-data; boundary=x", b"--x\r\n" * 50),
    ("multipart/form-data", b"--x--"),
    ("multipart/form-data; boundary=" + "x" * 500, b"x"),
    ("application/x-www-form-urlencoded", b"a=%ff%fe&%00=%zz&=&&&"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"a=+ADw-"),
    ("application/x-www-form-urlencoded", b"a=" + b"\xff" * 1000),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(20_000))),
    ("application/json", b"[" * 100_000),
    ("application/json", b'{"a":' * 50_000),
    ("text/xml", b"<!DOCTYPE x [<!ENTITY a 'x'>]><x>&a;</x>"),
    ("x/y", b"\x00" * 1000),
    ("", b"x"),
]


@pytest.mark.parametrize(("kind", "body"), MALFORMED, ids=[f"{number}" for number in range(len(MALFORMED))])
@pytest.mark.parametrize(
    "path", ["/logga-in", "/rapportera", "/arbetssatt/nytt", "/klistra-in", "/mitt-konto/losenord"]
)
def test_what_cannot_be_read_is_refused_in_plain_words(
    app: Flask, editor: Browser, path: str, kind: str, body: bytes
) -> None:
    app.testing = False
    answer = editor.post(path, data=body, content_type=kind)
    assert answer.status_code in (200, 303, 400, 413, 415, 422, 429), answer.status_code
    assert not re.search(r"Traceback|werkzeug|File \"|sqlite|\.py\b", answer.text)
    assert list(faults_of(answer, f"POST {path}")) == []


def test_in_production_every_answer_asks_for_https_next_time(settings: Settings) -> None:
    settings = replace(settings, mode="production", secret_key="k" * 40, address="https://larnat.test")
    app = create_app(settings)
    client = browser(app)
    for path in ("/logga-in", "/finns-inte", "/static/site.css", "/healthz", "/api/v1/x"):
        headers = client.get(path, base_url="https://larnat.test").headers
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    app.extensions["databases"].close()


def test_a_fault_in_any_room_shows_nothing_of_what_is_inside(app: Flask, house: House, admin: Browser) -> None:
    """Each view is broken in turn, with a word that must not be seen."""
    house.write("practices", "sidan")
    house.look()
    app.testing = False
    client, broken = admin, 0

    def fail(*_: object, **__: object) -> str:
        raise RuntimeError("a secret detail")

    for rule in list(app.url_map.iter_rules()):
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or rule.endpoint.split(".")[0] in BROKEN_ONCE:
            continue
        before, app.view_functions[rule.endpoint] = app.view_functions[rule.endpoint], fail
        try:
            answer = client.get(address_of(rule))
        finally:
            app.view_functions[rule.endpoint] = before
        if answer.status_code in (301, 308, 404):
            continue
        broken += 1
        assert answer.status_code == 500, rule
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert list(faults_of(answer, f"GET {rule.rule}")) == []
    assert broken > 30


# Kinds have the same views: one of them is enough.
BROKEN_ONCE = ("studyvisits", "projects", "cycles", "learnings", "networks", "meetings")
