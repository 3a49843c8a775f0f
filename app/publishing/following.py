"""Letting the rows follow history: what the newest revisions changed is put into the derived rows, in order."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from app.database import Databases
from app.history.revisions import Later, changes_since, newest_revision
from app.index import Index, IndexNotReady
from app.library.attachments import document_path_of
from app.library.document import BrokenDocument, Document
from app.library.shelf import Library
from app.publishing.identities import as_it_stands
from app.publishing.journal import former_paths_of, heads_at

log = logging.getLogger(__name__)

# A request does not bring up more files than this for others; the worker does the rest.
MOST_IN_A_REQUEST = 50


class Follower:
    """Brings the rows of one generation (None: the living one) up to history. To be used under the library lock.

    It remembers how far it has come inside a revision of thousands of files, so that the lock can be let go in between.
    """

    def __init__(self, library: Library, databases: Databases, index: Index, generation: int | None = None) -> None:
        self.library = library
        self.databases = databases
        self.index = index
        self.generation = generation
        self._followed: set[tuple[int, str]] = set()

    def after_a_save(self, documents: Mapping[str, Document]) -> None:
        """Bring the rows up; never fails, for the save is in the files already, and the worker makes up for it.

        ``documents`` are those that have just been saved, by path: they are not read again.
        """
        try:
            applied, later = self._later()
            if sum(len(one.paths) for one in later) <= MOST_IN_A_REQUEST:
                self._follow(applied, later, MOST_IN_A_REQUEST, documents)
                return
            own = [path for path in later[-1].paths if path in documents]
            # Rows that are still behind must not claim to have come further.
            self._refresh(later[-1], own, applied, documents)
        except IndexNotReady:
            log.info("there are no rows yet; a rebuild will make them")
        except Exception:
            log.exception("the rows could not follow a save; they will catch up")

    def follow(self, most: int) -> bool:
        """Bring the rows up by at most ``most`` files; whether they are up to history now. Raises IndexNotReady."""
        applied, later = self._later()
        return self._follow(applied, later, most, {})

    def is_behind(self) -> bool:
        """Whether history knows more than the rows. Raises IndexNotReady."""
        applied = self.index.rows_applied(self.generation)
        with self.databases.kept_for_reading() as session:
            return newest_revision(session) > applied

    def is_ahead(self) -> bool:
        """Whether the rows know of revisions that history does not: they belong to another kept database."""
        applied = self.index.rows_applied(self.generation)
        with self.databases.kept_for_reading() as session:
            return newest_revision(session) < applied

    def _later(self) -> tuple[int, list[Later]]:
        applied = self.index.rows_applied(self.generation)
        with self.databases.kept_for_reading() as session:
            return applied, changes_since(session, applied)

    def _follow(self, applied: int, later: Sequence[Later], most: int, documents: Mapping[str, Document]) -> bool:
        for one in later:
            paths = [path for path in one.paths if (one.number, path) not in self._followed]
            if len(paths) > most:
                self._refresh(one, paths[:most], applied, documents)
                self._followed.update((one.number, path) for path in paths[:most])
                return False
            self._refresh(one, paths, one.number, documents)
            applied = one.number
            most -= len(paths)
        return True

    def _refresh(self, later: Later, paths: Sequence[str], applied: int, documents: Mapping[str, Document]) -> None:
        changed: list[Document] = []
        broken: list[BrokenDocument] = []
        gone: list[str] = []
        with self.databases.kept_for_reading() as session:
            # What is attached to a document is among what the rows say of it.
            documents_of = list(dict.fromkeys(document_path_of(path) or path for path in paths))
            heads = heads_at(session, documents_of)
            for path in documents_of:
                found = documents.get(path) or as_it_stands(self.library, session, path, heads.get(path))
                if found is None:
                    gone.append(path)
                elif isinstance(found, BrokenDocument):
                    # Which, and what is wrong in it, is told by /problem and larnat check: it may quote what it says.
                    log.warning("a file has to be mended", extra={"revision": later.number})
                    broken.append(found)
                else:
                    changed.append(found)
            former = former_paths_of(session, [document.id for document in changed])
        self.index.refresh(changed, broken, gone, applied, former, at=later.at, by=later.by, generation=self.generation)
