"""The pages of a form: a new document and a changed one, one step at a time."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict

from app.accounts.access import may_edit, may_see, may_write_somewhere
from app.accounts.rules import asks
from app.accounts.signing_in import ask, viewer
from app.database import is_disk_trouble
from app.editing import broken, checks, conflict, drafts, locked, numbers, readership, saving, sent, waiting
from app.editing.drafts import Draft
from app.editing.form_page import address_of, edit_address, focus_on, form_address, form_page, html_of, undescribed
from app.editing.names import Lookup
from app.editing.received import Received, sent_files
from app.index import IndexNotReady
from app.library.document import BrokenDocument, Document, Kind, NotFound
from app.library.locking import ADDITIONS
from app.library.vocabulary import Publication
from app.publishing import NoSpace, Refused, SlugTaken, StaleVersion, current
from app.web import forms
from app.web.errors import error_page
from app.web.forms import FormStep, TooMuch
from app.web.htmx import page, see_other, wants_fragment
from app.web.security import takes_files

# Said with "publish" or "save" by whoever has been asked whether anybody can be recognised.
SURE = "sure"
ROW_VERBS = ("add", "remove", "up", "down")

DISK_IS_FULL = "Disken är full, så det gick inte att spara. Sidan är som den var."
TEXT_IS_KEPT = "Det du skrev finns kvar, halvskrivet."
TEXT_IS_HERE = "Det du skrev finns kvar i rutorna här: kopiera det, och säg till den som sköter Lärnät."


# ---- Opening ----


@asks(may_write_somewhere)
def new(kind: Kind) -> Response:
    """An empty form; with ``?utkast=`` the one of that mark: what is kept of it, or the document that it has made."""
    ask(may_write_somewhere)
    made, _ = sent.made_by(kind, request.args.get("utkast", ""))
    if made:
        # Somebody has gone back in the browser to the form that they saved.
        return see_other(edit_address(made))
    parent = None
    if kind.parent:
        slug = request.args.get("project") or request.args.get("under", "")
        kept = request.args.get("utkast")
        if not slug and not kept:
            return _choose_parent(kind)
        parent = _parent(kind, slug) if slug else None
    if marked := sent.marked_address():
        return see_other(marked)
    draft = drafts.open_new(kind, parent, source_of(request.args.get("fran", "")))
    return form_page(draft, _step_asked_for(draft))


@asks(may_edit)
def edit(kind: Kind, slug: str) -> Response:
    """The form of a document, at the step that the address asks for."""
    try:
        document = drafts.ask_to_edit(kind, slug)
    except BrokenDocument as fault:
        return broken.shown(broken.opened(kind, slug, fault), TEXT_IS_KEPT)
    if document.slug != slug:
        return see_other(edit_address(document))
    draft = drafts.open_document(document)
    drafts.suggest(draft)
    return form_page(draft, _step_asked_for(draft))


def _choose_parent(kind: Kind) -> Response:
    """Which document the new one belongs to: a cycle lies in a project."""
    above = current.library.kinds[kind.parent]
    looking = viewer()
    cards = (current.index.card(kind.parent, slug, looking) for slug, _ in Lookup(looking).references(kind.parent))
    own = [card for card in cards if card and (looking.admin or card.owner in looking.organisations)]
    return page("editing/choose_parent.html", kind=kind, above=above, cards=own)


def _parent(kind: Kind, slug: str) -> Document:
    """The document under which a new one is made; only those who may change it may add to it."""
    return drafts.ask_to_edit(current.library.kinds[kind.parent], slug)


def source_of(address: str) -> Document | None:
    """The document that a new one is filled in from: "arbetssatt/slug". One that may not be seen gives nothing."""
    url, _, slug = address.partition("/")
    kind = next((kind for kind in current.library.kinds.values() if kind.url == url), None)
    try:
        document = current.library.get(kind.name, slug) if kind else None
    except (NotFound, BrokenDocument):
        return None
    return document if document and may_see(viewer(), document.front_matter) else None


def _step_asked_for(draft: Draft) -> FormStep:
    return draft.form.step(request.args.get("steg", 1, type=int))


# ---- What was posted ----


@takes_files
@asks(may_write_somewhere)
def create(kind: Kind) -> Response:
    """A new document's form was posted."""
    ask(may_write_somewhere)
    parent = _parent(kind, request.form.get("_parent", "")) if kind.parent else None
    made, fields = sent.made_before(kind, request.form)
    if made:
        ask(may_edit, made.front_matter)
    return _answer(kind, made, fields, parent.slug if parent else "")


@takes_files
@asks(may_edit)
def save(kind: Kind, slug: str) -> Response:
    """The form of a document was posted."""
    try:
        document = drafts.ask_to_edit(kind, slug)
    except NotFound:
        return conflict.gone(kind, slug)
    except BrokenDocument as fault:
        draft = broken.posted(kind, slug, fault)
        return broken.shown(draft, TEXT_IS_KEPT if keep(draft) else TEXT_IS_HERE)
    return _answer(kind, document, request.form)


def _answer(kind: Kind, document: Document | None, fields: MultiDict[str, str], parent: str = "") -> Response:
    """What the button said, done to what was typed."""
    verb, _, name = fields.get("_do", "save").partition(" ")
    if document and fields.get("_merging"):
        answer = conflict.go_on(document, verb, name)
        if answer:
            return answer
    try:
        draft = sent.posted(kind, document, fields, parent)
    except TooMuch as too_much:
        return error_page(413, str(too_much))
    return _do(draft, fields, verb, name)


def _do(draft: Draft, fields: MultiDict[str, str], verb: str, name: str) -> Response:
    """Do what the button said. Whatever it was, the text is kept first."""
    step = draft.form.step(fields.get("_step", 1, type=int))
    if verb == "discard":
        return _discard(draft)
    received = _take_files(draft, verb, name)
    kept = keep(draft)
    if draft.parked and draft.kept_at and not wants_fragment():
        return see_other(url_for("half_written.tabs", key=draft.copy_key))
    if received.refused or verb in ("attach", "detach"):
        found = {} if kept else numbers.errors(draft)
        status = 422 if received.refused or found else 200
        return form_page(
            draft, step, errors=found, refused=received.refused, declarable=received.declarable, status=status
        )
    if verb == "preview":
        return _preview(draft, step, name)
    if verb in ROW_VERBS:
        return _change_rows(draft, step, verb, name)
    if came_back := locked.propose(draft):
        return _come_back(draft, step, came_back)
    return _go_where(draft, step, kept, verb, name)


def _come_back(draft: Draft, step: FormStep, why: str) -> Response:
    """What was typed where something is locked by now stands as an addition, on the step where those are written."""
    keep(draft)
    return form_page(draft, draft.form.step_of(ADDITIONS) or step, trouble=why, status=409)


def _go_where(draft: Draft, step: FormStep, kept: bool, verb: str, name: str) -> Response:
    """Another step, another page, or the form is saved."""
    if not kept and verb in ("next", "step", "keep", "people"):
        if found := numbers.errors(draft):
            return form_page(draft, step, errors=found, status=422)
        return form_page(draft, step, trouble=f"{DISK_IS_FULL} {TEXT_IS_HERE}", status=507)
    if verb == "next":
        return _go_on(draft, step)
    if verb in ("step", "keep", "people"):
        return see_other(_where_to(draft, step, verb, name))
    return _finish(draft, step, kept, "publish" if verb == "publish" else "save", name == SURE)


def _where_to(draft: Draft, step: FormStep, verb: str, name: str) -> str:
    """Another step, the same one, or the page on which people are named."""
    if verb == "people" and draft.base:
        return url_for(f"{draft.kind.name}.named", slug=draft.base.slug)
    return address_of(draft, int(name) if name.isdecimal() and len(name) < 3 else step.number)


def _take_files(draft: Draft, verb: str, name: str) -> Received:
    """Keep the files that came with the form, whatever its button says."""
    received = Received(draft.document_id, ())
    try:
        untold = waiting.describe(draft, request.form)
        if verb == "detach":
            waiting.drop(draft, name)
        sent = sent_files("_files")
        received = waiting.take(draft, sent) if sent or verb == "attach" else received
        received.refused += untold
    except NoSpace:
        received.refused.append(DISK_IS_FULL)
    return received


@asks(may_write_somewhere)
def autosave_new(kind: Kind) -> Response:
    """Keep what is being typed in a new document's form."""
    ask(may_write_somewhere)
    parent = _parent(kind, request.form.get("_parent", "")) if kind.parent else None
    made, fields = sent.made_before(kind, request.form)
    if made:
        ask(may_edit, made.front_matter)
    return _autosave(kind, made, fields, parent.slug if parent else "")


@asks(may_edit)
def autosave(kind: Kind, slug: str) -> Response:
    """Keep what is being typed in a document's form."""
    try:
        return _autosave(kind, drafts.ask_to_edit(kind, slug), request.form)
    except BrokenDocument as fault:
        draft = broken.posted(kind, slug, fault)
        return _told(broken.WAITS if keep(draft) else _why_not(draft))


def _autosave(kind: Kind, document: Document | None, fields: MultiDict[str, str], parent: str = "") -> Response:
    try:
        draft = sent.posted(kind, document, fields, parent)
    except TooMuch as too_much:
        return _told(str(too_much))
    # What was on its way while the form was saved comes after it, and is not half written.
    trouble = "" if keep(draft, document) else _why_not(draft)
    readers = readership.of(draft, draft.form.step(request.form.get("_step", 1, type=int)))
    both = url_for("half_written.tabs", key=draft.copy_key) if draft.parked and draft.kept_at else ""
    return page("editing/kept.html", kept_at=draft.kept_at, trouble=trouble, both=both, readers=readers)


def _told(trouble: str) -> Response:
    """The answer to a background request that could not be carried out."""
    return page("editing/kept.html", kept_at=None, trouble=trouble, both="", readers=None)


def _why_not(draft: Draft) -> str:
    """Why a working copy was not kept."""
    return numbers.why_not_kept(draft) or DISK_IS_FULL


def keep(draft: Draft, newest: Document | None = None) -> bool:
    """Keep the working copy; False where a personal number is in the way, or the disk takes no more, which must not
    lose the answer with the text.
    """
    try:
        return draft.keep(newest)
    except NoSpace:
        return False
    except OperationalError as error:
        if not is_disk_trouble(error):
            raise
        return False


def _discard(draft: Draft) -> Response:
    draft.drop()
    flash("Det halvskrivna är kastat.")
    if draft.base:
        return see_other(url_for(f"{draft.kind.name}.show", slug=draft.base.slug))
    return see_other(url_for(f"{draft.kind.name}.index"))


def _go_on(draft: Draft, step: FormStep) -> Response:
    """The next step, if this one is understood."""
    errors = saving.errors_in(draft, step.shapes)
    if errors:
        return form_page(draft, step, errors=errors, status=422)
    return see_other(address_of(draft, step.number + 1))


def _change_rows(draft: Draft, step: FormStep, verb: str, name: str) -> Response:
    """A row is added, removed or moved: the same page again or, for htmx, the list that the row belongs to."""
    trouble = ""
    try:
        forms.change_rows(draft.form.shapes, draft.values, verb, name)
    except TooMuch as too_much:
        trouble = str(too_much)
    keep(draft)
    list_name = name if verb == "add" else name.rpartition("-")[0]
    if not wants_fragment():
        return form_page(draft, step, trouble=trouble, focus=list_name, verb=verb)
    boxes = forms.boxes_of(step, draft.values, draft.lookup)
    found = next((box for top in boxes if (box := top.find(list_name))), None)
    if found is None:
        return _told("Raden finns inte längre. Ladda om sidan.")
    focus_on(found, verb)
    if trouble:
        found.errors.append(trouble)
    return page("editing/field.html", box=found, url=form_address(draft))


def _preview(draft: Draft, step: FormStep, name: str) -> Response:
    """How a text will look: below its box on the same page or, for htmx, only the preview."""
    if not wants_fragment():
        return form_page(draft, step, preview=name)
    boxes = forms.boxes_of(step, draft.values, draft.lookup)
    box = next((box for top in boxes if (box := top.find(name))), None)
    if box is None:
        raise NotFound(name)
    box.preview = html_of(draft, box)
    return page("editing/preview.html", box=box, url=form_address(draft))


# ---- Saving ----


def _finish(draft: Draft, step: FormStep, kept: bool, verb: str, sure: bool) -> Response:
    """Save, and let others read if the button says so; whoever opens the page to more people is asked once."""
    if verb == "publish":
        draft.values["publication"] = str(Publication.PUBLISHED)
    if not sure and _asks_first(draft, verb):
        return form_page(draft, step, question=verb)
    return _save(draft, step, kept)


def _asks_first(draft: Draft, verb: str) -> bool:
    """Whether the author is asked if anybody can be recognised: no program can find names, and more would read."""
    if verb != "publish" and not readership.opens_to_more(draft):
        return False
    return not saving.errors_in(draft) and not undescribed(draft)


def _save(draft: Draft, step: FormStep, kept: bool) -> Response:
    """Publish the whole form, or say what is in the way; the text is in the answer either way."""
    errors = saving.errors_in(draft)
    if errors or undescribed(draft):
        return form_page(draft, step, errors=errors, status=503 if not draft.lookup.ready else 422)
    settled = saving.settle(draft)
    if draft.base and not draft.changed and not draft.files and draft.version == draft.base.version:
        draft.drop()
        flash("Sparat. Inget var ändrat sedan förra gången.", "ok")
        return see_other(url_for(f"{draft.kind.name}.show", slug=draft.base.slug))
    try:
        slug = saving.publish(draft)
    except StaleVersion as stale:
        return conflict.meet(draft, stale)
    except BrokenDocument as fault:
        return form_page(draft, step, errors=checks.errors_of(fault.problems), status=422)
    except (NoSpace, Refused, SlugTaken, IndexNotReady) as refused:
        trouble, status = _trouble(refused)
        return form_page(draft, step, trouble=f"{trouble} {TEXT_IS_KEPT if kept else TEXT_IS_HERE}", status=status)
    flash(" ".join(filter(None, (readership.words_when_saved(draft), settled))), "ok")
    for warning in filter(None, (numbers.warning(draft), numbers.way_to_somebody(draft))):
        flash(warning, "warn")
    return see_other(url_for(f"{draft.kind.name}.show", slug=slug))


def _trouble(refused: Exception) -> tuple[str, int]:
    match refused:
        case NoSpace():
            return DISK_IS_FULL, 507
        case SlugTaken():
            return "Det gick inte att ge sidan en adress. Försök igen.", 409
        case IndexNotReady():
            return "Lärnät bygger om sitt register just nu. Vänta några sekunder och spara igen.", 503
    return str(refused), 409
