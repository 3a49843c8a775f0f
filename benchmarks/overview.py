"""The overview of 500 projects as it is served: ``python -m benchmarks.overview`` (``PROJECTS``, ``CYCLES`` of each).

All CPU time of the web's processes counts: of a page of fifty, of all at once, of the file, of a network's page, of a
project's summary, and of the first request after a save, when what it touched is renewed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from app.config import CHECKOUT
from benchmarks.house import PASSWORD, WORKERS, House, Served
from benchmarks.processes import cpu_ms
from benchmarks.texts import Writer, _write
from benchmarks.visitor import Visitor, form_in

PROJECTS, CYCLES = int(os.environ.get("PROJECTS", "500")), int(os.environ.get("CYCLES", "3"))
POINTS, TIMES, AFTER_SAVES = 24, 60, 12
# Who may read and change all of it: the worst case.
COORDINATOR = "admin@demo.example"
PAGE = "/laget/utvecklingsarbeten"
ASKED = {
    "fifty to a page": f"{PAGE}?urval=alla",
    "  filtered and ordered": f"{PAGE}?urval=alla&status=testing&fas=doing&fran=1.0&ordning=aktivitet",
    "all at once": f"{PAGE}?urval=alla&visa=alla",
    "the file": f"{PAGE}.csv?urval=alla",
    "a network's page, with its medians": "/natverk/knut",
    "a project's summary": "/utvecklingsarbeten/arbete-0/sammanfattning",
    "  the same as JSON": "/utvecklingsarbeten/arbete-0.json",
}
# What meets the new rows of a save first.
AFTER_A_SAVE = ("fifty to a page", "all at once", "a network's page, with its medians")
STATUSES = ("idea", "planning", "testing", "testing", "implementing", "sustaining", "completed")
SCALES = ("one_case", "some_cases", "one_person", "one_team", "some_teams")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="larnat-overview-") as folder:
        home = Path(folder)
        for name in ("search_index", "var", "content", "improvement_cycles"):
            (home / name).mkdir()
        shutil.copy(CHECKOUT / "content/organisations.yaml", home / "content")
        write_projects(home, PROJECTS, CYCLES)
        house = House(home)
        house.run("prepare")
        with house.serving() as served:
            print(f"{PROJECTS} projects with {CYCLES} cycles each, CPU ms of the web's processes for one request")
            for line in measured(served):
                print(line, flush=True)


def measured(served: Served) -> Iterator[str]:
    """What each request costs, many times, and the first time after a save."""
    member = served.visitor()
    member.sign_in(COORDINATOR, PASSWORD)
    for name, address in ASKED.items():
        for _ in range(6 * WORKERS):
            member.get(address)
        median, slow = np.percentile([_cost(served, member, address) for _ in range(TIMES)], (50, 95))
        size = len(member.get(address)) / 1000
        yield f"{name:<56}median {median:6.1f}   p95 {slow:6.1f}   {size:6.0f} kB"
    for name in AFTER_A_SAVE:
        taken = [_after_a_save(served, member, ASKED[name], number) for number in range(AFTER_SAVES)]
        median, slow = np.percentile(taken, (50, 95))
        yield f"first after a save, {name:<36}median {median:6.1f}   p95 {slow:6.1f}"


def _cost(served: Served, visitor: Visitor, address: str) -> float:
    before = cpu_ms(served.process)
    visitor.get(address)
    return cpu_ms(served.process) - before


def _after_a_save(served: Served, member: Visitor, address: str, number: int) -> float:
    """A project is saved, and each of the web's processes meets the new rows once; the dearer of the first requests."""
    page = "/utvecklingsarbeten/arbete-0"
    fields = form_in(member.get(f"{page}/andra"), "skriv")
    changed = [(name, f"Nu {number}." if name == "summary" else value) for name, value in fields]
    status, _, answer = member.post(f"{page}/andra", [*changed, ("_do", "save")])
    assert status == 303, answer[-1000:]
    return max(_cost(served, member, address) for _ in range(2 * WORKERS))


def write_projects(home: Path, projects: int, cycles: int) -> None:
    """Projects of many organisations, each with cycles on each other and two measures with values."""
    writer = Writer()
    network = {**_plain(writer, "KNUT"), "members": [{"organisation": "solna"}]}
    _write(home / "content/networks/knut.md", network, "## Om nätverket\n\nText.\n")
    for number in range(projects):
        _write_project(home, writer, number, cycles)


def _write_project(home: Path, writer: Writer, number: int, cycles: int) -> None:
    chance, folder = writer.chance, home / f"improvement_cycles/arbete-{number}"
    began = date(2025, 9, 1) + timedelta(chance.randrange(300))
    progress = f"{chance.randrange(1, 11) / 2:.1f}"
    measures = [
        {"name": f"Möten i tid {number}", "type": "outcome", "slug": "i-tid", "unit": "procent", "chart": "p"},
        {"name": "Remisser", "type": "process", "slug": "remisser", "unit": "stycken", "chart": "run"},
    ]
    status = chance.choice(STATUSES)
    front = {
        **_plain(writer, f"{writer.title()} {number}"),
        "status": status,
        "status_history": [{"date": began.isoformat(), "status": status}],
        "progress": progress,
        "progress_history": [{"date": (began + timedelta(40)).isoformat(), "progress": progress}],
        "aim": {"what": writer.title(), "goal": "80"},
        "measures": measures,
    }
    _write(folder / "project.md", front, f"## Problemet\n\n{writer.prose(60)}")
    for place in range(cycles):
        _write_cycle(folder, writer, place, began + timedelta(60 * place), place == cycles - 1)
    tables = folder / "measures"
    tables.mkdir()
    days = [began + timedelta(7 * week) for week in range(POINTS)]
    pairs = (f"{day};{chance.randrange(5, 20)};{chance.randrange(20, 40)};;" for day in days)
    (tables / "i-tid.csv").write_text("\n".join(["date;numerator;denominator;note;cycle", *pairs, ""]))
    values = (f"{day};{chance.randrange(5, 60)};;" for day in days)
    (tables / "remisser.csv").write_text("\n".join(["date;value;note;cycle", *values, ""]))


def _write_cycle(folder: Path, writer: Writer, place: int, began: date, last: bool) -> None:
    chance = writer.chance
    dates = {"started": began, "ended": began + timedelta(28), "decided": began + timedelta(35)}
    come = chance.choice((1, 2)) if last else 3
    told: dict[str, Any] = {name: day.isoformat() for name, day in list(dates.items())[:come]}
    told["status"] = ("planned", "doing", "studying", "decided")[come]
    if come == 3:
        told |= {"outcome": "partly", "decision": "adapt", "decision_reason": "Det blev bättre."}
    before = [{"follows": f"{folder.name}/{place:02d}-prov"}] if place else [{}]
    front = {
        **_plain(writer, f"{writer.title()} {place}"),
        "planned": (began - timedelta(14)).isoformat(),
        "prediction": {"text": "Vi tror att fler kommer i tid.", "measure": "Möten i tid", "value": "60"},
        "scale": SCALES[min(place, len(SCALES) - 1)],
        "question": " ".join(writer.text(8)),
        **told,
        **before[0],
    }
    headings = ("Förändringen", "Dataplan", "Vad vi gjorde", "Vad vi såg", "Vad vi lärde oss", "Nästa steg")
    body = "".join(f"## {heading}\n\n{writer.prose(25)}\n\n" for heading in headings[: 2 * come])
    _write(folder / f"{place + 1:02d}-prov.md", front, body)


def _plain(writer: Writer, title: str) -> dict[str, Any]:
    told = writer.front_matter(0) | {"title": title, "publication": "published"}
    return told | {"networks": ["knut"] if writer.chance.random() < 0.5 else []}


if __name__ == "__main__":
    main()
