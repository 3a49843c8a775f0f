"""Deciding about a cycle: whoever writes in Agera what was decided, and why, has decided. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.library.vocabulary import CycleStatus

DECISION = ("decision", "decision_reason")
# Before it is done a cycle is decided by its button alone: there is nothing to decide on yet.
OPEN = (CycleStatus.DOING, CycleStatus.STUDYING)
IS_DECIDED = "Cykeln är nu beslutad."


def settled(before: Mapping[str, Any], now: Mapping[str, Any], today: date) -> tuple[dict[str, str], str]:
    """What a cycle's form comes to: it is decided where the decision and its reason are new in the form.

    Whoever chooses a status in the same form is not contradicted, and neither is whoever opens a decided cycle again.
    """
    is_new = all(now[name] for name in DECISION) and not all(before[name] for name in DECISION)
    if not is_new or now["status"] != before["status"] or now["status"] not in OPEN:
        return {}, ""
    return {"status": str(CycleStatus.DECIDED), "decided": now["decided"] or today.isoformat()}, IS_DECIDED
