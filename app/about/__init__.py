"""The pages in which the site tells of itself: what it is, how accessible it is, what is kept of people."""

from app.about import crawlers  # noqa: F401  (its pages belong to the same blueprint)
from app.about.pages import blueprint

__all__ = ["blueprint"]
