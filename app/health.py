"""/healthz: whether this house works, for whoever watches it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, jsonify

from app.accounts.rules import open_to_anyone
from app.history import newest_revision
from app.keeping import timed
from app.mail import outbox

log = logging.getLogger(__name__)
blueprint = Blueprint("health", __name__)

# The worker touches its heartbeat every second; a busy disk may hold it up for a while.
OLDEST_HEARTBEAT_SECONDS = 30.0


@blueprint.get("/healthz")
@open_to_anyone("it tells how the site is, and nothing of what is in it")
def show() -> Response:
    """200 and "ok" where everything works; 503 and "degraded" otherwise, with what does not.

    A timed backup that has failed, and letters that have waited for an hour, are 200 and "attention": the site works,
    and whoever restarts or bypasses it for their sake would only make it worse; but somebody has to look.
    ``problems`` counts the files that somebody has to mend; the site works with them.
    ``behind`` is the number of revisions that the full text does not hold yet, None where it cannot be known.
    """
    looks = {"databases": _databases, "index": _index, "worker": _worker}
    parts = {name: _tried(look) for name, look in looks.items()}
    ok = all(part["ok"] for part in parts.values())
    parts["problems"] = _tried(_problems)
    watched = {"backup": _tried(_backup), "letters": _tried(_letters)}
    well = all(part["ok"] for part in watched.values())
    status = "degraded" if not ok else "ok" if well else "attention"
    response = jsonify(status=status, behind=parts["index"].pop("behind", None), **parts, **watched)
    response.status_code = 200 if ok else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def _tried(look: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return look()
    except Exception as error:
        # Whatever it is, telling it is what this address is for; the details are for the log.
        log.warning("a part of the house is not well", exc_info=True)
        return {"ok": False, "error": type(error).__name__}


def _databases() -> dict[str, Any]:
    with current_app.extensions["databases"].kept_for_reading() as session:
        newest = newest_revision(session)
    return {"ok": True, "revision": newest}


def _index() -> dict[str, Any]:
    index = current_app.extensions["index"]
    rows, words = index.rows_applied(), index.words_applied()
    with current_app.extensions["databases"].kept_for_reading() as session:
        newest = newest_revision(session)
    return {"ok": True, "rows": rows, "words": words, "behind": max(0, newest - min(rows, words))}


def _backup() -> dict[str, Any]:
    return timed.health(current_app.extensions["settings"])


def _letters() -> dict[str, Any]:
    with current_app.extensions["databases"].kept_for_reading() as session:
        return {"ok": not outbox.is_late(session)}


def _problems() -> dict[str, Any]:
    return {"ok": True, "files": len({problem.path for problem in current_app.extensions["index"].problems()})}


def _worker() -> dict[str, Any]:
    try:
        age = max(0.0, time.time() - current_app.extensions["settings"].heartbeat_file.stat().st_mtime)
    except FileNotFoundError:
        return {"ok": False, "heartbeat_seconds": None}
    return {"ok": age <= OLDEST_HEARTBEAT_SECONDS, "heartbeat_seconds": round(age, 1)}
