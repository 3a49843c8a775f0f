"""Every deed of the list is told of when it is done, and tells no more than it may."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from app import create_app
from app.accounts import belonging, people
from app.accounts.tables import OrganisationRole
from app.audit import Actor, AuditRow, Deed, Outcome
from app.audit.chain import verify
from app.audit.deeds import WITH_ORIGIN
from app.config import Settings
from tests.audit.doing import DEEDS, NEW, NUMBER, World
from tests.cast import ADMIN, CAST, EDITOR, PASSWORD, browser
from tests.editing.writing import fill_in
from tests.house import House, make_home
from tests.traces import BY_CHANCE

# What is told of in another database than that of the house, or leaves nothing of what was there before.
APART = (Deed.BACKUP_RESTORED, Deed.AUDIT_FORGOTTEN)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, peopled: Path) -> Iterator[World]:
    """One house for all of it: what a deed leaves is in nobody's way."""
    settings = Settings.for_tests(make_home(tmp_path_factory.mktemp("deeds") / "home"))
    shutil.copy(peopled, settings.kept_file)
    app = create_app(settings)
    app.extensions["archive"].reconcile()
    yield World(House(app, settings.home))
    app.extensions["databases"].close()


def rows_after(world: World, number: int) -> list[AuditRow]:
    world.app.extensions["audit"].flush()
    with world.databases.kept_for_reading() as session:
        return list(session.exec(select(AuditRow).where(col(AuditRow.number) > number).order_by(col(AuditRow.number))))


def newest(world: World) -> int:
    return rows_after(world, 0)[-1].number or 0


@pytest.mark.parametrize("deed", [deed for deed in Deed if deed not in APART])
def test_the_deed_is_told_of_when_it_is_done(deed: Deed, world: World) -> None:
    before = newest(world)
    DEEDS[deed](world)
    told = [row for row in rows_after(world, before) if row.deed == deed]
    assert told, f"nothing tells of {deed}"
    for row in told:
        assert row.outcome == deed.outcome
        assert bool(row.by_person) == (row.by == Actor.PERSON)
        assert (row.origin != "") == (deed in WITH_ORIGIN and row.by in (Actor.PERSON, Actor.NOBODY))
    with world.databases.kept_for_reading() as session:
        assert verify(session).faults == ()


def test_there_is_a_way_to_do_every_deed() -> None:
    assert set(DEEDS) == set(Deed)
    assert {deed.outcome for deed in Deed} == set(Outcome)
    assert len({deed.swedish for deed in Deed}) == len(Deed)


def test_a_restored_house_tells_that_it_is_one_and_goes_on_from_the_chain_it_had(world: World) -> None:
    world.browser(EDITOR)
    DEEDS[Deed.BACKUP_RESTORED](world)
    with closing(sqlite3.connect(world.house.home.parent / f"ny-{world.made}" / "var/kept.db")) as kept:
        told = kept.execute('SELECT deed, "by" FROM audit_row ORDER BY number').fetchall()
    # After that it may say which files the backup had left out: those of the deeds above with numbers in them.
    assert ("backup-restored", "command") in told
    assert ("signed-in", "person") in told


def test_the_rows_hold_nothing_that_anybody_wrote_nor_who_anybody_is(world: World) -> None:
    """After all of the above: names, addresses, titles, passwords, texts and numbers went through the house."""
    with closing(sqlite3.connect(world.settings.kept_file)) as kept:
        rows = kept.execute("SELECT * FROM audit_row").fetchall()
    everything = BY_CHANCE.sub(b" ", "\n".join("|".join(map(str, row)) for row in rows).encode()).decode()
    people_of_it = [word for role in CAST for word in (role.email, role.name, *role.name.split())]
    assert len(rows) > 100
    for word in (*people_of_it, PASSWORD, NEW, NUMBER, "880320", "solna.test", "Sida", "Kvastskaft", "192.0.", "127.0"):
        assert word not in everything, word


def test_whoever_did_it_and_to_whom_is_told(world: World) -> None:
    before = newest(world)
    role = world.somebody(solna="member")
    world.browser(ADMIN).post(
        f"/personer/konto/{world.id_of(role)}/roll", data={"organisation": "habo", "role": "coordinator"}
    )
    world.browser(role).post("/mitt-konto/lamna/solna")
    told = {(row.deed, row.organisation): row for row in rows_after(world, before)}
    made, given, left = told["account-made", ""], told["membership-began", "habo"], told["membership-ended", "solna"]
    assert (made.by, made.by_person, made.person) == ("command", "", world.id_of(role))
    assert (given.by_person, given.person, given.became) == (world.id_of(ADMIN), world.id_of(role), "coordinator")
    assert (left.by_person, left.person, left.was) == (world.id_of(role), world.id_of(role), "member")


def test_a_wrong_password_is_told_with_whose_it_was_and_an_unknown_address_without_it(world: World) -> None:
    before = newest(world)
    client = world.browser(place=20)
    client.post("/logga-in", data={"email": EDITOR.email, "password": "fel"})
    client.post("/logga-in", data={"email": "min hemlighet av misstag", "password": ""})
    known, unknown = rows_after(world, before)
    assert (known.person, known.by) == (world.id_of(EDITOR), "nobody")
    assert unknown.person == ""
    assert known.origin == unknown.origin


def test_two_places_have_two_marks_and_one_place_has_one(world: World) -> None:
    before = newest(world)
    for place in (30, 31, 30):
        world.browser(EDITOR, place)
    first, other, again = (row.origin for row in rows_after(world, before))
    assert first == again != other


# ---- Pages ----


def pages_told(world: World, before: int) -> list[tuple[str, str, str, str]]:
    return [(row.deed, row.by, row.was, row.became) for row in rows_after(world, before) if row.document]


def test_what_somebody_does_to_a_file_outside_is_told_as_outside(world: World) -> None:
    before = newest(world)
    address = world.page(publication="draft", visibility="organisation")
    slug = address.rpartition("/")[2]
    for publication, visibility in (
        ("published", "organisation"),
        ("published", "network"),
        ("archived", "organisation"),
    ):
        world.house.write("practices", slug, publication=publication, visibility=visibility)
        world.house.look()
    (world.house.home / f"content/practices/{slug}.md").unlink()
    world.house.look()
    assert pages_told(world, before) == [
        ("published", "outside", "draft", "organisation"),
        ("visibility-changed", "outside", "organisation", "network"),
        ("archived", "outside", "published", "organisation"),
        ("visibility-changed", "outside", "network", "organisation"),
        ("deleted", "outside", "", ""),
    ]


def test_a_way_round_by_a_file_that_cannot_be_read_hides_nothing(world: World) -> None:
    address = world.page(visibility="organisation")
    slug = address.rpartition("/")[2]
    world.house.write("practices", slug, visibility="organisation", publication="ingenting")
    world.house.look()
    before = newest(world)
    world.house.write("practices", slug, visibility="public")
    world.house.look()
    assert pages_told(world, before) == [("published", "outside", "", "public")]


def test_an_edit_of_the_words_alone_is_not_told_of(world: World) -> None:
    address = world.page()
    client = world.browser(EDITOR)
    before = newest(world)
    assert world.edit(client, address, summary="Andra ord.").status_code == 303
    assert rows_after(world, before) == []


def test_a_page_that_moves_is_neither_deleted_nor_published(world: World) -> None:
    address, client = world.page(), world.browser(EDITOR)
    before = newest(world)
    answer = client.get(f"{address}/flytta")
    assert fill_in(client, answer, slug=f"flyttad-{world.made}").status_code == 303
    assert rows_after(world, before) == []


def test_what_was_there_when_the_house_began_is_no_deed(settings: Settings) -> None:
    house = House(create_app(settings), settings.home)
    house.write("practices", "a")
    house.look()
    with house.app.extensions["databases"].kept_for_reading() as session:
        assert session.exec(select(AuditRow).where(col(AuditRow.document) != "")).all() == []
    house.app.extensions["databases"].close()


# ---- Undone ----


def test_a_deed_that_is_rolled_back_leaves_no_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The letter that goes with a new password cannot be put: then the password is the old one, and nothing is told."""

    def full(*_: object) -> None:
        raise InterruptedError

    role = world.somebody()
    client = world.browser(role, place=40)
    before = newest(world)
    monkeypatch.setattr("app.accounts.letters.tell_of_new_password", full)
    with pytest.raises(InterruptedError):
        client.post("/mitt-konto/losenord", data={"password": PASSWORD, "new_password": NEW, "new_password_again": NEW})
    assert rows_after(world, before) == []
    assert browser(world.app, role).get("/mitt-konto").status_code == 200


def test_every_change_of_roles_is_rolled_back_together_with_its_row(world: World) -> None:
    def broken(session: Session) -> None:
        person = people.find(session, EDITOR.email)
        assert person
        belonging.set_role(session, person, "habo", OrganisationRole.MEMBER)
        people.set_admin(session, person, True)
        raise InterruptedError

    before = newest(world)
    with pytest.raises(InterruptedError):
        world.change(broken)
    assert rows_after(world, before) == []
