"""Front matter as a tree of nodes that know where in the text they stand.

Only the parser of PyYAML is used (in C where it is there), never its constructors: nothing in a file can make an
object, and every plain word stays what was typed (``0114``, ``no``, ``2013``). What front matter does not need is
refused: aliases and anchors (also the way to a YAML bomb), tags, keys given twice, very deep or very many values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from app.library.document import BrokenDocument, Problem

Place = tuple[str | int, ...]

DEEPEST = 12
MOST_NODES = 20_000
NULLS = frozenset(("", "~", "null", "Null", "NULL"))

# The C parser is some twenty times faster; the other one gives the same nodes where it cannot be built.
_Parser: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_UNEVEN = (
    "raden är inte jämnt indragen, eller har något efter ett citerat värde. Skriv ”nyckel: värde” rakt under raden före"
)
# What the parser says (in C or in Python) and what it means to somebody who wrote the file. The first that fits is
# used.
_MEANINGS = (
    (
        "mapping values are not allowed",
        'kolon på fel ställe. Sätt citattecken runt en text som innehåller kolon, som titel: "Mål: fler i arbete"',
    ),
    (
        "could not find expected ':'",
        "raden saknar kolon. Skriv ”nyckel: värde”, och dra in rader som fortsätter en text",
    ),
    ("tab character", "raden är indragen med tabb. Använd mellanslag"),
    ("'\\t' that cannot start", "raden är indragen med tabb. Använd mellanslag"),
    (
        "cannot start any token",
        "ett värde kan inte börja med det här tecknet (eller med tabb). Sätt citattecken runt hela värdet",
    ),
    ("unexpected end of stream", "ett citattecken som börjar här avslutas aldrig"),
    ("quoted scalar", "ett citattecken som börjar här avslutas inte som det ska"),
    (
        "unknown escape character",
        "omvänt snedstreck inom citattecken har en egen betydelse. Skriv \\\\ eller enkla citattecken",
    ),
    (
        "block sequence entries are not allowed",
        "ett streck på fel ställe. Varje ”- värde” ska stå på en egen rad under sin nyckel",
    ),
    ("sequence entries", "ett streck på fel ställe. Varje ”- värde” ska stå på en egen rad under sin nyckel"),
    ("'-' indicator", "listan är inte jämnt indragen. Alla streck i en lista ska stå rakt under varandra"),
    ("',' or ']'", "en lista inom [ ] är inte avslutad. Skriv komma mellan värdena och ] sist"),
    ("',' or '}'", "värden inom { } är inte avslutade. Skriv komma mellan dem och } sist"),
    ("alphabetic or numeric", "ett värde kan inte börja med * eller &. Sätt citattecken runt hela värdet"),
    ("alphanumeric", "ett värde kan inte börja med * eller &. Sätt citattecken runt hela värdet"),
    ("tag", "ett värde kan inte börja med utropstecken. Sätt citattecken runt hela värdet"),
    ("block scalar", "efter | eller > ska texten börja på nästa rad, indragen"),
    ("indentation indicators", "efter | eller > ska texten börja på nästa rad, indragen"),
    ("comment or line break", "efter | eller > ska texten börja på nästa rad, indragen"),
    ("expected key", _UNEVEN),
    ("<block end>", _UNEVEN),
    ("directive", "ett värde kan inte börja med %. Sätt citattecken runt hela värdet"),
    ("<document start>", "här ska front matter sluta med en rad med bara tre streck, ---"),
)
_MEANINGLESS = (
    "gick inte att läsa. Skriv ”nyckel: värde” på varje rad, och dra in det som hör till en nyckel med mellanslag"
)


@dataclass(slots=True)
class Node:
    """A value with its place in the text. ``start`` and ``end`` are offsets in characters, ``line`` counts from 0.

    A mapping has ``entries``, a list has ``children``, a scalar has ``value`` (None for a plain null).
    """

    start: int
    line: int
    column: int
    value: str | None = None
    entries: dict[str, tuple[Node, Node]] | None = None
    children: list[Node] | None = None
    end: int = 0
    flow: bool = False
    style: str = ""

    @property
    def plain(self) -> Any:
        """The value as nested dictionaries, lists and strings."""
        if self.entries is not None:
            return {key: node.plain for key, (_, node) in self.entries.items()}
        if self.children is not None:
            return [node.plain for node in self.children]
        return self.value

    def places(self, first_line: int, place: Place = ()) -> Iterator[tuple[Place, int]]:
        """Where every value stands: its path, and the line in the file if the text's first line is ``first_line``."""
        if self.entries is not None:
            for name, (key, node) in self.entries.items():
                yield (*place, name), key.line + first_line
                yield from node.places(first_line, (*place, name))
        elif self.children is not None:
            for number, node in enumerate(self.children):
                yield (*place, number), node.line + first_line
                yield from node.places(first_line, (*place, number))


@dataclass
class _Reading:
    """One pass over the parser's events."""

    path: str
    parser: Any
    first_line: int
    count: int = 0
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, event: Any, message: str) -> None:
        self.problems.append(Problem(self.path, message, event.start_mark.line + self.first_line))

    def give_up(self, event: Any, message: str) -> BrokenDocument:
        self.refuse(event, message)
        return BrokenDocument(self.path, self.problems)

    def root(self) -> Node:
        self.parser.get_event()  # the stream's start
        event = self.parser.get_event()
        if isinstance(event, yaml.StreamEndEvent):
            return Node(0, 0, 0, entries={})
        first = self.parser.get_event()
        node = self.node(first, 0)
        self.parser.get_event()  # the document's end
        after = self.parser.get_event()
        if node.entries is None and node.value is None and node.children is None:
            node.entries = {}
        if node.entries is None:
            raise self.give_up(first, "front matter ska bestå av rader som ”nyckel: värde”")
        if not isinstance(after, yaml.StreamEndEvent):
            raise self.give_up(after, "front matter ska sluta med en rad med bara tre streck, ---")
        if self.problems:
            raise BrokenDocument(self.path, self.problems)
        return node

    def node(self, event: Any, depth: int) -> Node:
        self.count += 1
        if self.count > MOST_NODES:
            raise self.give_up(event, f"front matter har mer än {MOST_NODES} värden. Flytta text till brödtexten")
        mark = event.start_mark
        node = Node(mark.index, mark.line, mark.column)
        sort = type(event)
        if sort is yaml.AliasEvent:
            self.refuse(
                event, "hänvisningar med * kan inte användas. Skriv värdet, med citattecken om det börjar med *"
            )
            return node
        if event.anchor is not None:
            self.refuse(event, "märkningar med & kan inte användas. Sätt citattecken om värdet börjar med &")
        if event.tag is not None:
            self.refuse(event, "typer med ! kan inte användas. Sätt citattecken om värdet börjar med utropstecken")
        if sort is yaml.ScalarEvent:
            node.style = event.style or ""
            node.value = None if event.value in NULLS and event.style in (None, "") else event.value
            node.end = event.end_mark.index
            return node
        if depth >= DEEPEST:
            raise self.give_up(event, f"värden ligger i mer än {DEEPEST} nivåer. Så djupt kan front matter inte vara")
        node.flow = bool(event.flow_style)
        if sort is yaml.SequenceStartEvent:
            self.fill_list(node, depth)
        else:
            self.fill_mapping(node, depth)
        return node

    def fill_list(self, node: Node, depth: int) -> None:
        node.children = []
        while True:
            event = self.parser.get_event()
            sort = type(event)
            if sort is yaml.SequenceEndEvent:
                node.end = event.end_mark.index
                return
            node.children.append(self.node(event, depth + 1))

    def fill_mapping(self, node: Node, depth: int) -> None:
        node.entries = {}
        while True:
            event = self.parser.get_event()
            sort = type(event)
            if sort is yaml.MappingEndEvent:
                node.end = event.end_mark.index
                return
            key = self.node(event, depth + 1)
            value = self.node(self.parser.get_event(), depth + 1)
            if key.value is None:
                self.refuse(event, "här saknas en nyckel. Skriv ”nyckel: värde”, där nyckeln är ett ord")
            elif key.value in node.entries:
                first = node.entries[key.value][0].line + self.first_line
                self.refuse(event, f"nyckeln ”{key.value}” står två gånger (också på rad {first}). Ta bort den ena")
            else:
                node.entries[key.value] = (key, value)


def read_nodes(path: str, text: str, first_line: int = 1) -> Node:
    """The mapping that a YAML text holds. Raises BrokenDocument with lines counted from ``first_line``."""
    parser = _Parser(text)
    try:
        return _Reading(path, parser, first_line).root()
    except yaml.YAMLError as error:
        raise BrokenDocument(path, [_in_swedish(path, error, first_line)]) from None
    finally:
        parser.dispose()


def _in_swedish(path: str, error: yaml.YAMLError, first_line: int) -> Problem:
    said = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None)
    meaning = next((swedish for english, swedish in _MEANINGS if english in said), _MEANINGLESS)
    if "avslutas" in meaning or "saknar kolon" in meaning or mark is None:
        # Where it began helps more than where the parser gave up.
        mark = getattr(error, "context_mark", None) or mark
    return Problem(path, meaning, mark.line + first_line if mark else 0)
