"""A value is changed where it stands, all else survives to the letter, and what is written is what is read."""

from __future__ import annotations

import difflib
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.library.fields import PartialDate, Quantity
from app.library.front_matter import compose, read, rewrite
from app.library.vocabulary import Publication
from app.library.yaml_editing import says
from app.library.yaml_writing import filled, plain
from tests.library.kinds import VISIT, Guest, Visit

TEXT = """\
---
# Om besöket
title: "Besök i Södertälje"   # rubriken
summary: >-
  En lång sammanfattning
  på två rader.
owner: sodertalje # värden

okand_nyckel: {a: 1, b: [2, 3]}
days:
  # första tillfället
  - date: 3 februari
    egen: något eget   # okänt
    guests:
      - organisation: karlstad   # kom med tåg
        status: confirmed
        note: 'Såg ”allt”'

      - organisation: borlange
        status: requested
  - date: "2016"
networks: [knut, skl]
review_by:
# slut
---

## Vad ni får se

Mottagningen.
"""


def changed_lines(text: str, new: str) -> list[str]:
    """The lines that were taken away ("-") or added ("+")."""
    lines = difflib.ndiff(text.splitlines(), new.splitlines())
    return [line[0] + line[2:] for line in lines if line[0] in "+-"]


def days() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read("x.md", TEXT).values["days"]
    return found


# ---- Where it stands ----


def test_the_same_values_give_the_same_text() -> None:
    found = read("x.md", TEXT)
    assert rewrite(TEXT, found.values, found.body) == TEXT


def test_the_values_of_the_model_give_the_same_text() -> None:
    found = read("x.md", TEXT)
    model = Visit.model_validate({"id": "9f0e7c5e-1111-4222-8333-444455556666", **found.values})
    values = {key: getattr(model, key) for key in type(model).model_fields if key != "id"}
    assert rewrite(TEXT, values, found.body + "\n", Visit) == TEXT


def test_a_changed_word_leaves_its_remark_and_all_else() -> None:
    assert changed_lines(TEXT, rewrite(TEXT, {"owner": "solna"})) == [
        "-owner: sodertalje # värden",
        "+owner: solna # värden",
    ]


def test_a_changed_value_deep_inside_touches_one_line() -> None:
    new = days()
    new[0]["guests"][0]["status"] = "attended"
    assert changed_lines(TEXT, rewrite(TEXT, {"days": new})) == [
        "-        status: confirmed",
        "+        status: attended",
    ]


def test_a_new_key_deep_inside_adds_one_line() -> None:
    new = days()
    new[0]["guests"][1]["note"] = "Frågade: varför?"
    assert changed_lines(TEXT, rewrite(TEXT, {"days": new})) == ['+        note: "Frågade: varför?"']


def test_an_element_is_added_at_the_end() -> None:
    new = [*days(), {"date": "mars 2019"}]
    assert changed_lines(TEXT, rewrite(TEXT, {"days": new})) == ["+  - date: mars 2019"]


def test_an_element_is_added_first_and_the_others_keep_their_remarks() -> None:
    new = [{"date": "mars"}, *days()]
    text = rewrite(TEXT, {"days": new})
    assert changed_lines(TEXT, text) == ["+  - date: mars"]
    assert "# första tillfället" in text


def test_a_removed_element_takes_only_its_own_lines() -> None:
    new = days()
    del new[0]["guests"][1]
    assert changed_lines(TEXT, rewrite(TEXT, {"days": new})) == [
        "-",
        "-      - organisation: borlange",
        "-        status: requested",
    ]


def test_a_removed_element_does_not_live_on_in_the_next() -> None:
    new = days()
    new[0]["guests"] = [{"organisation": "borlange", "status": "requested"}, {"organisation": "solna"}]
    assert read("x.md", rewrite(TEXT, {"days": new}, model=Visit)).values["days"] == new


def test_a_removed_key_leaves_the_others() -> None:
    text = rewrite(TEXT, {"summary": None, "networks": []})
    assert read("x.md", text).values.keys() == read("x.md", TEXT).values.keys() - {"summary", "networks"}
    assert "okand_nyckel: {a: 1, b: [2, 3]}" in text


def test_keys_that_are_not_given_are_let_be() -> None:
    assert rewrite(TEXT, {}) == TEXT


def test_new_keys_come_last_in_the_order_of_the_model() -> None:
    text = rewrite(TEXT, {"year": "2016", "host": "sodertalje", "visibility": "network"}, model=Visit)
    assert changed_lines(TEXT, text) == ["+visibility: network", "+host: sodertalje", "+year: 2016"]


def test_a_text_of_several_lines_becomes_a_block_and_keeps_its_remark() -> None:
    assert changed_lines(TEXT, rewrite(TEXT, {"title": "En rad\n\nen till"})) == [
        '-title: "Besök i Södertälje"   # rubriken',
        "+# rubriken",
        "+title: |-",
        "+  En rad",
        "+",
        "+  en till",
    ]


def test_an_empty_key_is_filled_where_it_stands() -> None:
    assert changed_lines(TEXT, rewrite(TEXT, {"review_by": "2026-02-03"})) == ["-review_by:", "+review_by: 2026-02-03"]


# ---- What the model knows ----


def test_unknown_keys_inside_a_group_survive_a_form_that_lacks_them() -> None:
    new = days()
    del new[0]["egen"]
    new[0]["date"] = "4 februari"
    text = rewrite(TEXT, {"days": new}, model=Visit)
    assert changed_lines(TEXT, text) == ["-  - date: 3 februari", "+  - date: 4 februari"]


def test_known_keys_that_a_form_lacks_are_removed() -> None:
    new = days()
    del new[0]["guests"][0]["note"]
    assert changed_lines(TEXT, rewrite(TEXT, {"days": new}, model=Visit)) == ["-        note: 'Såg ”allt”'"]


def test_defaults_that_nobody_wrote_are_not_written() -> None:
    model = Visit.model_validate({"id": "9f0e7c5e-1111-4222-8333-444455556666", **read("x.md", VISIT).values})
    assert rewrite(VISIT, dict(model), model=Visit) == VISIT


def test_a_default_replaces_what_was_written() -> None:
    assert "publication: draft\n" in rewrite(VISIT, {"publication": Publication.DRAFT}, model=Visit)


def test_enumerations_dates_and_sums_are_written_as_in_the_file() -> None:
    guest = Guest(organisation="solna", people=Quantity.parse("cirka 50"))
    text = rewrite(VISIT, {"days": [{"date": PartialDate.parse("mars 2019"), "guests": [guest]}]}, model=Visit)
    day = read("x.md", text).values["days"][0]
    assert (day["date"], day["guests"][0]) == (
        "mars 2019",
        {"organisation": "solna", "status": "requested", "people": "cirka 50"},
    )


@pytest.mark.parametrize("written", ["yes", "true", "True", "on"])
def test_a_yes_stays_as_it_was_written(written: str) -> None:
    text = f"---\ninvented: {written}\n---\n"
    assert rewrite(text, {"invented": True}) == text
    assert "invented: false" in rewrite(text, {"invented": False})


# ---- Line endings, odd layouts ----


def test_crlf_survives_in_old_and_new_lines() -> None:
    text = TEXT.replace("\n", "\r\n")
    new = rewrite(text, {"title": "Ett\ntvå", "host": "solna"}, "Ny\ntext\n")
    assert "\n" not in new.replace("\r\n", "")
    assert read("x.md", new).body == "Ny\ntext\n"


def test_a_body_with_other_line_breaks_is_the_same_body() -> None:
    assert rewrite(TEXT, {}, read("x.md", TEXT).body.replace("\n", "\r\n")) == TEXT


def test_a_mark_of_byte_order_survives() -> None:
    assert rewrite("\ufeff" + TEXT, {"owner": "solna"}).startswith("\ufeff---\n")


def test_a_new_body_keeps_the_front_matter_to_the_letter() -> None:
    assert rewrite(TEXT, {}, "Ny text").startswith(TEXT.partition("## Vad")[0] + "Ny text\n")


@pytest.mark.parametrize(
    "front",
    [
        "{title: a, owner: b}",
        "  title: a\n  owner: b",
        "? title\n: a\nowner: b",
        '"title": a\n"owner": b',
        "title:\n  a\nowner:\n  b",
        "title: |\n  a\n\n\nowner: b\n\n",
        "title: >+\n  a\n\nowner: b",
        "title: # tom\nowner: b",
        "networks:\n- a # ett\n- # två\n  b\n-\n  c\n- - d\nowner: b",
        "networks:   [a,\n  b]\nowner: b",
        "title: a   \nowner: 'b\n\n  c'",
    ],
)
def test_any_layout_can_be_changed(front: str) -> None:
    text = f"---\n{front}\n---\nText\n"
    old = read("x.md", text).values
    for values in (
        {"title": "ny"},
        {"networks": ["a", "x"]},
        {"title": None},
        {"egen": {"a": ["b"]}},
        {"owner": "c\nd"},
    ):
        found = read("x.md", rewrite(text, values))
        assert says(found.values, {**old, **values})
        assert found.body == "Text\n"


# ---- Any text at all ----

words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\ufffe\uffff")
    | st.sampled_from("\n\t :#-'\"åäö"),
    max_size=30,
)
taken = st.sampled_from(
    ["null", "~", "true", "no", "0114", "1_0", "12:30", "2013-06-25", "- a", "# b", "a: b", "*x", "| y", "\u2028", "<<"]
)
scalars = words | taken
keys = st.from_regex(r"[a-zåäö_]{1,8}", fullmatch=True)
groups = st.dictionaries(keys, scalars | st.lists(scalars, max_size=3), max_size=4)
nested = st.recursive(
    scalars | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
mappings = st.dictionaries(keys, nested, max_size=6)


def as_text(value: Any) -> Any:
    """The values as reading gives them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return {key: as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_text(inner) for inner in value]
    return value


@given(mappings)
def test_what_is_composed_is_what_is_read(values: dict[str, Any]) -> None:
    assert filled(read("x.md", compose(values, "Text")).values) == as_text(filled(values))


@given(mappings)
def test_what_is_composed_is_yaml_to_others_too(values: dict[str, Any]) -> None:
    front = compose(values, "").split("---\n")[1] if filled(values) else ""
    assert yaml.load(front, yaml.CBaseLoader if hasattr(yaml, "CBaseLoader") else yaml.BaseLoader) == as_text(
        filled(values)
    )


@given(
    st.sampled_from(["null", "yes", "No", "on", "~", "0114", "0x1f", "1_000", "12:30:00", "=", "<<", ".inf", "-.5e3_"])
)
def test_a_text_that_others_would_take_for_something_else_is_quoted(text: str) -> None:
    assert yaml.safe_load(compose({"key": text}, "").split("---")[1]) == {"key": text}


@given(mappings, mappings)
@settings(max_examples=300)
def test_what_is_rewritten_is_what_is_read(old: dict[str, Any], new: dict[str, Any]) -> None:
    text = compose({"first": "a", **old, "last": "z"}, "Text")
    found = read("x.md", rewrite(text, new)).values
    for key, value in new.items():
        assert says(found.get(key), plain(value)), text
    for key, value in read("x.md", text).values.items():
        assert key in new or found[key] == value


@given(mappings, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
def test_unchanged_values_give_the_same_bytes(values: dict[str, Any], newline: str, mark: str) -> None:
    text = mark + compose(values, "En text\n\nmed rader").replace("\n", newline)
    found = read("x.md", text)
    assert rewrite(text, found.values, found.body) == text
    assert rewrite(text, values, found.body) == text


@st.composite
def written(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Front matter as people write it: remarks, blank lines, unknown keys, and the lines that nobody should touch."""
    kept, lines = [], []
    for key in draw(st.lists(keys, min_size=1, max_size=5, unique=True)):
        remarks = st.sampled_from(["# en anmärkning", "", "#", "# title: inte en nyckel"])
        lines += draw(st.lists(remarks, max_size=2))
        block = draw(
            st.sampled_from(
                [
                    f"{key}: enkel  # med anmärkning",
                    f"{key}: 'citerad: text'",
                    f'{key}: "citerad ”text” \\u00e5"',
                    f"{key}: |\n  block # text\n\n   indragen",
                    f"{key}: >-\n  vikt\n  text",
                    f"{key}:\n- a\n- b # ett",
                    f"{key}:\n    # inne i\n    -   x: 1\n        y: [1, 2]\n\n    -   x: 2  # två",
                    f"{key}: {{a: 1, b: 2}}",
                    f"{key}:",
                ]
            )
        )
        lines.append(block)
        kept.append(block)
    return "---\n" + "\n".join(lines) + "\n---\n\nText\n", kept


@given(written(), st.data())
@settings(max_examples=300)
def test_what_nobody_changed_survives_to_the_letter(example: tuple[str, list[str]], data: st.DataObject) -> None:
    text, blocks = example
    old = read("x.md", text).values
    key = data.draw(st.sampled_from([*old, "zzzzzzzzz"]))
    value = data.draw(nested)
    new = rewrite(text, {key: value})
    for name, block in zip(old, blocks, strict=True):
        assert name == key or f"\n{block}\n" in new
    if filled(plain(value)) is not None:
        remarks = [line for line in text.split("\n") if line.startswith("#")]
        assert [line for line in new.split("\n") if line in remarks] == remarks
    order = [name for name in read("x.md", new).values if name in old]
    assert order == [name for name in old if name in order]


@given(st.lists(groups, max_size=5), st.lists(groups, max_size=5))
@settings(max_examples=300)
def test_lists_of_groups_are_rewritten_as_given(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    text = compose({"days": old, "last": "z"}, "Text")
    assert says(read("x.md", rewrite(text, {"days": new})).values.get("days"), new)


@given(words, words)
def test_any_body_is_kept(front: str, body: str) -> None:
    text = rewrite(TEXT, {"summary": front}, body)
    assert read("x.md", text).body.strip("\n").strip() == body.strip("\n").strip() or body.strip() == ""
