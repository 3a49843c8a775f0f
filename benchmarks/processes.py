"""What a tree of processes has used, read from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def tree(root: int) -> list[int]:
    """A process and all that come from it."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children.get(process, [])
    return found


def cpu_ms(root: int) -> float:
    """User and system time of the whole tree in milliseconds, with that of children that have ended."""
    return sum(sum(map(int, fields[11:15])) for process in tree(root) if (fields := _stat(process))) * TICK_MS


def busy_seconds() -> float:
    """The CPU time that everything on the machine has used since it was started."""
    user, nice, system, _idle, _waiting, *interrupts = (PROC / "stat").read_text().split("\n", 1)[0].split()[1:8]
    return sum(map(int, (user, nice, system, *interrupts))) * TICK_MS / 1000


def memory_mb(root: int) -> dict[str, float]:
    """The tree's memory, shared pages shared out among those who share them (PSS), by what the processes are."""
    found: dict[str, float] = {}
    for name, pss, _ in _memory(root):
        found[name] = found.get(name, 0.0) + pss
    return found


def web_memory(root: int) -> dict[str, tuple[float, float]]:
    """PSS and RSS in MB of the web server's processes, the largest first."""
    web = sorted(((pss, rss) for name, pss, rss in _memory(root) if name == "web"), reverse=True)
    return {f"web process {number}": one for number, one in enumerate(web, 1)}


def _memory(root: int) -> Iterator[tuple[str, float, float]]:
    """What each process of the tree is, with its PSS and RSS in MB."""
    for process in tree(root):
        try:
            lines = (PROC / str(process) / "smaps_rollup").read_text().splitlines()
            words = (PROC / str(process) / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        sizes = {name: int(line.split()[1]) / 1024 for line in lines if (name := line.split(":")[0]) in ("Pss", "Rss")}
        yield next((word for word in words if word in ("serve", "web", "work")), words[0]), sizes["Pss"], sizes["Rss"]


def _stat(process: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name; empty if the process is gone."""
    try:
        return (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
