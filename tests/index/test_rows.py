"""The rows say what the files say, however they came about."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime

import pytest

from app.index import Changed, Index, Pick, Query
from app.library.document import BrokenDocument
from app.library.visibility import ANYONE
from tests.index.conftest import Desk
from tests.index.worlds import Nearly, viewers, write_networks, write_something


def answers(index: Index) -> list[object]:
    """What an index answers to a number of questions, apart from the order of what is equal."""
    found: list[object] = []
    for viewer in viewers()[:6]:
        for words in ("", "kommun", "hemlöshet försörjningsstöd", "13,3 miljoner", "metoden barn", "borta"):
            results = index.find(Query(words, limit=1000), viewer)
            found.append(
                (words, results.total, results.relaxed, sorted((h.card.id, Nearly(h.score)) for h in results.hits))
            )
            found.append(
                [(facet.name, sorted((c.value, c.label, c.count) for c in facet.choices)) for facet in results.facets]
            )
        for kind in ("practices", "studyvisits", "projects"):
            listing = index.cards(kind, viewer, {"omrade": ["aldre"]})
            found.append([(card.slug, card.title, card.when) for card in listing.cards])
    return found


def test_many_small_changes_and_a_rebuild_give_the_same_answers(desk: Desk) -> None:
    chance = random.Random(11)
    write_networks(desk)
    for number in range(120):
        document = write_something(desk, chance)
        if chance.random() < 0.15:
            (desk.library.home / document.path).unlink()
            desk.refresh([], gone=[document.path])
        else:
            desk.refresh([document])
        if number % 23 == 0:
            desk.index.index_words()
        if number % 40 == 0:
            assert answers(desk.index) == answers(desk.again())
    before = answers(desk.index)
    desk.index.index_words()
    assert answers(desk.index) == before, "indexing the words changes no answer"
    desk.rebuild()
    assert answers(desk.index) == before
    assert answers(desk.again()) == before


def test_a_catalogue_is_made_anew_when_most_of_it_is_dead(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.index.catalogue.MOST_DEAD", 5)
    for number in range(40):
        desk.write("practices", "samma", title=f"Titel {number}", areas=["aldre"])
        assert [card.title for card in desk.index.cards("practices", ANYONE).cards] == [f"Titel {number}"]
        assert desk.find("").facets[0].choices[0].count == 1


def test_a_broken_file_is_a_problem_and_its_document_is_gone(desk: Desk) -> None:
    document = desk.write("practices", "sida")
    desk.write("practices", "annan")
    file = desk.library.home / document.path
    file.write_text("---\ntitle: [\n---\n", encoding="utf-8")
    with pytest.raises(BrokenDocument) as caught:
        desk.library.read(document.path)
    desk.refresh([], broken=[caught.value])
    assert [card.slug for card in desk.index.cards("practices", ANYONE).cards] == ["annan"]
    assert [problem.path for problem in desk.index.problems()] == [document.path]
    assert set(desk.index.known()) == {document.path, "content/practices/annan.md"}
    desk.rebuild()
    assert [problem.path for problem in desk.index.problems()] == [document.path]
    desk.write("practices", "sida")
    assert desk.index.problems() == []


def test_two_files_with_one_id_are_a_problem(desk: Desk) -> None:
    desk.write("practices", "ett", id="11111111-1111-1111-1111-111111111111")
    desk.write("practices", "tva", id="11111111-1111-1111-1111-111111111111")
    assert [problem.path for problem in desk.index.problems()] == ["content/practices/tva.md"]
    assert "content/practices/ett.md" in desk.index.problems()[0].message


def test_known_files_carry_what_reconcile_compares(desk: Desk) -> None:
    document = desk.write("practices", "sida")
    stat = (desk.library.home / document.path).stat()
    assert desk.index.known()[document.path] == (stat.st_mtime_ns, stat.st_size, document.version)


def test_a_rebuild_knows_who_changed_what_and_when(desk: Desk) -> None:
    document = desk.put("practices", "sida")
    at = datetime(2024, 2, 29, 12, tzinfo=UTC)
    with desk.index.generations.building() as number:
        newest = {document.id: Changed(7, at, "Eva Editor")}
        desk.index.build(number, [document.path, "content/practices/borta.md"], 2, 7, newest=newest.get)
        desk.index.generations.switch(number)
    card = desk.index.card("practices", "sida", ANYONE)
    assert card is not None
    assert (card.changed_at, card.changed_by, card.revision) == (at, "Eva Editor", 7)
    assert desk.index.rows_applied() == desk.index.words_applied() == 7


def test_revisions_made_during_a_build_are_replayed_onto_it(desk: Desk) -> None:
    desk.write("practices", "sida", title="Gammal")
    with desk.index.generations.building() as number:
        desk.index.build(number, ["content/practices/sida.md"], 1, desk.revision)
        newer = desk.write("practices", "sida", title="Nyskriven")
        desk.index.refresh([newer], [], [], desk.revision, generation=number)
        assert desk.index.rows_applied(number) == desk.revision
        desk.index.generations.switch(number)
    assert [hit.card.title for hit in desk.find("nyskriven").hits] == ["Nyskriven"]
    desk.index.index_words()
    assert [hit.card.title for hit in desk.find("nyskriven").hits] == ["Nyskriven"]
    assert desk.slugs("gammal") == []


def test_many_files_are_prepared_in_other_processes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(120):
        desk.put("practices", f"sida-{number:03}", f"Ordet unik{number}ord står här.")
    desk.put_text  # noqa: B018 - the factory is used below
    (desk.library.home / "content/practices/trasig.md").write_text("inte alls", encoding="utf-8")
    monkeypatch.setattr("app.index.preparing.WORTH_PROCESSES", 2)
    told: list[tuple[int, int]] = []
    paths = sorted(file.path for file in desk.library.files())
    with desk.index.generations.building() as number:
        desk.index.build(number, paths, len(paths), 1, lambda done, total: told.append((done, total)))
        desk.index.generations.switch(number)
    assert told[-1] == (241, 242)
    assert [done for done, _ in told] == list(range(1, 242))
    assert desk.slugs("unik77ord") == ["sida-077"]
    assert [problem.path for problem in desk.index.problems()] == ["content/practices/trasig.md"]


def test_a_process_that_dies_leaves_its_work_to_the_others(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(100):
        desk.put("practices", f"sida-{number:03}")
    monkeypatch.setattr("app.index.preparing.WORTH_PROCESSES", 2)
    # A process that cannot even start: its initial arguments are not what it expects.
    monkeypatch.setattr("app.index.preparing._start_process", os._exit)
    desk.rebuild()
    assert desk.index.cards("practices", ANYONE).total == 100


def test_cards_sort_as_swedish_does(desk: Desk) -> None:
    for number, title in enumerate(("Öppen", "Ängel", "åtgärd", "Zon", "apa", "Éd")):
        desk.write("practices", f"sida-{number}", title=title)
    assert [card.title for card in desk.index.cards("practices", ANYONE).cards] == [
        "apa", "Éd", "Zon", "åtgärd", "Ängel", "Öppen"
    ]  # fmt: skip


def test_lists_come_in_pages(desk: Desk) -> None:
    for number in range(45):
        desk.put("practices", f"sida-{number:02}")
    desk.rebuild()
    pages = [desk.index.cards("practices", ANYONE, page=page) for page in (1, 2, 3, 4)]
    assert [len(page.cards) for page in pages] == [20, 20, 5, 5]
    assert {(page.total, page.pages) for page in pages} == {(45, 3)}
    assert pages[3].page == 3


def test_what_cannot_be_rendered_is_a_problem_and_stops_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    document = desk.put("practices", "svar")

    def fail(*_: object) -> None:
        raise RecursionError

    with monkeypatch.context() as patched:
        patched.setattr("app.index.preparing.derive", fail)
        desk.refresh([document])
    assert "RecursionError" in desk.index.problems()[0].message
    desk.refresh([document])
    assert desk.index.problems() == []


def test_a_page_that_only_reads_sees_one_moment(desk: Desk) -> None:
    desk.write("practices", "forst")
    with desk.index.at_once():
        assert desk.index.pick(ANYONE, Pick()).cards[0].slug == "forst"
        with desk.index.at_once():
            desk.again().refresh([desk.put("practices", "sedan")], [], [], 2)
        assert [card.slug for card in desk.index.cards("practices", ANYONE).cards] == ["forst"]
        assert desk.slugs("sedan") == []
    assert desk.slugs("sedan") == ["sedan"]
