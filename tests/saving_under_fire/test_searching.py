"""Searching while pages are saved and removed, the index is rebuilt and the worker is killed with SIGKILL.

Some seconds by default; LARNAT_FIRE_SECONDS=60 for a minute.
"""

from __future__ import annotations

import json
import os

from app.index import Query
from app.library.visibility import ANYONE
from tests.publishing.desk import Desk
from tests.saving_under_fire.searchers import FEWEST, PAGES, Told, notes
from tests.saving_under_fire.test_killed import run

SECONDS = os.environ.get("LARNAT_FIRE_SECONDS", "3")


def test_no_search_fails_and_none_finds_what_is_gone_or_misses_what_is_there(desk: Desk) -> None:
    for page in PAGES[:6]:
        desk.create(page, "Ett gemensamt ord.\n")
    desk.archive.rebuild()
    desk.databases.close()

    told = json.loads(run("searchers", str(desk.home), SECONDS))

    assert told["faults"] == []
    assert {what: told[what] >= least for what, least in FEWEST.items()} == dict.fromkeys(FEWEST, True), told
    desk.archive.make_ready()
    assert_what_is_there_is_found(desk)
    desk.index.index_words()
    assert_what_is_there_is_found(desk)


def assert_what_is_there_is_found(desk: Desk) -> None:
    """The index opens, with every page's last word and none of the earlier."""
    told = Told(notes(desk))
    told.follow()
    assert told.gone
    assert told.now
    for page, (word, _) in told.now.items():
        assert [hit.card.slug for hit in desk.index.find(Query(word), ANYONE).hits] == [page]
    assert [word for word in told.gone if desk.index.find(Query(word), ANYONE).total] == []
