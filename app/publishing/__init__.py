"""Saving so that nothing is lost: check, lock, log, replace, refresh."""

from app.publishing.archive import Archive
from app.publishing.changes import (
    Author,
    Change,
    Conflict,
    Event,
    FileChange,
    Next,
    NoSpace,
    NotSaved,
    Refused,
    Saved,
    SlugTaken,
    StaleVersion,
)

__all__ = [
    "Archive",
    "Author",
    "Change",
    "Conflict",
    "Event",
    "FileChange",
    "Next",
    "NoSpace",
    "NotSaved",
    "Refused",
    "Saved",
    "SlugTaken",
    "StaleVersion",
]
