"""The demo's secret key, which nobody has to choose."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from app.config.wrong import WrongSettings

SHORTEST_SECRET = 32


def demo_secret(home: Path) -> str:
    """The demo's secret key, made once and kept in var/ so that a restart signs nobody out."""
    file = home / "var" / "demo-secret-key"
    try:
        file.parent.mkdir(exist_ok=True)
        if not file.exists():
            _write_whole(file, secrets.token_urlsafe(48))
        secret = file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise WrongSettings([f"Det går inte att skriva i {file.parent}: {error.strerror}."]) from error
    if len(secret) < SHORTEST_SECRET:
        raise WrongSettings([f"{file} är skadad. Ta bort den, så görs en ny."])
    return secret


def _write_whole(file: Path, text: str) -> None:
    """Make a file that nobody else can read, whole or not at all; the first of two processes decides its text."""
    descriptor, name = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(text)
        with contextlib.suppress(FileExistsError):
            os.link(name, file)
    finally:
        Path(name).unlink()
