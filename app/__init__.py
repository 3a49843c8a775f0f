"""Lärnät. ``create_app`` is the only place where the parts meet.

The parts are imported inside the function: a room that needs only the library must not wake the web, SQL and the index.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings
    from app.library.document import Kind


def load_kinds() -> list[Kind]:
    """The kinds of document, in the order of ``app.kinds.NAMES``."""
    from app.kinds import NAMES

    return [import_module(f"app.kinds.{name}").KIND for name in NAMES]


def create_app(settings: Settings | None = None) -> Flask:
    """The web application for one home folder. Without settings they are read from the environment."""
    import os

    from flask import Flask
    from jinja2 import StrictUndefined

    from app.config import read_settings

    settings = settings or read_settings(os.environ)
    app = Flask(__name__)
    app.logger.setLevel(settings.log_level.upper())
    app.testing = settings.mode == "test"
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["settings"] = settings
    _furnish(app, settings)
    _open_rooms(app, settings)
    return app


def _furnish(app: Flask, settings: Settings) -> None:
    """Make the library, the databases, the index and the archive, and put them where the pages find them."""
    from app.database import Databases
    from app.index import Index
    from app.library.organisations import load_organisations
    from app.library.shelf import Library
    from app.publishing import Archive
    from app.publishing.word_list import last_readable

    databases = Databases(settings)
    library = Library(settings.home, load_kinds())
    organisations = load_organisations(settings.home)
    index = Index(settings, databases, library, organisations)
    archive = Archive(settings, library, databases, index)
    index.wordbook.before = lambda: last_readable(databases)
    app.extensions.update(
        databases=databases, library=library, organisations=organisations, index=index, archive=archive
    )


def _open_rooms(app: Flask, settings: Settings) -> None:
    """Register what every page needs, and the pages of every room."""
    from app import about, audit, editing, feedback, health, overview, search, starting, state, summing_up
    from app.accounts import (
        access,
        account,
        audit_pages,
        circle_pages,
        inviting,
        letters,
        people_pages,
        reminding,
        resetting,
        rules,
        signing_in,
    )
    from app.accounts.oidc import connecting
    from app.accounts.oidc import pages as oidc
    from app.coordinating import search_pages, word_pages
    from app.index import IndexNotReady
    from app.keeping import kept_of_one_pages, leaving_pages, named_pages
    from app.keeping import pages as export
    from app.kinds import NAMES
    from app.looked_for import noticing
    from app.reading import at_once, files, mending
    from app.web import errors, hosts, htmx, questions, request_log, security, text

    hosts.init_app(app, settings, security.HEADERS.items())
    request_log.init_app(app)
    audit.init_app(app, settings, app.extensions["databases"], signing_in.viewer)
    noticing.init_app(app, app.extensions["databases"])
    security.init_app(app, settings)
    questions.init_app(app)
    at_once.init_app(app)
    for room in (htmx, text, errors, signing_in, mending, feedback):
        room.init_app(app)
    app.register_error_handler(IndexNotReady, lambda error: errors.busy("Lärnät bygger om sitt register."))
    app.register_blueprint(signing_in.blueprint)
    app.register_blueprint(account.blueprint)
    app.register_blueprint(audit_pages.blueprint)
    for room in (resetting, reminding, inviting, people_pages, circle_pages):
        app.register_blueprint(room.blueprint)
    oidc.init_app(app, settings)
    app.register_blueprint(connecting.blueprint)
    app.register_blueprint(overview.blueprint)
    app.register_blueprint(about.blueprint)
    app.register_blueprint(feedback.blueprint)
    app.register_blueprint(search.blueprint)
    app.register_blueprint(state.blueprint)
    app.register_blueprint(starting.blueprint)
    app.register_blueprint(summing_up.blueprint)
    app.register_blueprint(word_pages.blueprint)
    app.register_blueprint(search_pages.blueprint)
    app.register_blueprint(files.blueprint)
    app.register_blueprint(mending.blueprint)
    app.register_blueprint(health.blueprint)
    for name in NAMES:
        app.register_blueprint(import_module(f"app.kinds.{name}").blueprint)
    app.register_blueprint(editing.blueprint)
    editing.half_written.init_app(app)
    editing.named_people.init_app(app)
    app.register_blueprint(export.blueprint)
    app.register_blueprint(leaving_pages.blueprint)
    app.register_blueprint(named_pages.blueprint)
    app.register_blueprint(kept_of_one_pages.blueprint)
    rules.init_app(app)
    app.extensions["keep_typed"] = editing.keep_typed
    app.extensions["write_letter"] = letters.writer(settings, app.app_context)
    kinds = app.extensions["library"].kinds.values()
    app.jinja_env.globals.update(
        menu=[kind for kind in kinds if kind.menu],
        may_edit_vocabulary=access.may_edit_vocabulary,
        may_oversee=access.may_oversee,
        may_see_searches=access.may_see_searches,
        may_see_state=access.may_see_state,
        may_write_somewhere=access.may_write_somewhere,
        may_look_after_people=access.may_look_after_people,
        footer=(
            ("about.accessibility", "Tillgänglighet"),
            ("about.personal_data", "Personuppgifter och kakor"),
            ("about.about", "Om Lärnät"),
            ("overview.organisations", "Organisationer"),
        ),
    )
