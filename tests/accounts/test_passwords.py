"""What is asked of a password: length, and not being easy to guess; never a mixture of signs."""

from __future__ import annotations

import unicodedata

import pytest
from flask import Flask

from app.accounts import demo, passwords
from app.accounts.passwords import LONGEST, SHORTEST
from tests.cast import EDITOR, PASSWORD, Browser, browser

ABOUT = ("anna.andersson@solna.test", "Anna Andersson", "Socialsekreterare", "solna")


@pytest.mark.parametrize(
    "password",
    [
        "blåbär häst trumma regn",
        "minkattheterfrasse",
        "prova lärnät lokalt",
        "83475-23948-20394-28394",
        "kQ7#vv2!pRz9@xLm",
        "ännu en helt vanlig mening.",
        "пароль из русских слов",
        "🙂🐴🔋📎🙂🐴🔋📎 hästar och så",
        "Anna odlar tomater på balkongen",
        "x" * 5 + "åker kanot varje söndag" * 6,
    ],
)
def test_length_is_enough_whatever_signs_it_is_made_of(password: str) -> None:
    assert passwords.matches(password, passwords.hash_of(password, *ABOUT))


@pytest.mark.parametrize("password", ["", "kort", "x9#Kq!vB2$mZ7w", "å" * (SHORTEST - 1)])
def test_one_that_is_too_short_is_told_how_long_it_has_to_be(password: str) -> None:
    with pytest.raises(ValueError, match=f"minst {SHORTEST} tecken"):
        passwords.hash_of(password)


def test_one_that_is_too_long_is_refused_before_it_costs_anything() -> None:
    with pytest.raises(ValueError, match=f"högst {LONGEST} tecken"):
        passwords.hash_of("x" * 1_000_000)
    assert LONGEST >= 64


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password123456789",
        "1q2w3e4r5t6y7u8i",
        "qwertyuiopasdfghjkl",
        "123456789012345",
        "aaaaaaaaaaaaaaaaaaaa",
        "hejhejhejhejhejhej",
        "iloveyouiloveyou",
        "lösenordlösenord",
        "larnatlarnat2026",
        "Lärnät Lösenord 1",
        "LÄRNÄTS LÖSENORD!",
        "socialtjänsten2026!",
        "annaandersson1985",
        "Anna Andersson 1985!",
        "anna.andersson@solna.test",
        "solna kommun solna",
    ],
)
def test_what_is_common_repeated_or_known_of_the_person_and_the_site_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match="lätt att gissa"):
        passwords.hash_of(password, *ABOUT)


def test_what_is_known_of_one_person_says_nothing_of_another() -> None:
    assert passwords.hash_of("Anna Andersson 1985!", "bo@habo.test", "Bo Berg")


def test_a_password_is_the_same_however_the_keyboard_codes_it() -> None:
    typed = "åska över ängen"
    kept = passwords.hash_of(unicodedata.normalize("NFD", typed))
    assert passwords.matches(typed, kept)
    assert not passwords.matches(typed.upper(), kept)
    assert not passwords.matches(f"{typed} ", kept)


def test_a_password_is_kept_as_argon2id_only() -> None:
    kept = passwords.hash_of(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
    assert not passwords.matches("något annat", kept)
    assert not passwords.matches(PASSWORD, "not a hash")
    assert not passwords.matches(PASSWORD, "")
    assert not passwords.matches("nobody has this password", None)


def test_the_demos_password_would_be_taken() -> None:
    assert passwords.hash_of(demo.PASSWORD)


def test_who_has_a_short_password_from_before_still_signs_in(app: Flask) -> None:
    from app.accounts import people

    with app.extensions["databases"].kept() as session:
        person = people.find(session, EDITOR.email)
        assert person
        people.set_password(session, person, passwords.hash_anew("kort men mitt"))
    assert browser(app).sign_in(EDITOR, "kort men mitt").status_code == 303


def test_an_easy_password_is_refused_on_the_account_page_and_the_old_one_stays(editor: Browser, app: Flask) -> None:
    easy = "Eva Editor i Södertälje"
    fields = {"password": PASSWORD, "new_password": easy, "new_password_again": easy}
    answer = editor.post("/mitt-konto/losenord", data=fields)
    assert answer.status_code == 422
    assert "lätt att gissa" in answer.text
    assert easy not in answer.text
    assert browser(app).sign_in(EDITOR).status_code == 303
