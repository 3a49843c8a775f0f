"""Reports of faults and barriers: anybody sends them, administrators answer them, the worker removes them in time."""

from app.feedback.pages import blueprint, init_app

__all__ = ["blueprint", "init_app"]
