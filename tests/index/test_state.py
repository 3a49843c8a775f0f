"""What stands still, is late, is a draft and is going on: what the rows say equals the rule, whoever looks."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.index import Aspect, Card, Query, State, StateQuery
from app.library.document import Document
from app.library.fields import Facet, values
from app.library.pace import Usual, is_late, last_moved, latest_day, stands_still, swedish_day, usual_time
from app.library.visibility import ANYONE, Viewer, may_see
from app.library.vocabulary import Publication
from tests.index.conftest import Desk
from tests.index.worlds import NETWORKS, OWNERS, documents, viewers, write_networks

TODAY = date(2026, 11, 22)
ADMIN = Viewer("admin", "Alva", admin=True)
FACETS = {"natverk": "Nätverk", "kommun": "Kommun", "typ": "Typ", "status": "Status"}


def look(desk: Desk, aspect: Aspect, viewer: Viewer = ANYONE, **more: Any) -> State:
    return desk.index.state(viewer, StateQuery(aspect, more.pop("today", TODAY), **more))


def slugs(state: State) -> list[str]:
    return [one.card.slug for one in state.standing]


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


# ---- Still ----


def test_a_cycle_stands_still_after_twice_the_usual_time_in_its_phase(desk: Desk) -> None:
    desk.write("cycles", "a/01-lange", status="doing", started=ago(57))
    desk.write("cycles", "a/02-nyss", status="doing", started=ago(56))
    desk.write("cycles", "a/03-pausad", status="paused", started=ago(900))
    desk.write("cycles", "a/04-beslutad", status="decided", decided=ago(900))
    desk.write("cycles", "a/05-langst", status="studying", ended=ago(60))
    desk.write("projects", "klart", status="completed", status_history=[{"date": ago(900), "status": "completed"}])
    [first, second] = look(desk, Aspect.STILL).standing
    assert (first.card.slug, first.moved, first.usual) == ("a/05-langst", TODAY - timedelta(60), Usual(14))
    assert (second.card.slug, second.since, second.usual) == ("a/01-lange", TODAY - timedelta(57), Usual(28))
    assert slugs(look(desk, Aspect.STILL, today=TODAY + timedelta(1))) == ["a/05-langst", "a/01-lange", "a/02-nyss"]
    assert slugs(look(desk, Aspect.ONGOING)) == ["a/05-langst", "a/01-lange", "a/02-nyss", "a/03-pausad"]


def test_what_says_no_date_stands_still_since_its_last_change_unless_that_is_unknown_too(desk: Desk) -> None:
    changed = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)
    for slug, by in (("a/01-andrad", "Eva Editor"), ("a/02-fanns", "Fanns från början")):
        document = desk.put("cycles", slug, status="doing", started="framgår inte")
        desk.revision += 1
        desk.index.refresh([document], [], [], desk.revision, at=changed, by=by)
    [one] = look(desk, Aspect.STILL).standing
    # Half past eleven in the evening in UTC is the next day in Sweden.
    assert (one.card.slug, one.since, one.moved) == ("a/01-andrad", None, date(2026, 1, 2))
    unknown = next(one for one in look(desk, Aspect.ONGOING).standing if one.card.slug == "a/02-fanns")
    assert (unknown.since, unknown.moved, unknown.usual) == (None, None, Usual(28))


def test_a_part_of_a_date_counts_at_its_latest_day(desk: Desk) -> None:
    desk.write("cycles", "a/01-september", status="doing", started="september 2026")
    desk.write("cycles", "a/02-aret", status="doing", started="2026")
    assert look(desk, Aspect.STILL).standing == []
    assert slugs(look(desk, Aspect.STILL, today=date(2026, 11, 26))) == ["a/01-september"]
    [one] = look(desk, Aspect.STILL, today=date(2026, 11, 26)).standing
    assert (one.card.since, one.since) == ("september 2026", date(2026, 9, 30))


def test_a_step_of_progress_and_the_cycles_below_it_move_a_project(desk: Desk) -> None:
    begun = [{"date": ago(400), "status": "testing"}]
    desk.write("projects", "ensam", status="testing", status_history=begun)
    steps = [{"date": ago(300), "progress": "2.0"}, {"date": ago(100), "progress": "2.5"}]
    desk.write("projects", "framsteg", status="testing", status_history=begun, progress_history=steps)
    desk.write("projects", "cykler", status="testing", status_history=begun)
    desk.write("cycles", "cykler/01-beslutad", status="decided", started=ago(40), decided=ago(10))
    assert slugs(look(desk, Aspect.STILL)) == ["ensam"]
    ongoing = {one.card.slug: (one.since, one.moved) for one in look(desk, Aspect.ONGOING).standing}
    since = TODAY - timedelta(400)
    assert ongoing == {
        "ensam": (since, since),
        "framsteg": (since, TODAY - timedelta(100)),
        "cykler": (since, TODAY - timedelta(10)),
    }
    desk.remove("cycles", "cykler/01-beslutad")
    assert slugs(look(desk, Aspect.STILL)) == ["cykler", "ensam"]


def test_a_hidden_cycle_tells_nothing_of_how_its_project_moves(desk: Desk) -> None:
    desk.write("projects", "arbete", status="testing", status_history=[{"date": ago(400), "status": "testing"}])
    desk.write("cycles", "arbete/01-hemlig", status="doing", started=ago(5), publication="draft")
    for viewer in (ANYONE, ADMIN):
        assert slugs(look(desk, Aspect.STILL, viewer)) == ["arbete"]
    desk.write("cycles", "arbete/01-hemlig", status="doing", started=ago(5))
    assert slugs(look(desk, Aspect.STILL)) == []


def test_the_usual_time_is_learnt_from_finished_phases_that_are_real_and_that_everybody_may_read(desk: Desk) -> None:
    def decide(number: int, days: int, **more: Any) -> None:
        dates = {"started": ago(500), "ended": ago(500 - days), "decided": ago(400)}
        desk.write("cycles", f"a/{number:02}-klar", status="decided", **dates, **more)

    desk.write("cycles", "b/01-pagar", status="doing", started=ago(57))
    for number in range(7):
        decide(number, 60)
    decide(20, 60, publication="draft")
    decide(21, 60, visibility="organisation")
    decide(22, 60, invented=True)
    for viewer in (ANYONE, ADMIN):
        assert [one.usual for one in look(desk, Aspect.STILL, viewer).standing] == [Usual(28)]
    decide(8, 60, publication="archived")
    assert look(desk, Aspect.STILL).standing == []
    assert [one.usual for one in look(desk, Aspect.ONGOING).standing] == [Usual(60, 8)]


# ---- Late, drafts, order and pages ----


def test_what_is_late_goes_by_its_first_date_and_says_what_is_late(desk: Desk) -> None:
    desk.write("practices", "gammal", review_by=date(2026, 5, 1))
    desk.write("practices", "i-dag", review_by=TODAY)
    desk.write(
        "meetings",
        "traff",
        status="held",
        decisions=[
            {"what": "Senare", "by": "2027"},
            {"what": "Andra", "by": "oktober 2026"},
            {"what": "Första", "by": "2026-04-01"},
            {"what": "Utan år", "by": "1 mars"},
        ],
    )
    found = look(desk, Aspect.LATE)
    assert slugs(found) == ["traff", "gammal"]
    assert [(one.what, one.words) for one in found.standing[0].card.late(TODAY)] == [
        ("Beslut 3: Första", "1 april 2026"),
        ("Beslut 2: Andra", "oktober 2026"),
    ]
    assert found.standing[1].card.marks(TODAY) == ["Behöver ses över"]
    assert found.standing[0].card.marks(TODAY) == []
    assert [one.usual for one in found.standing] == [None, None]


def test_drafts_are_those_that_one_may_see_the_longest_unchanged_first(desk: Desk) -> None:
    for slug, when in (("ny", 3), ("gammal", 1), ("mellan", 2)):
        document = desk.put("practices", slug, publication="draft" if when < 3 else "in_review")
        desk.revision += 1
        desk.index.refresh([document], [], [], desk.revision, at=datetime(2026, 1, when, tzinfo=UTC), by="Eva")
    document = desk.put("learnings", "okand", publication="draft", owner="solna")
    desk.index.refresh([document], [], [], desk.revision + 1, by="Fanns från början")
    member = Viewer("p", "Eva", {"sodertalje": "member"})
    assert slugs(look(desk, Aspect.DRAFTS, member)) == ["gammal", "mellan", "ny"]
    assert slugs(look(desk, Aspect.DRAFTS, ADMIN)) == ["gammal", "mellan", "ny", "okand"]
    assert look(desk, Aspect.DRAFTS).counts[Aspect.DRAFTS] == 0
    assert slugs(look(desk, Aspect.DRAFTS, member, sort="changed")) == ["ny", "mellan", "gammal"]
    assert slugs(look(desk, Aspect.DRAFTS, member, sort="title")) == ["gammal", "mellan", "ny"]


def test_a_page_of_the_list_is_a_part_of_the_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.index.state.AT_ONCE", 3)
    for number in range(8):
        desk.write("cycles", f"a/{number:02}-cykel", status="doing", started=ago(100 + number))
    whole = slugs(look(desk, Aspect.STILL))
    assert whole == [f"a/{number:02}-cykel" for number in reversed(range(8))]
    assert slugs(look(desk, Aspect.STILL, limit=3, offset=3)) == whole[3:6]
    assert slugs(look(desk, Aspect.STILL, limit=3, offset=6)) == whole[6:]
    assert look(desk, Aspect.STILL, limit=3, offset=3).total == 8


def test_ones_own_are_those_of_ones_networks_and_those_that_name_ones_organisation(desk: Desk) -> None:
    late: dict[str, Any] = {"review_by": date(2020, 1, 1)}
    desk.write("practices", "natverkets", owner="habo", networks=["knut"], **late)
    desk.write("practices", "egen", owner="solna", **late)
    desk.write("practices", "annan", owner="habo", networks=["must"], **late)
    viewer = Viewer("p", "Lo", {"solna": "member"}, frozenset(("knut",)))
    own = look(desk, Aspect.LATE, viewer, own=True, sort="title")
    assert (slugs(own), own.total, own.everywhere) == (["egen", "natverkets"], 2, 3)
    everything = look(desk, Aspect.LATE, viewer)
    assert (everything.total, everything.everywhere) == (3, 3)
    chosen = look(desk, Aspect.LATE, viewer, own=True, chosen={"kommun": ["habo"]}, facets=FACETS)
    assert (slugs(chosen), chosen.everywhere) == (["natverkets"], 2)
    counts = {
        choice.value: choice.count for facet in chosen.facets if facet.name == "kommun" for choice in facet.choices
    }
    assert counts == {"habo": 1, "solna": 1}
    assert desk.index.state_counts(viewer, TODAY)[Aspect.LATE] == 2
    assert desk.index.state_counts(viewer, TODAY, own=False)[Aspect.LATE] == 3


# ---- The rule, for everybody ----


@pytest.fixture
def world(desk: Desk) -> Desk:
    chance = random.Random(17)
    write_networks(desk)
    for _ in range(150):
        desk.refresh([_something(desk, chance)])
    return desk


def _something(desk: Desk, chance: random.Random) -> Document:
    kind = chance.choice(("practices", "projects", "cycles", "meetings"))
    number = chance.randrange(25)
    slug = f"sida-{chance.randrange(6)}/{number:02}-x" if kind == "cycles" else f"sida-{number}"

    def when() -> str:
        exact = (TODAY - timedelta(days=chance.randrange(-50, 900))).isoformat()
        return chance.choice((exact, exact, exact, exact[:7], exact[:4], "framgår inte", f"efter {exact}"))

    front: dict[str, Any] = {
        "owner": chance.choice(OWNERS),
        "publication": chance.choice(("draft", "in_review", "published", "published", "published", "archived")),
        "visibility": chance.choice(("public", "public", "network", "organisation")),
        "networks": chance.sample(NETWORKS, chance.randrange(3)),
        "invented": chance.random() < 0.1,
    }
    if kind == "practices" and chance.random() < 0.5:
        front["review_by"] = TODAY - timedelta(days=chance.randrange(-50, 50))
    if kind == "cycles":
        front["status"] = chance.choice(("planned", "doing", "studying", "decided", "paused"))
        front |= {name: when() for name in ("planned", "started", "ended", "decided") if chance.random() < 0.7}
        front["prediction"] = {"by": when()}
    if kind == "projects":
        statuses = ("idea", "planning", "testing", "implementing", "sustaining", "completed", "stopped")
        history = [{"date": when(), "status": chance.choice(statuses)} for _ in range(chance.randrange(4))]
        front["status"] = chance.choice((history[-1]["status"] if history else "idea", chance.choice(statuses)))
        front |= {"status_history": history, "ends": when()}
        front["progress_history"] = [{"date": when(), "progress": "2.0"}] if chance.random() < 0.3 else []
    if kind == "meetings":
        front["date"] = when()
    return desk.put(kind, slug, **front)


def test_every_aspect_equals_the_rule_for_one_document(world: Desk) -> None:
    everything = documents(world)
    changed = {(card.kind, card.slug): swedish_day(card.changed_at) for card in _cards(world)}
    for today in (TODAY, TODAY - timedelta(400)):
        expected = {aspect: _expected(everything, aspect, today, changed) for aspect in Aspect}
        for viewer in viewers()[:11]:
            for aspect in Aspect:
                seen = {key for key, one in expected[aspect].items() if may_see(viewer, one.front_matter)}
                found = look(world, aspect, viewer, today=today, facets=FACETS)
                assert {(one.card.kind, one.card.slug) for one in found.standing} == seen
                assert found.total == found.counts[aspect] == len(seen)
                kinds = next((facet.choices for facet in found.facets if facet.name == "typ"), [])
                assert sum(choice.count for choice in kinds) == len(seen)
                own = {key for key in seen if _is_own(expected[aspect][key], viewer)}
                assert {
                    (one.card.kind, one.card.slug)
                    for one in look(world, aspect, viewer, today=today, own=True).standing
                } == own
                assert world.index.state_counts(viewer, today)[aspect] == len(own)


def _cards(desk: Desk) -> list[Card]:
    return [hit.card for hit in desk.index.find(Query("", limit=1000, archived=True), ADMIN).hits]


def _is_own(document: Document, viewer: Viewer) -> bool:
    named = {
        str(value.value)
        for value in values(document.front_matter)
        if any(isinstance(marker, Facet) and marker.name == "kommun" for marker in value.markers)
    }
    # A district counts for its city, but not the other way round.
    return bool(named & viewer.organisations or viewer.networks & set(document.front_matter.networks))


def _expected(
    everything: list[Document], aspect: Aspect, today: date, changed: dict[tuple[str, str], date]
) -> dict[tuple[str, str], Document]:
    usual = _usual(everything)
    found = {}
    for one in everything:
        front, key = one.front_matter, (one.kind.name, one.slug)
        days = usual.get((one.kind.name, str(one.status)))
        is_it = {
            Aspect.STILL: bool(days)
            and stands_still(_moved(one, everything, changed), days.days if days else 0, today),
            Aspect.LATE: any(is_late(latest_day(due.by), today) for due in front.pace().due),
            Aspect.DRAFTS: front.publication in (Publication.DRAFT, Publication.IN_REVIEW),
            Aspect.ONGOING: days is not None,
        }
        if is_it[aspect] and front.publication is not Publication.ARCHIVED:
            found[key] = one
    return found


def _moved(one: Document, everything: list[Document], changed: dict[tuple[str, str], date]) -> date | None:
    steps = [day for step in one.front_matter.pace().steps if (day := latest_day(step))]
    for child in everything:
        if child.kind.parent == one.kind.name and child.slug.startswith(f"{one.slug}/"):
            # Only what all may see who may see the one above: asked here of everybody there is.
            above, below = one.front_matter, child.front_matter
            if any(may_see(viewer, above) and not may_see(viewer, below) for viewer in _EVERYBODY):
                continue
            steps += [day for step in (below.pace().since, *below.pace().steps) if (day := latest_day(step))]
    since = latest_day(one.front_matter.pace().since)
    return last_moved(since, max(steps, default=None), changed[one.kind.name, one.slug])


_EVERYBODY = [
    ANYONE,
    *(Viewer("p", "", {owner: "member"}) for owner in OWNERS),
    *(Viewer("p", "", {}, frozenset((network,))) for network in NETWORKS),
]


def _usual(everything: list[Document]) -> dict[tuple[str, str], Usual]:
    stays: dict[tuple[str, str], list[int]] = {}
    for one in everything:
        if may_see(ANYONE, one.front_matter) and not one.front_matter.invented:
            for stay in one.front_matter.pace().stays:
                if stay.days is not None:
                    stays.setdefault((one.kind.name, str(stay.phase)), []).append(stay.days)
    kinds = {one.kind.name: one.kind for one in everything}
    return {
        (kind.name, str(status)): usual_time(stays.get((kind.name, str(status)), []), days)
        for kind in kinds.values()
        for status, days in kind.usual_days.items()
    }


def test_many_changes_and_a_rebuild_give_the_same_state(world: Desk) -> None:
    def answers() -> list[object]:
        return [
            [(one.card.slug, one.since, one.moved, one.usual) for one in look(world, aspect, viewer).standing]
            for aspect in (Aspect.LATE, Aspect.STILL, Aspect.ONGOING)
            for viewer in viewers()[:5]
        ]

    before = answers()
    world.index = world.again()
    assert answers() == before
