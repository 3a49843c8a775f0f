"""Files in a form: looked at and kept when they come, saved with the form in the same change set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from flask import flash, g
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from werkzeug.datastructures import FileStorage

from app.audit import Deed, note_refused
from app.database import is_disk_trouble
from app.editing import attaching, numbers
from app.editing.drafts import Draft
from app.editing.received import NOTHING_CHOSEN, Received, alt_text, settings
from app.history import waiting_files
from app.history.waiting_files import Waiting
from app.library.accepting import Accepted, in_megabytes
from app.library.attachments import Attached, new_name, path_in
from app.library.file_types import BY_EXTENSION
from app.library.personal_data import stops
from app.publishing import FileChange, NoSpace, Refused, current

IN_A_DESCRIPTION = "Det du skrev om bilden ser ut att innehålla ett personnummer. Beskriv den utan det."
FULL = "Du har filer för {size} i formulär som inte är sparade. Spara eller kasta något av dem först."


def take(draft: Draft, files: Sequence[FileStorage], alt: str = "") -> Received:
    """Keep files for the form, and say why some were not taken. ``alt`` is what a picture shows. Raises NoSpace."""
    received = Received(draft.document_id, {*numbers.declared_before(draft), *draft.declared})
    received.take(files)
    if stops(alt):
        note_refused(Deed.NUMBER_IN_FORM)
        received.accepted.clear()
        received.refused.append(IN_A_DESCRIPTION)
    if not files:
        received.refused.append(NOTHING_CHOSEN)
    for file in received.accepted:
        try:
            _keep(draft, file, alt_text(alt))
        except Refused as refused:
            received.refused.append(str(refused))
            break
    for note in received.notes:
        flash(note, "warn")
    return received


def _keep(draft: Draft, file: Accepted, alt: str) -> None:
    """Keep one. The same file sent again, by somebody who presses twice, is the one that is there."""
    if any(one.digest == file.digest for one in draft.files):
        return
    there = [*draft.attached, *(Attached(one.name, 0, one.size) for one in draft.files)]
    attaching.refuse_too_much(there, [len(file.content)], settings().most_attached)
    name = new_name(file.title, file.type, {one.name for one in there})
    waiting = Waiting(name, file.title, alt if file.type.is_image else "", file.digest, len(file.content))
    person = draft.viewer.person or ""
    with _written(draft) as session:
        if waiting_files.total(session, person) + waiting.size > settings().most_attached:
            raise Refused(FULL.format(size=in_megabytes(waiting_files.total(session, person))))
        waiting_files.keep(session, person, draft.key, waiting, file.content)


def describe(draft: Draft, fields: Mapping[str, str]) -> list[str]:
    """Take over what was typed of what the pictures show; returns why some of it was not."""
    said = {file.name: alt_text(fields[f"_alt-{file.name}"]) for file in draft.files if f"_alt-{file.name}" in fields}
    numbers_in = {name for name, alt in said.items() if stops(alt)}
    if numbers_in:
        note_refused(Deed.NUMBER_IN_FORM)
    said = {name: alt for name, alt in said.items() if name not in numbers_in}
    changed = {file.name: said[file.name] for file in draft.files if said.get(file.name, file.alt) != file.alt}
    if changed:
        with _written(draft) as session:
            waiting_files.describe(session, draft.viewer.person or "", draft.key, changed)
    return [IN_A_DESCRIPTION] if numbers_in else []


def drop(draft: Draft, name: str) -> None:
    """Forget a file of the form."""
    with _written(draft) as session:
        waiting_files.drop_one(session, draft.viewer.person or "", draft.key, name)


def changes(draft: Draft, path: str) -> list[FileChange]:
    """The files of the form as they are saved beside the document at a path."""
    with current.databases.kept_for_reading() as session:
        contents = {
            file.name: waiting_files.content(session, draft.viewer.person or "", draft.key, file.name)
            for file in draft.files
        }
    return [FileChange(path_in(path, name), None, None, content) for name, content in contents.items() if content]


def rename_taken(draft: Draft) -> None:
    """Give the files of the form other names where somebody has attached files of the same names meanwhile."""
    present = {one.name for one in draft.attached}
    names = present | {file.name for file in draft.files}
    for file in [file for file in draft.files if file.name in present]:
        name = new_name(file.name.rpartition(".")[0], BY_EXTENSION[file.name.rpartition(".")[2]], names)
        names.add(name)
        person = draft.viewer.person or ""
        with _written(draft) as session:
            content = waiting_files.content(session, person, draft.key, file.name) or b""
            waiting_files.keep(
                session, person, draft.key, Waiting(name, file.title, file.alt, file.digest, file.size), content
            )
            waiting_files.drop_one(session, person, draft.key, file.name)
        draft.values = {
            field: value.replace(f"]({file.name})", f"]({name})") if isinstance(value, str) else value
            for field, value in draft.values.items()
        }


@contextmanager
def _written(draft: Draft) -> Iterator[Session]:
    """A session in which the files of the form are changed; they are asked for anew afterwards. Raises NoSpace."""
    try:
        with current.databases.kept() as session:
            yield session
    except OperationalError as error:
        if is_disk_trouble(error):
            raise NoSpace(str(error)) from error
        raise
    finally:
        g.get("waiting_files", {}).pop(draft.key, None)
