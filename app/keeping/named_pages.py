"""/personer/namngivna: wherever somebody is named, for who has asked to be named no longer."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, request, url_for

from app import contacts
from app.accounts.access import may_create, may_look_after_people
from app.accounts.rules import asks
from app.accounts.signing_in import allowed, ask, viewer
from app.audit import Deed, note
from app.contacts import Named
from app.index.cards import Card
from app.keeping.named import leave_nothing
from app.publishing import current
from app.web.htmx import page, see_other
from app.web.text import count

blueprint = Blueprint("named", __name__, url_prefix="/personer/namngivna")


@blueprint.get("")
@asks(may_look_after_people)
def index() -> Response:
    """The pages on which somebody of that name or address stands, of those that the viewer may write."""
    ask(may_look_after_people)
    words = request.args.get("q", "").strip()[:200]
    return page("keeping/named.html", words=words, found=_found(words))


@blueprint.post("")
@asks(may_look_after_people)
def forget() -> Response:
    """Take the person out of all those pages."""
    ask(may_look_after_people)
    words = request.form.get("q", "").strip()[:200]
    numbers = [one.number for one, _ in _found(words)]
    with current.databases.kept() as session:
        gone = contacts.forget(session, numbers)
        if gone:
            leave_nothing(session, "på begäran")
            note(session, Deed.PERSON_ERASED)
    flash(f"Borttagen från {count(gone, 'ställe', 'ställen')}, för gott." if gone else "Personen stod ingenstans.")
    return see_other(url_for("named.index"))


def _found(words: str) -> Sequence[tuple[Named, Card]]:
    """Where somebody stands, with the page: only pages that the viewer may change."""
    with current.databases.kept_for_reading() as session:
        named = contacts.named_as(session, words)
    cards = ((one, current.index.card_by_id(one.document_id, viewer())) for one in named)
    return [(one, card) for one, card in cards if card and allowed(may_create, card.owner)]
