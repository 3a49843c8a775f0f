"""Who guesses is slowed down, over several workers, and cannot lock anybody else out."""

from __future__ import annotations

import multiprocessing
import re
from concurrent.futures import ProcessPoolExecutor

import pytest
from flask import Flask
from sqlmodel import select

from app import create_app
from app.accounts import known_browsers, people
from app.accounts.slowing import TIMES_MORE, Attempt, Slowing
from app.accounts.tries import LONGEST_PAUSE_SECONDS, LONGEST_WINDOW_SECONDS, SignInTry, TooManyTries, Tries
from app.audit.origin import network_of
from app.config import Settings
from app.database import Databases
from tests.cast import COLLEAGUE, EDITOR, PASSWORD, Browser, browser

HERE, THERE = "192.0.2.1", "198.51.100.1"
HOUR = 3600.0


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def slowing(clock: list[float]) -> Slowing:
    return Slowing(Tries("known to every test", now=lambda: clock[0]), 3)


def begins(slowing: Slowing, databases: Databases, attempt: Attempt) -> float:
    """How long somebody has to wait before they may try; 0 where they may at once, and have then done so."""
    try:
        with databases.kept() as session:
            slowing.begin(session, attempt)
    except TooManyTries as limit:
        return limit.until - slowing.tries.now()
    return 0.0


def test_who_guesses_waits_longer_and_longer(slowing: Slowing, databases: Databases, clock: list[float]) -> None:
    waits = []
    for _ in range(12):
        wait = begins(slowing, databases, Attempt("anna", HERE))
        waits.append(wait)
        clock[0] += wait
        if wait:
            assert begins(slowing, databases, Attempt("anna", HERE)) == 0.0
    assert waits[:3] == [0.0, 0.0, 0.0]
    assert waits[3:10] == [10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0]
    assert max(waits) <= LONGEST_PAUSE_SECONDS


def test_a_stranger_elsewhere_locks_nobody_out(slowing: Slowing, databases: Databases) -> None:
    while not begins(slowing, databases, Attempt("anna", HERE)):
        pass
    assert begins(slowing, databases, Attempt("anna", THERE)) == 0.0
    assert begins(slowing, databases, Attempt("bo", HERE)) == 0.0


def test_another_address_in_the_same_network_is_the_same_stranger(slowing: Slowing, databases: Databases) -> None:
    for address in ("192.0.2.1", "192.0.2.77", "::ffff:192.0.2.9"):
        assert begins(slowing, databases, Attempt("anna", address)) == 0.0
    assert begins(slowing, databases, Attempt("anna", "192.0.2.200")) > 0.0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2ff:3::4", "2001:db8:1:200::/56"),
        ("2001:db8:1:201::1", "2001:db8:1:200::/56"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_network_is_what_one_customer_usually_has(address: str, network: str) -> None:
    assert network_of(address) == network


def test_who_tries_many_accounts_from_one_network_is_stopped(slowing: Slowing, databases: Databases) -> None:
    most = slowing.most * TIMES_MORE
    assert all(begins(slowing, databases, Attempt(f"{number}", HERE)) == 0.0 for number in range(most))
    assert begins(slowing, databases, Attempt("anna", HERE)) > 0.0
    assert begins(slowing, databases, Attempt("anna", THERE)) == 0.0


def test_who_tries_one_account_from_many_networks_is_stopped_for_a_day(
    slowing: Slowing, databases: Databases, clock: list[float]
) -> None:
    most = slowing.most * TIMES_MORE
    for number in range(most):
        assert begins(slowing, databases, Attempt("anna", f"10.0.{number}.1")) == 0.0
        clock[0] += 60.0
    assert begins(slowing, databases, Attempt("anna", THERE)) > HOUR
    assert begins(slowing, databases, Attempt("bo", THERE)) == 0.0
    known = Attempt("anna", THERE, browser="marked")
    assert begins(slowing, databases, known) == 0.0, "who has been here before is not locked out"
    clock[0] += LONGEST_WINDOW_SECONDS
    assert begins(slowing, databases, Attempt("anna", THERE)) == 0.0


def test_a_known_browser_that_guesses_waits_as_well(slowing: Slowing, databases: Databases) -> None:
    known = Attempt("anna", HERE, browser="marked")
    assert [begins(slowing, databases, known) for _ in range(4)] == [0.0, 0.0, 0.0, 10.0]
    assert begins(slowing, databases, Attempt("anna", HERE, browser="another")) == 0.0
    assert begins(slowing, databases, Attempt("anna", HERE)) == 0.0


def test_the_right_password_forgets_the_tries_here_and_not_a_guessers_elsewhere(
    slowing: Slowing, databases: Databases
) -> None:
    for _ in range(3):
        begins(slowing, databases, Attempt("anna", THERE))
    for _ in range(3):
        begins(slowing, databases, Attempt("anna", HERE))
    with databases.kept() as session:
        slowing.succeed(session, Attempt("anna", HERE))
    assert begins(slowing, databases, Attempt("anna", HERE)) == 0.0
    assert begins(slowing, databases, Attempt("anna", THERE)) > 0.0


def test_those_who_know_their_passwords_do_not_use_up_what_a_network_has(
    slowing: Slowing, databases: Databases
) -> None:
    for number in range(slowing.most * TIMES_MORE * 2):
        attempt = Attempt(f"{number}", HERE)
        assert begins(slowing, databases, attempt) == 0.0
        with databases.kept() as session:
            slowing.succeed(session, attempt)
    with databases.kept_for_reading() as session:
        assert session.exec(select(SignInTry)).all() == []


# ---- Over HTTP ----


def guess(client: Browser, email: str = EDITOR.email, address: str = HERE, times: int = 1) -> int:
    """Try a wrong password; gives the last answer's status."""
    for _ in range(times):
        answer = client.post(
            "/logga-in", data={"email": email, "password": "fel"}, environ_base={"REMOTE_ADDR": address}
        )
    return answer.status_code


def sign_in(client: Browser, address: str = HERE) -> int:
    data = {"email": EDITOR.email, "password": PASSWORD}
    return client.post("/logga-in", data=data, environ_base={"REMOTE_ADDR": address}).status_code


def test_a_guesser_is_told_to_wait_and_the_owner_of_the_account_signs_in(app: Flask, settings: Settings) -> None:
    guesser = browser(app)
    assert guess(guesser, times=settings.sign_in_tries) == 422
    answer = guesser.post(
        "/logga-in", data={"email": EDITOR.email, "password": PASSWORD}, environ_base={"REMOTE_ADDR": HERE}
    )
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
    assert re.search(r"Vänta (\d|10) sekunder och försök igen", answer.text)
    assert sign_in(browser(app), THERE) == 303


def test_nobodys_address_is_slowed_down_as_somebodys_is(app: Flask, settings: Settings) -> None:
    guesser = browser(app)
    statuses = [guess(guesser, email="ingen@solna.test") for _ in range(settings.sign_in_tries + 1)]
    assert statuses == [422] * settings.sign_in_tries + [429]


def test_a_browser_in_which_one_has_signed_in_before_passes_a_stranger_in_the_same_office(
    app: Flask, settings: Settings
) -> None:
    mine = browser(app, EDITOR)
    mine.post("/logga-ut")
    guess(browser(app), times=settings.sign_in_tries + 1)
    assert sign_in(browser(app)) == 429
    assert sign_in(mine) == 303
    guess(browser(app, COLLEAGUE), times=settings.sign_in_tries + 1)
    other = browser(app, COLLEAGUE)
    assert sign_in(other) == 429, "a browser is known to the accounts that were signed in to in it, and to no other"


def test_where_an_account_is_tried_from_everywhere_the_way_round_is_shown(app: Flask, settings: Settings) -> None:
    mine = browser(app, EDITOR)
    mine.post("/logga-ut")
    for number in range(settings.sign_in_tries * TIMES_MORE):
        guess(browser(app), address=f"10.0.{number}.1")
    answer = browser(app).post("/logga-in", data={"email": EDITOR.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert "välj ett nytt lösenord" in answer.text
    assert sign_in(mine) == 303


def test_the_mark_of_a_browser_cannot_be_made_up_and_says_nothing(app: Flask, settings: Settings) -> None:
    mine = browser(app, EDITOR)
    found = mine.get_cookie("larnat-known")
    assert found
    assert EDITOR.email not in found.value
    mark, _, digest = found.value.partition(".")
    for value in ("", "x", f"{mark}.", f"{mark}.{'0' * 64}", f"{'0' * 32}.{digest}", f"{mark}.{digest}x", "~" * 5000):
        with app.test_request_context("/", headers={"Cookie": f"larnat-known={value}"}):
            assert known_browsers.mark_of(EDITOR.email, settings) == ""
    with app.test_request_context("/", headers={"Cookie": f"larnat-known={found.value}"}):
        assert known_browsers.mark_of(EDITOR.email, settings) == mark
        assert known_browsers.mark_of(COLLEAGUE.email, settings) == ""


def test_a_shared_browser_is_known_to_the_three_who_signed_in_last(app: Flask, settings: Settings) -> None:
    from tests.cast import ADMIN, READER

    shared = browser(app)
    for role in (EDITOR, COLLEAGUE, READER, ADMIN):
        shared.sign_in(role)
        shared.post("/logga-ut")
    found = shared.get_cookie("larnat-known")
    assert found
    with app.test_request_context("/", headers={"Cookie": f"larnat-known={found.value}"}):
        known = [bool(known_browsers.mark_of(role.email, settings)) for role in (EDITOR, COLLEAGUE, READER, ADMIN)]
    assert known == [False, True, True, True]


def test_the_form_for_a_new_password_is_slowed_down_for_its_own_person_only(
    app: Flask, editor: Browser, settings: Settings
) -> None:
    new = "ett helt nytt lösenord"
    fields = {"password": "fel", "new_password": new, "new_password_again": new}
    statuses = [editor.post("/mitt-konto/losenord", data=fields).status_code for _ in range(settings.sign_in_tries + 1)]
    assert statuses == [422] * settings.sign_in_tries + [429]
    assert browser(app).sign_in(EDITOR).status_code == 303


# ---- Over several workers and a restart ----


def guesses(settings: Settings) -> list[int]:
    """What a worker of its own answers to somebody who guesses."""
    app = create_app(settings)
    statuses = [guess(browser(app)) for _ in range(settings.sign_in_tries)]
    app.extensions["databases"].close()
    return statuses


def test_workers_count_guesses_together_and_a_restart_counts_on(app: Flask, settings: Settings) -> None:
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        statuses = [status for answered in pool.map(guesses, [settings] * 3) for status in answered]
    # On a slow machine some pauses may have passed meanwhile, but no worker begins at nought.
    through = statuses.count(422)
    assert settings.sign_in_tries <= through < 2 * settings.sign_in_tries
    assert statuses.count(429) == len(statuses) - through
    assert 429 in [guess(browser(app)) for _ in range(4)], "whoever is started afterwards has forgotten nothing"


def test_an_account_that_is_erased_leaves_no_count(app: Flask, settings: Settings) -> None:
    for number in range(settings.sign_in_tries * TIMES_MORE):
        guess(browser(app), address=f"10.0.{number}.1")
    with app.extensions["databases"].kept() as session:
        person = people.find(session, EDITOR.email)
        assert person
        Slowing.of(settings).forget(session, person.email)
    assert sign_in(browser(app), THERE) == 303
