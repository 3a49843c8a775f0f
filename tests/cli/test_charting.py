"""``larnat chart`` reads a file, prints what the chart shows, and says what is wrong with the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import larnat
from app.config import Settings
from app.measuring.points import ChartType

FLOW = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)


def run(settings: Settings, *words: str | Path) -> Result:
    return CliRunner().invoke(larnat, ["chart", *map(str, words)], obj=settings)


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    """The ten batches of the NIST/SEMATECH e-Handbook, 6.3.2.2, as a Swedish Excel writes them."""
    rows = [f"2024-{month:02}-01;{str(value).replace('.', ',')}" for month, value in enumerate(FLOW, 1)]
    file = tmp_path / "flode.csv"
    file.write_bytes("\r\n".join(["datum;värde", *rows, ""]).encode("utf-8-sig"))
    return file


@pytest.fixture
def shares(tmp_path: Path) -> Path:
    file = tmp_path / "andel.csv"
    rows = [f"2024-{month:02},{3 + month % 4},{20 + month}" for month in range(1, 13)]
    file.write_text("\n".join(["date,numerator,denominator", *rows]), encoding="utf-8")
    return file


def test_the_figures_of_a_chart_are_printed_as_json(settings: Settings, flow: Path) -> None:
    result = run(settings, flow, "--type", "i", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert len(told["points"]) == 10
    first = told["points"][0]
    assert first["date"] == "2024-01-01"
    assert first["value"] == 49.6
    assert first["centre"] == pytest.approx(50.81)
    assert (first["lower"], first["upper"]) == pytest.approx((45.8159, 55.8041), abs=5e-5)
    assert first["signals"] == []
    assert {name: told[name] for name in ("n_useful", "longest_run", "longest_run_max")} == {
        "n_useful": 10,
        "longest_run": 5,
        "longest_run_max": 6,
    }
    assert (told["crossings"], told["crossings_min"], told["signal"]) == (3, 2, False)
    assert told["sentence"].startswith("Inget tyder på en bestående förändring")


@pytest.mark.parametrize("kind", list(ChartType))
def test_every_type_of_chart_is_made(settings: Settings, tmp_path: Path, shares: Path, kind: ChartType) -> None:
    counts = tmp_path / "antal.csv"
    counts.write_text("date;value\n" + "".join(f"2024-{one:02}-01;{one}\n" for one in range(1, 13)), encoding="utf-8")
    result = run(settings, shares if kind.from_fractions else counts, "--type", kind, "--json")
    assert result.exit_code == 0
    assert len(json.loads(result.stdout)["points"]) == 12


def test_without_json_the_sentence_and_a_table_are_printed(settings: Settings, flow: Path) -> None:
    result = run(settings, flow, "--type", "run", "--unit", "liter")
    assert result.exit_code == 0
    assert "Inget tyder på en bestående förändring: värdena varierar kring medianen 51,2\u00a0liter" in result.stdout
    assert "januari 2024" in result.stdout
    assert "51,2" in result.stdout


def test_options_freeze_exclude_and_part_the_series(settings: Settings, flow: Path) -> None:
    frozen = json.loads(run(settings, flow, "--type", "run", "--json", "--freeze", "3").stdout)
    assert {point["centre"] for point in frozen["points"]} == {49.6}
    excluded = json.loads(run(settings, flow, "--type", "run", "--json", "--exclude", "2024-05").stdout)
    assert excluded["points"][4]["state"] == "excluded"
    assert excluded["n_useful"] == 8
    parted = json.loads(run(settings, flow, "--type", "run", "--json", "--phase", "2024-06-01", "Ny pump").stdout)
    assert parted["n_useful"] == 4
    assert "Ny pump" in parted["sentence"]
    aimed = json.loads(run(settings, flow, "--type", "i", "--json", "--target", "60", "--better", "up").stdout)
    assert aimed["assurance"] == "fails"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--type", "p"), "numerator (täljare)"),
        (("--type", "x"), "är inget av"),
        ((), "Det saknas"),
        (("--type", "run", "--freeze", "1"), "minst två"),
        (("--type", "run", "--phase", "2024-05-01", " "), "varför en ny fas"),
        (("--type", "run", "--phase", "snart", "Ny"), "inget datum"),
        (("--type", "run", "--target", "1,234"), "1,234"),
        (("--type", "g"), "helt tal"),
    ],
)
def test_what_cannot_be_done_is_said_in_swedish(
    settings: Settings, flow: Path, words: tuple[str, ...], said: str
) -> None:
    result = run(settings, flow, *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_a_file_that_is_not_there_is_said_to_be_missing(settings: Settings, tmp_path: Path) -> None:
    result = run(settings, tmp_path / "borta.csv", "--type", "run")
    assert result.exit_code == 2
    assert "finns inte" in result.stderr


def test_bad_rows_stop_the_command_and_can_be_left_out(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "fel.csv"
    file.write_text("date;value\n2024-01-01;5\n2024-02-31;6\n2024-03-01;fem\n2024-04-01;7\n", encoding="utf-8")
    stopped = run(settings, file, "--type", "run", "--json")
    assert stopped.exit_code == 2
    assert stopped.stdout == ""
    assert "Rad 3, datum: ”2024-02-31” finns inte i kalendern." in stopped.stderr
    assert "Rad 4, värde: ”fem” är inget tal." in stopped.stderr
    kept = run(settings, file, "--type", "run", "--json", "--keep-good")
    assert kept.exit_code == 0
    assert [point["value"] for point in json.loads(kept.stdout)["points"]] == [5, 7]
    assert "Rad 4" in kept.stderr


def test_a_number_that_may_be_two_is_asked_about(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "tusen.csv"
    file.write_text("date;value\n2024-01-01;1,234\n", encoding="utf-8")
    asked = run(settings, file, "--type", "run", "--json")
    assert asked.exit_code == 2
    assert "--decimal" in asked.stderr
    for answer, number in (("comma", 1.234), ("point", 1234)):
        told = json.loads(run(settings, file, "--type", "run", "--json", "--decimal", answer).stdout)
        assert told["points"][0]["value"] == number


def test_a_group_that_is_too_small_is_not_told(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "sma.csv"
    file.write_text("date,numerator,denominator\n2024-01,3,4\n2024-02,3,9\n", encoding="utf-8")
    told = json.loads(run(settings, file, "--type", "p", "--json").stdout)
    hidden = told["points"][0]
    assert (hidden["value"], hidden["lower"], hidden["upper"]) == (None, None, None)
    assert (hidden["centre"], hidden["signals"], hidden["state"]) == (pytest.approx(1 / 3), [], "suppressed")
    assert "mindre än 5" in told["remarks"][0]


def test_the_picture_is_written_where_it_is_asked_for(settings: Settings, tmp_path: Path, flow: Path) -> None:
    picture = tmp_path / "bild.svg"
    result = run(settings, flow, "--type", "i", "--svg", picture, "--name", "Flöde")
    assert result.exit_code == 0
    drawn = picture.read_text(encoding="utf-8")
    assert drawn.startswith("<?xml")
    assert "Flöde" in drawn
    nowhere = run(settings, flow, "--type", "i", "--svg", tmp_path / "borta" / "bild.svg")
    assert nowhere.exit_code == 2
    assert "går inte att skriva" in nowhere.stderr
