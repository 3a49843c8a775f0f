"""From a filled-in form to a revision: what is wrong with it, and what is published where nothing is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

from app.accounts.access import may_create, may_give
from app.accounts.signing_in import ask
from app.database import now
from app.editing import checks, numbers, waiting
from app.editing.addresses import free_slugs
from app.editing.checks import Found
from app.editing.drafts import Draft
from app.library.attachments import is_inside
from app.library.document import BrokenDocument
from app.library.guard import HasNumbers, NumberProblem
from app.library.visibility import Viewer, listed
from app.publishing import Author, Change, FileChange, Saved, SlugTaken, current
from app.web import forms
from app.web.forms import Shape
from app.web.text import in_sweden

MOST_TRIES = 5
# So many fields are named where nobody has said what was changed.
MOST_NAMED = 3


def errors_in(draft: Draft, shapes: Iterable[Shape] | None = None) -> Found:
    """Everything that keeps the draft from being saved, by field; only what concerns ``shapes``, if they are given."""
    draft.values = forms.without_empty_rows(draft.form.shapes, draft.values)
    wanted = {shape.name for shape in shapes} if shapes is not None else None
    looked_at = [shape for shape in draft.changed if wanted is None or shape.name in wanted]
    found = _problems(draft) if wanted is None else {p: m for p, m in _problems(draft).items() if p and p[0] in wanted}
    for path, messages in checks.errors_in(looked_at, draft.values, draft.lookup).items():
        found.setdefault(path, messages)
    for path, messages in numbers.errors(draft).items():
        if wanted is None or path[0] in wanted:
            found.setdefault(path, []).extend(messages)
    return found


def _problems(draft: Draft) -> Found:
    """What is wrong with the text as a document of its kind."""
    try:
        document = current.library.parse(draft.base.path if draft.base else _any_path(draft), draft.text)
    except HasNumbers as found:
        # The form says where they stand, unless they are in what it does not show.
        elsewhere = [] if numbers.stopping(draft) else found.problems[:1]
        return checks.errors_of([*elsewhere, *(one for one in found.problems if not isinstance(one, NumberProblem))])
    except BrokenDocument as broken:
        return checks.errors_of(broken.problems)
    changed = {shape.name for shape in draft.changed}
    asked = ((tuple(name.split("-")), message) for name, message in document.front_matter.forgotten(changed))
    # What is locked cannot be mended any longer, so it keeps nobody from going on.
    locked = draft.kind.locks if draft.kept_locked else None
    return {path: [message] for path, message in asked if path[0] != locked}


def _any_path(draft: Draft) -> str:
    """A path for a document that has no title to be named after yet; nothing is written there."""
    return draft.kind.path_of(f"{draft.parent}/01-ny" if draft.kind.parent else "ny")


def settle(draft: Draft) -> str:
    """Let the draft say what follows from what was written in it. Returns the words that tell of it, "" for nothing."""
    if draft.base is None or draft.kind.settles is None:
        return ""
    more, words = draft.kind.settles(draft.before, draft.values, in_sweden(now()).date())
    if words:
        draft.note = f"{draft.note.rstrip('.') or what_changed(draft)}. {words}"
        draft.values |= more
    return words


def publish(draft: Draft) -> str:
    """Save the draft as a revision and forget the working copy. Returns the slug of the document.

    Raises StaleVersion, SlugTaken, Refused, NoSpace and BrokenDocument; then nothing was saved.
    """
    _ask(draft)
    saved, path = _changed(draft) if draft.base else _created(draft)
    draft.drop()
    return draft.kind.slug_of(next(iter(saved.versions), path)) or ""


def _ask(draft: Draft) -> None:
    """Ask whether the person may write for who is going to own the page."""
    owner = draft.values["owner"]
    if draft.base is None:
        ask(may_create, owner)
    else:
        front = draft.base.front_matter
        ask(may_give, front, owner or front.owner)


def _changed(draft: Draft) -> tuple[Saved, str]:
    path = draft.base.path if draft.base else ""
    for _ in range(MOST_TRIES):
        waiting.rename_taken(draft)
        try:
            return current.archive.publish(_change(draft, FileChange(path, draft.text, draft.version))), path
        except SlugTaken as taken:
            # Somebody else has just attached a file of the same name.
            if not is_inside(taken.path):
                raise
    raise SlugTaken(path)


def _created(draft: Draft) -> tuple[Saved, str]:
    text = draft.text
    for slug in free_slugs(draft.kind, draft.values["title"], draft.document_id, draft.viewer, draft.parent):
        path = draft.kind.path_of(slug)
        try:
            return current.archive.publish(_change(draft, FileChange(path, text, None))), path
        except SlugTaken:
            # Somebody else was given the same address a moment ago; the next one is tried.
            continue
    raise SlugTaken(draft.values["title"])


def _change(draft: Draft, file: FileChange) -> Change:
    files = [file, *waiting.changes(draft, file.path)]
    note = draft.note.rstrip(".") or (what_changed(draft) if draft.base else "")
    summary = ". ".join(filter(None, (note, numbers.told(draft))))
    return Change(files, author_of(draft.viewer, draft.values["owner"]), summary, _mark(draft))


def what_changed(draft: Draft) -> str:
    """Which fields the draft says something else in than the page did, for the history; "" where there are none."""
    labels = [f"”{shape.label}”" for shape in draft.changed]
    if len(labels) > MOST_NAMED:
        labels[MOST_NAMED - 1 :] = [f"{len(labels) - MOST_NAMED + 1} fält till"]
    return f"Ändrade {listed(labels)}" if labels else ""


def _mark(draft: Draft) -> str:
    """The form's own mark, the same when the same text is sent again after a lost answer, but not for another text."""
    said = json.dumps([draft.values, draft.version, [asdict(file) for file in draft.files]], sort_keys=True)
    return f"{draft.token}:{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def author_of(viewer: Viewer, owner: str) -> Author:
    """The viewer as the author of a change, in the organisation that owns the document if they belong to it."""
    organisation = owner if owner in viewer.organisations else next(iter(sorted(viewer.organisations)), "")
    return Author(viewer.person, viewer.name, organisation)
