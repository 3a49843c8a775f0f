"""Writing in the audit log: in the transaction of a deed, or of what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypedDict, Unpack

from flask import Flask, current_app, g, has_app_context, has_request_context, request
from sqlmodel import Session

from app.audit import chain
from app.audit.crowd import Crowd
from app.audit.deeds import WITH_ORIGIN, Deed
from app.audit.origin import origin_of
from app.config import Settings
from app.database import Databases
from app.library.visibility import Viewer
from app.library.vocabulary import Words


class Actor(Words):
    """What did something."""

    PERSON = "person", "en person"
    NOBODY = "nobody", "någon som inte är inloggad"
    COMMAND = "command", "kommandoraden"
    WORKER = "worker", "arbetsprocessen"
    OUTSIDE = "outside", "någon utanför Lärnät"
    ISSUER = "issuer", "en utfärdare av inloggningar"


class About(TypedDict, total=False):
    """What a row is about; see ``AuditRow``."""

    person: str
    document: str
    organisation: str
    network: str
    thing: str
    was: str
    became: str
    times: int


# What this process does where no request is answered.
_process = Actor.COMMAND


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Let what this process does by itself be told of as done by the worker."""
    global _process
    before, _process = _process, actor
    try:
        yield
    finally:
        _process = before


@contextmanager
def answering_for(actor: Actor) -> Iterator[None]:
    """Let what this request does be told of as done by somebody else than who is looking."""
    g.audit_actor = actor
    try:
        yield
    finally:
        g.pop("audit_actor")


def init_app(app: Flask, settings: Settings, databases: Databases, look: Callable[[], Viewer]) -> None:
    """Let requests write in the log; ``look`` says who is looking."""
    crowd = app.extensions["audit"] = Crowd(databases)
    databases.before_closing(crowd.flush)
    app.extensions["audit_look"] = look
    app.extensions["audit_secret"] = settings.secret_key


def note(session: Session, deed: Deed, by: str | Actor | None = None, **about: Unpack[About]) -> None:
    """Add a row in the session's own transaction. ``by`` is a person's id, where it is not who is signed in."""
    chain.add(session, _row(deed, by, about))


def note_refused(deed: Deed, by: str | Actor | None = None, **about: Unpack[About]) -> None:
    """Tell that something was stopped, where there is an application. Not within a transaction: it has its own."""
    if not has_app_context():
        return
    if has_request_context():
        current_app.extensions["audit_look"]()
    crowd: Crowd = current_app.extensions["audit"]
    crowd.tell(_row(deed, by, about))


def _row(deed: Deed, by: str | Actor | None, about: About) -> dict[str, Any]:
    actor, person = _who(by)
    said = {name: str(value) if name != "times" else value for name, value in about.items()}
    return chain.row_of(deed, actor.value, by_person=person, origin=_origin(deed), **said)


def _who(by: str | Actor | None) -> tuple[Actor, str]:
    if isinstance(by, Actor):
        return by, ""
    if by is None and has_request_context() and "audit_actor" in g:
        return g.audit_actor, ""
    if by is None and has_request_context():
        # Who is looking is not found out here: that may write, and somebody is writing.
        by = g.viewer.person if "viewer" in g else None
        return (Actor.PERSON, by) if by else (Actor.NOBODY, "")
    return (Actor.PERSON, by) if by else (_process, "")


def _origin(deed: Deed) -> str:
    if deed not in WITH_ORIGIN or not has_request_context():
        return ""
    return origin_of(current_app.extensions["audit_secret"], request.remote_addr or "")
