"""Signing in at npm's oidc-provider: from the button to the page, over real HTTP, and what it refuses."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterator

import pytest
from sqlmodel import select

from app.accounts import belonging, people
from app.accounts.tables import Departure, SignIn
from app.config import Settings
from tests.accounts.oidc.issuers import Provider, Site, asked_in, issuer_at, real_provider, site
from tests.cast import EDITOR
from tests.editing.writing import fields_in
from tests.serving import Answer, free_port
from tests.traces import traces

EMAIL = "anna@sodertalje.test"
ANNA = {"name": "Anna Andersson", "email": EMAIL, "email_verified": True, "groups": ["skriver"], "orgnr": ""}


@pytest.fixture(scope="module")
def ports() -> dict[str, int]:
    return {"larnat": free_port(), "elsewhere": free_port()}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory, ports: dict[str, int]) -> Iterator[Provider]:
    sites = {client: f"http://127.0.0.1:{port}" for client, port in ports.items()}
    with real_provider(tmp_path_factory.mktemp("provider") / "log", {"anna-at-home": ANNA}, sites) as provider:
        yield provider


@pytest.fixture
def larnat(provider: Provider, settings: Settings, ports: dict[str, int]) -> Iterator[Site]:
    provider.says_of("anna-at-home", **ANNA)
    with site(settings, ports["larnat"], issuers=(issuer_at(provider.address),)) as larnat:
        yield larnat


def roles_of(larnat: Site) -> dict[str, str] | None:
    with larnat.app.extensions["databases"].kept_for_reading() as session:
        person = people.find(session, EMAIL)
        return belonging.roles_of(session, person) if person else None


def sign_ins(larnat: Site) -> int:
    with larnat.app.extensions["databases"].kept_for_reading() as session:
        return len(session.exec(select(SignIn)).all())


def mark_in(page: Answer) -> str:
    """What the provider's form for signing out is known by."""
    found = re.search(r'name="xsrf" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


# ---- It works ----


def test_somebody_new_signs_in_and_is_what_the_issuer_says(larnat: Site) -> None:
    anna = larnat.browser()
    answer = anna.sign_in_as("anna-at-home", goes_to="/mitt-konto")
    assert (answer.status, answer.url) == (200, f"{larnat.address}/mitt-konto")
    assert "Anna Andersson" in answer.text
    assert "Med Exempelkommunen" in answer.text
    assert "Byt lösenord" not in answer.text
    assert roles_of(larnat) == {"sodertalje": "member"}


def test_who_comes_again_has_the_role_that_the_issuer_says_then(larnat: Site, provider: Provider) -> None:
    larnat.browser().sign_in_as("anna-at-home")
    provider.says_of("anna-at-home", groups=["leder"], orgnr="212000-0001")
    anna = larnat.browser()
    anna.sign_in_as("anna-at-home")
    assert roles_of(larnat) == {"sodertalje": "coordinator", "solna": "member"}
    provider.says_of("anna-at-home", groups=[], orgnr="")
    answer = larnat.browser().sign_in_as("anna-at-home")
    assert answer.status == 422
    assert "inte att du hör till någon organisation" in answer.text
    assert roles_of(larnat) == {}
    # Whoever was signed in may do nothing any longer for an organisation, from the next page on.
    assert anna.get("/arbetssatt/nytt").status == 403


def test_what_was_being_written_comes_along_and_is_there_afterwards(larnat: Site) -> None:
    anna = larnat.browser()
    anna.sign_in_as("anna-at-home")
    form = anna.get("/arbetssatt/nytt")
    fields = {**fields_in(form.text), "title": ["Samtal om kvastskaft & mer"], "_do": ["save"]}
    with larnat.app.extensions["databases"].kept() as session:
        for sign_in in session.exec(select(SignIn)).all():
            session.delete(sign_in)
    signed_out = anna.post("/arbetssatt/nytt", fields)
    assert signed_out.status == 401
    carried = {name: values[0] for name, values in fields_in(signed_out.text).items() if name.startswith("carried")}
    answer = anna.sign_in_as("anna-at-home", **carried)
    assert answer.status == 200
    assert 'value="Samtal om kvastskaft &amp; mer"' in answer.text
    with larnat.app.extensions["databases"].kept_for_reading() as session:
        assert session.exec(select(Departure)).all() == []


def test_what_was_being_written_is_still_there_when_somebody_changes_their_mind(larnat: Site) -> None:
    anna = larnat.browser()
    typed = {"carried_path": "/arbetssatt/nytt", "carried.title": "Samtal om kvastskaft"}
    answer = anna.sign_in_as("", **typed)
    assert answer.status == 422
    assert "avbröts" in answer.text
    assert "Det du skrev är kvar" in answer.text
    assert fields_in(answer.text)["carried.title"] == ["Samtal om kvastskaft"]


def test_what_strangers_write_on_their_way_cannot_be_read_in_the_database(larnat: Site) -> None:
    larnat.browser().leave(carried_path="/arbetssatt/nytt", **{"carried.title": "Samtal om kvastskaft 880320-1238"})
    larnat.app.extensions["databases"].close()
    var = larnat.app.extensions["settings"].var
    assert [file for file in var.rglob("*") if file.is_file()]
    assert traces(var, ["kvastskaft", "880320-1238"]) == []


def test_signing_out_leads_on_to_the_issuer_and_back(larnat: Site, provider: Provider) -> None:
    anna = larnat.browser()
    home = anna.sign_in_as("anna-at-home")
    token = re.findall(r'name="csrf_token" value="([^"]+)"', home.text)[-1]
    answer = anna.post("/logga-ut", {"csrf_token": [token]})
    assert "Du är utloggad från Lärnät" in answer.text
    assert sign_ins(larnat) == 0
    way = re.search(r'href="([^"]+/session/end[^"]+)"', answer.text)
    assert way, answer.text
    there = anna.go(way[1].replace("&amp;", "&"))
    back = anna.send(f"{provider.address}/session/end/confirm", xsrf=mark_in(there), logout="yes")
    assert back.url.partition("?")[0] == f"{larnat.address}/"
    # Now the issuer does not know anybody either.
    assert "/who/" in anna.go(anna.way_there()).url


def test_an_issuer_that_somebody_has_signed_out_at_signs_them_out_here(larnat: Site, provider: Provider) -> None:
    anna, elsewhere = larnat.browser(), larnat.browser()
    anna.sign_in_as("anna-at-home")
    elsewhere.sign_in_as("anna-at-home")
    there = anna.go(f"{provider.address}/session/end?client_id=larnat")
    anna.send(f"{provider.address}/session/end/confirm", xsrf=mark_in(there), logout="yes")
    assert anna.get("/mitt-konto").status == 401
    assert elsewhere.get("/mitt-konto").status == 200


# ---- It refuses, and says so ----


def test_the_provider_wants_what_protects_the_code(larnat: Site) -> None:
    anna = larnat.browser()
    way = anna.way_there()
    without = {name: value for name, value in asked_in(way).items() if not name.startswith("code_challenge")}
    answer = anna.choose(anna.go(f"{way.partition('?')[0]}?{urllib.parse.urlencode(without)}"), "anna-at-home")
    assert answer.status == 400
    assert "error=invalid_request" in answer.url
    assert "gick inte att lita på" in answer.text
    assert sign_ins(larnat) == 0


def test_a_wrong_secret_is_refused(larnat: Site, caplog: pytest.LogCaptureFixture) -> None:
    reach = larnat.app.extensions["issuers"]["kommunen"]
    reach.issuer = reach.issuer.model_copy(update={"secret": "en annan hemlighet"})
    anna = larnat.browser()
    answer = anna.sign_in_as("anna-at-home")
    assert (answer.status, sign_ins(larnat)) == (400, 0)
    (line,) = [record for record in caplog.records if record.message == "an issuer's sign-in was refused"]
    assert (line.__dict__["reason"], line.__dict__["code"]) == ("untrusted", "invalid_client")


def test_an_address_that_is_not_registered_is_refused_by_the_provider(larnat: Site, provider: Provider) -> None:
    way = larnat.browser().way_there()
    elsewhere = way.replace("kommunen%2Fsvar", "kommunen%2Fannat")
    assert elsewhere != way
    answer = larnat.browser().go(elsewhere)
    assert answer.status == 400
    assert answer.url.startswith(provider.address)


def test_a_code_that_somebody_got_hold_of_is_of_no_use_to_them(
    larnat: Site, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    anna, mallory = larnat.browser(), larnat.browser()
    page = anna.go(anna.way_there())
    # Her browser forgets where it came from, so her code is not used.
    anna.cookies.clear("127.0.0.1", "/", "larnat")
    stolen = asked_in(anna.choose(page, "anna-at-home").url)["code"]
    state = asked_in(mallory.way_there())["state"]
    answer = {"code": stolen, "state": state, "iss": provider.address}
    reply = mallory.go(f"{larnat.address}/logga-in/hos/kommunen/svar?{urllib.parse.urlencode(answer)}")
    assert (reply.status, sign_ins(larnat)) == (400, 0)
    assert [record.__dict__["code"] for record in caplog.records if "code" in record.__dict__] == ["", "invalid_grant"]


def test_somebody_who_changes_their_mind_is_told_so(larnat: Site) -> None:
    answer = larnat.browser().sign_in_as("")
    assert answer.status == 422
    assert "Inloggningen hos Exempelkommunen avbröts" in answer.text


def test_a_token_for_another_site_is_not_for_us(larnat: Site) -> None:
    """The same provider, with another client's tokens."""
    reach = larnat.app.extensions["issuers"]["kommunen"]
    there = larnat.browser()
    way = there.way_there()
    reach.issuer = reach.issuer.model_copy(update={"client_id": "elsewhere"})
    answer = there.choose(there.go(way), "anna-at-home")
    assert (answer.status, sign_ins(larnat)) == (400, 0)


def test_an_account_that_was_closed_here_stays_closed(larnat: Site) -> None:
    larnat.browser().sign_in_as("anna-at-home")
    with larnat.app.extensions["databases"].kept() as session:
        person = people.find(session, EMAIL)
        assert person
        people.set_active(session, person, active=False)
    answer = larnat.browser().sign_in_as("anna-at-home")
    assert answer.status == 422
    assert "är stängt" in answer.text
    assert sign_ins(larnat) == 0


def test_an_account_with_the_same_address_is_not_given_away(larnat: Site, provider: Provider) -> None:
    provider.says_of("anna-at-home", email=EDITOR.email, email_verified=False)
    answer = larnat.browser().sign_in_as("anna-at-home")
    assert answer.status == 422
    assert "intygar inte din e-postadress" in answer.text
    assert EDITOR.email not in answer.text
