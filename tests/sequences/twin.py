"""The same house without what somebody may not see: every page must say the same there, to the letter."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.sequences.looking import (
    SEARCHES,
    address_of,
    addresses_of_many,
    first_difference,
    ways_to_type,
    without_chance,
    words_of,
)
from tests.sequences.told import Someone
from tests.sequences.world import World, opened


@dataclass
class Twins:
    """Somebody in two houses: this one, and one where there is nothing that is hidden from them."""

    who: Someone
    houses: Sequence[World]

    def say_the_same_at(self, address: str) -> None:
        said = []
        for house in self.houses:
            answer = house.browser(self.who).get(address)
            said.append(without_chance(words_of(answer), answer.headers["X-Request-ID"]))
        assert said[0] == said[1], (self.who.email or "nobody", address, first_difference(*said))


@contextmanager
def twins_of(world: World, who: Someone, folder: Path) -> Iterator[Twins]:
    """The house as it is, and without what somebody may not see. Both are opened anew: what a process remembers
    follows from the order in which it has met things.
    """
    shutil.copytree(world.home, folder)
    told = world.told
    for page in told.standing():
        # A network that opens pages to somebody stays, whether or not they may see its own page.
        if not told.sees(who, page) and not (page.kind == "networks" and page.slug in told.networks_of(who)):
            path = folder / world.kind(page.kind).path_of(page.slug)
            path.unlink()
            shutil.rmtree(path.parent / f"{path.stem}.files", ignore_errors=True)
    houses = [opened(home, 1) for home in (world.home, folder)]
    try:
        for house in houses:
            with house.workers[0].app_context():
                house.workers[0].extensions["index"].index_words()
        yield Twins(who, houses)
    finally:
        for house in houses:
            house.close()


def same_without_what_is_hidden(world: World, folder: Path, chance: random.Random) -> None:
    """Compare all answers for somebody with those of a house where nothing is hidden from them."""
    told = world.told
    who = chance.choice([world.nobody, *(one for one in world.people.values() if not one.admin and one.open)])
    hidden = sorted({mark for page in told.pages for mark in page.present | page.past} - told.marks_for(who))
    words = chance.sample(hidden, min(3, len(hidden)))
    typed = [*(way for word in words for way in ways_to_type(word)), "rubriken", "rubriken+handlar"]
    with twins_of(world, who, folder) as twins:
        for address in [
            *addresses_of_many(world),
            *(address_of(world, page) for page in told.standing()),
            *(f"/api/v1/search?q={page.searched[-1]}" for page in told.seen(who)),
            *(f"{search}{word}" for word in typed for search in SEARCHES),
        ]:
            twins.say_the_same_at(address)
