from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask, request

from app import create_app
from app.config import Settings
from app.web.security import CONTENT_SECURITY_POLICY, LARGEST_POST, own_address
from tests.cast import EDITOR, PASSWORD, Browser, browser

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
EVERYWHERE = [
    "/",
    "/logga-in",
    "/finns-inte",
    "/mitt-konto",
    "/healthz",
    "/static/site.css",
    "/static/no.css",
    "/sok?q=%00",
]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_carries_the_strict_policy(anyone: Browser, path: str) -> None:
    headers = anyone.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_a_refused_form_carries_the_policy_too(anyone: Browser) -> None:
    assert anyone.post("/logga-in", token=False).headers["Content-Security-Policy"] == POLICY


def test_in_production_cookies_and_transport_are_https_only(settings: Settings) -> None:
    app = create_app(replace(settings, mode="production", secret_key="p" * 40))
    client = browser(app)
    answer = client.post(
        "/logga-in",
        data={"email": EDITOR.email, "password": PASSWORD},
        base_url="https://localhost",
        headers={"Referer": "https://localhost/logga-in"},
    )
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    assert "Secure" in client.get("/logga-in", base_url="https://localhost").headers["Set-Cookie"]
    app.extensions["databases"].close()


def test_static_files_have_a_fingerprint_and_are_kept_for_a_year(anyone: Browser) -> None:
    found = re.search(r'href="(/static/site\.css\?v=[0-9a-f]{12})"', anyone.get("/logga-in").text)
    assert found
    answer = anyone.get(found[1])
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "immutable" not in anyone.get("/static/site.css").headers["Cache-Control"]


def test_pages_are_kept_by_nobody_in_between(anyone: Browser) -> None:
    assert anyone.get("/").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("/sok?q=a&b=c", "/sok?q=a&b=c"),
        ("/arbetssatt/x", "/arbetssatt/x"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nb", "/"),
        ("/\t/evil.example", "/"),
        ("relative", "/"),
        ("//[", "/"),
        ("https://[::1", "/"),
    ],
)
def test_only_addresses_of_this_site_are_followed(address: str, own: str) -> None:
    assert own_address(address) == own


def test_a_form_that_is_too_large_is_refused_in_plain_words(editor: Browser) -> None:
    answer = editor.post("/mitt-konto/losenord", data={"text": "x" * (LARGEST_POST + 1)})
    assert answer.status_code == 413
    assert "för stor" in answer.text


def test_the_address_of_a_reader_is_taken_from_our_own_proxies_only(settings: Settings) -> None:
    def seen_behind(proxies: int) -> str:
        app: Flask = create_app(replace(settings, proxies=proxies))
        with app.test_client() as client:
            client.get("/healthz", headers={"X-Forwarded-For": "198.51.100.7"})
            seen = request.remote_addr or ""
        app.extensions["databases"].close()
        return seen

    assert seen_behind(0) == "127.0.0.1"
    assert seen_behind(1) == "198.51.100.7"
