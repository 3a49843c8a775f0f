"""The page of a document's files: added, described, replaced, removed and brought back. No script is needed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response, flash, request, url_for

from app.accounts.access import may_edit
from app.accounts.rules import asks
from app.accounts.signing_in import viewer
from app.editing import attaching, composing, drafts, events, numbers
from app.editing.received import NOTHING_CHOSEN, Received, alt_text, limits, sent_files, settings
from app.editing.saving import author_of
from app.history.attached import Removed, removed_from, versions_at
from app.history.revisions import also_known_as
from app.library.accepting import Accepted
from app.library.attachments import path_in
from app.library.document import BrokenDocument, Document, Kind
from app.publishing import Event, Next, NoSpace, Refused, StaleVersion, current
from app.reading.attached import attached_to
from app.web.htmx import page, see_other
from app.web.security import takes_files

JUST_NOW = "Någon ändrade sidan i samma ögonblick. Försök igen."
UNREADABLE = "En av sidans filer går inte att läsa. Säg till den som sköter Lärnät."


@asks(may_edit)
def index(kind: Kind, slug: str) -> Response:
    """The files of a document, and those that can be brought back."""
    return files_page(drafts.ask_to_edit(kind, slug))


@takes_files
@asks(may_edit)
def change(kind: Kind, slug: str) -> Response:
    """Do what the button said; a file that is not taken does not keep the others out."""
    document = drafts.ask_to_edit(kind, slug)
    verb, _, name = request.form.get("_do", "add").partition(" ")
    marks = numbers.posted_marks(request.form)
    received = Received(document.id, {*document.front_matter.not_personal_numbers, *marks})
    try:
        step, summary = _asked(document, verb, name, received)
        if step:
            _happen(document, _declaring(step, marks), summary, received)
    except Refused as refused:
        received.refused.append(str(refused))
    except StaleVersion:
        received.refused.append(JUST_NOW)
    except BrokenDocument:
        received.refused.append(UNREADABLE)
    except NoSpace:
        return files_page(document, [events.NO_SPACE], status=507)
    for note in received.notes:
        flash(note, "warn")
    if received.refused:
        newest = drafts.ask_to_edit(kind, slug)
        return files_page(newest, received.refused, 422, received.told, received.declarable)
    flash(received.told or f"Sparat: {summary}.", "ok")
    return see_other(url_for(f"{kind.name}.files", slug=document.slug))


def _asked(document: Document, verb: str, name: str, received: Received) -> tuple[attaching.Step | None, str]:
    """What a button asks for, and the words for it in history. Raises Refused."""
    version, most = request.form.get(f"version-{name}", ""), settings().most_attached
    match verb:
        case "describe":
            return attaching.described(_said()), "Beskrev bilder och filer"
        case "remove":
            return attaching.removed(name, version), f"Tog bort {name}"
        case "restore":
            return attaching.brought_back(_removed(document, name), most), f"Tog tillbaka {name}"
        case "replace":
            received.take(sent_files(f"new-{name}")[:1])
            if not received.accepted:
                return None, _nothing(received)
            return attaching.replaced(name, version, received.accepted[0], most), f"Bytte ut {name}"
    received.take(sent_files("_files"))
    if not received.accepted:
        return None, _nothing(received)
    return attaching.added(received.accepted, most), _added(received.accepted)


def _declaring(step: attaching.Step, marks: Sequence[str]) -> attaching.Step:
    """The same step, with what was declared about the files to be no personal number."""

    def declared(newest: Document) -> Next:
        following = step(newest)
        all_marks = list(dict.fromkeys((*newest.front_matter.not_personal_numbers, *marks)))
        return replace(following, text=composing.with_declared(newest.kind, following.text, newest, all_marks))

    return declared if marks else step


def _nothing(received: Received) -> str:
    if not received.refused:
        received.refused.append(NOTHING_CHOSEN)
    return ""


def _added(files: Sequence[Accepted]) -> str:
    return f"Lade till {files[0].title or files[0].name}" if len(files) == 1 else f"Lade till {len(files)} filer"


def _said() -> dict[str, tuple[str, str]]:
    """Titles and descriptions as they were typed, by the files' names."""
    return {
        field.removeprefix("title-"): (
            events.line(request.form, field)[:150],
            alt_text(request.form.get(f"alt-{field.removeprefix('title-')}", "")),
        )
        for field in request.form
        if field.startswith("title-")
    }


def _removed(document: Document, name: str) -> Removed:
    found = next((one for one in _removed_files(document) if one.name == name), None)
    if found is None:
        raise Refused(f"{name[:80]} är redan tillbaka, eller togs bort för länge sedan.")
    return found


def _removed_files(document: Document) -> list[Removed]:
    present = [file.name for file in current.library.attached(document.path)]
    with current.databases.kept_for_reading() as session:
        return removed_from(session, also_known_as(session, document.id), present)


def _happen(document: Document, step: attaching.Step, summary: str, received: Received) -> None:
    author = author_of(viewer(), document.front_matter.owner)
    current.archive.apply(Event(document.path, step, author, summary, _mark(received)))
    if received.accepted:
        received.told = f"{summary}."


def _mark(received: Received) -> str:
    """The form's own mark: the same for a double click, another as soon as something else is sent."""
    token = request.form.get("_token", "")
    said: list[Any] = sorted(pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token")
    said.append([file.digest for file in received.accepted])
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
    return f"{token if drafts.TOKEN.fullmatch(token) else drafts.new_token()}:files:{digest}"


def files_page(
    document: Document,
    refused: Sequence[str] = (),
    status: int = 200,
    added: str = "",
    declarable: Mapping[str, str] | None = None,
) -> Response:
    """The page, with why files were not taken, and what was done with the others."""
    files = attached_to(document)
    paths = {path_in(document.path, file.name): file.name for file in files}
    with current.databases.kept_for_reading() as session:
        versions = {paths[path]: version for path, version in versions_at(session, paths).items()}
    return page(
        "editing/files.html",
        status=status,
        kind=document.kind,
        document=document,
        files=files,
        versions=versions,
        removed=_removed_files(document),
        refused=refused,
        declarable=declarable or {},
        added=added,
        limits=limits(),
        token=drafts.new_token(),
    )
