"""Numbers as people and spreadsheets write them. What may be two numbers is asked about; nothing is guessed."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

from app.measuring.points import LARGEST
from app.measuring.reading.unclear import MERGED, Ambiguous, Unclear


class DecimalMark(StrEnum):
    """What stands before the decimals. Chosen by whoever is asked what "1,234" means."""

    COMMA = "comma"
    POINT = "point"


# The spaces that stand between thousands: ordinary, no-break, narrow no-break, thin, figure.
SPACES = " \u00a0\u202f\u2009\u2007"
_LONGEST = 40
_WHOLE = re.compile(r"[0-9]+")
_SPACED = re.compile(rf"[0-9]{{1,3}}(?:[{SPACES}][0-9]{{3}})+")
_SPACED_DECIMALS = re.compile(rf"([0-9]{{1,3}}(?:[{SPACES}][0-9]{{3}})+)([.,])([0-9]+)")
_ONE_MARK = re.compile(r"([0-9]*)([.,])([0-9]+)")
_TWO_MARKS = re.compile(r"([0-9]{1,3}(?:([.,])[0-9]{3})+)(?!\2)([.,])([0-9]+)")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})+")
_THREE = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


def amount(text: str, mark: DecimalMark | None = None, *, point_known: bool = False) -> Decimal | None:
    """The number that the text is; None for no text at all.

    ``mark`` settles what "1,234" and "1.234" mean. ``point_known``: the file parts its columns with commas, so that
    a point is
    the decimal mark. Raises Ambiguous for what may be two numbers, Unclear for what is none.
    """
    plain = text.strip().strip(SPACES)
    if not plain:
        return None
    sign, body = (plain[0], plain[1:]) if plain[0] in "+-\u2212" else ("", plain)
    if len(plain) > _LONGEST:
        raise Unclear("är för långt för att vara ett tal.")
    number = _unsigned(
        body, mark or (DecimalMark.POINT if point_known and "," not in body and body.count(".") == 1 else None)
    )
    if number is None:
        raise Unclear(_why_not(plain))
    if number > LARGEST:
        raise Unclear("är för stort: högst 1 000 000 000 000 000 går att visa rätt.")
    return -number if sign in ("-", "\u2212") else number


def _unsigned(body: str, mark: DecimalMark | None) -> Decimal | None:
    if _WHOLE.fullmatch(body):
        return Decimal(body)
    if _SPACED.fullmatch(body):
        return Decimal(_digits(body))
    if spaced := _SPACED_DECIMALS.fullmatch(body):
        return _decimals(spaced[1], spaced[2], spaced[3], mark)
    if thousands := _THOUSANDS.fullmatch(body):
        return None if mark and thousands[1] == _sign(mark) else Decimal(_digits(body))
    if both := _TWO_MARKS.fullmatch(body):
        return _decimals(both[1], both[3], both[4], mark)
    if one := _ONE_MARK.fullmatch(body):
        return _one_mark(body, one, mark)
    return None


def _one_mark(body: str, one: re.Match[str], mark: DecimalMark | None) -> Decimal | None:
    if mark and one[2] != _sign(mark):
        return Decimal(_digits(body)) if _THREE.fullmatch(body) else None
    if not mark and _THREE.fullmatch(body):
        raise Ambiguous(
            f"kan betyda {one[1]},{one[3]} (decimaler) eller {one[1]} {one[3]} (tusental). Säg vilket: som decimaltal"
            " eller som tusental."
        )
    return Decimal(f"{one[1] or '0'}.{one[3]}")


def _decimals(whole: str, sign: str, decimals: str, mark: DecimalMark | None) -> Decimal | None:
    return None if mark and sign != _sign(mark) else Decimal(f"{_digits(whole)}.{decimals}")


def _sign(mark: DecimalMark) -> str:
    return "," if mark is DecimalMark.COMMA else "."


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


# What says that a number is not exact: of what is counted, so much is not known.
ABOUT = "ca|cirka|c:a|omkring|ungefär|runt|drygt|knappt|nästan|minst|högst|över|under|mer|fler|färre|mindre|upp|mellan"

_REASONS = (
    (
        re.compile(f"{MERGED}$"),
        "är en del av en sammanslagen cell. Dela upp den i Excel, och skriv vad som gäller på varje rad.",
    ),
    (re.compile(r"[=@]"), "är en formel. Klistra in värdet i stället (Klistra in special, Värden)."),
    (re.compile(r"#"), "är ett felmeddelande från kalkylprogrammet."),
    (re.compile(r"[-–—.…]+$"), "kan betyda noll eller att värdet saknas. Skriv 0, eller lämna tomt om det saknas."),
    (
        re.compile(r"[+-]?[0-9.,]+[eE][+-]?[0-9]+$"),
        "är avrundat av kalkylprogrammet. Visa cellen som ett tal och försök igen.",
    ),
    (re.compile(r"[–—]\s*[0-9]"), "börjar med ett tankstreck. Skriv minus med ett bindestreck."),
    (
        re.compile(rf"(?:[<>≤≥~≈±]|(?:{ABOUT})\b)", re.IGNORECASE),
        "är inget exakt tal. Skriv talet om det är känt, eller lämna tomt. Det ungefärliga kan stå i anteckningen.",
    ),
    (
        re.compile(r"[(\[]"),
        "står inom parentes: det kan betyda minus, eller att talet är osäkert. Skriv talet, eller lämna tomt.",
    ),
    (
        re.compile(r"[0-9][0-9 .,]*\s*[(\[±–-]\s*[0-9]"),
        "är två tal. Skriv bara det ena. Det andra kan stå i anteckningen.",
    ),
    (
        re.compile(r"[0-9][0-9 .,]*\s*[*†?!]+$"),
        "har ett märke efter talet. Skriv bara talet. Vad märket betyder kan stå i anteckningen.",
    ),
    (
        re.compile(r"[0-9][0-9 .,]*\s*[^\W\d_]+\.?$"),
        "har ett ord efter talet. Skriv bara talet. Enheten står i måttet.",
    ),
)


def _why_not(text: str) -> str:
    found = next((reason for pattern, reason in _REASONS if pattern.match(text)), None)
    if found:
        return found
    if re.fullmatch(r"[0-9 .,\u00a0\u202f\u2009\u2007']+", text):
        return "går inte att läsa som ett tal. Skriv som 1234,5 eller 1 234,5."
    return "är inget tal. Skriv bara siffror, och lämna tomt om värdet saknas."
