"""What a project's page shows of its driver diagram: the picture, what has become of ideas, and how it has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from markupsafe import Markup

from app.editing.events import Values
from app.kinds.projects.driver_changes import changes
from app.kinds.projects.driver_drawing import picture
from app.kinds.projects.drivers import IDEA, Diagram, Node, Primary, Snapshot, diagram_of
from app.kinds.projects.project import Project
from app.library.document import Document
from app.library.fields import PartialDate
from app.library.vocabulary import Words
from app.publishing import Refused

UNTRIED = "inte prövad"
# The latest of the kept diagrams are told of; the others stand in the file.
MOST_KEPT = 20


@dataclass(frozen=True)
class Became:
    """What has become of an idea: the status or decision of its last cycle, None where no cycle has tried it."""

    cycles: tuple[Document, ...] = ()

    @property
    def last(self) -> Words | None:
        if not self.cycles:
            return None
        front = self.cycles[-1].front_matter
        return getattr(front, "decision", None) or getattr(front, "status", None)

    @property
    def words(self) -> str:
        return self.last.swedish if self.last else UNTRIED


@dataclass(frozen=True)
class Then:
    """A kept diagram: when and why it was kept, what it said, and what has been changed from it to the next one."""

    date: PartialDate
    note: str
    diagram: Diagram
    changes: list[str]


@dataclass(frozen=True)
class Theory:
    """The driver diagram of a project as its page shows it; ``then`` are the kept ones, the newest first."""

    diagram: Diagram
    became: dict[int, Became]
    picture: Markup
    then: list[Then]

    def of(self, node: Node) -> Became | None:
        """What has become of a node, if it is an idea."""
        return self.became.get(node.number)


def theory_of(project: Project, cycles: Sequence[Document]) -> Theory | None:
    """What is shown of a project's diagram, with the cycles that the viewer may see; None where there is none."""
    if not project.drivers and not project.driver_snapshots:
        return None
    diagram = _diagram(project, project.drivers)
    became = {
        node.number: Became(tuple(sorted((one for one in cycles if _tries(one, node)), key=_place)))
        for node in diagram.nodes
        if node.column == IDEA
    }
    words = {number: one.words for number, one in became.items()}
    return Theory(diagram, became, picture(diagram, words), list(_then(project, diagram)))


def _tries(cycle: Document, idea: Node) -> bool:
    """Whether a cycle tries an idea: the diagram says so, or the cycle does; one that says none may be called so."""
    said = getattr(cycle.front_matter, "idea", "") or cycle.title
    return cycle.slug in idea.cycles or said.strip().casefold() == idea.text.strip().casefold()


def _place(cycle: Document) -> str:
    return cycle.slug


def _diagram(project: Project, drivers: Sequence[Primary]) -> Diagram:
    return diagram_of(project.aim.sentence or project.title, drivers)


def _then(project: Project, diagram: Diagram) -> Iterator[Then]:
    """The kept diagrams, newest first, each with what became different until the next."""
    kept = [(one, _diagram(project, one.drivers)) for one in project.driver_snapshots[-MOST_KEPT:]]
    for (one, before), (_, after) in reversed(list(pairwise([*kept, (None, diagram)]))):
        if one is not None:
            yield Then(one.date, one.note, before, changes(before, after))


def kept(project: Project, note: str, today: date) -> Values:
    """The diagram is kept as it is today. Raises Refused where there is nothing new to keep."""
    if not project.drivers:
        raise Refused("Det finns inget påverkansdiagram att spara än. Rita det först.")
    last = project.driver_snapshots[-1] if project.driver_snapshots else None
    if last and not changes(_diagram(project, last.drivers), _diagram(project, project.drivers)):
        raise Refused("Diagrammet är redan sparat så som det ser ut nu. Ändra det först.")
    drivers = [primary.model_copy(deep=True) for primary in project.drivers]
    for idea in (idea for one in drivers for two in one.secondary for idea in two.ideas):
        idea.cycles = []
    snapshot = Snapshot(date=PartialDate.of(today), note=note, drivers=drivers)
    return {"driver_snapshots": [*project.driver_snapshots, snapshot]}
