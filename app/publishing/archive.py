"""The archive: the one way in which documents change.

One save: take the library lock, settle what a killed process left, compare versions and what is locked, write the new
texts beside their files, commit the revision (the write-ahead log), put the files in place, mark it done, let the rows
follow. Only then does the caller get its ``Saved``. What raises has changed nothing, and nothing of it is ever done
later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from app.config import Settings
from app.database import Databases
from app.history.attached import removed_with
from app.history.revisions import UNDOABLE, content_of, deletions, newest_revision, text_of
from app.history.tables import Revision, RevisionFile, Sort, State
from app.index import Index, IndexNotReady
from app.library.attachments import document_path_of, is_inside
from app.library.document import BrokenDocument, Document
from app.library.shelf import Library, version_of
from app.publishing import placing, word_list
from app.publishing.changes import Author, Change, Event, FileChange, Next, Refused, Saved, StaleVersion
from app.publishing.counted import counted
from app.publishing.following import Follower
from app.publishing.guard import refuse_numbers, told_in_words
from app.publishing.identities import Reconciled
from app.publishing.journal import Planned, close, write_down
from app.publishing.lock import locked
from app.publishing.locks import Locks, conclude
from app.publishing.looking import Progress, in_small_parts, look_at_all, survey
from app.publishing.planning import Planner, parse_all
from app.publishing.rebuilding import rebuild
from app.publishing.reconciling import CHANGED_OUTSIDE, WAS_HERE, record
from app.publishing.settling import settle

log = logging.getLogger(__name__)

# So many files are brought up, or looked at, before the lock is let go for a moment.
AT_ONCE = 200
MOST_TRIES = 5
TOO_LATE = f"Det går inte att ångra: sidan är redan tillbaka, eller togs bort för mer än {UNDOABLE.days} dagar sedan."


class Archive:
    """Saves documents, and keeps history and rows in step with the files. Safe over threads and processes."""

    def __init__(self, settings: Settings, library: Library, databases: Databases, index: Index) -> None:
        self.settings = settings
        self.library = library
        self.databases = databases
        self.index = index

    # ---- Saving ----

    def publish(self, change: Change) -> Saved:
        """Make an edit, all of its files or none.

        Raises StaleVersion (somebody else was first), SlugTaken, BrokenDocument (a text that is no document, or has
        another's id; HasNumbers for one with a personal number), Refused (a number in a file or in the words of the
        change; OpensALock where what is locked would change), NoSpace. A retry with the token of a change that was made
        is answered with what was made then.
        """
        if not change.files:
            raise ValueError("a change set without files")
        with counted(), placing.full_disk_told():
            return self._publish(change)

    def _publish(self, change: Change) -> Saved:
        documents = parse_all(self.library, change.files)
        # Before the lock is taken: to read a large file takes a while.
        refuse_numbers(self.library, change, documents)
        with self._locked():
            earlier = self._made_before(change.token)
            # What was saved then may have been sealed then.
            if earlier and (earlier.says_the_same(change) or earlier.says_the_same(self._sealed(change, documents)[0])):
                return earlier.saved
            token = "" if earlier else change.token
            return _unless_overtaken(lambda: self._save(change, documents, token))

    def apply(self, event: Event) -> Saved:
        """Let something happen to the newest document. Raises what the event raises (Refused), NotFound, NoSpace."""
        with counted(), placing.full_disk_told(), self._locked():
            earlier = self._made_before(event.token)
            if earlier is not None and earlier.is_the_same(event):
                return earlier.saved
            token = "" if earlier else event.token
            return _unless_overtaken(lambda: self._let_happen(event, token))

    def _let_happen(self, event: Event, token: str) -> Saved:
        Planner(self.library, self.databases).bring_into_history([event.path])
        document = self.library.read(event.path)
        following = event.change(document)
        following = following if isinstance(following, Next) else Next(following)
        files = [FileChange(event.path, following.text, document.version), *following.attachments]
        change = Change(files, event.author, event.summary, token, Sort.EVENT)
        with told_in_words():
            documents = parse_all(self.library, files)
        refuse_numbers(self.library, change, documents)
        try:
            return self._save(change, documents, token)
        except StaleVersion as stale:
            raise placing.Overtaken(event.path) from stale

    def undo_deletion(self, number: int, author: Author, document_id: str | None = None) -> Saved:
        """Bring back what a revision removed: all of it, or one document. Raises Refused and SlugTaken."""
        token = f"undo-{number}-{document_id or 'all'}"
        with self.databases.kept_for_reading() as session:
            removed = [
                entry
                for entry in deletions(session)
                if entry.number == number and document_id in (None, entry.document_id)
            ]
            texts = {entry.path: text_of(session, entry.base_version or "") for entry in removed}
            attached = [content for entry in removed for content in removed_with(session, number, entry.document_id)]
        files = [FileChange(path, text, None) for path, text in texts.items() if text is not None]
        # What stands there again already is taken in as it is.
        files += [
            FileChange(path, None, None, content) for path, content in attached if self.library.load(path) is None
        ]
        if not files:
            earlier = self._made_before(token)
            if earlier is not None:
                return earlier.saved
            raise Refused(TOO_LATE)
        with told_in_words():
            return self.publish(Change(files, author, "Återställde borttagen sida", token, Sort.UNDO))

    def _save(self, change: Change, documents: Mapping[str, Document], token: str) -> Saved:
        change, documents = self._sealed(change, documents)
        files = Planner(self.library, self.databases).plan(change, documents)
        Locks(self.library, self.databases).refuse_to_open(change, documents)
        if files:
            number = self.write(change, files, token)
            Follower(self.library, self.databases, self.index).after_a_save(documents)
        else:
            with self.databases.kept_for_reading() as session:
                number = newest_revision(session)
        return Saved(number, {path: document.version for path, document in documents.items()})

    def _sealed(self, change: Change, documents: Mapping[str, Document]) -> tuple[Change, Mapping[str, Document]]:
        return Locks(self.library, self.databases).seal(change, documents)

    def write(self, change: Change, files: Sequence[Planned], token: str) -> int:
        """Log a change set that is decided on and put its files in place; to be called ``at_rest``."""
        staged = placing.stage_all(self.library, files)
        try:
            with self.databases.kept() as session:
                number = write_down(
                    session,
                    sort=change.sort,
                    author=change.author,
                    summary=change.summary,
                    files=files,
                    token=token or None,
                    staged={path: one.name for path, one in staged.items()},
                )
        except BaseException:
            # Without its temporary files the revision is never finished, should it be in the log after all.
            placing.discard_all(staged)
            raise
        try:
            placing.place(self.library, files, staged)
        except (OSError, BrokenDocument, placing.Overtaken):
            self._give_up(number, files)
            placing.discard_all(staged)
            raise
        self._done(number, files)
        log.info("saved", extra={"revision": number, "files": len(files), "sort": str(change.sort)})
        return number

    def _done(self, number: int, files: Sequence[Planned]) -> None:
        """Mark a save done. The files hold it by now, so that a failure here is only settled a little later."""
        try:
            with self.databases.kept() as session:
                close(session, number, State.DONE)
                conclude(self.library, session, number, files)
        except SQLAlchemyError:
            log.exception("a save is in the files, but could not be marked done yet", extra={"revision": number})

    def _give_up(self, number: int, files: Sequence[Planned]) -> None:
        """Take back what was put in place and mark the revision failed; where the log is full, ``settle`` does."""
        bases = {file.path: self._base(file) for file in files}
        if not placing.put_back(self.library, files, bases):
            return
        with suppress(SQLAlchemyError), self.databases.kept() as session:
            close(session, number, State.FAILED)

    def _base(self, file: Planned) -> bytes | None:
        with self.databases.kept_for_reading() as session:
            return content_of(session, file.replaces) if file.replaces else None

    def _made_before(self, token: str) -> _Made | None:
        """What was made with a token before."""
        if not token:
            return None
        with self.databases.kept_for_reading() as session:
            revision = session.exec(select(Revision).where(Revision.token == token)).first()
            if revision is None or revision.number is None:
                return None
            files = session.exec(select(RevisionFile).where(col(RevisionFile.revision) == revision.number)).all()
            return _Made(revision, {file.path: file.version for file in files})

    # ---- Keeping in step ----

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """The library lock, with everything settled that a killed process left."""
        with locked(self.settings.lock_file):
            doubtful = settle(self.library, self.databases)
            if doubtful:
                looked = look_at_all(self.library, self.databases, doubtful)
                record(self.library, self.databases, looked, CHANGED_OUTSIDE)
            yield

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Let nobody save for a moment, with nothing unfinished: what history says is in the files. For short work."""
        with self._locked():
            yield

    def settle(self) -> None:
        """Settle every unfinished save and remove what it left; done at every start and before every save."""
        with placing.full_disk_told(), self._locked():
            self.library.sweep()

    def reconcile(self, thorough: bool = False) -> Reconciled:
        """Let what was changed outside become revisions, and the rows follow. ``thorough`` reads every file."""
        reconciled = self._reconcile(thorough)
        self.catch_up()
        return replace(reconciled, problems=(*reconciled.problems, *self.library.strays()))

    def take_in(self) -> None:
        """Let what was changed outside become revisions. The rows follow later: nothing derived is needed here."""
        self._reconcile()

    def _reconcile(self, thorough: bool = False, progress: Progress | None = None) -> Reconciled:
        """Files are read and parsed before the lock is taken; under it, it is checked that they still are the same.

        Attachments follow when the documents are known, a few at a time: all of them together may be large.
        """
        suspects = survey(self.library, self.databases, thorough)
        summary = WAS_HERE if suspects.first_time else CHANGED_OUTSIDE
        reconciled = Reconciled()
        if suspects.paths:
            looked = look_at_all(self.library, self.databases, suspects.paths, progress)
            with self._locked():
                reconciled = record(self.library, self.databases, looked, summary)
        for paths in in_small_parts(self.library, suspects.attached):
            looked = look_at_all(self.library, self.databases, paths)
            with self._locked():
                reconciled = reconciled.and_attached(record(self.library, self.databases, looked, summary))
        if word_list.differs(self.library, self.databases):
            with self._locked():
                word_list.take_in(self.library, self.databases)
        return reconciled

    def catch_up(self, progress: Progress | None = None) -> None:
        """Bring the rows up to history, a few files at a time; where there are none that belong to it, build them."""
        follower = Follower(self.library, self.databases, self.index)
        try:
            if follower.is_ahead():
                log.warning("the rows belong to another history than this one")
                self._rebuild(progress)
            done = not follower.is_behind()
            while not done:
                with self._locked():
                    done = follower.follow(AT_ONCE)
        except IndexNotReady:
            self._rebuild(progress)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Compute everything derived anew beside what is there, and let it take its place. Returns the generation."""
        self._reconcile(thorough=True)
        return self._rebuild(progress)

    def make_ready(self, reading: Progress | None = None, building: Progress | None = None) -> None:
        """What has to be done before anybody is served: settle, reconcile, build the rows where they are missing."""
        self.settle()
        self._reconcile(progress=reading)
        self.catch_up(building)

    def _rebuild(self, progress: Progress | None) -> int:
        return rebuild(self.library, self.databases, self.index, self._locked, progress)


def _unless_overtaken(save: Callable[[], Saved]) -> Saved:
    """Do it again, on what is there then, where somebody outside changed a file in the very moment."""
    for _ in range(MOST_TRIES - 1):
        with suppress(placing.Overtaken):
            return save()
    return save()


@dataclass(frozen=True)
class _Made:
    """A revision that was made with a token, and the version of every file that it wrote."""

    revision: Revision
    versions: Mapping[str, str | None]

    @property
    def saved(self) -> Saved:
        present = {path: version for path, version in self.versions.items() if version is not None}
        return Saved(self.revision.number or 0, present, repeated=True)

    def says_the_same(self, change: Change) -> bool:
        """Whether a form that comes a second time is what was saved the first time.

        Somebody may have gone back in the browser, typed on and sent the same form again: that is another edit.
        """
        asked = {f.path: version_of(f.written) if f.written is not None else None for f in change.files}
        unchanged = {file.path for file in change.files if asked[file.path] == file.replaces}
        # Attachments that went along with their document were not asked for.
        own = {path: version for path, version in self.versions.items() if path in asked or not is_inside(path)}
        written = all(path in asked and asked[path] == version for path, version in own.items())
        return self._is_by(change.author) and written and set(asked) - unchanged <= set(self.versions)

    def is_the_same(self, event: Event) -> bool:
        """Whether it is this event that was made: the same place, the same author, the same words."""
        about = {document_path_of(path) or path for path in self.versions}
        return self._is_by(event.author) and event.path in about and event.summary == self.revision.summary

    def _is_by(self, author: Author) -> bool:
        return self.revision.author_person == author.person
