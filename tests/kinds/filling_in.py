"""A project with one measure, and its values filled in as a browser does it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from werkzeug.test import TestResponse

from app.kinds.projects import table
from app.measuring.points import Number
from tests.cast import Browser
from tests.house import House

PROJECT = "/utvecklingsarbeten/mote"
PAGE = f"{PROJECT}/matt/i-tid"
VALUES = f"{PAGE}/varden"
FILE = "improvement_cycles/mote/measures/i-tid.csv"


def write(house: House, content: str = "", **more: Any) -> None:
    """A project with one measure and perhaps its table."""
    house.write("projects", "mote", title="Snabbare möte", measures=[{"name": "I tid", "unit": "dagar", **more}])
    if content:
        file = house.home / FILE
        file.parent.mkdir(exist_ok=True)
        file.write_text(content, encoding="utf-8")
    house.look()


def stored(house: House) -> dict[str, tuple[Number | None, ...]]:
    """The figures in the file by their days."""
    content = (house.home / FILE).read_bytes()
    return {
        point.on.isoformat(): (point.value,) if point.denominator is None else (point.numerator, point.denominator)
        for point in table.read(content).points
    }


class Form(HTMLParser):
    """The fields of the form with an id, as a browser would send them."""

    def __init__(self, text: str, form: str) -> None:
        super().__init__()
        self.wanted, self.inside, self.area = form, False, ""
        self.fields: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = said.get("id") == self.wanted
        if not self.inside or "name" not in said:
            return
        if tag == "input" and (said.get("type") not in ("radio", "checkbox", "file") or "checked" in said):
            self.fields[said["name"]] = said.get("value", "")
        if tag == "textarea":
            self.area = said["name"]
            self.fields[self.area] = ""

    def handle_endtag(self, tag: str) -> None:
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area] += data.removeprefix("\n")


def fields_of(answer: TestResponse, form: str = "varden") -> dict[str, str]:
    found = Form(answer.text, form).fields
    found.pop("csrf_token", "")
    return found


def opened(somebody: Browser) -> dict[str, str]:
    """The fields of the form as somebody gets it."""
    return fields_of(somebody.get(VALUES))


def send(somebody: Browser, opened_form: dict[str, str] | None = None, /, **fields: Any) -> TestResponse:
    """Fill in the form and press Save."""
    form = opened_form if opened_form is not None else opened(somebody)
    return somebody.post(VALUES, data={**form, "_do": "save", **fields}, content_type="multipart/form-data")


TWELVE = "".join(f"2026-{month:02}-01\t{30 + month % 3}\n" for month in range(1, 13))
