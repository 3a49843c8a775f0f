"""Sending a report as a browser does, and what is kept of it."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlmodel import col, select
from werkzeug.test import TestResponse

from app.feedback.reports import Report
from tests.cast import Browser
from tests.editing.writing import fields_of

TOLD = {"subject": "fault", "text": "Knappen gör ingenting."}


def send(browser: Browser, address: str = "/rapportera", *, sent_from: str = "127.0.0.1", **typed: str) -> TestResponse:
    """Open the form, fill it in and send it."""
    fields: dict[str, Any] = {**fields_of(browser.get(address)), **TOLD, **typed}
    return browser.post("/rapportera", data=fields, environ_base={"REMOTE_ADDR": sent_from})


def kept(app: Flask) -> list[Report]:
    """The reports that are kept, in the order in which they came."""
    with app.extensions["databases"].kept_for_reading() as session:
        return list(session.exec(select(Report).order_by(col(Report.number))))
