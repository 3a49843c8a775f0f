"""/sok: words and facets over every kind; the same as JSON for other programs and on the command line."""

from app.search import answers  # noqa: F401  (its pages belong to the same blueprint)
from app.search.pages import blueprint

__all__ = ["blueprint"]
