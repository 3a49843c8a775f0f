"""Planning a save: may these texts take the place of what stands in the files? Decided under the library lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from app.database import Databases
from app.history.revisions import text_of
from app.history.tables import FormerPath, Head, RevisionFile, Sort
from app.library.attachments import LARGEST_ATTACHMENT, beside_another, identity_of
from app.library.document import BrokenDocument, Document, Problem
from app.library.guard import HasNumbers
from app.library.shelf import Library, version_of
from app.publishing.changes import Change, Conflict, FileChange, SlugTaken, StaleVersion
from app.publishing.identities import last_name
from app.publishing.journal import Planned, former_paths, heads_at, heads_of
from app.publishing.looking import look_at
from app.publishing.placing import standing
from app.publishing.reconciling import CHANGED_OUTSIDE, record

ITS_OWN_ID = "sidan måste ha kvar sitt id ({id}). Lägg tillbaka raden"
NO_PLACE = "här kan ingen fil ligga"
TAKEN_ID = (
    "filen {path} har samma id som en annan sida som finns eller har funnits, som en kopia av den har. Det går inte att"
    " rätta på webben: be den som sköter filerna att ta bort raden ”id:” i filen, så får sidan ett eget"
)


def parse_all(library: Library, files: Sequence[FileChange]) -> dict[str, Document]:
    """Every new text as the document that it is going to be.

    Raises BrokenDocument with all that is wrong with them, HasNumbers where a personal number is among it.
    """
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    sort: type[BrokenDocument] = BrokenDocument
    for file in files:
        try:
            if file.text is not None:
                documents[file.path] = library.parse(file.path, file.text)
            elif library.document_path_of(file.path) is not None:
                if len(file.content or b"") > LARGEST_ATTACHMENT:
                    problems.append(Problem(file.path, "filen är för stor"))
            elif library.kind_of(file.path) is None or file.content is not None:
                problems.append(Problem(file.path, NO_PLACE))
        except BrokenDocument as error:
            problems.extend(error.problems)
            sort = type(error) if isinstance(error, HasNumbers) else sort
    if problems:
        raise sort(problems[0].path, problems)
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
        change = replace(change, files=[*change.files, *self._taken_along(change, documents)])
        owners = {path for file in change.files if (path := self.library.document_path_of(file.path))}
        now = self.bring_into_history([*(file.path for file in change.files), *owners])
        with self.databases.kept_for_reading() as session:
            self._refuse_what_is_stale(session, change, now)
            self._refuse_what_belongs_to_nothing(change, now)
            heads = heads_at(session, [*now, *(file.path for file in change.files)])
            self._refuse_taken_places(session, change, documents)
            _Identities(session, change, documents, heads).check()
            different = [file for file in change.files if _version(file) != now[file.path]]
            return [self._planned(session, file, different, documents, heads) for file in different]

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

    def _taken_along(self, change: Change, documents: Mapping[str, Document]) -> list[FileChange]:
        """The attachments of the documents that the change removes or moves, which go with them."""
        named = {file.path for file in change.files}
        along: list[FileChange] = []
        for file in change.files:
            if file.written is not None or self.library.kind_of(file.path) is None:
                continue
            new_place = self._new_place(file.path, documents)
            for path in self.library.beside(file.path):
                content = self.library.load(path)
                if path in named or content is None:
                    continue
                along.append(FileChange(path, None, version_of(content)))
                if new_place and (new_path := beside_another(path, new_place)) not in named:
                    along.append(FileChange(new_path, None, None, content))
        return along

    def _new_place(self, path: str, documents: Mapping[str, Document]) -> str | None:
        """Where a document that is removed from a path stands in the same change, if it moves."""
        with self.databases.kept_for_reading() as session:
            head = heads_at(session, [path]).get(path)
        return next((new for new, document in documents.items() if head and document.id == head.document_id), None)

    def _refuse_what_belongs_to_nothing(self, change: Change, now: Mapping[str, str | None]) -> None:
        """Files are attached to documents that are there when the change has been made."""
        after = {**now, **{file.path: _version(file) for file in change.files}}
        for file in change.files:
            owner = self.library.document_path_of(file.path)
            if owner and file.content is not None and after[owner] is None:
                raise StaleVersion([Conflict(owner, None, None, None)])

    def _refuse_taken_places(self, session: Session, change: Change, documents: Mapping[str, Document]) -> None:
        """A path that a document once had is given to no other: the old address leads to it still."""
        for file in change.files:
            if file.text is None or file.replaces is not None:
                continue  # removed, not new, or an attachment: its place goes with its document's
            owners = session.exec(select(FormerPath.document_id).where(FormerPath.path == file.path)).all()
            if any(owner != documents[file.path].id for owner in owners):
                raise SlugTaken(file.path)

    def _planned(
        self,
        session: Session,
        file: FileChange,
        different: Sequence[FileChange],
        documents: Mapping[str, Document],
        heads: Mapping[str, Head],
    ) -> Planned:
        head, document = heads.get(file.path), documents.get(file.path)
        if file.content is not None:
            return self._planned_attachment(session, file, different, documents, heads)
        if document is None:
            document_id = heads[file.path].document_id
            title, owner = last_name(session, document_id)
            return Planned(file.path, document_id, file.replaces, None, title=title, owner=owner)
        former = _left(document.id, different, heads) if head is None else None
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

    def _planned_attachment(
        self,
        session: Session,
        file: FileChange,
        different: Sequence[FileChange],
        documents: Mapping[str, Document],
        heads: Mapping[str, Head],
    ) -> Planned:
        """A file that is new or replaced, or comes along to where its document moves."""
        owner_path = self.library.document_path_of(file.path) or ""
        document = documents.get(owner_path)
        document_id = document.id if document else heads[owner_path].document_id
        identity = identity_of(document_id, file.path)
        former = _left(identity, different, heads)
        former = former if former and former.path != file.path else None
        named = (document.title, document.front_matter.owner) if document else last_name(session, document_id)
        return Planned(
            path=file.path,
            document_id=identity,
            base_version=former.version if former else file.replaces,
            version=_version(file),
            content=file.content,
            title=named[0],
            owner=named[1],
            former_path=former.path if former else None,
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
        freed = {
            self.heads[file.path].document_id
            for file in self.change.files
            if file.written is None and file.path in self.heads
        }
        holders = heads_of(self.session, [document.id for document in self.documents.values()])
        seen: set[str] = set()
        for path, document in self.documents.items():
            head = self.heads.get(path)
            holder = holders.get(document.id)
            if head is not None and not head.broken and head.document_id != document.id:
                self._refuse(document, ITS_OWN_ID.format(id=head.document_id))
            taken = holder is not None and holder.path != path and document.id not in freed
            if taken or document.id in seen or (holder is None and self._is_known(document.id)):
                self._refuse(document, TAKEN_ID.format(path=path))
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


def _left(identity: str, different: Sequence[FileChange], heads: Mapping[str, Head]) -> Head | None:
    """Where a document or an attachment stood that the same change removes there."""
    leaving = (heads[file.path] for file in different if file.written is None and file.path in heads)
    return next((head for head in leaving if head.document_id == identity), None)


def _version(file: FileChange) -> str | None:
    return version_of(file.written) if file.written is not None else None


def _conflict(session: Session, file: FileChange, now: str | None) -> Conflict:
    base = text_of(session, file.replaces) if file.replaces else None
    theirs = text_of(session, now) if now else None
    return Conflict(file.path, base, theirs, file.text)
