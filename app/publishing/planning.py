"""Planning a save: may these texts take the place of what stands in the files? Decided under the library lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.database import Databases
from app.history.revisions import text_of
from app.history.tables import FormerPath, Head, RevisionFile, Sort
from app.library.document import BrokenDocument, Document, Problem
from app.library.shelf import Library, version_of
from app.publishing.changes import Change, Conflict, FileChange, SlugTaken, StaleVersion
from app.publishing.identities import last_name
from app.publishing.journal import Planned, former_paths, heads_at, heads_of
from app.publishing.looking import look_at
from app.publishing.placing import standing
from app.publishing.reconciling import CHANGED_OUTSIDE, record

ITS_OWN_ID = "sidan måste ha kvar sitt id ({id}). Lägg tillbaka raden"
TAKEN_ID = "det finns, eller har funnits, en annan sida med samma id. Ta bort raden ”id:”, så får sidan ett eget"


def parse_all(library: Library, files: Sequence[FileChange]) -> dict[str, Document]:
    """Every new text as the document that it is going to be. Raises BrokenDocument with all that is wrong with them."""
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            if file.text is not None:
                documents[file.path] = library.parse(file.path, file.text)
            elif library.kind_of(file.path) is None:
                problems.append(Problem(file.path, "här ligger inget dokument"))
        except BrokenDocument as error:
            problems.extend(error.problems)
    if problems:
        raise BrokenDocument(problems[0].path, problems)
    if len({file.path for file in files}) < len(files):
        raise ValueError("a change set names the same file twice")
    return documents


@dataclass
class Planner:
    """Compares a change with what is there, and says what has to be written."""

    library: Library
    databases: Databases

    def plan(self, change: Change, documents: Mapping[str, Document]) -> list[Planned]:
        """The files that have to be written, none if all of them already say so. Raises NotSaved and BrokenDocument."""
        now = self.bring_into_history([file.path for file in change.files])
        with self.databases.kept_for_reading() as session:
            self._refuse_what_is_stale(session, change, now)
            heads = heads_at(session, now)
            self._refuse_taken_places(session, change, documents)
            _Identities(session, change, documents, heads).check()
            different = [file for file in change.files if _version(file) != now[file.path]]
            return [self._planned(session, file, different, documents.get(file.path), heads) for file in different]

    def bring_into_history(self, paths: Sequence[str]) -> dict[str, str | None]:
        """The versions that stand in the files now; what somebody changed outside is written into history first."""
        now = {path: standing(self.library, path) for path in paths}
        with self.databases.kept_for_reading() as session:
            heads = heads_at(session, paths)
        unknown = [path for path in paths if now[path] != (heads[path].version if path in heads else None)]
        if unknown:
            looked = [look_at(self.library, path) for path in unknown]
            record(self.library, self.databases, looked, CHANGED_OUTSIDE)
        return now

    def _refuse_what_is_stale(self, session: Session, change: Change, now: Mapping[str, str | None]) -> None:
        for file in change.files:
            if file.replaces is None and now[file.path] is not None:
                raise SlugTaken(file.path)
        stale = [file for file in change.files if file.replaces != now[file.path]]
        if stale:
            raise StaleVersion([_conflict(session, file, now[file.path]) for file in stale])

    def _refuse_taken_places(self, session: Session, change: Change, documents: Mapping[str, Document]) -> None:
        """A path that a document once had is given to no other: the old address leads to it still."""
        for file in change.files:
            if file.text is None or file.replaces is not None:
                continue
            owners = session.exec(select(FormerPath.document_id).where(FormerPath.path == file.path)).all()
            if any(owner != documents[file.path].id for owner in owners):
                raise SlugTaken(file.path)

    def _planned(
        self,
        session: Session,
        file: FileChange,
        different: Sequence[FileChange],
        document: Document | None,
        heads: Mapping[str, Head],
    ) -> Planned:
        head = heads.get(file.path)
        if document is None:
            document_id = heads[file.path].document_id
            title, owner = last_name(session, document_id)
            return Planned(file.path, document_id, file.replaces, None, title=title, owner=owner)
        former = next(
            (
                heads[other.path]
                for other in different
                if head is None and other.text is None and heads[other.path].document_id == document.id
            ),
            None,
        )
        before = head or former
        return Planned(
            path=file.path,
            document_id=document.id,
            base_version=before.version if before else None,
            version=document.version,
            content=document.text.encode(),
            title=document.title,
            owner=document.front_matter.owner,
            former_path=former.path if former else None,
            former_id=head.document_id if head and head.document_id != document.id else None,
            former_paths=former_paths(document),
        )


@dataclass
class _Identities:
    """Whether every document keeps its id, and no new one takes another's."""

    session: Session
    change: Change
    documents: Mapping[str, Document]
    heads: Mapping[str, Head]

    def check(self) -> None:
        """Raises BrokenDocument."""
        freed = {self.heads[file.path].document_id for file in self.change.files if file.text is None}
        holders = heads_of(self.session, [document.id for document in self.documents.values()])
        seen: set[str] = set()
        for path, document in self.documents.items():
            head = self.heads.get(path)
            holder = holders.get(document.id)
            if head is not None and not head.broken and head.document_id != document.id:
                self._refuse(document, ITS_OWN_ID.format(id=head.document_id))
            taken = holder is not None and holder.path != path and document.id not in freed
            if taken or document.id in seen or (holder is None and self._is_known(document.id)):
                self._refuse(document, TAKEN_ID)
            seen.add(document.id)

    def _is_known(self, document_id: str) -> bool:
        """Whether a document that is gone had the id. Only bringing it back may use it again."""
        if self.change.sort in (Sort.UNDO, Sort.RESTORE):
            return False
        known = select(RevisionFile.revision).where(col(RevisionFile.document_id) == document_id).limit(1)
        return self.session.exec(known).first() is not None

    def _refuse(self, document: Document, message: str) -> None:
        line = document.lines.get(("id",), 0)
        raise BrokenDocument(document.path, [Problem(document.path, message, line, ("id",))])


def _version(file: FileChange) -> str | None:
    return version_of(file.text) if file.text is not None else None


def _conflict(session: Session, file: FileChange, now: str | None) -> Conflict:
    base = text_of(session, file.replaces) if file.replaces else None
    theirs = text_of(session, now) if now else None
    return Conflict(file.path, base, theirs, file.text)
