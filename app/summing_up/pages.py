"""/utvecklingsarbeten/<slug>/sammanfattning: a project as one page for paper; /utvecklingsarbeten/<slug>.json for
programs.
"""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from app import reading
from app.accounts.access import may_edit, may_see
from app.accounts.rules import asks
from app.accounts.signing_in import viewer
from app.kinds.projects.project import KIND
from app.library.vocabulary import Decision, Publication
from app.publishing import current
from app.reading.attached import files_of
from app.reading.prose import long_texts, titles_for
from app.summing_up.as_json import as_json
from app.summing_up.indented import indented
from app.summing_up.whole import whole_of
from app.web.htmx import page
from app.web.text import today

blueprint = Blueprint("summing_up", __name__, url_prefix=f"/{KIND.url}")

PROBLEM = "Problemet"


@blueprint.get("/<path:slug>/sammanfattning")
@asks(may_see)
def show(slug: str) -> Response:
    """The whole project on one page, to be printed or saved as PDF."""
    document = reading.open_document(KIND, slug)
    whole = whole_of(document)
    drafts = [one for one in whole.cycles if one.front.publication is not Publication.PUBLISHED]
    return page(
        "summing_up/show.html",
        document=document,
        kind=KIND,
        front=whole.front,
        whole=whole,
        problem=next((part for part in reading.parts_of(document) if part.title == PROBLEM), None),
        practices=reading.cards_of(document, "practices"),
        prose=long_texts(document, titles_for(viewer()), files_of(document)),
        kept=whole.decided(Decision.ADOPT, Decision.EXPAND),
        left=whole.decided(Decision.ABANDON),
        unpublished=drafts or whole.front.publication is not Publication.PUBLISHED,
        may_edit=may_edit(viewer(), whole.front),
        organisations=current.organisations,
        address=url_for("projects.show", slug=document.slug, _external=True),
        today=today(),
    )


@blueprint.get("/<path:slug>.json")
@asks(may_see)
def figures(slug: str) -> Response:
    """The same and more for other programs."""
    document = reading.open_document(KIND, slug)
    response = Response(indented(as_json(whole_of(document))) + "\n")
    response.content_type = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{document.slug}.json"'
    return response
