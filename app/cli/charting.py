"""``larnat chart``: a chart of a file, as figures, as text or as a picture."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from app.cli import Unfit
from app.measuring.charts import Chart, analyse
from app.measuring.points import Better, ChartType, NotPossible, Options, Phase, exclude
from app.measuring.reading import DecimalMark, Series, Unreadable, read_series
from app.measuring.reading.amounts import amount
from app.measuring.reading.days import day
from app.measuring.reading.table import MOST_BYTES
from app.measuring.reading.unclear import Unclear
from app.measuring.telling import as_json, as_text

# So many bad rows are shown; of more it is said how many there are.
SHOWN = 20


class Day(click.ParamType[date]):
    """A day or period, as it may stand in a file."""

    name = "datum"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else day(value)
        except Unclear as unclear:
            self.fail(f"”{value}” {unclear}", param, ctx)


class Amount(click.ParamType[object]):
    """A number, as it may stand in a file."""

    name = "tal"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        try:
            return amount(value, point_known="," not in value) if isinstance(value, str) else value
        except Unclear as unclear:
            self.fail(f"”{value}” {unclear}", param, ctx)


@click.command(
    help="Gör ett serie- eller styrdiagram av en fil med kolumnerna date och value, eller date, numerator och"
    " denominator (på svenska datum, värde, täljare och nämnare). CSV eller Excel (.xlsx)."
)
@click.argument("file", metavar="FIL", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--type", "kind", required=True, type=click.Choice([str(one) for one in ChartType]), help="Vilket diagram."
)
@click.option("as_data", "--json", is_flag=True, help="Skriv JSON: points, n_useful, longest_run, signal, sentence …")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Skriv bilden i den här filen.")
@click.option("--name", default="", help="Vad som mäts; annars filens namn.")
@click.option("--unit", default="", help="Enhet, till exempel dagar.")
@click.option("--target", type=Amount(), help="Målet. För andelar mellan 0 och 1.")
@click.option("--better", type=click.Choice([str(one) for one in Better]), default="neutral", help="Vad som är bättre.")
@click.option("--freeze", type=int, help="Låt de första så många mätpunkterna ensamma ge linjerna.")
@click.option("--phase", "phases", type=(Day(), str), multiple=True, help="Ny fas: datum och varför.")
@click.option("--exclude", "excluded", type=Day(), multiple=True, help="Undanta mätpunkterna på den dagen.")
@click.option(
    "--screen", is_flag=True, help="Räkna bort ovanligt stora skillnader mellan två värden i följd (i och t)."
)
@click.option("--smallest", type=click.IntRange(0), default=5, help="Minsta grupp som visas; annars 5.")
@click.option(
    "--decimal", "mark", type=click.Choice([str(one) for one in DecimalMark]), help="Vad som står före decimalerna."
)
@click.option("--keep-good", is_flag=True, help="Hoppa över rader som inte går att läsa.")
def chart(
    *,
    file: Path,
    kind: str,
    as_data: bool,
    svg: Path | None,
    keep_good: bool,
    mark: str | None,
    excluded: tuple[date, ...],
    **chosen: object,
) -> None:
    """Read, compute, and show."""
    chosen["name"] = chosen["name"] or file.stem
    try:
        series = _read(file, ChartType(kind), DecimalMark(mark) if mark else None, keep_good=keep_good)
        found = analyse(exclude(series.points, dict.fromkeys(excluded, "")), ChartType(kind), _options(chosen))
    except (Unreadable, NotPossible) as wrong:
        raise Unfit([str(wrong)]) from wrong
    if svg:
        _draw(found, svg)
    for remark in series.remarks:
        click.echo(remark, err=True)
    click.echo(json.dumps(as_json(found), ensure_ascii=False, indent=2) if as_data else as_text(found))


commands = (chart,)


def _read(file: Path, kind: ChartType, mark: DecimalMark | None, *, keep_good: bool) -> Series:
    """The series of a file. Raises Unfit with every bad row, unless the good ones are enough."""
    try:
        with file.open("rb") as opened:
            series = read_series(opened.read(MOST_BYTES + 1), kind, mark=mark)
    except OSError as error:
        raise Unfit([f"{file.name} går inte att läsa ({error.strerror})."]) from error
    if series.faults and not keep_good:
        reasons = [str(fault) for fault in series.faults[:SHOWN]]
        if len(series.faults) > SHOWN:
            reasons.append(f"och {len(series.faults) - SHOWN} rader till.")
        if series.asks:
            reasons.append("Välj --decimal comma (1,234 är drygt ett) eller --decimal point (1,234 är drygt tusen).")
        raise Unfit([*reasons, "Rätta raderna, eller hoppa över dem med --keep-good."])
    for fault in series.faults:
        click.echo(f"Hoppar över: {fault}", err=True)
    return series


def _options(chosen: dict[str, object]) -> Options:
    phases = tuple(Phase(begins, note) for begins, note in chosen.pop("phases"))  # type: ignore[attr-defined]
    screened = bool(chosen.pop("screen"))
    better = Better(str(chosen.pop("better")))
    return Options(phases=phases, screened=screened, better=better, **chosen)  # type: ignore[arg-type]


def _draw(found: Chart, svg: Path) -> None:
    from app.measuring.drawing import standalone

    try:
        svg.write_text(standalone(found), encoding="utf-8")
    except OSError as error:
        raise Unfit([f"{svg.name} går inte att skriva ({error.strerror})."]) from error
