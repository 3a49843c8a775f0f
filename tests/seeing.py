"""What a person gets out of a page: its words, its headings and where its links lead."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.test import TestResponse

# Words on both sides of these belong together; other tags part them.
INLINE = frozenset(("a", "span", "strong", "em", "b", "i", "mark", "small", "code", "ins", "del"))
VOID = frozenset(("meta", "link", "input", "br", "img", "hr"))


@dataclass
class Sight:
    """A page as it is read: all words with single spaces, headings with their levels, links by their words."""

    status: int
    words: str = ""
    headings: list[tuple[int, str]] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)

    def leads_to(self, address: str) -> bool:
        """Whether a link on the page leads there."""
        return address in self.links.values()


class _Reader(HTMLParser):
    def __init__(self, sight: Sight) -> None:
        super().__init__()
        self.sight = sight
        self.open: list[tuple[str, str, list[str]]] = []
        self.inside_main = False
        self.all: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "main":
            self.inside_main = True
        if identity := attributes.get("id"):
            self.sight.ids.append(identity)
        self._part(tag)
        if tag not in VOID:
            self.open.append((tag, attributes.get("href") or "", []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if identity := dict(attrs).get("id"):
            self.sight.ids.append(identity)
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.inside_main = False
        while self.open:
            name, href, texts = self.open.pop()
            words = " ".join("".join(texts).split())
            if self.open:
                self.open[-1][2].extend(texts)
            if name == "a" and self.inside_main:
                self.sight.links[words] = href
            if len(name) == 2 and name[0] == "h" and name[1].isdigit():
                self.sight.headings.append((int(name[1]), words))
            if name == tag:
                break
        self._part(tag)

    def handle_data(self, data: str) -> None:
        if any(tag in ("script", "style", "svg") for tag, *_ in self.open):
            return
        if self.open:
            self.open[-1][2].append(data)
        if self.inside_main:
            self.all.append(data)

    def _part(self, tag: str) -> None:
        if tag not in INLINE:
            self.handle_data(" ")


def see(answer: TestResponse) -> Sight:
    """What the main part of a page says."""
    sight = Sight(answer.status_code)
    reader = _Reader(sight)
    reader.feed(answer.text)
    sight.words = " ".join("".join(reader.all).split())
    return sight
