"""The cycles of a project in rows: those that build on each other together."""

from __future__ import annotations

from collections.abc import Sequence

from app.library.document import Document
from app.measuring.ramps import Cycles, Days, Tried


def ramps_of(cycles: Sequence[Document]) -> list[list[Document]]:
    """The cycles, those that build on each other in one row, in the order in which each row began."""
    by_slug = {one.slug: one for one in cycles}
    tried = [Tried(one.slug, follows=getattr(one.front_matter, "follows", "")) for one in cycles]
    return [[by_slug[one.slug] for one in ramp] for ramp in Cycles(tried, Days({})).ramps()]
