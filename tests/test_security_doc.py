"""docs/security.md names every chapter of ASVS 5.0, and every test that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
CHAPTERS = (
    *("Encoding and Sanitization", "Validation and Business Logic", "Web Frontend Security", "API and Web Service"),
    *("File Handling", "Authentication", "Session Management", "Authorization", "Self-contained Tokens"),
    *("OAuth and OIDC", "Cryptography", "Secure Communication", "Configuration", "Data Protection"),
    *("Secure Coding and Architecture", "Security Logging and Error Handling", "WebRTC"),
)


def test_every_chapter_has_a_line_that_says_how_and_which_test() -> None:
    lines = re.findall(r"^\| (V\d+) ([^|]+?) \| ([^|]+) \| ([^|]+) \|$", TEXT, re.MULTILINE)
    assert [(number, name) for number, name, _, _ in lines] == [
        (f"V{number}", name) for number, name in enumerate(CHAPTERS, start=1)
    ]
    for number, _, how, tests in lines[:-1]:
        assert len(how) > 80, number
        assert "`tests/" in tests, number


def test_every_file_that_is_named_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/.]+)`", TEXT))
    assert len(named) > 30
    assert [path for path in sorted(named) if not (ROOT / path).is_file()] == []
    for page in ("docs/security.md", "SECURITY.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)\)", text):
            assert ((ROOT / page).parent / link).exists(), link


def test_what_is_not_met_is_said() -> None:
    assert TEXT.partition("## Det som inte är uppfyllt")[2].count("\n* **") >= 5
