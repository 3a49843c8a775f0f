"""Earlier versions of a document: the list, one of them, two side by side, and back to one of them.

Earlier texts may have been drafts, so these pages are for those who may change the document.
"""

from __future__ import annotations

from contextlib import suppress

from flask import Response, flash, request, url_for
from markupsafe import Markup

from app import history
from app.accounts.access import may_edit, may_give, may_see_history
from app.accounts.rules import asks
from app.accounts.signing_in import allowed, ask, ask_to_see, viewer
from app.audit import Deed, note_refused
from app.editing import composing, drafts, locked
from app.editing.names import Lookup, words_of
from app.editing.saving import author_of
from app.editing.versions import of_document
from app.history import Entry
from app.library import front_matter
from app.library.document import BrokenDocument, Document, FrontMatter, Kind, NotFound
from app.library.guard import HasNumbers
from app.publishing import Change, FileChange, NoSpace, Refused, StaleVersion, current
from app.reading.attached import files_of
from app.reading.prose import titles_for, to_html
from app.web.forms import Shape, form_for
from app.web.htmx import page, see_other

# What the top of the page says already.
TOLD_ABOVE = ("title", "summary")


@asks(may_see_history)
def index(kind: Kind, slug: str) -> Response:
    """Who changed the document, when and what."""
    document = with_history(kind, slug)
    return page(
        "editing/history.html",
        kind=kind,
        document=document,
        entries=_entries(document),
        versions=of_document(document),
        organisation_name=Lookup(viewer()).organisation_words,
    )


@asks(may_see_history)
def version(kind: Kind, slug: str, number: int) -> Response:
    """The document as it was after a revision."""
    document = with_history(kind, slug)
    entry, text = _text(document, number)
    earlier, html, facts = None, Markup(""), []
    with suppress(BrokenDocument):
        earlier = current.library.parse(document.path, text)
        html = to_html(earlier.body, "t-", titles_for(viewer()), file_of=files_of(document))
        facts = _facts(earlier)
    return page(
        "editing/version.html",
        kind=kind,
        document=document,
        entry=entry,
        text=text,
        earlier=earlier,
        html=html,
        facts=facts,
        newest=entry.number == _entries(document)[0].number,
        kept_by=_kept_by(document, text),
        versions=of_document(document),
        token=drafts.new_token(),
    )


def _facts(document: Document) -> list[tuple[str, str]]:
    """What the front matter said, as the form names it."""
    values, lookup = composing.values_of(document), Lookup(viewer())
    shown = [shape for shape in form_for(document.kind).shapes if not shape.in_body and shape.name not in TOLD_ABOVE]
    words = ((shape, words_of(shape, values[shape.name], lookup)) for shape in shown)
    return [(shape.label, said) for shape, said in words if said and said != "Nej"]


@asks(may_see_history)
def compare(kind: Kind, slug: str) -> Response:
    """Two versions, line by line and word by word; the older one first, whichever was asked for first."""
    document = with_history(kind, slug)
    entries = [entry for entry in _entries(document) if entry.has_text]
    numbers = [entry.number for entry in entries]
    if not numbers:
        raise NotFound(slug)
    until = request.args.get("till", numbers[0], type=int)
    earlier = [number for number in numbers if number < until]
    since = request.args.get("fran", earlier[0] if earlier else until, type=int)
    (old_entry, old), (new_entry, new) = (_text(document, number) for number in sorted((since, until)))
    in_words = history.compare(_in_words(document, old), _in_words(document, new))
    return page(
        "editing/compare.html",
        kind=kind,
        document=document,
        entries=entries,
        old=old_entry,
        new=new_entry,
        comparison=in_words,
        in_file=history.compare(old, new),
        kept_by=_kept_by(document, old),
        versions=of_document(document),
        token=drafts.new_token(),
    )


def _kept_by(document: Document, text: str) -> str:
    """The name of the organisation that owned the page then, if the viewer may not give the page back to it."""
    try:
        owner = current.library.parse(document.path, text).front_matter.owner
    except BrokenDocument:
        # Why it cannot be gone back to is told by whoever tries.
        return ""
    return "" if allowed(may_give, document.front_matter, owner) else Lookup(viewer()).organisation_words(owner)


def _in_words(document: Document, text: str) -> str:
    """A version as the form shows it, for people to compare; the file itself where it fits no form."""
    try:
        earlier = current.library.parse(document.path, text)
    except BrokenDocument:
        return text
    values, lookup = composing.values_of(earlier), Lookup(viewer())
    said = ((shape, words_of(shape, values[shape.name], lookup)) for shape in form_for(document.kind).shapes)
    return "\n".join(_labelled(shape, words) for shape, words in said if words)


def _labelled(shape: Shape, words: str) -> str:
    return f"\n{shape.label}\n{words}" if shape.in_body else f"{shape.label}: {words}"


@asks(may_edit)
def restore(kind: Kind, slug: str, number: int) -> Response:
    """Save an earlier version once more, as a revision of its own; what is there now stays in the history."""
    document = drafts.ask_to_edit(kind, slug)
    entry, text = _text(document, number)
    back = url_for(f"{kind.name}.history", slug=document.slug)
    try:
        earlier = current.library.parse(document.path, text).front_matter
        # An earlier version may have had another owner, and is then a way to give the page away.
        ask(may_give, document.front_matter, earlier.owner)
        text = _with_present_address(document, earlier, text)
        token = request.form.get("_token", "") or drafts.new_token()
        change = Change(
            [FileChange(document.path, text, request.form.get("_version", ""))],
            author_of(viewer(), document.front_matter.owner),
            f"Tillbaka till version {entry.number}",
            f"{token}:{number}",
            sort="restore",
        )
        current.archive.publish(change)
    except StaleVersion:
        flash("Någon har ändrat sidan sedan du öppnade historiken. Se efter vad som är nytt först.", "warn")
        return see_other(back)
    except HasNumbers as found:
        note_refused(Deed.NUMBER_IN_FORM, document=document.id)
        flash(f"Den versionen ser ut att innehålla ett personnummer ({found.masked}), och återställs inte.", "warn")
        return see_other(back)
    except BrokenDocument:
        flash("Den versionen går inte att återställa som den är: den passar inte längre i formuläret.", "warn")
        return see_other(back)
    except (NoSpace, Refused) as refused:
        flash(str(refused) or "Disken är full, så det gick inte att spara. Sidan är som den var.", "warn")
        return see_other(back)
    stays = " Förutsägelsen är låst, så den och tilläggen står kvar som de var." if locked.kept_of(document) else ""
    flash(f"Sidan är återställd till version {entry.number}.{stays}", "ok")
    return see_other(url_for(f"{kind.name}.show", slug=document.slug))


def _with_present_address(document: Document, earlier: FrontMatter, text: str) -> str:
    """An earlier text of what the document is now: it answers to all the addresses it has had since, says of its files
    what is said now, and what is locked stays as it is.
    """
    kept = {
        name: now
        for name in ("former_slugs", "attachments")
        if (now := composing.plain_values(document.front_matter, name)) != composing.plain_values(earlier, name)
    }
    kept |= locked.as_it_is(document)
    return front_matter.rewrite(text, kept, model=document.kind.front_matter) if kept else text


def with_history(kind: Kind, slug: str) -> Document:
    """The document at an address, for those who may read what it and what lies beside it said before."""
    document = drafts.find(kind, slug)
    if document is None:
        raise NotFound(slug)
    ask_to_see(document.front_matter)
    ask(may_see_history, document.front_matter)
    return document


def _entries(document: Document) -> list[Entry]:
    with current.databases.kept_for_reading() as session:
        return history.revisions_of(session, document.id)


def _text(document: Document, number: int) -> tuple[Entry, str]:
    """One revision of the document and what it said then. Raises NotFound where that is not kept."""
    with current.databases.kept_for_reading() as session:
        entry = history.revision_of(session, number, document.id)
        text = history.text_at(session, number, document.id)
    if entry is None or text is None:
        raise NotFound(f"{document.path}, revision {number}")
    return entry, text
