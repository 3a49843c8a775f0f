"""What somebody types of a measure's values and has not saved: kept as what is typed in the forms of documents is.

A working copy belongs to one person and one table. What a second tab types is kept beside it (``app.editing.tabs``);
nobody has to choose between them, since what is saved is put together day by day with what stands there by then.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import OperationalError

from app.accounts.signing_in import viewer
from app.audit import Deed, note_refused
from app.database import is_disk_trouble, now
from app.editing import tabs
from app.editing.numbers import NOT_KEPT
from app.editing.writing import DISK_IS_FULL
from app.history import working_copies
from app.history.working_copies import WorkingCopy
from app.kinds.projects import filling
from app.kinds.projects.measured import Measured
from app.kinds.projects.project import KIND
from app.library.personal_data import mark_of, stops
from app.publishing import current

log = logging.getLogger(__name__)

ROWS, PASTED, MARK, PAIRS = "rows", "pasted", "mark", "pairs"


@dataclass(frozen=True)
class Kept:
    """What became of what was typed: when it was kept, or why not; ``tab`` where it is kept beside another tab's."""

    at: datetime | None = None
    trouble: str = ""
    tab: str = ""


@dataclass(frozen=True)
class Typed:
    """A form as it was kept: its fields, the version of the table it was opened from, and when."""

    fields: Mapping[str, str]
    version: str
    at: datetime
    tab: str = ""


def key_of(measured: Measured) -> str:
    """The key of the working copies of a table; it survives a move of the project."""
    return f"{KIND.name}:{measured.document.id}.{measured.slug}"


def said(fields: Mapping[str, str]) -> str:
    """A digest of what a form says; empty rows and blanks round what is pasted say nothing."""
    return hashlib.sha256(json.dumps(_plain(fields), ensure_ascii=False).encode()).hexdigest()[:16]


def _plain(fields: Mapping[str, str]) -> list[object]:
    rows = filling.posted_rows(fields)
    cells = None if rows is None else [[getattr(row, name) for name in filling.CELLS] for row in rows if not row.blank]
    return [cells, fields.get(PASTED, "").replace("\r\n", "\n").strip()]


def as_fields(filled: filling.Filled) -> dict[str, str]:
    """What is filled in as the fields that a browser would post."""
    rows = filled.rows
    fields = {PAIRS: "yes" if filled.pairs else "no", PASTED: filled.pasted, MARK: str(filled.mark or "")}
    if rows is not None:
        fields[ROWS] = str(len(rows))
        fields |= {
            f"{name}-{place}": getattr(row, name)
            for place, row in enumerate(rows)
            for name in filling.CELLS
            if getattr(row, name)
        }
    return fields


def keep(measured: Measured, filled: filling.Filled, opened: str, posted: Mapping[str, str]) -> Kept:
    """Keep what is filled in, where it says something else than the table did when it was ``opened`` (a digest).

    ``posted`` has the tab, what it was shown and which version it was opened from.
    """
    fields = as_fields(filled)
    if len(filled.pasted) > filling.LONGEST_PASTED:
        return Kept(trouble=filling.TOO_LONG)
    if masked := _number_in(measured, fields):
        note_refused(Deed.NUMBER_IN_FORM, document=measured.document.id)
        return Kept(trouble=NOT_KEPT.format(masked=masked))
    tab = posted.get("_tab", "")
    tab = tab if tabs.TAB.fullmatch(tab) else tabs.new_tab()
    try:
        return _keep(measured, fields, opened, tab, posted)
    except OperationalError as error:
        if not is_disk_trouble(error):
            raise
        return Kept(trouble=DISK_IS_FULL)


def _keep(measured: Measured, fields: dict[str, str], opened: str, tab: str, posted: Mapping[str, str]) -> Kept:
    person, key, mine = viewer().person or "", key_of(measured), said(fields)
    with current.databases.kept() as session:
        parked = working_copies.find(session, person, tabs.parked_key(key, tab))
        copy = parked or working_copies.find(session, person, key)
        wrote: dict[str, str] = dict(_fields_of(copy).get("wrote", {})) if copy else {}
        present = said(_fields_of(copy)["form"]) if copy else opened
        known = {posted.get("_seen", ""), wrote.get(tab, "")}
        if parked is None and copy and present not in {mine, *known}:
            # Another tab has written since this one looked.
            if mine in known:
                return Kept(copy.at)
            key = tabs.parked_key(key, tab)
        elif parked:
            key = parked.key
        if mine == opened:
            working_copies.drop(session, person, key)
            return Kept()
        told = {
            "title": f"Värden för {measured.measure.name}",
            "Rader": _readable(fields),
            "Inklistrat": fields[PASTED],
        }
        kept = {
            "values": told,
            "form": fields,
            "wrote": tabs.remembered(wrote, tab, mine),
            "endpoint": f"{KIND.name}.values",
            "arguments": {"measure": measured.slug},
        }
        working_copies.keep(session, person, key, posted.get("_version") or None, kept)
    return Kept(now(), tab=tab if tabs.is_parked(key) else "")


def _fields_of(copy: WorkingCopy) -> dict[str, Any]:
    return dict(copy.fields)


def _readable(fields: Mapping[str, str]) -> str:
    rows = filling.posted_rows(fields) or ()
    return "\n".join("; ".join(filter(None, (getattr(row, name) for name in filling.CELLS))) for row in rows)


def _number_in(measured: Measured, fields: Mapping[str, str]) -> str:
    """The first number that looks like a personal one and that nobody has declared to be none, hidden; "" without."""
    text = "\n".join(fields.values())
    declared = measured.document.front_matter.not_personal_numbers
    found = (one for one in stops(text) if mark_of(text, one, measured.document.id) not in declared)
    return next((one.masked for one in found), "")


def typed(measured: Measured, tab: str = "") -> Typed | None:
    """What the viewer has typed of the table and not saved; with ``tab`` what that one has typed beside it."""
    key = tabs.parked_key(key_of(measured), tab) if tabs.TAB.fullmatch(tab) else key_of(measured)
    with current.databases.kept_for_reading() as session:
        copy = working_copies.find(session, viewer().person or "", key)
    if copy is None:
        return None
    return Typed(_fields_of(copy)["form"], copy.base_version or "", copy.at, tab if tabs.is_parked(key) else "")


def beside(measured: Measured, tab: str = "") -> list[str]:
    """The tabs of which something is kept beside the working copy, but for ``tab``."""
    begins = f"{key_of(measured)}{tabs.MARK}"
    with current.databases.kept_for_reading() as session:
        keys = working_copies.keys(session, viewer().person or "", begins)
    return [key.removeprefix(begins) for key in keys if key != begins + tab]


def drop(measured: Measured, tab: str, saved: str = "") -> None:
    """Forget what a tab has typed: it is thrown away or, where ``saved`` is a digest of what it said, saved.

    What another tab has typed stays.
    """
    person, key = viewer().person or "", key_of(measured)
    try:
        with current.databases.kept() as session:
            own = tabs.parked_key(key, tab) if tabs.TAB.fullmatch(tab) else key
            copy = working_copies.find(session, person, own) or working_copies.find(session, person, key)
            if copy and (not saved or copy.key == own or _is_of(copy, tab, saved)):
                working_copies.drop(session, person, copy.key)
    except OperationalError as error:
        if not is_disk_trouble(error):
            raise
        # It must not make an error of a save that succeeded; the copy says what is saved.
        log.warning("a working copy could not be removed; it says what was saved", exc_info=True)


def _is_of(copy: WorkingCopy, tab: str, saved: str) -> bool:
    """Whether it was this tab that wrote a working copy last, or it says what is saved."""
    fields = _fields_of(copy)
    return tab in list(fields["wrote"])[-1:] or said(fields["form"]) == saved
