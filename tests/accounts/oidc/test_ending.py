"""An issuer that says that somebody has signed out: believed by its signature, and by nothing else."""

from __future__ import annotations

import time
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from app.accounts.oidc.ending import LOGOUT
from tests.accounts.oidc.ways import End
from tests.cast import Browser

HERE = "/logga-in/hos/kommunen/utloggad"
STRANGER = RSAKey.generate_key(2048)


def signed_in(end: End, **claims: Any) -> Browser:
    end.liar.claims |= {"sid": "one", **claims}
    client = end.browser()
    assert end.sign_in(client).status_code == 303
    return client


def tell(end: End, key: RSAKey | None = None, **claims: Any) -> int:
    """Post a logout token, as the issuer's own server does; what is None is left out."""
    now = int(time.time())
    told = {"iss": end.liar.address, "aud": "larnat", "iat": now, "exp": now + 120, "jti": "x", "sub": "anna"}
    told |= {"events": {LOGOUT: {}}, "sid": "one", **claims}
    token = end.liar.signed({name: value for name, value in told.items() if value is not None}, key)
    return end.browser().post(HERE, data={"logout_token": token}, token=False).status_code


def is_in(client: Browser) -> bool:
    return client.get("/mitt-konto").status_code == 200


def test_one_sign_in_is_ended_and_no_other(end: End) -> None:
    here, there = signed_in(end), signed_in(end, sid="two")
    assert tell(end) == 200
    assert (is_in(here), is_in(there)) == (False, True)
    assert tell(end) == 200, "to say it again does no harm"


def test_without_a_sign_in_of_its_own_all_of_the_persons_are_ended(end: End) -> None:
    here, there = signed_in(end), signed_in(end, sid="two")
    other = signed_in(end, sub="bo", email="bo@sodertalje.test", sid="three")
    assert tell(end, sid=None) == 200
    assert (is_in(here), is_in(there), is_in(other)) == (False, False, True)
    assert tell(end, sid=None, sub="nobody that we know") == 200
    assert is_in(other)


NOW = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://login.example"},
        {"aud": "another"},
        {"iat": NOW - 4_000, "exp": None},
        {"iat": None},
        {"exp": NOW - 100},
        {"jti": None},
        {"events": None},
        {"events": {"another": {}}},
        {"nonce": "one of an ID token"},
        {"sub": None, "sid": None},
    ],
    ids=str,
)
def test_what_is_no_logout_ends_nothing(end: End, claims: dict[str, Any]) -> None:
    client = signed_in(end)
    assert tell(end, **claims) == 400
    assert is_in(client)


@pytest.mark.parametrize("token", ["", "x", "x" * 30_000, "a.b.c"])
def test_what_is_no_token_ends_nothing(end: End, token: str) -> None:
    client = signed_in(end)
    answer = end.browser().post(HERE, data={"logout_token": token}, token=False)
    assert (answer.status_code, is_in(client)) == (400, True)
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_a_stranger_has_signed_ends_nothing(end: End) -> None:
    client = signed_in(end)
    assert tell(end, STRANGER) == 400
    assert is_in(client)


def test_an_id_token_is_no_logout_token(end: End) -> None:
    client = signed_in(end)
    assert end.browser().post(HERE, data={"logout_token": end.liar.token()}, token=False).status_code == 400
    assert is_in(client)
