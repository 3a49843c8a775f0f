"""Save while the disk takes less and less. Run by test_full_disk.py in a process of its own.

``limit``: the kernel refuses to let any file grow beyond a limit (RLIMIT_FSIZE), which is moved from nothing upwards so
that it strikes the temporary file, then the log at every page, then the rows.
``fill``: the disk itself (a small tmpfs) is filled to the brim but for a few pages.
"""

from __future__ import annotations

import contextlib
import logging
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from app.config import Settings
from app.history.tables import State
from app.publishing import FileChange, NoSpace
from tests.publishing.desk import PRACTICE, Desk, some_token, text_of

PAGE = 4096
LONG = "Ett stycke som tar plats.\n" * 400


@contextmanager
def limited(size: int) -> Iterator[None]:
    """No file may grow beyond ``size`` bytes."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@contextmanager
def filled(home: Path, left: int) -> Iterator[None]:
    """The disk is full but for ``left`` bytes."""
    ballast = home / "ballast"
    try:
        with ballast.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
            while stream.write(b"x" * PAGE) == PAGE:
                pass
        with ballast.open("rb+") as stream:
            stream.truncate(max(0, ballast.stat().st_size - left))
        yield
    finally:
        ballast.unlink()


class Round:
    """One save of two files, one of them new, while the disk is short; then the disk has space again."""

    def __init__(self, desk: Desk, number: int) -> None:
        self.desk = desk
        document = desk.read("samtal")
        self.new = PRACTICE.format(f"ny-{number}")
        self.changes = [
            FileChange(document.path, text_of("samtal", f"{LONG}Omgång {number}.\n"), document.version),
            FileChange(self.new, text_of(f"ny-{number}"), None),
        ]
        self.token = some_token()
        self.before, self.after = document.text, self.changes[0].text

    def run(self, shortage: AbstractContextManager[None]) -> bool:
        """Whether the save was made; what was told is what is true, then and later."""
        with shortage:
            saved = self._save()
            assert self._is_made() is saved
        self.desk.archive.make_ready()
        assert self._is_made() is saved, "what was refused was finished later, or what was saved is gone"
        assert set(self.desk.states()) <= {State.DONE, State.FAILED}
        assert "samtal" in self.desk.rows()
        assert (Path(self.new).stem in self.desk.rows()) is saved
        self.desk.assert_in_step()
        if not saved:
            assert not self.desk.change(*self.changes, token=self.token).repeated, "the same form can be sent again"
        return saved

    def _save(self) -> bool:
        try:
            self.desk.change(*self.changes, token=self.token)
        except NoSpace:
            return False
        return True

    def _is_made(self) -> bool:
        text = self.desk.file("samtal").read_text()
        assert text in (self.before, self.after), "the file is torn"
        made = text == self.after
        assert (self.desk.home / self.new).exists() is made, "half a change set"
        return made


def main(home: Path, shortage: Callable[[Desk, int], AbstractContextManager[None]]) -> None:
    logging.disable(logging.CRITICAL)
    desk = Desk(Settings.for_tests(home))
    desk.create("samtal")
    results: list[bool] = []
    # Until some saves in a row have had all the space they need.
    while len(results) < 200 and not (len(results) > 8 and all(results[-4:])):
        desk.databases.close()  # so that the log begins anew, and the shortage strikes it at the same places
        results.append(Round(desk, len(results)).run(shortage(desk, len(results))))
    sys.stdout.write(f"{results.count(False)} {results.count(True)}\n")


if __name__ == "__main__":
    if sys.argv[2] == "limit":
        main(Path(sys.argv[1]), lambda _desk, number: limited(number * PAGE))
    else:
        main(Path(sys.argv[1]), lambda desk, number: filled(desk.home, number * PAGE))
