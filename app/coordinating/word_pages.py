"""/ordlista: the words that the search takes for one another. Anybody reads them; coordinators change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from app.accounts.access import may_edit_vocabulary
from app.accounts.rules import asks, open_to_anyone
from app.accounts.signing_in import allowed, ask, viewer
from app.audit import Deed, note_refused
from app.coordinating.preview import Tried, tried
from app.coordinating.rows import (
    Edit,
    Faulty,
    RowChanged,
    WordsEdit,
    akin,
    as_it_was,
    in_words,
    mark_of,
    row_of,
    words_of,
)
from app.editing.saving import author_of
from app.history import Entry, revisions_of
from app.index.judging_words import faults_of_query_words
from app.language.words import normal
from app.library.organisations import swedish_order
from app.library.personal_data import stops
from app.library.word_lists import IDENTITY, PATH, Row, WordLists
from app.publishing import NoSpace, Refused, current
from app.publishing.word_list import change_words
from app.web.htmx import page, see_other
from app.web.security import takes_lines

blueprint = Blueprint("words", __name__, url_prefix="/ordlista")

LAST_CHANGES = 10
LONGEST_SEARCH = 100
NO_SPACE = "Disken är full, så det gick inte att spara. Ordlistan är som den var. Säg till den som sköter Lärnät."
WIDE = "”{words}” går från {before} till {after} träffar. Se efter att det är det ni vill."


@dataclass
class Writing:
    """A form as it is shown: what was typed, what is wrong with it, and what it would find."""

    typed: str
    wrong: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    # Rows that somebody else has changed meanwhile.
    now: Sequence[Row] = ()
    changed_meanwhile: bool = False
    tried: list[Tried] = field(default_factory=list)
    seen: str = ""
    status: int = 200


@blueprint.get("")
@open_to_anyone("the words are the same for everybody, and anybody's search uses them")
def index() -> Response:
    """All rows, or those that have what is asked for; the latest changes for those who may make some."""
    words = current.index.words()
    asked = request.args.get("q", "")[:LONGEST_SEARCH]
    rows = [row for row in words.lists.rows if any(normal(asked) in normal(one) for one in row)]
    rows.sort(key=lambda row: swedish_order(row[0] if row else ""))
    may_edit = allowed(may_edit_vocabulary)
    return page(
        "coordinating/words.html",
        rows=[(mark_of(row), row) for row in rows],
        asked=asked,
        total=len(words.lists.rows),
        query_words=words.lists.query_words,
        may_edit=may_edit,
        problems=words.problems if may_edit else (),
        path=PATH,
        changes=_changes() if may_edit else [],
    )


@blueprint.get("/rad")
@asks(may_edit_vocabulary)
def row() -> Response:
    """The form of one row, or of a new one."""
    ask(may_edit_vocabulary)
    mark = request.args.get("rad", "")
    was = next((one for one in _lists().rows if mark_of(one) == mark), ())
    if mark and not was:
        flash("Raden har ändrats eller tagits bort sedan du öppnade listan.", "warn")
        return see_other(url_for("words.index"))
    suggested = "" if was else "\n".join(row_of(request.args.get("ord", "")[:LONGEST_SEARCH]))
    return _row_page(was, Writing("\n".join(was) or suggested))


@blueprint.post("/rad")
@takes_lines
@asks(may_edit_vocabulary)
def save_row() -> Response:
    """Show what a row would find, save it, or take it away."""
    ask(may_edit_vocabulary)
    doing, typed = request.form.get("_do", ""), request.form.get("row", "")
    was = as_it_was(request.form.get("was", ""))
    going = bool(was) and doing.startswith("remove")
    edit = Edit(was, () if going else row_of(typed), going)
    writing = Writing(typed)
    _judge(edit, writing)
    sure = request.form.get("seen") == _seen(edit)
    if writing.wrong or doing in ("preview", "remove") or (writing.hints and not sure):
        writing.status = 422 if writing.wrong or doing == "save" else 200
        return _row_page(was, writing, going)
    try:
        change_words(current.archive, edit.change(), author_of(viewer(), ""), edit.summary)
    except RowChanged as changed:
        writing.now, writing.changed_meanwhile, writing.status = changed.now, True, 409
        return _row_page(changed.now[0] if len(changed.now) == 1 else (), writing)
    except (Refused, NoSpace) as refused:
        _refused(refused, writing)
        return _row_page(was, writing)
    flash(f"Sparat: {edit.summary}.", "ok")
    return see_other(url_for("words.index"))


@blueprint.get("/fragor")
@asks(may_edit_vocabulary)
def asking() -> Response:
    """The form of the words that only ask."""
    ask(may_edit_vocabulary)
    was = _lists().query_words
    return _asking_page(was, Writing(" ".join(was)))


@blueprint.post("/fragor")
@takes_lines
@asks(may_edit_vocabulary)
def save_asking() -> Response:
    """Show what other words that only ask would find, or save them."""
    ask(may_edit_vocabulary)
    typed, lists = request.form.get("words", ""), _lists()
    edit = WordsEdit(words_of(request.form.get("was", "")), words_of(typed))
    writing = Writing(typed)
    # Only what was written here: what somebody else has written meanwhile is not this person's to mend.
    _tell(writing, [fault.message for fault in faults_of_query_words(edit.words)])
    if writing.wrong or request.form.get("_do") == "preview":
        writing.status = 422 if writing.wrong else 200
        if not writing.wrong:
            writing.tried = tried(_try(), lists, edit.applied(lists), viewer())
        return _asking_page(edit.was, writing)
    try:
        change_words(current.archive, edit.change(), author_of(viewer(), ""), edit.summary)
    except (Refused, NoSpace) as refused:
        _refused(refused, writing)
        return _asking_page(edit.was, writing)
    flash(f"Sparat: {edit.summary}.", "ok")
    return see_other(url_for("words.index"))


def _judge(edit: Edit, writing: Writing) -> None:
    """Say what is wrong with an edit, and what it would find where nothing is."""
    lists = _lists()
    if edit.was and edit.was not in lists.rows:
        # Beside the row as it is now every word would stand there already.
        others = akin(lists, (*edit.was, *edit.row))
        lists = WordLists(tuple(row for row in lists.rows if row not in others), (), lists.query_words)
    faults = edit.faults(lists)
    _tell(writing, [fault.message for fault in faults if fault.stops])
    if writing.wrong:
        return
    writing.tried = tried([*edit.row, *edit.was, *_try()], lists, edit.applied(lists), viewer())
    wide = [WIDE.format(words=one.words, before=one.before, after=one.after) for one in writing.tried if one.wide]
    writing.hints = [*(fault.message for fault in faults), *wide]
    writing.seen = _seen(edit)


def _tell(writing: Writing, messages: Sequence[str]) -> None:
    writing.wrong = list(dict.fromkeys(messages))
    if stops(writing.typed):
        note_refused(Deed.NUMBER_IN_FORM)


def _refused(error: Refused | NoSpace, writing: Writing) -> None:
    if isinstance(error, NoSpace):
        writing.wrong, writing.status = [NO_SPACE], 507
    else:
        writing.wrong = [one.message for one in error.faults] if isinstance(error, Faulty) else [str(error)]
        writing.status = 422


def _try() -> list[str]:
    """The search that somebody has chosen to try the change with."""
    return [" ".join(request.form.get("try", "")[:LONGEST_SEARCH].split())]


def _seen(edit: Edit) -> str:
    """The mark of an edit whose preview has been shown."""
    return f"{mark_of(edit.was)}-{mark_of(edit.row)}"


def _lists() -> WordLists:
    return current.index.words().lists


def _changes() -> list[Entry]:
    with current.databases.kept_for_reading() as session:
        return revisions_of(session, IDENTITY)[:LAST_CHANGES]


def _row_page(was: Row, writing: Writing, going: bool = False) -> Response:
    return _page("coordinating/row.html", writing, was=was, going=going, in_words=in_words(was))


def _asking_page(was: Row, writing: Writing) -> Response:
    return _page("coordinating/asking.html", writing, was=was)


def _page(template: str, writing: Writing, **context: Any) -> Response:
    problems = current.index.words().problems
    to_try = " ".join(request.form.get("try", "").split())[:LONGEST_SEARCH]
    context |= {"writing": writing, "problems": problems, "path": PATH, "to_try": to_try}
    return page(template, status=writing.status, **context)
