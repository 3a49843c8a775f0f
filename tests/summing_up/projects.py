"""A project of which everything is told, with things in it that not everybody may see."""

from __future__ import annotations

from typing import Any

from tests.house import House

PROJECT = "/utvecklingsarbeten/mote"
PAGE = f"{PROJECT}/sammanfattning"
JSON = f"{PROJECT}.json"
FOLDER = "improvement_cycles/mote"
TABLE = f"{FOLDER}/measures/i-tid.csv"
GUESS = {"text": "Vi tror att sex av tio kommer.", "measure": "I tid", "direction": "at_least", "value": "60"}
SECRET = "Kvastskaftsmetoden"
# A group of three stands among the others; the cycle of the last row is hidden.
VALUES = """date;numerator;denominator;note;cycle
2026-01-05;10;20;;
2026-01-12;1;3;Helg.;
2026-01-19;12;20;;01-kort
2026-01-26;14;20;;02-hemlig
"""


def write(house: House, **more: Any) -> None:
    """A project with a hidden practice and a hidden cycle, a diagram that names both, and a table."""
    house.write("practices", "remiss", title="Ändrad remiss")
    house.write("practices", "kvast", title=SECRET, publication="draft", owner="habo")
    house.write(
        "projects",
        "mote",
        "## Problemet\n\nDet tar tid. Se [[arbetssatt/kvast]] och [[arbetssatt/remiss|remissen]].\n",
        **{
            "title": "Snabbare möte",
            "status": "testing",
            "status_history": [{"date": "2025-12-01", "status": "planning", "note": "Vi började."}],
            "aim": {"what": "Möte i tid", "start": "44", "goal": "80", "unit": "procent"},
            "team": [{"role": "Socialsekreterare", "people": "tre"}],
            "practices": ["remiss", "kvast"],
            "progress": "2.0",
            "progress_history": [{"date": "2025-12-01", "progress": "0.5", "note": "En idé."}],
            "measures": [{"name": "I tid", "numerator": "i tid", "denominator": "alla", "chart": "p", "slug": "i-tid"}],
            "drivers": [_driver("mote/01-kort", "mote/02-hemlig")],
            "driver_snapshots": [{"date": "2025-12-01", "note": "Från början.", "drivers": [_driver()]}],
            "sources": [{"title": "En text", "publisher": "Kommunen"}],
            **more,
        },
    )
    house.write(
        "cycles",
        "mote/01-kort",
        "## Dataplan\n\nVi räknar.\n\n## Vad vi såg\n\nTolv av tjugo.\n\n## Vad vi lärde oss\n\nDet gick.\n",
        title="Kort remiss",
        status="decided",
        prediction=GUESS,
        scale="one_team",
        started="2026-01-15",
        ended="2026-01-20",
        decided="2026-01-21",
        outcome="partly",
        decision="adapt",
        decision_reason="Det räckte inte.",
    )
    house.write("cycles", "mote/02-hemlig", title=SECRET, publication="draft", follows="mote/01-kort")
    house.write("learnings", "bra", title="Kort är bra", practices=["remiss"], cycles=["mote/01-kort"])
    file = house.home / TABLE
    file.parent.mkdir(exist_ok=True)
    file.write_text(VALUES, encoding="utf-8")
    house.look()


def _driver(*cycles: str) -> dict[str, Any]:
    idea = {"text": "Boka direkt", "cycles": list(cycles)}
    return {"text": "Rätt underlag" if cycles else "Rätt papper", "secondary": [{"text": "Kort", "ideas": [idea]}]}
