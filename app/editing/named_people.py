"""Who is named on a page: shown to those who may see it, and looked after by those who write the page.

Names stand in no file: the page says roles and organisations. They are saved at once and by themselves, not with the
page, so that they are in no working copy, no history and no file, and so that erasing one leaves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, Response, flash, request, url_for

from app import contacts
from app.accounts.access import may_edit, may_see_named_people
from app.accounts.people import normal_email, one_line
from app.accounts.rules import asks
from app.accounts.signing_in import allowed
from app.audit import Deed, note_refused
from app.contacts import KEPT_FOR, Named, Part, Told
from app.contacts.named import FIELDS
from app.editing import drafts
from app.keeping import named
from app.library.document import Document, Kind
from app.publishing import current
from app.web.forms import Mistake
from app.web.htmx import page, see_other

NO_LONGER = "Personen står inte här längre."


@dataclass(frozen=True)
class Refused:
    """What was typed and why it is not saved: of the person with a number or, for 0, of a new one."""

    told: Told
    wrong: Mapping[str, str]
    number: int = 0


def init_app(app: Flask) -> None:
    """Let the page of every kind show who is named on it."""
    app.jinja_env.globals["named_people"] = shown


def shown(document: Document) -> Sequence[Named]:
    """Who is named on a page, for a viewer who may see it; for others nobody is."""
    if not allowed(may_see_named_people, document.front_matter):
        return ()
    return _named_in(document)


@asks(may_edit)
def index(kind: Kind, slug: str) -> Response:
    """Who is named on the page, each to be changed, confirmed or taken away, and boxes for one more."""
    return _page(drafts.ask_to_edit(kind, slug))


@asks(may_edit)
def save(kind: Kind, slug: str) -> Response:
    """Do what the button said, at once."""
    document = drafts.ask_to_edit(kind, slug)
    verb, _, number = request.form.get("_do", "add").partition(" ")
    told = _typed()
    if verb in ("add", "change") and (wrong := told.mistakes()):
        if told.has_number:
            note_refused(Deed.NUMBER_IN_FORM, document=document.id)
        return _page(document, 422, Refused(told, wrong, _number(number)))
    try:
        done = _do(document, verb, _number(number), told)
    except ValueError as error:
        return _page(document, 422, Refused(told, {"name": str(error)}))
    flash(done, "ok")
    return see_other(url_for(f"{kind.name}.named", slug=document.slug))


def _do(document: Document, verb: str, number: int, told: Told) -> str:
    """What a button asks for, and the words for what became of it."""
    with current.databases.kept() as session:
        match verb:
            case "change":
                changed = contacts.change(session, document.id, number, told)
                named.leave_nothing(session, "ändrad på sidan" if changed else "")
                return f"Uppgifterna om {told.name} är ändrade." if changed else NO_LONGER
            case "confirm":
                contacts.confirm(session, document.id, number)
                return f"Uppgifterna är kvar i {KEPT_FOR.days // 365} år till."
            case "remove":
                removed = contacts.remove(session, document.id, number)
                named.leave_nothing(session, "borttagen på sidan" if removed else "")
                return "Personen är borttagen, för gott."
        contacts.add(session, document.id, told)
    return f"{told.name} är tillagd."


def _typed() -> Told:
    typed = {name: one_line(request.form.get(name, "")) for name in FIELDS}
    typed["email"] = normal_email(typed["email"])
    return Told(request.form.get("part", ""), **typed)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _page(document: Document, status: int = 200, refused: Refused | None = None) -> Response:
    people = _named_in(document)
    changing = refused.number if refused else request.args.get("andra", 0, type=int)
    wrong = refused.wrong if refused else {}
    return page(
        "editing/named_people.html",
        status=status,
        kind=document.kind,
        document=document,
        people=people,
        changing=changing if any(one.number == changing for one in people) else 0,
        typed=refused.told if refused else None,
        wrong=wrong,
        mistakes=[Mistake(words, f"#{name}-{changing or 'ny'}") for name, words in wrong.items()],
        parts=tuple(Part),
        fields=FIELDS,
        years=KEPT_FOR.days // 365,
        networks=bool(document.front_matter.networks),
    )


def _named_in(document: Document) -> Sequence[Named]:
    with current.databases.kept_for_reading() as session:
        return contacts.named_in(session, document.id)
