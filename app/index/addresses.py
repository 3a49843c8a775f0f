"""Where everything is that a viewer may see, and when it last changed: what a sitemap is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import select

from app.index import tables as t
from app.index.cards import FROM_THE_START
from app.index.opening import Reading
from app.library.document import Kind
from app.library.visibility import Viewer


@dataclass(frozen=True)
class Address:
    """The path of a document's page. ``changed_at`` is None where nobody knows when it was written."""

    path: str
    changed_at: datetime | None


def addresses_of(reading: Reading, viewer: Viewer, kinds: Mapping[str, Kind]) -> list[Address]:
    """The addresses of all documents that lists show to the viewer, the oldest documents first."""
    catalogue = reading.catalogue
    from_the_start = select(t.document.c.number).where(t.document.c.changed_by == FROM_THE_START)
    undated = set(reading.connection.execute(from_the_start).scalars())
    entries = (catalogue.entries[position] for position in np.flatnonzero(catalogue.listed(viewer)))
    return [
        Address(
            f"/{kinds[entry.kind].url}/{entry.slug}",
            None if entry.number in undated else datetime.fromisoformat(entry.changed_at),
        )
        for entry in sorted(entries, key=lambda entry: entry.number)
    ]
