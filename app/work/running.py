"""``larnat work`` and ``larnat rebuild``."""

from __future__ import annotations

import signal

import click

from app.audit import Actor, acting_as
from app.config import Settings
from app.mail.delivering import Deliveries
from app.publishing import current
from app.watching import lines
from app.work.progress import bar
from app.work.worker import Worker


@click.command(help="Arbetsprocessen: håller sökregistret aktuellt. ”larnat serve” startar den av sig självt.")
@click.pass_obj
def work(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    from app import create_app  # the app knows the rooms, so this room meets it only when a command runs

    lines.begin(settings, "work")
    # The parts themselves, not as pages reach them: the worker has threads that answer no request.
    parts = create_app(settings).extensions
    deliveries = Deliveries(settings, parts["databases"], parts["write_letter"])
    worker = Worker(settings, parts["databases"], parts["index"], parts["archive"], deliveries)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop.set())
    with acting_as(Actor.WORKER):
        worker.run()
    parts["databases"].close()


@click.command(help="Bygg om sökregistret från filerna. Webbplatsen går att använda under tiden.")
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Make a new generation beside the living one, and let it take its place."""
    from app import create_app

    with create_app(settings).app_context():
        with bar("Bygger sökregistret") as progress:
            number = current.archive.rebuild(progress)
        problems = current.index.problems()
        for problem in problems:
            click.echo(str(problem), err=True)
        files = len(current.index.known())
        click.echo(f"Klart: {files} filer, {len(problems)} fel, register nummer {number}.")
        current.databases.close()


commands = (work, rebuild)
