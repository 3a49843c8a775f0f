"""When a search counts: once for what somebody has sent or rests on, not for each letter, and not for programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from flask import Flask, current_app, request

from app.accounts.signing_in import viewer
from app.database import Databases
from app.looked_for.counting import Tally, remembered
from app.web.htmx import wants_fragment
from app.web.text import today

# What programs that read pages by themselves say of themselves.
_PROGRAM = re.compile(r"bot\b|bot/|crawl|spider|slurp|archiver|externalhit|monitor|uptime", re.IGNORECASE)


def init_app(app: Flask, databases: Databases) -> None:
    """Give the application its tally."""
    tally = app.extensions["looked_for"] = Tally(databases)
    databases.before_closing(tally.flush)


def searched(typed: str, hits: Callable[[], int]) -> bool:
    """Count what a page answers; ``hits`` says how many the words alone find.

    While somebody types nothing is counted: the answer then says whether the page has to tell when it is rested on.
    """
    if not _is_a_persons() or not remembered(typed) or not _is_another(typed):
        return False
    if wants_fragment():
        return True
    _count(typed, hits())
    return False


def rested_on(typed: str, hits: int) -> None:
    """Count what somebody has typed and looks at. Only our own page can ask for it: it sends htmx's header along."""
    if wants_fragment() and _is_a_persons():
        _count(typed, hits)


def _count(typed: str, hits: int) -> None:
    # Somebody who writes for several organisations has searched for one of them: nobody knows which, so the first.
    organisation = min(viewer().organisations, default="")
    tally: Tally = current_app.extensions["looked_for"]
    tally.count(today(), typed, organisation, hits)


def _is_a_persons() -> bool:
    """Whether a person has asked: no program that reads everything, and no browser that fetches in advance."""
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    program = _PROGRAM.search(request.headers.get("User-Agent", ""))
    return request.method == "GET" and "prefetch" not in ahead and not program


def _is_another(typed: str) -> bool:
    """Whether the words are others than on the page one comes from: a choice or a next page is the same search."""
    before = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    if before.netloc != request.host or before.path != request.path:
        return True
    return remembered(parse_qs(before.query).get("q", [""])[0]) != remembered(typed)
