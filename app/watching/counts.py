"""What is counted for Prometheus: requests, searches, saves and sign-ins, as numbers without a trace of anybody.

Every web process counts in files of its own, which lie in memory; the worker reads them all together
(``app.work.metrics``). Until ``begin`` is called nothing is counted, and nothing of Prometheus is loaded.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram
    from prometheus_client.core import Metric

# Where prometheus-client looks for the folder of the files; it has to be set before that is imported.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
# The counts of processes that are gone.
_GONE = "gone"
_LOCK = "lock"


class Outcome(StrEnum):
    """How an attempt to save went."""

    SAVED = "saved"
    CONFLICT = "conflict"
    REFUSED = "refused"
    NO_SPACE = "no_space"
    FAILED = "failed"


class SignIn(StrEnum):
    """How an attempt to sign in went."""

    OK = "ok"
    WRONG = "wrong"
    TOO_MANY = "too_many"
    ISSUER_REFUSED = "issuer_refused"
    ISSUER_AWAY = "issuer_away"


@dataclass(frozen=True)
class _Counts:
    requests: Counter
    seconds: Histogram
    searches: Counter
    without_hits: Counter
    saves: Counter
    sign_ins: Counter


_counts: _Counts | None = None


def begin() -> None:
    """Count in this process from now on; the folder of the files stands in the environment."""
    from prometheus_client import CollectorRegistry, Counter, Histogram

    global _counts
    here = CollectorRegistry()
    labels = ("route", "method", "status")
    _counts = _Counts(
        Counter("larnat_requests", "Besvarade förfrågningar", labels, registry=here),
        Histogram("larnat_request_seconds", "Tid till svar", ("route",), registry=here, buckets=BUCKETS),
        Counter("larnat_searches", "Sökningar", registry=here),
        Counter("larnat_searches_without_hits", "Sökningar utan träff", registry=here),
        Counter("larnat_saves", "Försök att spara", ("outcome",), registry=here),
        Counter("larnat_sign_ins", "Försök att logga in", ("outcome",), registry=here),
    )
    # From the beginning: a count that appears only with the first failure has no increase to warn of.
    for outcome in Outcome:
        _counts.saves.labels(outcome.value)
    for sign_in in SignIn:
        _counts.sign_ins.labels(sign_in.value)


def answered(route: str, method: str, status: int, seconds: float) -> None:
    """A request has been answered. ``route`` is the pattern of the address, so that there are only so many."""
    if _counts is not None:
        _counts.requests.labels(route, method, f"{status // 100}xx").inc()
        _counts.seconds.labels(route).observe(seconds)


def searched(total: int) -> None:
    """Somebody has searched, and so many documents were found."""
    if _counts is not None:
        _counts.searches.inc()
        if not total:
            _counts.without_hits.inc()


def saving(outcome: Outcome) -> None:
    """Somebody has tried to save something."""
    if _counts is not None:
        _counts.saves.labels(outcome.value).inc()


def signing_in(outcome: SignIn) -> None:
    """Somebody has tried to sign in."""
    if _counts is not None:
        _counts.sign_ins.labels(outcome.value).inc()


# ---- The files in which processes count ----


@contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """An empty folder for the counts of one run, which only its owner may read; gone afterwards.

    Raises FileExistsError where somebody else has made one there.
    """
    _remove(folder)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    try:
        ours = folder.lstat().st_uid == os.getuid()
    except FileNotFoundError:
        return
    if ours and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)


def gather(folder: Path) -> Iterable[Metric]:
    """What all processes of a run have counted together, those that are gone among them."""
    from prometheus_client.multiprocess import MultiProcessCollector

    with _nobody_else(folder):
        found: Iterable[Metric] = MultiProcessCollector(None, str(folder)).collect()
    return found


def add_up(folder: Path, process: int) -> None:
    """Put the counts of a process that is gone with those of all that went before it, so that no files pile up."""
    from prometheus_client.mmap_dict import MmapedDict

    with _nobody_else(folder):
        for file in folder.glob(f"*_{process}.db"):
            together = MmapedDict(str(file.with_name(f"{file.name.partition('_')[0]}_{_GONE}.db")))
            for key, value, _, _ in MmapedDict.read_all_values_from_file(str(file)):
                together.write_value(key, together.read_value(key)[0] + value, 0.0)
            together.close()
            file.unlink()


@contextmanager
def _nobody_else(folder: Path) -> Iterator[None]:
    """So that nothing is counted twice, or not at all, by somebody who reads while counts are added up."""
    with (folder / _LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
