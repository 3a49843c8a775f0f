"""Days, weeks, months, quarters and years as Swedes and programs write them. A period is its first day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from app.measuring.reading.amounts import SPACES
from app.measuring.reading.table import EXCEL_BEGINS
from app.measuring.reading.unclear import MERGED, Unclear

_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_FULL = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)
_MONTH = {name: number for names in (_MONTHS, _FULL) for number, name in enumerate(names, 1)}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_EARLIEST, _LATEST = 1900, 2100
_SERIAL = range(20_000, 80_000)
_HOW = "Skriv datum som 2024-03-31, månad som 2024-03 eller vecka som 2024-V13."


def day(text: str, begins: date = EXCEL_BEGINS) -> date:
    """The day, or the first day of the period. Raises Unclear for what is none, or may be two.

    ``begins``: the day that the table's program counts 0.
    """
    plain = re.sub(rf"[\s{SPACES}]+", " ", text).strip().lower()
    if not plain:
        raise Unclear("Datum saknas.")
    for pattern, read in _FORMS:
        if found := pattern.fullmatch(plain):
            return _within(read(found))
    if re.fullmatch(r"[0-9]{5}(?:[.,][0-9]+)?", plain) and int(plain[:5]) in _SERIAL:
        meant = begins + timedelta(days=int(plain[:5]))
        raise Unclear(f"är ett löpnummer från Excel, kanske {meant}. Visa kolumnen som datum och försök igen.")
    if re.fullmatch(rf"(?:{_NAMES})\.?[- ][0-9]{{2}}", plain):
        raise Unclear(f"kan vara en dag eller ett årtal. {_HOW}")
    if re.fullmatch(r"[0-9]{2}-?[0-9]{2}-?[0-9]{2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}", plain):
        raise Unclear("har årtal med två siffror. Skriv alla fyra, som 2024-03-31.")
    if plain == MERGED:
        raise Unclear("är en del av en sammanslagen cell. Dela upp den i Excel, så att varje rad har sitt datum.")
    raise Unclear(f"är inget datum. {_HOW}")


def _within(found: date) -> date:
    if not _EARLIEST <= found.year <= _LATEST:
        raise Unclear(f"har ett årtal som inte kan stämma. {_HOW}")
    return found


def _date(year: str, month: str | int, number: str | int) -> date:
    try:
        return date(int(year), int(month), int(number))
    except ValueError as error:
        raise Unclear("finns inte i kalendern.") from error


def _ymd(found: re.Match[str]) -> date:
    return _date(found["y"], found["m"], found["d"])


def _dmy_slashed(found: re.Match[str]) -> date:
    """31/1/2024. Where both could be the month, Americans mean another day than Swedes."""
    first, second = int(found["d"]), int(found["m"])
    if first <= 12 and second <= 12 and first != second:
        raise Unclear(f"kan vara den {first}/{second} eller den {second}/{first}. Skriv som 2024-03-31.")
    if second > 12:
        raise Unclear(f"är skrivet med månaden först. {_HOW}")
    return _date(found["y"], second, first)


def _month(found: re.Match[str]) -> date:
    return _date(found["y"], found["m"], 1)


def _named(found: re.Match[str]) -> date:
    return _date(found["y"], _MONTH[found["name"]], found.groupdict().get("d") or 1)


def _week(found: re.Match[str]) -> date:
    try:
        return date.fromisocalendar(int(found["y"]), int(found["w"]), 1)
    except ValueError as error:
        raise Unclear("är en vecka som inte finns det året.") from error


def _quarter(found: re.Match[str]) -> date:
    return _date(found["y"], 3 * int(found["q"]) - 2, 1)


def _year(found: re.Match[str]) -> date:
    return _date(found["y"], 1, 1)


_Y, _M, _D = r"(?P<y>[0-9]{4})", r"(?P<m>[0-9]{1,2})", r"(?P<d>[0-9]{1,2})"
_CLOCK = r"(?:[ t][0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?(?:z|[+-][0-9]{2}:?[0-9]{2})?)?"
_W, _Q = r"(?P<w>[0-9]{1,2})", r"(?P<q>[1-4])"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{_Y}-{_M}-{_D}{_CLOCK}", _ymd),
        (rf"{_Y}/{_M}/{_D}{_CLOCK}", _ymd),
        (rf"{_Y}\.{_M}\.{_D}", _ymd),
        (r"(?P<y>(?:19|20)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})", _ymd),
        (rf"{_D}\.{_M}\.{_Y}", _ymd),
        (rf"{_D}/{_M} {_Y}", _ymd),
        (rf"{_D}[/-]{_M}[/-]{_Y}", _dmy_slashed),
        (rf"(?:den )?{_D}\.?[ -](?P<name>{_NAMES})\.?[ -]{_Y}", _named),
        (rf"(?P<name>{_NAMES})\.?[ -]{_Y}", _named),
        (rf"{_Y}[ -](?P<name>{_NAMES})\.?", _named),
        (rf"{_Y}[-/]{_M}", _month),
        (rf"{_Y}[ -]?(?:v|w|v\.|vecka) ?{_W}", _week),
        (rf"(?:v|w|v\.|vecka) ?{_W},?[ -]{_Y}", _week),
        (rf"{_Y}[ -]?(?:q|k|kv|kv\.|kvartal) ?{_Q}", _quarter),
        (rf"(?:q|k|kv|kv\.|kvartal) ?{_Q},?[ -]{_Y}", _quarter),
        (_Y, _year),
    )
)
