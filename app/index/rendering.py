"""Rendered bodies: rendering Markdown costs more than all the rest of a page, so it is done once per text."""

from __future__ import annotations

import threading
from collections import OrderedDict

from sqlalchemy import select

from app.index import tables as t
from app.index.generation import IndexNotReady
from app.index.opening import Opener
from app.index.rows import rendered_from
from app.library.markdown import Rendered, render

REMEMBERED = 200


class RenderedBodies:
    """The bodies that this process showed last, over those that the rows keep."""

    def __init__(self) -> None:
        self._remembered: OrderedDict[str, Rendered] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, body: str, opener: Opener) -> Rendered:
        """The rendered body; ``name`` is its hash. It is rendered here if nobody has done so."""
        with self._lock:
            found = self._remembered.get(name)
            if found is not None:
                self._remembered.move_to_end(name)
                return found
        found = _kept(name, opener) or render(body)
        with self._lock:
            self._remembered[name] = found
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return found


def _kept(name: str, opener: Opener) -> Rendered | None:
    query = select(t.rendered.c.plain, t.rendered.c.html, t.rendered.c.rest).where(t.rendered.c.hash == name)
    try:
        with opener.reading() as (connection, _):
            row = connection.execute(query).first()
    except IndexNotReady:
        return None
    return rendered_from(*row) if row else None
