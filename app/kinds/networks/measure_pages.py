"""The page of a measure that several projects of a network have: their charts beside each other, and files of them."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response

from app import reading
from app.accounts.access import may_see
from app.accounts.rules import asks
from app.kinds.networks.network import KIND
from app.kinds.projects.alike import Shared, all_in, charted, others_of_the_name, panels_of
from app.library.document import Document
from app.measuring.drawing.side_by_side import Panel, all_as_csv, all_as_picture, legend, multiples
from app.reading.files import POLICY
from app.web.htmx import page

DIFFER = "Definitionerna skiljer sig: läs dem innan ni jämför."


def add_pages(blueprint: Blueprint) -> None:
    """Give the networks' blueprint the pages of their measures."""
    one = "/<path:slug>/matt/<measure>"
    blueprint.add_url_rule(one, "measure", show)
    blueprint.add_url_rule(f"{one}/diagram.svg", "picture", picture)
    blueprint.add_url_rule(f"{one}/diagram.csv", "figures", figures)


@asks(may_see)
def show(slug: str, measure: str) -> Response:
    """How it goes in each place, alphabetically, on the same axes; and how each says that it counts."""
    network, shared, everything = _asked(slug, measure)
    charts = charted(shared)
    panels = panels_of(charts)
    return page(
        "networks/measure.html",
        document=network,
        kind=KIND,
        front=network.front_matter,
        shared=shared,
        measure=shared.measure,
        differ=DIFFER if shared.differ else "",
        panels=panels,
        drawn=multiples(panels, "natverk") if panels else "",
        legend=legend(panels),
        empty=[one for one in charts if one.panel is None],
        hides=any(one.measured.pairs for one in charts),
        others=others_of_the_name(shared, everything),
    )


@asks(may_see)
def picture(slug: str, measure: str) -> Response:
    """The charts as one file (SVG)."""
    network, shared, _ = _asked(slug, measure)
    title = f"{shared.measure.name}, {network.title}"
    return _file(network, shared, all_as_picture(title, _panels(shared), DIFFER if shared.differ else ""), "svg")


@asks(may_see)
def figures(slug: str, measure: str) -> Response:
    """The charts as one table (CSV), without what is not shown of small groups."""
    network, shared, _ = _asked(slug, measure)
    return _file(network, shared, all_as_csv(_panels(shared)), "csv")


def _asked(slug: str, measure: str) -> tuple[Document, Shared, list[Shared]]:
    """The network, the measure, and everything that is measured in it. What only one may see of is not there."""
    network = reading.open_document(KIND, slug)
    everything = all_in([network.slug])
    shared = next((one for one in everything if one.slug == measure and one.several), None)
    if shared is None:
        abort(404)
    return network, shared, everything


def _panels(shared: Shared) -> list[Panel]:
    panels = panels_of(charted(shared))
    if not panels:
        abort(404)
    return panels


_TYPES = {"svg": "image/svg+xml", "csv": "text/csv"}


def _file(network: Document, shared: Shared, content: str | bytes, ending: str) -> Response:
    response = make_response(content)
    response.mimetype = _TYPES[ending]
    response.headers["Content-Disposition"] = f'attachment; filename="{network.slug}-{shared.slug}.{ending}"'
    response.headers["Content-Security-Policy"] = POLICY
    return response
