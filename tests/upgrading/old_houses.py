"""Houses as earlier versions left them: files, and rows as those versions wrote them, in plain SQL.

A house was begun with the first version and kept through all that came after it, so each writes its own and the next
one finds it. Nothing here may use a table of the present program: what an old version wrote does not change with it. A
migration gets an entry in ``WRITTEN`` when it is followed by another, with rows such as the version in between wrote.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from alembic import command

from app.database import migration_config
from tests.house import make_home
from tests.library.hostile import picture

PASSWORD = "en lång mening att minnas"
HASH = "$argon2id$v=19$m=65536,t=3,p=4$ptQTKetyygtZg+zm5PVFrg$S4BlPksxfXoNuXwfzeIcw5DrFFMkW+UscZ+nWRYNg+Y"
EVA, ALVA, GONE, NOOR, SIGNED_OFF = (f"0000000{number}-1111-4111-8111-111111111111" for number in range(1, 6))
WORD = "the word in the cookie of a browser that is signed in"
STAMP = "7ec30539af8ca5b4"
TALK, MAPPING, REMOVED = (f"0000000{number}-2222-4222-8222-222222222222" for number in (1, 2, 3))
DRAFT = "0123456789abcdef0123456789abcdef"
PICTURE = picture()
TALK_FILE = "content/practices/samtal.md"
PICTURE_FILE = "content/practices/samtal.files/rum.png"


def text_of(document_id: str, title: str, body: str, more: str = "") -> str:
    return f"---\nid: {document_id}\ntitle: {title}\nowner: sodertalje\npublication: published\n{more}---\n\n{body}\n"


FIRST = text_of(TALK, "Samtal", "Den första texten om kvastskaft.")
SECOND = text_of(TALK, "Samtal", "Den andra texten om borsthuvud.")
THIRD = text_of(TALK, "Samtal", "Den tredje texten, som var på väg när strömmen gick.")
ATTACHMENTS = "attachments:\n- file: rum.png\n  title: Rummet\n  alt: Ett rum\n"
WITH_PICTURE = text_of(TALK, "Samtal", "Med en bild:\n\n![Ett rum](rum.png)", ATTACHMENTS)
MAPPED = text_of(MAPPING, "Kartlaggning", "Text.", "former_slugs: [kartlagga]\n")
UNMAPPED = text_of(MAPPING, "Kartlagga", "Text.")
TAKEN_AWAY = text_of(REMOVED, "Borttagen", "Den här togs bort.")


def old_house(home: Path, migration: str) -> Path:
    """A home as a version at that migration left it; returns its kept database."""
    make_home(home)
    file = home / "var/kept.db"
    for known, write in WRITTEN.items():
        if known <= migration:
            command.upgrade(migration_config(file), known)
            with closing(sqlite3.connect(file)) as database:
                write(database, home)
                database.commit()
    command.upgrade(migration_config(file), migration)
    return file


def _first_version(database: sqlite3.Connection, home: Path) -> None:
    """Accounts, history with an edit, a move and a deletion, a save that was cut off, and what was half written."""
    at = "2026-11-01 08:00:00.000000"
    for person, email, name, active, admin in (
        (EVA, "eva@sodertalje.example", "Eva Editor", 1, 0),
        (ALVA, "alva@larnat.example", "Alva Admin", 1, 1),
        (GONE, "slutat@sodertalje.example", "Sture Slutat", 0, 0),
    ):
        database.execute(
            "INSERT INTO person (id, email, name, title, password_hash, active, admin, demo, session_stamp, created_at)"
            " VALUES (?, ?, ?, '', ?, ?, ?, 0, ?, ?)",
            (person, email, name, HASH, active, admin, STAMP, at),
        )
    for person in (EVA, GONE):
        database.execute("INSERT INTO membership VALUES (?, 'sodertalje', 'member')", (person,))
    _revision(database, 1, "outside", None, "Fanns när Lärnät startade")
    _file(database, 1, TALK_FILE, TALK, None, FIRST, "Samtal")
    _file(database, 1, "content/practices/kartlagga.md", MAPPING, None, UNMAPPED, "Kartlagga")
    _file(database, 1, "content/practices/borttagen.md", REMOVED, None, TAKEN_AWAY, "Borttagen")
    _revision(database, 2, "edit", EVA, "Skrev om")
    _file(database, 2, TALK_FILE, TALK, FIRST, SECOND, "Samtal")
    _revision(database, 3, "edit", EVA, "Bytte adress")
    _file(database, 3, "content/practices/kartlagga.md", MAPPING, UNMAPPED, None, "Kartlagga")
    _file(
        *(database, 3, "content/practices/kartlaggning.md", MAPPING, UNMAPPED, MAPPED, "Kartlaggning"),
        former="content/practices/kartlagga.md",
    )
    database.execute("INSERT INTO former_path VALUES ('content/practices/kartlagga.md', ?)", (MAPPING,))
    _revision(database, 4, "delete", EVA, "Tog bort")
    _file(database, 4, "content/practices/borttagen.md", REMOVED, TAKEN_AWAY, None, "Borttagen")
    _revision(database, 5, "edit", EVA, "Full disk", state="failed")
    _file(database, 5, TALK_FILE, TALK, SECOND, THIRD, "Samtal")
    # The file had got its text when the power went.
    _revision(database, 6, "edit", EVA, "Strömmen gick", state="pending")
    _file(database, 6, TALK_FILE, TALK, SECOND, THIRD, "Samtal")
    _head(database, home, TALK_FILE, TALK, SECOND, 2)
    _head(database, home, "content/practices/kartlaggning.md", MAPPING, MAPPED, 3)
    (home / TALK_FILE).write_text(THIRD, encoding="utf-8")
    _half_written(database, f"practices:{TALK}", THIRD, "Halvskriven rubrik")
    _half_written(database, f"practices:ny:{DRAFT}", None, "Något alldeles nytt")
    database.execute("INSERT INTO sign_in_try VALUES (1, ?, 1793520000.0)", ("0" * 64,))


def _with_erasures(database: sqlite3.Connection, home: Path) -> None:
    database.execute("INSERT INTO erasure VALUES (1, '2026-11-02 08:00:00', 'text', '', 'begäran, dnr 12', 3, 1)")


def _with_attachments(database: sqlite3.Connection, home: Path) -> None:
    """A picture beside its document, and one that waits in a form."""
    database.execute("UPDATE revision SET state = 'done' WHERE number = 6")
    _revision(database, 7, "edit", EVA, "Lade till en bild")
    _file(database, 7, TALK_FILE, TALK, THIRD, WITH_PICTURE, "Samtal")
    _file(database, 7, PICTURE_FILE, f"{TALK}/rum.png", None, PICTURE, "Samtal")
    _head(database, home, TALK_FILE, TALK, WITH_PICTURE, 7)
    _head(database, home, PICTURE_FILE, f"{TALK}/rum.png", PICTURE, 7)
    database.execute(
        "UPDATE working_copy SET base_version = ? WHERE base_version IS NOT NULL", (_digest(WITH_PICTURE),)
    )
    database.execute(
        "INSERT INTO waiting_file VALUES (?, ?, 'vantar.png', 'Väntar', 'En bild', ?, ?, ?, '2026-11-03 08:00:00')",
        (EVA, f"practices:ny:{DRAFT}", hashlib.sha256(PICTURE).hexdigest(), len(PICTURE), PICTURE),
    )


def _with_sign_ins(database: sqlite3.Connection, home: Path) -> None:
    """A browser of Eva's that is signed in since; its word is ``WORD``."""
    database.execute(
        "INSERT INTO sign_in (number, digest, person_id, device, begun_at, used_at)"
        " VALUES (70, ?, ?, 'Firefox på Linux', '2026-11-10 08:00:00', '2026-11-10 08:00:00')",
        (hashlib.sha256(WORD.encode()).hexdigest(), EVA),
    )


def _with_an_audit_log(database: sqlite3.Connection, home: Path) -> None:
    """Two rows of the log, each with a digest of itself and of the one before."""
    before = "0" * 64
    for number, deed in ((1, "signed-in"), (2, "number-in-form")):
        at = f"2026-11-1{number}T08:00:00+00:00"
        row = (number, at, deed, "done", "person", EVA, EVA, TALK, "sodertalje", "", "", "", "", 1, "")
        told = json.dumps([before, *row], ensure_ascii=False, separators=(",", ":"))
        before = hashlib.sha256(told.encode()).hexdigest()
        marks = ", ".join("?" * (len(row) + 1))
        values = (number, f"2026-11-1{number} 08:00:00.000000", *row[2:], before)
        database.execute(f"INSERT INTO audit_row VALUES ({marks})", values)


def _with_an_erasure_that_waits(database: sqlite3.Connection, home: Path) -> None:
    database.execute(
        "INSERT INTO erasure (number, at, sort, subject, reason, texts, revisions, swept_at)"
        " VALUES (2, '2026-11-12 08:00:00', 'person', ?, 'på egen begäran', 0, 0, NULL)",
        (SIGNED_OFF,),
    )


def _with_people_who_sign_in_elsewhere(database: sqlite3.Connection, home: Path) -> None:
    """Somebody without a password, how the issuer knows them, where they are signed in, and a browser on its way."""
    at = "2026-11-13 08:00:00.000000"
    database.execute(
        "INSERT INTO person (id, email, name, title, password_hash, active, admin, demo, created_at)"
        " VALUES (?, 'noor@sodertalje.example', 'Noor Någonstans', '', NULL, 1, 0, 0, ?)",
        (NOOR, at),
    )
    database.execute(
        "INSERT INTO identity VALUES (1, 'https://login.example', ?, ?, 0, ?, ?)", ("1" * 64, NOOR, at, at)
    )
    database.execute(
        "INSERT INTO sign_in (number, digest, person_id, device, begun_at, used_at, issuer, issuers_own)"
        " VALUES (80, ?, ?, 'Chrome på Windows', ?, ?, 'https://login.example', ?)",
        ("2" * 64, NOOR, at, at, "3" * 64),
    )
    database.execute("INSERT INTO departure VALUES (?, 'kommunen', 'a browser', x'00ff', ?)", ("4" * 64, at))


def _with_named_people(database: sqlite3.Connection, home: Path) -> None:
    database.execute(
        "INSERT INTO named_person VALUES"
        " (1, ?, 'contact', 'Nora Namngiven', 'Teamledare', 'Solna stad', 'nora@solna.example', '08-1', ?)",
        (TALK, "2026-11-14 08:00:00.000000"),
    )


def _with_a_reminder(database: sqlite3.Connection, home: Path) -> None:
    at = "2026-11-15 08:00:00.000000"
    database.execute("INSERT INTO reminder VALUES (?, ?, ?, NULL)", (EVA, at, at))


WRITTEN: dict[str, Callable[[sqlite3.Connection, Path], None]] = {
    "0001": _first_version,
    "0002": _with_erasures,
    "0003": _with_attachments,
    "0006": _with_sign_ins,
    "0010": _with_an_audit_log,
    "0011": _with_an_erasure_that_waits,
    "0012": _with_people_who_sign_in_elsewhere,
    "0013": _with_named_people,
    "0017": _with_a_reminder,
}


def _revision(
    database: sqlite3.Connection, number: int, sort: str, author: str | None, summary: str, state: str = "done"
) -> None:
    name, organisation = ("Eva Editor", "sodertalje") if author else ("Lärnät", "")
    database.execute(
        "INSERT INTO revision"
        " (number, token, sort, state, author_person, author_name, author_organisation, at, summary)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, f"mark-{number}", sort, state, author, name, organisation, f"2026-11-0{number} 08:00:00", summary),
    )


def _file(
    database: sqlite3.Connection,
    revision: int,
    path: str,
    document: str,
    before: str | bytes | None,
    after: str | bytes | None,
    title: str,
    former: str | None = None,
) -> None:
    for text in (before, after):
        if text is not None:
            packed = zlib.compress(_bytes(text), 6)
            database.execute("INSERT OR IGNORE INTO text (version, packed) VALUES (?, ?)", (_digest(text), packed))
    database.execute(
        "INSERT INTO revision_file"
        " (revision, path, document_id, former_path, base_version, version, staged, title, owner)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'sodertalje')",
        (revision, path, document, former, _digest(before), _digest(after), f".tmp-{revision}", title),
    )


def _head(
    database: sqlite3.Connection, home: Path, path: str, document: str, content: str | bytes, revision: int
) -> None:
    (home / path).parent.mkdir(parents=True, exist_ok=True)
    (home / path).write_bytes(_bytes(content))
    database.execute(
        "INSERT OR REPLACE INTO head (path, document_id, version, revision, mtime_ns, size, broken)"
        " VALUES (?, ?, ?, ?, 0, 0, 0)",
        (path, document, _digest(content), revision),
    )


def _half_written(database: sqlite3.Connection, key: str, base: str | None, title: str) -> None:
    fields = {"values": {"title": title, "summary": "", "owner": "sodertalje"}, "parent": "", "note": "min anteckning"}
    database.execute(
        "INSERT INTO working_copy (person, key, base_version, fields, at) VALUES (?, ?, ?, ?, '2026-11-06 09:00:00')",
        (EVA, key, _digest(base), json.dumps(fields)),
    )


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _digest(text: str | bytes | None) -> str | None:
    return None if text is None else hashlib.sha256(_bytes(text)).hexdigest()
