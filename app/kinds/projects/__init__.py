"""Improvement projects (utvecklingsarbeten): a problem, an aim, a team, and the cycles that try to reach it."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask import Blueprint, Response

from app import reading
from app.accounts.access import may_edit, may_see
from app.accounts.rules import asks, open_to_anyone
from app.accounts.signing_in import ask, viewer
from app.editing import add_editing, events, status
from app.editing.events import Fields, Happening, Refusal, Values, add_event
from app.editing.status import Onward
from app.kinds.projects import lines, measure_pages, taking_over, value_history, value_pages
from app.kinds.projects.measure import Measure
from app.kinds.projects.measured import all_of
from app.kinds.projects.project import KIND, Aim, ProgressChange, Project, StatusChange
from app.kinds.projects.ramps import ramps_of
from app.kinds.projects.theory import kept, theory_of
from app.library.document import Document
from app.library.fields import PartialDate
from app.library.vocabulary import CycleStatus, Progress, ProjectStatus
from app.publishing import Refused

__all__ = ["KIND", "Aim", "Measure", "Project", "blueprint"]

blueprint = Blueprint(KIND.name, __name__, url_prefix=f"/{KIND.url}")


@blueprint.get("")
@open_to_anyone("it lists what the viewer may see")
def index() -> Response:
    """All improvement projects that the viewer may see."""
    return reading.index(KIND)


@blueprint.get("/<path:slug>")
@asks(may_see)
def show(slug: str) -> Response:
    """One project: its aim, its team, how far it has come, and its ramps of cycles with their decisions."""
    return page_of(reading.open_document(KIND, slug))


def page_of(document: Document, refusal: Refusal | None = None) -> Response:
    """The page of a project, with the reason why something that was asked for on it was not done."""
    cycles = reading.children(document)
    parts = reading.parts_of(document)
    return reading.show(
        document,
        beside=("practices",),
        family=True,
        parts=parts,
        waiting=events.waiting(document, (part.title for part in parts)),
        cycles=cycles,
        ramps=ramps_of(cycles),
        measured=all_of(document, cycles),
        theory=theory_of(cast(Project, document.front_matter), cycles),
        current=next((cycle for cycle in reversed(cycles) if cycle.status != CycleStatus.DECIDED), None),
        practices=reading.cards_of(document, "practices"),
        standing=status.standing(document, ONWARD.get(document.status)),
        scale=tuple(Progress),
        offered=taking_over.offered(document) if may_edit(viewer(), document.front_matter) else (),
        **events.shown(refusal),
    )


# ---- What happens to a project ----


ONWARD = {
    ProjectStatus.IDEA: Onward(ProjectStatus.PLANNING, "Börja planera"),
    ProjectStatus.PLANNING: Onward(ProjectStatus.TESTING, "Börja prova"),
    ProjectStatus.TESTING: Onward(ProjectStatus.IMPLEMENTING, "Börja införa"),
    ProjectStatus.IMPLEMENTING: Onward(ProjectStatus.SUSTAINING, "Börja vidmakthålla"),
    ProjectStatus.SUSTAINING: Onward(ProjectStatus.COMPLETED, "Avsluta arbetet"),
}


def moved(project: Project, to: ProjectStatus, note: str, today: date) -> Values:
    """The project comes to another status, from today."""
    change = StatusChange(date=PartialDate.of(today), status=to, note=note)
    return {"status": to, "status_history": [*project.status_history, change]}


def advanced(project: Project, before: Progress | None, to: Progress, note: str, today: date) -> Values:
    """The project has come to a step of the progress scale today. Raises Refused where it is not at ``before``."""
    if project.progress is not before:
        now = project.progress.swedish if project.progress else "borttaget"
        raise Refused(f"Framsteget har ändrats sedan du öppnade sidan. Nu är det {now}. Vill du ändå ändra det?")
    if to is before:
        raise Refused("Det är redan det framsteget. Välj ett annat.")
    change = ProgressChange(date=PartialDate.of(today), progress=to, note=note)
    return {"progress": to, "progress_history": [*project.progress_history, change]}


@asks(may_edit)
def move_progress(document: Document, fields: Fields) -> Happening:
    """A member of the owner says how far the project has come."""
    ask(may_edit, document.front_matter)
    before = status.chosen(Progress, fields["before"]) if fields.get("before") else None
    to = status.chosen(Progress, fields.get("progress", ""))
    note = events.line(fields, "note")
    return Happening(
        change=lambda project: advanced(project, before, to, note, events.today()),
        summary=f"Framsteg {to.swedish}{status.after_colon(note)}",
        organisation=document.front_matter.owner,
    )


@asks(may_edit)
def take_over_measure(document: Document, fields: Fields) -> Happening:
    """A member of the owner lets the project measure as another one in its network does."""
    ask(may_edit, document.front_matter)
    chosen = taking_over.chosen(document, fields.get("measure", ""))
    return Happening(
        change=lambda project: taking_over.taken_over(project, chosen.place.measure),
        summary=f"Tog över måttet ”{chosen.place.measure.name[:80]}” från {chosen.where[:80]}",
        organisation=document.front_matter.owner,
    )


@asks(may_edit)
def keep_drivers(document: Document, fields: Fields) -> Happening:
    """A member of the owner keeps the driver diagram as it is today, to see later what the team has thought anew."""
    ask(may_edit, document.front_matter)
    note = events.line(fields, "note")
    return Happening(
        change=lambda project: kept(project, note, events.today()),
        summary=f"Påverkansdiagrammet sparat{status.after_colon(note)}",
        organisation=document.front_matter.owner,
        done="Påverkansdiagrammet är sparat.",
    )


add_event(blueprint, KIND, "laget", status.moves(moved), page_of)
add_event(blueprint, KIND, "framsteg", move_progress, page_of)
add_event(blueprint, KIND, "paverkan", keep_drivers, page_of)
add_event(blueprint, KIND, "ta-over-matt", take_over_measure, page_of)
measure_pages.add_pages(blueprint)
value_pages.add_pages(blueprint)
value_history.add_pages(blueprint)
blueprint.add_url_rule("/<path:slug>/matt/<measure>/linjer", "change_lines", lines.change_lines, methods=["POST"])
add_editing(blueprint, KIND)
