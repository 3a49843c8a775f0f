"""What Prometheus is told by a real site, where, and what it costs nobody to know."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import CHECKOUT, read_settings
from tests.house import make_home
from tests.serving import Person, Site, environment, free_port, served, wait_for

PRACTICE = "---\ntitle: Extra personal\nowner: sodertalje\npublication: published\n---\n\nText.\n"


class Watched:
    """A site, and the address where Prometheus asks."""

    def __init__(self, site: Site, home: Path, port: int) -> None:
        self.site, self.home, self.port = site, home, port

    def measures(self) -> dict[str, float]:
        """Every number by its name and labels; none while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=30) as answer:
                text = answer.read().decode()
        except OSError:
            return {}
        lines = (line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#"))
        return {name: float(value) for name, _, value in lines}


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    home = make_home(tmp_path_factory.mktemp("watched"))
    (home / "content/practices/extra-personal.md").write_text(PRACTICE, encoding="utf-8")
    (home / "content/practices/trasig.md").write_text("---\ntitle: [\n", encoding="utf-8")
    port = free_port()
    with served(home, home / "var/serve.log", LARNAT_METRICS=f"127.0.0.1:{port}") as site:
        watched = Watched(site, home, port)
        wait_for(lambda: bool(watched.measures()))
        yield watched


def test_it_tells_what_has_been_done_on_all_processes_of_the_web(watched: Watched) -> None:
    person = Person(watched.site.port)
    for _ in range(10):
        person.get("/arbetssatt/extra-personal")
    person.get("/sok?q=personal")
    person.get("/sok?q=finnsintealls")
    person.post("/logga-in", {})
    person.sign_in("sodertalje@demo.example")
    assert person.change("/arbetssatt/extra-personal", 1, summary="Ny sammanfattning.").status == 200

    told = watched.measures()
    assert told['larnat_requests_total{method="GET",route="/arbetssatt/<path:slug>",status="2xx"}'] >= 10
    assert told['larnat_request_seconds_bucket{le="+Inf",route="/arbetssatt/<path:slug>"}'] >= 10
    assert told["larnat_searches_total"] == 2
    assert told["larnat_searches_without_hits_total"] == 1
    assert told['larnat_sign_ins_total{outcome="ok"}'] == 1
    assert told['larnat_saves_total{outcome="saved"}'] == 1
    assert told['larnat_saves_total{outcome="conflict"}'] == 0


def test_it_tells_how_the_house_is(watched: Watched) -> None:
    wait_for(lambda: watched.measures().get('larnat_index_behind{part="words"}') == 0)
    told = watched.measures()
    assert told["larnat_revision"] >= 1
    assert told['larnat_index_behind{part="rows"}'] == 0
    assert told["larnat_documents"] == 2
    assert told["larnat_problem_files"] == 1
    assert told["larnat_backup_ok"] == 1
    assert (told["larnat_letters_waiting"], told["larnat_letters_late"]) == (0, 0)
    assert told["larnat_worker_turn_timestamp_seconds"] > 1_700_000_000
    assert told["larnat_worker_heartbeat_timestamp_seconds"] > 1_700_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how memory is shared")
def test_it_tells_the_memory_of_every_sort_of_process(watched: Watched) -> None:
    told = watched.measures()
    for process, number in {"serve": 1, "web": 3, "work": 1}.items():
        assert told[f'larnat_processes{{process="{process}"}}'] == number
        assert 1_000_000 < told[f'larnat_memory_bytes{{process="{process}"}}'] < 1_000_000_000


def test_there_are_only_so_many_words_in_it(watched: Watched) -> None:
    for number in range(50):
        watched.site.get(f"/finns/inte/{number}")
        watched.site.get(f"/arbetssatt/okand-{number}")
    names = watched.measures()
    assert not any("okand" in name or "finns/inte" in name for name in names)
    labels = {label for name in names for label in re.findall(r'(\w+)="', name)}
    assert labels == {"route", "method", "status", "le", "outcome", "part", "process"}


def test_the_public_port_does_not_show_it(watched: Watched) -> None:
    status, page = watched.site.get("/metrics")
    assert status == 404
    assert b"larnat_" not in page


def test_what_a_process_has_counted_stays_when_it_dies_and_its_files_do_not(watched: Watched) -> None:
    folder = read_settings(environment(watched.home, 8000)).counts_folder
    before = watched.measures()["larnat_searches_total"]
    for process in web_processes(watched.site):
        os.kill(process, signal.SIGKILL)
    wait_for(lambda: len(web_processes(watched.site)) == 2 and watched.site.well())
    watched.site.get("/sok?q=personal")
    wait_for(lambda: watched.measures().get("larnat_searches_total") == before + 1)
    alive = {str(process) for process in web_processes(watched.site)}
    assert {file.stem.rpartition("_")[2] for file in folder.glob("*.db")} <= alive | {"gone"}


def web_processes(site: Site) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(site.children()["web"])], capture_output=True, text=True)
    return [int(word) for word in listed.stdout.split()]


def test_an_address_that_is_taken_stops_the_start_and_says_so(watched: Watched, tmp_path: Path) -> None:
    environ = environment(make_home(tmp_path), free_port(), LARNAT_METRICS=f"127.0.0.1:{watched.port}")
    tried = subprocess.run([sys.executable, "-m", "app.cli", "serve"], env=environ, capture_output=True, cwd=CHECKOUT)
    assert tried.returncode == 2
    assert "LARNAT_METRICS" in tried.stderr.decode()


def test_nothing_is_left_in_memory_when_the_site_has_stopped(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    port = free_port()
    folder = read_settings(environment(home, 8000)).counts_folder
    with served(home, tmp_path / "serve.log", LARNAT_METRICS=f"127.0.0.1:{port}"):
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics")
