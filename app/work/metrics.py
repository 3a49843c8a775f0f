"""``/metrics`` for Prometheus, on an address of its own: what the web's processes have counted, and how the house is.

The worker answers it: it knows the databases and the index, there is one of it, and it does not stand on the public
port.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from app.config import Settings
from app.database import Databases
from app.history import newest_revision
from app.index import Index
from app.keeping import timed
from app.mail import outbox
from app.watching import counts
from app.work.memory import memory_of_the_house

if TYPE_CHECKING:
    from prometheus_client.core import Metric

log = logging.getLogger(__name__)


@contextmanager
def told(house: House) -> Iterator[None]:
    """Answer Prometheus in the block, if the settings name an address; one that cannot be had stops no worker."""
    if house.settings.metrics is None:
        yield
        return
    from prometheus_client import CollectorRegistry, start_http_server

    registry = CollectorRegistry()
    registry.register(house)
    address, port = house.settings.metrics
    try:
        server, thread = start_http_server(port, address, registry)
    except OSError:
        log.exception("the address for Prometheus cannot be had")
        yield
        return
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(eq=False)
class House:
    """What is asked for. Prometheus collects it; each part that cannot be told is left out, and the others stand."""

    settings: Settings
    databases: Databases
    index: Index
    # When the worker last came to the end of a turn without a fault, in seconds since 1970.
    turned_at: float = field(default_factory=time.time)

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: what there is to tell depends on what can be read."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Everything, at this moment."""
        if self.settings.counts_folder.is_dir():
            yield from self._tried(lambda: list(counts.gather(self.settings.counts_folder)))
        for part in (self._history, self._index, self._backups, self._letters, self._worker, self._memory):
            yield from self._tried(lambda part=part: list(part()))  # type: ignore[misc]

    @staticmethod
    def _tried(part: Callable[[], list[Metric]]) -> list[Metric]:
        try:
            return part()
        except Exception:
            log.warning("a part of the measures could not be told", exc_info=True)
            return []

    def _history(self) -> Iterator[Metric]:
        yield _gauge("larnat_revision", "Den senaste ändringens nummer", self._newest())

    def _index(self) -> Iterator[Metric]:
        newest = self._newest()
        rows, words = self.index.rows_applied(), self.index.words_applied()
        behind = {"rows": max(0, newest - rows), "words": max(0, newest - words)}
        yield _gauge("larnat_index_behind", "Ändringar som registret inte har hunnit med", behind, "part")
        yield _gauge("larnat_documents", "Filer i registret", len(self.index.known()))
        yield _gauge("larnat_problem_files", "Filer att rätta", len({one.path for one in self.index.problems()}))

    def _backups(self) -> Iterator[Metric]:
        told = timed.health(self.settings)
        yield _gauge("larnat_backup_ok", "1 om säkerhetskopiorna blir gjorda som de ska", int(told["ok"]))
        if told["newest"]:
            at = datetime.fromisoformat(told["newest"]).timestamp()
            yield _gauge("larnat_backup_timestamp_seconds", "När den senaste kopian gjordes", at)

    def _letters(self) -> Iterator[Metric]:
        with self.databases.kept_for_reading() as session:
            waiting, late = len(outbox.listed(session)), outbox.is_late(session)
        yield _gauge("larnat_letters_waiting", "Brev som väntar på att skickas, eller inte gick att skicka", waiting)
        yield _gauge("larnat_letters_late", "1 om ett brev har väntat för länge", int(late))

    def _worker(self) -> Iterator[Metric]:
        yield _gauge("larnat_worker_turn_timestamp_seconds", "Arbetsprocessens senaste varv utan fel", self.turned_at)
        at = self.settings.heartbeat_file.stat().st_mtime
        yield _gauge("larnat_worker_heartbeat_timestamp_seconds", "Arbetsprocessens senaste livstecken", at)

    def _memory(self) -> Iterator[Metric]:
        processes, used = memory_of_the_house(os.getpid())
        yield _gauge("larnat_processes", "Antal processer", processes, "process")
        yield _gauge("larnat_memory_bytes", "Minne, med det som delas utdelat på dem som delar (PSS)", used, "process")

    def _newest(self) -> int:
        with self.databases.kept_for_reading() as session:
            return newest_revision(session)


def _gauge(name: str, words: str, value: float | dict[str, int], label: str = "") -> Metric:
    from prometheus_client.core import GaugeMetricFamily

    if not isinstance(value, dict):
        return GaugeMetricFamily(name, words, value=value)
    gauge = GaugeMetricFamily(name, words, labels=[label])
    for one, number in value.items():
        gauge.add_metric([one], number)
    return gauge
