"""Each of the nine rules of the method has cycles that gain it and cycles that miss it: as files, on their pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.cast import Browser
from tests.house import House
from tests.seeing import see

TITLES = ("Förändringen", "Dataplan", "Vad vi gjorde", "Vad vi såg", "Vad vi lärde oss", "Nästa steg")
MEASURE = {"name": "I tid", "slug": "i-tid", "unit": "procent"}
# A value before do, three while it goes on.
DAYS = ("2026-09-28;40;", "2026-10-05;62;", "2026-10-12;70;", "2026-10-19;69;")
GUESS = {"text": "Fler.", "measure": "I tid", "direction": "at_least", "value": "60"}
# Abandoned, with what was learnt. The texts are a letter long: how much somebody writes is never asked.
FAITHFUL: dict[str, Any] = {
    "title": "Boka",
    "status": "decided",
    "scale": "one_person",
    "started": "2026-10-05",
    "ended": "2026-10-23",
    "decided": "2026-10-26",
    "prediction": GUESS,
    "locked": {"since": "2026-10-02"},
    "outcome": "refuted",
    "decision": "abandon",
    "decision_reason": "x",
}
STEPS, ORDER, GUESSED, JUDGED = (
    "Alla fyra steg",
    "I rätt ordning",
    "Förutsägelse före genomförandet",
    "Förutsägelsen är bedömd",
)
DATA, REASON, LINKED, SCALE, TIME = (
    "Dataplan och data",
    "Beslut med skäl",
    "Fler cykler i rad",
    "Från litet till stort",
    "Mätning över tid",
)
RULES = (STEPS, ORDER, GUESSED, JUDGED, DATA, REASON, LINKED, SCALE, TIME)


@dataclass(frozen=True)
class Case:
    """A cycle that differs from the faithful one, and the points that it has then, by the rules where it has not all.

    ``then`` is a cycle that follows it, if there is one.
    """

    points: dict[str, int]
    said: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    days: tuple[str, ...] = DAYS
    then: dict[str, Any] | None = None


CASES = {
    # An abandoned cycle with what was learnt has all ten.
    "allt": Case({}),
    # 1. All four phases.
    "inget-studerat": Case({STEPS: 0, JUDGED: 0}, {"outcome": None}, ("Vad vi såg", "Vad vi lärde oss")),
    "inget-agerat": Case(
        {STEPS: 0, ORDER: 0, REASON: 0, LINKED: 0},
        {"decision": None, "decision_reason": None, "decided": None, "status": "studying"},
        ("Nästa steg",),
    ),
    # 2. Study and act after do.
    "bestamt-fore": Case({ORDER: 0}, {"decided": "2026-10-20"}),
    "okand-dag": Case({ORDER: 0}, {"decided": "oktober 2026"}),
    # 3. A prediction before do, and one that can be counted.
    "ingen-gissning": Case({GUESSED: 0}, {"prediction": None}),
    "laste-efterat": Case({GUESSED: 0}, {"locked": {"since": "2026-10-06"}}),
    "laste-samma-dag": Case({}, {"locked": {"since": "2026-10-05"}}),
    "last-okand-dag": Case({GUESSED: 0}, {"locked": None}),
    "gar-inte-att-rakna": Case({GUESSED: 1}, {"prediction": {"text": "Fler."}}),
    "ett-tal-racker": Case({}, {"prediction": {"text": "Fler.", "value": "60"}}),
    # 4. Study judges it.
    "inte-bedomd": Case({JUDGED: 0}, {"outcome": None}),
    "kan-inte-bedomas": Case({}, {"outcome": "cannot_be_judged"}),
    # 5. A plan for data, and data.
    "ingen-dataplan": Case({DATA: 0}, without=("Dataplan",)),
    "inga-data": Case({DATA: 0, TIME: 0}, days=DAYS[:1]),
    "data-som-sager-cykeln": Case({TIME: 0}, days=("2026-11-20;50;01-boka",)),
    # 6. What was chosen, and why.
    "inget-skal": Case({REASON: 0, LINKED: 0}, {"decision_reason": None}),
    # 7. Linked cycles, or abandoned with a reason.
    "behallet-utan-nasta": Case({LINKED: 0}, {"decision": "adopt"}),
    "behallet-med-nasta": Case({}, {"decision": "adopt"}, then={"scale": "one_team"}),
    # 8. From small to large.
    "ingen-storlek": Case({SCALE: 0}, {"scale": None}),
    "ett-team": Case({}, {"scale": "one_team"}),
    "borjar-stort": Case({SCALE: 0}, {"scale": "several_teams"}),
    "krymper": Case({SCALE: 0}, {"decision": "expand"}, then={"scale": "one_case"}),
    "krymper-anpassad": Case({}, {"decision": "adapt"}, then={"scale": "one_case"}),
    # 9. Three days with values while the ramp goes on.
    "tva-dagar": Case({TIME: 0}, days=DAYS[:3]),
    "tre-dagar-i-rampen": Case(
        {},
        {"decision": "adapt"},
        days=(*DAYS[:3], "2026-11-05;71;"),
        then={"scale": "one_person", "started": "2026-11-02"},
    ),
}


def write(house: House, project: str, case: Case) -> None:
    house.write("projects", project, title=project, measures=[MEASURE])
    tables = house.home / "improvement_cycles" / project / "measures"
    tables.mkdir()
    rows = "".join(f"{day.partition(';')[0]};{';;'.join(day.split(';')[1:])}\n" for day in case.days)
    (tables / "i-tid.csv").write_text(f"date;value;note;cycle\n{rows}", encoding="utf-8")
    said = {name: value for name, value in {**FAITHFUL, **case.said}.items() if value is not None}
    body = "".join(f"## {title}\n\nx\n\n" for title in TITLES if title not in case.without)
    house.write("cycles", f"{project}/01-boka", body, **said)
    if case.then is not None:
        house.write("cycles", f"{project}/02-igen", title="Igen", follows=f"{project}/01-boka", **case.then)


def points_on(words: str) -> dict[str, int]:
    """The points of each rule as the page tells them."""
    return {rule: int(re.findall(rf"{rule}: (\d) av \d", words)[0]) for rule in RULES}


def test_each_rule_is_gained_and_missed_as_the_files_say(house: House, anyone: Browser) -> None:
    for name, case in CASES.items():
        write(house, name, case)
    house.look()
    most = {**dict.fromkeys(RULES, 1), GUESSED: 2}
    for name, case in CASES.items():
        words = see(anyone.get(f"/cykler/{name}/01-boka")).words
        expected = {**most, **case.points}
        assert points_on(words) == expected, name
        assert f": {sum(expected.values())} av 10" in words, name
    assert sum(most.values()) == 10
    missed = {rule for case in CASES.values() for rule in case.points}
    assert missed == set(RULES), "every rule is missed by some cycle, and gained by the faithful one"
