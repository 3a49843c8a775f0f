"""Networks (nätverk): who learns together, for what, with which money; also a city's research and development plan."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from app import reading
from app.accounts.access import may_edit, may_note_gap, may_see
from app.accounts.rules import asks, open_to_anyone
from app.accounts.signing_in import viewer
from app.editing import add_editing, events
from app.editing.events import Refusal, add_event, line
from app.kinds.networks import measure_pages
from app.kinds.networks.gaps import note_gap
from app.kinds.networks.life import life_of
from app.kinds.networks.method import method_of
from app.kinds.networks.network import KIND, Network, part_of
from app.kinds.projects.alike import shared_in
from app.library.document import Document
from app.publishing import current
from app.reading.told import told_by
from app.web.text import today

__all__ = ["KIND", "Network", "blueprint", "part_of"]

blueprint = Blueprint(KIND.name, __name__, url_prefix=f"/{KIND.url}")


@blueprint.get("")
@open_to_anyone("it lists what the viewer may see")
def index() -> Response:
    """All networks that the viewer may see."""
    return reading.index(KIND)


@blueprint.get("/<path:slug>")
@asks(may_see)
def show(slug: str) -> Response:
    """One network: what goes on in it and what is to come, who is in it, its money, and to what it has given grants."""
    return page_of(reading.open_document(KIND, slug))


def page_of(document: Document, refusal: Refusal | None = None) -> Response:
    """The page of a network, with the reason why something that was asked for on it was not done."""
    day = today()
    parts = reading.parts_of(document)
    grant_cards = reading.cards_of(document, "studyvisits", "practices", "projects")
    return reading.show(
        document,
        # Everything that belongs to the network is shown by its sort, and may be hundreds of pages.
        beside=("networks",),
        shown=grant_cards,
        parts=parts,
        waiting=events.waiting(document, (part.title for part in parts)),
        life=life_of(document, day),
        method=method_of(document),
        day=day,
        told_by=told_by,
        takes_part=_takes_part(document),
        named_words=_named_words(document),
        shared=shared_in(document),
        grant_cards={(card.kind, card.slug): card for card in grant_cards},
        may_note=may_note_gap(viewer(), document.front_matter, document.slug),
        **_asked_gap(refusal),
        **events.shown(refusal),
    )


def _asked_gap(refusal: Refusal | None) -> dict[str, Any]:
    """What stands in the form of a new gap: what was sent and refused, or the search that the address brings along."""
    looked_for = line(request.args, "lucka")
    if refusal:
        return {"gap_what": refusal.kept("note_gap", "what"), "gap_why": refusal.kept("note_gap", "why")}
    in_vain = looked_for and request.args.get("traff") == "nej"
    return {"gap_what": looked_for, "gap_why": "Söktes utan träff" if in_vain else ""}


def _takes_part(document: Document) -> bool:
    """Whether the viewer is asked to write for the network: its members, and those who may change its page."""
    return document.slug in viewer().networks or may_edit(viewer(), document.front_matter)


def _named_words(document: Document) -> str:
    """How many of the municipalities are named, where there are more: "varav 1 namngiven"."""
    front = document.front_matter
    if not isinstance(front, Network) or front.member_count is None or front.member_count.number is None:
        return ""
    found = (current.organisations.get(member.organisation) for member in front.members)
    named = sum(1 for organisation in found if organisation and organisation.sort == "municipality")
    if named >= front.member_count.number:
        return ""
    return f"varav {named} {'namngiven' if named == 1 else 'namngivna'}" if named else "ingen av dem namngiven"


add_event(blueprint, KIND, "kunskapslucka", note_gap, page_of)
measure_pages.add_pages(blueprint)
add_editing(blueprint, KIND)
