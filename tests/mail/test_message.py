"""Nothing that anybody typed becomes a line of a letter's head, or another recipient."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import Settings
from app.mail.message import Message, NoAddress, composed, deliverable
from tests.house import make_home
from tests.mail.post_office import sending


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return sending(Settings.for_tests(make_home(tmp_path_factory.mktemp("letters"))), 25)


HEADS = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
}


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "anna@",
        "@solna.test",
        "anna@solna",
        "anna@solna..test",
        "anna@-solna.test",
        "anna@solna.test\nBcc: bo@habo.test",
        "anna@solna.test\r\n\r\nHej",
        "anna@solna.test, bo@habo.test",
        "anna@solna.test bo@habo.test",
        "<anna@solna.test>",
        "Anna <anna@solna.test>",
        '"anna bo"@solna.test',
        "anna@solna.test>",
        "anna.@solna.test",
        "an\x00na@solna.test",
        "änna@solna.test",
        "anna@[127.0.0.1]",
        "anna@127.0.0.1",
        "a" * 190 + "@solna.test",
        "anna@" + "a" * 64 + ".test",
    ],
)
def test_what_is_no_single_address_gets_no_letter(settings: Settings, address: str) -> None:
    with pytest.raises(NoAddress):
        composed(Message(address, "Hej", "Hej"), settings)


def test_a_domain_with_swedish_letters_is_written_as_servers_write_it() -> None:
    assert deliverable("anna@växjö.se") == "anna@xn--vxj-qla6g.se"
    assert deliverable("anna.b+c@solna.test") == "anna.b+c@solna.test"


@pytest.mark.parametrize("subject", ["Hej\nBcc: bo@habo.test", "Hej\r\n\r\nBcc: bo@habo.test", "Hej\x0b\x85då"])
def test_a_subject_is_one_line(settings: Settings, subject: str) -> None:
    mail = composed(Message("anna@solna.test", subject, "Hej"), settings)
    assert set(mail.keys()) == HEADS
    assert "\n" not in mail["Subject"]
    assert mail.as_bytes().count(b"Bcc:") == mail.as_bytes().count(b"Subject: Hej Bcc:")


@given(subject=st.text(max_size=200), body=st.text(max_size=500))
def test_whatever_a_letter_says_its_head_is_ours(settings: Settings, subject: str, body: str) -> None:
    mail = composed(Message("anna@solna.test", subject, body.replace("\ud800", "")), settings)
    head = mail.as_bytes().partition(b"\r\n\r\n")[0]
    names = {line.partition(b":")[0].decode() for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))}
    assert names <= HEADS
