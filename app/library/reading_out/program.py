"""What is run: it reads one file from its input, within limits."""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import sys
from functools import partial

from . import BROKEN, LOCKED, PACKAGES, PARTLY, PDF, READ, READABLE, decoded
from .telling import Locked, Telling, TooMuch

MEMORY_BYTES = 800_000_000
CPU_SECONDS = 20
# A workbook in a document in a PDF.
DEEPEST = 2


def read_out(extension: str, content: bytes, telling: Telling, depth: int = 0) -> None:
    """Read a file. Raises Locked, TooMuch, and whatever a reader raises for what is no such file."""
    read_inner = partial(_read_inner, telling=telling, depth=depth + 1)
    if extension in PDF:
        from .pdf import Pdf  # each takes a tenth of a second to load

        Pdf(content, telling, read_inner).read()
    elif extension in PACKAGES:
        from .office import Package

        Package(content, telling, read_inner).read()
    else:
        telling.look_at("", decoded(content))


def _read_inner(name: str, content: bytes, *, telling: Telling, depth: int) -> None:
    """A file in a file, where it is one that can be read."""
    extension = name.rpartition(".")[2].lower()
    if extension not in READABLE:
        return
    if depth > DEEPEST:
        telling.whole = False
        return
    read_out(extension, content, telling, depth)


def _limit_ourselves() -> None:
    """What the system allows us from here on. Some systems keep only some of the limits."""
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))
    with contextlib.suppress(OSError):
        os.nice(10)


def main(extension: str, salt: str = "") -> None:
    """Read what comes on the input, tell what is found in it, and say how it ended."""
    _limit_ourselves()
    logging.disable()
    telling = Telling(salt)
    try:
        read_out(extension, sys.stdin.buffer.read(), telling)
    except Locked:
        sys.exit(LOCKED)
    except (TooMuch, MemoryError):
        sys.exit(PARTLY)
    except Exception:  # whatever a damaged or hostile file makes a reader raise
        sys.exit(BROKEN)
    sys.exit(READ if telling.whole else PARTLY)
