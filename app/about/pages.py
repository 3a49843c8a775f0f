"""/om, /tillganglighet and /personuppgifter: what the site is, how accessible it is, what it keeps of people."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from app.about import statement
from app.about.cookies import traces
from app.about.credits import CREDITS
from app.about.personal import kept_of_people
from app.accounts.rules import open_to_anyone
from app.accounts.signing_in import viewer
from app.config import Settings
from app.keeping.manifest import program_version
from app.publishing import current
from app.web.htmx import page

blueprint = Blueprint("about", __name__)


@blueprint.get("/om")
@open_to_anyone("it tells of the site itself")
def about() -> Response:
    """What Lärnät is, who answers for it, and what of others is in it."""
    told_of = current.index.organisations(viewer())
    invented = [one.short for one in current.organisations if one.slug in told_of and one.sort == "invented"]
    return page(
        "about/about.html",
        findable=True,
        settings=_settings(),
        invented=invented,
        credits=CREDITS,
        version=program_version(),
    )


@blueprint.get("/tillganglighet")
@open_to_anyone("it tells of the site itself")
def accessibility() -> Response:
    """The accessibility statement."""
    settings = _settings()
    return page(
        "about/accessibility.html",
        findable=True,
        settings=settings,
        situations=statement.situations(settings),
        supervisor=statement.SUPERVISOR,
        assessed=statement.ASSESSED,
        updated=max(statement.UPDATED, settings.reviewed or statement.UPDATED),
    )


@blueprint.get("/personuppgifter")
@open_to_anyone("it tells of the site itself")
def personal_data() -> Response:
    """What is kept of people, what lies in their browsers, and what they may ask for."""
    settings = _settings()
    return page(
        "about/personal_data.html",
        findable=True,
        settings=settings,
        kept=kept_of_people(settings),
        traces=traces(settings),
        authority=statement.PRIVACY_AUTHORITY,
    )


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
