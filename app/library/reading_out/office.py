"""Word, Excel, PowerPoint and OpenDocument: every part that holds text, whatever its name.

So also headers, notes, comments, what was deleted while changes were tracked, and the copies of cells that lie behind
a pivot table.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import expatreader

from . import READABLE
from .sheets import Book, Sheet, Strings, Styles, local
from .telling import Locked, Telling

STRINGS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_PIECE = 1 << 16
# Attributes in which people's words stand; most others are measures.
_TOLD = frozenset(
    ("name", "title", "descr", "alias", "tag", "Target", "author", "userName", "displayName", "tooltip", "caption", "v")
)
_INLINE = frozenset(("t", "r", "span", "a", "delText", "instrText", "s"))
_PARAGRAPHS = frozenset(("p", "h", "br", "cr", "tr", "row", "si", "table-row", "line-break"))
_SIGNS = {"noBreakHyphen": "-", "softHyphen": "\u00ad", "tab": "\t", "s": " "}
_CELLS = ("tc", "table-cell")
_PLACES = (
    (re.compile(r"word/document\d*\.xml|content\.xml"), ""),
    (re.compile(r"docProps/|meta\.xml"), "egenskaper"),
    (re.compile(r"word/header"), "sidhuvud"),
    (re.compile(r"word/footer"), "sidfot"),
    (re.compile(r"word/footnotes"), "fotnoter"),
    (re.compile(r"word/endnotes"), "slutnoter"),
    (re.compile(r".*/(?:threadedC|c)omments?"), "kommentarer"),
    (re.compile(r"ppt/slides/slide(\d+)\.xml"), "bild {}"),
    (re.compile(r"ppt/notesSlides/notesSlide(\d+)\.xml"), "anteckningar till bild {}"),
    (re.compile(r"xl/(?:worksheets|workbook|sharedStrings)"), "arbetsboken"),
)


class Package:
    """One package. ``read_inner`` reads the files in it. Raises Locked and TooMuch."""

    def __init__(self, content: bytes, telling: Telling, read_inner: Callable[[str, bytes], None]) -> None:
        self.opened = zipfile.ZipFile(io.BytesIO(content))
        self.telling = telling
        self.read_inner = read_inner
        telling.take_parts(len(self.opened.namelist()))
        if any(part.flag_bits & 0x1 for part in self.opened.infolist()):
            raise Locked

    def read(self) -> None:
        """Read all of it; a part that cannot be read is left out."""
        sheets: dict[str, str] = {}
        book = Book()
        with self.telling.as_far_as_it_goes():
            sheets = self._prepare_book(book)
        for name in self.opened.namelist():
            with self.telling.as_far_as_it_goes():
                self._read_part(name, sheets, book)
        self.telling.look_at(_place_of(STRINGS), "\n".join(book.unused()))

    def _read_part(self, name: str, sheets: dict[str, str], book: Book) -> None:
        if name in (STRINGS, STYLES):
            return  # read with the cells that refer to them
        if name in sheets:
            place = f"bladet {sheets[name]}"
            self._parse(name, Sheet(book, lambda line, text: self.telling.look_at(place, text, line)))
        elif name.endswith((".xml", ".rels", ".vml")):
            words = _Words()
            self._parse(name, words)
            for text in words.texts():
                self.telling.look_at(_place_of(name), text)
        elif name.rpartition(".")[2].lower() in READABLE:
            with self.opened.open(name) as part:
                content = part.read(self.telling.unpacked + 1)
            self.telling.take_unpacked(len(content))
            self.read_inner(name, content)

    def _prepare_book(self, book: Book) -> dict[str, str]:
        """Read the strings and styles that cells refer to. Returns the names of the sheets by their parts."""
        names = set(self.opened.namelist())
        for part, handler in ((STRINGS, Strings(book)), (STYLES, Styles(book))):
            if part in names:
                self._parse(part, handler)
        if "xl/workbook.xml" not in names:
            return {}
        sheets, targets = _Attributes("sheet", "name", "r:id"), _Attributes("Relationship", "Target", "Id")
        self._parse("xl/workbook.xml", sheets)
        self._parse("xl/_rels/workbook.xml.rels", targets)
        paths = {one: posixpath.normpath(posixpath.join("xl", target)).lstrip("/") for target, one in targets.found}
        return {paths[one]: name for name, one in sheets.found if paths.get(one) in names}

    def _parse(self, name: str, handler: ContentHandler) -> None:
        parser = expatreader.create_parser(forbid_dtd=True)
        parser.setContentHandler(handler)
        with self.opened.open(name) as part:
            while piece := part.read(_PIECE):
                self.telling.take_unpacked(len(piece))
                parser.feed(piece)
        parser.close()


def _place_of(name: str) -> str:
    for pattern, place in _PLACES:
        if found := pattern.match(name):
            return place.format(*found.groups())
    return name


class _Words(ContentHandler):
    """The text of a part, a line for every paragraph, and the words in its attributes.

    Where changes are tracked there are two texts: what it says now, and what it said before.
    """

    def __init__(self) -> None:
        super().__init__()
        self._now: list[str] = []
        self._before: list[str] = []
        self._attributes: list[str] = []
        self._inside = {"ins": 0, "del": 0}
        self._tracked = self._said = False

    def texts(self) -> list[str]:
        texts = [self._now, self._before] if self._tracked else [self._now]
        return ["".join(text) for text in texts] + ["\n".join(self._attributes)]

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 (the interface's name)
        plain = local(name)
        self._said = False
        if plain in self._inside:
            self._inside[plain] += 1
            self._tracked = True
        if plain in ("noBreakHyphen", "softHyphen", "tab") or name == "text:s":
            self._add(_SIGNS[plain])
        self._attributes += [value for key, value in attrs.items() if local(key) in _TOLD and len(value) > 5]

    def characters(self, content: str) -> None:
        self._said = True
        self._add(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        plain = local(name)
        if plain in self._inside:
            self._inside[plain] -= 1
        if plain in _CELLS:
            self._add("\t")
        elif plain in _PARAGRAPHS or (self._said and plain not in _INLINE):
            self._add("\n")
        self._said = False

    def _add(self, text: str) -> None:
        if not self._inside["del"]:
            self._now.append(text)
        if not self._inside["ins"]:
            self._before.append(text)


class _Attributes(ContentHandler):
    """Two attributes of every element of one name."""

    def __init__(self, element: str, first: str, second: str) -> None:
        super().__init__()
        self.element, self.first, self.second = element, first, second
        self.found: list[tuple[str, str]] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        if local(name) == self.element:
            self.found.append((attrs.get(self.first, ""), attrs.get(self.second, "")))
