"""``python -m app.cli`` is the same as ``larnat``; the supervisor starts its children so, wherever the script lies."""

from app.cli import larnat

larnat(prog_name="larnat")
