"""A form whose file cannot be read any longer: somebody has edited it elsewhere, or it has become a copy of another's.

Nothing can be saved until the file is mended. What was typed is kept as a working copy of the version that the form was
opened from, and shown; once the file can be read, saving meets the mended text as it meets any other change.
"""

from __future__ import annotations

from flask import Response, request, url_for

from app.accounts.access import may_edit
from app.accounts.signing_in import allowed, viewer
from app.editing import composing, drafts, sent
from app.editing.drafts import Draft
from app.editing.form_page import form_page
from app.history.tables import Head
from app.library.document import BrokenDocument, Kind
from app.publishing import current

TO_MEND = "Sidans fil behöver rättas först: den har ändrats utanför Lärnät, och går inte att läsa som den är."
WHAT_TO_DO = "Se vad som är fel och be den som sköter filerna att rätta det. Spara sedan igen."
WAITS = f"{TO_MEND} Det du skriver är undanlagt så länge."


def posted(kind: Kind, slug: str, broken: BrokenDocument) -> Draft:
    """The form as posted, with the version that it was opened from. Raises the fault again where nobody knows that,
    and for those who could not change the page.
    """
    base = drafts.version_at(kind, slug, request.form.get("_version", ""))
    if base is None or not allowed(may_edit, base.front_matter):
        raise broken
    return sent.posted(kind, base, request.form)


def opened(kind: Kind, slug: str, broken: BrokenDocument) -> Draft:
    """What somebody had written before the file became unreadable. Raises the fault again where that is nothing."""
    with current.databases.kept_for_reading() as session:
        head = session.get(Head, broken.path)
    copy = drafts.copy_of(viewer(), f"{kind.name}:{head.document_id}") if head else None
    base = drafts.version_at(kind, slug, copy.base_version or "") if copy else None
    if copy is None or base is None or not allowed(may_edit, base.front_matter):
        raise broken
    draft = Draft(kind, viewer(), composing.values_of(base), drafts.new_token(), base, base.version)
    drafts.take_up(draft, copy)
    return draft


def shown(draft: Draft, kept: str) -> Response:
    """The form with what was typed, and what to do; ``kept`` says where else the text is."""
    step = draft.form.step(request.values.get("_step", 0, type=int) or request.args.get("steg", 1, type=int))
    slug = draft.base.slug if draft.base else ""
    link = (url_for(f"{draft.kind.name}.show", slug=slug), "Se vad som är fel i filen")
    return form_page(draft, step, trouble=f"{TO_MEND} {kept} {WHAT_TO_DO}", way_on=link, status=503)
