"""Files that somebody has put beside documents, changed there or removed, without Lärnät: whose they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from app.history.tables import Head
from app.library.attachments import LARGEST_ATTACHMENT, document_id_in, identity_of
from app.library.document import Problem
from app.library.shelf import Library
from app.publishing.identities import Reconciled, last_name
from app.publishing.journal import Planned, heads_at, heads_of
from app.publishing.looking import Standing
from app.publishing.placing import UNREADABLE


@dataclass
class AttachedChanges:
    """What has to be written down of attachments. ``documents`` is what is going to be written of documents with it."""

    session: Session
    library: Library
    heads: Mapping[str, Head]
    looked: Sequence[Standing]
    documents: Sequence[Planned]
    reconciled: Reconciled = field(default_factory=Reconciled)

    def files(self) -> list[Planned]:
        """What has changed, in the order of the paths. A file that cannot be read is told of, and left as it was."""
        unreadable = [one.path for one in self.looked if one.version == UNREADABLE]
        owners = self._owners()
        identities = {
            one.path: identity_of(owners[path], one.path)
            for one in self.looked
            if one.version not in (None, UNREADABLE) and (path := self.library.document_path_of(one.path)) in owners
        }
        present = [self._present(one, identities[one.path]) for one in self.looked if one.path in identities]
        changed = [file for file in present if self._differs(file)]
        gone = {one.path for one in self.looked if one.version is None and one.path in self.heads}
        removed = [self._removed(head) for head in self._leaving(gone, [file.document_id for file in changed])]
        self.reconciled = Reconciled(
            attached=len({file.document_id for file in (*changed, *removed)}),
            problems=(
                *(Problem(path, _TOO_LARGE) for path in unreadable),
                *(problem for one in self.looked for problem in one.problems),
            ),
        )
        return sorted([*changed, *removed], key=lambda file: file.path)

    def _owners(self) -> dict[str, str]:
        """The ids of the documents beside which the files lie, by the documents' paths."""
        paths = {path for one in self.looked if (path := self.library.document_path_of(one.path))}
        owners = {path: head.document_id for path, head in heads_at(self.session, paths).items()}
        for file in self.documents:
            if file.version is None:
                owners.pop(file.path, None)
            elif file.path in paths:
                owners[file.path] = file.document_id
        return owners

    def _leaving(self, gone: set[str], coming: Sequence[str]) -> list[Head]:
        """What is gone; and what lies on where its document no longer is, though it has come to the new place."""
        heads = {path: self.heads[path] for path in gone}
        staying = {one.path for one in self.looked} - gone
        heads |= {head.path: head for head in heads_of(self.session, coming).values() if head.path not in staying}
        return list(heads.values())

    def _present(self, standing: Standing, identity: str) -> Planned:
        head = self.heads.get(standing.path)
        known = heads_of(self.session, [identity]).get(identity) if head is None else None
        former = known if known and known.path != standing.path else None
        before = head or former
        title, owner = self._name_of(document_id_in(identity))
        return Planned(
            path=standing.path,
            document_id=identity,
            base_version=before.version if before else None,
            version=standing.version,
            content=standing.content,
            title=title,
            owner=owner,
            former_path=former.path if former else None,
            former_id=head.document_id if head and head.document_id != identity else None,
            broken=standing.quarantined,
            quarantined=standing.quarantined,
            mtime_ns=standing.mtime_ns,
            size=standing.size,
        )

    def _removed(self, head: Head) -> Planned:
        title, owner = self._name_of(document_id_in(head.document_id))
        return Planned(head.path, head.document_id, head.version, None, title=title, owner=owner)

    def _name_of(self, document_id: str) -> tuple[str, str]:
        now = next((file for file in self.documents if file.document_id == document_id and file.title), None)
        return (now.title, now.owner) if now else last_name(self.session, document_id)

    def _differs(self, file: Planned) -> bool:
        head = self.heads.get(file.path)
        now = (file.version, file.document_id, file.broken)
        return head is None or (head.version, head.document_id, head.broken) != now


_TOO_LARGE = f"filen går inte att läsa, eller är för stor: högst {LARGEST_ATTACHMENT // 1_000_000} MB kan bifogas"
