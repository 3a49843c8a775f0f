"""What has been counted in a house."""

from __future__ import annotations

from sqlmodel import select

from app.looked_for import LookedFor, Tally
from tests.house import House


def tally_of(house: House) -> Tally:
    """What counts in the house's one process."""
    found: Tally = house.app.extensions["looked_for"]
    return found


def counted(house: House) -> list[tuple[str, str, int, int]]:
    """Words, organisation, hits and how often."""
    tally_of(house).flush()
    with house.app.extensions["databases"].kept_for_reading() as session:
        found = session.exec(select(LookedFor)).all()
        return sorted((one.words, one.organisation, one.hits, one.times) for one in found)
