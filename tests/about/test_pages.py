"""What the site tells of itself is there, is true, and changes with who runs it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.about import statement
from app.about.cookies import traces
from app.about.personal import kept_of_people
from app.config import Settings
from app.database import Kept
from app.library.organisations import load_organisations
from tests.cast import EDITOR, PASSWORD, Browser, browser
from tests.editing.writing import fields_of
from tests.house import House
from tests.seeing import see

PAGES = ("/om", "/tillganglighet", "/personuppgifter")
OPERATOR: dict[str, Any] = {
    "operator": "Exempelkommunen, socialförvaltningen",
    "contact_email": "larnat@exempelkommunen.example",
    "contact_phone": "08-123 456 00",
    "data_protection_email": "dso@exempelkommunen.example",
    "published": date(2026, 12, 1),
}


@pytest.fixture
def run_by(app: Flask) -> Callable[..., None]:
    """Let the site be run with other settings."""

    def changed(**settings: Any) -> None:
        app.extensions["settings"] = replace(app.extensions["settings"], **settings)

    return changed


# ---- Accessibility ----


def test_the_statement_has_every_part_that_the_law_asks_for(anyone: Browser, run_by: Callable[..., None]) -> None:
    run_by(**OPERATOR)
    page = see(anyone.get("/tillganglighet"))
    assert "Redogörelsen gäller webbplatsen Lärnät. Ansvarig: Exempelkommunen, socialförvaltningen." in page.words
    assert "delvis förenlig" in page.words
    headings = [words for level, words in page.headings if level == 2]
    assert headings == [
        "Hur tillgänglig är webbplatsen?",
        "Vad kan du göra om du inte kan använda delar av webbplatsen?",
        "Rapportera brister i webbplatsens tillgänglighet",
        "Tillsyn",
        "Teknisk information om webbplatsens tillgänglighet",
        "Innehåll som inte är tillgängligt",
        "Hur vi testat webbplatsen",
    ]
    assert page.leads_to("/rapportera?galler=barrier")
    assert page.leads_to("/rapportera?galler=format")
    assert page.leads_to("https://www.digg.se/tdosanmalan")
    assert page.leads_to("mailto:larnat@exempelkommunen.example")
    assert page.leads_to("tel:08-12345600")
    assert "Webbplatsen publicerades 1 december 2026." in page.words
    assert "Den senaste bedömningen gjordes 22 november 2026." in page.words


def test_the_operators_own_review_is_the_latest_update(anyone: Browser, run_by: Callable[..., None]) -> None:
    run_by(reviewed=date(2027, 3, 5))
    assert "Redogörelsen uppdaterades senast 5 mars 2027." in see(anyone.get("/tillganglighet")).words
    run_by(reviewed=date(2001, 1, 1))
    assert "senast 22 november 2026." in see(anyone.get("/tillganglighet")).words


def test_a_sign_in_that_lasts_long_needs_no_warning(settings: Settings) -> None:
    def told(hours: int) -> str:
        return repr(statement.situations(replace(settings, session_hours=hours)))

    assert "loggas ut efter en tid" in told(12)
    assert "loggas ut efter en tid" not in told(20)


@pytest.mark.parametrize("path", PAGES)
def test_a_demonstration_says_that_nobody_runs_it(path: str, anyone: Browser, run_by: Callable[..., None]) -> None:
    run_by(mode="demo")
    words = see(anyone.get(path)).words
    assert "Demonstration." in words
    assert "inte har angett" not in words


@pytest.mark.parametrize("path", PAGES)
def test_a_public_site_without_an_operator_says_so(path: str, anyone: Browser, run_by: Callable[..., None]) -> None:
    run_by(mode="production")
    words = see(anyone.get(path, base_url="https://localhost")).words
    assert "den som driver webbplatsen, som inte har angett sitt namn" in words
    assert "Demonstration." not in words


@pytest.mark.parametrize("path", PAGES)
def test_the_operators_name_is_shown_as_text(path: str, anyone: Browser, run_by: Callable[..., None]) -> None:
    run_by(**{**OPERATOR, "operator": "<b>Solna</b> & co"})
    assert "&lt;b&gt;Solna&lt;/b&gt; &amp; co" in anyone.get(path).text


@pytest.mark.parametrize("path", PAGES)
def test_every_pages_foot_leads_there(path: str, anyone: Browser) -> None:
    foot = anyone.get("/finns-inte").text.partition("<footer")[2]
    assert f'href="{path}"' in foot


# ---- Personal data ----


def test_every_kept_table_that_holds_something_of_people_is_told_of(settings: Settings) -> None:
    told = {table for one in kept_of_people(settings) for table in one.tables}
    # Where files lie and lay, and what is locked of them: nothing of people.
    assert set(Kept.metadata.tables) - told == {"head", "former_path", "document_lock"}
    assert told <= set(Kept.metadata.tables)


def test_how_long_backups_are_kept_is_what_the_settings_say(anyone: Browser, run_by: Callable[..., None]) -> None:
    run_by(backup_hours=24, backup_keep=7)
    assert "En kopia görs var 24:e timme, och de 7 kopior som är nyast sparas." in see(anyone.get(PAGES[2])).words
    run_by(backup_hours=1, backup_keep=1)
    assert "En kopia görs varje timme, och den nyaste sparas." in see(anyone.get(PAGES[2])).words
    run_by(backup_hours=0)
    assert "som den som driver webbplatsen har bestämt" in see(anyone.get(PAGES[2])).words


def test_whom_to_turn_to_is_told(anyone: Browser, run_by: Callable[..., None]) -> None:
    run_by(**OPERATOR)
    page = see(anyone.get("/personuppgifter"))
    assert "Personuppgiftsansvarig: Exempelkommunen, socialförvaltningen." in page.words
    assert page.leads_to("mailto:dso@exempelkommunen.example")
    assert page.leads_to("https://www.imy.se")


def test_the_cookies_that_are_told_of_are_those_that_are_set(app: Flask, house: House, settings: Settings) -> None:
    house.write("practices", "a")
    house.look()
    client = browser(app)
    answers = [client.get(path) for path in ("/", "/logga-in", "/rapportera", "/sok?q=a", "/arbetssatt/a", *PAGES)]
    fields = fields_of(client.get("/logga-in"))
    answers.append(client.post("/logga-in", data={**fields, "email": EDITOR.email, "password": PASSWORD}))
    answers += [client.get(path) for path in ("/", "/mitt-konto", "/arbetssatt/nytt", "/arbetssatt/a/historik")]
    answers.append(client.post("/logga-ut"))
    answers.append(client.get("/"))
    said = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in said} == {
        trace.name for trace in traces(settings) if trace.sort == "kaka"
    }
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in said)
    lasting = [cookie for cookie in said if "Expires=" in cookie and "01 Jan 1970" not in cookie]
    assert lasting
    assert f"Är du inloggad: {settings.session_hours} timmar efter den senaste sidan" in traces(settings)[0].lifetime
    assert app.permanent_session_lifetime.total_seconds() == settings.session_hours * 3600


def test_who_only_reads_gets_no_cookie(app: Flask, house: House) -> None:
    house.write("practices", "a")
    house.look()
    for path in ("/", "/arbetssatt", "/arbetssatt/a", "/sok?q=a", "/finns-inte", *PAGES):
        assert "Set-Cookie" not in browser(app).get(path).headers, path


# ---- About ----


def test_the_page_about_larnat_says_who_made_what_and_which_version_it_is(anyone: Browser) -> None:
    answer = anyone.get("/om")
    page = see(answer)
    assert re.search(r"Det här är Lärnät \d+\.\d+\.\d+\.", page.words)
    for words in ("Source Sans 3", "htmx", "Statistiska centralbyrån"):
        assert words in page.words
    for address in re.findall(r'href="(/static/vendor/[^"]+)"', answer.text):
        licence = anyone.get(address)
        assert licence.status_code == 200
        assert licence.mimetype == "text/plain" or ".txt" not in address


def test_the_page_about_larnat_names_what_is_invented(house: House, anyone: Browser) -> None:
    path = house.home / "content/organisations.yaml"
    path.write_text("exempelkommunen:\n  name: Exempelkommunen\n  sort: invented\n", encoding="utf-8")
    house.app.extensions["organisations"] = load_organisations(house.home)
    house.look()
    assert "finns inte" not in see(anyone.get("/om")).words
    house.write("practices", "a", owner="exempelkommunen", invented=True)
    house.look()
    assert "Exempelkommunen finns inte" in see(anyone.get("/om")).words
