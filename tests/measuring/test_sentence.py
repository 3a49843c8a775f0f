"""What is said of the data: the finding, how sure it is, what would be needed; never more than the data can tell."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.measuring.charts import Chart, analyse
from app.measuring.points import Better, ChartType, Number, Options, Phase
from app.measuring.sentence import conclude, sentence
from app.measuring.wording import Cadence, cadence, day_words, number
from tests.measuring.series import fractions, month, values

# Words that people who have not studied statistics do not use, or use of something else.
NOT_SAID = re.compile(r"signifikan|statistisk|p-värde|sigma|standardavvik|hypotes|konfidens|varians|outlier|null", re.I)


def run(*numbers: Number | None, **options: object) -> Chart:
    return analyse(values(*numbers), ChartType.RUN, Options(**options))  # type: ignore[arg-type]


def test_no_points_say_that_there_are_none() -> None:
    assert "inga mätvärden än" in sentence(run())
    assert "minst 10" in sentence(run())


@pytest.mark.parametrize("many", range(1, 10))
def test_too_few_points_are_never_said_to_show_no_change(many: int) -> None:
    said = sentence(run(*range(many)))
    assert "För få mätpunkter" in said
    assert "Inget tyder" not in said
    assert "ingen förändring" not in said.lower()


def test_too_few_points_say_how_many_more_are_needed() -> None:
    said = sentence(run(1, 2, 3, 4))
    assert "bara 4" in said
    assert "minst 6 till" in said
    tied = sentence(run(*[1, 2, 3, 2, 2] * 3))
    assert "bara 6 ligger bredvid medianen, och 9 på den" in tied
    assert "minst 4 till" in tied


def test_a_constant_series_says_that_all_values_are_equal() -> None:
    assert "alla 24 värden är lika, 7." in sentence(run(*[7] * 24))


def test_between_ten_and_nineteen_points_it_is_said_that_little_would_be_seen() -> None:
    said = conclude(run(*[1, 3] * 6))
    assert "Inget tyder på en bestående förändring" in said.finding
    assert "bara 12 mätpunkter" in said.certainty
    assert "8 till" in said.needed
    assert "bara" not in conclude(run(*[1, 3] * 10)).certainty


def test_a_long_run_says_from_when_to_when_and_what_chance_makes() -> None:
    said = sentence(run(*[1, 3] * 5, *[5] * 10, freeze=10, better=Better.UP))
    assert "Det har blivit bättre: 11 mätpunkter i rad ligger över medianen 2" in said
    assert "från oktober 2020 till augusti 2021" in said
    assert "högst 7" in said
    assert "3 av 100" in said


def test_which_way_is_better_decides_the_verdict() -> None:
    numbers = [*[1, 3] * 5, *[5] * 10]
    assert sentence(run(*numbers, freeze=10, better=Better.DOWN)).startswith("Det har blivit sämre")
    assert sentence(run(*numbers, freeze=10)).startswith("Något har förändrats")
    back = sentence(run(*numbers, 1, 3, 1, 3, freeze=10, better=Better.UP))
    assert back.startswith("Något förändrades under en tid")


def test_few_crossings_alone_say_that_the_level_moves() -> None:
    waves = [1, 1, 1, 5, 5, 5] * 3 + [1, 1, 5, 5]
    chart = run(*waves)
    assert chart.now.runs.few_crossings is (chart.now.runs.crossings < 7)
    said = sentence(run(*[1, 1, 1, 1, 5, 5, 5, 5] * 3))
    assert "korsar medianen 3 bara 5 gånger" in said
    assert "minst 8" in said


def test_a_point_outside_is_named_with_its_day_and_value() -> None:
    chart = analyse(values(*[9, 11] * 10, 30), ChartType.I, Options(freeze=20))
    assert "En mätpunkt ligger utanför gränserna, september 2021 (30)." in sentence(chart)
    several = analyse(values(*[9, 11] * 10, 30, 31), ChartType.I, Options(freeze=20))
    assert "2 mätpunkter ligger utanför gränserna, senast oktober 2021 (31)." in sentence(several)
    preliminary = analyse(values(9, 11, 9, 11, 9, 11, 9, 11, 40), ChartType.I, Options(freeze=8))
    assert "Gränserna är preliminära, för de bygger på bara 8 mätpunkter" in sentence(preliminary)
    assert "För få mätpunkter" in sentence(preliminary)


def test_a_phase_is_named_with_its_reason() -> None:
    options = Options(phases=(Phase(month(6), "Ny remiss"),))
    said = sentence(analyse(values(*[1, 3] * 9), ChartType.RUN, options))
    assert said.startswith("Sedan juli 2020 (Ny remiss): ")
    assert "12 mätpunkter" in said


@pytest.mark.parametrize(
    ("target", "said"),
    [(4, "nås varje gång"), (16, "nås inte utan att något ändras"), (10, "nås ibland, av en slump")],
)
def test_the_target_is_held_against_the_limits(target: Number, said: str) -> None:
    chart = analyse(values(*[9, 11] * 6), ChartType.I, Options(target=target, better=Better.UP))
    assert f"Målet {target} {said}" in sentence(chart)


def test_a_run_charts_target_is_held_against_the_median() -> None:
    assert "Medianen har inte nått målet 5." in sentence(run(*[1, 3] * 6, target=5, better=Better.UP))
    assert "Medianen har nått målet 5." in sentence(run(*[1, 3] * 6, target=5, better=Better.DOWN))
    assert "målet" not in sentence(run(1, 3, target=5, better=Better.UP)).lower()


def test_shares_are_said_in_percent_and_values_with_their_unit() -> None:
    shares = analyse(fractions([4, 6] * 6, [10] * 12), ChartType.P)
    assert "medelvärdet 50\u00a0%" in sentence(shares)
    assert "medianen 2\u00a0dagar" in sentence(run(*[1, 3] * 6, unit="dagar"))


def test_groups_that_are_too_small_are_said_to_be_hidden() -> None:
    said = sentence(analyse(fractions([1, 2], [3, 4]), ChartType.P))
    assert "grupperna är mindre än 5" in said


@given(
    st.lists(st.one_of(st.none(), st.integers(1, 30)), max_size=40),
    st.sampled_from([ChartType.RUN, ChartType.I, ChartType.MR, ChartType.C, ChartType.G, ChartType.T]),
    st.sampled_from(list(Better)),
    st.one_of(st.none(), st.integers(0, 30)),
)
def test_no_sentence_uses_words_of_statisticians_or_breaks(
    series: list[int | None], kind: ChartType, better: Better, target: int | None
) -> None:
    chart = analyse(values(*series), kind, Options(better=better, target=target))
    said = sentence(chart)
    assert not NOT_SAID.search(said)
    assert said.endswith(".")
    assert "  " not in said
    if chart.now.runs.n_useful < 10:
        assert "för få mätpunkter" in said.lower()
        assert "Inget tyder" not in said


def test_the_finding_says_a_change_exactly_where_the_rules_do() -> None:
    chance = random.Random(1)
    for _ in range(300):
        chart = run(*[chance.randrange(8) for _ in range(chance.randrange(10, 40))])
        changed = sentence(chart).startswith(("Något har", "Något förändrades", "Det har"))
        assert changed == chart.now.runs.signal


@pytest.mark.parametrize(
    ("value", "said"),
    [
        *(
            (0, "0"),
            (1234567, "1\u00a0234\u00a0567"),
            (0.5, "0,5"),
            (-2.25, "\u22122,25"),
            (49.81, "49,8"),
            (100.4, "100"),
        ),
        *(
            (0.00123, "0,00123"),
            (-0.0000001, "0"),
            (12, "12"),
            (1e15, "1\u00a0000\u00a0000\u00a0000\u00a0000\u00a0000"),
        ),
    ],
)
def test_numbers_are_written_as_swedes_do(value: float, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(
    ("days", "every", "said"),
    [
        ([date(2024, 1, 1), date(2025, 1, 1)], Cadence.YEAR, "2024"),
        ([date(2024, one, 1) for one in (1, 4, 7, 10)], Cadence.QUARTER, "kvartal 1 2024"),
        ([date(2024, 1, 1), date(2024, 2, 1)], Cadence.MONTH, "januari 2024"),
        ([date(2024, 1, 1), date(2024, 1, 8), date(2024, 1, 22)], Cadence.WEEK, "vecka 1 2024"),
        ([date(2024, 1, 1), date(2024, 1, 3)], Cadence.DAY, "1 januari 2024"),
        ([date(2024, 1, 1)], Cadence.DAY, "1 januari 2024"),
    ],
)
def test_days_are_called_what_they_stand_for(days: list[date], every: Cadence, said: str) -> None:
    assert cadence(days) is every
    assert day_words(days[0], every) == said
