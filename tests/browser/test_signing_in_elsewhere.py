"""Signing in at an issuer, in a real browser: it is the browser that follows, or does not follow, the way there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from app.config import Settings
from tests.accounts.oidc.issuers import Site, issuer_at, real_provider, site
from tests.browser.axe import findings
from tests.serving import free_port

pytestmark = pytest.mark.browser

ANNA = {"name": "Anna Andersson", "email": "anna@sodertalje.test", "email_verified": True, "groups": ["skriver"]}


@pytest.fixture
def larnat(settings: Settings, tmp_path: Path) -> Iterator[Site]:
    port = free_port()
    with real_provider(tmp_path / "log", {"anna": ANNA}, {"larnat": f"http://127.0.0.1:{port}"}) as provider:
        gone = issuer_at("http://127.0.0.1:9", key="borta", name="En som är borta")
        with site(settings, port, issuers=(issuer_at(provider.address), gone)) as larnat:
            yield larnat


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_one_signs_in_at_an_issuer_and_out_again_on_a_phone(larnat: Site, chromium: Chromium, scripts: bool) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=scripts)
    page = context.new_page()
    seen: list[str] = []

    def look() -> None:
        if scripts:
            seen.extend(findings(page))

    page.goto(f"{larnat.address}/logga-in?next=/mitt-konto")
    look()
    page.get_by_role("button", name="Logga in med En som är borta").click()
    expect(page.get_by_role("alert")).to_contain_text("Det går inte att logga in hos En som är borta just nu")
    look()
    page.get_by_role("button", name="Logga in med Exempelkommunen").click()
    page.wait_for_url("**/who/**")
    page.locator("input[name=account]").fill("anna")
    page.get_by_role("button", name="Logga in").click()
    page.wait_for_url("**/mitt-konto")
    expect(page.get_by_text("Med Exempelkommunen, sedan")).to_be_visible()
    assert page.locator("body").evaluate("body => body.scrollWidth") <= 320 if scripts else True
    look()
    page.get_by_role("button", name=re.compile("^Logga ut Anna")).click()
    page.wait_for_url("**/utloggad/hos/kommunen")
    expect(page.get_by_role("link", name="Logga ut också från Exempelkommunen")).to_be_visible()
    look()
    assert seen == []
    context.close()
