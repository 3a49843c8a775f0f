"""The short way in for a team: from a problem to a first small test, on one page."""

from app.starting.pages import blueprint

__all__ = ["blueprint"]
