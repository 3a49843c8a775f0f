"""/filer/…: the files of documents, for those who may see the document, and so that nothing in them ever runs.

Whatever a file holds, the browser is told its type and not to guess, that it may load and run nothing, and to save it
instead of showing it. Only pictures that are what they say are shown in the page.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import IO, NoReturn
from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from app.accounts.access import may_edit, may_see
from app.accounts.rules import asks
from app.accounts.signing_in import ask_to_see
from app.accounts.signing_in import viewer as viewer_now
from app.history.attached import held_back
from app.library.attachments import is_name, path_in
from app.library.document import BrokenDocument, Document, Kind, NotFound
from app.library.file_types import BY_EXTENSION, FileType, WrongFile, image_type
from app.library.pictures import refuse_to_show
from app.publishing import current
from app.reading.attached import address_of
from app.web.htmx import page

blueprint = Blueprint("files", __name__)

# For somebody who opens the address of a file by itself.
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


@blueprint.get("/filer/<url>/<path:slug>/<name>")
@asks(may_see)
def download(url: str, slug: str, name: str) -> Response:
    """The file, or the part of it that is asked for; 404 for what one may not see as for what is not there."""
    kind = next((kind for kind in current.library.kinds.values() if kind.url == url), None)
    document = _document(kind, slug) if kind else None
    if document is None or not is_name(name):
        abort(404)
    ask_to_see(document.front_matter)
    if document.slug != slug:
        _moved(document, name)
    file = _opened(document, name)
    if file is None:
        return _nothing(document, name)
    if reason := _why_not_to_show(file, name):
        file.close()
        return _nothing(document, name, reason)
    return answer(file, name, _shown_name(document, name), os.fstat(file.fileno()))


def _document(kind: Kind, slug: str) -> Document | None:
    """The document, also by a former address. One whose file is broken says nothing of who may see it."""
    try:
        return current.library.get(kind.name, slug)
    except BrokenDocument:
        return None
    except NotFound:
        present = current.index.former(kind.name, slug)
    try:
        return current.library.get(kind.name, present) if present else None
    except (NotFound, BrokenDocument):
        return None


def _moved(document: Document, name: str) -> NoReturn:
    abort(redirect(address_of(document, name), 301))


def _opened(document: Document, name: str) -> IO[bytes] | None:
    path = path_in(document.path, name)
    with current.databases.kept_for_reading() as session:
        if held_back(session, [path]):
            return None
    try:
        return current.library.open_attachment(document.path, name)
    except BrokenDocument:
        return None


def _nothing(document: Document, name: str, reason: str = "") -> Response:
    """For somebody who may see the page and follows a link to a file that was removed, or that cannot be shown."""
    return page(
        "files/nothing.html",
        status=404,
        document=document,
        kind=document.kind,
        name=name,
        reason=reason,
        manage=may_edit(viewer_now(), document.front_matter),
    )


def _why_not_to_show(file: IO[bytes], name: str) -> str:
    """Why a picture that somebody laid beside the page could stop its readers' browsers; "" where it does not."""
    file_type = BY_EXTENSION[name.rpartition(".")[2]]
    try:
        if _is_picture(file, file_type):
            refuse_to_show(file, file_type)
    except WrongFile as wrong:
        return str(wrong)
    return ""


def _is_picture(file: IO[bytes], file_type: FileType) -> bool:
    """Whether the file is the picture that its name says."""
    file.seek(0)
    return file_type.is_image and image_type(file.read(16)) is file_type


def _shown_name(document: Document, name: str) -> str:
    """What the file is called when it is saved: its title, as people know it."""
    said = next((one for one in document.front_matter.attachments if one.file == name), None)
    title = "".join(one for one in (said.title if said else "") if one.isprintable() and one not in '\\/:*?"<>|')
    return f"{title.strip(' .')}.{name.rpartition('.')[2]}" if title.strip(" .") else name


def answer(file: IO[bytes], name: str, shown_name: str, state: os.stat_result | None = None) -> Response:
    """A file as it is sent; with the ``state`` of a lasting file a browser can ask whether it has changed."""
    file_type = BY_EXTENSION[name.rpartition(".")[2]]
    in_page = _is_picture(file, file_type)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    response = Response(wrap_file(request.environ, file), mimetype=file_type.mimetype, direct_passthrough=True)
    response.call_on_close(file.close)
    response.content_length = size
    how = "inline" if in_page else "attachment"
    response.headers["Content-Disposition"] = f"{how}; filename=\"{name}\"; filename*=UTF-8''{quote(shown_name)}"
    response.headers["Content-Security-Policy"] = POLICY
    if state:
        response.set_etag(f"{state.st_mtime_ns:x}-{size:x}")
        response.last_modified = datetime.fromtimestamp(state.st_mtime, UTC)
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response
