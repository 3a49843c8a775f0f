"""What a process left that died in the middle of a save is finished, given up, or kept beside what is there now."""

from __future__ import annotations

from app.history import kept_both
from app.history import text_of as text_of_version
from app.history.tables import Sort, State
from app.library.shelf import version_of
from app.publishing import placing
from app.publishing.journal import Planned, write_down
from tests.publishing.desk import ANNA, PRACTICE, Desk, id_of, text_of


def cut_off(desk: Desk, *slugs: str, body: str = "Ny.\n", staged: bool = True, token: str | None = None) -> int:
    """Do what a save does up to the log, and no further."""
    files = [
        Planned(
            path=PRACTICE.format(slug),
            document_id=id_of(slug),
            base_version=desk.read(slug).version,
            version=version_of(text_of(slug, body)),
            content=text_of(slug, body).encode(),
            title=slug,
            owner="sodertalje",
        )
        for slug in slugs
    ]
    waiting = placing.stage_all(desk.library, files)
    with desk.databases.kept() as session:
        number = write_down(
            session,
            sort=Sort.EDIT,
            author=ANNA,
            summary="Ändrade",
            files=files,
            token=token,
            staged={path: one.name for path, one in waiting.items()},
        )
    if not staged:
        placing.discard_all(waiting)
    return number


def test_a_save_that_was_in_the_log_is_finished(desk: Desk) -> None:
    desk.create("ett")
    desk.create("tva")
    cut_off(desk, "ett", "tva")

    desk.archive.settle()

    assert [desk.read(slug).body for slug in ("ett", "tva")] == ["Ny.\n", "Ny.\n"]
    assert desk.states() == [State.DONE] * 3
    desk.archive.catch_up()
    assert desk.index.rows_applied() == 3
    desk.assert_in_step()


def test_the_next_save_settles_first(desk: Desk) -> None:
    document = desk.create("samtal")
    other = desk.create("annan")
    cut_off(desk, "samtal")

    desk.edit(other, text_of("annan", "Också ny.\n"))

    assert desk.read("samtal").body == "Ny.\n"
    assert desk.history(document.id)[0].number == 3
    assert desk.index.rows_applied() == 4
    desk.assert_in_step()


def test_a_retry_of_a_save_that_was_cut_off_is_a_success(desk: Desk) -> None:
    document = desk.create("samtal")
    cut_off(desk, "samtal", token="formuläret")

    saved = desk.edit(document, text_of("samtal", "Ny.\n"), token="formuläret")

    assert saved.repeated
    assert desk.read("samtal").body == "Ny.\n"


def test_a_save_of_which_half_was_in_place_becomes_whole(desk: Desk) -> None:
    desk.create("ett")
    desk.create("tva")
    cut_off(desk, "ett", "tva", staged=False)
    desk.put("ett", text_of("ett", "Ny.\n"))

    desk.archive.settle()

    assert desk.read("tva").body == "Ny.\n"
    assert desk.states() == [State.DONE] * 3
    desk.assert_in_step()


def test_a_save_that_was_given_up_is_never_finished(desk: Desk) -> None:
    """A full disk: the temporary files were removed, but the log took no more, so that it says pending still."""
    document = desk.create("samtal")
    cut_off(desk, "samtal", staged=False, token="formuläret")

    desk.archive.settle()

    assert desk.file("samtal").read_text() == document.text
    assert desk.states() == [State.DONE, State.FAILED]
    assert not desk.edit(document, text_of("samtal", "Ny.\n"), token="formuläret").repeated
    desk.assert_in_step()


def test_a_torn_temporary_file_is_not_put_in_place(desk: Desk) -> None:
    desk.create("ett")
    desk.create("tva")
    cut_off(desk, "ett", "tva")
    desk.temporary_files()[0].write_text("ha")

    desk.archive.settle()

    assert [desk.read(slug).body for slug in ("ett", "tva")] == ["Ny.\n", "Ny.\n"]
    desk.assert_in_step()


def test_where_somebody_changed_the_file_meanwhile_both_are_kept(desk: Desk) -> None:
    document = desk.create("samtal")
    number = cut_off(desk, "samtal")
    desk.put("samtal", text_of("samtal", "Utifrån.\n"))

    desk.archive.settle()

    assert desk.read("samtal").body == "Utifrån.\n"
    assert desk.states() == [State.DONE, State.KEPT_BOTH, State.DONE]
    assert desk.history(document.id)[0].sort == Sort.OUTSIDE
    with desk.databases.kept_for_reading() as session:
        (told,) = kept_both(session)
        assert told.number == number
        assert text_of_version(session, told.version or "") == text_of("samtal", "Ny.\n")
    desk.assert_in_step()


def test_a_change_set_that_cannot_be_whole_any_longer_is_not_made_at_all(desk: Desk) -> None:
    desk.create("ett")
    desk.create("tva")
    cut_off(desk, "ett", "tva", staged=False)
    desk.put("ett", text_of("ett", "Ny.\n"))
    desk.put("tva", text_of("tva", "Utifrån.\n"))

    desk.archive.settle()

    assert desk.read("ett").body == "Text.\n"
    assert desk.read("tva").body == "Utifrån.\n"
    assert desk.states()[2] == State.KEPT_BOTH
    desk.assert_in_step()


def test_temporary_files_without_a_revision_are_removed_at_the_start(desk: Desk) -> None:
    desk.library.stage(PRACTICE.format("samtal"), text_of("samtal"))

    desk.archive.make_ready()

    assert not desk.temporary_files()
    assert desk.rows() == {}
