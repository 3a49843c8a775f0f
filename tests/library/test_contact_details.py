"""How a person is reached is found in texts, and a unit's mailbox and switchboard are not."""

from __future__ import annotations

import pytest

from app.library.contact_details import A_NUMBER, AN_ADDRESS, details_in

MOBILE = "070" + "-123 45 67"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Skriv till anna.andersson@kommun.test.", [(1, AN_ADDRESS)]),
        ("Rad.\n<Åsa_Öberg@kommun.test>", [(2, AN_ADDRESS)]),
        ("karl.erik.berg@sub.kommun.test", [(1, AN_ADDRESS)]),
        (f"Ring {MOBILE} eller", [(1, A_NUMBER)]),
        ("+46 70 123 45 67", [(1, A_NUMBER)]),
        ("+46(0)70 1234567", [(1, A_NUMBER)]),
        ("0701234567", [(1, A_NUMBER)]),
        ("anna.andersson@kommun.test, 0761234567", [(1, AN_ADDRESS), (1, A_NUMBER)]),
        ("socialtjanst@kommun.test", []),
        ("forsorjningsstod2@kommun.test", []),
        ("Växeln: 08-123 456 78", []),
        ("Dnr 2026/0701234567", []),
        ("12 0701 234 567 890", []),
        ("Den 7 0 personer 2026", []),
        ("", []),
    ],
)
def test_what_is_a_persons_is_told(text: str, found: list[tuple[int, str]]) -> None:
    assert list(details_in(text)) == found
