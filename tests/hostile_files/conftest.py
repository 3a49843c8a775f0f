"""One real ``larnat serve`` with one web process, whose memory, time and temporary files can be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile_files.under_watch import PAGES, Sender, Watched
from tests.house import make_home
from tests.serving import served

TEXT = "---\ntitle: {title}\nowner: sodertalje\npublication: published\n---\n\n## Varför\n\nText.\n"


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    home = make_home(tmp_path_factory.mktemp("hostile"))
    temporary = tmp_path_factory.mktemp("temporary")
    for slug in PAGES:
        text = TEXT.format(title=slug.capitalize())
        (home / "content/practices" / f"{slug}.md").write_text(text, encoding="utf-8")
    with served(home, home / "var" / "log", LARNAT_WORKERS="1", TMPDIR=str(temporary)) as site:
        yield Watched(site, home, temporary)


@pytest.fixture(scope="session")
def sender(watched: Watched) -> Sender:
    """A member in Södertälje."""
    person = Sender(watched.site.port)
    assert person.sign_in("sodertalje@demo.example").status == 200
    return person


@pytest.fixture
def unharmed(watched: Watched) -> Iterator[Watched]:
    """The site, which after the test has the same files and processes, has taken little memory, and answers."""
    before, process = watched.files(), watched.web_process()
    watched.forget_the_peak()
    yield watched
    assert watched.files() == before
    assert watched.temporary_files() == []
    assert watched.web_process() == process, "the web process was lost"
    assert watched.site.well()
    assert "Traceback" not in watched.site.log.read_text(encoding="utf-8")


@pytest.fixture(scope="session", autouse=True)
def folder_of_log(watched: Watched) -> Path:
    return watched.site.log
