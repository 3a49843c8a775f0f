"""Kill a process at every line of a save in turn, and look at what it left. Run by test_killed.py in its own process.

A child is forked, counts the lines it runs through in the rooms that write, and sends itself SIGKILL at the one it was
told. Every other time the one who settles what was left is killed as well. Afterwards the change set is whole or not
made at all; if it was acknowledged, it is whole.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from app.config import Settings
from app.history.tables import State
from app.library.shelf import version_of
from app.publishing import FileChange
from tests.publishing.desk import PRACTICE, Desk, text_of

WATCHED = ("publishing/archive.py", "publishing/placing.py", "publishing/journal.py", "library/folders.py")
SETTLING = (*WATCHED, "publishing/settling.py")
ACKNOWLEDGED = b"saved"


class KilledAt:
    """A tracer that kills this process at the ``last``-th line within some files."""

    def __init__(self, last: int, watched: tuple[str, ...]) -> None:
        self.left = last
        self.watched = watched

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> Any:
        if not frame.f_code.co_filename.endswith(self.watched):
            return None
        if event == "line":
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def in_a_child(desk: Desk, work: Callable[[], None], killed_at: int, watched: tuple[str, ...]) -> bool:
    """Run ``work`` in a forked process that is killed at a line. Whether it came to its end."""
    desk.databases.close()  # no connection may cross the fork
    child = os.fork()
    if child == 0:
        sys.settrace(KilledAt(killed_at, watched))
        work()
        sys.settrace(None)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.waitstatus_to_exitcode(status) == 0
    return True


class Round:
    """One save of several files: one is edited, one is new or removed, one moves between two places.

    The edited one gets another picture beside it, and the one that moves takes its picture along.
    """

    def __init__(self, desk: Desk, number: int) -> None:
        self.desk = desk
        here, there = ("c", "d") if self.desk.file("c").exists() else ("d", "c")
        edited, moved = self.desk.read("a"), self.desk.read(here)
        self.changes = [
            FileChange(edited.path, text_of("a", f"Omgång {number}.\n"), edited.version),
            FileChange(PRACTICE.format(there), text_of("c", f"Omgång {number}.\n"), None),
            FileChange(moved.path, None, moved.version),
            FileChange(picture("a"), None, self._version(picture("a")), bytes([number % 256]) * 50_000),
        ]
        if self.desk.file("b").exists():
            self.changes.append(FileChange(PRACTICE.format("b"), None, self.desk.read("b").version))
        else:
            self.changes.append(FileChange(PRACTICE.format("b"), text_of("b", id=""), None))
        self.before = self._contents()
        self.after = self.before | {change.path: change.written for change in self.changes}
        self.after |= {picture(there): self.before[picture(here)], picture(here): None}

    def _contents(self) -> dict[str, bytes | None]:
        paths = [path for slug in "abcd" for path in (PRACTICE.format(slug), picture(slug))]
        return {path: self.desk.library.load(path) for path in paths}

    def _version(self, path: str) -> str | None:
        content = self.desk.library.load(path)
        return version_of(content) if content is not None else None

    def run(self, killed_at: int) -> bool:
        """Save in a child that is killed, settle, and judge. Whether the child came to its end."""
        told, tell = os.pipe()

        def save() -> None:
            self.desk.change(*self.changes, sort="restore")
            os.write(tell, ACKNOWLEDGED)

        ended = in_a_child(self.desk, save, killed_at, WATCHED)
        os.close(tell)
        acknowledged = os.read(told, 100) == ACKNOWLEDGED
        os.close(told)
        if killed_at % 2:
            in_a_child(self.desk, self.desk.archive.settle, killed_at % 60, SETTLING)
        self.desk.archive.settle()
        now = self._contents()
        assert now in (self.before, self.after), f"torn at line {killed_at}"
        assert now == self.after or not acknowledged, f"lost at line {killed_at}"
        assert set(self.desk.states()) <= {State.DONE, State.FAILED}
        self.desk.assert_in_step()
        return ended


def picture(slug: str) -> str:
    return PRACTICE.format(slug).removesuffix(".md") + ".files/bild.png"


def main(home: Path, step: int) -> None:
    desk = Desk(Settings.for_tests(home))
    for slug in "ac":
        desk.create(slug)
    desk.change(FileChange(picture("c"), None, None, bytes(range(256)) * 200))
    desk.archive.make_ready()
    line = 1
    while not Round(desk, line).run(line):
        line += step
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), step=int(sys.argv[2]))
