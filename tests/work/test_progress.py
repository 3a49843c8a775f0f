from __future__ import annotations

import sys

import pytest

from app.work.progress import bar


def test_a_log_gets_a_line_for_every_fourth(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("Läser filerna") as progress:
        for done in range(1, 201):
            progress(done, 200)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split("] ")[1] for line in lines] == ["25 %", "50 %", "75 %", "100 %"]
    assert all(line.startswith("Läser filerna: [") for line in lines)


def test_nothing_is_said_where_there_is_nothing_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("Läser filerna") as progress:
        progress(0, 0)
    assert capsys.readouterr().err == ""


def test_on_a_terminal_the_next_bar_has_a_line_of_its_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with bar("Läser filerna") as reading, bar("Bygger sökregistret") as building:
        reading(1, 2)
        reading(2, 2)
        building(1, 2)
    lines = capsys.readouterr().err.split("\n")
    assert [line.rpartition("\r")[2].split(":")[0] for line in lines] == ["Läser filerna", "Bygger sökregistret", ""]
