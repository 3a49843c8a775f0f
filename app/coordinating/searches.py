"""Which searches somebody may see, as the address of the page asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from app.library.visibility import Viewer
from app.looked_for import KEPT_FOR
from app.looked_for.telling import Scope, first_month, organisations
from app.publishing import current

IN_VAIN, WHOSE, MONTH = "visa", "natverk", "manad"
ALL = "alla"
# The choice of those who are not signed in, or belong to no organisation.
NOBODYS = "utan-inloggning"


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the network's slug, ``NOBODYS`` or "" for all that one may see, and a month or ""."""

    in_vain: bool
    whose: str
    month: str

    @classmethod
    def of(cls, args: Mapping[str, str], choices: Mapping[str, str], months: Sequence[str]) -> Asked:
        """What it asks for as far as that is among what one may choose."""
        whose, month = args.get(WHOSE, ""), args.get(MONTH, "")
        return cls(args.get(IN_VAIN) != ALL, whose if whose in choices else "", month if month in months else "")


def choices(viewer: Viewer) -> dict[str, str]:
    """Whose searches the viewer may choose among: the networks that they coordinate, and what is nobody's."""
    titles = current.index.titles("networks", viewer, 1000)
    mine = {slug: title for slug, title in titles if viewer.admin or slug in viewer.coordinates}
    return {**mine, NOBODYS: "Utan inloggning"}


def months_with_searches(session: Session, today: date) -> list[str]:
    """The months of which there are searches, anybody's, and the present one; the latest first."""
    first = first_month(session) or f"{today:%Y-%m}"
    found, day = [], today
    while day >= today - KEPT_FOR and f"{day:%Y-%m}" >= first:
        found.append(f"{day:%Y-%m}")
        day = day.replace(day=1) - timedelta(days=1)
    return found


def scope(session: Session, asked: Asked, viewer: Viewer, today: date) -> Scope:
    """The searches that are asked for, of those that the viewer may see."""
    first, last = today - KEPT_FOR, today
    if asked.month:
        first = date.fromisoformat(f"{asked.month}-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if asked.whose == NOBODYS:
        return Scope(first, last, ("",))
    if asked.whose:
        return Scope(first, last, _of_networks(session, {asked.whose}, today))
    if viewer.admin:
        return Scope(first, last)
    return Scope(first, last, {"", *_of_networks(session, viewer.coordinates, today)})


def _of_networks(session: Session, networks: Sequence[str] | set[str] | frozenset[str], today: date) -> set[str]:
    """The organisations that have searched and belong to one of some networks."""
    index = current.index
    searching = organisations(session) - {""}
    return {one for one in searching if not index.networks_of([one], today).isdisjoint(networks)}
