"""How the cycles of a network's projects follow the method, together: what its members can help each other with."""

from __future__ import annotations

from app.accounts.signing_in import viewer
from app.index import FamilyQuery
from app.kinds.networks.life import FACET
from app.library.document import Document
from app.measuring.medians import Together
from app.publishing import current
from app.reading.scored import together_in

PROJECTS = "projects"


def method_of(document: Document) -> Together | None:
    """The medians of the cycles that the viewer may see, in the projects that name the network; None for too few.

    No organisation and no project is named: who has what is on the cycles' own pages, for those who learn from them.
    """
    names = [document.slug, *sorted(current.index.networks_formerly([document.slug]))]
    found = current.index.families(viewer(), FamilyQuery(PROJECTS, {FACET: names}))
    return together_in(found.fitting)
