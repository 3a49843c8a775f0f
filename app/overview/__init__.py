"""The pages over all kinds: the start page, the page of every organisation, and the overview of projects."""

from __future__ import annotations

from flask import Blueprint

from app.overview import organisations, start, works_pages

__all__ = ["blueprint"]

blueprint = Blueprint("overview", __name__)
blueprint.add_url_rule("/", "start", start.show)
blueprint.add_url_rule("/laget/utvecklingsarbeten", "works", works_pages.index)
blueprint.add_url_rule("/laget/utvecklingsarbeten.csv", "works_file", works_pages.file)
blueprint.add_url_rule("/organisationer", "organisations", organisations.index)
blueprint.add_url_rule("/organisationer/<slug>", "organisation", organisations.show)
