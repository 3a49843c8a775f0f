"""``larnat scan``: personal numbers in any files and folders, a line each, never the number itself."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

import click

from app.library.reading_out import READABLE, TEXTS, decoded
from app.library.scanning import IN_THE_NAME, Extent, Sighting, hidden, scan_file, scan_name, scan_text

# Text is read in pieces, whatever there is of it. What is no text has to be read whole, up to here.
PIECE = 8_000_000
LARGEST = 200_000_000
# So much of a file shows whether it is text.
_HEAD = 8_000
WHY_NOT = {
    Extent.PARTLY: "gick bara delvis att läsa: den är skadad, eller har för mycket i sig",
    Extent.LOCKED: "är låst med lösenord",
}
TOO_LARGE = f"är för stor: högst {LARGEST // 1_000_000} MB läses av det som inte är ren text"
NO_FILE = "är ingen vanlig fil"


@click.command(
    help="Leta efter personnummer och samordningsnummer i filer och mappar: i text, tabeller, PDF, Word och Excel, och"
    " i namnen. Slutar med kod 1 om det finns något som hindrar att en sida sparas."
)
@click.argument("paths", metavar="SÖKVÄG…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("as_json", "--json", is_flag=True, help="Skriv en lista i JSON: file, line, kind, level, place, masked.")
def scan(paths: Sequence[Path], as_json: bool) -> None:
    """Say where numbers are."""
    walk = Walk()
    stopped = warned = 0
    listed: list[dict[str, str | int]] = []
    for seen in walk.through(paths):
        stopped += seen.sighting.stops
        warned += not seen.sighting.stops
        if as_json:
            listed.append(seen.as_json())
        else:
            click.echo(str(seen))
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    for line in walk.unread:
        click.echo(f"Ej läst: {line}", err=True)
    click.echo(f"{walk.files} filer lästa: {stopped} personnummer, {warned} att titta närmare på.", err=True)
    raise SystemExit(1 if stopped else 0)


commands = (scan,)


@dataclass(frozen=True)
class Seen:
    """A number and the file it is in, as that can be shown: a file may be called by a number."""

    file: str
    sighting: Sighting

    def as_json(self) -> dict[str, str | int]:
        one = self.sighting
        line = 0 if one.place == IN_THE_NAME else one.line
        told: dict[str, str | int] = {"file": self.file, "line": line, "kind": one.kind, "level": one.level}
        return {**told, "place": one.place, "masked": one.masked}

    def __str__(self) -> str:
        what = str(self.sighting.kind) if self.sighting.stops else f"kan vara {self.sighting.kind}"
        return f"{self.file}, {self.sighting.where}: {what}, {self.sighting.masked}"


@dataclass
class Walk:
    """A walk through files and folders. Links are not followed, and nothing but plain files is read."""

    files: int = 0
    # What could not be read, or not all of it, and why.
    unread: list[str] = field(default_factory=list)

    def through(self, paths: Sequence[Path]) -> Iterator[Seen]:
        """Everything that is seen, in the order of the names."""
        for path in paths:
            if path.is_dir() and not path.is_symlink():
                yield from self._folder(path)
            else:
                yield from self._file(path)

    def _folder(self, folder: Path) -> Iterator[Seen]:
        yield from _called(folder)
        for place, folders, names in os.walk(folder, onerror=self._closed):
            folders.sort()
            yield from (seen for name in folders for seen in _called(Path(place, name)))
            yield from (seen for name in sorted(names) for seen in self._file(Path(place, name)))

    def _file(self, path: Path) -> Iterator[Seen]:
        yield from _called(path)
        try:
            if not stat.S_ISREG(path.lstat().st_mode):
                self._leave(path, NO_FILE)
                return
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
                self.files += 1
                yield from (Seen(_shown(path), sighting) for sighting in self._content(path, file))
        except OSError as error:
            self._closed(error)

    def _content(self, path: Path, file: IO[bytes]) -> Iterator[Sighting]:
        extension = path.suffix.removeprefix(".").lower()
        if _is_text(extension, file):
            yield from _in_pieces(file)
        elif extension in READABLE and os.fstat(file.fileno()).st_size > LARGEST:
            self._leave(path, TOO_LARGE)
        elif extension in READABLE:
            scanned = scan_file(extension, file.read())
            yield from scanned.sightings
            if scanned.extent in WHY_NOT:
                self._leave(path, WHY_NOT[scanned.extent])

    def _leave(self, path: Path, why: str) -> None:
        self.unread.append(f"{_shown(path)} {why}")

    def _closed(self, error: OSError) -> None:
        self.unread.append(f"{_shown(Path(error.filename or ''))} går inte att öppna ({error.strerror})")


def _called(path: Path) -> Iterator[Seen]:
    return (Seen(_shown(path), sighting) for sighting in scan_name(path.name))


def _shown(path: Path) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in hidden(str(path)))


def _is_text(extension: str, file: IO[bytes]) -> bool:
    """Whether it is called a text, or is called nothing that is known and reads as one."""
    head = file.read(_HEAD)
    file.seek(0)
    return extension in TEXTS or (extension not in READABLE and b"\0" not in head)


def _in_pieces(file: IO[bytes]) -> Iterator[Sighting]:
    """What is seen in a text, a few megabytes at a time; pieces end where a line does, so that no number is parted."""
    line, rest = 0, b""
    while piece := file.read(PIECE):
        # A last line that goes on is read with what follows, but nobody writes lines that are longer than a piece.
        whole, newline, rest = (rest + piece).rpartition(b"\n") if len(rest) < PIECE else (rest + piece, b"", b"")
        yield from (replace(one, line=one.line + line) for one in scan_text(decoded(whole + newline)))
        line += whole.count(b"\n") + len(newline)
    yield from (replace(one, line=one.line + line) for one in scan_text(decoded(rest)))
