"""An issuer, or somebody between us and it, that lies: what it says is refused, and nobody comes in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from threading import BoundedSemaphore
from typing import Any

import pytest
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import update

from app.accounts.oidc import asking
from app.accounts.oidc.refusing import Refused, Why
from app.accounts.tables import Departure
from app.database import now
from tests.accounts.oidc.issuers import SECRET, Liar, issuer_at
from tests.accounts.oidc.ways import BACK, End

STRANGER = RSAKey.generate_key(2048)


def without_signature(liar: Liar, claims: dict[str, Any]) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "none", "kid": "first"}, claims)]
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), ""])


def with_the_public_key_as_secret(liar: Liar, claims: dict[str, Any]) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": "first"}, claims)]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = hmac.digest(liar.key.as_pem(private=False), signed, "sha256")
    return f"{signed.decode()}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def with_our_own_secret(liar: Liar, claims: dict[str, Any]) -> str:
    return liar.signed(claims, OctKey.import_key(SECRET + SECRET), alg="HS256")


def changed_afterwards(liar: Liar, claims: dict[str, Any]) -> str:
    header, _, signature = liar.signed(claims).split(".")
    body = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "somebody else"}).encode()).decode().rstrip("=")
    return f"{header}.{body}.{signature}"


NOW = int(time.time())
LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "another issuer": {"claims": {"iss": "https://login.example"}},
    "no issuer": {"claims": {"iss": None}},
    "for somebody else": {"claims": {"aud": "another-client"}},
    "for us and somebody else, to them": {"claims": {"aud": ["larnat", "another"], "azp": "another"}},
    "for us and somebody else, to nobody": {"claims": {"aud": ["larnat", "another"]}},
    "for nobody": {"claims": {"aud": None}},
    "for somebody else, in our name": {"claims": {"aud": "another", "azp": "larnat"}},
    "expired": {"claims": {"exp": NOW - 120, "iat": NOW - 400}},
    "for ever": {"claims": {"exp": None}},
    "made tomorrow": {"claims": {"iat": NOW + 86_400, "exp": NOW + 90_000}},
    "not yet": {"claims": {"nbf": NOW + 86_400}},
    "about nobody": {"claims": {"sub": None}},
    "about an empty name": {"claims": {"sub": ""}},
    "about a number": {"claims": {"sub": 7}},
    "of another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "signed by a stranger": {"lie": lambda liar, claims: liar.signed(claims, STRANGER)},
    "signed by a stranger with a key of their own": {
        "lie": lambda liar, claims: liar.signed(claims, STRANGER, kid="x")
    },
    "with a key in itself": {
        "lie": lambda liar, claims: liar.signed(claims, STRANGER, jwk=STRANGER.as_dict(private=False))
    },
    "not signed": {"lie": without_signature},
    "signed with the public key as a secret": {"lie": with_the_public_key_as_secret},
    "signed with the secret that we share": {"lie": with_our_own_secret},
    "changed afterwards": {"lie": changed_afterwards},
    "no token": {"lie": lambda liar, claims: "not a token"},
    "a list": {"lie": lambda liar, claims: ""},
}


def test_what_is_true_is_believed(end: End) -> None:
    client = end.browser()
    assert end.sign_in(client, next="/mitt-konto").location == "/mitt-konto"
    assert client.get("/mitt-konto").status_code == 200
    assert end.roles() == {"sodertalje": "member"}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_lies_is_refused(end: End, lie: str) -> None:
    end.liar.claims |= LIES[lie].get("claims", {})
    end.liar.lie = LIES[lie].get("lie")
    client = end.browser()
    answer = end.sign_in(client)
    assert answer.status_code == 400
    assert "gick inte att lita på" in answer.text
    assert end.nobody_came_in(client)


def test_a_clock_that_is_a_little_wrong_is_forgiven(end: End) -> None:
    now = int(time.time())
    end.liar.claims |= {"iat": now + 30, "exp": now - 10}
    assert end.sign_in(end.browser()).status_code == 303


# ---- The way there, and back ----


def test_the_issuer_is_asked_with_everything_that_protects_the_answer(end: End) -> None:
    asked = end.leave(end.browser())
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"http://127.0.0.1:8000{BACK}"
    assert "openid" in asked["scope"].split()
    assert min(len(asked["state"]), len(asked["nonce"]), len(asked["code_challenge"])) >= 43


def test_the_token_is_asked_for_with_what_only_we_know(end: End) -> None:
    client = end.browser()
    asked = end.leave(client)
    end.come_back(client, asked)
    sent = next(told for path, told in end.liar.asked if path == "/token")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).decode().rstrip("=")
    assert challenge == asked["code_challenge"]
    assert (sent["code"], sent["redirect_uri"]) == ("a code", asked["redirect_uri"])


def test_no_two_departures_are_alike(end: End) -> None:
    client = end.browser()
    ways = [end.leave(client) for _ in range(3)]
    for name in ("state", "nonce", "code_challenge"):
        assert len({asked[name] for asked in ways}) == 3


def is_stale(answer: Any) -> bool:
    return answer.status_code == 400 and "Inloggningen tog för lång tid" in answer.text


@pytest.mark.parametrize("state", ["", "made-up", "x" * 5_000, "å"])
def test_an_answer_to_nothing_is_refused(end: End, state: str) -> None:
    client = end.browser()
    end.leave(client)
    assert is_stale(end.come_back(client, {"state": state}))
    assert end.nobody_came_in(client)
    assert [path for path, _ in end.liar.asked if path == "/token"] == []


def test_an_answer_works_once(end: End) -> None:
    client = end.browser()
    asked = end.leave(client)
    assert end.come_back(client, asked, code="", error="access_denied").status_code == 422
    assert is_stale(end.come_back(client, asked))
    assert end.nobody_came_in(client)


def test_an_answer_that_somebody_goes_back_to_leaves_them_signed_in(end: End) -> None:
    client = end.browser()
    asked = end.leave(client)
    end.come_back(client, asked)
    assert end.come_back(client, asked).location == "/"
    assert client.get("/mitt-konto").status_code == 200


def test_somebody_elses_answer_is_refused_and_is_still_theirs(end: End) -> None:
    """Otherwise one could sign somebody in to one's own account, and read what they write there."""
    client, victim = end.browser(), end.browser()
    asked = end.leave(client)
    end.leave(victim)
    end.liar.nonce = asked["nonce"]
    assert is_stale(end.come_back(victim, asked))
    assert is_stale(end.come_back(end.browser(), asked))
    assert end.nobody_came_in(victim)
    assert end.come_back(client, asked).status_code == 303


def test_an_answer_from_one_issuer_is_none_from_another(end: End) -> None:
    client = end.browser()
    asked = end.leave(client)
    answer = client.get("/logga-in/hos/annan/svar", query_string={"code": "a", "state": asked["state"]})
    assert is_stale(answer)
    assert end.nobody_came_in(client)


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({}, {"iss": "https://login.example"}),
        ({"authorization_response_iss_parameter_supported": True}, {}),
        ({"authorization_response_iss_parameter_supported": True}, {"iss": "https://login.example"}),
    ],
    ids=["another", "none though it always says", "another though it always says"],
)
def test_a_code_of_another_issuer_is_not_sent_to_this_one(
    end: End, metadata: dict[str, Any], said: dict[str, str]
) -> None:
    end.liar.metadata = metadata
    client = end.browser()
    assert end.come_back(client, end.leave(client), **said).status_code == 400
    assert end.nobody_came_in(client)
    assert [path for path, _ in end.liar.asked if path == "/token"] == []


def test_an_answer_after_half_an_hour_is_refused(end: End) -> None:
    client = end.browser()
    asked = end.leave(client)
    with end.app.extensions["databases"].kept() as session:
        session.connection().execute(update(Departure).values(expires_at=now()))
    assert is_stale(end.come_back(client, asked))
    assert end.nobody_came_in(client)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("access_denied", 422, "avbröts"),
        ("login_required", 422, "avbröts"),
        ("temporarily_unavailable", 503, "just nu"),
        ("server_error", 503, "just nu"),
        ("unmet_authentication_requirements", 422, "inte räcker"),
        ("invalid_request", 400, "lita på"),
        ("<script>", 400, "lita på"),
    ],
)
def test_an_issuer_that_says_no_is_told_of_in_words(end: End, error: str, status: int, words: str) -> None:
    client = end.browser()
    answer = end.come_back(client, end.leave(client), code="", error=error, error_description="<script>")
    assert answer.status_code == status
    assert words in answer.text
    assert "<script>" not in answer.text
    assert end.nobody_came_in(client)


def test_an_answer_without_a_code_is_refused(end: End) -> None:
    client = end.browser()
    assert end.come_back(client, end.leave(client), code="").status_code == 400


@pytest.mark.parametrize("address", ["https://elak.example/", "//elak.example", "/\\elak.example", "javascript:x", "x"])
def test_nobody_is_sent_to_another_site_afterwards(end: End, address: str) -> None:
    assert end.sign_in(end.browser(), next=address).location == "/"


def test_an_issuer_that_nobody_has_named_is_not_found(end: End) -> None:
    client = end.browser()
    assert client.post("/logga-in/hos/okand").status_code == 404
    assert client.get("/logga-in/hos/okand/svar").status_code == 404
    assert client.get("/utloggad/hos/okand").status_code == 404


# ---- What the issuer tells of itself ----


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"issuer": "https://login.example"}, 400),
        ({"token_endpoint": "http://login.example/token"}, 400),
        ({"jwks_uri": "file:///etc/passwd"}, 400),
        ({"authorization_endpoint": "javascript:alert(1)"}, 400),
        ({"authorization_endpoint": None}, 400),
        ({"end_session_endpoint": "ftp://x"}, 400),
        ({"token_endpoint": ["x"]}, 400),
    ],
    ids=str,
)
def test_what_an_issuer_may_not_say_of_itself_is_refused(end: End, told: dict[str, Any], status: int) -> None:
    end.liar.metadata = told
    assert end.browser().post("/logga-in/hos/kommunen").status_code == status


def test_in_production_nothing_is_asked_in_plain() -> None:
    def safe(address: str, plain: bool) -> bool:
        reach = asking.Reach(issuer_at("https://login.example"), BoundedSemaphore(1), plain)
        return reach._is_safe(address)

    assert [safe("http://127.0.0.1/x", plain) for plain in (True, False)] == [True, False]
    assert not safe("http://login.example/x", plain=True)
    assert safe("https://login.example/x", plain=False)


def test_a_new_key_is_asked_for_once_and_not_all_the_time(end: End) -> None:
    client = end.browser()
    assert end.sign_in(client).status_code == 303
    newer = RSAKey.generate_key(2048)
    end.liar.lie = lambda liar, claims: liar.signed(claims, newer, kid="second")
    assert end.sign_in(end.browser()).status_code == 400
    end.reach._keys_at -= asking.KEYS_ASKED_FOR_EVERY_SECONDS
    end.liar.keys.append({**newer.as_dict(private=False), "kid": "second", "use": "sig", "alg": "RS256"})
    assert end.sign_in(end.browser()).status_code == 303
    end.liar.lie = lambda liar, claims: liar.signed(claims, STRANGER, kid="third")
    for _ in range(3):
        assert end.sign_in(end.browser()).status_code == 400
    assert len([path for path, _ in end.liar.asked if path == "/keys"]) == 2


@pytest.mark.parametrize(
    "keys", [[], [{"kty": "oct", "k": "AAAA", "kid": "first"}], [{"kty": "new"}], "x", [7]], ids=str
)
def test_an_issuer_without_keys_that_can_be_used_is_refused(end: End, keys: Any) -> None:
    end.liar.instead["/keys"] = (200, {"keys": keys})
    client = end.browser()
    assert end.sign_in(client).status_code == 400
    assert end.nobody_came_in(client)


def test_what_is_told_besides_the_token_has_to_be_of_the_same_person(end: End) -> None:
    end.is_told(userinfo=True)
    end.liar.metadata = {"userinfo_endpoint": f"{end.liar.address}/who"}
    end.liar.instead["/who"] = (200, {"sub": "somebody else", "groups": ["leder"]})
    client = end.browser()
    assert end.sign_in(client).status_code == 400
    assert end.nobody_came_in(client)
    end.liar.instead["/who"] = (200, {"sub": "anna", "groups": ["leder"], "orgnr": "212000-0001"})
    assert end.sign_in(client).status_code == 303
    # What the signed token says goes before.
    assert end.roles() == {"sodertalje": "member", "solna": "member"}


# ---- How people have shown who they are ----


@pytest.mark.parametrize(
    ("wanted", "told", "enough"),
    [
        ({"acr": ("high",)}, {"acr": "high"}, True),
        ({"acr": ("high",)}, {"acr": "low"}, False),
        ({"acr": ("high",)}, {}, False),
        ({"amr": ("mfa",)}, {"amr": ["pwd", "mfa"]}, True),
        ({"amr": ("mfa",)}, {"amr": ["pwd"]}, False),
        ({"amr": ("mfa",)}, {}, False),
    ],
)
def test_a_second_factor_can_be_asked_for(end: End, wanted: dict[str, Any], told: dict[str, Any], enough: bool) -> None:
    end.is_told(**wanted)
    end.liar.claims |= told
    client = end.browser()
    asked = end.leave(client)
    assert asked.get("acr_values") == (" ".join(wanted["acr"]) if "acr" in wanted else None)
    assert end.come_back(client, asked).status_code == (303 if enough else 422)
    assert enough or end.nobody_came_in(client)


# ---- An issuer that does not answer ----


def is_away(answer: Any) -> bool:
    return answer.status_code == 503 and "Det går inte att logga in hos Exempelkommunen just nu" in answer.text


@pytest.mark.parametrize("answer", [(500, {}), (404, {}), (302, b""), (200, b"x" * 1_100_000)], ids=lambda a: str(a[0]))
def test_an_issuer_that_does_not_tell_of_itself_is_away(end: End, answer: tuple[int, Any]) -> None:
    end.liar.instead["/.well-known/openid-configuration"] = answer
    assert is_away(end.browser().post("/logga-in/hos/kommunen"))


def test_an_issuer_that_is_gone_is_away_and_is_left_alone_for_a_moment(
    end: End, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "LEFT_ALONE_SECONDS", 3600.0)
    client = end.browser()
    end.is_told(address="http://127.0.0.1:9")
    assert is_away(client.post("/logga-in/hos/kommunen"))
    end.is_told(address=end.liar.address)
    assert is_away(client.post("/logga-in/hos/kommunen"))
    end.reach._failed_at -= asking.LEFT_ALONE_SECONDS
    assert client.post("/logga-in/hos/kommunen").status_code == 200


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_slow_issuer_is_not_waited_for(end: End, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "READ_SECONDS", 0.1)

    def slowly() -> tuple[int, Any]:
        time.sleep(0.4)
        return 200, {}

    end.liar.instead[path] = slowly
    client = end.browser()
    answer = client.post("/logga-in/hos/kommunen")
    if answer.status_code == 200:
        answer = end.sign_in(client)
    assert is_away(answer)
    assert end.nobody_came_in(client)


def test_one_that_answers_drop_by_drop_is_cut_off(end: End, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ALTOGETHER_SECONDS", 0.0)
    assert is_away(end.browser().post("/logga-in/hos/kommunen"))


def test_other_pages_always_have_a_thread_left(end: End) -> None:
    """Of four threads three may wait for issuers; the fourth is told at once that they do not answer."""
    reach = end.reach
    waiting = [reach.talk() for _ in range(end.app.extensions["settings"].threads - 1)]
    for talk in waiting:
        talk.__enter__()
    try:
        assert is_away(end.browser().post("/logga-in/hos/kommunen"))
        assert is_away_at(end.reaches["annan"])
    finally:
        for talk in waiting:
            talk.__exit__(None, None, None)
    assert end.browser().post("/logga-in/hos/kommunen").status_code == 200


def is_away_at(reach: asking.Reach) -> bool:
    try:
        with reach.talk():
            return False
    except Refused as refusal:
        return refusal.why is Why.AWAY


def test_what_an_issuer_has_told_is_remembered_for_an_hour(end: End) -> None:
    for _ in range(3):
        end.leave(end.browser())
    assert len([path for path, _ in end.liar.asked if "openid-configuration" in path]) == 1
    end.reach._told_at -= asking.REMEMBERED_SECONDS
    end.leave(end.browser())
    assert len([path for path, _ in end.liar.asked if "openid-configuration" in path]) == 2
