"""``larnat serve``: one command that watches over the web's processes and the one worker.

The supervisor holds the listening socket and hands it to ``larnat web``, so that nobody is turned away while one that
died is started again. It loads neither the library nor the index: those live in the processes it starts.
"""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import click

from app.accounts.demo import ACCOUNTS, PASSWORD
from app.cli import CannotStart
from app.config import Settings
from app.watching import counts, lines

log = logging.getLogger(__name__)

# The web's processes end the requests that they have begun within twenty seconds (app.cli.answering).
GRACE_SECONDS = 25
PATIENCE_SECONDS = 60
SHORT_LIFE_SECONDS = 3.0
MOST_SHORT_LIVES = 5
LONGEST_PAUSE_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1


@click.command(help="Starta webbplatsen: webbprocesserna och arbetsprocessen, tills du trycker Ctrl+C.")
@click.pass_obj
def serve(settings: Settings) -> None:
    """Prepare the house, then serve it until told to stop."""
    lines.begin(settings, "supervisor")
    # Until there is something to stop gently, one who is told to stop goes at once, and takes the preparation along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with listening(settings.host, settings.port, OTHER_PORT) as listener, counting(settings):
        prepared = subprocess.run(
            [*LARNAT, "prepare", "--into-log"], check=False, preexec_fn=_die_with_parent(os.getpid())
        )
        if prepared.returncode:
            raise SystemExit(prepared.returncode)
        raise SystemExit(Supervisor(settings, listener).run())


commands = (serve,)

LARNAT = (sys.executable, "-m", "app.cli")
OTHER_PORT = "Kör något annat där, kanske Lärnät självt? Välj en annan port med till exempel PORT=8001."


@contextlib.contextmanager
def listening(host: str, port: int, advice: str) -> Iterator[socket.socket]:
    """A listening socket. Raises CannotStart, with advice what to do, where the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(1024)
        except OSError as error:
            raise CannotStart([f"Det går inte att svara på {host}:{port}: {error.strerror}.", advice]) from error
        yield listener


@contextlib.contextmanager
def counting(settings: Settings) -> Iterator[None]:
    """A place for the web's processes to count in, where somebody wants the counts. Raises CannotStart."""
    if settings.metrics is None:
        yield
        return
    # The worker will answer there; better to know at once that it can.
    with listening(*settings.metrics, "Välj en annan port i LARNAT_METRICS."):
        pass
    try:
        with counts.kept_in(settings.counts_folder):
            yield
    except FileExistsError as error:
        raise CannotStart([f"{settings.counts_folder} finns redan och är någon annans. Ta bort den."]) from error


@dataclass
class Child:
    """A process that shall always be there."""

    name: str
    command: Sequence[str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    short_lives: int = 0
    start_at: float = 0.0

    def start(self) -> None:
        # In a process group of its own: Ctrl+C reaches the supervisor alone, which stops each child once and gently.
        self.process = subprocess.Popen(
            self.command, pass_fds=self.pass_fds, process_group=0, preexec_fn=_die_with_parent(os.getpid())
        )
        self.started = time.monotonic()

    def exit_code(self) -> int | None:
        """The code of a process that has ended (negative: the signal that killed it); None while it runs."""
        return self.process.poll() if self.process else None

    def plan_restart(self, code: int) -> None:
        """Note that the process has ended and when to start it again: at once, but slower if it fails at its start."""
        now, self.process = time.monotonic(), None
        failed_at_once = code > 0 and now - self.started < SHORT_LIFE_SECONDS
        self.short_lives = self.short_lives + 1 if failed_at_once else 0
        pause = min(LONGEST_PAUSE_SECONDS, 0.5 * 2**self.short_lives) if self.short_lives else 0.0
        self.start_at = now + pause


@dataclass
class Supervisor:
    """Keeps the children alive until it is told to stop, and stops them gently then."""

    settings: Settings
    listener: socket.socket
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def run(self) -> int:
        """Serve until SIGTERM, SIGINT or SIGHUP. Gives the exit code: 0, or 1 where a child cannot be kept alive."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        listener = self.listener.fileno()
        self.children = [
            Child("web", (*LARNAT, "web", "--socket", str(listener)), pass_fds=(listener,)),
            Child("work", (*LARNAT, "work")),
        ]
        welcomed, deadline = False, time.monotonic() + PATIENCE_SECONDS
        try:
            while not self.stopping:
                if not self._keep_alive():
                    return 1
                if not welcomed and (healthy(self.settings) or time.monotonic() > deadline):
                    welcomed = True
                    welcome(self.settings)
                time.sleep(0.2)
        finally:
            tell("Lärnät stannar. Det som har börjat besvaras först.")
            log.info("Lärnät stannar")
            self._stop_children()
            log.info("Lärnät har stannat")
            tell("Lärnät har stannat.")
        return 0

    def _keep_alive(self) -> bool:
        """Start what is not running. False where a child fails again and again at its start."""
        for child in self.children:
            if (code := child.exit_code()) is not None:
                told = {"child": child.name, "code": code}
                child.plan_restart(code)
                if child.short_lives >= MOST_SHORT_LIVES:
                    log.critical("en process går inte att starta; Lärnät stannar", extra=told)
                    return False
                log.warning("en process avslutades och startas igen", extra=told)
            if child.process is None and time.monotonic() >= child.start_at:
                child.start()
        return True

    def _stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _stop_children(self) -> None:
        running = [child.process for child in self.children if child.process]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def healthy(settings: Settings) -> bool:
    """Whether /healthz answers that all is well."""
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=5)
    try:
        # It may listen to more addresses than it answers to.
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def welcome(settings: Settings) -> None:
    """Say where the site is and, in the demo, as whom one can try it."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{settings.port}"
    if lines.are_json():
        log.info("Lärnät finns på nätet", extra={"address": address})
        return
    click.echo(f"\nLärnät finns på {address}  (avsluta med Ctrl+C)")
    if settings.mode == "demo":
        click.echo(f"\nDemokonton, alla med lösenordet: {PASSWORD}")
        for account in ACCOUNTS:
            click.echo(f"  {account.email:<32} {account.words}")
    click.echo("")
    sys.stdout.flush()


def tell(words: str) -> None:
    """Say something to whoever sits at the terminal; where nobody does, the log has said it."""
    if lines.are_json():
        return
    # Somebody who closed the terminal hears nothing, and is no reason not to stop gently.
    with contextlib.suppress(OSError):
        click.echo(words, err=True)


def _die_with_parent(parent: int) -> Callable[[], None] | None:
    """What a child does before it begins: ask Linux to end it, gently, if the supervisor is killed."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel
