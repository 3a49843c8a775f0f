"""``larnat erase``: a person or a text taken out of what is kept, for good, with a tombstone in its place.

History goes on telling that something was changed and by which organisation; only the name, or the words, are gone. A
text from which words were taken gets a version of its own, since a checksum of the old one could be used to guess them.
"""

from __future__ import annotations

import re
import sqlite3
import time
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from app import contacts
from app.accounts import belonging, invitations, letters, links, people
from app.accounts.links import Purpose
from app.accounts.slowing import Slowing
from app.accounts.tables import Coordination, Identity, Membership, OrganisationRole, Person, Reminder, SignIn
from app.audit import Deed, note
from app.config import Settings
from app.contacts import NamedPerson
from app.database import Databases, copies_before, now
from app.feedback.reports import Report
from app.history.revisions import content_of, pack
from app.history.tables import DocumentLock, Head, Revision, RevisionFile, Text, WaitingFile, WorkingCopy
from app.index import IndexNotReady, Renamed
from app.keeping.contents import contents_of
from app.keeping.marks import change, changing
from app.keeping.snapshot import NotPossible, remove_left_behind
from app.keeping.tables import Erasure
from app.library.attachments import document_id_in
from app.library.organisations import Organisation, Organisations, load_organisations
from app.library.shelf import version_of
from app.looked_for import LookedFor, remembered
from app.mail.outbox import Letter
from app.publishing import Archive

GONE = "[raderat]"
SHORTEST = 3
WAIT_SECONDS = 30.0
AT_A_TIME_MS = 100
# The columns of kept tables that name a person. A test holds the list to the tables.
NAMING = {
    "person": {"id", "email", "name"},
    "membership": {"person_id"},
    "coordination": {"person_id"},
    "sign_in": {"person_id"},
    "identity": {"person_id"},
    "reminder": {"person_id"},
    "letter": {"to_email"},
    "invitation": {"email", "by_person"},
    "named_person": {"name", "email"},
    # Ids alone, which say nothing when the account is gone: the log is only added to.
    "audit_row": {"by_person", "person"},
    "revision": {"author_person", "author_name"},
    "working_copy": {"person"},
    "waiting_file": {"person", "name"},
    "report": {"email_or_phone"},
}
# What somebody may have written of anybody in a report, and administrators in its note.
IN_REPORTS = ("text", "page", "tools", "email_or_phone", "note")


@dataclass(frozen=True)
class Erased:
    """What was taken out. ``still_in`` are the present files in which it stands: they are changed by editing them."""

    revisions: int = 0
    texts: int = 0
    drafts: int = 0
    still_in: tuple[str, ...] = ()
    reports: int = 0
    named: int = 0


@dataclass(frozen=True)
class Eraser:
    """Erases in one house. Every method works under the library lock, and leaves a note that it was done."""

    settings: Settings
    databases: Databases
    archive: Archive

    def person(self, email: str, reason: str, *, really: bool) -> Erased:
        """Take out an account and its name in history. With ``really`` False only what it would be is told.

        Raises NotPossible if there is no such account.
        """
        with self.archive.at_rest(), self.databases.kept() as session:
            person = people.find(session, email)
            if person is None:
                raise NotPossible(f"Det finns inget konto för {people.normal_email(email)}.")
            numbers = session.exec(select(Revision.number).where(Revision.author_person == person.id)).all()
            drafts = session.exec(select(WorkingCopy.key).where(WorkingCopy.person == person.id)).all()
            erased = Erased(
                revisions=len(numbers),
                drafts=len(drafts),
                still_in=self.files_with(person.name, person.email),
                reports=_take_out_of_reports(session, partial(address_pattern(person.email).sub, GONE), really),
            )
            if really:
                self._forget(session, person, reason, erased.revisions)
        if really:
            self._leave_no_trace()
        return erased

    def account(self, person_id: str, reason: str, *, tell: bool = True) -> None:
        """Take out an account at once. What is left of it between the rows the worker sweeps out: ``sweep``.

        With ``tell`` the person gets a letter, where letters are sent. Raises NotPossible for the last administrator
        and for an account that is gone.
        """
        with self.archive.at_rest(), self.databases.kept() as session:
            person = session.get(Person, person_id)
            if person is None:
                raise NotPossible("Kontot är redan borta.")
            if is_last_admin(session, person):
                raise NotPossible("Det här är det enda administratörskontot. Låt någon annan bli administratör först.")
            _take_out_of_reports(session, partial(address_pattern(person.email).sub, GONE), really=True)
            authored = col(Revision.author_person) == person.id
            revisions = session.exec(select(func.count()).select_from(Revision).where(authored)).one()
            email = person.email
            renamed = self._forget(session, person, reason, revisions)
            if tell:
                letters.tell_of_ended_account(session, person_id, email, self.settings)
        # A reader shall not meet the name until everything is built anew. Where it is being built, that is enough.
        with suppress(IndexNotReady):
            self.archive.index.rename_author(renamed)

    def named(self, words: str, reason: str, *, really: bool) -> Erased:
        """Take out somebody who is named on pages, by the whole name or address, wherever that is.

        Raises NotPossible if nobody is. ``still_in`` are the files in which it stands as well.
        """
        with self.archive.at_rest(), self.databases.kept() as session:
            found = contacts.named_as(session, words)
            if not found:
                raise NotPossible("Ingen heter så bland deltagare och kontakter.")
            erased = Erased(named=len(found), still_in=self.files_with(words.strip()))
            if really:
                contacts.forget(session, [one.number for one in found])
                session.add(Erasure(sort="named", reason=reason))
                note(session, Deed.PERSON_ERASED)
        if really:
            self._leave_no_trace()
        return erased

    def sweep(self) -> bool:
        """Remove what erased accounts have left between the rows and in the logs of the databases. False if none has.

        A letter that tells somebody of it has their address: it is sent first, or given up.
        """
        with self.databases.kept_for_reading() as session:
            waits = session.exec(select(Erasure.number).where(col(Erasure.swept_at).is_(None)).limit(1)).first()
            if waits is None or letters.ended_accounts_are_told_of(session):
                return False
        self._leave_no_trace()
        return True

    def _forget(self, session: Session, person: Person, reason: str, revisions: int) -> list[Renamed]:
        renamed = _forget(session, person, load_organisations(self.settings.home))
        Slowing.of(self.settings).forget(session, person.email)
        session.add(Erasure(sort="person", subject=person.id, reason=reason, revisions=revisions))
        note(session, Deed.PERSON_ERASED, person=person.id)
        return renamed

    def text(self, words: str, reason: str, *, really: bool) -> Erased:
        """Take words out of every text in history and of what is typed and not saved, however å, ä and ö are coded.

        Raises NotPossible where they stand in a present file: that has to be edited first.
        """
        if len(words.strip()) < SHORTEST:
            raise NotPossible(f"Skriv minst {SHORTEST} tecken av det som ska bort.")
        self.archive.take_in()
        with self.archive.at_rest(), self.databases.kept() as session:
            codings = _codings(words)
            marks = changing(session, self.archive.library, partial(_without, codings=codings))
            still_in = self.files_with(words, *marks)
            if still_in:
                raise NotPossible(
                    f"Det står kvar i {', '.join(still_in)}. Ändra där först, och radera sedan ur historiken."
                )
            erased = _take_out(session, codings, marks, really)
            if really:
                change(session, self.archive.library, marks)
                note(session, Deed.WORDS_ERASED, times=max(1, erased.texts))
                session.add(Erasure(sort="text", reason=reason, texts=erased.texts, revisions=erased.revisions))
        if really:
            self._leave_no_trace()
        return erased

    def files_with(self, *wanted: str) -> tuple[str, ...]:
        """The paths of the present files in which any of these words stand."""
        found = []
        codings = [coding.encode() for words in wanted if words for coding in _codings(words)]
        for path in contents_of(self.settings.home).files:
            content = (self.settings.home / path).read_bytes()
            if any(coding in content for coding in codings):
                found.append(path)
        return tuple(found)

    def _leave_no_trace(self) -> None:
        """Write the database anew without what was deleted, and empty its log. Copies of it as it was before go.

        Raises NotPossible if somebody reads for so long that the log cannot be emptied.
        """
        with self.databases.kept_for_reading() as session:
            last = session.exec(select(func.max(Erasure.number))).one()
        self.databases.close()
        for copy in copies_before(self.settings.var):
            copy.unlink(missing_ok=True)
        remove_left_behind(self.settings.var)
        _write_anew(self.settings.kept_file)
        with suppress(IndexNotReady):
            generations = self.archive.index.generations
            _write_anew(generations.derived_file(generations.living()))
        with self.databases.kept() as session:
            swept = update(Erasure).where(col(Erasure.number) <= (last or 0), col(Erasure.swept_at).is_(None))
            session.connection().execute(swept.values(swept_at=now()))


def _write_anew(file: Path) -> None:
    with closing(sqlite3.connect(file, timeout=WAIT_SECONDS, isolation_level=None)) as database:
        database.execute("PRAGMA secure_delete=ON")
        database.execute("VACUUM")
        # While it waits for those who read, nobody can write: so it never waits for long at a time.
        database.execute(f"PRAGMA busy_timeout={AT_A_TIME_MS}")
        deadline = time.monotonic() + WAIT_SECONDS
        while database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > deadline:
                raise NotPossible(
                    "Det är raderat, men ligger kvar i databasens logg så länge någon läser."
                    " Starta om Lärnät, så töms den."
                )
            time.sleep(0.1)


def is_last_admin(session: Session, person: Person) -> bool:
    """Whether nobody would run the site without this person."""
    others = select(func.count()).where(col(Person.admin), col(Person.active), Person.id != person.id)
    return person.admin and session.exec(others).one() == 0


def _forget(session: Session, person: Person, organisations: Organisations) -> list[Renamed]:
    """Take a person out of every table; what was written stays, with the role and the organisation."""
    # As it is now, or was last, wherever the person has belonged.
    roles = {one.organisation: one.role for one in reversed(belonging.memberships_of(session, person))}
    authored = col(Revision.author_person) == person.id
    connection = session.connection()
    renamed = []
    for organisation in session.exec(select(Revision.author_organisation).where(authored).distinct()).all():
        role = "administratör" if person.admin else OrganisationRole(roles.get(organisation, "member")).swedish
        name = _without_name(role, organisations.get(organisation))
        there = authored & (col(Revision.author_organisation) == organisation)
        latest = session.exec(select(Head.document_id).join(Revision).where(there)).all()
        renamed.append(Renamed(frozenset(map(document_id_in, latest)), person.name, name))
        connection.execute(update(Revision).where(there).values(author_person=None, author_name=name, token=None))
    connection.execute(delete(WorkingCopy).where(col(WorkingCopy.person) == person.id))
    connection.execute(delete(WaitingFile).where(col(WaitingFile.person) == person.id))
    for table in (Membership, Coordination, SignIn, Identity, Reminder):
        connection.execute(delete(table).where(col(table.person_id) == person.id))
    for purpose in (Purpose.PASSWORD, Purpose.NO_REMINDERS):
        links.end(session, purpose, person.id)
    invitations.forget_person(session, person)
    named = (*contacts.named_as(session, person.name), *contacts.named_as(session, person.email))
    contacts.forget(session, {one.number for one in named})
    connection.execute(delete(Letter).where(col(Letter.to_email) == person.email))
    session.delete(person)
    return renamed


def _without_name(role: str, organisation: Organisation | None) -> str:
    """Who wrote, where the name is erased: "Medlem i Södertälje"."""
    place = f" i {organisation.short}" if organisation else " (namnet raderat)"
    return f"{role[:1].upper()}{role[1:]}{place}"


def _codings(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unicodedata.normalize(form, words) for form in ("NFC", "NFD")))


def _take_out(session: Session, codings: tuple[str, ...], marks: Mapping[str, str], really: bool) -> Erased:
    texts = 0
    for version in session.exec(select(Text.version).where(col(Text.packed).is_not(None))).all():
        content = content_of(session, version) or b""
        without = _without(content, codings)
        for old, new in marks.items():
            without = without.replace(old.encode(), new.encode())
        if without != content:
            texts += 1
            if really:
                _replace(session, version, without)
        session.expunge_all()
    revisions = drafts = 0
    for file in session.exec(select(RevisionFile)).all():
        revisions += _change(file, {"title": file.title}, codings, really)
    for revision in session.exec(select(Revision)).all():
        revisions += _change(
            revision, {"summary": revision.summary, "author_name": revision.author_name}, codings, really
        )
    for draft in session.exec(select(WorkingCopy)).all():
        drafts += _change(draft, {"fields": draft.fields}, codings, really)
    for named in session.exec(select(NamedPerson)).all():
        told = {name: getattr(named, name) for name in ("name", "title", "organisation", "email", "phone")}
        drafts += _change(named, told, codings, really)
    for waiting in session.exec(select(WaitingFile).options(defer(WaitingFile.content))).all():  # type: ignore[arg-type]
        drafts += _change(waiting, {"title": waiting.title, "alt": waiting.alt}, codings, really)
    drafts += _take_out_of_searches(session, codings, really)
    return Erased(
        revisions, texts, drafts, reports=_take_out_of_reports(session, partial(_without_in, codings=codings), really)
    )


def _take_out_of_searches(session: Session, codings: tuple[str, ...], really: bool) -> int:
    """Forget every search in which the words stand, however their letters were written."""
    wanted = {remembered(coding) for coding in codings} - {""}
    found = [one for one in session.exec(select(LookedFor)).all() if any(words in one.words for words in wanted)]
    for one in found if really else ():
        session.delete(one)
    return len(found)


def _take_out_of_reports(session: Session, take_out: Callable[[str], str], really: bool) -> int:
    changed = 0
    for report in session.exec(select(Report)).all():
        old = {name: getattr(report, name) for name in IN_REPORTS}
        new = {name: take_out(text) for name, text in old.items()}
        changed += new != old
        if really:
            report.sqlmodel_update(new)
    return changed


def address_pattern(email: str) -> re.Pattern[str]:
    """An e-mail address however its letters are written, and not as a part of a longer one."""
    return re.compile(rf"(?<![\w.+-]){re.escape(email)}(?![\w-])", re.IGNORECASE)


def _change(row: Any, values: dict[str, Any], codings: tuple[str, ...], really: bool) -> bool:
    new = {name: _without_in(value, codings) for name, value in values.items()}
    if really and new != values:
        for name, value in new.items():
            setattr(row, name, value)
    return new != values


def _without(content: bytes, codings: tuple[str, ...]) -> bytes:
    for coding in codings:
        content = content.replace(coding.encode(), GONE.encode())
    return content


def _without_in(value: Any, codings: tuple[str, ...]) -> Any:
    """The value with the words taken out of every text in it."""
    if isinstance(value, str):
        for coding in codings:
            value = value.replace(coding, GONE)
        return value
    if isinstance(value, list):
        return [_without_in(one, codings) for one in value]
    if isinstance(value, dict):
        return {key: _without_in(one, codings) for key, one in value.items()}
    return value


def _replace(session: Session, version: str, content: bytes) -> None:
    """Let a text say something else, under the version that it then has, wherever it is named."""
    new = version_of(content)
    connection = session.connection()
    if session.get(Text, new) is None:
        connection.execute(insert(Text).values(version=new, packed=pack(content)))
    named = (RevisionFile, "version"), (RevisionFile, "base_version"), (WorkingCopy, "base_version")
    for table, name in (*named, (DocumentLock, "version")):
        column = col(getattr(table, name))
        connection.execute(update(table).where(column == version).values({name: new}))
    connection.execute(delete(Text).where(col(Text.version) == version))
