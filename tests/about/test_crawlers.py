"""What search engines are told: everything that anybody may read, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from xml.etree import ElementTree

import pytest
from flask import Flask
from PIL import Image

from app import create_app
from app.about import crawlers
from app.config import Settings
from app.web.text import today
from tests.cast import Browser, browser
from tests.house import House

XML = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
KINDS = ("practices", "studyvisits", "projects", "learnings", "networks", "meetings")


def is_allowed(robots: str, address: str) -> bool:
    """Whether a robots.txt lets a well-behaved program read an address (RFC 9309, 2.2.2 and 2.2.3)."""
    longest = (0, True)
    for word, path in re.findall(r"^(Allow|Disallow): (\S+)$", robots, re.MULTILINE):
        pattern = re.escape(path).replace(r"\*", ".*")
        pattern = pattern[:-2] + "$" if path.endswith("$") else pattern
        if re.match(pattern, address):
            longest = max(longest, (len(path), word == "Allow"))
    return longest[1]


def locations(answer_text: str) -> dict[str, str]:
    """The addresses of a sitemap with their last changes."""
    root = ElementTree.fromstring(answer_text)
    assert root.tag == f"{XML}urlset"
    return {url.findtext(f"{XML}loc", ""): url.findtext(f"{XML}lastmod", "") for url in root}


@pytest.fixture
def furnished(house: House) -> House:
    """A public page of every kind, and pages that are not for everybody."""
    for kind in KINDS:
        house.write(kind, "oppen")
    house.write("cycles", "oppen/01-forst")
    house.write("practices", "utkast", publication="draft")
    house.write("practices", "granskas", publication="in_review")
    house.write("practices", "natverkets", visibility="network", networks=["oppen"])
    house.write("practices", "var-egen", visibility="organisation")
    house.write("practices", "arkiverad", publication="archived")
    house.write("practices", "hemlig", owner="lysekil", publication="draft")
    house.look()
    return house


# ---- robots.txt ----


def test_the_matching_of_this_test_is_that_of_the_standard() -> None:
    robots = "User-agent: *\nDisallow: /*?\nDisallow: /*/ny$\nDisallow: /sok\nAllow: /static/\n"
    assert is_allowed(robots, "/")
    assert is_allowed(robots, "/a/nyheter")
    assert is_allowed(robots, "/static/site.css?v=1")
    assert not is_allowed(robots, "/a/ny")
    assert not is_allowed(robots, "/a?b=c")
    assert not is_allowed(robots, "/sok")


def test_robots_may_read_what_anybody_may_and_find_the_sitemap(furnished: House, anyone: Browser) -> None:
    answer = anyone.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert "\nSitemap: http://localhost/sitemap.xml\n" in answer.text
    assert answer.text.startswith("User-agent: *\nDisallow: ")
    for address in locations(anyone.get("/sitemap.xml").text):
        assert is_allowed(answer.text, address.removeprefix("http://localhost")), address


def addresses_of(app: Flask) -> Iterator[str]:
    """The address of every page, with something in the place of what varies."""
    values = {"number": "1", "url": "arbetssatt", "form": "json"}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            slug = "oppen/01-forst" if rule.endpoint.startswith("cycles.") else "oppen"
            address = re.sub(r"<[^<>]*\bslug>", slug, rule.rule)
            yield re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: values.get(found[1], "x"), address)


def test_robots_keep_away_from_what_asks_for_a_sign_in_and_from_what_is_not_to_be_found(
    furnished: House, anyone: Browser
) -> None:
    """A new page that fails here is for members, or a form: it belongs in ``DISALLOWED``."""
    robots = anyone.get("/robots.txt").text
    for address in addresses_of(furnished.app):
        answer = anyone.get(address)
        is_page = answer.status_code == 200 and answer.mimetype == "text/html"
        if answer.status_code == 401 or (is_page and 'content="noindex"' in answer.text):
            assert not is_allowed(robots, address), address
        elif is_page:
            assert is_allowed(robots, address), address


# ---- sitemap.xml ----


def test_the_sitemap_has_every_public_page_and_no_other(furnished: House, anyone: Browser, admin: Browser) -> None:
    answer = anyone.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    found = {address.removeprefix("http://localhost") for address in locations(answer.text)}
    kinds = furnished.app.extensions["library"].kinds
    assert found == {
        *("/", "/om", "/tillganglighet", "/personuppgifter", "/organisationer", "/organisationer/sodertalje"),
        *(f"/{kind.url}" for kind in kinds.values()),
        *(f"/{kinds[kind].url}/oppen" for kind in KINDS),
        "/cykler/oppen/01-forst",
    }
    assert all(anyone.get(path).status_code == 200 for path in found)
    assert all('content="noindex"' not in anyone.get(path).text for path in found)
    assert admin.get("/sitemap.xml").text == answer.text


def test_the_sitemap_says_when_a_page_changed_and_nothing_where_nobody_knows(
    furnished: House, anyone: Browser, editor: Browser
) -> None:
    from tests.editing.writing import fill_in, open_form

    saved = fill_in(editor, open_form(editor, "/arbetssatt/oppen/andra"), title="Ny rubrik")
    assert saved.status_code == 303
    found = locations(anyone.get("/sitemap.xml").text)
    assert found["http://localhost/arbetssatt/oppen"] == today().isoformat()
    assert found["http://localhost/om"] == ""


def test_pages_that_were_here_before_have_no_day_of_change(settings: Settings) -> None:
    house = House(create_app(settings), settings.home)
    house.write("practices", "fanns-redan")
    with house.app.app_context():
        house.app.extensions["archive"].make_ready()
    found = locations(browser(house.app).get("/sitemap.xml").text)
    assert found["http://localhost/arbetssatt/fanns-redan"] == ""
    house.app.extensions["databases"].close()


def test_a_large_site_has_its_sitemap_in_parts(
    furnished: House, anyone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = locations(anyone.get("/sitemap.xml").text)
    monkeypatch.setattr(crawlers, "MOST", 8)
    root = ElementTree.fromstring(anyone.get("/sitemap.xml").text)
    assert root.tag == f"{XML}sitemapindex"
    parts = [place.findtext(f"{XML}loc", "") for place in root]
    assert parts[0] == "http://localhost/sitemap-1.xml"
    found = [locations(anyone.get(part.removeprefix("http://localhost")).text) for part in parts]
    assert max(len(part) for part in found) == 8
    assert {address: day for part in found for address, day in part.items()} == whole
    assert anyone.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    assert anyone.get("/sitemap-0.xml").status_code == 404


def test_addresses_are_those_that_the_reader_sees_behind_our_own_proxy(settings: Settings) -> None:
    seen = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "larnat.example", "X-Forwarded-For": "192.0.2.1"}
    for proxies, root in ((1, "https://larnat.example"), (0, "http://localhost")):
        app = create_app(replace(settings, proxies=proxies, address="https://larnat.example"))
        app.extensions["archive"].reconcile()
        client = browser(app)
        assert f"Sitemap: {root}/sitemap.xml" in client.get("/robots.txt", headers=seen).text
        assert f"{root}/om" in locations(client.get("/sitemap.xml", headers=seen).text)
        assert f'<link rel="canonical" href="{root}/om">' in client.get("/om", headers=seen).text
        app.extensions["databases"].close()


@pytest.mark.parametrize("host", ['evil"><script>alert(1)</script>', "a b", "<x>"])
def test_a_host_that_is_none_is_not_repeated(house: House, anyone: Browser, host: str) -> None:
    house.look()
    for path in ("/robots.txt", "/sitemap.xml", "/om"):
        assert host not in anyone.get(path, headers={"Host": host}).text


def test_while_the_index_is_gone_search_engines_come_back_later(app: Flask, anyone: Browser) -> None:
    folder = app.extensions["settings"].derived_folder
    app.extensions["databases"].close()
    for file in folder.rglob("*"):
        if file.is_file():
            file.unlink()
    answer = anyone.get("/sitemap.xml")
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


# ---- What a page says of itself ----


def test_a_public_page_says_where_it_is_and_what_it_is_about(house: House, anyone: Browser) -> None:
    house.write("practices", "a", title='En "ny" väg & <fler>', summary='Kort & "bra"')
    house.write("practices", "b", title="Utan ingress")
    house.look()
    text = anyone.get("/arbetssatt/a").text
    head = text.partition("</head>")[0]
    assert '<link rel="canonical" href="http://localhost/arbetssatt/a">' in head
    assert '<meta property="og:title" content="En &#34;ny&#34; väg &amp; &lt;fler&gt;">' in head
    assert '<meta property="og:description" content="Kort &amp; &#34;bra&#34;">' in head
    assert re.search(r'<meta name="description"\s+content="Kort &amp; &#34;bra&#34;">', head)
    assert "noindex" not in head
    image = re.search(r'<meta property="og:image" content="http://localhost([^"]+)"', head)
    assert image
    assert anyone.get(image[1]).mimetype == "image/png"
    assert 'content="Arbetssätt: Utan ingress"' in anyone.get("/arbetssatt/b").text
    assert 'content="Så gör andra, vad det kostar och vad som är känt om nyttan."' in anyone.get("/arbetssatt").text
    assert "Se också alla nätverksträffar." in anyone.get("/natverk").text.partition("</head>")[0]


def test_what_is_not_for_everybody_is_not_to_be_found(furnished: House, anyone: Browser, editor: Browser) -> None:
    for path in ("/arbetssatt/utkast", "/arbetssatt/natverkets", "/arbetssatt/var-egen", "/arbetssatt/arkiverad"):
        text = editor.get(path).text
        assert '<meta name="robots" content="noindex">' in text, path
        assert "og:title" not in text
    for path in (
        *("/arbetssatt/oppen/andra", "/arbetssatt/oppen/historik", "/arbetssatt/nytt", "/mitt-konto", "/rapportera"),
        *("/sok?q=a", "/arbetssatt?sida=1", "/arbetssatt/oppen?x=y", "/organisationer/solna", "/finns-inte"),
    ):
        assert '<meta name="robots" content="noindex">' in editor.get(path, follow_redirects=True).text, path


# ---- Icons, and whom to tell of a weakness ----


def test_the_icon_is_where_programs_look_for_it(anyone: Browser) -> None:
    answer = anyone.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in answer.headers
    with Image.open(BytesIO(answer.data)) as icon:
        assert icon.format == "ICO"
        assert set(icon.info["sizes"]) == {(16, 16), (32, 32), (48, 48)}
    head = anyone.get("/om").text
    for rel in ("icon", "apple-touch-icon"):
        for address in re.findall(rf'<link rel="{rel}"[^>]*href="([^"]+)"', head):
            assert anyone.get(address).status_code == 200, address


def test_security_txt_is_there_where_somebody_can_be_told(app: Flask, anyone: Browser) -> None:
    assert anyone.get("/.well-known/security.txt").status_code == 404
    app.extensions["settings"] = replace(
        app.extensions["settings"], contact_email="larnat@solna.example", contact_phone="08-123 456 00"
    )
    answer = anyone.get("/.well-known/security.txt")
    assert answer.mimetype == "text/plain"
    lines = dict(line.split(": ", 1) for line in answer.text.splitlines() if not line.startswith("Contact: tel"))
    assert lines["Contact"] == "mailto:larnat@solna.example"
    assert "Contact: tel:08-12345600" in answer.text
    assert lines["Canonical"] == "http://localhost/.well-known/security.txt"
    assert timedelta() < datetime.fromisoformat(lines["Expires"]) - datetime.now(UTC) < timedelta(days=365)
