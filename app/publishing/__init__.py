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
from app.publishing.guard import NumberInFile

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
    "NumberInFile",
    "Refused",
    "Saved",
    "SlugTaken",
    "StaleVersion",
]
