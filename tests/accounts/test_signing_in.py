from __future__ import annotations

import html
import re

import pytest
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.datastructures import MultiDict

from app.accounts import demo, passwords, people
from tests.cast import EDITOR, PASSWORD, Browser, browser

FOREIGN = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "evil",
]


def test_a_member_signs_in_and_is_greeted_by_name(anyone: Browser) -> None:
    answer = anyone.sign_in(EDITOR)
    assert (answer.status_code, answer.location) == (303, "/")
    assert EDITOR.name in anyone.get("/mitt-konto").text


def test_the_address_of_an_account_may_be_written_in_capitals(anyone: Browser) -> None:
    answer = anyone.post("/logga-in", data={"email": f" {EDITOR.email.upper()} ", "password": PASSWORD})
    assert answer.status_code == 303


@pytest.mark.parametrize("email", [EDITOR.email, "nobody@solna.test", "", "x" * 100_000])
def test_a_wrong_password_and_an_unknown_account_are_answered_alike(anyone: Browser, email: str) -> None:
    answer = anyone.post("/logga-in", data={"email": email, "password": "fel lösenord här"})
    assert answer.status_code == 422
    assert "E-postadressen eller lösenordet stämmer inte" in answer.text
    assert "fel lösenord här" not in answer.text


def test_after_signing_in_one_is_where_one_wanted_to_be(anyone: Browser) -> None:
    wanted = "/sok?q=försörjning"
    answer = anyone.post("/logga-in", data={"email": EDITOR.email, "password": PASSWORD, "next": wanted})
    assert answer.status_code == 303
    assert answer.location.startswith("/sok?q=f")


@pytest.mark.parametrize("foreign", FOREIGN)
def test_the_sign_in_leads_to_no_other_site(anyone: Browser, foreign: str) -> None:
    answer = anyone.post("/logga-in", data={"email": EDITOR.email, "password": PASSWORD, "next": foreign})
    assert answer.status_code == 303
    assert answer.location.startswith("/")
    assert "evil" not in answer.location.partition("/evil")[0]
    assert not answer.location.startswith("//")


def test_signing_out_ends_it(editor: Browser) -> None:
    assert editor.post("/logga-ut").status_code == 303
    assert editor.get("/mitt-konto").status_code == 401


def test_a_page_for_members_shows_the_sign_in_and_leads_back(anyone: Browser) -> None:
    answer = anyone.get("/mitt-konto")
    assert answer.status_code == 401
    assert 'name="next" value="/mitt-konto"' in answer.text


def test_the_session_is_for_this_site_only_and_out_of_reach_of_scripts(anyone: Browser) -> None:
    cookies = anyone.sign_in(EDITOR).headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"larnat", "larnat-known"}
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Expires=" in cookie or "Max-Age=" in cookie


def test_a_closed_account_cannot_sign_in_and_is_signed_out(app: Flask, editor: Browser) -> None:
    with app.extensions["databases"].kept() as session:
        person = people.find(session, EDITOR.email)
        assert person
        people.set_active(session, person, active=False)
    assert editor.get("/mitt-konto").status_code == 401
    assert browser(app).sign_in(EDITOR).status_code == 422


def test_a_demo_account_is_of_no_use_outside_the_demo(app: Flask, anyone: Browser) -> None:
    with app.extensions["databases"].kept() as session:
        people.ensure_demo_accounts(session)
    answer = anyone.post("/logga-in", data={"email": demo.ACCOUNTS[0].email, "password": demo.PASSWORD})
    assert answer.status_code == 422
    assert demo.PASSWORD not in anyone.get("/logga-in").text


def test_a_hash_made_at_a_lower_cost_is_made_anew_at_the_next_sign_in(
    app: Flask, anyone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    stronger = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", stronger)
    assert anyone.sign_in(EDITOR).status_code == 303
    with app.extensions["databases"].kept_for_reading() as session:
        person = people.find(session, EDITOR.email)
    assert person
    assert person.password_hash
    assert not passwords.outdated(person.password_hash)
    assert "t=2" in person.password_hash


# ---- The account page ----


def test_a_new_password_ends_the_other_sign_ins_but_not_this_one(app: Flask, editor: Browser) -> None:
    elsewhere = browser(app, EDITOR)
    new = "ett helt nytt lösenord"
    fields = {"password": PASSWORD, "new_password": new, "new_password_again": new}
    assert editor.post("/mitt-konto/losenord", data=fields).status_code == 303
    assert editor.get("/mitt-konto").status_code == 200
    assert elsewhere.get("/mitt-konto").status_code == 401
    assert browser(app).sign_in(EDITOR).status_code == 422
    assert browser(app).sign_in(EDITOR, new).status_code == 303


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"password": "fel", "new_password": "x" * 20, "new_password_again": "x" * 20}, "nuvarande"),
        ({"password": PASSWORD, "new_password": "x" * 20, "new_password_again": "y" * 20}, "inte lika"),
        ({"password": PASSWORD, "new_password": "kort", "new_password_again": "kort"}, "minst"),
    ],
)
def test_a_password_is_only_changed_by_who_knows_it_and_to_a_fit_one(
    editor: Browser, fields: dict[str, str], words: str
) -> None:
    answer = editor.post("/mitt-konto/losenord", data=fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "x" * 20 not in answer.text


def test_changing_a_password_asks_for_a_sign_in(anyone: Browser) -> None:
    assert anyone.post("/mitt-konto/losenord", data={"password": "x"}).status_code == 401


# ---- Nothing typed is lost ----

TEXT = 'Vi såg "tre" saker:\r\n\r\n<b>det</b> var & är\r\n'
TYPED = MultiDict(
    [("title", "Nytt arbetssätt"), ("areas", "aldre"), ("areas", "hemloshet"), ("h_sa_gor_vi", TEXT), ("summary", "")]
)


def fields_of(page: str) -> list[tuple[str, str]]:
    """Names and values of the form's hidden fields, as a browser sends them."""
    areas = re.findall(r'<textarea name="([^"]+)" hidden>\n?(.*?)</textarea>', page, re.DOTALL)
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    pairs = [*inputs, *areas]
    return [(html.unescape(name), re.sub(r"\r?\n", "\r\n", html.unescape(value))) for name, value in pairs]


def sign_in_with(client: Browser, page: str, password: str = PASSWORD) -> MultiDict[str, str]:
    return MultiDict([*fields_of(page), ("email", EDITOR.email), ("password", password)])


@pytest.mark.parametrize("with_token", [True, False], ids=["signed out", "session gone"])
def test_a_form_that_arrives_signed_out_comes_back_after_the_sign_in(anyone: Browser, with_token: bool) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"}
    refused = anyone.post("/arbetssatt/nytt?steg=2", data=TYPED, token=with_token, headers=headers)
    assert refused.status_code == 401
    wrong = anyone.post("/logga-in", data=sign_in_with(anyone, refused.text, "fel"))
    assert wrong.status_code == 422
    again = anyone.post("/logga-in", data=sign_in_with(anyone, wrong.text))
    assert again.status_code == 303
    shown = anyone.get(again.location.partition("steg=")[0] + "steg=2").text
    assert "<b>det</b> var & är" in html.unescape(shown)
    assert "<b>det</b>" not in shown


def test_a_form_without_a_known_editor_is_offered_to_be_sent_again_as_it_was(editor: Browser) -> None:
    refused = editor.post("/logga-ut", data=TYPED, token=False, headers={"Sec-Fetch-Site": "same-origin"})
    assert refused.status_code == 400
    assert 'action="/logga-ut"' in refused.text
    carried = [pair for pair in fields_of(refused.text) if pair[0] != "csrf_token"]
    assert carried == list(TYPED.items(multi=True))
    assert editor.get("/mitt-konto").status_code == 200


def test_passwords_are_never_carried(anyone: Browser) -> None:
    fields = {"password": "hemligt!", "new_password": "hemligt!", "note": "kvar"}
    refused = anyone.post("/mitt-konto/losenord", data=fields)
    assert "kvar" in refused.text
    assert "hemligt!" not in refused.text


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}],
    ids=["says so", "origin", "silent"],
)
def test_another_sites_form_is_refused_and_not_given_back(editor: Browser, headers: dict[str, str]) -> None:
    refused = editor.post("/arbetssatt/nytt", data=TYPED, token=False, headers=headers)
    assert refused.status_code == 400
    assert "Nytt arbetssätt" not in refused.text


def test_another_site_cannot_lay_its_text_in_the_sign_in(anyone: Browser) -> None:
    fields = {"email": EDITOR.email, "password": PASSWORD, "carried_path": "/x", "carried.title": "inte min"}
    answer = anyone.post("/logga-in", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert "inte min" not in answer.text


def test_a_background_save_signed_out_gets_a_short_word_and_no_form(anyone: Browser) -> None:
    answer = anyone.post("/arbetssatt/nytt", data=TYPED, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "<html" not in answer.text
    assert "är kvar på sidan" in answer.text


def test_signing_out_twice_is_no_error(anyone: Browser) -> None:
    assert anyone.post("/logga-ut", token=False).status_code in (303, 401)


def test_nobody_who_only_reads_gets_a_cookie(anyone: Browser) -> None:
    assert "Set-Cookie" not in anyone.get("/").headers
