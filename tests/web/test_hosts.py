"""Only our own host is answered, and no address that leaves the site is made of what somebody else calls us."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from app import create_app
from app.config import Settings
from app.web.hosts import name_in
from tests.cast import Browser, browser
from tests.web.test_security import POLICY

OURS = "larnat.kommunen.se"


@pytest.fixture
def public(settings: Settings) -> Iterator[Flask]:
    """The site as it is in production, behind one proxy."""
    settings = replace(settings, mode="production", secret_key="k" * 40, address=f"https://{OURS}", proxies=1)
    app = create_app(settings)
    app.extensions["archive"].reconcile()
    yield app
    app.extensions["databases"].close()


FOREIGN = [
    *("evil.example", "larnat.kommunen.se.evil.example", "evil.example:443", "larnat.kommunen.se@evil.example"),
    *("evil.example#larnat.kommunen.se", "larnat.kommunen.se/x", "larnat.kommunen.se?x", "larnat.kommunen.se\\x"),
    *("larnat.kommunen.se:x", "larnat.kommunen.se:-1", "larnat.kommunen.se, evil.example", "larnat.kommunen.se."),
    *("[larnat.kommunen.se]", "[::1", "xlarnat.kommunen.se", "kommunen.sex", "127.0.0.1", "localhost", "[::1]"),
    *("0.0.0.0", "10.0.0.1", "evil\r\nX: y", "larnat.kommunen.se\x00", "l\u00e4rn\u00e4t.se"),
]
# What a proxy says that cannot be read is as if it had said nothing.
NONE = ["", " ", '"><script>alert(1)</script>']


@pytest.mark.parametrize("host", FOREIGN, ids=ascii)
@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host"])
def test_who_calls_us_something_else_is_refused_before_anything(public: Flask, header: str, host: str) -> None:
    said = {"HTTP_HOST": OURS, "HTTP_" + header.upper().replace("-", "_"): host}
    answer = browser(public).get("/logga-in", environ_overrides=said)
    assert answer.status_code == 400
    assert "Det här är fel adress" in answer.text
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Request-ID"]
    assert "Set-Cookie" not in answer.headers
    assert host not in answer.text


@pytest.mark.parametrize("host", NONE)
def test_a_host_that_is_none_is_refused_as_well(public: Flask, host: str) -> None:
    answer = browser(public).get("/logga-in", environ_overrides={"HTTP_HOST": host})
    assert answer.status_code == 400
    assert "<script>" not in answer.text


@pytest.mark.parametrize("host", [OURS, OURS.upper(), f"{OURS}:443", f"{OURS}:8443"])
def test_our_own_name_is_answered_and_addresses_are_those_of_the_settings(public: Flask, host: str) -> None:
    client = browser(public)
    assert f'rel="canonical" href="https://{OURS}/om"' in client.get("/om", headers={"Host": host}).text
    assert f"Sitemap: https://{OURS}/sitemap.xml" in client.get("/robots.txt", headers={"X-Forwarded-Host": host}).text


def test_who_watches_from_the_machine_itself_is_answered_by_whatever_it_calls_itself(public: Flask) -> None:
    for host in ("127.0.0.1:8000", "localhost", "[::1]:8000"):
        assert browser(public).get("/healthz", headers={"Host": host}).status_code in (200, 503)
        assert browser(public).get("/healthz/", headers={"Host": host}).status_code == 400
    assert browser(public).get("/healthz", headers={"Host": "evil.example"}).status_code == 400


def test_nobody_is_asked_for_where_the_answer_has_no_body(public: Flask) -> None:
    answer = browser(public).head("/", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.data) == (400, b"")


def test_what_a_reader_says_of_a_proxy_is_believed_of_our_own_alone(settings: Settings) -> None:
    """With one proxy the last of what is said counts; without any nothing does."""
    one = create_app(replace(settings, address=f"https://{OURS}", proxies=1))
    one.extensions["archive"].reconcile()
    said = {"X-Forwarded-Host": f"evil.example, {OURS}", "X-Forwarded-Proto": "http, https"}
    assert f'href="https://{OURS}/om"' in browser(one).get("/om", headers=said).text
    turned = {"X-Forwarded-Host": f"{OURS}, evil.example"}
    assert browser(one).get("/om", headers=turned).status_code == 400
    one.extensions["databases"].close()
    none = create_app(replace(settings, proxies=0))
    none.extensions["archive"].reconcile()
    assert "evil" not in browser(none).get("/om", headers={"X-Forwarded-Host": "evil.example"}).text
    none.extensions["databases"].close()


def test_where_one_tries_things_out_only_the_own_machine_is_answered(anyone: Browser) -> None:
    """A page elsewhere whose name is made to lead to this machine gets nothing out of the demo."""
    for host in ("127.0.0.1:8000", "localhost:8000", "[::1]:8000", "localhost"):
        assert anyone.get("/om", headers={"Host": host}).status_code == 200
    for host in ("rebound.example", "127.0.0.1.nip.example:8000", "127.1", "2130706433"):
        assert anyone.get("/om", headers={"Host": host}).status_code == 400


def test_the_name_in_a_host_header() -> None:
    assert name_in("Larnat.Example:80") == "larnat.example"
    assert name_in("[::1]:80") == "::1"
    assert name_in("a@b") == name_in("a:x") == name_in("a/b") == name_in("") == ""
