"""Anybody tells of a fault or a barrier: it is kept, they get a number, and nothing typed is lost or trusted."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.feedback import reports
from app.feedback.form import path_of
from tests.cast import Browser, browser
from tests.editing.writing import errors_on, fields_of
from tests.feedback.reporting import TOLD, kept, send
from tests.seeing import see


def test_somebody_who_is_not_signed_in_reports_and_gets_a_number(app: Flask, anyone: Browser) -> None:
    answer = send(anyone, subject="barrier", page="/sok", tools="NVDA i Firefox", email_or_phone="kim@hem.example")
    assert answer.status_code == 303
    receipt = see(anyone.get(answer.headers["Location"]))
    assert "Den har nummer 1 och kom" in receipt.words
    assert TOLD["text"] not in receipt.words
    assert receipt.leads_to("/sok")
    [report] = kept(app)
    assert (report.subject, report.text, report.state) == ("barrier", TOLD["text"], "new")
    assert (report.page, report.tools, report.email_or_phone) == ("/sok", "NVDA i Firefox", "kim@hem.example")


def test_a_report_says_nothing_of_who_is_signed_in(app: Flask, editor: Browser) -> None:
    assert send(editor).status_code == 303
    [report] = kept(app)
    said = repr(report.model_dump(exclude={"token"}))
    assert [word for word in ("Eva", "sodertalje") if word in said] == []


def test_the_foot_of_every_page_leads_to_the_form_and_names_the_page(anyone: Browser) -> None:
    foot = anyone.get("/arbetssatt?omrade=hemloshet").text.partition("<footer")[2]
    found = re.search(r'href="(/rapportera[^"]*)"', foot)
    assert found
    # What stands after the question mark may be what somebody searched for.
    assert found[1] == "/rapportera?sida=/arbetssatt"
    assert fields_of(anyone.get(found[1]))["page"] == "/arbetssatt"


def test_the_number_of_a_fault_comes_along_and_nothing_else_that_says_it_is_one(anyone: Browser) -> None:
    assert fields_of(anyone.get("/rapportera?fel=K7MN4PQR"))["text"] == "Felets nummer är K7MN4PQR.\n\n"
    for number in ("k7mn4pqr", "K7MN4PQ", "K7MN4PQR2", "<script>", "K7MN4PQ\n"):
        assert fields_of(anyone.get("/rapportera", query_string={"fel": number}))["text"] == ""


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a%0a\nb", "http://[", "x"],
)
def test_a_foreign_address_is_not_taken_for_a_page(app: Flask, anyone: Browser, address: str) -> None:
    assert fields_of(anyone.get("/rapportera", query_string={"sida": address}))["page"] == ""
    if "\n" not in address:
        answer = send(anyone, page=address)
        assert answer.status_code == 422
        assert errors_on(answer) == ["Skriv adressen till en sida i Lärnät, som /arbetssatt, eller lämna rutan tom."]
        assert fields_of(answer)["text"] == TOLD["text"]
        assert kept(app) == []


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("", ""),
        ("/", "/"),
        ("/sok?q=a", "/sok?q=a"),
        ("https://larnat.example/sok", "/sok"),
        ("http://larnat.example", "/"),
        ("https://larnat.example.evil.example/sok", None),
        ("https://larnat.example@evil.example/", None),
        ("https://larnat.example//evil.example/", None),
    ],
)
def test_the_address_of_a_page_may_be_written_with_the_host_before_it(address: str, path: str | None) -> None:
    assert path_of(address, "larnat.example") == path


def test_what_is_missing_is_said_and_what_is_typed_stays(app: Flask, anyone: Browser) -> None:
    answer = send(anyone, subject="", text=" \n ", tools="Talsyntes", email_or_phone="08-123")
    assert answer.status_code == 422
    assert errors_on(answer) == ["Välj vad det gäller.", "Skriv vad som hände."]
    assert "<title>Fel: Rapportera" in answer.text
    fields = fields_of(answer)
    assert (fields["tools"], fields["email_or_phone"]) == ("Talsyntes", "08-123")
    assert kept(app) == []


def test_a_subject_that_is_none_is_refused(app: Flask, anyone: Browser) -> None:
    assert errors_on(send(anyone, subject="<script>")) == ["Välj vad det gäller."]
    assert "subject" not in fields_of(anyone.get("/rapportera?galler=<script>"))
    assert fields_of(anyone.get("/rapportera?galler=format"))["subject"] == "format"


def test_a_text_of_a_megabyte_is_refused_and_comes_back_whole(app: Flask, anyone: Browser) -> None:
    long = "å" * 1_000_000
    answer = send(anyone, text=long)
    assert answer.status_code == 422
    assert errors_on(answer) == ["Det är 1000000 tecken långt. Korta det till högst 5000."]
    assert fields_of(answer)["text"] == long
    assert errors_on(send(anyone, tools="x" * 501)) == ["Det är 501 tecken långt. Korta det till högst 500."]
    assert kept(app) == []


def test_a_personal_number_is_not_kept_and_the_rest_comes_back(app: Flask, anyone: Browser) -> None:
    answer = send(anyone, text="Det stod 19121212-1212 på sidan.", email_or_phone="070-123 45 67")
    assert answer.status_code == 422
    assert errors_on(answer) == ["Här ser det ut att stå ett personnummer (••••••••-••••). Ta bort det."]
    assert fields_of(answer)["email_or_phone"] == "070-123 45 67"
    assert send(anyone, tools="121212-1212").status_code == 422
    assert send(anyone, email_or_phone="08-121212-1212").status_code == 303
    assert [report.text for report in kept(app)] == [TOLD["text"]]


def test_line_breaks_and_signs_that_nobody_sees_stay_out_of_single_lines(app: Flask, anyone: Browser) -> None:
    send(
        anyone,
        text="Rad ett\r\nrad två\x00\x1b[31m\u202e!",
        tools="NVDA\r\nBcc: alla@example.se",
        email_or_phone="a@b.se\nSubject: x",
    )
    [report] = kept(app)
    assert report.text == "Rad ett\nrad två[31m!"
    assert report.tools == "NVDA Bcc: alla@example.se"
    assert report.email_or_phone == "a@b.se Subject: x"


def test_markup_is_shown_as_text(app: Flask, anyone: Browser, admin: Browser) -> None:
    markup = "</textarea><script>alert(1)</script>"
    answer = send(anyone, subject="", text=markup, tools='"><img src=x>')
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    send(anyone, text=markup, tools='"><img src=x>')
    for page in ("/rapporter", "/rapporter/1"):
        shown = admin.get(page)
        assert "<script>alert" not in shown.text
        assert "<img src=x" not in shown.text
        assert "</textarea><script>alert(1)</script>" in see(shown).words


def test_a_double_click_counts_once(app: Flask, anyone: Browser) -> None:
    fields = {**fields_of(anyone.get("/rapportera")), **TOLD}
    answers = [anyone.post("/rapportera", data=fields) for _ in range(3)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(kept(app)) == 1


def test_a_mark_that_is_not_ours_gets_one_of_ours(app: Flask, anyone: Browser) -> None:
    places = {send(anyone, _token=mark).headers["Location"] for mark in ("", "kort", "å" * 20, "x" * 5000)}
    assert len(places) == 4
    assert all(re.fullmatch(r"/rapportera/tack/[\w-]{22}", place) for place in places)


def test_a_receipt_is_for_who_has_its_address(app: Flask, anyone: Browser) -> None:
    send(anyone)
    for guess in ("1", "x" * 22, "%00"):
        assert anyone.get(f"/rapportera/tack/{guess}").status_code == 404


def test_too_many_from_one_address_wait_and_keep_what_they_wrote(app: Flask, anyone: Browser) -> None:
    for number in range(reports.MOST_FROM_ONE):
        assert send(anyone, text=f"Rapport {number}").status_code == 303
    answer = send(anyone, text="En till", email_or_phone="a@b.se")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert "Rapporten är inte skickad än" in see(answer).words
    fields = fields_of(answer)
    assert (fields["text"], fields["email_or_phone"]) == ("En till", "a@b.se")
    assert send(anyone, sent_from="192.0.2.7").status_code == 303
    assert len(kept(app)) == reports.MOST_FROM_ONE + 1


def test_a_form_that_could_not_be_sent_takes_no_tries(anyone: Browser) -> None:
    for _ in range(reports.MOST_FROM_ONE + 1):
        assert send(anyone, text="").status_code == 422
    assert send(anyone).status_code == 303


def test_reports_from_everywhere_have_a_limit_of_their_own(
    app: Flask, anyone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "MOST_FROM_ALL", 3)
    codes = [send(anyone, sent_from=f"192.0.2.{number}").status_code for number in range(4)]
    assert codes == [303, 303, 303, 429]


def test_sign_ins_and_reports_are_counted_apart(app: Flask, anyone: Browser) -> None:
    for _ in range(reports.MOST_FROM_ONE):
        send(anyone)
    from tests.cast import EDITOR

    assert browser(app).sign_in(EDITOR).status_code == 303


def test_a_form_without_its_token_is_offered_to_be_sent_again_and_nobody_has_to_sign_in(
    app: Flask, anyone: Browser
) -> None:
    fields = {**fields_of(anyone.get("/rapportera")), **TOLD}
    fields.pop("csrf_token")
    answer = browser(app).post("/rapportera", data=fields, token=False, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 400
    assert "Det du skrev är kvar" in see(answer).words
    assert TOLD["text"] in see(answer).words
    assert "Logga in" not in see(answer).words
    assert kept(app) == []
    stranger = browser(app)
    carried = stranger.post("/rapportera", data=fields, token=False, headers={"Sec-Fetch-Site": "same-origin"})
    assert stranger.post("/rapportera", data=fields_of(carried)).status_code == 303
    assert len(kept(app)) == 1


def test_another_site_cannot_report_in_somebodys_name(app: Flask, anyone: Browser) -> None:
    answer = anyone.post("/rapportera", data=TOLD, token=False, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert TOLD["text"] not in answer.text
    assert kept(app) == []


def test_the_form_says_what_not_to_write(anyone: Browser) -> None:
    assert "Skriv inga personnummer och inget om enskilda klienter." in see(anyone.get("/rapportera")).words
