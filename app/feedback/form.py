"""The form of a report: what was typed, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.audit import Deed, note_refused
from app.feedback.reports import SUBJECTS, Told
from app.library.personal_data import stops
from app.web.forms.values import only_text
from app.web.security import own_address

LONGEST_TEXT, LONGEST_NOTE, LONGEST_LINE = 5_000, 5_000, 500
# Signs that nobody sees and that turn the direction of what stands around them.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Mistake:
    """Something in the form that has to be put right. ``target`` leads to its box."""

    field: str
    message: str

    @property
    def target(self) -> str:
        return f"#{self.field}"


def read(fields: Mapping[str, str], host: str) -> tuple[Told, list[Mistake]]:
    """What was typed, and what has to be put right before it can be sent. ``host`` is where this site is."""
    page = one_line(fields.get("page", ""))
    told = Told(
        subject=fields.get("subject", ""),
        text=many_lines(fields.get("text", "")),
        page=page if (own := path_of(page, host)) is None else own,
        tools=one_line(fields.get("tools", "")),
        email_or_phone=one_line(fields.get("email_or_phone", "")),
    )
    return told, list(_mistakes(told, own is not None))


def _mistakes(told: Told, is_own_page: bool) -> Iterator[Mistake]:
    if told.subject not in SUBJECTS:
        yield Mistake("subject", "Välj vad det gäller.")
    if not told.text:
        yield Mistake("text", "Skriv vad som hände.")
    elif wrong := wrong_with(told.text, LONGEST_TEXT):
        yield Mistake("text", wrong)
    if not is_own_page:
        yield Mistake("page", "Skriv adressen till en sida i Lärnät, som /arbetssatt, eller lämna rutan tom.")
    for field, line in (("page", told.page), ("tools", told.tools)):
        if wrong := wrong_with(line, LONGEST_LINE):
            yield Mistake(field, wrong)
    # Not looked through for personal numbers: a telephone number may be written like one.
    if len(told.email_or_phone) > LONGEST_LINE:
        yield Mistake("email_or_phone", too_long(told.email_or_phone, LONGEST_LINE))


def wrong_with(text: str, longest: int) -> str:
    """Why a text cannot be kept: it is too long, or holds what must not be stored; "" where it can."""
    if len(text) > longest:
        return too_long(text, longest)
    numbers = stops(text)
    if numbers:
        note_refused(Deed.NUMBER_IN_FORM, thing="feedback")
    return f"Här ser det ut att stå ett personnummer ({numbers[0].masked}). Ta bort det." if numbers else ""


def too_long(text: str, longest: int) -> str:
    return f"Det är {len(text)} tecken långt. Korta det till högst {longest}."


def path_of(address: str, host: str) -> str | None:
    """The address of a page of this site, without https:// and the host before it; None for any other address."""
    for scheme in ("http://", "https://"):
        if address.startswith((f"{scheme}{host}/", f"{scheme}{host}?")) or address == scheme + host:
            address = address.removeprefix(scheme + host) or "/"
    own = own_address(address) if address else ""
    return None if own == "/" and address != "/" else own


def one_line(typed: str) -> str:
    """What was typed in one line, with single spaces."""
    return " ".join(many_lines(typed).split())


def many_lines(typed: str) -> str:
    """What was typed, without what nobody sees."""
    return _TURNING.sub("", only_text(typed)).strip()
