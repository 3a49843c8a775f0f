"""Places that ask what no address and no status tells: what is filled in, listed, kept and sent again."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask, g
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import Forbidden

from app.accounts import belonging, people
from app.accounts.tables import OrganisationRole, Person
from app.editing import saving
from app.editing.drafts import Draft, new_token
from app.library.visibility import Viewer
from app.web import forms
from app.web.forms import form_for
from tests.access.everybody import as_told
from tests.cast import EDITOR, OUTSIDER, READER, Browser, Role, browser
from tests.editing.writing import fields_of, open_form
from tests.house import House

SECRET = "Kvastskaftsmetoden"


def person_of(app: Flask, role: Role) -> Person:
    with app.extensions["databases"].kept_for_reading() as session:
        person = people.find(session, role.email)
    assert person
    return person


def viewer_of(app: Flask, role: Role) -> Viewer:
    return Viewer(person_of(app, role).id, role.name, role.roles, admin=role.admin)


# ---- What a form is filled in with ----


def test_a_new_page_is_not_filled_in_from_a_page_that_one_may_not_see(house: House, reader: Browser) -> None:
    house.write("practices", "hemlig", title=SECRET, publication="draft")
    house.look()
    new = f"/studiebesok/nytt?utkast={'0' * 32}&fran=arbetssatt"
    filled, empty = (reader.get(f"{new}/{slug}").text for slug in ("hemlig", "fanns-inte"))
    assert SECRET not in filled
    assert "hemlig" not in filled.replace("fran=arbetssatt/hemlig", "")
    assert len(filled) == len(empty) + (len("hemlig") - len("fanns-inte")) * filled.count("fran=arbetssatt/hemlig")


def test_a_form_sent_again_changes_nothing_for_who_may_not_write_any_longer(app: Flask, editor: Browser) -> None:
    fields = fields_of(open_form(editor, "/arbetssatt/nytt"))
    fields |= {"title": "Ett arbetssätt", "_do": "publish sure"}
    assert editor.post("/arbetssatt/nytt", data=fields).status_code == 303
    with app.extensions["databases"].kept() as session:
        person = people.find(session, EDITOR.email)
        assert person
        belonging.set_role(session, person, "sodertalje", None)
        belonging.set_role(session, person, "habo", OrganisationRole.MEMBER)
    fields |= {"title": "Någonting annat"}
    assert editor.post("/arbetssatt/nytt", data=fields).status_code == 403
    assert editor.post("/arbetssatt/nytt/utkast", data=fields).status_code == 403


# ---- Who owns what is saved ----


@pytest.fixture
def typed(app: Flask, house: House) -> MultiDict[str, str]:
    house.write("practices", "sida")
    house.look()
    return MultiDict({"title": "Ny rubrik", "_token": uuid.uuid4().hex})


@pytest.mark.parametrize("owner", ["sodertalje", ""])
@pytest.mark.usefixtures("typed")
def test_nobody_saves_a_new_page_for_an_organisation_that_is_not_theirs(app: Flask, owner: str) -> None:
    kind = app.extensions["library"].kinds["practices"]
    with app.test_request_context():
        g.viewer = viewer_of(app, OUTSIDER)
        values = forms.blanks(form_for(kind).shapes) | {"title": "En sida", "owner": owner}
        with pytest.raises(Forbidden):
            saving.publish(Draft(kind, g.viewer, values, new_token()))


@pytest.mark.parametrize(("role", "owner"), [(OUTSIDER, "habo"), (EDITOR, "solna"), (OUTSIDER, "")])
@pytest.mark.usefixtures("typed")
def test_nobody_saves_a_page_that_is_not_theirs_or_gives_it_to_others(app: Flask, role: Role, owner: str) -> None:
    document = app.extensions["library"].get("practices", "sida")
    with app.test_request_context():
        g.viewer = viewer_of(app, role)
        draft = Draft(document.kind, g.viewer, {}, new_token(), document, document.version)
        draft.values = draft.before | {"owner": owner}
        with pytest.raises(Forbidden):
            saving.publish(draft)


def test_the_form_says_that_one_chooses_among_ones_own_organisations(editor: Browser) -> None:
    fields = fields_of(open_form(editor, "/arbetssatt/nytt"))
    fields |= {"title": "Ett arbetssätt", "owner": "solna", "_do": "save"}
    answer = editor.post("/arbetssatt/nytt", data=fields)
    assert answer.status_code == 422
    assert "som du själv är medlem i" in answer.text


# ---- What was typed by somebody who was signed out ----


@pytest.mark.parametrize(
    ("role", "path", "parent", "kept"),
    [
        (EDITOR, "/arbetssatt/sida/andra", "", True),
        (OUTSIDER, "/arbetssatt/sida/andra", "", False),
        (EDITOR, "/arbetssatt/nytt", "", True),
        (Role("", "Nina"), "/arbetssatt/nytt", "", False),
        (EDITOR, "/cykler/nytt", "arbetet", True),
        (OUTSIDER, "/cykler/nytt", "arbetet", False),
    ],
)
def test_a_form_is_kept_through_the_sign_in_for_who_may_use_it(
    app: Flask, house: House, typed: MultiDict[str, str], role: Role, path: str, parent: str, kept: bool
) -> None:
    house.write("projects", "arbetet")
    house.look()
    with app.test_request_context():
        g.viewer = viewer_of(app, role) if role.email else Viewer("9", role.name)
        typed["_parent"] = parent
        where = app.extensions["keep_typed"](g.viewer.person, path, typed)
        assert (where is not None) is kept


# ---- The bin ----


def deleted(editor: Browser, slug: str) -> str:
    """Delete a practice; returns where it can be brought back."""
    fields = fields_of(open_form(editor, f"/arbetssatt/{slug}/ta-bort"))
    assert editor.post(f"/arbetssatt/{slug}/ta-bort", data=fields).status_code == 303
    found = re.search(r'action="(/papperskorg/\d+/angra)"', editor.get("/papperskorg").text)
    assert found
    return found[1]


def test_bringing_back_what_others_deleted_is_answered_as_what_never_was(
    app: Flask, house: House, editor: Browser, outsider: Browser
) -> None:
    house.write("practices", "hemlig", title=SECRET, visibility="organisation")
    house.look()
    back = deleted(editor, "hemlig")
    assert SECRET not in outsider.get("/papperskorg").text
    for _ in ("while it is gone", "when it is back"):
        answers = [outsider.post(address) for address in (back, "/papperskorg/99999/angra")]
        assert [(one.status_code, one.location) for one in answers] == [(303, "/papperskorg")] * 2
        told = [re.findall(r'class="note[^>]*>(.*?)</', outsider.get("/papperskorg").text, re.DOTALL) for _ in (1,)]
        assert SECRET not in str(told)
        answer = editor.post(back)
        assert (answer.status_code, answer.location) == (303, "/arbetssatt/hemlig")
    assert outsider.get("/arbetssatt/hemlig").status_code == 404


def test_only_who_may_bring_a_page_back_reads_that_it_was_deleted(house: House, editor: Browser, app: Flask) -> None:
    house.write("practices", "sida", title=SECRET)
    house.look()
    deleted(editor, "sida")
    assert SECRET in editor.get("/arbetssatt/sida").text
    with app.extensions["databases"].kept() as session:
        person = people.find(session, EDITOR.email)
        assert person
        belonging.set_role(session, person, "sodertalje", None)
    assert SECRET not in editor.get("/arbetssatt/sida").text
    assert SECRET not in browser(app, READER).get("/arbetssatt/sida").text


# ---- What stands around a page: as its file says now, not as the index still says ----


def test_a_cycle_that_has_just_been_hidden_is_not_shown_with_its_project(house: House, reader: Browser) -> None:
    house.write("projects", "arbetet")
    house.write("cycles", "arbetet/01-ett", title=SECRET)
    house.look()
    assert SECRET in reader.get("/utvecklingsarbeten/arbetet").text
    house.write("cycles", "arbetet/01-ett", title=SECRET, publication="draft", summary="Nytt.")
    assert reader.get("/cykler/arbetet/01-ett").status_code == 404
    house.look()
    assert SECRET not in reader.get("/utvecklingsarbeten/arbetet").text


def test_a_project_that_one_may_not_see_is_not_named_by_its_cycle(house: House, reader: Browser) -> None:
    house.write("projects", "arbetet", title=SECRET, publication="draft")
    house.write("cycles", "arbetet/01-ett", title="Cykeln")
    house.look()
    page = reader.get("/cykler/arbetet/01-ett")
    assert page.status_code == 200
    assert SECRET not in page.text


# ---- A file that cannot be read ----


@pytest.mark.parametrize(("front", "known"), [({"publication": "draft"}, False), ({}, True)])
def test_a_broken_file_is_known_to_who_could_read_it_before(
    app: Flask, house: House, editor: Browser, front: dict[str, str], known: bool
) -> None:
    path = house.write("practices", "sida", title=SECRET, **front)
    house.look()
    path.write_text("---\nid: [\n", encoding="utf-8")
    house.look()
    assert editor.get("/arbetssatt/sida").status_code == 503
    for other in (browser(app), browser(app, READER)):
        for way in ("", "/andra", "/historik", "/ta-bort"):
            answer, missing = (other.get(f"/arbetssatt/{slug}{way}") for slug in ("sida", "qaldrigq"))
            assert (answer.status_code == 503) is known, way
            if not known:
                assert as_told(answer, "sida")[0] == as_told(missing, "qaldrigq")[0] == 404
                assert answer.text.count("sida") - missing.text.count("sida") in (0, missing.text.count("qaldrigq"))


def test_a_file_that_could_never_be_read_is_known_to_who_mends_it_alone(
    house: House, admin: Browser, editor: Browser, reader: Browser, anyone: Browser
) -> None:
    path = house.write("practices", "sida")
    path.write_text("---\nid: [\n", encoding="utf-8")
    house.look()
    statuses = [who.get("/arbetssatt/sida").status_code for who in (admin, editor, reader, anyone)]
    assert statuses == [503, 404, 404, 404]
