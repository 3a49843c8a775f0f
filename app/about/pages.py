"""/om: what the site is."""

from __future__ import annotations

from flask import Blueprint, Response

from app.web.htmx import page

blueprint = Blueprint("about", __name__)


@blueprint.get("/om")
def about() -> Response:
    """What Lärnät is."""
    return page("about/about.html")
