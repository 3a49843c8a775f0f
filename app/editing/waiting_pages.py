"""Files that a script sends while somebody writes: pasted, dropped or chosen. The answer is a part of the form."""

from __future__ import annotations

import io

from flask import Response, abort, request

from app.accounts.access import may_edit, may_write_somewhere
from app.accounts.rules import asks
from app.accounts.signing_in import ask, viewer
from app.editing import drafts, events, numbers, waiting
from app.editing.drafts import TOKEN, Draft, key_of, new_key
from app.editing.received import sent_files
from app.editing.waiting_files_box import files_box, waiting_ones
from app.history import waiting_files
from app.library.attachments import is_name
from app.library.document import Kind
from app.publishing import NoSpace, current
from app.reading.files import answer
from app.web.htmx import page
from app.web.security import takes_files


@takes_files
@asks(may_edit)
def keep(kind: Kind, slug: str) -> Response:
    """Keep a file for the form of a document."""
    document = drafts.ask_to_edit(kind, slug)
    return _keep(Draft(kind, viewer(), {}, drafts.new_token(), document, document.version))


@takes_files
@asks(may_write_somewhere)
def keep_new(kind: Kind) -> Response:
    """Keep a file for the form of a new document."""
    ask(may_write_somewhere)
    token = request.form.get("_token", "")
    if not TOKEN.fullmatch(token):
        abort(400)
    return _keep(Draft(kind, viewer(), {}, token))


def _keep(draft: Draft) -> Response:
    before = {file.name for file in draft.files}
    draft.declared = numbers.posted_marks(request.form)
    try:
        received = waiting.take(draft, sent_files("_files"), request.form.get("_alt", ""))
    except NoSpace:
        return page("editing/waiting.html", status=507, files=files_box(draft, [events.NO_SPACE]), insert="")
    new = [file.markdown for file in waiting_ones(draft) if file.name not in before]
    files = files_box(draft, received.refused, declarable=received.declarable)
    status = 422 if received.refused else 200
    return page("editing/waiting.html", status=status, files=files, insert="\n".join(new), declared=draft.declared)


@asks(may_edit)
def show(kind: Kind, slug: str, name: str) -> Response:
    """A file that waits in the form of a document, for the one who put it there."""
    return _show(key_of(drafts.ask_to_edit(kind, slug)), name)


@asks(may_write_somewhere)
def show_new(kind: Kind, token: str, name: str) -> Response:
    """A file that waits in the form of a new document."""
    ask(may_write_somewhere)
    return _show(new_key(kind, token), name)


def _show(key: str, name: str) -> Response:
    with current.databases.kept_for_reading() as session:
        content = waiting_files.content(session, viewer().person or "", key, name)
    if content is None or not is_name(name):
        abort(404)
    return answer(io.BytesIO(content), name, name)
