"""What search engines and other programs ask for: robots.txt, sitemap.xml, favicon.ico and security.txt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Response, abort, current_app, make_response, render_template, request, url_for

from app.about.pages import blueprint
from app.accounts.rules import open_to_anyone
from app.config import Settings
from app.library.visibility import ANYONE
from app.publishing import current
from app.web.text import in_sweden

# The most addresses that a sitemap may have, by its protocol (sitemaps.org).
MOST = 50_000
# What is for members, forms, histories, other programs, and whatever is chosen or searched for. A star is any
# characters, a dollar sign the end of the address (RFC 9309); the longest that fits wins.
DISALLOWED = (
    "/*?",
    "/*/nytt$",
    "/*/nytt/",
    "/utvecklingsarbeten/*.json$",
    "/*/*/andra$",
    "/*/*/andra/",
    "/*/*/deltagare$",
    "/*/*/filer$",
    "/*/*/flytta$",
    "/*/*/historik$",
    "/*/*/historik/",
    "/*/*/jamfor$",
    "/*/*/matt/*/varden",
    "/*/*/sammanfattning$",
    "/*/*/ta-bort$",
    "/api/",
    "/borja-prova",
    "/glomt-losenord",
    "/granskning",
    "/hamta",
    "/healthz",
    "/inbjudan",
    "/klistra-in",
    "/konto-avslutat",
    "/laget",
    "/logga-in",
    "/mitt-konto",
    "/nytt-losenord",
    "/ordlista",
    "/papperskorg",
    "/personer",
    "/paminnelser",
    "/problem",
    "/rapporte",
    "/sidor-att-lanka",
    "/sok",
)
ALLOWED = ("/static/", "/filer/")
GENERAL = ("overview.start", "about.about", "about.accessibility", "about.personal_data", "overview.organisations")
# A contact that has not been seen to for so long may be nobody's any more (RFC 9116).
CONTACT_HOLDS = timedelta(days=180)


@dataclass(frozen=True)
class Place:
    """One page in a sitemap: its whole address and, where it is known, the day of its last change."""

    url: str
    changed: str = ""


@blueprint.get("/robots.txt")
@open_to_anyone("it tells of the site itself")
def robots() -> Response:
    """What search engines may read."""
    sitemap = url_for("about.sitemap", _external=True)
    return _plain(render_template("about/robots.txt", disallowed=DISALLOWED, allowed=ALLOWED, sitemap=sitemap))


@blueprint.get("/sitemap.xml")
@open_to_anyone("it lists only what anybody may read")
def sitemap() -> Response:
    """Every page that anybody may read; or, where they are too many for one list, where the lists are."""
    places = list(_places())
    if len(places) <= MOST:
        return _xml("about/sitemap.xml", places=places)
    numbers = range(1, -(-len(places) // MOST) + 1)
    return _xml("about/sitemaps.xml", urls=[url_for("about.part", number=number, _external=True) for number in numbers])


@blueprint.get("/sitemap-<int:number>.xml")
@open_to_anyone("it lists only what anybody may read")
def part(number: int) -> Response:
    """One of the lists of a large site."""
    places = list(_places())[max(0, number - 1) * MOST : number * MOST]
    if not places:
        abort(404)
    return _xml("about/sitemap.xml", places=places)


@blueprint.get("/.well-known/security.txt")
@open_to_anyone("it tells of the site itself")
def security() -> Response:
    """Whom to tell of a weakness; there is no such page where nobody has said."""
    settings: Settings = current_app.extensions["settings"]
    phone = "".join(sign for sign in settings.contact_phone if sign in "+0123456789-")
    contacts = [f"mailto:{settings.contact_email}"] * bool(settings.contact_email) + [f"tel:{phone}"] * bool(phone)
    if not contacts:
        abort(404)
    expires = (datetime.now(UTC) + CONTACT_HOLDS).replace(microsecond=0)
    return _plain(
        render_template(
            "about/security.txt", contacts=contacts, expires=expires.isoformat(), canonical=request.base_url
        )
    )


@blueprint.get("/favicon.ico")
@open_to_anyone("an icon is the same for everybody")
def favicon() -> Response:
    """The icon, where programs look for it that do not read the page."""
    response = current_app.send_static_file("favicon.ico")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _places() -> Iterator[Place]:
    root = request.host_url.rstrip("/")
    yield from (Place(url_for(endpoint, _external=True)) for endpoint in GENERAL)
    for kind in current.library.kinds.values():
        yield Place(url_for(f"{kind.name}.index", _external=True))
    for slug in sorted(current.index.organisations(ANYONE)):
        if current.organisations.get(slug):
            yield Place(url_for("overview.organisation", slug=slug, _external=True))
    for address in current.index.addresses(ANYONE):
        changed = in_sweden(address.changed_at).date().isoformat() if address.changed_at else ""
        yield Place(root + address.path, changed)


def _xml(template: str, **context: object) -> Response:
    response = make_response(render_template(template, **context))
    response.mimetype = "application/xml"
    return response


def _plain(text: str) -> Response:
    response = make_response(f"{text.strip()}\n")
    response.mimetype = "text/plain"
    return response
