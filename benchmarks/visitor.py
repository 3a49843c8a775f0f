"""A visitor: one connection that is kept open, cookies, and forms filled in as a browser does."""

from __future__ import annotations

import http.client
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import quote, urlencode, urlsplit


class Visitor:
    """Somebody who asks a site on this machine."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}

    def get(self, address: str) -> str:
        """The page at an address. Raises AssertionError if there is none."""
        status, _, text = self._ask("GET", address)
        assert status == 200, f"{address} answered {status}"
        return text

    def post(self, address: str, fields: list[tuple[str, str]]) -> tuple[int, str, str]:
        """Send a form; gives the status, where it leads, and the page."""
        return self._ask("POST", address, urlencode(fields))

    def sign_in(self, email: str, password: str) -> None:
        fields = [
            (name, value) for name, value in form_in(self.get("/logga-in"), "") if name not in ("email", "password")
        ]
        status, _, _ = self.post("/logga-in", [*fields, ("email", email), ("password", password)])
        assert status == 303, f"signing in answered {status}"

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        where = quote(address, safe="/?&=%+")
        try:
            self._connection.request(method, where, body, headers)
            answer = self._connection.getresponse()
        except http.client.RemoteDisconnected:
            # The server has closed a connection on which nothing was said for a while, as browsers expect of it.
            self._connection.request(method, where, body, headers)
            answer = self._connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: cookie.value for name, cookie in SimpleCookie(line).items()}
        return answer.status, urlsplit(answer.headers.get("Location", "")).path, text


def form_in(page: str, form_id: str) -> list[tuple[str, str]]:
    """The fields that a browser would send from a page's form: the one with the id, or the first that is posted."""
    parser = _Form(form_id)
    parser.feed(page.partition("<main")[2])
    return parser.fields


class _Form(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._id, self._inside, self._done = form_id, False, False
        self._area, self._text, self._select = "", "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            wanted = given.get("id") == self._id if self._id else given.get("method") == "post"
            self._inside = wanted and not self._done
        elif self._inside and tag == "input" and given.get("name"):
            if given.get("type") not in ("radio", "checkbox") or "checked" in given:
                self.fields.append((given["name"], given.get("value", "")))
        elif self._inside and tag == "textarea":
            self._area, self._text = given.get("name", ""), ""
        elif self._inside and tag == "select":
            self._select = given.get("name", "")
        elif self._inside and tag == "option" and "selected" in given:
            self.fields.append((self._select, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.fields.append((self._area, self._text.removeprefix("\n")))
            self._area = ""
        elif tag == "form" and self._inside:
            self._inside, self._done = False, True
