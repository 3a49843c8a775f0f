"""The organisations: a way to each of them, and what one does, tells and takes part in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import Response, abort, request, url_for

from app.accounts.access import may_create
from app.accounts.rules import open_to_anyone
from app.accounts.signing_in import viewer as viewer_now
from app.index import Card, Part
from app.library.organisations import Organisation, OrganisationSort, swedish_order
from app.library.vocabulary import GuestStatus
from app.publishing import current
from app.reading.glance import Count, Some, Works, ahead_for, counts, some, works
from app.reading.listing import ArchivedLink, archived_link, archived_too
from app.reading.told import Coming, told_by
from app.web.htmx import page, see_other
from app.web.text import today

FACET = "kommun"
SHOWN, MOST_VISITS, MOST_CONTACTS = 5, 40, 4
# Those that are planned come first and are told of among what is ahead.
MOST_MEETINGS = 20
SORTS = tuple(OrganisationSort)


# ---- All of them ----


@open_to_anyone("it shows what the viewer may see")
def index() -> Response:
    """The organisations that something tells of: municipalities by county, others by sort; and a search among all."""
    typed = request.args.get("q", "").strip()
    hits = current.organisations.search(typed) if typed else []
    exact = [one for one in hits if typed.casefold() in (one.short.casefold(), one.name.casefold())]
    meant = exact if len(exact) == 1 else hits
    if len(meant) == 1:
        return see_other(url_for("overview.organisation", slug=meant[0].slug))
    told = current.index.organisations(viewer_now())
    found = [organisation for slug in told if (organisation := current.organisations.get(slug))]
    return page(
        "overview/organisations.html",
        findable=not typed,
        counties=_by_county(one for one in found if one.sort is OrganisationSort.MUNICIPALITY),
        groups=_by_sort(one for one in found if one.sort is not OrganisationSort.MUNICIPALITY),
        counts=told,
        typed=typed,
        hits=hits,
    )


def _by_county(found: Iterable[Organisation]) -> list[tuple[str, str, list[Organisation]]]:
    """The code and the name of each county, with its municipalities."""
    ordered = sorted(found, key=lambda one: (swedish_order(one.county), swedish_order(one.short)))
    counties = groupby(ordered, key=lambda one: (one.county_code, one.county))
    return [(code, name, list(members)) for (code, name), members in counties]


def _by_sort(found: Iterable[Organisation]) -> list[tuple[OrganisationSort, list[Organisation]]]:
    ordered = sorted(found, key=lambda one: (SORTS.index(one.sort), swedish_order(one.short)))
    return [(sort, list(members)) for sort, members in groupby(ordered, key=lambda one: one.sort)]


# ---- One of them ----


@dataclass(frozen=True)
class Membership:
    """A network that the organisation is or was in: its part there and the period, in words."""

    card: Card
    part: str
    period: str
    over: bool


@dataclass(frozen=True)
class Visiting:
    """A visit that the organisation goes on, and where it stands with that."""

    card: Card
    status: GuestStatus


@dataclass(frozen=True)
class Contact:
    """Who can be asked, and about which page."""

    words: str
    card: Card


@dataclass(frozen=True)
class Told:
    """What is told of an organisation; everything of it is what the viewer may see."""

    ahead: Sequence[Coming]
    works: Works
    practices: Some
    learnings: Some
    visits: Some
    hosting: Sequence[Card]
    visiting: Sequence[Visiting]
    networks: Sequence[Membership]
    meetings: Some
    parts: Sequence[Part]
    contacts: Sequence[Contact]
    counts: Sequence[Count]
    archived: ArchivedLink | None

    def __bool__(self) -> bool:
        return bool(self.counts or self.parts)

    @property
    def writes(self) -> bool:
        """Whether it tells anything of its own, beside what others say of it."""
        return bool(self.practices or self.learnings or self.works.everything or self.hosting)


@open_to_anyone("it shows what the viewer may see")
def show(slug: str) -> Response:
    """One organisation: what it does now, what it tells, where it goes and who comes, and what it is part of."""
    found = current.organisations.get(slug)
    if found is None:
        abort(404)
    told = _told(found, today())
    return page(
        "overview/organisation.html",
        findable=bool(told),
        organisation=found,
        parent=current.organisations.get(found.parent) if found.parent else None,
        inside=[current.organisations.get(child) for child in sorted(current.organisations.within(slug))],
        told=told,
        told_by=told_by,
        neighbours=[] if told else _neighbours(found),
        own=may_create(viewer_now(), slug),
    )


def _told(found: Organisation, day: date) -> Told:
    chosen, archived = {FACET: [found.slug]}, archived_too()
    itself = frozenset((found.slug, *current.organisations.within(found.slug)))
    visits = some("studyvisits", chosen, MOST_VISITS, "when", archived)
    practices, learnings = (
        some("practices", chosen, SHOWN, archived=archived),
        some("learnings", chosen, SHOWN, "when", archived),
    )
    number_of, away = counts(chosen)
    ahead = ahead_for(itself, day)
    asked = [*practices.cards, *visits.cards, *learnings.cards]
    return Told(
        ahead=ahead,
        works=works("projects", chosen, day, SHOWN),
        practices=practices,
        learnings=learnings,
        visits=visits,
        hosting=[card for card in visits.cards if told_by(card).host in itself][:SHOWN],
        visiting=_visiting(visits.cards, itself)[:SHOWN],
        networks=_networks(some("networks", chosen, MOST_VISITS, "title", archived).cards, itself, day),
        meetings=some("meetings", chosen, MOST_MEETINGS, "when", archived).without(ahead, SHOWN),
        parts=current.index.parts_of(found.slug, FACET, viewer_now(), SHOWN, archived),
        contacts=_contacts(card for card in asked if card.owner in itself),
        counts=number_of,
        archived=archived_link(away),
    )


def _visiting(cards: Iterable[Card], itself: frozenset[str]) -> list[Visiting]:
    """The visits that it goes on, with how it stands with the first of its places."""
    found = []
    for card in cards:
        guests = [guest for guest in told_by(card).guests if guest.organisation in itself]
        if guests:
            found.append(Visiting(card, guests[0].status))
    return found


def _networks(cards: Iterable[Card], itself: frozenset[str], day: date) -> list[Membership]:
    """The networks that it is in, those that it has left last."""
    found = []
    for card in cards:
        own = [member for member in told_by(card).members if member.organisation in itself]
        words = [f"från {member.since}" for member in own if member.since and member.since.known]
        words += [f"till {member.until}" for member in own if member.until and member.until.known]
        over = bool(own) and all(member.has_left(day) for member in own)
        part = "har varit med" if over else ("medlem" if own else "äger nätverkets sida")
        found.append(Membership(card, part, ", ".join(dict.fromkeys(words)), over))
    return sorted(found, key=lambda one: one.over)


def _contacts(cards: Iterable[Card]) -> list[Contact]:
    """The ways to ask that its own pages give, each once."""
    found: dict[str, Contact] = {}
    for card in cards:
        words = str(card.facts.get("contact", ""))
        if words:
            found.setdefault(words, Contact(words, card))
    return list(found.values())[:MOST_CONTACTS]


def _neighbours(found: Organisation) -> list[Organisation]:
    """Others in the same county that something is told of."""
    if not found.county:
        return []
    told = (current.organisations.get(slug) for slug in current.index.organisations(viewer_now()))
    near = [one for one in told if one and one.county == found.county and one.slug != found.slug]
    return sorted(near, key=lambda one: swedish_order(one.short))
