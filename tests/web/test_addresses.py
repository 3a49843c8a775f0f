"""Wherever an address comes from, nobody is led away from the site."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.urls import iri_to_uri

from app.web.security import own_address
from tests.cast import EDITOR, PASSWORD, Browser, browser
from tests.hostile_texts.judging import leads_out

EVIL = "evil.example"
# What browsers, or programs that read addresses in another way, take for an address elsewhere.
TRICKY = [
    *(
        f"//{EVIL}",
        f"///{EVIL}",
        f"////{EVIL}",
        f"/\\{EVIL}",
        f"\\/{EVIL}",
        f"\\\\{EVIL}",
        f"\\\\\\{EVIL}",
        f"/\\/{EVIL}",
    ),
    *(
        f"https://{EVIL}",
        f"HTTPS://{EVIL}",
        f"http:{EVIL}",
        f"http:/{EVIL}",
        f"http:///{EVIL}",
        f"https:\\\\{EVIL}",
        f"ftp://{EVIL}",
    ),
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "\x01javascript:alert(1)",
    ),
    *("data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:x", "about:blank", "mailto:a@b.se", "tel:1", "//"),
    *(
        f"\t//{EVIL}",
        f"/\t/{EVIL}",
        f"/\n/{EVIL}",
        f"/\r/{EVIL}",
        f"\n//{EVIL}",
        f" //{EVIL}",
        f"/\x00/{EVIL}",
        f"\x0b//{EVIL}",
    ),
    *(
        f"//{EVIL}@localhost",
        f"//localhost@{EVIL}",
        f"//localhost:80@{EVIL}",
        f"https://localhost.{EVIL}",
        f"https://localhost@{EVIL}",
    ),
    *(f"//{EVIL}:443", f"//[::1]@{EVIL}", "//[::1]", "//[", "https://[::1", "//0x7f000001", "//2130706433", "//127.1"),
    *(f"/\u2028/{EVIL}", f"\u2028//{EVIL}", f"\ufeff//{EVIL}", f"\u3000//{EVIL}", f"/\u200b/{EVIL}", f"\xad//{EVIL}"),
    *(
        f"\uff0f\uff0f{EVIL}",
        f"/\uff0f{EVIL}",
        f"/\u2044{EVIL}",
        f"/%2f{EVIL}",
        f"/%5c{EVIL}",
        f"/%09/{EVIL}",
        f"/%0d%0a//{EVIL}",
    ),
    *(
        f"/.//{EVIL}",
        f"/..//{EVIL}",
        f"/x/..//{EVIL}",
        f"/;//{EVIL}",
        f"/?//{EVIL}",
        f"/#//{EVIL}",
        f"?//{EVIL}",
        f"#//{EVIL}",
    ),
    *(
        f"/\r\nLocation: https://{EVIL}",
        "/x\r\nSet-Cookie: a=b",
        "",
        " ",
        ".",
        "..",
        "relative",
        "./x",
        "@evil.example",
        ":80",
    ),
]


def test_there_are_enough_of_them() -> None:
    assert len(set(TRICKY)) == len(TRICKY) >= 80


@pytest.mark.parametrize("address", TRICKY, ids=ascii)
def test_what_is_kept_of_an_address_begins_with_one_slash_and_stays(address: str) -> None:
    own = own_address(address)
    assert own.startswith("/")
    assert not own.startswith(("//", "/\\"))
    # As it is written in a header.
    assert not leads_out(iri_to_uri(own))
    assert not any(ord(sign) < 32 for sign in own)


def test_signing_in_leads_nobody_away(app: Flask) -> None:
    for address in TRICKY:
        fields = {"email": EDITOR.email, "password": PASSWORD, "next": address}
        answer = browser(app).post("/logga-in", data=fields, query_string={"next": address})
        assert answer.status_code == 303, address
        assert not leads_out(answer.headers["Location"]), address


def test_no_page_leads_to_where_somebody_says_that_they_come_from(anyone: Browser, editor: Browser) -> None:
    """By Referer and by what htmx says of itself; and whatever the pages write of an address leads to no other site."""
    for address in TRICKY:
        said = {
            name: address.encode("ascii", "replace").decode().replace("\r", "").replace("\n", "").replace("\x00", "")
            for name in ("Referer", "HX-Current-URL", "HX-Redirect", "Origin")
        }
        for client in (anyone, editor):
            answer = client.get("/logga-in", headers=said, query_string={"next": address, "sida": address})
            for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "Refresh"):
                assert not leads_out(answer.headers.get(name, "")), (address, name)
            assert f'href="//{EVIL}' not in answer.text
        posted = anyone.post("/mitt-konto/losenord", headers={**said, "HX-Request": "true"}, data={"x": "y"})
        assert not leads_out(posted.headers.get("Location", "") or posted.headers.get("HX-Redirect", ""))
