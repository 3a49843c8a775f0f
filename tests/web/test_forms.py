"""Forms made from the models of the kinds: what is asked, what is understood, what reaches the file."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.kinds import NAMES
from app.library.document import Kind
from app.web import forms
from app.web.forms import Box, Form, Shape, Sort, Values

KINDS: list[Kind] = [import_module(f"app.kinds.{name}").KIND for name in NAMES]
VISITS, NETWORKS, PRACTICES = (
    import_module(f"app.kinds.{name}").KIND for name in ("studyvisits", "networks", "practices")
)


class Suggestions:
    """Two organisations, and as many practices as a test says."""

    def __init__(self, practices: int = 0) -> None:
        self.practices = [(f"p-{number}", f"Arbetssätt {number}") for number in range(practices)]

    def organisation_words(self, slug: str) -> str:
        return {"habo": "Håbo kommun", "solna": "Solna stad"}.get(slug, slug)

    def organisation_slug(self, typed: str) -> str:
        return {"Håbo kommun": "habo", "Solna stad": "solna"}.get(typed, typed)

    def reference_words(self, kind: str, slug: str) -> str:
        return slug

    def reference_slug(self, kind: str, typed: str) -> str:
        return typed

    def references(self, kind: str) -> list[tuple[str, str]]:
        return self.practices

    def owners(self) -> list[tuple[str, str]]:
        return [("habo", "Håbo kommun")]

    def rows_above(self, name: str) -> list[str]:
        return []


def shape(kind: Kind, name: str) -> Shape:
    found = forms.form_for(kind).shape(name)
    assert found is not None
    return found


def part(whole: Shape, name: str) -> Shape:
    found = (whole.row or whole).part(name)
    assert found is not None
    return found


def read(kind: Kind, posted: list[tuple[str, str]], before: Values | None = None) -> Values:
    form = forms.form_for(kind)
    return forms.read(form.shapes, MultiDict(posted), before or forms.blanks(form.shapes), Suggestions())


def every_name(box: Box) -> list[str]:
    return [inner.name for inner in box.within()]


# ---- What is asked ----


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_every_kind_gets_a_form_with_every_field_of_its_steps_and_no_name_twice(kind: Kind) -> None:
    form = forms.form_for(kind)
    names = [shape.name for shape in form.shapes]
    assert len(names) == len(set(names)) == sum(len(step.fields) for step in kind.steps) + 1


def test_a_field_looks_like_its_type_and_markers_say() -> None:
    sessions = shape(VISITS, "sessions")
    guests = part(sessions, "guests")
    assert shape(VISITS, "title").sort is Sort.TEXT
    assert shape(VISITS, "title").required
    assert shape(VISITS, "purpose").sort is Sort.LONG
    assert shape(VISITS, "invented").sort is Sort.YES_NO
    assert shape(VISITS, "areas").sort is Sort.CHOICES
    assert part(sessions, "date").sort is Sort.PARTIAL_DATE
    assert part(sessions, "seats").sort is Sort.QUANTITY
    assert part(guests, "organisation").sort is Sort.ORGANISATION
    assert part(guests, "organisation").required
    assert shape(VISITS, "practices").row == Shape("", Sort.REFERENCE, "Arbetssätt att titta på", refers_to="practices")
    assert shape(PRACTICES, "review_by").sort is Sort.DATE
    assert shape(PRACTICES, "evidence").sort is Sort.GROUP
    assert shape(PRACTICES, "h_sa_gor_vi").heading == "Så gör vi"


def test_a_short_required_choice_shows_its_words_and_others_unfold() -> None:
    assert shape(VISITS, "publication").radios
    assert shape(VISITS, "publication").choices[0] == ("draft", "Utkast")
    assert not shape(VISITS, "status").radios
    cycles = import_module("app.kinds.cycles").KIND
    assert not shape(cycles, "scale").required


def test_text_under_unknown_headings_has_a_box_on_the_last_step_with_text() -> None:
    steps = [step.number for step in forms.form_for(VISITS).steps if step.shapes[-1].name == forms.OTHER_TEXT]
    assert steps == [4]


# ---- What is understood ----


def test_posted_names_become_nested_values() -> None:
    values = read(
        VISITS,
        [
            ("title", "  Besök   i Håbo "),
            ("areas", ""),
            ("areas", "hemloshet"),
            ("areas", "aldre"),
            ("invented", ""),
            ("invented", "ja"),
            ("sessions-0-date", "3 februari"),
            ("sessions-0-guests-0-organisation", "Solna stad"),
            ("sessions-0-guests-1-organisation", "Någon annan"),
            ("sessions-2-date", "2026-02-04"),
            ("h_vad_ni_far_se", "Först.\r\n\r\nSedan.\r\n"),
        ],
    )
    assert values["title"] == "Besök i Håbo"
    assert values["areas"] == ["hemloshet", "aldre"]
    assert values["invented"] is True
    assert [row["date"] for row in values["sessions"]] == ["3 februari", "2026-02-04"]
    assert [guest["organisation"] for guest in values["sessions"][0]["guests"]] == ["solna", "Någon annan"]
    assert values["h_vad_ni_far_se"] == "Först.\n\nSedan."


def test_what_was_not_in_the_form_keeps_its_value_and_what_was_unticked_loses_it() -> None:
    before = {**forms.blanks(forms.form_for(VISITS).shapes), "place": "Rådhuset", "areas": ["aldre"], "invented": True}
    values = read(VISITS, [("title", "Ny"), ("areas", ""), ("invented", "")], before)
    assert (values["place"], values["areas"], values["invented"]) == ("Rådhuset", [], False)


def test_hostile_names_are_ignored() -> None:
    blanks = forms.blanks(forms.form_for(VISITS).shapes)
    posted = [
        ("sessions-999999-date", "x"),
        ("sessions-²-date", "x"),
        ("sessions--1-date", "x"),
        ("sessions-a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p", "x"),
        ("__class__", "x"),
        ("id", "x"),
        ("former_slugs-0", "x"),
        ("areas", "rymdfart"),
        ("title-0-title", "x"),
        ("-" * 1000, "x"),
    ]
    assert read(VISITS, posted) == blanks


@given(st.lists(st.tuples(st.text(alphabet="sesion-0_1title.²\x00", max_size=30), st.text(max_size=10)), max_size=20))
def test_no_posted_name_breaks_the_form(posted: list[tuple[str, str]]) -> None:
    read(VISITS, posted)


def test_too_many_fields_too_many_rows_and_too_much_text_are_refused_with_words() -> None:
    with pytest.raises(forms.TooMuch, match="för stort"):
        read(VISITS, [(f"x{number}", "") for number in range(5_001)])
    with pytest.raises(forms.TooMuch, match="för stort"):
        read(VISITS, [("title", "x" * 400_001)])
    with pytest.raises(forms.TooMuch, match="Tillfällen"):
        read(VISITS, [(f"sessions-{number}-date", "2026") for number in range(301)])


# ---- Rows ----


def visit_with_two_sessions() -> Values:
    return read(VISITS, [("sessions-0-date", "2026-02-03"), ("sessions-1-date", "2026-02-04")])


@pytest.mark.parametrize(
    ("verb", "name", "dates"),
    [
        ("add", "sessions", ["2026-02-03", "2026-02-04", ""]),
        ("remove", "sessions-0", ["2026-02-04"]),
        ("up", "sessions-1", ["2026-02-04", "2026-02-03"]),
        ("up", "sessions-0", ["2026-02-03", "2026-02-04"]),
        ("down", "sessions-0", ["2026-02-04", "2026-02-03"]),
        ("down", "sessions-1", ["2026-02-03", "2026-02-04"]),
        ("remove", "sessions-7", ["2026-02-03", "2026-02-04"]),
        ("remove", "sessions-x", ["2026-02-03", "2026-02-04"]),
        ("add", "title", ["2026-02-03", "2026-02-04"]),
        ("remove", "", ["2026-02-03", "2026-02-04"]),
        ("explode", "sessions-0", ["2026-02-03", "2026-02-04"]),
    ],
)
def test_rows_are_added_removed_and_moved(verb: str, name: str, dates: list[str]) -> None:
    values = visit_with_two_sessions()
    forms.change_rows(forms.form_for(VISITS).shapes, values, verb, name)
    assert [row["date"] for row in values["sessions"]] == dates


def test_a_row_is_added_inside_a_row() -> None:
    values = visit_with_two_sessions()
    forms.change_rows(forms.form_for(VISITS).shapes, values, "add", "sessions-1-guests")
    assert [len(row["guests"]) for row in values["sessions"]] == [0, 1]


def test_empty_rows_are_dropped_although_their_choices_have_a_word() -> None:
    values = visit_with_two_sessions()
    shapes = forms.form_for(VISITS).shapes
    for name in ("sessions", "sessions-1-guests"):
        forms.change_rows(shapes, values, "add", name)
    assert values["sessions"][1]["guests"][0]["status"] == "requested"
    values = forms.without_empty_rows(shapes, values)
    assert [(row["date"], row["guests"]) for row in values["sessions"]] == [("2026-02-03", []), ("2026-02-04", [])]


# ---- From and to a file ----


def test_a_model_comes_back_from_its_form_as_it_was() -> None:
    visit = VISITS.front_matter.model_validate(
        {
            "id": "00000000-0000-4000-8000-000000000000",
            "title": "Besök",
            "owner": "habo",
            "sessions": [
                {"date": "3 februari", "room": "A", "guests": [{"organisation": "solna", "people": "cirka 50"}]},
                {"date": "framgår inte", "room": "B"},
            ],
            "practices": ["ett", "tva"],
            "invented": True,
        }
    )
    front = [shape for shape in forms.form_for(VISITS).shapes if not shape.in_body]
    values = forms.written(front, visit)
    back = {shape.name: forms.plain(shape, values[shape.name], getattr(visit, shape.name)) for shape in front}
    filled = {name: value for name, value in back.items() if value is not None}
    assert VISITS.front_matter.model_validate({"id": visit.id, **filled}) == visit
    assert "place" not in filled


def test_keys_that_no_form_shows_follow_their_row_when_rows_are_moved() -> None:
    network = NETWORKS.front_matter.model_validate(
        {
            "id": "00000000-0000-4000-8000-000000000000",
            "title": "KNUT",
            "owner": "habo",
            "members": [{"organisation": "habo", "seat": "1"}, {"organisation": "solna", "seat": "2"}],
        }
    )
    members = shape(NETWORKS, "members")
    values: dict[str, Any] = forms.written([members], network)
    forms.change_rows([members], values, "up", "members-1")
    rows = forms.plain(members, values["members"], network.members)
    assert [(row["organisation"], row["seat"]) for row in rows] == [("solna", "2"), ("habo", "1")]


def test_two_values_are_the_same_wherever_their_rows_stood() -> None:
    assert forms.same(shape(NETWORKS, "members"), [{"note": "x", "_was": "1"}], [{"note": "x"}])
    assert not forms.same(shape(NETWORKS, "members"), [{"note": "x"}], [{"note": "y"}])


# ---- What is shown ----


@pytest.fixture
def pages() -> Flask:
    return Flask("forms", template_folder=str(Path(__file__).parents[2] / "app" / "templates"))


def drawn(pages: Flask, boxes: list[Box]) -> str:
    with pages.test_request_context():
        return render_template_string(
            "{% from '_parts/form.html' import draw %}{% for box in boxes %}{{ draw(box, '/x') }}{% endfor %}",
            boxes=boxes,
        )


def all_boxes(form: Form, values: Values, suggestions: Suggestions, errors: forms.Errors | None = None) -> list[Box]:
    return [box for step in form.steps for box in forms.boxes_of(step, values, suggestions, errors)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_what_is_drawn_posts_back_to_the_same_values(pages: Flask, kind: Kind) -> None:
    form = forms.form_for(kind)
    values = forms.blanks(form.shapes)
    for shape in form.shapes:
        if shape.sort is Sort.ROWS:
            forms.change_rows(form.shapes, values, "add", shape.name)
    html = drawn(pages, all_boxes(form, values, Suggestions()))
    for box in all_boxes(form, values, Suggestions()):
        for name in every_name(box):
            assert f'id="f-{name}"' in html
    assert html.count("<fieldset") == html.count("</fieldset>")


def test_an_error_stands_at_its_field_and_the_box_points_to_it(pages: Flask) -> None:
    form = forms.form_for(VISITS)
    values = read(VISITS, [("sessions-0-guests-0-organisation", "Nån")])
    errors: forms.Errors = {
        ("sessions", 0, "guests", 0, "organisation"): ["Det finns ingen ”Nån”"],
        ("title",): ["Tom"],
    }
    html = drawn(pages, all_boxes(form, values, Suggestions(), errors))
    assert 'aria-describedby="f-sessions-0-guests-0-organisation-e" aria-invalid="true"' in html
    assert 'id="f-sessions-0-guests-0-organisation-e"' in html
    assert html.count('aria-invalid="true"') == 2


def test_few_documents_are_ticked_and_many_are_typed() -> None:
    form = forms.form_for(VISITS)
    step = form.step_of("practices")
    assert step is not None
    values = read(VISITS, [("practices", ""), ("practices", "p-1"), ("practices", "borttagen")])
    few = next(box for box in forms.boxes_of(step, values, Suggestions(3)) if box.name == "practices")
    many = next(box for box in forms.boxes_of(step, values, Suggestions(30)) if box.name == "practices")
    assert (few.sort, [slug for slug, _ in few.choices]) == ("choices", ["p-0", "p-1", "p-2", "borttagen"])
    assert (many.sort, [row.value for row in many.boxes]) == ("rows", ["p-1", "borttagen"])


def test_several_choices_are_ticked(pages: Flask) -> None:
    step = forms.form_for(VISITS).step_of("areas")
    assert step is not None
    html = drawn(pages, forms.boxes_of(step, read(VISITS, [("areas", "aldre")]), Suggestions()))
    assert '<input type="checkbox" id="f-areas-9" name="areas" value="aldre" checked>' in html
    assert html.count('name="areas"') == 1 + len(shape(VISITS, "areas").choices)


def test_the_owner_is_chosen_among_ones_own_organisations_and_the_present_one_stays() -> None:
    step = forms.form_for(VISITS).step(1)
    boxes = forms.boxes_of(step, read(VISITS, [("owner", "solna")]), Suggestions())
    owner = next(box for box in boxes if box.name == "owner")
    assert owner.choices == [("habo", "Håbo kommun"), ("solna", "Solna stad")]


def test_text_from_people_is_escaped(pages: Flask) -> None:
    values = read(VISITS, [("title", '"><script>alert(1)</script>'), ("h_anteckningar", "</textarea><b>")])
    html = drawn(pages, all_boxes(forms.form_for(VISITS), values, Suggestions()))
    assert "<script" not in html
    assert "</textarea><b>" not in html
