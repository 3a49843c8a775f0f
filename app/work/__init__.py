"""The worker: the one process that indexes words, notices what was changed outside, and tidies up."""

from app.work.running import commands

__all__ = ["commands"]
