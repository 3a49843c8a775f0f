"""How much memory the processes of a house use, read from Linux's /proc."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
NAMES = ("serve", "web", "work")


def memory_of_the_house(worker: int) -> tuple[dict[str, int], dict[str, int]]:
    """How many processes there are of each sort, and the bytes that they use: those of the worker's supervisor.

    Where the worker was started by itself, only itself. Empty on a system without /proc.
    """
    supervisor = _parent(worker)
    numbers = _tree(supervisor) if _sort(supervisor) == "serve" else [worker]
    count: dict[str, int] = {}
    used: dict[str, int] = {}
    for number in numbers:
        sort = _sort(number)
        if sort and (size := _shared_out(number)) is not None:
            count[sort] = count.get(sort, 0) + 1
            used[sort] = used.get(sort, 0) + size
    return count, used


def _tree(root: int) -> list[int]:
    """A process and all that come from it."""
    children: dict[int, list[int]] = {}
    for folder in PROC.glob("[0-9]*"):
        children.setdefault(_parent(int(folder.name)), []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _parent(process: int) -> int:
    return int(next(_words(process, "stat", after=")"), "0 0").split()[1])


def _sort(process: int) -> str:
    """Which of Lärnät's commands a process runs; "" for any other."""
    try:
        words = (PROC / str(process) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return ""
    return next((name for name in NAMES if name in words[1:4]), "")


def _shared_out(process: int) -> int | None:
    """Bytes in memory, what is shared with others divided among them (PSS)."""
    for line in _words(process, "smaps_rollup"):
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return None


def _words(process: int, file: str, after: str = "") -> Iterator[str]:
    """The lines of a file about a process, none where it is gone; of each only what stands after ``after``."""
    try:
        text = (PROC / str(process) / file).read_text()
    except OSError:
        return
    yield from (line.rpartition(after)[2] if after else line for line in text.splitlines())
