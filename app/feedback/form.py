"""The form of a report: what was typed, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.feedback.reports import SUBJECTS, Told
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
    elif len(told.text) > LONGEST_TEXT:
        yield Mistake("text", f"Texten är {len(told.text)} tecken lång. Korta den till högst {LONGEST_TEXT}.")
    if not is_own_page:
        yield Mistake("page", "Skriv adressen till en sida i Lärnät, som /arbetssatt, eller lämna rutan tom.")
    for field, line in (("page", told.page), ("tools", told.tools), ("email_or_phone", told.email_or_phone)):
        if len(line) > LONGEST_LINE:
            yield Mistake(field, f"Korta det till högst {LONGEST_LINE} tecken.")


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
