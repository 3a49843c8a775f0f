"""What was typed is never lost: a form that arrives signed out is carried through the sign-in.

The fields travel in the sign-in form itself, as hidden fields, so that nothing of a stranger is stored. Only our own
pages' forms are carried: another site must not be able to lay its text in somebody's hands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from flask import Response, current_app, flash, request
from werkzeug.datastructures import MultiDict

from app.library.attachments import given_name
from app.web.htmx import page, see_other
from app.web.security import from_our_pages, own_address

PATH = "carried_path"
PREFIX = "carried."
FILES = "carried_file"
MOST_FILES_NAMED = 20
NEVER_CARRIED = ("csrf_token",)

# Keeps the fields as a working copy of the form that posts to the address, and returns where that form is shown; None
# where no such form is known. Editing provides it (``app.extensions["keep_typed"]``), because accounts lie below it.
KeepTyped = Callable[[str, str, "MultiDict[str, str]"], str | None]


@dataclass(frozen=True)
class Carried:
    """A form on its way through the sign-in: where it was going, and what it said."""

    path: str
    fields: MultiDict[str, str] = field(default_factory=MultiDict)
    # The files that were chosen, by name. They are too large to travel: whoever chose them is told to do it again.
    files: tuple[str, ...] = ()

    def hidden(self) -> Iterator[tuple[str, str]]:
        """Names and values of the hidden fields that carry it."""
        yield PATH, self.path
        for name, value in self.fields.items(multi=True):
            yield PREFIX + name, value
        for name in self.files:
            yield FILES, name

    def readable(self) -> Iterator[str]:
        """What a person may have written: everything that is longer than a choice in a list."""
        yield from (value for value in self.fields.values() if " " in value.strip())


def from_request() -> Carried | None:
    """The form that the present request brings, or None where there is nothing to carry."""
    if request.method != "POST" or not from_our_pages():
        return None
    fields = _fields(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in NEVER_CARRIED and "password" not in name
    )
    if not fields:
        return None
    return Carried(own_address(request.full_path.rstrip("?")), fields, _chosen_files())


def through_sign_in() -> Carried | None:
    """The form that the sign-in form carries along, or None."""
    if PATH not in request.form or not from_our_pages():
        return None
    named = ((name.removeprefix(PREFIX), value) for name, value in request.form.items(multi=True) if _is_carried(name))
    files = tuple(name[:200] for name in request.form.getlist(FILES)[:MOST_FILES_NAMED])
    return Carried(own_address(request.form[PATH]), _fields(named), files)


def deliver(person: str, carried: Carried) -> Response:
    """After the sign-in: show the form with what was typed or, where that form is not known, offer to send it again."""
    keep: KeepTyped | None = current_app.extensions.get("keep_typed")
    shown_at = keep(person, carried.path, carried.fields) if keep else None
    if shown_at is not None:
        _tell_of_files(carried)
        return see_other(own_address(shown_at))
    return send_again(carried, 200)


def send_again(carried: Carried, status: int) -> Response:
    """A page whose only button sends the same fields once more, with a fresh token."""
    _tell_of_files(carried)
    return page("accounts/send_again.html", status=status, carried=carried)


def _chosen_files() -> tuple[str, ...]:
    sent = [file.filename for _, file in request.files.items(multi=True) if file.filename]
    names = (".".join(filter(None, given_name(name))) for name in sent[:MOST_FILES_NAMED])
    return tuple(name or "en fil utan namn" for name in names)


def _tell_of_files(carried: Carried) -> None:
    if carried.files:
        flash(f"Det du skrev är kvar, men filerna följde inte med: {', '.join(carried.files)}. Välj dem igen.")


def _is_carried(name: str) -> bool:
    return name.startswith(PREFIX)


def _fields(pairs: Iterator[tuple[str, str]]) -> MultiDict[str, str]:
    return MultiDict(list(pairs))
