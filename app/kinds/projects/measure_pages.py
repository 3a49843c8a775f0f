"""The pages of a measure: its chart, the same as files, and how it is counted. No script is needed."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, make_response

from app import reading
from app.accounts.access import may_edit, may_see
from app.accounts.rules import asks
from app.accounts.signing_in import viewer
from app.editing import drafts
from app.kinds.projects.measured import Measured, find
from app.kinds.projects.project import KIND
from app.reading.files import POLICY
from app.web.htmx import page

GONE = "Måttet finns inte längre. Det du skrev finns kvar här på sidan: kopiera det innan du lämnar den."


def add_pages(blueprint: Blueprint) -> None:
    """Give the projects' blueprint the pages of their measures."""
    one = "/<path:slug>/matt/<measure>"
    blueprint.add_url_rule(one, "measure", show)
    blueprint.add_url_rule(f"{one}/diagram.svg", "picture", picture)
    blueprint.add_url_rule(f"{one}/diagram.csv", "figures", figures)
    blueprint.add_url_rule(f"{one}/varden.csv", "raw", raw)


@asks(may_see)
def show(slug: str, measure: str) -> Response:
    """One measure: what its values say, the chart, and how it is counted."""
    return show_page(_seen(slug, measure))


def show_page(
    measured: Measured, status: int = 200, refused: str = "", typed: Mapping[str, str] | None = None
) -> Response:
    """The page of a measure, with why something that was asked for on it was not done."""
    front = measured.document.front_matter
    return page(
        "projects/measure.html",
        status=status,
        document=measured.document,
        kind=KIND,
        front=front,
        measured=measured,
        measure=measured.measure,
        may_edit=may_edit(viewer(), front),
        refused=refused,
        typed=typed or {},
        token=drafts.new_token(),
    )


@asks(may_see)
def picture(slug: str, measure: str) -> Response:
    """The chart as a file (SVG)."""
    measured = _seen(slug, measure)
    return _file(measured, measured.drawn.picture.encode(), "image/svg+xml", "svg")


@asks(may_see)
def figures(slug: str, measure: str) -> Response:
    """The chart as a table (CSV), without what is not shown of small groups."""
    measured = _seen(slug, measure)
    return _file(measured, measured.drawn.figures, "text/csv", "csv")


@asks(may_edit)
def raw(slug: str, measure: str) -> Response:
    """The table as it lies in its file, for those who write it."""
    measured = own(slug, measure)
    return _file(measured, measured.content or b"", "text/csv", "csv")


def _file(measured: Measured, content: bytes, mimetype: str, ending: str) -> Response:
    """A file to save. Where there is nothing to draw the page says so."""
    if not content:
        return show_page(measured, 404)
    response = make_response(content)
    response.mimetype = mimetype
    response.headers["Content-Disposition"] = f'attachment; filename="{measured.slug}.{ending}"'
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _seen(slug: str, measure: str) -> Measured:
    document = reading.open_document(KIND, slug)
    return find(document, measure, reading.children(document))


def own(slug: str, measure: str) -> Measured:
    """The measure of a project that the viewer may change; asks for a sign-in, and refuses others."""
    document = drafts.ask_to_edit(KIND, slug)
    return find(document, measure, reading.children(document))
