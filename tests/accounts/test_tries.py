from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pytest

from app.accounts.tries import TIMES_MORE_PER_ADDRESS, WINDOW_SECONDS, TooManyTries, Tries
from app.config import Settings
from app.database import Databases


def attempt(databases: Databases, at: float = 0.0, account: str = "a@b.se", address: str = "192.0.2.1") -> bool:
    """Whether a try at that second is let through."""
    try:
        with databases.kept() as session:
            Tries(3, now=lambda: at).begin(session, account, address)
    except TooManyTries:
        return False
    return True


def test_an_account_is_closed_for_a_while_after_too_many_tries(databases: Databases) -> None:
    assert [attempt(databases, at) for at in (0.0, 1.0, 2.0, 3.0)] == [True, True, True, False]
    assert attempt(databases, 3.0, account="other@b.se")


def test_one_is_told_when_the_next_try_is_allowed(databases: Databases) -> None:
    for at in (5.0, 6.0, 7.0):
        attempt(databases, at)
    with pytest.raises(TooManyTries) as limit, databases.kept() as session:
        Tries(3, now=lambda: 10.0).begin(session, "a@b.se", "192.0.2.1")
    assert limit.value.until == 5.0 + WINDOW_SECONDS
    assert not attempt(databases, limit.value.until - 0.1)
    assert attempt(databases, limit.value.until + 0.1)


def test_an_address_that_tries_many_accounts_is_stopped(databases: Databases) -> None:
    most = 3 * TIMES_MORE_PER_ADDRESS
    assert all(attempt(databases, account=f"{number}@b.se") for number in range(most))
    assert not attempt(databases, account="another@b.se")
    assert attempt(databases, account="another@b.se", address="192.0.2.2")


def test_the_right_password_forgets_the_accounts_tries(databases: Databases) -> None:
    for at in (0.0, 1.0, 2.0):
        attempt(databases, at)
    with databases.kept() as session:
        Tries(3).succeed(session, "a@b.se", "192.0.2.1")
    assert attempt(databases, 3.0)


def _attempts(settings: Settings) -> int:
    databases = Databases(settings)
    through = sum(attempt(databases) for _ in range(5))
    databases.close()
    return through


def test_workers_count_together_and_a_restart_counts_on(settings: Settings, databases: Databases) -> None:
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert sum(pool.map(_attempts, [settings] * 4)) == 3
    assert not attempt(databases)
