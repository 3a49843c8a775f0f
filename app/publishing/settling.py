"""Settling what a killed process left: a pending revision is finished, given up, or kept beside what is there now."""

from __future__ import annotations

import logging
from dataclasses import replace

from sqlmodel import Session, col, select

from app.database import Databases
from app.history.revisions import content_of
from app.history.tables import Revision, RevisionFile, State
from app.library.attachments import is_inside
from app.library.document import BrokenDocument
from app.library.shelf import Library, Staged
from app.library.word_lists import PATH as WORD_LISTS
from app.publishing import placing
from app.publishing.journal import Planned, close, former_paths
from app.publishing.locks import conclude, keep_locked

log = logging.getLogger(__name__)


def settle(library: Library, databases: Databases) -> list[str]:
    """Settle every pending revision; call it under the library lock. Returns the paths that need to be reconciled.

    What stands in the files decides. At their base: the save is finished. Already new: it is marked done. Otherwise
    somebody changed a file outside in the meantime; theirs stays in the file, ours in history, and a person decides.
    """
    with databases.kept_for_reading() as session:
        pending = session.exec(select(Revision.number).where(Revision.state == State.PENDING)).all()
    doubtful: list[str] = []
    for number in sorted(number for number in pending if number is not None):
        try:
            doubtful += _Unfinished(library, databases, number).settle()
        except placing.Overtaken:
            # Changed outside since it was looked at: looked at again, it is another case.
            doubtful += _Unfinished(library, databases, number).settle()
    return [path for path in doubtful if path != WORD_LISTS]


class _Unfinished:
    """One pending revision and what its files are now."""

    def __init__(self, library: Library, databases: Databases, number: int) -> None:
        self.library = library
        self.databases = databases
        self.number = number
        with databases.kept_for_reading() as session:
            rows = session.exec(select(RevisionFile).where(col(RevisionFile.revision) == number)).all()
            self.files = [self._planned(session, row) for row in rows]
            self.bases = {file.path: _content(session, file.replaces) for file in self.files}
        self.temporary = {row.path: row.staged for row in rows}
        self.now = {file.path: placing.standing(library, file.path) for file in self.files}

    def settle(self) -> list[str]:
        """Do what has to be done; returns the paths whose files somebody else has changed."""
        if self._others():
            return self._keep_both()
        if self._given_up():
            self._close(State.FAILED)
            return []
        self._finish()
        self._close(State.DONE)
        return []

    def _others(self) -> list[str]:
        """The files that are neither as they were nor as they were going to be."""
        return [file.path for file in self.files if self.now[file.path] not in (file.replaces, file.version)]

    def _given_up(self) -> bool:
        """Whether the save was given up (a full disk) by a process that could not even write that down.

        It removes its temporary files when it gives up, before it tells the person. So a save of which nothing is in
        place and no temporary file is left is never finished. (One cut off by SIGKILL still has them.)
        """
        untouched = all(self.now[file.path] == file.replaces for file in self.files)
        return untouched and not any(self._left_behind(file) for file in self.files)

    def _left_behind(self, file: Planned) -> Staged | None:
        if file.version is None:
            return None
        return placing.left_behind(self.library, file.path, self.temporary[file.path], file.version)

    def _finish(self) -> None:
        unfinished = [file for file in self.files if self.now[file.path] != file.version]
        staged = {file.path: left for file in unfinished if (left := self._left_behind(file))}
        missing = [file for file in unfinished if file.path not in staged]
        staged |= placing.stage_all(self.library, missing)
        placing.place(self.library, unfinished, staged)
        log.info("finished a save that had been cut off", extra={"revision": self.number})

    def _keep_both(self) -> list[str]:
        others = self._others()
        ours = [file for file in self.files if file.path not in others]
        # Not at all, since it can no longer be whole. What cannot be taken back is found by reconciling.
        placing.put_back(self.library, ours, self.bases)
        placing.discard_all({file.path: left for file in self.files if (left := self._left_behind(file))})
        self._close(State.KEPT_BOTH)
        told = {"revision": self.number, "files": len(others)}
        log.warning("a save was cut off and files changed outside; both are kept", extra=told)
        return [file.path for file in self.files]

    def _close(self, state: State) -> None:
        with self.databases.kept() as session:
            close(session, self.number, state)
            if state == State.DONE:
                files = [self._with_former_paths(file) for file in self.files]
                conclude(self.library, session, self.number, files)
            elif state == State.KEPT_BOTH:
                keep_locked(self.library, session, self.files)

    def _with_former_paths(self, file: Planned) -> Planned:
        if file.content is None or is_inside(file.path) or file.path == WORD_LISTS:
            return file
        try:
            document = self.library.parse(file.path, file.content.decode())
        except BrokenDocument:
            return replace(file, broken=True)
        return replace(file, former_paths=former_paths(document))

    def _planned(self, session: Session, row: RevisionFile) -> Planned:
        return Planned(
            path=row.path,
            document_id=row.document_id,
            base_version=row.base_version,
            former_path=row.former_path,
            version=row.version,
            content=_content(session, row.version),
            title=row.title,
            owner=row.owner,
        )


def _content(session: Session, version: str | None) -> bytes | None:
    return content_of(session, version) if version else None
