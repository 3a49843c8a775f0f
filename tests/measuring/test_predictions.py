"""Whether a prediction that can be counted came true."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.measuring.predictions import Held, Judgement, Predicted, Side, Value, judged

BEGAN, BY, TODAY = date(2026, 10, 5), date(2026, 11, 6), date(2026, 11, 22)


def values(*numbers: str, first: date = date(2026, 10, 5)) -> list[Value]:
    return [Value(first + timedelta(weeks=week), Decimal(number)) for week, number in enumerate(numbers)]


def judge(side: Side | None, value: str, *numbers: str, by: date | None = BY, today: date = TODAY) -> Judgement:
    predicted = Predicted(side, Decimal(value) if value else None, BEGAN, by)
    return judged(predicted, values(*numbers), today)


@pytest.mark.parametrize(
    ("side", "value", "numbers", "held"),
    [
        (Side.AT_LEAST, "60", ("62", "70", "69"), Held.CONFIRMED),
        (Side.AT_LEAST, "60", ("60",), Held.CONFIRMED),
        (Side.AT_LEAST, "60", ("62", "70", "58"), Held.PARTLY),
        (Side.AT_LEAST, "60", ("50", "55", "61"), Held.PARTLY),
        (Side.AT_LEAST, "60", ("50", "55", "59.9"), Held.REFUTED),
        (Side.AT_MOST, "7.5", ("7", "8", "7.5"), Held.CONFIRMED),
        (Side.AT_MOST, "7.5", ("9", "8", "7"), Held.PARTLY),
        (Side.AT_MOST, "7.5", ("9", "8", "7.6"), Held.REFUTED),
        (Side.ABOUT, "50", ("45", "55", "48"), Held.CONFIRMED),
        (Side.ABOUT, "50", ("45",), Held.CONFIRMED),
        (Side.ABOUT, "50", ("44",), Held.PARTLY),
        (Side.ABOUT, "50", ("60",), Held.PARTLY),
        (Side.ABOUT, "50", ("61",), Held.REFUTED),
        (Side.ABOUT, "0", ("0",), Held.CONFIRMED),
        (Side.ABOUT, "0", ("1",), Held.REFUTED),
    ],
)
def test_the_median_and_the_last_value_say_how_it_held(
    side: Side, value: str, numbers: tuple[str, ...], held: Held
) -> None:
    assert judge(side, value, *numbers).held is held


def test_the_reason_says_what_was_believed_and_what_the_values_say() -> None:
    said = judge(Side.AT_LEAST, "60", "62", "70.5", "69").reason
    assert said == (
        "Ni trodde minst 60. Medianen för de 3 värdena från 5 oktober 2026 till 6 november 2026 är 69, och det sista är"
        " 69."
    )
    assert judge(Side.AT_MOST, "7.5", "7", by=None).reason == (
        "Ni trodde högst 7,5. Det enda värdet från 5 oktober 2026 är 7."
    )


def test_values_from_before_do_and_after_the_day_do_not_count() -> None:
    before, after = values("10", "10", first=date(2026, 9, 20)), values("10", "10", first=date(2026, 11, 7))
    predicted = Predicted(Side.AT_LEAST, Decimal(60), BEGAN, BY)
    found = judged(predicted, [*after, *values("62", "70"), *before], TODAY)
    assert found.held is Held.CONFIRMED
    assert "de 2 värdena" in found.reason
    assert judged(predicted, [*after, *before], TODAY).held is Held.CANNOT_BE_JUDGED


@pytest.mark.parametrize(
    ("judgement", "why"),
    [
        (judge(Side.AT_LEAST, "", "62"), "inget tal att jämföra med"),
        (judge(None, "60", "62"), "minst, högst eller ungefär"),
        (judge(Side.AT_LEAST, "60"), "Det finns inga värden från 5 oktober 2026 till 6 november 2026."),
        (judge(Side.AT_LEAST, "60", "62", today=date(2026, 10, 20)), "gäller till 6 november 2026"),
    ],
)
def test_what_cannot_be_judged_says_why(judgement: Judgement, why: str) -> None:
    assert judgement.held is Held.CANNOT_BE_JUDGED
    assert why in judgement.reason


def test_what_has_reached_its_day_can_be_judged_on_that_day() -> None:
    assert judge(Side.AT_LEAST, "60", "62", "70", today=BY).held is Held.CONFIRMED
