"""Who may see what, as the issue's words say it: a small model that knows neither the app's rule nor its index.

A page is seen by an administrator, and by the members of the organisation that owns it. Others see it when it is
published or archived, and open: to everybody, or to a network that it names and that they are in. Somebody is in a
network that is itself published or archived, by an organisation that they belong to (its owner, or a member whose time
has come and has not passed), or because they coordinate it. What a page said before, or said when it was removed, is
for those who write for its owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

OUT = ("published", "archived")
# The same day in every run: what is done in a sequence follows from the dates as well.
TODAY = date(2026, 11, 22)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@dataclass(frozen=True)
class Membership:
    """An organisation's time in a network; None where nobody has said from when, or until when."""

    organisation: str
    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass
class Page:
    """A page as it is now; ``present`` are the marks in it, ``past`` those that it has had."""

    kind: str
    slug: str
    id: str
    owner: str
    publication: str
    visibility: str
    networks: list[str] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    present: set[str] = field(default_factory=set)
    past: set[str] = field(default_factory=set)
    title: str = ""
    # Those by which it is found, its title's first.
    searched: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    former: list[str] = field(default_factory=list)
    gone: bool = False

    @property
    def out(self) -> bool:
        return self.publication in OUT


@dataclass
class Someone:
    """Somebody with an account, or nobody in particular (no address)."""

    email: str = ""
    roles: dict[str, str] = field(default_factory=dict)
    coordinates: set[str] = field(default_factory=set)
    admin: bool = False
    open: bool = True
    # Marks that nobody else has: what they are writing and have not saved.
    own: set[str] = field(default_factory=set)


@dataclass
class Told:
    """Every page there is or was, at a day."""

    pages: list[Page] = field(default_factory=list)
    day: date = TODAY

    def standing(self, kind: str = "") -> Iterator[Page]:
        return (page for page in self.pages if not page.gone and kind in ("", page.kind))

    def networks_of(self, who: Someone) -> set[str]:
        """The addresses that the networks somebody is in have, and those they had that no other network has now."""
        if not who.open:
            return set()
        networks = list(self.standing("networks"))
        taken = {page.slug for page in networks}
        return {
            slug
            for page in networks
            if page.out and (page.id in who.coordinates or not self._belonging(page).isdisjoint(who.roles))
            for slug in (page.slug, *page.former)
            if slug == page.slug or slug not in taken
        }

    def _belonging(self, network: Page) -> set[str]:
        return {network.owner} | {one.organisation for one in network.members if one.holds(self.day)}

    def writes_for(self, who: Someone, page: Page) -> bool:
        return who.open and (who.admin or page.owner in who.roles)

    def sees(self, who: Someone, page: Page) -> bool:
        """Whether somebody may know that there is such a page."""
        if page.gone:
            return False
        if self.writes_for(who, page):
            return True
        if not page.out or page.visibility == "organisation":
            return False
        return page.visibility == "public" or not self.networks_of(who).isdisjoint(page.networks)

    def seen(self, who: Someone, kind: str = "") -> list[Page]:
        return [page for page in self.standing(kind) if self.sees(who, page)]

    def listed(self, who: Someone, kind: str = "") -> list[Page]:
        """What lists and counts have: what is archived only where it is asked for."""
        return [page for page in self.seen(who, kind) if page.publication != "archived"]

    def marks_for(self, who: Someone) -> set[str]:
        """Every mark that somebody may meet anywhere."""
        found = set(who.own) if who.open else set()
        for page in self.pages:
            if self.sees(who, page):
                found |= page.present
            if self.writes_for(who, page):
                found |= page.present | page.past
            # Who coordinates a network knows what it is called, whoever else does.
            if who.open and page.id in who.coordinates:
                found |= {page.title}
        return found


def counted(pages: Iterable[Page]) -> dict[str, int]:
    """How many pages there are of each kind."""
    found: dict[str, int] = {}
    for page in pages:
        found[page.kind] = found.get(page.kind, 0) + 1
    return found
