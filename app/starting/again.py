"""A form of Börja prova that is found again in the browser after it was saved: what it has made, and what to do with
what was changed in it since. Nothing is made twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from app.accounts.signing_in import viewer
from app.editing import composing, drafts, sent
from app.editing.drafts import Draft
from app.editing.events import today
from app.library.document import Document
from app.publishing import current
from app.starting import beginning
from app.starting.beginning import Beginning
from app.web.forms import Values

# What the form says of a new file only, and not of one that people have gone on with.
OF_NEW_ONES = ("publication", "planned")


@dataclass(frozen=True)
class Made:
    """One of the pages that the form has made; ``half_written`` says that changes of it wait to be saved."""

    document: Document
    half_written: bool

    @property
    def url(self) -> str:
        return url_for(f"{self.document.kind.name}.show", slug=self.document.slug)

    @property
    def edit_url(self) -> str:
        return url_for(f"{self.document.kind.name}.edit", slug=self.document.slug)


def made_by(project: Document) -> list[Made]:
    """The project, and its first cycle unless that is gone."""
    return [Made(one, _copy_of(one) is not None) for one in _documents(project)]


def changed(project: Document, told: Beginning) -> list[Draft]:
    """What the form says by now and did not when it was saved, as changes of the pages that it has made."""
    found = [_draft(document, told) for document in _documents(project)]
    return [draft for draft in found if draft.base and draft.text != draft.base.text and not _is_kept(draft)]


def _draft(document: Document, told: Beginning) -> Draft:
    base = drafts.document_at(document, sent.first_version(document)) or document
    before = composing.values_of(base)
    values = {**_filled_in(document, told, before), **{one: before[one] for one in OF_NEW_ONES if one in before}}
    draft = Draft(base.kind, viewer(), values, drafts.new_token(), base, base.version)
    # What somebody has half written there already stays beside it, as the text of another tab does.
    draft.parked = _copy_of(document) is not None
    return draft


def _filled_in(document: Document, told: Beginning, before: Values) -> Values:
    if document.kind.parent:
        return beginning.cycle_of(told, before, today())
    return beginning.project_of(told, before)


def _is_kept(draft: Draft) -> bool:
    """Whether the very same is half written already: the form was sent once more."""
    copy = drafts.copy_of(draft.viewer, draft.key)
    return copy is not None and copy.fields["values"] == draft.values


def _copy_of(document: Document) -> object:
    return drafts.copy_of(viewer(), drafts.key_of(document))


def _documents(project: Document) -> Iterator[Document]:
    yield project
    card = current.index.card_by_id(beginning.cycles_id(project.id), viewer())
    if card:
        yield current.library.get(card.kind, card.slug)
