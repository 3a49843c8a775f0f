"""Other processes help to prepare documents; none of them outlives the one that it helps."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from app.config import CHECKOUT
from tests.serving import wait_for

# However many processors there are.
KILLED = """
import multiprocessing, os, signal
os.sched_getaffinity = lambda _: {0, 1}
from app.index.preparing import WORDS_AT_ONCE, WORTH_PROCESSES, analysing

with analysing(WORTH_PROCESSES) as ahead:
    ahead.see(f"ord{number}" for number in range(WORDS_AT_ONCE))
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def lives(process: int) -> bool:
    """Whether a process is there, and is not a dead one that nobody has asked about."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_processes_that_help_end_when_the_one_they_help_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        helping = [int(number) for number in killed.stdout.readline().split()]
    assert killed.returncode == -signal.SIGKILL
    assert helping != []
    try:
        wait_for(lambda: not any(lives(process) for process in helping))
    finally:
        for process in filter(lives, helping):
            os.kill(process, signal.SIGKILL)
