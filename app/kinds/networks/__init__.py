"""Networks (nätverk): who learns together, for what, with which money; also a city's research and development plan."""

from __future__ import annotations

from flask import Blueprint, Response

from app import reading
from app.accounts.access import may_edit, may_see
from app.accounts.rules import asks, open_to_anyone
from app.accounts.signing_in import viewer
from app.editing import add_editing, events
from app.kinds.networks.life import life_of
from app.kinds.networks.network import KIND, Network, part_of
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
    document = reading.open_document(KIND, slug)
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
        day=day,
        told_by=told_by,
        takes_part=_takes_part(document),
        named_words=_named_words(document),
        grant_cards={(card.kind, card.slug): card for card in grant_cards},
    )


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


add_editing(blueprint, KIND)
