"""Front matter is read to the letter, and what is wrong with it is explained with file, line and what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from app.library import yaml_nodes
from app.library.document import BrokenDocument, Document, Problem
from app.library.front_matter import FrontMatterText, read
from tests.library.kinds import VISIT, library_in

PATH = "content/visits/a/visit.md"


@pytest.fixture(params=["CBaseLoader", "BaseLoader"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both parsers of PyYAML: the one in C is not there on every machine."""
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML was built without its parser in C")
    monkeypatch.setattr(yaml_nodes, "_Parser", getattr(yaml, request.param))
    return str(request.param)


def of(front: str, body: str = "") -> FrontMatterText:
    return read("x.md", f"---\n{front}\n---\n{body}")


def problems(text: str) -> list[Problem]:
    with pytest.raises(BrokenDocument) as caught:
        read("x.md", text)
    return caught.value.problems


def problem(front: str) -> Problem:
    return problems(f"---\n{front}\n---\n")[0]


def visit(**changes: str) -> str:
    """A visit with some keys of its front matter replaced or added: ``publication="nej"``."""
    keys = {"id": "9f0e7c5e-1111-4222-8333-444455556666", "title": "Besök", "owner": "solna", "publication": "draft"}
    return "\n".join(["---", *(f"{key}: {value}" for key, value in (keys | changes).items()), "---\n"])


def faults(tmp_path: Path, text: str) -> list[Problem]:
    with pytest.raises(BrokenDocument) as caught:
        library_in(tmp_path).parse(PATH, text)
    return caught.value.problems


# ---- Values ----


@pytest.mark.usefixtures("parser")
class TestValues:
    @pytest.mark.parametrize(
        "written", ["0114", "no", "yes", "true", "2013", "2013-06-25", "1_000", "0x1f", "12:30", "1e3", ".inf", "="]
    )
    def test_a_plain_word_stays_what_was_typed(self, written: str) -> None:
        assert of(f"key: {written}").values == {"key": written}

    @pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL"])
    def test_a_plain_null_is_nothing(self, written: str) -> None:
        assert of(f"key: {written}").values == {"key": None}

    @pytest.mark.parametrize("written", ["''", '""', "'null'", '"~"'])
    def test_a_quoted_null_is_text(self, written: str) -> None:
        assert of(f"key: {written}").values == {"key": written[1:-1]}

    def test_lists_and_groups_nest(self) -> None:
        assert of("a:\n  - b: 1\n    c: [x, y]\n  - d").values == {"a": [{"b": "1", "c": ["x", "y"]}, "d"]}

    def test_front_matter_may_be_empty(self) -> None:
        assert read("x.md", "---\n---\nText\n").values == {}
        assert read("x.md", "---\n# bara en kommentar\n---\n").values == {}

    def test_every_value_has_its_line(self) -> None:
        lines = of("# kommentar\na: 1\nb:\n  - c: 2\n    d: 3\n\n  - c: 4").lines
        assert lines[("a",)] == 3
        assert lines[("b", 0, "d")] == 6
        assert lines[("b", 1)] == 8

    def test_lines_are_right_in_a_file_with_crlf(self) -> None:
        found = read("x.md", "---\r\na: 1\r\nb: |\r\n  c\r\n  d\r\ne: 2\r\n---\r\n\r\ntext\r\n")
        assert found.lines[("e",)] == 6
        assert found.values["b"] == "c\nd\n"
        assert found.lines[()] == 9


def test_the_body_has_plain_line_breaks_and_no_blank_lines_first() -> None:
    assert read("x.md", "---\r\na: 1\r\n---\r\n\r\n \r\nEn rad\r\nen till\r\n").body == "En rad\nen till\n"


def test_the_line_where_the_body_begins_is_told() -> None:
    assert of("a: 1", "\n\ntext").lines[()] == 6


def test_a_mark_of_byte_order_is_dropped() -> None:
    assert read("x.md", "\ufeff---\na: 1\n---\ntext").values == {"a": "1"}


# ---- What is refused ----


@pytest.mark.usefixtures("parser")
class TestRefused:
    @pytest.mark.parametrize(
        ("front", "line", "words"),
        [
            ("title: Mål: fler", 2, "kolon på fel ställe"),
            ("a: 1\nb: [1, 2", 4, "en lista inom [ ] är inte avslutad"),
            ("a: {b: 1", 3, "värden inom { } är inte avslutade"),
            ("a: 1\nb: 'x", 3, "citattecken som börjar här avslutas aldrig"),
            ('a: "x', 2, "citattecken som börjar här avslutas aldrig"),
            ("a: 1\n\tb: 1", 3, "tabb"),
            ("a: @x", 2, "kan inte börja med det här tecknet"),
            ("a: `x`", 2, "kan inte börja med det här tecknet"),
            ("a: %x", 2, "tecken"),
            ('a: "\\q"', 2, "omvänt snedstreck"),
            ("a: 'x' y", 2, "efter ett citerat värde"),
            ("a: b\n- c", 3, "inte jämnt indragen"),
            ("a: |x\n b", 2, "nästa rad"),
            ("a: 1\nbara text\nb: 2", 3, "raden saknar kolon"),
            ("a: b\n  - c\n d: 1", 4, "kolon på fel ställe"),
        ],
    )
    def test_a_fault_in_the_yaml_is_told_in_swedish_with_its_line(self, front: str, line: int, words: str) -> None:
        found = problem(front)
        assert words in found.message
        assert found.line == line

    def test_a_key_that_stands_twice_is_refused_with_both_lines(self) -> None:
        found = problem("title: a\nowner: b\ntitle: c")
        assert (found.line, "också på rad 2" in found.message) == (4, True)

    @pytest.mark.parametrize("front", ["- a\n- b", "bara text", "[a, b]"])
    def test_front_matter_that_is_no_keys_is_refused(self, front: str) -> None:
        assert "nyckel: värde" in problem(front).message

    @pytest.mark.parametrize("front", [": x", "? [a, b]\n: x", "? {a: b}\n: x", "~: x"])
    def test_a_key_that_is_no_word_is_refused(self, front: str) -> None:
        assert "nyckel" in problem(front).message

    @pytest.mark.parametrize(
        ("front", "words"),
        [
            ("a: &x 1\nb: *x", "märkningar med &"),
            ("a: &x [1]", "märkningar med &"),
            ("b: *x", "hänvisningar med *"),
            ("a: {b: 1}\n<<: *a", "hänvisningar med *"),
            ("a: !!python/object/apply:os.system [ls]", "typer med !"),
            ("a: !!binary aGVq", "typer med !"),
            ("a: ! x", "typer med !"),
            ("a: !<tag:yaml.org,2002:str> x", "typer med !"),
        ],
    )
    def test_anchors_aliases_and_tags_are_refused(self, front: str, words: str) -> None:
        assert words in problem(front).message

    def test_a_yaml_bomb_is_refused(self) -> None:
        levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10)]
        assert "märkningar med &" in problem("\n".join(["l0: &l0 lol", *levels])).message

    def test_values_in_too_many_levels_are_refused(self) -> None:
        assert "nivåer" in problem(f"a: {'[' * 5000}{']' * 5000}").message

    def test_too_many_values_are_refused(self) -> None:
        assert "mer än 20000 värden" in problem(f"a: [{'x, ' * 20_001}x]").message

    def test_a_second_document_is_refused(self) -> None:
        assert problem("a: 1\n...\nb: 2").line


@pytest.mark.parametrize("text", ["", "Bara text\n", "# Rubrik\n---\na: 1\n---\n", "\n---\na: 1\n---\n"])
def test_a_file_without_front_matter_says_how_one_begins(text: str) -> None:
    found = problems(text)[0]
    assert "ska börja med front matter" in found.message
    assert found.line == 1


def test_front_matter_that_never_ends_is_told() -> None:
    assert "tar aldrig slut" in problems("---\na: 1\n\nText\n")[0].message


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\ufffe", "\ud800"])
def test_characters_that_are_no_text_are_refused_with_their_line(character: str) -> None:
    found = problems(f"---\na: 1\n---\ntext\n{character}\n")[0]
    assert found.line == 5
    assert f"U+{ord(character):04X}" in found.message


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\r"])
def test_a_hidden_line_break_in_the_front_matter_is_refused(character: str) -> None:
    assert problem(f"a: 1\nb: x{character}y").line == 3


# ---- Types ----


def parsed(tmp_path: Path, text: str) -> Document:
    return library_in(tmp_path).parse(PATH, text)


def test_the_model_gives_the_values_their_types(tmp_path: Path) -> None:
    document = parsed(tmp_path, VISIT)
    day = document.front_matter.days[0]  # type: ignore[attr-defined]
    assert (day.date.month, day.guests[0].status.swedish) == (2, "bekräftad")
    assert document.lines[("days", 0, "guests", 0, "status")] == 10


def test_what_is_not_stated_gets_the_default(tmp_path: Path) -> None:
    front = parsed(
        tmp_path, visit(summary="", networks="~", visibility="null", days="", place="{street: ~}")
    ).front_matter
    assert (front.summary, front.networks, front.visibility.value) == ("", [], "public")


def test_unknown_keys_are_kept_in_the_model(tmp_path: Path) -> None:
    assert (parsed(tmp_path, visit(egen="värde")).front_matter.model_extra or {})["egen"] == "värde"


def test_a_file_without_an_id_always_gets_the_same(tmp_path: Path) -> None:
    text = VISIT.replace("id: 9f0e7c5e-1111-4222-8333-444455556666\n", "")
    assert parsed(tmp_path, text).id == parsed(tmp_path, text).id
    assert parsed(tmp_path, text).id != library_in(tmp_path).parse("content/visits/b/visit.md", text).id


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"publication": "klar"},
            "Publicering (publication) kan inte vara ”klar”. Skriv ett av: draft (utkast), in_review",
        ),
        ({"title": "x" * 151}, "Rubrik (title) är för lång: 151 tecken. Skriv högst 150"),
        ({"title": "''"}, "Rubrik (title) är tom"),
        ({"title": "[a]"}, "Rubrik (title) ska vara en text, inte en lista"),
        ({"title": "{a: b}"}, "Rubrik (title) ska vara en text, inte en grupp"),
        ({"networks": "knut"}, "Nätverk (networks) ska vara en lista"),
        ({"networks": "[{a: b}]"}, "Nätverk 1 (networks) ska vara en text"),
        ({"invented": "kanske"}, "Påhittade uppgifter (invented) ska vara true (ja) eller false (nej), inte ”kanske”"),
        ({"review_by": "i vår"}, "Ses över senast (review_by) ska vara ett datum som 2026-02-03"),
        ({"review_by": "2026-13-01"}, "ska vara ett datum som 2026-02-03"),
        ({"year": "20"}, "År (year) ska vara ett årtal med fyra siffror"),
        ({"place": "Nygatan"}, "Plats (place) ska vara en grupp"),
        ({"id": "ABC"}, "Id (id) ska vara ett UUID"),
        ({"sources": "[{title: a, url: skl.se}]"}, "Källor 1, Webbadress (url) ska vara en webbadress"),
        ({"sources": "[{publisher: a}]"}, "Källor 1, Vad (title) saknas"),
        ({"days": "[{date: igår}]"}, "Tillfällen 1, Datum (date): ”igår” gick inte att förstå. Skriv ett datum som"),
        ({"days": "[{date: [1]}]"}, "Tillfällen 1, Datum (date): skriv det som text"),
        ({"days": "[{guests: [{organisation: a, people: några}]}]"}, "Gäster 1, Antal personer (people): ”några”"),
    ],
)
def test_a_wrong_value_is_explained(tmp_path: Path, changes: dict[str, str], words: str) -> None:
    text = visit(**changes)
    found = faults(tmp_path, text)
    assert [words in one.message for one in found] == [True]
    assert found[0].line == 1 + next(
        n for n, line in enumerate(text.split("\n")) if line.startswith(next(iter(changes)))
    )


def test_every_message_is_swedish(tmp_path: Path) -> None:
    text = visit(publication="x", networks="x", invented="x", review_by="x", year="x", place="x", id="x", title="")
    for one in faults(tmp_path, text):
        assert not any(word in one.message.lower() for word in ("input", "should", "valid", "string", "field"))


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = VISIT.replace("Besök i Södertälje", "''").replace("published", "x").replace("confirmed", "kanske")
    assert [(one.line, one.field) for one in faults(tmp_path, text)] == [
        (3, ("title",)),
        (5, ("publication",)),
        (10, ("days", 0, "guests", 0, "status")),
    ]


def test_what_is_missing_altogether_is_told_on_the_first_line(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, VISIT.replace("owner: sodertalje\n", ""))
    assert str(found) == f"{PATH}, rad 1: Organisation (owner) saknas. Lägg till den"


def test_what_is_missing_in_a_group_is_told_where_the_group_stands(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, VISIT.replace("organisation: karlstad\n        status", "status"))
    assert (found.line, found.message) == (
        9,
        "Tillfällen 1, Gäster 1, Organisation (organisation) saknas. Lägg till den",
    )
