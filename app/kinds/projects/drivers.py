"""A driver diagram: what the team believes moves the aim, what moves that, and what could be tried.

The team's theory of change, as a nested list in the file. It is no tree: a driver or an idea may also act on another
one than that under which it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from app.library.document import Group
from app.library.fields import OrAsWritten, PartialDate, RefersTo
from app.library.vocabulary import Strength

HOW_STRONG = "Hur starkt påverkar det?"
# Nobody can take in more at once, and what is drawn and compared stays cheap.
MOST_NODES = 200


class Link(Group):
    """A driver that something acts on besides the one under which it stands."""

    to: str = Field(title="Påverkar också", description="Skriv påverkansfaktorn som den heter i diagrammet.")
    strength: Annotated[Strength, OrAsWritten()] = Field(Strength.STRONG, title=HOW_STRONG)


class Idea(Group):
    text: str = Field(title="Idé", description="Vad skulle ni kunna göra annorlunda?")
    strength: Annotated[Strength, OrAsWritten()] = Field(Strength.STRONG, title=HOW_STRONG)
    cycles: list[Annotated[str, RefersTo("cycles", "Utvecklingsarbeten som har cykeln i sitt påverkansdiagram")]] = (
        Field(default_factory=list, title="Cykler som provar idén", json_schema_extra={"one": "en cykel"})
    )
    also: list[Link] = Field(
        default_factory=list, title="Andra faktorer som idén påverkar", json_schema_extra={"one": "en koppling"}
    )

    @property
    def name(self) -> str:
        """What a cycle that tries it calls it."""
        return self.text


class Secondary(Group):
    text: str = Field(title="Vad det beror på", description="Till exempel ”Remissen innehåller det AME behöver”.")
    strength: Annotated[Strength, OrAsWritten()] = Field(Strength.STRONG, title=HOW_STRONG)
    also: list[Link] = Field(
        default_factory=list, title="Andra faktorer som det påverkar", json_schema_extra={"one": "en koppling"}
    )
    ideas: list[Idea] = Field(default_factory=list, title="Idéer", json_schema_extra={"one": "en idé", "folds": True})


class Primary(Group):
    text: str = Field(title="Vad målet beror på", description="Till exempel ”Rätt underlag från början”.")
    strength: Annotated[Strength, OrAsWritten()] = Field(Strength.STRONG, title=HOW_STRONG)
    secondary: list[Secondary] = Field(
        default_factory=list, title="Vad det i sin tur beror på", json_schema_extra={"one": "en faktor", "folds": True}
    )


class Snapshot(Group):
    """The diagram as it was on a day. Cycles are left out: it is the theory that is kept."""

    date: PartialDate = Field(title="När")
    note: str = Field("", title="Varför")
    drivers: list[Primary] = Field(default_factory=list, title="Påverkansdiagram")


# ---- The diagram as nodes and edges ----

AIM, PRIMARY, SECONDARY, IDEA = range(4)


@dataclass(frozen=True)
class Node:
    """A box of the diagram. ``column`` counts from the aim's, 0; ``under`` is the node under which it stands."""

    number: int
    column: int
    text: str
    under: int | None = None
    strength: Strength = Strength.STRONG
    cycles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edge:
    """Something acts on something in the column before its own; ``across`` where it does not stand under that."""

    cause: int
    effect: int
    strength: Strength
    across: bool = False


@dataclass(frozen=True)
class Diagram:
    """The nodes, each after the one under which it stands, and what acts on what."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def under(self, node: Node) -> list[Node]:
        return [one for one in self.nodes if one.under == node.number]

    def across(self, node: Node) -> list[tuple[Node, Strength]]:
        """What the node also acts on, and how strongly."""
        found = (edge for edge in self.edges if edge.across and edge.cause == node.number)
        return [(self.nodes[edge.effect], edge.strength) for edge in found]


def diagram_of(aim: str, drivers: Sequence[Primary]) -> Diagram:
    """The diagram of the drivers of an aim. Links to what is not there are left out."""
    nodes = [Node(0, AIM, aim)]
    links: list[tuple[int, Sequence[Link]]] = []
    for primary in drivers:
        first = _added(nodes, Node(len(nodes), PRIMARY, primary.text, 0, primary.strength))
        for secondary in primary.secondary:
            second = _added(nodes, Node(len(nodes), SECONDARY, secondary.text, first, secondary.strength))
            links.append((second, secondary.also))
            for idea in secondary.ideas:
                third = Node(len(nodes), IDEA, idea.text, second, idea.strength, tuple(idea.cycles))
                links.append((_added(nodes, third), idea.also))
    own = [Edge(node.number, node.under, node.strength) for node in nodes if node.under is not None]
    return Diagram(tuple(nodes), (*own, *_across(nodes, links)))


def _added(nodes: list[Node], node: Node) -> int:
    nodes.append(node)
    return node.number


def _across(nodes: Sequence[Node], links: Iterable[tuple[int, Sequence[Link]]]) -> Iterator[Edge]:
    for number, also in links:
        cause = nodes[number]
        taken = {cause.under}
        for link in also:
            effect = _named(nodes, cause.column - 1, link.to)
            if effect is not None and effect.number not in taken:
                taken.add(effect.number)
                yield Edge(number, effect.number, link.strength, across=True)


def _named(nodes: Iterable[Node], column: int, text: str) -> Node | None:
    return next((node for node in nodes if node.column == column and plain(node.text) == plain(text)), None)


def plain(text: str) -> str:
    """A text as it is compared: without differences in capitals, blanks and the full stop."""
    return " ".join(text.casefold().split()).rstrip(".")


def nodes_in(drivers: Sequence[Primary]) -> int:
    """How many boxes there are besides the aim's."""
    below = [two for one in drivers for two in one.secondary]
    return len(drivers) + len(below) + sum(len(two.ideas) for two in below)


def unknown_links(drivers: Sequence[Primary]) -> list[str]:
    """What links name that is not in the column before theirs, as it was written."""
    primary = {plain(one.text) for one in drivers}
    secondary = {plain(two.text) for one in drivers for two in one.secondary}
    found = [link.to for one in drivers for two in one.secondary for link in two.also if plain(link.to) not in primary]
    ideas = (idea for one in drivers for two in one.secondary for idea in two.ideas)
    found += [link.to for idea in ideas for link in idea.also if plain(link.to) not in secondary]
    return list(dict.fromkeys(found))
