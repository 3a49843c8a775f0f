"""What a revision means for who may read what, told in the audit log when the revision is in the files.

It goes by the texts themselves, so that it is the same for a form, a button, the command line, an edit from outside and
a save that was cut off and finished later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from app.audit import Actor, Deed, note
from app.audit.noting import About
from app.history.revisions import content_of
from app.history.tables import Revision, Sort
from app.library import front_matter
from app.library.attachments import document_id_in, is_inside
from app.library.document import BrokenDocument
from app.library.vocabulary import Publication, Visibility
from app.library.word_lists import PATH as WORD_LISTS
from app.publishing.changes import START
from app.publishing.journal import Planned

PUBLICATIONS = {one.value: one for one in Publication}
VISIBILITIES = {one.value: one for one in Visibility}
OPEN = (Publication.PUBLISHED, Publication.ARCHIVED)


@dataclass(frozen=True)
class Readers:
    """What a text says of who may read it, and which digits it declares to be no personal numbers."""

    publication: Publication = Publication.DRAFT
    visibility: Visibility = Visibility.PUBLIC
    networks: tuple[str, ...] = ()
    owner: str = ""
    declared: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, path: str, content: bytes | None) -> Readers | None:
        """None for what is no document just now."""
        if content is None:
            return None
        try:
            said = front_matter.read(path, content.decode()).values
            return cls(
                PUBLICATIONS[said.get("publication") or Publication.DRAFT.value],
                VISIBILITIES[said.get("visibility") or Visibility.PUBLIC.value],
                tuple(sorted(map(str, said.get("networks") or ()))),
                str(said.get("owner") or ""),
                frozenset(map(str, said.get("not_personal_numbers") or ())),
            )
        except (BrokenDocument, UnicodeDecodeError, LookupError, TypeError):
            return None


def tell(session: Session, number: int, files: Sequence[Planned]) -> None:
    """Tell of a revision that is done, in the transaction that says so."""
    revision = session.get_one(Revision, number)
    by = revision.author_person or (Actor.OUTSIDE if revision.sort == Sort.OUTSIDE else None)
    was_here = revision.sort == Sort.OUTSIDE and revision.author_name == START.name
    moved = {file.document_id for file in files if file.version is not None}
    for file in files:
        if file.version is None and file.document_id in moved:
            continue
        for deed, about in _deeds(session, Sort(revision.sort), file, was_here):
            note(session, deed, by, **(_about(number, file) | about))


def _about(number: int, file: Planned) -> About:
    return About(document=document_id_in(file.document_id), organisation=file.owner, thing=str(number))


def _deeds(session: Session, sort: Sort, file: Planned, was_here: bool) -> Iterator[tuple[Deed, About]]:
    if file.quarantined:
        yield Deed.NUMBER_OUTSIDE, {}
    if was_here or is_inside(file.path):
        return
    if file.path == WORD_LISTS:
        yield Deed.WORDS_CHANGED, {"document": ""}
        return
    if file.version is None:
        yield Deed.DELETED, {}
        return
    after = Readers.of(file.path, file.content)
    if sort == Sort.UNDO:
        yield Deed.DELETION_UNDONE, {"became": str(after.visibility) if after else ""}
        return
    if sort == Sort.RESTORE:
        yield Deed.RESTORED, {}
    if after is not None:
        before = content_of(session, file.base_version) if file.base_version else None
        yield from _differences(Readers.of(file.path, before), after)


def _differences(before: Readers | None, after: Readers) -> Iterator[tuple[Deed, About]]:
    """Where nobody can tell what was before, as much is told as of a new page."""
    new = before is None
    before = before or Readers(visibility=after.visibility, networks=after.networks, owner=after.owner)
    if before.publication != after.publication:
        was = "" if new else str(before.publication)
        if after.publication is Publication.PUBLISHED:
            yield Deed.PUBLISHED, {"was": was, "became": str(after.visibility)}
        elif after.publication is Publication.ARCHIVED:
            yield Deed.ARCHIVED, {"was": was, "became": str(after.visibility)}
        elif before.publication in OPEN:
            yield Deed.UNPUBLISHED, {"was": was, "became": str(after.publication)}
    if (before.visibility, before.networks) != (after.visibility, after.networks):
        yield Deed.VISIBILITY_CHANGED, {"was": str(before.visibility), "became": str(after.visibility)}
    if before.owner != after.owner:
        yield Deed.OWNER_CHANGED, {"was": before.owner, "became": after.owner}
    if new_marks := len(after.declared - before.declared):
        yield Deed.NUMBER_DECLARED, {"times": new_marks}
