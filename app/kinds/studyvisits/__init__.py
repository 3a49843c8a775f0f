"""Study visits (studiebesök): somebody goes to see how others work, and writes down what they took home."""

from __future__ import annotations

from flask import Blueprint, Response

from app import reading
from app.accounts.access import may_see
from app.accounts.rules import asks, open_to_anyone
from app.accounts.signing_in import viewer
from app.editing import add_editing, events, status
from app.editing.events import Refusal, add_event
from app.editing.status import Onward
from app.kinds.studyvisits import booking
from app.kinds.studyvisits.visit import KIND, StudyVisit, moved
from app.library.document import Document
from app.library.vocabulary import VisitStatus

__all__ = ["KIND", "StudyVisit", "blueprint"]

ONWARD = {
    VisitStatus.PROPOSED: Onward(VisitStatus.OPEN, "Öppna för anmälan"),
    VisitStatus.OPEN: Onward(VisitStatus.CONFIRMED, "Bekräfta besöket"),
    VisitStatus.CONFIRMED: Onward(VisitStatus.HELD, "Besöket är genomfört"),
    VisitStatus.HELD: Onward(VisitStatus.WRITTEN_UP, "Anteckningarna är klara"),
    VisitStatus.WRITTEN_UP: Onward(VisitStatus.FOLLOWED_UP, "Besöket är uppföljt"),
}

blueprint = Blueprint(KIND.name, __name__, url_prefix=f"/{KIND.url}")


@blueprint.get("")
@open_to_anyone("it lists what the viewer may see")
def index() -> Response:
    """All study visits that the viewer may see."""
    return reading.index(KIND)


@blueprint.get("/<path:slug>")
@asks(may_see)
def show(slug: str) -> Response:
    """One study visit: when and who, what there is to see, and what each guest took home."""
    return page_of(reading.open_document(KIND, slug))


def page_of(document: Document, refusal: Refusal | None = None) -> Response:
    """The page of a visit, with the reason why something that was asked for on it was not done."""
    parts = reading.parts_of(document)
    return reading.show(
        document,
        beside=("practices",),
        parts=parts,
        waiting=events.waiting(document, (part.title for part in parts)),
        practices=reading.cards_of(document, "practices"),
        standing=status.standing(document, ONWARD.get(document.status)),
        booking=booking.offered(document, viewer(), refusal),
        **events.shown(refusal),
    )


add_event(blueprint, KIND, "laget", status.moves(moved), page_of)
add_event(blueprint, KIND, "platser", booking.ask_for_seats, page_of)
add_event(blueprint, KIND, "svar", booking.answer_guest, page_of)
add_event(blueprint, KIND, "avanmalan", booking.withdraw, page_of)
add_event(blueprint, KIND, "tog-med-hem", booking.tell, page_of)
add_editing(blueprint, KIND)
