"""A whole project at once: as one page to print or to save as PDF, and as JSON for other programs."""

from app.summing_up.pages import blueprint

__all__ = ["blueprint"]
