"""What was changed, by whom and when: revisions with their whole texts, working copies, comparison."""

from app.history.comparison import Comparison, compare
from app.history.revisions import (
    Entry,
    deletions,
    kept_both,
    last_change,
    newest_revision,
    revision_of,
    revisions_of,
    text_at,
    text_before,
    text_of,
)

__all__ = [
    "Comparison",
    "Entry",
    "compare",
    "deletions",
    "kept_both",
    "last_change",
    "newest_revision",
    "revision_of",
    "revisions_of",
    "text_at",
    "text_before",
    "text_of",
]
