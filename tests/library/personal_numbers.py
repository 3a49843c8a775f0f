"""Numbers that were made up for tests, in the ways people write them, and what only looks like them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from app.library.personal_data.numbers import has_right_check_digit

FIRST, LAST = date(1901, 1, 1), date(2025, 12, 31)


def with_check_digit(nine: str) -> str:
    """Nine digits and the one that checks them."""
    return next(nine + digit for digit in "0123456789" if has_right_check_digit(nine + digit))


def number(chance: random.Random) -> tuple[str, str]:
    """A number that follows the rules: eight digits for the day, and the last four. One in six is for coordination."""
    day = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
    added = 60 if chance.random() < 1 / 6 else 0
    born = f"{day:%Y%m}{day.day + added:02}"
    return born, with_check_digit(f"{born[2:]}{chance.randrange(1, 1000):03}")[6:]


def _full_width(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) for one in text)


# How a number is written, from its eight digits and its last four.
Notation = Callable[[str, str], str]
STOPPED: Mapping[str, Notation] = {
    "twelve with a hyphen": lambda born, last: f"{born}-{last}",
    "ten with a hyphen": lambda born, last: f"{born[2:]}-{last}",
    "twelve in a row": lambda born, last: f"{born}{last}",
    "ten with a plus sign": lambda born, last: f"{born[2:]}+{last}",
    "twelve with a space": lambda born, last: f"{born} {last}",
    "ten with a space": lambda born, last: f"{born[2:]} {last}",
    "an en dash": lambda born, last: f"{born[2:]}–{last}",
    "an en dash with spaces": lambda born, last: f"{born[2:]} – {last}",
    "a minus sign": lambda born, last: f"{born[2:]}−{last}",
    "a hyphen that does not break": lambda born, last: f"{born}\u2011{last}",
    "a space that does not break": lambda born, last: f"{born[2:]}\u00a0{last}",
    "a narrow space": lambda born, last: f"{born}\u202f{last}",
    "a soft hyphen": lambda born, last: f"{born[2:]}\u00ad{last}",
    "a soft hyphen after the hyphen": lambda born, last: f"{born[2:]}-\u00ad{last}",
    "a space without width": lambda born, last: f"{born[2:]}\u200b-{last}",
    "invisible signs all over": lambda born, last: "\u2060".join(f"{born}-{last}"),
    "full width": lambda born, last: _full_width(f"{born}-{last}"),
    "full width in a row": lambda born, last: _full_width(f"{born}{last}"),
    "full width and a space": lambda born, last: f"{_full_width(born[2:])} {last}",
    "spaces around the hyphen": lambda born, last: f"{born[2:]} - {last}",
    "a hyphen at the end of a line": lambda born, last: f"{born[2:]}-\n{last}",
    "the end of a quoted line": lambda born, last: f"{born}-\n> {last}",
    "emphasis": lambda born, last: f"**{born[2:]}**-{last}",
    "an escape": lambda born, last: f"{born[2:]}\\-{last}",
    "a number sign": lambda born, last: f"{born[2:]}&#45;{last}",
    "an entity": lambda born, last: f"{born[2:]}&shy;{last}",
    "tags": lambda born, last: f"<strong>{born}</strong>-<em>{last}</em>",
    "percent signs": lambda born, last: f"{born[2:]}%2D{last}",
    "dashes in the date": lambda born, last: f"{born[:4]}-{born[4:6]}-{born[6:]}-{last}",
    "spaces in the date": lambda born, last: f"{born[:4]} {born[4:6]} {born[6:]}-{last}",
    "an underscore": lambda born, last: f"{born}_{last}",
}
WARNED: Mapping[str, Notation] = {
    "ten in a row": lambda born, last: f"{born[2:]}{last}",
    "ten in full width": lambda born, last: _full_width(f"{born[2:]}{last}"),
    "hidden by letters": lambda born, last: f"{born[2:]}-XXXX",
    "hidden by stars": lambda born, last: f"{born}-****",
    "cells of a table": lambda born, last: f"{born} | {last}",
}

_DAYS = ("januari", "mars", "maj", "augusti", "december")
_PEOPLE = ("klienten", "handläggaren", "enheten", "nämnden", "socialsekreteraren", "brukaren", "vårdnadshavaren")
FRAMES = (
    "Ärendet gäller {}, som bor ensam.",
    "Personnummer: {}",
    "pnr:{}",
    "({})",
    "”{}”",
    "'{}'",
    "- {}\n- nästa punkt\n",
    "1. {}",
    "| Namn | {} |\n|---|---|\n| Antal | 12 |",
    "klient,{},2024-03-20",
    "Den 3 mars kom {}. Beslutet togs dagen efter.",
    "Se {}/{} och {}, {}.",
    "title: Samtal med {}\nowner: sodertalje\n",
    "<td>{}</td>",
    "https://exempel.example/sok?q={}&sida=2",
    "samtal-{}.pdf",
    "Mellan 2019 och 2024 hade {} insatser för 1 234 kr.",
    "{}, 34 år, flyttade 2023.",
    "kl 14.30 ringde {}\noch kl 15 igen.",
)


# Nobody writes an amount so, but a number may be caught between letters.
_BETWEEN_LETTERS = "a{}b"


def running_text(chance: random.Random, written: str, frames: Sequence[str] = (*FRAMES, _BETWEEN_LETTERS)) -> str:
    """Some Swedish with a number in it, or with what looks like one."""
    before = f"I {chance.choice(_DAYS)} {chance.randrange(1990, 2026)} träffade {chance.choice(_PEOPLE)} familjen. "
    after = f" Därefter fick {chance.choice(_PEOPLE)} {chance.randrange(2, 60)} dagar på sig."
    return before + chance.choice(frames).replace("{}", written) + after


# ---- What is no number ----


def _digits(chance: random.Random, many: int, first: str = "123456789") -> str:
    return chance.choice(first) + "".join(chance.choice("0123456789") for _ in range(many - 1))


def _day(chance: random.Random, form: str) -> str:
    day = date(1995, 1, 1) + timedelta(days=chance.randrange(13_000))
    return day.strftime(form).replace(" 0", " ")


def _clock(chance: random.Random, sign: str = ".") -> str:
    return f"{chance.randrange(24):02}{sign}{chance.randrange(60):02}"


def _grouped(chance: random.Random, sign: str = " ") -> str:
    return f"{chance.randrange(10, 10 ** chance.randrange(2, 11)):,}".replace(",", sign)


def _organisation_number(chance: random.Random) -> str:
    return with_check_digit(
        f"{chance.choice('25789')}{_digits(chance, 1)}{chance.randrange(20, 100)}{_digits(chance, 5)}"
    )


def _in_fours(digits: str) -> str:
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


Made = Callable[[random.Random], str]
OTHERS: Mapping[str, Made] = {
    "a date": lambda c: _day(c, c.choice(("%Y-%m-%d", "%Y%m%d", "%y%m%d", "%d/%m %Y", "%Y.%m.%d", "%y-%m-%d"))),
    "a date and a time": lambda c: (
        f"{_day(c, '%Y-%m-%d')} {c.choice(('kl. ', '', ''))}{_clock(c, c.choice(('.', ':', '')))}"
    ),
    "a moment": lambda c: f"{_day(c, '%Y%m%dT')}{_clock(c, '')}{c.randrange(60):02}Z",
    "a moment in a row": lambda c: f"{_day(c, '%Y%m%d')}{_clock(c, '')}{c.randrange(60):02}",
    "a time": lambda c: f"kl {_clock(c)}–{_clock(c)}",
    "times without signs": lambda c: f"{_day(c, '%Y-%m-%d')} {_clock(c, '')}-{_clock(c, '')}",
    "a range of years": lambda c: f"{c.randrange(1950, 2030)}{c.choice('-–')}{c.randrange(1950, 2030)}",
    "a range of days": lambda c: f"{_day(c, '%Y-%m-%d')}{c.choice(('–', '-', ' – ', ' - '))}{_day(c, '%Y-%m-%d')}",
    "a range of days in a row": lambda c: f"{_day(c, '%Y%m%d')}-{_day(c, '%Y%m%d')}",
    "a range of short days": lambda c: f"{_day(c, '%y%m%d')}–{_day(c, '%y%m%d')}",
    "a day to a year": lambda c: f"{_day(c, '%Y-%m-%d')}–{c.randrange(1950, 2030)}",
    "pages": lambda c: f"s. {c.randrange(1, 900)}–{c.randrange(1, 900)}",
    "a mobile telephone": lambda c: (
        f"07{c.choice('02369')}{c.choice(('-', ' ', ''))}{_digits(c, 3)} {_digits(c, 2)} {_digits(c, 2)}"
    ),
    "a mobile telephone in a row": lambda c: f"07{c.choice('02369')}{c.choice(('-', ''))}{_digits(c, 7)}",
    "a telephone in Stockholm": lambda c: (
        f"08{c.choice('- ')}{_digits(c, 2)} {_digits(c, 2)} {_digits(c, 2)} {_digits(c, 2)}"
    ),
    "a telephone elsewhere": lambda c: f"0{_digits(c, 3)}-{_digits(c, 3)} {_digits(c, 2)}",
    "a telephone from abroad": lambda c: (
        f"+46{c.choice((' ', '', ' (0)'))}{_digits(c, 2)} {_digits(c, 3)} {_digits(c, 4)}"
    ),
    "an organisation number": lambda c: (lambda ten: f"{ten[:6]}-{ten[6:]}")(_organisation_number(c)),
    "an organisation number with 16": lambda c: f"16{_organisation_number(c)}",
    "a value added tax number": lambda c: f"SE{_organisation_number(c)}01",
    "an amount": lambda c: f"{_grouped(c, c.choice((' ', chr(160), '')))} kr",
    "an amount with decimals": lambda c: f"{_grouped(c)},{_digits(c, 2)} kr",
    "two amounts": lambda c: f"{_grouped(c)}–{_grouped(c)} kronor",
    "a day and an amount": lambda c: f"{_day(c, '%Y-%m-%d')} {_digits(c, 4)} kr",
    "an IBAN": lambda c: _in_fours(f"SE{_digits(c, 22)}"),
    "an IBAN in a row": lambda c: f"SE{_digits(c, 22)}",
    "a card": lambda c: _in_fours(_digits(c, 16)),
    "an account": lambda c: (
        f"{_digits(c, 4)}-{_digits(c, 1)},{_digits(c, 3)} {_digits(c, 3)} {_digits(c, 3)}-{_digits(c, 1)}"
    ),
    "a plusgiro": lambda c: f"{_digits(c, 2)} {_digits(c, 2)} {_digits(c, 2)}-{_digits(c, 1)}",
    "a bankgiro": lambda c: f"{_digits(c, c.choice((3, 4)))}-{_digits(c, 4)}",
    "an invoice": lambda c: f"OCR {_digits(c, c.choice((5, 7, 8, 9, 10, 11, 13, 14, 15, 17)))}",
    "a postcode": lambda c: f"{_digits(c, 3)} {_digits(c, 2)} Södertälje",
    "a law": lambda c: f"SFS {c.randrange(1950, 2026)}:{c.randrange(1, 1999)}",
    "a report": lambda c: f"SOU {c.randrange(1950, 2026)}:{c.randrange(1, 99)}, prop. 2012/13:{c.randrange(1, 200)}",
    "a DOI": lambda c: f"doi:10.{_digits(c, 4)}/j.childyouth.{c.randrange(1990, 2026)}.{_digits(c, 6)}",
    "an ISBN": lambda c: f"978-91-{_digits(c, 4)}-{_digits(c, 3)}-{_digits(c, 1)}",
    "an ISBN in a row": lambda c: f"978{_digits(c, 10)}",
    "an ISSN": lambda c: f"{_digits(c, 4)}-{_digits(c, 4)}",
    "a place on earth": lambda c: f"59.{_digits(c, c.choice((6, 10, 12)))}, 18.{_digits(c, c.choice((6, 10, 12)))}",
    "a place on a map": lambda c: f"N {_digits(c, 7)}, E {_digits(c, 6)}",
    "a matter": lambda c: f"SN {c.randrange(1990, 2026)}/{_digits(c, 5)}",
    "an identity": lambda c: str(uuid.UUID(int=c.getrandbits(128), version=4)),
    "a hash": lambda c: f"{c.getrandbits(256):064x}",
    "an address": lambda c: f"https://exempel.example/nyheter/{_digits(c, c.choice((5, 8, 9, 11, 13, 14)))}",
    "an address of a computer": lambda c: ".".join(str(c.randrange(256)) for _ in range(4)),
    "a version": lambda c: f"{c.randrange(20)}.{c.randrange(200)}.{c.randrange(3000)}",
    "a sum": lambda c: f"{_digits(c, 3)} + {_digits(c, 4)} = {_digits(c, 4)}",
    "a row of a table": lambda c: "| " + " | ".join(_grouped(c) for _ in range(5)) + " |",
    "a share": lambda c: f"{c.randrange(100)},{c.randrange(10)} % ({c.randrange(10**4)} av {c.randrange(10**5)})",
}
