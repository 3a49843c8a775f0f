"""What a person is writing: the form's values, what they were opened from, and the working copy that keeps them.

Every post of a form is kept in the kept database before anything else is tried, so that a crash, an expired sign-in, a
conflict or a full disk finds the text safe. A working copy belongs to one person and one document; a new document that
has no address yet goes by its form's own token.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import g, request
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.accounts.access import may_edit
from app.accounts.signing_in import ask, ask_to_see, viewer
from app.audit import Deed, note_refused
from app.database import is_disk_trouble, now
from app.editing import composing, locked, numbers, tabs
from app.editing.names import Lookup, words_of
from app.history import text_of, waiting_files, working_copies
from app.history.waiting_files import Waiting
from app.history.working_copies import WorkingCopy
from app.library.attachments import Attached
from app.library.document import BrokenDocument, Document, Kind, NotFound
from app.library.fields import values
from app.library.visibility import Viewer
from app.library.vocabulary import Words
from app.publishing import current
from app.publishing.locks import Kept
from app.reading.mending import refuse_if_broken
from app.web import forms
from app.web.forms import Form, Values, form_for

log = logging.getLogger(__name__)

TOKEN = re.compile(r"[0-9a-f]{32}")
NEW = "ny"


@dataclass
class Draft:
    """A form that somebody has open. ``base`` is the document as it was opened, None for a new one.

    ``version`` is the base's; where history no longer has its text it stands alone. ``parent`` is the slug of the
    document under which a new one is to lie, ``note`` what the person says of the change. ``kept_at`` is when the
    working copy was kept, None if there is none; ``overtaken`` says that somebody has saved the document since.
    """

    kind: Kind
    viewer: Viewer
    values: Values
    token: str
    base: Document | None = None
    version: str | None = None
    parent: str = ""
    note: str = ""
    kept_at: datetime | None = None
    overtaken: bool = False
    # Marks of what the person declares to be no personal number.
    declared: tuple[str, ...] = ()
    # The form as it is open in one tab, and what each tab wrote last; parked where another tab's text is in the way.
    tab: str = field(default_factory=tabs.new_tab)
    wrote: dict[str, str] = field(default_factory=dict)
    parked: bool = False
    # The fields that this tab writes: those of its step.
    writes: Sequence[forms.Shape] = ()
    # When the working copy was kept that was read before this one is; None where there was none.
    read_at: datetime | None = None
    lookup: Lookup = field(init=False)

    def __post_init__(self) -> None:
        self.lookup = Lookup(self.viewer, self._file_names, self._unlisted, lambda: self._above)

    def _file_names(self) -> set[str]:
        return {file.name for file in self.files} | {file.name for file in self.attached}

    @cached_property
    def _above(self) -> Document | None:
        """The document under which this one lies, or will; None where there is none that can be read."""
        above = self.parent or (self.base.slug.rpartition("/")[0] if self.base else "")
        try:
            return current.library.get(self.kind.parent, above) if self.kind.parent else None
        except (BrokenDocument, NotFound):
            return None

    def _unlisted(self) -> set[str]:
        """The words of the document as it was opened, and as it is, that their lists have not."""
        found = [value.value for value in values(self.base.front_matter)] if self.base else []
        return {str(word) for word in found if isinstance(word, Words) and not word.is_listed}

    @property
    def files(self) -> list[Waiting]:
        """The files that wait to be saved with the form."""
        known: dict[str, list[Waiting]] = g.setdefault("waiting_files", {})
        if self.key not in known:
            with current.databases.kept_for_reading() as session:
                known[self.key] = waiting_files.of(session, self._person, self.key)
        return known[self.key]

    @property
    def attached(self) -> list[Attached]:
        """The files that the document has already."""
        return current.library.attached(self.base.path) if self.base else []

    @property
    def form(self) -> Form:
        return form_for(self.kind)

    @property
    def key(self) -> str:
        return key_of(self.base) if self.base else new_key(self.kind, self.token)

    @property
    def copy_key(self) -> str:
        """The key of the working copy: a text that is parked has one of its own."""
        return tabs.parked_key(self.key, self.tab) if self.parked else self.key

    @property
    def before(self) -> Values:
        """The values of the document as it was opened."""
        return composing.values_of(self.base) if self.base else forms.blanks(self.form.shapes)

    @property
    def changed(self) -> list[forms.Shape]:
        return composing.changed(self.form, self.before, self.values)

    @cached_property
    def kept_locked(self) -> Kept | None:
        """What is locked of the document by now, whatever it was when the form was opened."""
        return locked.kept_of(self.base)

    def words_of(self, shape: forms.Shape, value: Any) -> str:
        """A value as people read it."""
        return words_of(shape, value, self.lookup)

    @property
    def document_id(self) -> str:
        return self.base.id if self.base else id_from(self.token)

    @property
    def text(self) -> str:
        """The text of the file that these values make."""
        if self.base:
            text = composing.rewritten(self.base, self.values)
        else:
            text = composing.composed(self.kind, self.values, self.document_id)
        text = composing.with_files(self.kind, text, self.base, self.files)
        return composing.with_declared(self.kind, text, self.base, numbers.marks_to_save(self, text))

    def keep(self, newest: Document | None = None) -> bool:
        """Keep the values as this person's working copy.

        Where they say what the document said when it was opened, or says now (``newest``), there is nothing to keep.
        False where there is a personal number among them: what was kept before stays as it is.
        """
        if numbers.stopping(self):
            note_refused(Deed.NUMBER_IN_FORM, document=self.base.id if self.base else "")
            return False
        if self.writes:
            self.wrote = tabs.remembered(self.wrote, self.tab, tabs.seen(self.writes, self.values))
        with current.databases.kept() as session:
            self._make_way(session)
            if not self.files and any(self.says_the_same_as(one) for one in (self.base, newest) if one):
                working_copies.drop(session, self._person, self.copy_key)
                self.kept_at = None
                return True
            fields = {
                "values": self.values,
                "parent": self.parent,
                "note": self.note,
                "declared": list(self.declared),
                "wrote": self.wrote,
            }
            working_copies.keep(session, self._person, self.copy_key, self.version, fields)
        self.kept_at = now()
        return True

    def _make_way(self, session: Session) -> None:
        """Park the text where another tab has kept one since the working copy was read, in the same moment."""
        present = working_copies.find(session, self._person, self.key) if self.writes else None
        if present is None or self.parked or present.at == self.read_at:
            return
        fields: Any = present.fields
        self.parked = self.tab not in list(fields.get("wrote", {}))[-1:]

    def says_the_same_as(self, document: Document) -> bool:
        """Whether a document says what these values say."""
        return not composing.changed(self.form, composing.values_of(document), self.values)

    def drop(self) -> None:
        """Forget the working copy: it is saved, or thrown away.

        A disk that takes no more must not make an error of a save that succeeded: the copy is then left behind, and
        says the same as the document.
        """
        try:
            with current.databases.kept() as session:
                working_copies.drop(session, self._person, self.copy_key)
                if not self.parked:
                    waiting_files.drop(session, self._person, self.key)
        except OperationalError as error:
            if not is_disk_trouble(error):
                raise
            log.warning("a working copy could not be removed; it says what was saved", exc_info=True)

    @property
    def _person(self) -> str:
        return self.viewer.person or ""


def key_of(document: Document) -> str:
    """The key of the working copies of a document; it survives a move."""
    return f"{document.kind.name}:{document.id}"


def new_key(kind: Kind, token: str) -> str:
    return f"{kind.name}:{NEW}:{token}"


def new_token() -> str:
    return uuid.uuid4().hex


def id_from(token: str) -> str:
    """The id of the document that a new form makes: the form's token, so that a form sent twice makes one document."""
    return str(uuid.UUID(token))


# ---- Opening a form ----


def open_document(document: Document) -> Draft:
    """The form of a document: with the person's working copy if there is one, otherwise as the file says."""
    now_looking = viewer()
    copy = copy_of(now_looking, key_of(document))
    base = (document_at(document, copy.base_version) if copy else document) or document
    draft = _opened(base, now_looking)
    if copy:
        take_up(draft, copy)
        draft.overtaken = copy.base_version != document.version
        if not draft.files and draft.says_the_same_as(document):
            # What was typed stands in the document already: there is nothing to go on with.
            return _opened(document, now_looking)
    return draft


def _opened(base: Document, now_looking: Viewer) -> Draft:
    return Draft(base.kind, now_looking, composing.values_of(base), new_token(), base, base.version)


def open_new(kind: Kind, parent: Document | None, source: Document | None) -> Draft:
    """An empty form, filled in with what is known from where one comes; or a working copy that is gone on with.

    The address has the form's mark.
    """
    now_looking = viewer()
    token = request.args["utkast"]
    copy = copy_of(now_looking, new_key(kind, token))
    values = forms.blanks(form_for(kind).shapes)
    draft = Draft(kind, now_looking, values, token, parent=parent.slug if parent else "")
    if copy:
        take_up(draft, copy)
        return draft
    draft.values = forms.read(draft.form.shapes, request.args, values, draft.lookup)
    for document in (source, parent):
        if document:
            composing.prefill(kind, draft.values, document)
    draft.values["owner"] = _first_owner(now_looking, parent)
    if parent:
        draft.values["invented"] = parent.front_matter.invented
    return draft


def suggest(draft: Draft) -> None:
    """Fill in what the address suggests where nobody has answered. It is saved with the form, and not before."""
    if draft.kept_at:
        return
    left_out = locked.hidden(draft)
    asked = [shape for shape in draft.form.shapes if shape.name not in left_out]
    unanswered = [shape for shape in asked if forms.is_empty(shape, draft.values[shape.name])]
    draft.values |= forms.read(unanswered, request.args, draft.values, draft.lookup)


def _first_owner(now_looking: Viewer, parent: Document | None) -> str:
    """Who owns a new document, unless somebody says otherwise: the parent's owner, or one's own organisation."""
    if parent:
        # Who may add to it writes for its owner.
        return parent.front_matter.owner
    return next(iter(sorted(now_looking.organisations)), "")


def take_up(draft: Draft, copy: WorkingCopy) -> None:
    """Go on with what was kept. Fields that the form has got since then are as in the document."""
    kept: Any = copy.fields
    known = {shape.name for shape in draft.form.shapes}
    draft.values = {**draft.values, **{name: value for name, value in kept["values"].items() if name in known}}
    draft.version = copy.base_version
    draft.parent = kept.get("parent", "") or draft.parent
    draft.note = kept.get("note", "")
    draft.declared = tuple(kept.get("declared", ()))
    draft.wrote = dict(kept.get("wrote", {}))
    draft.kept_at = copy.at


def waiting(kind: Kind, now_looking: Viewer) -> list[tuple[str, str, datetime]]:
    """New documents that the person has begun and not saved: token, title, when; the newest first."""
    begun = f"{kind.name}:{NEW}:"
    with current.databases.kept_for_reading() as session:
        copies = [copy for copy in _not_parked(session, now_looking) if copy.key.startswith(begun)]
    found = [
        (copy.key.removeprefix(begun), title_in(copy) or "Utan rubrik", copy.at)
        for copy in copies
        if says_something(kind, copy)
    ]
    return sorted(found, key=lambda one: one[2], reverse=True)


def _not_parked(session: Session, now_looking: Viewer) -> list[WorkingCopy]:
    return [copy for copy in working_copies.of(session, now_looking.person or "") if not tabs.is_parked(copy.key)]


def says_something(kind: Kind, copy: WorkingCopy) -> bool:
    """Whether anything was typed; what a new form is filled in with, and rows that were only opened, do not count."""
    fields: Any = copy.fields
    with current.databases.kept_for_reading() as session:
        if waiting_files.of(session, copy.person, tabs.form_key(copy.key)):
            return True
    given = ("owner", "invented", *composing.SUBJECT)
    asked = [shape for shape in form_for(kind).shapes if shape.name in fields["values"] and shape.name not in given]
    return any(not forms.is_empty(shape, fields["values"][shape.name]) for shape in asked)


def title_in(copy: WorkingCopy) -> str:
    """The title that was typed; empty where there is none yet."""
    fields: Any = copy.fields
    return str(fields["values"].get("title", ""))


def copy_of(now_looking: Viewer, key: str) -> WorkingCopy | None:
    with current.databases.kept_for_reading() as session:
        return working_copies.find(session, now_looking.person or "", key)


# ---- The document behind a form ----


def document_at(document: Document, version: str | None) -> Document | None:
    """The document as it was in a version; None where history does not know that text."""
    if version is None or version == document.version:
        return document if version else None
    with current.databases.kept_for_reading() as session:
        text = text_of(session, version)
    if text is None:
        return None
    try:
        found = current.library.parse(document.path, text)
    except BrokenDocument:
        return None
    return found if found.id == document.id else None


def version_at(kind: Kind, slug: str, version: str) -> Document | None:
    """The document at an address as a form was opened from it, also where the file says something else or is gone."""
    with current.databases.kept_for_reading() as session:
        text = text_of(session, version) if version else None
    try:
        return current.library.parse(kind.path_of(slug), text) if text else None
    except (BrokenDocument, ValueError):
        return None


def ask_to_edit(kind: Kind, slug: str) -> Document:
    """The document that somebody wants to change, if they may. A former address is followed: the text must arrive."""
    document = find(kind, slug)
    if document is None:
        raise NotFound(slug)
    ask_to_see(document.front_matter)
    ask(may_edit, document.front_matter)
    return document


def find(kind: Kind, slug: str) -> Document | None:
    """The document with a slug or a former slug."""
    try:
        document = current.library.get(kind.name, slug)
    except NotFound:
        present = current.index.former(kind.name, slug)
        return current.library.get(kind.name, present) if present else None
    refuse_if_broken(document)
    return document
