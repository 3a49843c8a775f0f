"""A progress bar for those who watch, and a line now and then for a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

WIDTH = 30


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Gives a function to call with (done, total); draws the bar on a terminal, every tenth elsewhere."""
    shown = -1

    def show(done: int, total: int) -> None:
        nonlocal shown
        percent = 100 * done // total if total else 100
        step = percent if sys.stderr.isatty() else percent - percent % 10
        if step == shown:
            return
        shown = step
        full = WIDTH * percent // 100
        line = f"{what}: [{'#' * full}{'.' * (WIDTH - full)}] {percent} % ({done} av {total})"
        click.echo(f"\r{line}" if sys.stderr.isatty() else line, err=True, nl=not sys.stderr.isatty())

    yield show
    if sys.stderr.isatty() and shown >= 0:
        click.echo("", err=True)
