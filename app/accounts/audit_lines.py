"""Rows of the audit log in words: names are looked up when they are shown, since the rows hold ids alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app, url_for
from sqlmodel import Session, col, select

from app.accounts.oidc.refusing import REASONS
from app.accounts.tables import OrganisationRole, Person
from app.audit.deeds import Deed, Outcome, Sort
from app.audit.noting import Actor
from app.audit.reading import Row
from app.library.visibility import Viewer
from app.library.vocabulary import Publication, Visibility

if TYPE_CHECKING:
    from app.index import Index
    from app.library.organisations import Organisations

DEEDS = {one.value: one for one in Deed}
ACTORS = {one.value: one for one in Actor}
# What a row may have been and become, besides an organisation; a report's state is not among them, it is its own word.
CLOSED = {
    **{one.value: one.swedish for one in OrganisationRole},
    **{one.value: one.swedish for one in (*Publication, *Visibility)},
    **{why.value: words for why, words in REASONS.items()},
    "new": "ny",
    "done": "åtgärdad",
}
INVITATIONS = (Deed.INVITED, Deed.INVITED_AGAIN, Deed.INVITATION_ACCEPTED, Deed.INVITATION_WITHDRAWN)
# Whoever reads the log is an administrator, and sees every page.
_EVERYTHING = Viewer(admin=True)
GONE = "raderat konto"


@dataclass(frozen=True)
class Thing:
    """Something that a row is about: what it is called, where it is, and the value by which rows about it are found."""

    words: str
    url: str = ""
    value: str = ""
    is_person: bool = False


@dataclass(frozen=True)
class Line:
    """One row as it is shown."""

    number: int
    at: datetime
    deed: Deed
    who: Thing
    about: tuple[Thing, ...]
    change: str
    times: int
    origin: str

    @property
    def stopped(self) -> bool:
        return self.deed.outcome is Outcome.REFUSED


def names_of(session: Session, rows: Iterable[Row]) -> dict[str, str]:
    """What those are called now whom the rows name."""
    ids = {row[column] for row in rows for column in ("by_person", "person")} - {""}
    return dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(ids))).all())


def lines_of(rows: Sequence[Row], names: dict[str, str]) -> list[Line]:
    """The rows of one page, in words."""
    pages = {row["document"]: _page(row["document"]) for row in rows if row["document"]}
    networks = {row["network"]: _page(row["network"], "ett nätverk") for row in rows if row["network"]}
    return [_line(row, names, {**pages, **networks}) for row in rows]


def _line(row: Row, names: dict[str, str], pages: dict[str, Thing]) -> Line:
    person, by = row["person"], row["by_person"]
    about = [_person(person, names)] if person and person != by else []
    about += [pages[row[column]] for column in ("document", "network") if row[column]]
    if row["organisation"] and row["deed"] != Deed.MOVED:
        about.append(Thing(organisation_name(row["organisation"]), value=row["organisation"]))
    about += _thing(row)
    who = _person(by, names) if by else Thing(ACTORS[row["by"]].swedish)
    return Line(
        row["number"],
        row["at"],
        DEEDS[row["deed"]],
        who,
        tuple(about),
        _change(row["was"], row["became"], row["deed"]),
        row["times"],
        row["origin"],
    )


def _person(person: str, names: dict[str, str]) -> Thing:
    url = url_for("people.show", person_id=person) if person in names else ""
    return Thing(names.get(person, GONE), url, person, is_person=True)


def _page(document_id: str, kind: str = "en sida") -> Thing:
    card = _index().card_by_id(document_id, _EVERYTHING)
    return Thing(card.title, card.url, document_id) if card else Thing(f"{kind} som inte finns nu", value=document_id)


def _thing(row: Row) -> list[Thing]:
    """What else a row is about; in words that depend on the deed."""
    thing, deed = row["thing"], DEEDS[row["deed"]]
    if not thing:
        return []
    if deed is Deed.ISSUER_REFUSED:
        return [Thing(f"hos {thing}")]
    if deed.sort in (Sort.REFUSALS, Sort.NUMBERS):
        return [Thing(f"på {way}")] if (way := _way(thing)) else []
    if deed.sort is Sort.PAGES:
        return [Thing(f"ändring {thing}")]
    if deed in INVITATIONS:
        return [Thing(f"inbjudan {thing}")]
    if deed is Deed.REPORT_ANSWERED:
        return [Thing(f"rapport {thing}", url_for("feedback.show", number=int(thing)))]
    return [Thing(thing)]


def _way(endpoint: str) -> str:
    """The address of one of our pages, as a pattern; "" for what is no page's name."""
    rules = current_app.url_map._rules_by_endpoint.get(endpoint, ())
    return next((rule.rule for rule in rules), "")


def _change(was: str, became: str, deed: str) -> str:
    if deed == Deed.AUDIT_FORGOTTEN:
        return f"till och med rad {became.partition(':')[0]}"
    before, after = word_of(was), word_of(became)
    if before and after:
        return f"från {before} till {after}"
    return after or (f"var {before}" if before else "")


def word_of(word: str) -> str:
    """A word of a closed list, or an organisation, as it is called."""
    return CLOSED.get(word) or (organisation_name(word) if word else "")


def organisation_name(slug: str) -> str:
    found = _organisations().get(slug)
    return found.name if found else slug


HEADINGS = (
    *("Nr", "När (UTC)", "Vad", "Utfall", "Av", "Av konto", "Gäller konto", "Gäller kontots namn", "Sidans id"),
    *("Organisation", "Nätverkets id", "Övrigt", "Från", "Till", "Antal", "Ursprung", "Kontrollsumma"),
)


def cells_of(row: Row, names: dict[str, str]) -> list[str | int]:
    """A row for a spreadsheet."""
    deed = DEEDS[row["deed"]]
    by = names.get(row["by_person"], GONE) if row["by_person"] else ACTORS[row["by"]].swedish
    person = names.get(row["person"], GONE) if row["person"] else ""
    return [
        *(row["number"], row["at"].isoformat(sep=" ", timespec="seconds")[:19], deed.swedish, deed.outcome.swedish),
        *(by, row["by_person"], row["person"], person, row["document"], row["organisation"], row["network"]),
        *(row["thing"], word_of(row["was"]), row["became"] if ":" in row["became"] else word_of(row["became"])),
        *(row["times"], row["origin"], row["digest"]),
    ]


def _index() -> Index:
    found: Index = current_app.extensions["index"]
    return found


def _organisations() -> Organisations:
    found: Organisations = current_app.extensions["organisations"]
    return found
