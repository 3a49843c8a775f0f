"""The list of one kind: what to choose among, in which order, which page. Every state is an address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, request

from app.accounts.access import may_write_somewhere
from app.accounts.signing_in import viewer as viewer_now
from app.index.cards import FacetCount
from app.library.document import Kind
from app.publishing import current
from app.web.htmx import page

SORT, PAGE, ARCHIVED = "ordning", "sida", "arkiverade"
ORDERS = {"rubrik": ("rubrik", "title"), "andrad": ("senast ändrade", "changed"), "datum": ("datum", "when")}
# The orders that a list offers; it begins in the first.
BY_TITLE, BY_DATE = ("rubrik", "andrad"), ("datum", "rubrik", "andrad")


@dataclass(frozen=True)
class ChoiceLink:
    """One choice with how many documents have it; the address turns it on or off."""

    label: str
    count: int
    chosen: bool
    url: str
    value: str


@dataclass(frozen=True)
class Box:
    """The choices of one facet."""

    name: str
    label: str
    choices: tuple[ChoiceLink, ...]


@dataclass(frozen=True)
class ArchivedLink:
    """The way to show archived documents as well, or to hide them again; ``count`` is how many there are."""

    count: int
    shown: bool
    url: str


def index(kind: Kind, orders: Sequence[str] = BY_TITLE, **more: Any) -> Response:
    """The kind's list; ``more`` is what the kind adds to its template."""
    viewer = viewer_now()
    order = request.args.get(SORT, orders[0])
    number = request.args.get(PAGE, 1, type=int)
    chosen = {name: request.args.getlist(name) for name in request.args if name not in (SORT, PAGE, ARCHIVED)}
    if order not in orders or number < 1:
        abort(404)
    archived = archived_too()
    listing = current.index.cards(kind.name, viewer, chosen, sort=ORDERS[order][1], page=number, archived=archived)
    if number > max(listing.pages, 1):
        abort(404)
    boxes = boxes_of(listing.facets)
    return page(
        f"{kind.name}/index.html",
        findable=True,
        kind=kind,
        listing=listing,
        boxes=boxes,
        any_chosen=any(choice.chosen for box in boxes for choice in box.choices),
        orders=[(ORDERS[name][0], address({SORT: [name]}), name == order) for name in orders],
        page_number=number,
        pager_links=[(n, address({PAGE: [str(n)]}, keep_page=True)) for n in pages_to_offer(number, listing.pages)],
        archived=archived_link(listing.archived),
        may_create=may_write_somewhere(viewer),
        **more,
    )


def archived_too() -> bool:
    """Whether the address asks for archived documents as well."""
    return request.args.get(ARCHIVED) == "ja"


def archived_link(count: int) -> ArchivedLink | None:
    """What a list offers where there are archived documents."""
    shown = archived_too()
    return ArchivedLink(count, shown, address({ARCHIVED: [] if shown else ["ja"]})) if count or shown else None


def boxes_of(facets: Iterable[FacetCount], path: str = "") -> list[Box]:
    """Facets with an address for every choice: turned on or off here, or chosen alone on the page at ``path``."""
    return [
        Box(
            facet.name,
            facet.label,
            tuple(
                ChoiceLink(
                    choice.label,
                    choice.count,
                    choice.chosen,
                    f"{path}?{urlencode({facet.name: choice.value})}" if path else _toggled(facet.name, choice.value),
                    choice.value,
                )
                for choice in facet.choices
            ),
        )
        for facet in facets
        if facet.choices
    ]


def _toggled(name: str, value: str) -> str:
    present = request.args.getlist(name)
    values = [other for other in present if other != value] if value in present else [*present, value]
    return address({name: values})


def address(changes: dict[str, Sequence[str]], keep_page: bool = False) -> str:
    """The present address with some arguments changed. Another choice or order begins again at the first page."""
    arguments: dict[str, Sequence[str]] = {name: request.args.getlist(name) for name in request.args}
    if not keep_page:
        arguments.pop(PAGE, None)
    query = urlencode({**arguments, **changes}, doseq=True)
    return f"{request.path}?{query}" if query else request.path


def pages_to_offer(number: int, pages: int) -> list[int]:
    """The first, the last and the pages around the present one."""
    return sorted({n for n in (1, number - 1, number, number + 1, pages) if 1 <= n <= pages})
