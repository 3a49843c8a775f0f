"""``larnat web``: gunicorn with Lärnät in it, set up from the settings. ``larnat serve`` starts it."""

from __future__ import annotations

import contextlib
import gc
import logging
from socket import SHUT_RDWR, socket
from typing import Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.http import wsgi
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import _DEFER as BESIDE_THE_THREADS
from gunicorn.workers.gthread import TConn, ThreadWorker

from app.cli import patience
from app.config import Settings
from app.watching import counts, lines

log = logging.getLogger(__name__)

# How long a stopping process goes on with the requests that it has begun.
GRACE_SECONDS = 20
# A process that has not been heard of for so long is killed and started anew.
SILENT_SECONDS = 120
# A browser opens connections in advance. One that has said nothing for so long no longer keeps a thread from others.
FIRST_WORD_SECONDS = 0.2


@click.command(help="Webbprocesserna. ”larnat serve” startar dem av sig självt.")
@click.option("--socket", type=int, required=True, metavar="NUMMER", help="Det öppna uttag som de svarar på.")
@click.pass_obj
def web(settings: Settings, socket: int) -> None:
    """Answer requests on a listening socket that this process has inherited, until SIGTERM."""
    WebProcesses(settings, socket).run()


commands = (web,)


class WebProcesses(BaseApplication):  # type: ignore[misc]
    """What gunicorn asks of an application: how it is to be run, and what is to be run in each process."""

    def __init__(self, settings: Settings, socket: int) -> None:
        self.settings = settings
        self.socket = socket
        super().__init__()

    def load_config(self) -> None:
        settings, chosen = self.settings, self.cfg.set
        lines.begin(settings, "web")
        chosen("bind", f"fd://{self.socket}")
        chosen("worker_class", PatientThreads)
        chosen("logger_class", Lines)
        chosen("workers", settings.workers)
        chosen("threads", settings.threads)
        chosen("graceful_timeout", GRACE_SECONDS)
        chosen("timeout", SILENT_SECONDS)
        chosen("control_socket_disable", True)
        # What answers is nobody's business.
        wsgi.SERVER = "larnat"
        for name, limit in patience.limits().items():
            chosen(name, limit)
        chosen("loglevel", "warning" if settings.log_level in ("debug", "info") else settings.log_level)
        if settings.in_memory:
            # The processes tell that they are alive through files: those must not wait for a full or slow disk.
            chosen("worker_tmp_dir", str(settings.in_memory))
        if settings.metrics:
            chosen("raw_env", [f"{counts.FOLDER_VARIABLE}={settings.counts_folder}"])
            chosen("child_exit", self._add_up)

    def load(self) -> Any:
        """The application, in one process. Nothing is opened before the fork."""
        from app import create_app

        if self.settings.metrics:
            counts.begin()
        app = create_app(self.settings)
        # What has been made by now is never garbage. To look through it for some takes as long as many searches.
        gc.collect()
        gc.freeze()
        return app

    def _add_up(self, _arbiter: Arbiter, worker: ThreadWorker) -> None:
        counts.add_up(self.settings.counts_folder, worker.pid)


class PatientThreads(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threads, with patience for requests that have begun, and little for connections that are silent.

    Gunicorn gives a new connection a thread for five seconds, whether or not anything comes: eight silent ones, and
    nobody else is answered for as long, and a single one holds up a stop. Here it waits beside the threads after a
    moment.
    """

    def handle(self, conn: TConn) -> Any:
        """Answer a request, or let the connection wait where none has come. Runs in a thread."""
        if not isinstance(conn.sock, patience.Unhurried):
            conn.sock = patience.Unhurried(conn.sock)
        conn.sock.begin()
        if conn.initialized or conn.wait_for_data(FIRST_WORD_SECONDS):
            return super().handle(conn)
        if self.alive:
            return BESIDE_THE_THREADS
        # Gunicorn would wait for the browser to close it as well, and for each in turn.
        with contextlib.suppress(OSError):
            conn.sock.shutdown(SHUT_RDWR)
        return False

    def handle_error(self, req: Any, client: socket, addr: Any, exc: BaseException) -> None:
        """Answer what is no request. Gunicorn would say in English what is wrong with it, and note whose it was."""
        if isinstance(exc, ParseException):
            log.info("not a request")
        else:
            log.error("gunicorn could not answer a request", exc_info=exc)
        with contextlib.suppress(OSError):
            client.sendall(patience.refusal(exc))


class Lines(Logger):  # type: ignore[misc]
    """Gunicorn's own words, as lines like all others."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
