"""/granskning and ``larnat audit``: the log as administrators read it, and as they take it along."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import update
from sqlmodel import Session, col

from app.accounts import people
from app.accounts.oidc.refusing import REASONS, Why
from app.accounts.tables import Person
from app.audit import Actor, Deed, note
from app.audit.chain import BEGINNING, COVERED
from app.audit.reading import PAGE
from app.cli import larnat
from app.config import Settings
from app.database import now
from app.web.text import day, today
from tests.audit.conftest import Told
from tests.cast import ADMIN, COLLEAGUE, EDITOR, READER, Browser, browser
from tests.house import House
from tests.seeing import see

LOG = "/granskning"


def person_id(app: Flask, email: str) -> str:
    with app.extensions["databases"].kept_for_reading() as session:
        found = people.find(session, email)
    assert found
    return found.id


def noted(app: Flask, deed: Deed, by: str | Actor | None = None, times: int = 1, **about: str) -> None:
    with app.extensions["databases"].kept() as session:
        for _ in range(times):
            note(session, deed, by, **about)  # type: ignore[arg-type]


def headings(client: Browser, query: str = "") -> list[str]:
    """The deeds that the page lists."""
    answer = client.get(f"{LOG}?{query}")
    assert answer.status_code == 200, answer.text
    return [words for level, words in see(answer).headings if level == 3]


# ---- Who ----


@pytest.mark.parametrize("address", [LOG, f"{LOG}.csv", f"{LOG}.jsonl"])
def test_the_log_is_for_administrators_and_for_nobody_else(
    address: str, anyone: Browser, editor: Browser, coordinator: Browser, admin: Browser
) -> None:
    assert anyone.get(address).status_code == 401
    assert editor.get(address).status_code == 403
    assert coordinator.get(address).status_code == 403
    assert admin.get(address).status_code == 200


def test_other_files_than_those_there_are_do_not_exist(admin: Browser) -> None:
    assert admin.get(f"{LOG}.xls").status_code == 404


# ---- Reading ----


def test_a_row_says_in_swedish_who_did_what_to_whom(app: Flask, house: House, admin: Browser) -> None:
    house.write("practices", "samtal", title="Samtal i grupp")
    house.look()
    document = app.extensions["library"].get("practices", "samtal").id
    eva = person_id(app, EDITOR.email)
    noted(
        app, Deed.VISIBILITY_CHANGED, eva, document=document, organisation="sodertalje", was="network", became="public"
    )
    noted(app, Deed.ROLE_CHANGED, person_id(app, ADMIN.email), person=eva, organisation="solna", became="coordinator")
    page = see(admin.get(LOG))
    assert "Ändrade vilka som får läsa en sida" in page.words
    assert page.leads_to("/arbetssatt/samtal")
    assert page.leads_to(f"/personer/konto/{eva}")
    assert "från nätverket till alla" in page.words
    assert "Fick en annan roll" in page.words
    assert "Solna stad" in page.words
    assert "samordnare" in page.words
    assert f"{day(now())} kl." in page.words


def test_every_deed_can_be_shown_and_taken_along_whatever_its_row_lacks(app: Flask, admin: Browser) -> None:
    for deed in Deed:
        noted(app, deed, Actor.NOBODY)
        noted(app, deed, "ingen-sådan", thing="5", document="borta", network="borta", organisation="okänd", became="x")
    shown = [*headings(admin), *headings(admin, "sida=2"), *headings(admin, "sida=3")]
    assert {deed.swedish for deed in Deed} <= set(shown)
    assert "raderat konto" in see(admin.get(LOG)).words
    assert admin.get(f"{LOG}.csv").text.count("\r\n") > 2 * len(Deed)


def test_a_page_that_is_gone_and_a_title_of_today(app: Flask, admin: Browser) -> None:
    noted(app, Deed.DELETED, Actor.OUTSIDE, document="borta-nu")
    words = see(admin.get(LOG)).words
    assert "en sida som inte finns nu" in words
    assert "Av någon utanför Lärnät" in words


def test_a_long_log_has_pages_that_keep_what_was_chosen(app: Flask, admin: Browser) -> None:
    noted(app, Deed.STATE_EXPORTED, Actor.WORKER, times=PAGE + 3)
    assert len(headings(admin, "vad=state-exported")) == PAGE
    assert len(headings(admin, "vad=state-exported&sida=2")) == 3
    page = admin.get(f"{LOG}?vad=state-exported")
    assert 'href="/granskning?vad=state-exported&amp;sida=2"' in page.text
    assert admin.get(f"{LOG}?vad=state-exported&sida=3").status_code == 404
    assert admin.get(f"{LOG}?sida=0").status_code == 404


# ---- Choosing ----


def test_rows_are_chosen_by_what_was_done_by_whom_and_about_what(app: Flask, house: House, admin: Browser) -> None:
    house.write("practices", "samtal")
    house.look()
    document = app.extensions["library"].get("practices", "samtal").id
    eva, kim = person_id(app, EDITOR.email), person_id(app, COLLEAGUE.email)
    noted(app, Deed.PUBLISHED, eva, document=document, organisation="sodertalje")
    noted(app, Deed.MOVED, Actor.COMMAND, person=kim, organisation="habo", was="nykvarn", became="habo")
    noted(app, Deed.FORBIDDEN, kim)
    published, moved, forbidden = Deed.PUBLISHED.swedish, Deed.MOVED.swedish, Deed.FORBIDDEN.swedish
    assert headings(admin, "vad=published") == [published]
    assert headings(admin, "vad=pages") == [published]
    assert headings(admin, "vem=Eva+Editor&vad=pages") == [published]
    assert headings(admin, f"vem={kim}&fran=2026-01-01&av=command&vad=moved") == [moved]
    assert forbidden in headings(admin, f"vem={COLLEAGUE.email}")
    assert published not in headings(admin, f"vem={COLLEAGUE.email}")
    assert headings(admin, "om=/arbetssatt/samtal") == [published]
    assert headings(admin, f"om={document}") == [published]
    assert headings(admin, "om=Håbo+kommun&vad=moved") == headings(admin, "om=nykvarn") == [moved]
    assert headings(admin, "vem=Ingen+Alls") == []


def test_days_are_swedish_days_and_both_are_with(app: Flask, admin: Browser) -> None:
    noted(app, Deed.BACKED_UP, Actor.WORKER)
    day_of_it, tomorrow = today(), today() + timedelta(days=1)
    assert headings(admin, f"vad=backed-up&fran={day_of_it}&till={day_of_it}") == [Deed.BACKED_UP.swedish]
    assert headings(admin, f"vad=backed-up&fran={tomorrow}") == []
    assert headings(admin, f"vad=backed-up&till={day_of_it - timedelta(days=1)}") == []


def test_an_origin_is_followed_by_its_mark(app: Flask, admin: Browser) -> None:
    browser(app).get("/")
    for place in ("203.0.113.5", "198.51.100.5"):
        browser(app).post("/logga-in", data={"email": "x", "password": "y"}, environ_base={"REMOTE_ADDR": place})
    mark = (
        CliRunner().invoke(larnat, ["audit", "origin", "203.0.113.77"], obj=app.extensions["settings"]).output.strip()
    )
    assert len(mark) == 8
    assert headings(admin, f"ursprung={mark}") == [Deed.SIGN_IN_REFUSED.swedish]


@pytest.mark.parametrize("query", ["fran=igar", "till=2026-02-30", "vad=ingenting", "av=hunden"])
def test_what_cannot_be_understood_is_said_and_stays_in_its_box(query: str, admin: Browser) -> None:
    answer = admin.get(f"{LOG}?{query}&vem=Eva")
    assert answer.status_code == 422
    assert "Skriv datumet som" in answer.text or "Välj något i listan" in answer.text
    assert 'value="Eva"' in answer.text
    assert admin.get(f"{LOG}.csv?{query}").status_code == 400


# ---- Taking along ----


def rename(app: Flask, email: str, name: str) -> None:
    with app.extensions["databases"].kept() as session:
        session.connection().execute(update(Person).where(col(Person.email) == email).values(name=name))


def test_the_spreadsheet_has_what_was_chosen_and_no_formula(app: Flask, admin: Browser) -> None:
    formula = '=HYPERLINK("http://ond.example","Klicka")'
    rename(app, READER.email, formula)
    noted(app, Deed.ADMIN_GIVEN, person_id(app, READER.email), person=person_id(app, EDITOR.email))
    noted(app, Deed.ADMIN_TAKEN, person_id(app, READER.email))
    answer = admin.get(f"{LOG}.csv?vad=admin-given&vem={EDITOR.email}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="granskning-{today()}.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
    assert [row[2] for row in rows[1:]] == [Deed.ADMIN_GIVEN.swedish]
    assert rows[1][rows[0].index("Av")] == f"'{formula}"
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]


def test_the_lines_for_programs_hold_the_whole_chain(app: Flask, admin: Browser) -> None:
    rows = [json.loads(line) for line in admin.get(f"{LOG}.jsonl").text.splitlines()]
    before = BEGINNING
    for row in rows:
        told = json.dumps([before, *(row[name] for name in COVERED)], ensure_ascii=False, separators=(",", ":"))
        assert hashlib.sha256(told.encode()).hexdigest() == row["digest"]
        before = row["digest"]
    assert rows[-1]["deed"] == "audit-exported", "that it is taken along is told in what is taken along"
    assert len(rows) > 5


def test_the_command_line_writes_the_same_and_tells_of_it(settings: Settings, tmp_path: Path, told: Told) -> None:
    file = tmp_path / "logg.jsonl"
    assert CliRunner().invoke(larnat, ["audit", "export", str(file)], obj=settings).exit_code == 0
    assert [(row.deed, row.by) for row in told()] == [("audit-exported", "command")]
    assert json.loads(file.read_text().splitlines()[-1])["deed"] == "audit-exported"
    again = CliRunner().invoke(larnat, ["audit", "export", str(file)], obj=settings)
    assert again.exit_code == 1
    assert "finns redan" in again.output


def test_the_command_line_sees_that_the_log_is_whole_or_not(settings: Settings, session: Session) -> None:
    whole = CliRunner().invoke(larnat, ["audit", "verify"], obj=settings)
    assert whole.exit_code == 0, whole.output
    assert "Loggen är hel." in whole.output
    end = whole.output.partition("slutar med ")[2].split()[0]
    assert CliRunner().invoke(larnat, ["audit", "verify", "--holds", end], obj=settings).exit_code == 0
    other = end.partition(":")[0] + ":" + "0" * 64
    changed = CliRunner().invoke(larnat, ["audit", "verify", "--holds", other], obj=settings)
    assert changed.exit_code == 1
    assert "är inte densamma som förut" in changed.output
    assert CliRunner().invoke(larnat, ["audit", "verify", "--holds", "nej"], obj=settings).exit_code == 2


def test_a_page_that_changes_nothing_writes_nothing(app: Flask, house: House, told: Told) -> None:
    house.write("practices", "samtal")
    house.look()
    clients = [browser(app), browser(app, EDITOR)]
    told()
    for client in clients:
        for address in ("/", "/arbetssatt", "/arbetssatt/samtal", "/sok?q=samtal", "/finns-inte", "/personuppgifter"):
            client.get(address)
    assert told() == []


def test_why_an_issuer_did_not_sign_somebody_in_is_told_in_swedish(app: Flask, admin: Browser) -> None:
    assert REASONS.keys() == set(Why)
    for why in Why:
        noted(app, Deed.ISSUER_REFUSED, Actor.NOBODY, thing="kommunen", became=why.value)
    shown, cells = see(admin.get(f"{LOG}?vad=issuer-refused")).words, admin.get(f"{LOG}.csv?vad=issuer-refused").text
    for why, words in REASONS.items():
        assert f"hos kommunen: {words}" in shown
        assert f";{words};" in cells
        assert f";{why.value};" not in cells


def test_on_paper_stand_the_rows_and_what_was_chosen_and_nothing_to_click(app: Flask, admin: Browser) -> None:
    hidden = r'class="[^"]*screen-only[^"]*"'
    everything, chosen = admin.get(LOG).text, admin.get(f"{LOG}?vad=signed-in").text
    assert re.search(rf"<form[^>]*{hidden}[^>]*V\u00e4lj vad som visas", everything)
    assert not re.search(rf"<form[^>]*{hidden}[^>]*V\u00e4lj vad som visas", chosen)
    for page in (everything, chosen):
        assert re.search(rf'<section {hidden} aria-labelledby="hamta"', page)
        assert len(re.findall(rf"<a {hidden}[^>]*>visa bara", page)) == page.count(">visa bara<") > 0
