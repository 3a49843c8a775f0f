"""/personer: coordinators look after those who belong to what they coordinate, administrators after everybody."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import belonging, invitations, people
from app.accounts.tables import Invitation, OrganisationRole, Person
from app.mail import outbox
from app.mail.outbox import Letter
from tests.cast import ADMIN, CAST, COLLEAGUE, COORDINATOR, EDITOR, OUTSIDER, READER, Browser, Role, browser
from tests.house import House

KNUT = "00000000-0000-4000-8000-00000000000a"
HERE = "/personer/organisation/sodertalje"
NETWORK = "/personer/natverk/knut"


def find(app: Flask, role: Role) -> Person:
    with app.extensions["databases"].kept_for_reading() as session:
        person = people.find(session, role.email)
    assert person
    return person


def roles_of(app: Flask, role: Role) -> dict[str, str]:
    with app.extensions["databases"].kept_for_reading() as session:
        return belonging.roles_of(session, find(app, role))


def give(app: Flask, role: Role, organisation: str, what: OrganisationRole | None) -> None:
    with app.extensions["databases"].kept() as session:
        belonging.set_role(session, find(app, role), organisation, what)


@pytest.fixture
def head(app: Flask) -> Browser:
    """Kim, made coordinator of Södertälje, and of Solna."""
    give(app, COLLEAGUE, "sodertalje", OrganisationRole.COORDINATOR)
    give(app, COLLEAGUE, "solna", OrganisationRole.COORDINATOR)
    return browser(app, COLLEAGUE)


@pytest.fixture
def network(app: Flask, house: House) -> House:
    """KNUT, which Håbo owns and Kaj and Lo coordinate."""
    house.write("networks", "knut", id=KNUT, title="KNUT", owner="habo")
    house.look()
    with app.extensions["databases"].kept() as session:
        for role in (COORDINATOR, READER):
            belonging.set_coordinator(session, find(app, role), KNUT, coordinates=True)
    return house


def at(app: Flask, role: Role, what: str = "", place: str = HERE) -> str:
    return f"{place}/{find(app, role).id}{what and '/' + what}"


# ---- What a coordinator sees and does ----


def test_a_coordinator_sees_who_is_in_the_organisation_and_since_when(head: Browser) -> None:
    page = head.get(HERE).text
    for role in (EDITOR, COLLEAGUE):
        assert role.name in page
        assert role.email in page
    assert READER.name not in page
    assert re.search(r"Med sedan \d+ \w+ 20\d\d", page)
    index = head.get("/personer").text
    assert "/personer/organisation/sodertalje" in index
    assert "/personer/organisation/solna" in index
    assert "Alla konton" not in index


def test_a_coordinator_cannot_ask_how_many_accounts_there_are(app: Flask, head: Browser) -> None:
    """Neither by the number of a page nor by words that somebody's address has."""
    asked = ("?sida=2", f"?q={READER.email}", f"?q={READER.email}&sida=2", "?q=nobody")
    assert {head.get(f"/personer{one}").text for one in asked} == {head.get("/personer").text}
    assert browser(app, ADMIN).get("/personer?sida=2").status_code == 404


def test_a_coordinator_changes_a_role(app: Flask, head: Browser) -> None:
    assert head.get(at(app, EDITOR)).status_code == 200
    assert head.post(at(app, EDITOR, "roll"), data={"role": "coordinator"}).status_code == 303
    assert roles_of(app, EDITOR) == {"sodertalje": "coordinator"}
    assert head.post(at(app, EDITOR, "roll"), data={"role": "admin"}).status_code == 400


def test_a_coordinator_ends_a_membership_and_it_holds_at_once(app: Flask, head: Browser, editor: Browser) -> None:
    assert editor.get("/arbetssatt/nytt").status_code == 303
    assert head.post(at(app, EDITOR, "avsluta")).status_code == 303
    assert editor.get("/arbetssatt/nytt").status_code == 403
    assert "Eva Editor är inte med i Södertälje kommun längre." in head.get(HERE).text
    assert head.post(at(app, EDITOR, "avsluta")).status_code == 404


def test_a_coordinator_of_both_moves_somebody_and_the_role_follows(app: Flask, head: Browser) -> None:
    assert "Solna stad" in head.get(at(app, EDITOR)).text
    assert head.post(at(app, EDITOR, "flytta"), data={"target": "solna"}).status_code == 303
    assert roles_of(app, EDITOR) == {"solna": "member"}


def test_a_coordinator_is_led_to_what_they_coordinate_and_not_to_where_they_are_members(
    app: Flask, head: Browser
) -> None:
    give(app, COLLEAGUE, "habo", OrganisationRole.MEMBER)
    links = re.findall(r'href="(/personer/organisation/[^"/]+)"', head.get("/personer").text)
    assert links == [HERE, "/personer/organisation/solna"]


def test_somebody_is_moved_only_to_where_the_viewer_coordinates_as_well(app: Flask, head: Browser) -> None:
    give(app, COLLEAGUE, "habo", OrganisationRole.MEMBER)
    targets = re.findall(r'<option value="([^"]+)">', head.get(at(app, EDITOR)).text)
    assert set(targets) - {role.value for role in OrganisationRole} == {"solna"}
    give(app, COLLEAGUE, "solna", OrganisationRole.MEMBER)
    assert "Flytta till en annan organisation" not in head.get(at(app, EDITOR)).text


@pytest.mark.parametrize(("target", "status"), [("habo", 403), ("sundbyberg", 403), ("sodertalje", 400), ("x", 400)])
def test_nobody_is_moved_to_where_the_coordinator_may_not_invite(
    app: Flask, head: Browser, target: str, status: int
) -> None:
    assert head.post(at(app, EDITOR, "flytta"), data={"target": target}).status_code == status
    assert roles_of(app, EDITOR) == {"sodertalje": "member"}


def test_who_ends_their_own_coordination_is_led_to_their_account(app: Flask, head: Browser) -> None:
    answer = head.post(at(app, COLLEAGUE, "roll"), data={"role": "member"})
    assert (answer.status_code, answer.location) == (303, "/mitt-konto")
    assert head.get(HERE).status_code == 403


def test_what_somebody_wrote_stays_with_their_name_and_organisation(
    app: Flask, house: House, head: Browser, editor: Browser
) -> None:
    from app.history import last_change
    from app.publishing import Author, Change, FileChange

    house.write("practices", "sida")
    house.look()
    eva = find(app, EDITOR)
    with app.app_context():
        document = app.extensions["library"].get("practices", "sida")
        change = FileChange(document.path, document.text.replace("Text.", "Ny text."), document.version)
        author = Author(eva.id, eva.name, "sodertalje")
        app.extensions["archive"].publish(Change([change], author, "Ändrade", "mark"))
    head.post(at(app, EDITOR, "avsluta"))
    with app.extensions["databases"].kept() as session:
        people.set_active(session, find(app, EDITOR), active=False)
    with app.extensions["databases"].kept_for_reading() as session:
        entry = last_change(session, document.id)
    assert entry
    assert (entry.author_name, entry.author_organisation) == (EDITOR.name, "sodertalje")
    assert "Ny text." in head.get("/arbetssatt/sida").text


# ---- Networks ----


def test_a_networks_coordinators_see_and_end_one_another(app: Flask, network: House, coordinator: Browser) -> None:
    page = coordinator.get(NETWORK).text
    assert COORDINATOR.name in page
    assert READER.name in page
    assert coordinator.post(at(app, READER, "avsluta", NETWORK)).status_code == 303
    assert browser(app, READER).get(NETWORK).status_code == 403
    answer = coordinator.post(at(app, COORDINATOR, "avsluta", NETWORK))
    assert (answer.status_code, answer.location) == (303, "/mitt-konto")


def test_the_coordinators_of_the_networks_owner_appoint_as_well(app: Flask, network: House) -> None:
    outsider = browser(app, OUTSIDER)
    assert outsider.get(NETWORK).status_code == 403
    give(app, OUTSIDER, "habo", OrganisationRole.COORDINATOR)
    assert outsider.get(NETWORK).status_code == 200


def test_a_network_that_one_may_not_see_is_none(app: Flask, house: House, reader: Browser, anyone: Browser) -> None:
    house.write("networks", "hemligt", publication="draft")
    house.write("networks", "oppet")
    house.look()
    for client, known in ((reader, 403), (anyone, 401)):
        for action in ("get", "post"):
            ask: Callable[[str], int] = lambda path: getattr(client, action)(path).status_code  # noqa: B023, E731
            end = "/bjud-in" if action == "post" else ""
            assert ask(f"/personer/natverk/hemligt{end}") == 404
            assert ask(f"/personer/natverk/finns-inte{end}") == 404
            assert ask(f"/personer/natverk/oppet{end}") == known


def test_roles_and_moves_are_not_for_networks(app: Flask, network: House, coordinator: Browser) -> None:
    assert coordinator.post(at(app, READER, "roll", NETWORK), data={"role": "member"}).status_code == 400
    assert coordinator.post(at(app, READER, "flytta", NETWORK), data={"target": "solna"}).status_code == 400


# ---- What an administrator does ----


def test_an_administrator_finds_people_and_looks_at_one(app: Flask, admin: Browser) -> None:
    everybody = admin.get("/personer").text
    assert all(role.name in everybody for role in CAST)
    found = admin.get("/personer?q=EDITOR+sodertalje").text
    assert EDITOR.name in found
    assert READER.name not in found
    assert "Inget konto stämmer" in admin.get("/personer?q=%25").text
    assert admin.get("/personer?sida=2").status_code == 404
    page = admin.get(f"/personer/konto/{find(app, EDITOR).id}").text
    assert "Södertälje kommun" in page
    assert admin.get("/personer/konto/ingen").status_code == 404


def test_an_administrator_gives_a_role_without_an_invitation(app: Flask, admin: Browser) -> None:
    way = f"/personer/konto/{find(app, EDITOR).id}/roll"
    assert admin.post(way, data={"organisation": "habo", "role": "coordinator"}).status_code == 303
    assert roles_of(app, EDITOR) == {"sodertalje": "member", "habo": "coordinator"}
    for wrong in ({"organisation": "atlantis", "role": "member"}, {"organisation": "habo", "role": "x"}, {}):
        assert admin.post(way, data=wrong).status_code == 422


def test_an_administrator_closes_an_account_and_opens_it_again(app: Flask, admin: Browser, editor: Browser) -> None:
    way = f"/personer/konto/{find(app, EDITOR).id}"
    assert admin.post(f"{way}/stang").status_code == 303
    assert editor.get("/mitt-konto").status_code == 401
    assert browser(app).sign_in(EDITOR).status_code == 422
    assert admin.post(f"{way}/losenord").status_code == 409
    assert admin.post(f"{way}/oppna").status_code == 303
    assert browser(app).sign_in(EDITOR).status_code == 303


def test_nobody_closes_the_door_behind_themselves(app: Flask, admin: Browser) -> None:
    way = f"/personer/konto/{find(app, ADMIN).id}"
    assert "Stäng kontot" not in admin.get(way).text
    assert admin.post(f"{way}/stang").status_code == 403
    assert admin.get("/mitt-konto").status_code == 200


def test_an_administrator_signs_somebody_out_everywhere(app: Flask, admin: Browser, editor: Browser) -> None:
    assert admin.post(f"/personer/konto/{find(app, EDITOR).id}/logga-ut").status_code == 303
    assert editor.get("/mitt-konto").status_code == 401
    assert admin.get("/mitt-konto").status_code == 200


def test_without_letters_an_administrator_hands_over_a_link_for_a_new_password(app: Flask, admin: Browser) -> None:
    shown = admin.post(f"/personer/konto/{find(app, EDITOR).id}/losenord").text
    link = re.search(r"http://localhost(/nytt-losenord\?kod=[\w-]+)", shown)
    assert link
    assert EDITOR.email in browser(app).get(link[1]).text


def test_an_administrator_sees_the_letters_that_were_not_sent(app: Flask, admin: Browser) -> None:
    with app.extensions["databases"].kept() as session:
        session.add(Letter(sort="invitation", about="1", to_email="a@b.test", error="servern svarar inte"))
    page = admin.get("/personer/brev").text
    assert "a@b.test" in page
    assert "Servern svarar inte." in page
    with app.extensions["databases"].kept() as session:
        outbox.withdraw(session, "invitation", "1")
    assert "Inget brev väntar." in admin.get("/personer/brev").text


# ---- Leaving ----


def test_a_member_leaves_an_organisation(app: Flask, editor: Browser) -> None:
    assert "Vill du lämna Södertälje kommun?" in editor.get("/mitt-konto/lamna/sodertalje").text
    assert editor.post("/mitt-konto/lamna/sodertalje").status_code == 303
    assert roles_of(app, EDITOR) == {}
    assert editor.post("/mitt-konto/lamna/sodertalje").status_code == 403


# ---- Of another circle (who may what at every address is in tests/access/matrix.txt) ----


@pytest.fixture
def furnished(app: Flask, network: House) -> dict[str, str]:
    """What the addresses below name: Eva, and an invitation to Södertälje and one to KNUT."""
    with app.extensions["databases"].kept() as session:
        expires = find(app, EDITOR).created_at
        made = [
            Invitation(email="a@b.test", role="member", title="x", expires_at=expires, organisation="sodertalje"),
            Invitation(email="a@b.test", role="coordinator", title="x", expires_at=expires, network=KNUT),
        ]
        session.add_all(made)
        session.flush()
        numbers = [str(one.number) for one in made]
    return {"eva": find(app, EDITOR).id, "lo": find(app, READER).id, "to": numbers[0], "net": numbers[1]}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/personer/organisation/sodertalje/inbjudan/{to}/igen", 303),
        ("/personer/organisation/sundbyberg/inbjudan/{to}/igen", 404),
        ("/personer/organisation/sundbyberg/inbjudan/{to}/ta-tillbaka", 404),
        ("/personer/natverk/knut/inbjudan/{to}/ta-tillbaka", 404),
        ("/personer/natverk/knut/inbjudan/{net}/igen", 303),
        ("/personer/organisation/sodertalje/inbjudan/{net}/igen", 404),
        ("/personer/organisation/sundbyberg/{eva}/avsluta", 404),
        ("/personer/natverk/knut/{eva}/avsluta", 404),
        ("/personer/natverk/knut/{lo}/avsluta", 303),
    ],
)
def test_who_belongs_or_is_invited_elsewhere_is_nobody_here(
    furnished: dict[str, str], admin: Browser, address: str, status: int
) -> None:
    assert admin.post(address.format(**furnished)).status_code == status


def test_a_form_without_its_token_changes_nothing(app: Flask, admin: Browser) -> None:
    assert admin.post(at(app, EDITOR, "avsluta"), token=False).status_code == 400
    assert roles_of(app, EDITOR) == {"sodertalje": "member"}


def test_the_invitations_of_somebody_who_is_erased_are_gone(app: Flask, furnished: dict[str, str]) -> None:
    with app.extensions["databases"].kept() as session:
        person = find(app, COORDINATOR)
        session.add(
            Invitation(
                email="c@b.test",
                organisation="solna",
                role="member",
                title="x",
                by_person=person.id,
                expires_at=person.created_at,
            )
        )
        session.flush()
        invitations.forget_person(session, person)
        assert "c@b.test" not in [one.email for one in invitations.everywhere(session)]
