"""Signing in at npm's oidc-provider: from the button to the page, over real HTTP, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.accounts import belonging, people
from app.config import Settings
from tests.accounts.oidc.issuers import Provider, Site, issuer_at, real_provider, site
from tests.serving import free_port

ACCOUNTS = {
    "anna-at-home": {"name": "Anna Andersson", "email": "anna@sodertalje.test", "email_verified": True},
}


@pytest.fixture(scope="module")
def ports() -> dict[str, int]:
    return {"larnat": free_port(), "elsewhere": free_port()}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory, ports: dict[str, int]) -> Iterator[Provider]:
    sites = {client: f"http://127.0.0.1:{port}" for client, port in ports.items()}
    with real_provider(tmp_path_factory.mktemp("provider") / "log", ACCOUNTS, sites) as provider:
        yield provider


@pytest.fixture
def larnat(provider: Provider, settings: Settings, ports: dict[str, int]) -> Iterator[Site]:
    provider.says_of("anna-at-home", **ACCOUNTS["anna-at-home"], groups=["skriver"], orgnr="")
    with site(settings, ports["larnat"], issuers=(issuer_at(provider.address),)) as larnat:
        yield larnat


def roles_of(larnat: Site, email: str = "anna@sodertalje.test") -> dict[str, str] | None:
    with larnat.app.extensions["databases"].kept_for_reading() as session:
        person = people.find(session, email)
        return belonging.roles_of(session, person) if person else None


def test_somebody_new_signs_in_and_is_what_the_issuer_says(larnat: Site) -> None:
    anna = larnat.browser()
    answer = anna.sign_in_as("anna-at-home", goes_to="/mitt-konto")
    assert (answer.status, answer.url) == (200, f"{larnat.address}/mitt-konto")
    assert "Anna Andersson" in answer.text
    assert roles_of(larnat) == {"sodertalje": "member"}
