"""The texts themselves. RUN stands for a call that tells that it was run, OUT for a host that nobody may ask.

Each text has a number, which stands in its calls and its addresses: whatever happens says which text did it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.hostile_texts import by_html, by_markdown

FIRST = 1000
# What a text that has become more than text leaves in a tag, a name or an address.
MARK = re.compile(r"ran\((\d{4})\)|ond(\d{4})\.example")


@dataclass(frozen=True)
class Text:
    """One text: its number, what it tries, and what is written."""

    number: int
    family: str
    written: str

    def __str__(self) -> str:
        return f"{self.family}-{self.number}"

    @property
    def on_one_line(self) -> str:
        """As it is written in a field that has one line."""
        return " ".join(self.written.split())

    @property
    def can_be_filed(self) -> bool:
        """Whether a file may hold it: without NUL, half characters and other signs that are none."""
        return _NO_SIGN.search(self.written) is None


_NO_SIGN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _all() -> tuple[Text, ...]:
    written = [
        (family, text)
        for families in (by_html.FAMILIES, by_markdown.FAMILIES)
        for family, texts in families
        for text in texts
    ]
    return tuple(
        Text(number, family, text.replace("RUN", f"ran({number})").replace("OUT", f"//ond{number}.example"))
        for number, (family, text) in enumerate(written, start=FIRST)
    )


TEXTS = _all()
FILED = tuple(text for text in TEXTS if text.can_be_filed)


def culprit(seen: str) -> str:
    """Which text left its mark in what was seen."""
    found = MARK.search(seen)
    number = int(found[1] or found[2]) if found else 0
    return next((f"{text}: {text.written!r}" for text in TEXTS if text.number == number), "")
