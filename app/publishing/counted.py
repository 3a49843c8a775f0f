"""How attempts to save go, as numbers for those who watch the house."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.library.document import BrokenDocument
from app.publishing.changes import NoSpace, Refused, SlugTaken, StaleVersion
from app.watching import counts
from app.watching.counts import Outcome


@contextmanager
def counted() -> Iterator[None]:
    """Count one attempt by how it ends. An address that is taken does not count: the next one is tried."""
    try:
        yield
    except SlugTaken:
        raise
    except StaleVersion:
        counts.saving(Outcome.CONFLICT)
        raise
    except (Refused, BrokenDocument):
        counts.saving(Outcome.REFUSED)
        raise
    except NoSpace:
        counts.saving(Outcome.NO_SPACE)
        raise
    except Exception:
        counts.saving(Outcome.FAILED)
        raise
    counts.saving(Outcome.SAVED)
