"""Sign-ins are kept on the server: an old cookie is dead, and a person sees and ends them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, update
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from app import create_app
from app.accounts import people, sign_ins
from app.accounts.devices import device_words
from app.accounts.sign_ins import NOTED_EVERY, Lifetime
from app.accounts.tables import SignIn
from app.config import Settings
from app.database import now
from tests.cast import COLLEAGUE, EDITOR, PASSWORD, Browser, browser

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


def lasting(app: Flask) -> list[SignIn]:
    with app.extensions["databases"].kept_for_reading() as session:
        return list(session.exec(select(SignIn)))


def set_back(app: Flask, **ago: timedelta) -> None:
    """Let every sign-in have begun, or been used, so long ago."""
    with app.extensions["databases"].kept() as session:
        session.connection().execute(update(SignIn).values({name: now() - back for name, back in ago.items()}))


def cookie_of(client: Browser) -> str:
    cookie = client.get_cookie("larnat")
    assert cookie
    return cookie.value


def with_cookie(app: Flask, value: str) -> Browser:
    """Somebody who has got hold of a cookie."""
    thief = browser(app)
    thief.set_cookie("larnat", value)
    return thief


# ---- An old cookie is dead ----


def test_a_stolen_cookie_is_dead_after_signing_out(app: Flask, editor: Browser) -> None:
    stolen = cookie_of(editor)
    assert with_cookie(app, stolen).get("/mitt-konto").status_code == 200
    editor.post("/logga-ut")
    assert with_cookie(app, stolen).get("/mitt-konto").status_code == 401
    assert lasting(app) == []


def test_a_stolen_cookie_is_dead_after_a_new_password(app: Flask, editor: Browser) -> None:
    stolen = cookie_of(editor)
    new = "ett helt nytt lösenord"
    editor.post("/mitt-konto/losenord", data={"password": PASSWORD, "new_password": new, "new_password_again": new})
    assert with_cookie(app, stolen).get("/mitt-konto").status_code == 401
    assert editor.get("/mitt-konto").status_code == 200


def test_a_cookie_is_dead_after_the_account_was_closed_also_when_it_opens_again(app: Flask, editor: Browser) -> None:
    for active in (False, True):
        with app.extensions["databases"].kept() as session:
            person = people.find(session, EDITOR.email)
            assert person
            people.set_active(session, person, active)
        assert editor.get("/mitt-konto").status_code == 401


def test_every_sign_in_gets_a_word_of_its_own_and_ends_the_one_before(app: Flask, anyone: Browser) -> None:
    words = []
    for role in (EDITOR, COLLEAGUE, COLLEAGUE):
        anyone.sign_in(role)
        with anyone.session_transaction() as session:
            words.append(session["sign_in"])
    assert len(set(words)) == 3
    assert len(lasting(app)) == 1
    with anyone.session_transaction() as session:
        session["sign_in"] = words[0]
    assert anyone.get("/mitt-konto").status_code == 401


def test_what_a_stranger_had_in_the_session_is_not_part_of_the_sign_in(anyone: Browser) -> None:
    with anyone.session_transaction() as session:
        session["planted"] = "by somebody"
        session["csrf_token"] = "known to somebody"
    anyone.post("/logga-in", data={"email": EDITOR.email, "password": PASSWORD})
    anyone.get("/mitt-konto")
    with anyone.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != "known to somebody"


def test_the_word_in_the_cookie_is_nowhere_on_the_disk(app: Flask, editor: Browser, settings: Settings) -> None:
    with editor.session_transaction() as session:
        word = session["sign_in"]
    assert len(word) >= 40
    app.extensions["databases"].close()
    files = [file for file in settings.var.rglob("*") if file.is_file()]
    assert files
    assert [file for file in files if word.encode() in file.read_bytes()] == []


@pytest.mark.parametrize("word", ["", "x", "x" * 1_000, None], ids=repr)
def test_a_word_that_nobody_was_given_signs_nobody_in(anyone: Browser, word: Any) -> None:
    with anyone.session_transaction() as session:
        session["sign_in"] = word
    assert anyone.get("/mitt-konto").status_code == 401
    assert anyone.get("/").status_code == 200


def test_a_cookie_from_before_there_were_sign_ins_signs_nobody_in(anyone: Browser) -> None:
    with anyone.session_transaction() as session:
        session["_user_id"] = "anna:stamp"
    assert anyone.get("/mitt-konto").status_code == 401


# ---- How long it lasts ----


def test_a_sign_in_that_is_not_used_ends_by_itself(app: Flask, editor: Browser, settings: Settings) -> None:
    hours = timedelta(hours=settings.session_hours)
    set_back(app, used_at=hours - timedelta(minutes=1))
    assert editor.get("/mitt-konto").status_code == 200
    set_back(app, used_at=hours + timedelta(seconds=1))
    assert editor.get("/mitt-konto").status_code == 401


def test_a_sign_in_that_is_used_all_the_time_ends_as_well(app: Flask, editor: Browser, settings: Settings) -> None:
    days = timedelta(days=settings.session_days)
    set_back(app, begun_at=days - timedelta(minutes=1))
    assert editor.get("/mitt-konto").status_code == 200
    set_back(app, begun_at=days + timedelta(seconds=1))
    assert editor.get("/mitt-konto").status_code == 401


def test_what_has_ended_is_forgotten(app: Flask, editor: Browser, settings: Settings) -> None:
    lifetime = Lifetime.of(settings)
    with app.extensions["databases"].kept() as session:
        sign_ins.forget_ended(session, lifetime)
    assert len(lasting(app)) == 1
    set_back(app, used_at=lifetime.idle)
    with app.extensions["databases"].kept() as session:
        sign_ins.forget_ended(session, lifetime)
    assert lasting(app) == []


def test_when_it_was_last_used_is_noted_now_and_then(app: Flask, editor: Browser) -> None:
    before = lasting(app)[0].used_at
    editor.get("/mitt-konto")
    assert lasting(app)[0].used_at == before
    set_back(app, used_at=NOTED_EVERY + timedelta(seconds=1))
    editor.get("/mitt-konto")
    assert now() - lasting(app)[0].used_at < timedelta(minutes=1)


# ---- What it costs ----


@pytest.fixture
def asked(app: Flask) -> Iterator[list[str]]:
    """Every statement that the kept database is asked."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    engine = app.extensions["databases"].kept_engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_a_page_costs_a_member_one_question_by_an_index_and_a_stranger_none(
    app: Flask, editor: Browser, asked: list[str]
) -> None:
    editor.get("/om")
    questions = [statement for statement in asked if statement.startswith("SELECT")]
    assert len(questions) == 1
    browser(app).get("/om")
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1
    with app.extensions["databases"].kept_engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {questions[0]}", ("x", "0", "0")).all()
    assert all("SEARCH" in row[3] and "INDEX" in row[3] for row in plan), plan


def test_a_signed_in_reader_reads_on_while_nothing_can_be_written(app: Flask, editor: Browser) -> None:
    set_back(app, used_at=NOTED_EVERY + timedelta(seconds=1))
    engine = app.extensions["databases"].kept_engine
    engine.dispose()
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
    with pytest.raises(OperationalError):
        set_back(app, used_at=timedelta())
    assert editor.get("/mitt-konto").status_code == 200


# ---- The cookie itself ----


def test_in_production_the_cookie_is_for_this_host_over_https_only(settings: Settings) -> None:
    public = create_app(replace(settings, mode="production", secret_key="k" * 40, address="https://larnat.test"))
    client = browser(public)
    answer = client.post(
        "/logga-in",
        data={"email": EDITOR.email, "password": PASSWORD},
        base_url="https://larnat.test",
        headers={"Referer": "https://larnat.test/logga-in", "X-CSRFToken": _token(client)},
        token=False,
    )
    assert answer.status_code == 303
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-larnat="))
    parts = {part.strip().partition("=")[0]: part.strip().partition("=")[2] for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path", "SameSite"} <= set(parts)
    assert (parts["Path"], parts["SameSite"]) == ("/", "Lax")
    assert "Domain" not in parts
    public.extensions["databases"].close()


def _token(client: Browser) -> str:
    page = client.get("/logga-in", base_url="https://larnat.test").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


# ---- The list on the account page ----


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (WINDOWS, "Firefox på Windows"),
        (IPHONE, "Safari på iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge på Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome på Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605 Version/18 Safari/605", "Safari på Mac"),
        ("Werkzeug/3.1 (Linux)", "Webbläsare på Linux"),
        ("<script>alert(1)</script>", "Okänd webbläsare"),
        ("", "Okänd webbläsare"),
    ],
)
def test_a_browser_is_called_what_people_call_it(user_agent: str, words: str) -> None:
    assert device_words(user_agent) == words


def sign_in_from(app: Flask, user_agent: str) -> Browser:
    client = browser(app)
    data = {"email": EDITOR.email, "password": PASSWORD}
    assert client.post("/logga-in", data=data, headers={"User-Agent": user_agent}).status_code == 303
    return client


def test_a_person_sees_where_they_are_signed_in_and_signs_one_out(app: Flask) -> None:
    work, phone = sign_in_from(app, WINDOWS), sign_in_from(app, IPHONE)
    shown = work.get("/mitt-konto").text
    assert "Firefox på Windows" in shown
    assert "Safari på iPhone" in shown
    assert shown.count("Den här webbläsaren") == 1
    number = next(one.number for one in lasting(app) if "iPhone" in one.device)
    assert work.post(f"/mitt-konto/inloggningar/{number}").status_code == 303
    assert phone.get("/mitt-konto").status_code == 401
    assert work.get("/mitt-konto").status_code == 200


def test_a_person_signs_out_everywhere_else_at_once(app: Flask) -> None:
    work, phone, home = (sign_in_from(app, WINDOWS) for _ in range(3))
    assert work.post("/mitt-konto/inloggningar").status_code == 303
    assert [client.get("/mitt-konto").status_code for client in (work, phone, home)] == [200, 401, 401]


def test_to_sign_out_this_browser_in_the_list_is_to_sign_out(app: Flask, editor: Browser) -> None:
    answer = editor.post(f"/mitt-konto/inloggningar/{lasting(app)[0].number}")
    assert (answer.status_code, answer.location) == (303, "/")
    assert editor.get("/mitt-konto").status_code == 401


def test_nobody_signs_out_anybody_else(app: Flask, editor: Browser, colleague: Browser, anyone: Browser) -> None:
    numbers = [one.number for one in lasting(app)]
    for number in numbers:
        assert anyone.post(f"/mitt-konto/inloggningar/{number}").status_code == 401
    others = next(one.number for one in lasting(app) if one.person_id != _id_of(app))
    editor.post(f"/mitt-konto/inloggningar/{others}")
    assert colleague.get("/mitt-konto").status_code == 200
    assert anyone.post("/mitt-konto/inloggningar").status_code == 401
    assert len(lasting(app)) == 2


def _id_of(app: Flask) -> str:
    with app.extensions["databases"].kept_for_reading() as session:
        person = people.find(session, EDITOR.email)
    assert person
    return person.id


def test_a_restored_database_signs_nobody_in(app: Flask, editor: Browser, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from app.cli import larnat

    settings = app.extensions["settings"]
    copy = tmp_path / "kopia.tar.gz"
    assert CliRunner().invoke(larnat, ["backup", str(copy)], obj=settings).exit_code == 0
    there = tmp_path / "ny"
    done = CliRunner().invoke(larnat, ["restore", str(copy), "--home", str(there)], obj=settings)
    assert done.exit_code == 0, done.output
    restored = create_app(replace(settings, home=there))
    assert with_cookie(restored, cookie_of(editor)).get("/mitt-konto").status_code == 401
    assert browser(restored, EDITOR).get("/mitt-konto").status_code == 200
    restored.extensions["databases"].close()
