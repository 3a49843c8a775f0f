"""What an address asks for: words, choices, order and page. What cannot be meant is left out, and is no error."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import request

from app.index import Query
from app.reading.listing import PAGE, SORT, archived_too

PAGE_SIZE = 10
# Nobody reads further; whoever asks for more is sent back to the last page.
LAST_PAGE = 100
# An address that asks for more values than this is not made by our page.
MOST_VALUES = 50
# In the address while somebody types: the last word may be the beginning of one.
BEGINNING = "borjan"
SORTS = {"": ("bästa träffen först", "relevance"), "andrad": ("senast ändrade först", "changed")}


@dataclass(frozen=True)
class Asked:
    """The search of a page: what is looked for, the name of its order in the address, and which page of hits."""

    query: Query
    sort: str
    number: int

    def pages(self, total: int) -> int:
        """How many pages so many hits have."""
        return min(LAST_PAGE, -(-total // PAGE_SIZE))


def asked(facets: Collection[str]) -> Asked:
    """What the present address asks of the page."""
    sort = request.args.get(SORT, "")
    sort = sort if sort in SORTS else ""
    number = min(max(1, request.args.get(PAGE, 1, type=int)), LAST_PAGE)
    query = Query(
        request.args.get("q", ""),
        chosen(facets),
        PAGE_SIZE,
        (number - 1) * PAGE_SIZE,
        SORTS[sort][1],
        archived_too(),
        unfinished(),
    )
    return Asked(query, sort, number)


def chosen(facets: Collection[str]) -> Mapping[str, list[str]]:
    """The choices in the present address, by facet."""
    found = {name: [value for value in request.args.getlist(name) if value][:MOST_VALUES] for name in facets}
    return {name: values for name, values in found.items() if values}


def unfinished() -> bool:
    """Whether the last word may be the beginning of one."""
    return request.args.get(BEGINNING) == "ja"
