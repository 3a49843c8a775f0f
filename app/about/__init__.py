"""The pages in which the site tells of itself: what it is, how accessible it is, what it keeps of people."""

from app.about.pages import blueprint

__all__ = ["blueprint"]
