"""What a page needs of rendered text: safe targets, ids of its own, tables that scroll, words for those who do not see.

Works on the element tree that the Markdown parser makes, before it becomes HTML; ``markdown.py`` calls it and cleans
the result.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from app.library.attachments import FOLDER_ENDING, is_name
from app.library.slugs import slugify

IMAGE_ELSEWHERE = "Bilden ligger på en annan webbplats och visas inte"
NO_SUCH_IMAGE = "Bilden finns inte bland sidans filer"
EXTERNAL = "external"

_TASK = re.compile(r"\[(?P<done>[ xX])\][ \t]+")
_INTERNAL = re.compile(r"/(?P<kind>[a-z]+)/(?P<slug>[a-z0-9-]+(?:/\d\d-[a-z0-9-]+)?)/?(?P<anchor>#[\w-]*)?")
_NOT_DOCUMENTS = frozenset(("organisationer", "static", "api"))
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_EXTERNAL = re.compile(r"(?i)https?://[^/\s]")
_WRITE_OR_CALL = re.compile(r"(?i)(?:mailto|tel):[^\s]+")
# Files are kept under this; who may see the page that they belong to may see them.
FILES = "/filer/"
_HIDDEN = re.compile("[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff]")

# The words that may stand after "!!!": what the box looks like, and its title if none is given.
_BOXES = {
    "obs": ("note", "Obs"),
    "note": ("note", "Obs"),
    "info": ("note", "Bra att veta"),
    "tips": ("tip", "Tips"),
    "tip": ("tip", "Tips"),
    "hint": ("tip", "Tips"),
    "exempel": ("example", "Exempel"),
    "example": ("example", "Exempel"),
    "fråga": ("question", "Fråga"),
    "fraga": ("question", "Fråga"),
    "question": ("question", "Fråga"),
    "viktigt": ("important", "Viktigt"),
    "important": ("important", "Viktigt"),
    "varning": ("warning", "Varning"),
    "warning": ("warning", "Varning"),
    "fara": ("danger", "Fara"),
    "danger": ("danger", "Fara"),
}
BOX_LOOKS = frozenset(look for look, _ in _BOXES.values())


@dataclass(frozen=True)
class Entry:
    """A heading in the contents; ``level`` is that of the HTML element."""

    level: int
    id: str
    title: str


@dataclass
class Markup:
    """One text on its way to a page.

    ``references`` are the links to documents as (kind's word in addresses, slug, text).
    """

    prefix: str
    above: int
    contents: list[Entry] = field(default_factory=list)
    references: list[tuple[str, str, str]] = field(default_factory=list)
    _ids: dict[str, str] = field(default_factory=dict)

    def improve(self, root: Element) -> None:
        """Change the tree in place."""
        level = self.above
        for parent, element in list(_with_parents(root)):
            self._rename(element)
            match element.tag:
                case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                    level = self._heading(element, level)
                case "a":
                    self._link(element)
                case "img":
                    _image(element)
                case "table":
                    _table(parent, element)
                case "li":
                    _task(element)
                case "div" if "admonition" in element.get("class", ""):
                    _box(element)
        self._anchors(root)

    def _heading(self, element: Element, level_before: int) -> int:
        """Headings stand under the page's own, and leave out no level: "#" and "##" are both the first below it."""
        title = " ".join("".join(element.itertext()).split())
        if not title:
            element.tag = "p"
            return level_before
        wanted = max(int(element.tag[1]), 2) + self.above - 1
        level = min(wanted, level_before + 1, 6)
        element.tag = f"h{level}"
        name = self._new_id(slugify(title) or "avsnitt")
        element.set("id", name)
        self.contents.append(Entry(level, name, title))
        return level

    def _rename(self, element: Element) -> None:
        """An id that the parser gave (of a footnote) as one that no part of the page has."""
        if (given := element.get("id")) is not None:
            element.set("id", self._ids.setdefault(given, self._new_id(re.sub(r"[^\w-]+", "-", given))))

    def _new_id(self, wanted: str) -> str:
        taken = set(self._ids.values())
        name, number = f"{self.prefix}{wanted}", 1
        while name in taken:
            number += 1
            name = f"{self.prefix}{wanted}-{number}"
        return self._ids.setdefault(f"\0{name}", name)

    def _anchors(self, root: Element) -> None:
        """Links inside the text follow its ids; footnotes say what they are."""
        names = set(self._ids.values())
        for element in root.iter("a"):
            target = element.get("href", "")
            if not target.startswith("#"):
                continue
            name = self._ids.get(target[1:]) or f"{self.prefix}{slugify(target[1:])}"
            element.set("href", f"#{name}" if name in names else target)
            if element.get("class") == "footnote-ref":
                element.set("aria-label", f"Fotnot {''.join(element.itertext())}")
            elif element.get("class") == "footnote-backref":
                element.set("aria-label", element.attrib.pop("title", "Tillbaka till texten"))

    def _link(self, element: Element) -> None:
        address = _address(element.get("href", ""))
        if element.get("data-ref") is not None:
            self._reference(element, *element.get("data-ref", "").split("/", 1))
        elif element.get("class", "").startswith("footnote-"):
            return
        elif (internal := _INTERNAL.fullmatch(address)) and internal["kind"] not in _NOT_DOCUMENTS:
            element.set("href", address)
            element.set("data-ref", f"{internal['kind']}/{internal['slug']}")
            self._reference(element, internal["kind"], internal["slug"])
        elif _EXTERNAL.match(address):
            element.set("href", address)
            element.set("class", EXTERNAL)
            element.set("rel", "noopener noreferrer nofollow")
        elif name := _own_file(address):
            # Where it leads depends on whose text this is; a text can stand in several documents.
            element.attrib.clear()
            element.set("data-file", name)
        elif _is_own(address) or _WRITE_OR_CALL.fullmatch(address):
            element.set("href", address)
        else:
            element.tag = "span"
            element.attrib.clear()

    def _reference(self, element: Element, kind: str, slug: str) -> None:
        self.references.append((kind, slug, "".join(element.itertext())))


def _with_parents(root: Element) -> Iterator[tuple[Element, Element]]:
    for child in root:
        yield root, child
        yield from _with_parents(child)


def _address(written: str) -> str:
    """An address as a browser would understand it: entities read, and nothing hidden in it."""
    return _HIDDEN.sub("", html.unescape(html.unescape(written)))


def _is_own(address: str) -> bool:
    """An address on this site: a path from the root, or a place in the text."""
    return "\\" not in address and bool(re.match(r"/(?!/)|#", address))


def _own_file(address: str) -> str:
    """The name of a file of the document's own, written as its name or with its folder; empty for anything else."""
    folder, slash, name = address.rpartition("/")
    if slash and ("/" in folder or not folder.endswith(FOLDER_ENDING)):
        return ""
    return name if is_name(name) else ""


def _image(element: Element) -> None:
    source = _address(element.get("src", ""))
    alternative = element.get("alt", "")
    tail = element.tail
    element.attrib.clear()
    if name := _own_file(source):
        element.set("data-file", name)
        element.set("alt", alternative)
    elif source.startswith(FILES) and _is_own(source):
        element.set("src", source)
        element.set("alt", alternative)
    else:
        why = IMAGE_ELSEWHERE if _SCHEME.match(source) or source.startswith(("/", "\\")) else NO_SUCH_IMAGE
        element.tag = "span"
        element.set("class", "no-image")
        element.text = f"[{why}{f': {alternative}' if alternative else ''}]"
    element.tail = tail


def _table(parent: Element, table: Element) -> None:
    """A table stands in a box that scrolls by keyboard too; its columns' alignment becomes a class."""
    for cell in table.iter():
        if look := {"right": "ta-end", "center": "ta-center"}.get(cell.attrib.pop("align", "")):
            cell.set("class", look)
        if cell.tag == "th":
            if "".join(cell.itertext()).strip():
                cell.set("scope", "col")
            else:
                cell.tag = "td"  # an empty heading says nothing to those who listen
    # Not a region: pages with several tables would have several landmarks of the same name.
    box = Element("div", {"class": "tbl", "tabindex": "0", "role": "group", "aria-label": "Tabell"})
    box.tail, table.tail = table.tail, None
    place = list(parent).index(table)
    parent[place] = box
    box.append(table)


def _task(item: Element) -> None:
    """ "[x] done" at the beginning of a list's line becomes a box that is ticked, with a word for it."""
    holder = item if (item.text or "").strip() or not len(item) or item[0].tag != "p" else item[0]
    text = (holder.text or "").lstrip()
    if not (found := _TASK.match(text)):
        return
    done = found["done"] != " "
    box = Element("input", {"type": "checkbox", "disabled": "", "aria-label": "Klart" if done else "Inte klart"})
    if done:
        box.set("checked", "")
    box.tail, holder.text = f" {text[found.end() :]}", None
    holder.insert(0, box)
    item.set("class", "task-list-item")


def _box(element: Element) -> None:
    word = element.get("class", "").replace("admonition", "", 1).split()
    look, title = _BOXES.get(word[0] if word else "", ("note", "Obs"))
    element.set("class", f"admonition {look}")
    heading = next((child for child in element if child.get("class") == "admonition-title"), None)
    if heading is None:
        return
    # The parser makes a title of the word itself where none is written.
    if word and (heading.text or "").strip().lower() == word[0].lower():
        heading.text = title
