"""No page offers somebody a link or a button that would then be refused."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tests.access.everybody import OWN, PEOPLE, WORDS, Everybody
from tests.access.table import Line

PAGES = (
    "/",
    "/organisationer/sodertalje",
    "/personer",
    "/personer/organisation/sodertalje",
    "/personer/organisation/sodertalje/{person}",
    "/personer/natverk/knut",
    "/mitt-konto",
    "/natverk/knut",
    "/utvecklingsarbeten/projektet",
    "/filer/arbetssatt/{public}/borta.png",
)


class Offers(HTMLParser):
    """Where the links of a page lead, and where its forms go."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.posts: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        address = (given.get("href") if tag == "a" else given.get("action") if tag == "form" else "") or ""
        if address.startswith("/"):
            (self.posts if given.get("method", "").lower() == "post" else self.links).add(address.partition("#")[0])


@pytest.mark.parametrize("role", ["nobody", *PEOPLE])
def test_what_is_offered_is_not_refused(everybody: Everybody, role: str) -> None:
    names = {"person": everybody.ids["member"], "public": WORDS["public"]}
    pages = [address.format(**names) for address in PAGES]
    for kind in everybody.kinds.values():
        pages += [f"/{kind.url}", f"/{kind.url}/{everybody.names(kind, WORDS['public'], role)['slug']}"]
    tried: set[str] = set()
    for page in pages:
        answer = everybody.ask(Line("GET", page, 200, ""), role, {})
        if answer.status_code in (401, 403):
            continue
        offers = Offers()
        offers.feed(answer.text)
        # What ends something would end it; what a page's buttons ask for is refused only where nothing is filled in.
        kinds = tuple(f"/{kind.url}/" for kind in everybody.kinds.values())
        posts = {address for address in offers.posts if address.startswith(kinds)}
        for method, found in (("GET", offers.links), ("POST", posts)):
            for address in sorted(found - tried):
                tried.add(address)
                sent = f"organisation={OWN.get(role, '')}&guest={OWN.get(role, '')}"
                status = everybody.ask(
                    Line(method, address, 200, sent if method == "POST" else ""), role, {}
                ).status_code
                # Who is signed out may be offered to sign in.
                refusals = (403,) if role in ("nobody", "closed") and method == "GET" else (401, 403)
                assert status not in refusals, f"{page} offers {role} {method} {address}, which answers {status}"
    assert len(tried) > 20
