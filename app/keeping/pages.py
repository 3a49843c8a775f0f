"""/hamta: what the reader may see, to take along. For those who are signed in: public pages can be read as they are,
and a whole library is too much work to do for anybody who passes by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from threading import Lock

from flask import Blueprint, Response, abort, current_app

from app.accounts.access import may_take_along
from app.accounts.rules import asks
from app.accounts.signing_in import ask, viewer
from app.audit import Deed, note
from app.history.attached import held_back
from app.keeping.export import Export
from app.publishing.locks import as_locked
from app.web.errors import busy
from app.web.htmx import page
from app.web.text import today

blueprint = Blueprint("export", __name__)

FORMS: dict[str, tuple[str, str, Callable[[Export], Iterator[bytes]]]] = {
    "markdown": ("zip", "application/zip", Export.markdown),
    "json": ("json", "application/json", Export.json),
}
# One at a time in each web process, so that there are always threads left for those who read and write.
_going_on = Lock()


@blueprint.get("/hamta")
@asks(may_take_along)
def choose() -> Response:
    """What can be fetched, and in which form."""
    ask(may_take_along)
    return page("keeping/export.html")


@blueprint.get("/hamta/<form>")
@asks(may_take_along)
def fetch(form: str) -> Response:
    """All that the reader may see, sent while it is made."""
    ask(may_take_along)
    if form not in FORMS:
        abort(404)
    ending, media_type, pieces = FORMS[form]
    if not _going_on.acquire(blocking=False):
        return busy("Någon annan hämtar allt just nu.")
    try:
        # It goes on after the request, where nothing is current any longer.
        with current_app.extensions["databases"].kept_for_reading() as session:
            held = held_back(session)
        with current_app.extensions["databases"].kept() as session:
            note(session, Deed.EXPORTED, thing=form)
        library = current_app.extensions["library"]
        as_told = partial(as_locked, library, current_app.extensions["databases"])
        export = Export(library, viewer(), held, as_told)
        response = Response(pieces(export), mimetype=media_type)
    except BaseException:
        _going_on.release()
        raise
    response.call_on_close(_going_on.release)
    name = f"larnat-{today():%Y-%m-%d}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
