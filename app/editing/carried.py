"""A form that arrived signed out: a working copy once the person has signed in, so that nothing typed is lost."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.accounts.access import may_edit, may_write_somewhere
from app.accounts.signing_in import viewer
from app.editing import drafts, sent
from app.editing.form_page import address_of
from app.library.document import BrokenDocument, Document, Kind
from app.publishing import current
from app.web.forms import TooMuch

FORMS = ("create", "save", "autosave", "autosave_new")


def keep_typed(person: str, path: str, fields: MultiDict[str, str]) -> str | None:
    """Keep the fields as the working copy of the form that posts to ``path``; returns where that form is shown.

    None where no form of ours posts there, or the person may not use it: the fields can then only be sent again.
    """
    found = _form_at(path)
    if found is None or viewer().person != person:
        return None
    kind, slug = found
    try:
        draft = sent.posted(kind, *_belongs_to(kind, slug, fields))
    except (TooMuch, LookupError, BrokenDocument, PermissionError):
        return None
    if not draft.keep():
        return None
    step = fields.get("_step", 1, type=int)
    return address_of(draft, step)


def _form_at(path: str) -> tuple[Kind, str] | None:
    """The kind whose form posts to an address, and the slug in it ("" for a new document)."""
    try:
        endpoint, arguments = current_app.url_map.bind("localhost").match(urlsplit(path).path, method="POST")
    except (HTTPException, RequestRedirect):
        return None
    name, _, view = endpoint.partition(".")
    kind = current.library.kinds.get(name)
    return (kind, str(arguments.get("slug", ""))) if kind and view in FORMS else None


def _belongs_to(kind: Kind, slug: str, fields: MultiDict[str, str]) -> tuple[Document | None, MultiDict[str, str], str]:
    """The document that the form is about, its fields, and the slug of the one it lies under.

    Raises LookupError and PermissionError.
    """
    if slug:
        document = drafts.find(kind, slug)
        if document is None:
            raise LookupError(slug)
        if not may_edit(viewer(), document.front_matter):
            raise PermissionError(slug)
        return document, fields, ""
    parent = drafts.find(current.library.kinds[kind.parent], fields.get("_parent", "")) if kind.parent else None
    if kind.parent and (parent is None or not may_edit(viewer(), parent.front_matter)):
        raise PermissionError(slug)
    if not may_write_somewhere(viewer()):
        raise PermissionError(slug)
    return None, fields, parent.slug if parent else ""
