"""How dates, times, numbers and the words of closed lists are written on the screen."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime

from flask import Flask

from app.library.fields import MONTHS, NOT_STATED, PartialDate, Quantity, number_words
from app.library.pace import SWEDEN
from app.library.vocabulary import Words


def in_sweden(moment: datetime) -> datetime:
    """The moment by Swedish clocks. One without a zone is taken as UTC, as the databases store it."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(SWEDEN)


def day(value: date | datetime | PartialDate | None) -> str:
    """A date in words: "25 juni 2013", "3 februari, år framgår inte"; "framgår inte" for None."""
    if value is None:
        return NOT_STATED
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, datetime):
        value = in_sweden(value).date()
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """A date with the time of day: "25 juni 2013 kl. 14.05"."""
    local = in_sweden(value)
    return f"{day(local)} kl. {clock(local)}"


def today() -> date:
    """The day by Swedish calendars."""
    return in_sweden(datetime.now(UTC)).date()


def lately(value: datetime, now: datetime | None = None) -> str:
    """A moment as people say it of today and yesterday: "i dag 14.02", "i går 9.30"; before that the date alone."""
    local, today = in_sweden(value), in_sweden(now or datetime.now(UTC)).date()
    near = {0: "i dag", 1: "i går"}.get((today - local.date()).days)
    return f"{near} {local.hour}.{local:%M}" if near else day(local)


def day_lately(value: date | None) -> str:
    """A day as people say it: "i dag", "i går", else the date; "framgår inte" for None."""
    return {0: "i dag", 1: "i går"}.get((today() - value).days, day(value)) if value else NOT_STATED


def clock(value: datetime) -> str:
    """A time of day by Swedish clocks: "14.05"."""
    local = in_sweden(value)
    return f"{local:%H.%M}"


def count(number: float | Quantity | None, one: str = "", many: str = "") -> str:
    """A number as Swedish prints it, with its noun: ``3|antal("träff", "träffar")`` gives "3 träffar"."""
    if number is None:
        return NOT_STATED
    if isinstance(number, Quantity):
        amount, single = number.words, number.number == 1
    else:
        amount, single = number_words(number), number == 1
    noun = one if single else many
    return f"{amount} {noun}" if noun else amount


def swedish(value: Words | str | None) -> str:
    """The Swedish word of a closed list's member; text as it is; "" for None."""
    if value is None:
        return ""
    return value.swedish if isinstance(value, Words) else str(value)


def capital(text: str) -> str:
    """The text with a capital first letter, and the rest as it was."""
    return text[:1].upper() + text[1:]


def as_id(text: str) -> str:
    """A value as a part of an element's id, which htmx sends as a header: as it is, or else what stands for it."""
    plain = re.fullmatch(r"[\w-]+", text, re.ASCII)
    return text if plain else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def init_app(app: Flask) -> None:
    """Give the templates these words as filters."""
    app.jinja_env.globals["today"] = today
    app.jinja_env.filters.update(
        dag=day,
        tid=moment,
        nyligen=lately,
        nyss=day_lately,
        klockslag=clock,
        antal=count,
        swedish=swedish,
        stor=capital,
        som_id=as_id,
    )
