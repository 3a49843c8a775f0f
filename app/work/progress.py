"""A progress bar with an estimate for those who watch, and a line now and then for a log."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from app.watching import lines

log = logging.getLogger(__name__)

WIDTH = 30
# An estimate from the first moments would only mislead.
FIRST_ESTIMATE_SECONDS = 2.0
# Long enough to rub out the longest estimate that may stand there.
_BLANK = " " * 12


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Gives a function to call with (done, total); draws the bar on a terminal, every fourth elsewhere."""
    began = time.monotonic()
    on_terminal = sys.stderr.isatty()
    shown = ""
    unended = False

    def show(done: int, total: int) -> None:
        nonlocal shown, unended
        if not total:
            return
        percent = 100 * done // total
        step = percent if on_terminal else percent - percent % 25
        left = estimate(time.monotonic() - began, done, total) if on_terminal else ""
        if f"{step}{left}" == shown or (not on_terminal and not step):
            return
        shown = f"{step}{left}"
        full = WIDTH * percent // 100
        if lines.are_json():
            log.info("on the way", extra={"doing": what, "percent": percent})
            return
        line = f"{what}: [{'#' * full}{'.' * (WIDTH - full)}] {percent} %{left}"
        # At the end the line is ended at once: another bar may follow.
        unended = on_terminal and done < total
        click.echo(f"\r{line}{_BLANK}" if on_terminal else line, err=True, nl=not unended)

    yield show
    if unended:
        click.echo("", err=True)


def estimate(passed: float, done: int, total: int) -> str:
    """How long it will take yet, in words; empty while nobody can know, and at the end."""
    if passed < FIRST_ESTIMATE_SECONDS or not 0 < done < total:
        return ""
    left = passed * (total - done) / done
    return f", {left / 60:.0f} min kvar" if left >= 90 else f", {max(1, round(left))} s kvar"
