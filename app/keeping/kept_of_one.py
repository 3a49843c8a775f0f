"""Everything that is kept of one person, for that person: a zip archive, made a piece at a time.

Each kept table is told of here or left out for a reason that the archive gives; a test holds this to the tables, column
by column. Nothing of anybody else is in it, and nothing that opens anything.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from app.accounts import letters
from app.accounts.access import may_see, may_see_history
from app.accounts.links import Purpose
from app.accounts.tables import Coordination, Identity, Invitation, Membership, OneTimeLink, Person, Reminder, SignIn
from app.audit import AuditRow, Deed, Outcome
from app.config import Settings
from app.contacts import NamedPerson, Part
from app.database import Databases
from app.feedback.reports import Report
from app.history import text_of, waiting_files
from app.history.tables import Head, Revision, RevisionFile, State, WaitingFile, WorkingCopy
from app.keeping.erasing import address_pattern
from app.keeping.export import Pieces
from app.keeping.kept_of_one_words import READ_ME, as_page
from app.library.attachments import document_id_in
from app.library.document import BrokenDocument, FrontMatter, NotFound
from app.library.shelf import Library
from app.library.visibility import Viewer
from app.mail.outbox import Letter
from app.web.forms import form_for
from app.web.text import moment

Row = dict[str, Any]
DEEDS = {one.value: one.swedish for one in Deed}
PARTS = {one.value: one.swedish for one in Part}
OUTCOMES = {one.value: one.swedish for one in Outcome}

# From which kept table each part of the archive comes, and which of its columns are not told, and why.
TOLD: Mapping[str, tuple[str, ...]] = {
    "person": ("account",),
    "membership": ("memberships",),
    "coordination": ("coordinations",),
    "sign_in": ("sign_ins",),
    "identity": ("identities",),
    "reminder": ("reminders",),
    "one_time_link": ("links",),
    "invitation": ("invitations_to_you", "invitations_by_you"),
    "letter": ("letters",),
    "working_copy": ("half_written",),
    "waiting_file": ("waiting_files",),
    "revision": ("changes",),
    "revision_file": ("changes",),
    "text": ("changes",),
    "report": ("reports",),
    "named_person": ("named",),
    "audit_row": ("audit",),
}
INNER = "den säger något bara inne i databasen"
DIGEST = "den är en kontrollsumma av något hemligt"
OTHERS = "den handlar om någon annan"
NOT_TOLD: Mapping[str, Mapping[str, str]] = {
    "person": {"id": INNER, "password_hash": DIGEST},
    "membership": {"number": INNER, "person_id": INNER},
    "coordination": {"number": INNER, "person_id": INNER},
    "sign_in": {"number": INNER, "person_id": INNER, "digest": DIGEST, "issuers_own": DIGEST},
    "identity": {"number": INNER, "person_id": INNER, "digest": DIGEST},
    "reminder": {"person_id": INNER},
    "one_time_link": {"digest": DIGEST, "subject": INNER, "purpose": INNER},
    "invitation": {"number": INNER, "email": OTHERS, "by_person": OTHERS, "title": INNER},
    "letter": dict.fromkeys(("number", "about", "next_at", "tries", "error", "to_email"), INNER),
    "working_copy": {"person": INNER},
    "waiting_file": {"person": INNER, "digest": INNER},
    "revision": {"token": INNER, "author_person": INNER, "author_name": "det är ditt namn"},
    "revision_file": dict.fromkeys(
        ("document_id", "former_path", "former_id", "base_version", "staged", "owner", "revision"), INNER
    ),
    "text": {},
    "audit_row": {
        **dict.fromkeys(("number", "by", "thing", "was", "became", "document", "digest"), INNER),
        **dict.fromkeys(("by_person", "person"), OTHERS),
        "origin": DIGEST,
    },
    "named_person": dict.fromkeys(("number", "document_id"), INNER),
    "report": {"token": INNER, "note": "det är administratörernas egna ord; fråga dem"},
}
# The tables that hold nothing of a person that could be found, or told.
LEFT_OUT: Mapping[str, str] = {
    "sign_in_try": "Försök att logga in: bara kontrollsummor som inte går att läsa. De tas bort inom några timmar.",
    "departure": (
        "Att någon är på väg för att logga in hos en utfärdare: bara kontrollsummor, och det som följer med är låst."
    ),
    "head": "Vad som står i filerna just nu: inget om personer.",
    "document_lock": "Vilken dag en förutsägelse låstes, och en kontrollsumma av den: inget om personer.",
    "former_path": "Sidors tidigare adresser: inget om personer.",
    "looked_for": "Vad folk söker efter: orden, dagen och organisationen, men aldrig vem som sökte.",
    "erasure": "Att något har raderats: finns du kvar är det inte du.",
}
HIDDEN_PAGE = "En sida som du inte får läsa. Fråga den som driver webbplatsen."
ELSEWHERE = (
    "Loggen: i den står varken namn, adress eller vem som gjorde något.",
    "Säkerhetskopior: i dem står detsamma som här, som det var när de gjordes.",
    "Rapporter om fel som du har skickat utan din e-postadress: vem som skrev sparas inte.",
    "Bilagor som du har sparat: hämta dem på sidan som de hör till.",
    "Sidor där någon har skrivit ditt namn utan din e-postadress: ingen vet om det är du.",
    "Texter på sidor som du inte längre får läsa: de hör till organisationen. Att du ändrade dem är med.",
)


@dataclass(frozen=True)
class KeptOfOne:
    """What is kept of the viewer, at the time when it is first asked for."""

    settings: Settings
    databases: Databases
    library: Library
    viewer: Viewer

    def archive(self) -> Iterator[bytes]:
        """A zip archive, in pieces."""
        at = moment(datetime.now().astimezone())
        pieces = Pieces()
        with self.databases.kept_for_reading() as session, zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED) as found:
            told = self.told(session)
            found.writestr("LÄSMIG.txt", _read_me(at, self.settings))
            found.writestr("uppgifter.json", json.dumps(told, ensure_ascii=False, indent=1, default=str))
            found.writestr("uppgifter.html", as_page(told, at))
            yield pieces.taken()
            for name, content in self._files(session):
                found.writestr(name, content)
                yield pieces.taken()
        yield pieces.taken()

    def told(self, session: Session) -> dict[str, Any]:
        """Every part with its rows, the account first."""
        me = session.get_one(Person, self.viewer.person)
        return {
            "account": _row(me, "person"),
            "memberships": _rows(session, Membership, col(Membership.person_id) == me.id),
            "coordinations": [
                {**_row(one, "coordination"), "network": self._title(session, one.network)}
                for one in session.exec(select(Coordination).where(Coordination.person_id == me.id))
            ],
            "sign_ins": _rows(session, SignIn, col(SignIn.person_id) == me.id),
            "identities": _rows(session, Identity, col(Identity.person_id) == me.id),
            "reminders": _rows(session, Reminder, col(Reminder.person_id) == me.id),
            "links": _rows(
                session,
                OneTimeLink,
                col(OneTimeLink.purpose).in_((Purpose.PASSWORD, Purpose.NO_REMINDERS))
                & (col(OneTimeLink.subject) == me.id),
            ),
            "invitations_to_you": _invitations(session, col(Invitation.email) == me.email),
            "invitations_by_you": _invitations(session, col(Invitation.by_person) == me.id),
            "letters": [
                {"sort": letters.TITLES.get(one.sort, one.sort), "state": one.state, "put_at": one.put_at}
                for one in session.exec(select(Letter).where(Letter.to_email == me.email))
            ],
            "half_written": [
                {**_row(one, "working_copy", "fields"), "file": name} for name, one in self._half_written(session)
            ],
            "waiting_files": [
                {**_row(one, "waiting_file", "content"), "file": f"filer/{number}-{one.name}"}
                for number, one in enumerate(self._waiting(session), 1)
            ],
            "changes": list(self._changes(session)),
            "named": [
                {
                    **_row(one, "named_person"),
                    "part": PARTS[one.part],
                    "page": self._page(session, one.document_id),
                }
                for one in session.exec(select(NamedPerson).where(func.lower(NamedPerson.email) == me.email))
            ],
            "reports": _reports(session, address_pattern(me.email)),
            "audit": list(self._audit(session, me)),
        }

    def _audit(self, session: Session, me: Person) -> Iterator[Row]:
        """What the audit log tells of what the person did, and of what others did with the account."""
        about = (col(AuditRow.by_person) == me.id) | (col(AuditRow.person) == me.id)
        for row in session.exec(select(AuditRow).where(about).order_by(col(AuditRow.number))):
            said = _row(row, "audit_row")
            yield {
                **said,
                "deed": DEEDS[row.deed],
                "outcome": OUTCOMES[row.outcome],
                "by_you": row.by_person == me.id,
                "network": self._title(session, row.network) if row.network else "",
            }

    def _files(self, session: Session) -> Iterator[tuple[str, bytes]]:
        for name, copy in self._half_written(session):
            yield name, self._words_of(copy).encode()
        for number, one in enumerate(self._waiting(session), 1):
            content = waiting_files.content(session, one.person, one.key, one.name)
            yield f"filer/{number}-{one.name}", content or b""
        for change in self._changes(session):
            for file in change["files"]:
                text = text_of(session, file["version"]) if "file" in file else None
                if text is not None:
                    yield file["file"], text.encode()

    def _half_written(self, session: Session) -> Iterator[tuple[str, WorkingCopy]]:
        mine = select(WorkingCopy).where(WorkingCopy.person == self.viewer.person).order_by(col(WorkingCopy.at))
        for number, copy in enumerate(session.exec(mine), 1):
            yield f"halvskrivet/{number}.txt", copy

    def _waiting(self, session: Session) -> Sequence[WaitingFile]:
        mine = select(WaitingFile).where(WaitingFile.person == self.viewer.person).order_by(col(WaitingFile.at))
        return session.exec(mine.options(defer(WaitingFile.content))).all()  # type: ignore[arg-type]

    def _words_of(self, copy: WorkingCopy) -> str:
        """What was typed, under the names that the form gives its boxes."""
        kind = self.library.kinds.get(copy.key.partition(":")[0])
        labels = {shape.name: shape.label for shape in form_for(kind).shapes} if kind else {}
        fields: Any = copy.fields
        typed = {**fields.get("values", {}), "_note": fields.get("note", "")}
        labels["_note"] = "Vad har du ändrat?"
        return "\n\n".join(f"{labels.get(name, name)}:\n{_plain(value)}" for name, value in typed.items() if value)

    # ---- What the person has changed ----

    def _changes(self, session: Session) -> Iterator[Row]:
        """Every change of the person's, the latest first, with the texts that they may read still."""
        mine = select(Revision).where(Revision.author_person == self.viewer.person, Revision.state == State.DONE)
        for revision in session.exec(mine.order_by(col(Revision.number).desc())).all():
            files = session.exec(select(RevisionFile).where(RevisionFile.revision == revision.number)).all()
            yield {
                **_row(revision, "revision"),
                "pages": [file.title for file in files],
                "files": [self._file(session, file) for file in files],
            }

    def _file(self, session: Session, file: RevisionFile) -> Row:
        told = {"title": file.title, "path": file.path, "version": file.version}
        if file.version and file.path.endswith(".md") and self._may_read(session, file.document_id):
            told["file"] = f"texter/{file.revision}-{file.path.replace('/', '-')}"
        return told

    def _may_read(self, session: Session, document_id: str) -> bool:
        """Whether the person may read earlier texts of a document that there is."""
        known = self._readable
        if document_id not in known:
            front = self._front_matter(session, document_id)
            known[document_id] = front is not None and may_see_history(self.viewer, front)
        return known[document_id]

    @cached_property
    def _readable(self) -> dict[str, bool]:
        return {}

    def _page(self, session: Session, document_id: str) -> str:
        """What a page on which the person is named is called, if they may know of it."""
        front = self._front_matter(session, document_id)
        return self._title(session, document_id) if front and may_see(self.viewer, front) else HIDDEN_PAGE

    def _front_matter(self, session: Session, document_id: str) -> FrontMatter | None:
        """What a document says of itself now; None where there is none, or where it cannot be read."""
        path = session.exec(select(Head.path).where(Head.document_id == document_id)).first()
        try:
            return self.library.read(path).front_matter if path else None
        except (BrokenDocument, NotFound):
            return None

    def _title(self, session: Session, document_id: str) -> str:
        """What a network is called, as history knows it."""
        last = select(RevisionFile.title).where(RevisionFile.document_id == document_id_in(document_id))
        return session.exec(last.order_by(col(RevisionFile.revision).desc())).first() or document_id


def _row(row: Any, table: str, *without: str) -> Row:
    """What a row says, but for the columns that are not told."""
    hidden = {*NOT_TOLD[table], *without}
    told: Row = row.model_dump(exclude=hidden)
    return told


def _rows(session: Session, table: Any, wanted: Any) -> list[Row]:
    return [_row(one, table.__tablename__) for one in session.exec(select(table).where(wanted))]


def _invitations(session: Session, wanted: Any) -> list[Row]:
    found = session.exec(select(Invitation).where(wanted))
    return [{"for_what": one.title, **_row(one, "invitation")} for one in found]


def _reports(session: Session, address: re.Pattern[str]) -> list[Row]:
    """The reports that give the person's address: who wrote the others is not known."""
    found = session.exec(select(Report).order_by(col(Report.number))).all()
    return [_row(one, "report") for one in found if address.search(one.email_or_phone)]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


def _read_me(at: str, settings: Settings) -> str:
    left_out = "\n".join(f"* {line}" for line in (*ELSEWHERE, *LEFT_OUT.values()))
    ways = [way for way in (settings.contact_email, settings.contact_phone) if way]
    return READ_ME.format(at=at, left_out=left_out, ask=" eller ".join(ways) or "Fråga den som driver webbplatsen.")
