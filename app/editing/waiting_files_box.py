"""The part of a form that shows its files: those that wait to be saved, and those that the document has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import url_for

from app.editing.drafts import Draft
from app.editing.received import limits
from app.history.waiting_files import Waiting
from app.library.accepting import in_megabytes
from app.library.file_types import BY_EXTENSION
from app.library.markdown import FileTarget
from app.reading.attached import AttachedFile, attached_to, files_of


def files_box(
    draft: Draft, refused: Sequence[str] = (), shown: bool = True, declarable: Mapping[str, str] | None = None
) -> dict[str, Any] | None:
    """What the part shows; None on a step without text where nothing waits and nothing went wrong.

    ``declarable`` is what looked like a personal number in a file, and can be declared to be none, by its mark.
    """
    files = waiting_ones(draft)
    if not (shown or files or refused):
        return None
    return {
        "waiting": files,
        "attached": attached_to(draft.base) if draft.base else [],
        "refused": refused,
        "declarable": declarable or {},
        "limits": limits(),
        "url": _keep_url(draft),
    }


def waiting_ones(draft: Draft) -> list[AttachedFile]:
    """The files that wait in the form, as they are going to be."""
    return [_shown(draft, file) for file in draft.files]


def _shown(draft: Draft, file: Waiting) -> AttachedFile:
    return AttachedFile(
        name=file.name,
        title=file.title or file.name,
        alt=file.alt,
        type=BY_EXTENSION[file.name.rpartition(".")[2]],
        size=in_megabytes(file.size),
        url=_file_url(draft, file.name),
    )


def _keep_url(draft: Draft) -> str:
    """Where a script sends files for the form."""
    if draft.base:
        return url_for(f"{draft.kind.name}.keep_file", slug=draft.base.slug)
    return url_for(f"{draft.kind.name}.keep_file_new")


def _file_url(draft: Draft, name: str) -> str:
    if draft.base:
        return url_for(f"{draft.kind.name}.waiting_file", slug=draft.base.slug, name=name)
    return url_for(f"{draft.kind.name}.waiting_file_new", token=draft.token, name=name)


def file_of(draft: Draft) -> Callable[[str], FileTarget | None]:
    """Where a preview finds files: first those that wait, then the document's."""
    waiting = {file.name: FileTarget(file.url, file.alt) for file in waiting_ones(draft)}
    there = files_of(draft.base) if draft.base else lambda name: None
    return lambda name: waiting.get(name) or there(name)
