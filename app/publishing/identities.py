"""Which file is which document: decided for files that were changed outside, where anything may have happened."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel import Session, col, func, select

from app.history.tables import Head, RevisionFile
from app.library.document import BrokenDocument, Document, Problem
from app.library.shelf import Library, default_id
from app.publishing.journal import Planned, heads_of
from app.publishing.looking import Standing


@dataclass(frozen=True)
class Reconciled:
    """What a look at the files found: how many were new, changed, moved or removed, and what has to be mended."""

    added: int = 0
    changed: int = 0
    moved: int = 0
    removed: int = 0
    # Files beside documents that were new, changed, moved or removed.
    attached: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def total(self) -> int:
        return self.added + self.changed + self.moved + self.removed + self.attached

    def and_attached(self, other: Reconciled) -> Reconciled:
        """With what was found beside the documents as well."""
        return replace(self, attached=self.attached + other.attached, problems=(*self.problems, *other.problems))


@dataclass
class OutsideChanges:
    """Which file is which document, and what has to be written down of it."""

    session: Session
    heads: Mapping[str, Head]
    looked: Sequence[Standing]
    reconciled: Reconciled = field(default_factory=Reconciled)
    # By id: the path of the file that has it.
    _holders: dict[str, str] = field(default_factory=dict)

    def files(self) -> list[Planned]:
        """What has changed, in the order of the paths."""
        there = [standing for standing in self.looked if standing.version is not None]
        gone = [standing.path for standing in self.looked if standing.version is None and standing.path in self.heads]
        ids = self._ids(there)
        present = [self._present(standing, ids[standing.path], gone) for standing in there]
        changed = [file for file in present if self._differs(file)]
        removed = self._removed(gone)
        moves = {file.former_path for file in changed if file.former_path}
        self.reconciled = Reconciled(
            added=sum(file.base_version is None for file in changed),
            changed=sum(file.base_version is not None and not file.former_path for file in changed),
            moved=len(moves),
            removed=len(removed) - len(moves),
            problems=tuple(problem for standing in there for problem in self._problems(standing, ids[standing.path])),
        )
        return sorted([*changed, *removed], key=lambda file: file.path)

    def _ids(self, there: Sequence[Standing]) -> dict[str, str]:
        """The id of every file. Of two files with the same id the one that history knew, or the older, keeps it."""
        looked = {standing.path for standing in self.looked}
        claims = [standing.claim or default_id(standing.path) for standing in there]
        taken = {i: head.path for i, head in heads_of(self.session, claims).items() if head.path not in looked}
        ids: dict[str, str] = {}
        for standing in sorted(there, key=self._seniority):
            head = self.heads.get(standing.path)
            wanted = standing.claim or (head.document_id if head else default_id(standing.path))
            if wanted in taken:
                wanted = self._unused(standing.path, taken)
            ids[standing.path] = wanted
            taken[wanted] = standing.path
        self._holders = taken
        return ids

    def _seniority(self, standing: Standing) -> tuple[int, int, str]:
        head = self.heads.get(standing.path)
        if head is not None and standing.claim in (head.document_id, None):
            return (0, 0, standing.path)
        return (1 if standing.claim else 2, standing.mtime_ns or time.time_ns(), standing.path)

    def _unused(self, path: str, taken: Mapping[str, str]) -> str:
        """An id for a file whose own belongs to another."""
        wanted = default_id(path)
        while wanted in taken or self._known_elsewhere(wanted, path):
            wanted = default_id(f"{path}#{wanted}")
        return wanted

    def _known_elsewhere(self, document_id: str, path: str) -> bool:
        head = heads_of(self.session, [document_id]).get(document_id)
        return head is not None and head.path != path

    def _present(self, standing: Standing, document_id: str, gone: Sequence[str]) -> Planned:
        head = self.heads.get(standing.path)
        former = self._moved_from(standing, document_id, head, gone)
        former_id = None
        if head is not None and head.document_id != document_id and head.document_id not in self._holders:
            former_id = head.document_id
        elif former is not None and former.document_id != document_id:
            former_id = former.document_id
        before = head or former
        return Planned(
            path=standing.path,
            document_id=document_id,
            base_version=before.version if before else None,
            version=standing.version,
            content=standing.content,
            title=standing.title,
            owner=standing.owner,
            former_path=former.path if former else None,
            former_id=former_id,
            former_paths=standing.former_paths,
            broken=bool(standing.problems) or standing.claim != document_id,
            quarantined=standing.quarantined,
            mtime_ns=standing.mtime_ns,
            size=standing.size,
        )

    def _moved_from(self, standing: Standing, document_id: str, head: Head | None, gone: Sequence[str]) -> Head | None:
        """Where a document lay before: a file that is gone had its id, or (for files without one) its very content."""
        if head is not None and head.document_id == document_id:
            return None
        lost = [self.heads[path] for path in gone]
        same_id = [lost_head for lost_head in lost if lost_head.document_id == document_id]
        same_content = [
            lost_head
            for lost_head in lost
            if head is None
            and lost_head.version == standing.version
            and lost_head.document_id == default_id(lost_head.path)
            and document_id == default_id(standing.path)
        ]
        return next(iter(same_id or same_content), None)

    def _differs(self, file: Planned) -> bool:
        head = self.heads.get(file.path)
        now = (file.version, file.document_id, file.broken)
        return head is None or (head.version, head.document_id, head.broken) != now

    def _removed(self, gone: Sequence[str]) -> list[Planned]:
        return [self._planned_removal(self.heads[path]) for path in gone]

    def _planned_removal(self, head: Head) -> Planned:
        title, owner = last_name(self.session, head.document_id)
        return Planned(head.path, head.document_id, head.version, None, title=title, owner=owner)

    def _problems(self, standing: Standing, document_id: str) -> Iterable[Problem]:
        yield from standing.problems
        if standing.claim and standing.claim != document_id:
            yield duplicate(standing.path, self._holders.get(standing.claim, ""))


def last_name(session: Session, document_id: str) -> tuple[str, str]:
    """The title and the owner that a document last had."""
    newest = select(func.max(RevisionFile.revision)).where(
        RevisionFile.document_id == document_id, RevisionFile.title != ""
    )
    file = session.exec(
        select(RevisionFile).where(
            RevisionFile.document_id == document_id,
            RevisionFile.title != "",
            col(RevisionFile.revision) == newest.scalar_subquery(),
        )
    ).first()
    return (file.title, file.owner) if file else ("", "")


def duplicate(path: str, other: str) -> Problem:
    """What is wrong with a file whose id belongs to another."""
    return Problem(
        path,
        f"filen har samma id som {other}. Är den en kopia: ta bort raden ”id:”, så blir den en egen sida",
        field=("id",),
    )


def as_it_stands(library: Library, session: Session, path: str, head: Head | None) -> Document | BrokenDocument | None:
    """The document in a file as readers meet it: broken if its id belongs to another file; None if it is gone."""
    try:
        document = library.read(path)
    except BrokenDocument as error:
        return error
    except LookupError:
        return None
    if head is not None and document.id != head.document_id:
        holder = heads_of(session, [document.id]).get(document.id)
        if holder is not None and holder.path != path:
            return BrokenDocument(path, [duplicate(path, holder.path)])
    return document
