"""The letter about cycles that stand still: whose it is, what is in it, and the way to no more of them.

Rights are looked up when it is written. It has titles and addresses, and no words of a cycle.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app
from sqlmodel import Session

from app.accounts import links, people, reminders
from app.accounts.links import Purpose
from app.accounts.signing_in import viewer_of
from app.accounts.tables import Person
from app.config import Settings
from app.index import Aspect, Card, Index, IndexNotReady, StateQuery
from app.library.document import BrokenDocument, NotFound
from app.library.shelf import Library
from app.library.visibility import Viewer
from app.mail.message import Message, NotYet
from app.mail.outbox import Letter
from app.web.text import count, today

WAY_TO_STOP = "/paminnelser/sluta"
# More than this nobody reads in a letter; the page has them all.
MOST = 20
CYCLES, PROJECTS = "cycles", "projects"
NOT_READY = "sökregistret byggs om; brevet skrivs när det är klart"

_TEXT = """Hej!

{begins}

{cycles}

Ett litet steg räcker: skriv vad ni har gjort eller sett, eller bestäm att avsluta. Också det som inte
blev av är något att lära av.

Allt som står stilla: {site}/laget

Du får det här brevet för att du har bett om det, och högst en gång i veckan. Vill du inte ha det längre?
{stop}

{sign_off}
"""


def write(session: Session, letter: Letter, settings: Settings, sign_off: str) -> Message | None:
    """The letter, to be handed over at most once; None where nobody wants it, or nothing of theirs stands still.

    To be called within the application, whose index tells what stands still. Raises NotYet while that is built.
    """
    person = session.get(Person, letter.about)
    if person is None or not reminders.wanted(session, person.id) or not people.may_sign_in(person, settings):
        return None
    extensions = current_app.extensions
    try:
        cards = list(standing_still(extensions["index"], extensions["library"], viewer_of(session, person)))
    except IndexNotReady as error:
        raise NotYet(NOT_READY) from error
    if not cards:
        return None
    word = links.make(session, Purpose.NO_REMINDERS, person.id, reminders.LINK_LASTS)
    site, stop = settings.public_address, f"{settings.public_address}{WAY_TO_STOP}?kod={word}"
    one = len(cards) == 1
    text = _TEXT.format(
        begins="En av era cykler har stått stilla länge:" if one else "Några av era cykler har stått stilla länge:",
        cycles=_listed(cards, site),
        site=site,
        stop=stop,
        sign_off=sign_off,
    )
    subject = "En cykel i Lärnät står stilla" if one else f"{count(len(cards))} cykler i Lärnät står stilla"
    return Message(person.email, subject, text, stop, at_most_once=True)


def standing_still(index: Index, library: Library, viewer: Viewer) -> Iterator[Card]:
    """The viewer's cycles that stand still and that they may see: those that their organisations own or try
    together with others, what has stood longest first.
    """
    asked = StateQuery(Aspect.STILL, today(), {"typ": [CYCLES]}, limit=None)
    for standing in index.state(viewer, asked).standing:
        card = standing.card
        if card.owner in viewer.organisations or _takes_part(library, card.slug.partition("/")[0], viewer):
            yield card


def _takes_part(library: Library, project: str, viewer: Viewer) -> bool:
    """Whether one of the viewer's organisations owns a project, or is in its team."""
    try:
        front_matter = library.get(PROJECTS, project).front_matter
    except (BrokenDocument, NotFound):
        return False
    team = getattr(front_matter, "team", ())
    return not viewer.organisations.isdisjoint({front_matter.owner, *(role.organisation for role in team)})


def _listed(cards: list[Card], site: str) -> str:
    told = [f"{' '.join(card.title.split())}\n{site}{card.url}" for card in cards[:MOST]]
    more = len(cards) - MOST
    return "\n\n".join([*told, *([f"… och {count(more)} till."] if more > 0 else [])])
