"""The pages over all kinds: the start page, and the page of every organisation."""

from __future__ import annotations

from flask import Blueprint

from app.overview import organisations, start

__all__ = ["blueprint"]

blueprint = Blueprint("overview", __name__)
blueprint.add_url_rule("/", "start", start.show)
blueprint.add_url_rule("/organisationer", "organisations", organisations.index)
blueprint.add_url_rule("/organisationer/<slug>", "organisation", organisations.show)
