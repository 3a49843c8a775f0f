"""Three forms put together: pure, so that it can be tried with anything."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.editing.marks import marked
from app.editing.merging import put_together
from app.web import forms
from app.web.forms import Values

SHAPES = forms.form_for(import_module("app.kinds.studyvisits").KIND).shapes
TEXTS = st.lists(st.sampled_from(["en rad", "två rader", "", "tre"]), max_size=5).map("\n".join)
SESSIONS = st.lists(st.sampled_from(["2026", "2027", "mars 2026"]).map(lambda date: {"date": date}), max_size=3)


def form(**values: Any) -> Values:
    return {**forms.blanks(SHAPES), **values}


FORMS = st.builds(
    form,
    title=st.sampled_from(["Ett", "Två"]),
    purpose=TEXTS,
    h_anteckningar=TEXTS,
    status=st.sampled_from(["open", "held"]),
    areas=st.lists(st.sampled_from(["aldre", "hemloshet"]), unique=True).map(sorted),
    invented=st.booleans(),
    sessions=SESSIONS,
)


@given(FORMS, FORMS)
def test_what_only_one_changed_is_theirs_alone(base: Values, changed: Values) -> None:
    for theirs, mine in ((base, changed), (changed, base)):
        together = put_together(SHAPES, base, theirs, mine)
        assert together.clashes == []
        assert together.values == changed


@given(FORMS, FORMS)
def test_what_both_changed_alike_is_no_question(base: Values, changed: Values) -> None:
    together = put_together(SHAPES, base, changed, changed)
    assert (together.clashes, together.agreed, together.values) == ([], [], changed)


@given(FORMS, FORMS, FORMS)
def test_every_clash_offers_both_texts_as_they_are(base: Values, theirs: Values, mine: Values) -> None:
    for clash in put_together(SHAPES, base, theirs, mine).clashes:
        assert clash.field.theirs == theirs[clash.field.path[0]]
        if clash.is_text:
            assert (clash.mine, clash.theirs) == (mine[clash.field.path[0]], theirs[clash.field.path[0]])


@given(st.text(alphabet="ab \n.å", max_size=40), st.text(alphabet="ab \n.å", max_size=40))
def test_marks_tell_both_texts(old: str, new: str) -> None:
    marks = marked(old, new)
    if any(mark.text == old and mark.sort == "del" for mark in marks) and old and new:
        return  # little in common: one after the other
    assert "".join(mark.text for mark in marks if mark.sort != "del") == new
    assert "".join(mark.text for mark in marks if mark.sort != "ins") == old


def test_words_changed_in_two_places_of_a_line_are_suggested_together() -> None:
    base = form(h_anteckningar="Handläggaren skriver remissen på en sida. Den skickas med internpost.")
    theirs = form(
        h_anteckningar="Handläggaren skriver remissen med den sökande på en sida. Den skickas med internpost."
    )
    mine = form(h_anteckningar="Handläggaren skriver remissen på en sida. Tiden bokas i samtalet.")
    (clash,) = put_together(SHAPES, base, theirs, mine).clashes
    assert clash.suggestion == "Handläggaren skriver remissen med den sökande på en sida. Tiden bokas i samtalet."


def test_a_group_is_put_together_field_by_field() -> None:
    shapes = forms.form_for(import_module("app.kinds.cycles").KIND).shapes
    blank = forms.blanks(shapes)
    theirs = {**blank, "prediction": {**blank["prediction"], "measure": "Tid"}}
    mine = {**blank, "prediction": {**blank["prediction"], "text": "Vi tror"}}
    together = put_together(shapes, blank, theirs, mine)
    assert together.clashes == []
    assert together.values["prediction"]["text"] == "Vi tror"
    assert together.values["prediction"]["measure"] == "Tid"
