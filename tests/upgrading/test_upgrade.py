"""A house that an earlier version left opens and works; one that cannot be brought up to date is as it was."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from flask.json.tag import TaggedJSONSerializer
from itsdangerous import URLSafeTimedSerializer
from sqlmodel import select

from app import create_app, database
from app.accounts import people
from app.accounts.oidc import identities
from app.accounts.tables import SignIn
from app.cli import larnat
from app.config import CHECKOUT, Settings
from app.database import CannotUpgrade, Databases, Kept, copies_before, migration_config, newest_migration, upgrade
from tests.cast import Browser, browser
from tests.editing.writing import fields_in
from tests.serving import Person, served
from tests.upgrading.old_houses import (
    ALVA,
    DRAFT,
    EVA,
    NOOR,
    PASSWORD,
    PICTURE,
    PICTURE_FILE,
    STAMP,
    TALK_FILE,
    THIRD,
    WITH_PICTURE,
    old_house,
)

KEY = "en hemlig nyckel som är tillräckligt lång"
MIGRATIONS = sorted(
    script.revision for script in ScriptDirectory.from_config(migration_config(Path())).walk_revisions()
)
PAGE = "/arbetssatt/samtal"


def settings_of(home: Path) -> Settings:
    return Settings(home=home, mode="test", secret_key=KEY)


def rows(file: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of a kept database."""
    with closing(sqlite3.connect(file)) as opened:
        opened.row_factory = sqlite3.Row
        tables = [row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: [dict(row) for row in opened.execute(f'SELECT * FROM "{table}"')]
            for table in tables
            if not table.startswith("sqlite_")
        }


@pytest.fixture(scope="module", params=MIGRATIONS)
def migration(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


class Upgraded:
    """An old house after ``larnat prepare``, and what its database held before."""

    def __init__(self, home: Path, migration: str) -> None:
        self.home, self.migration = home, migration
        self.file = old_house(home, migration)
        self.before = rows(self.file)
        prepared = CliRunner().invoke(larnat, ["prepare"], obj=settings_of(home))
        assert prepared.exit_code == 0, prepared.output
        self.app = create_app(settings_of(home))
        self.app.extensions["index"].index_words()

    def eva(self) -> Browser:
        """Eva's browser, signed in with the password that she had."""
        seen = browser(self.app)
        answer = seen.post("/logga-in", data={"email": "eva@sodertalje.example", "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return seen

    def eva_as_she_was(self) -> Browser:
        """Eva's browser, with the cookie that the first version gave her."""
        signer = URLSafeTimedSerializer(
            KEY,
            salt="cookie-session",
            serializer=TaggedJSONSerializer(),
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha1},
        )
        seen = browser(self.app)
        kept = {"_fresh": True, "_permanent": True, "_user_id": f"{EVA}:{STAMP}"}
        seen.set_cookie("larnat", str(signer.dumps(kept)))
        return seen


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory, migration: str) -> Iterator[Upgraded]:
    """One house for all tests of a migration; those that change something come last."""
    upgraded = Upgraded(tmp_path_factory.mktemp("upgraded") / "home", migration)
    yield upgraded
    upgraded.app.extensions["databases"].close()


def test_it_has_every_table_as_it_is_in_the_code_and_every_row_it_had(upgraded: Upgraded) -> None:
    databases = Databases(settings_of(upgraded.home))
    with databases.kept_engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Kept.metadata) == []
    databases.close()
    after = rows(upgraded.file)
    # What was cut off is settled, and then stands in the file: that is no row lost.
    settled = {"alembic_version", "head", "revision"}
    for table, had in upgraded.before.items():
        if had and table not in settled:
            known = had[0].keys() & after[table][0].keys()
            has = [{name: row[name] for name in known} for row in after[table]]
            assert [row for row in had if {name: row[name] for name in known} not in has] == [], table
    assert {row["number"]: row["summary"] for row in upgraded.before["revision"]}.items() <= {
        row["number"]: row["summary"] for row in after["revision"]
    }.items()
    assert {row["state"] for row in after["revision"]} == {"done", "failed"}


def test_it_is_copied_before_and_the_copy_is_what_it_was(upgraded: Upgraded) -> None:
    copies = copies_before(upgraded.home / "var")
    if upgraded.migration == newest_migration():
        assert copies == []
        return
    assert [copy.name for copy in copies] == [f"kept-before-{newest_migration()}.db"]
    assert rows(copies[0]) == upgraded.before
    assert copies[0].stat().st_mode & 0o077 == 0


def test_texts_history_and_former_addresses_open(upgraded: Upgraded) -> None:
    eva = upgraded.eva()
    now = WITH_PICTURE if upgraded.migration >= "0003" else THIRD
    assert (upgraded.home / TALK_FILE).read_text(encoding="utf-8") == now
    assert eva.get(PAGE).status_code == 200
    history = eva.get(f"{PAGE}/historik").text
    for told in ("Skrev om", "Strömmen gick", "Eva Editor"):
        assert told in history
    assert "Full disk" not in history
    assert "kvastskaft" in eva.get(f"{PAGE}/historik/1").text
    assert "borsthuvud" in eva.get(f"{PAGE}/historik/2").text
    moved = eva.get("/arbetssatt/kartlagga")
    assert (moved.status_code, moved.location) == (301, "/arbetssatt/kartlaggning")
    found = eva.get("/api/v1/search?q=kartlaggning").json
    assert found is not None
    assert found["total"] == 1


def test_an_old_cookie_is_understood_or_leads_to_the_sign_in(upgraded: Upgraded) -> None:
    seen = upgraded.eva_as_she_was()
    assert seen.get(PAGE).status_code == 200
    answer = seen.get("/mitt-konto")
    assert (answer.status_code, "Eva Editor" in answer.text) in ((200, True), (401, False))


def test_old_passwords_still_work_and_closed_accounts_stay_closed(upgraded: Upgraded) -> None:
    assert "Eva Editor" in upgraded.eva().get("/mitt-konto").text
    for email, status in (
        ("eva@sodertalje.example", 303),
        ("alva@larnat.example", 303),
        ("slutat@sodertalje.example", 422),
    ):
        answer = browser(upgraded.app).post("/logga-in", data={"email": email, "password": PASSWORD})
        assert answer.status_code == status, email


def test_what_was_half_written_is_there_still(upgraded: Upgraded) -> None:
    eva = upgraded.eva()
    assert "Halvskriven rubrik" in eva.get(f"{PAGE}/andra").text
    new = eva.get(f"/arbetssatt/nytt?utkast={DRAFT}&steg=2").text
    assert "Något alldeles nytt" in eva.get(f"/arbetssatt/nytt?utkast={DRAFT}").text
    assert ("vantar.png" in new) == (upgraded.migration >= "0003")


def test_a_chain_of_the_audit_log_is_whole_and_goes_on(upgraded: Upgraded) -> None:
    upgraded.eva()
    verified = CliRunner().invoke(larnat, ["audit", "verify"], obj=settings_of(upgraded.home))
    assert verified.exit_code == 0, verified.output
    deeds = [row["deed"] for row in rows(upgraded.file)["audit_row"]]
    assert (deeds[:2] == ["signed-in", "number-in-form"]) == (upgraded.migration >= "0010")
    assert deeds[-1] == "signed-in"


def test_what_was_erased_before_is_swept_and_what_waits_is_swept_next(upgraded: Upgraded) -> None:
    swept = {row["number"]: row["swept_at"] is not None for row in rows(upgraded.file)["erasure"]}
    told = {1: "0002", 2: "0011"}
    assert swept == {number: number == 1 for number, since in told.items() if upgraded.migration >= since}


def test_people_who_sign_in_elsewhere_and_named_people_are_as_they_were(upgraded: Upgraded) -> None:
    with upgraded.app.extensions["databases"].kept_for_reading() as session:
        noor = people.find(session, "noor@sodertalje.example")
        known = [one.issuer for one in identities.of(session, noor.id)] if noor else []
        signed_in = {row.number: (row.person_id, row.issuer) for row in session.exec(select(SignIn))}
    assert known == ["https://login.example"] * (upgraded.migration >= "0012")
    # Sign-ins from before somebody could sign in elsewhere are of nobody's issuer.
    assert signed_in.get(70) == ((EVA, "") if upgraded.migration >= "0006" else None)
    assert signed_in.get(80) == ((NOOR, "https://login.example") if upgraded.migration >= "0012" else None)
    shown = upgraded.eva().get(PAGE).text
    assert ("Nora Namngiven" in shown) == (upgraded.migration >= "0013")
    assert "Nora Namngiven" not in browser(upgraded.app).get(PAGE).text


def test_what_was_removed_can_still_be_brought_back(upgraded: Upgraded) -> None:
    with closing(sqlite3.connect(upgraded.file)) as opened:
        # It was removed a moment ago, whenever this is run.
        opened.execute("UPDATE revision SET at = datetime('now') WHERE number = 4")
        opened.commit()
    eva = upgraded.eva()
    assert "Borttagen" in eva.get("/papperskorg").text
    assert eva.post("/papperskorg/4/angra").status_code == 303
    assert "Den här togs bort." in eva.get("/arbetssatt/borttagen").text


def test_files_are_sent_and_new_things_are_saved(upgraded: Upgraded) -> None:
    eva = upgraded.eva()
    if upgraded.migration >= "0003":
        assert eva.get("/filer/arbetssatt/samtal/rum.png").data == PICTURE
        assert (upgraded.home / PICTURE_FILE).read_bytes() == PICTURE
    fields = fields_in(eva.get("/arbetssatt/kartlaggning/andra?steg=1").text)
    saved = eva.post(
        "/arbetssatt/kartlaggning/andra?steg=1", data={**fields, "summary": "Ny sammanfattning.", "_do": "save"}
    )
    assert saved.status_code == 303, saved.text
    assert "Ny sammanfattning." in eva.get("/arbetssatt/kartlaggning").text


def test_the_whole_site_starts_on_what_the_first_version_left(tmp_path: Path) -> None:
    home = tmp_path / "home"
    old_house(home, MIGRATIONS[0])
    with served(home, tmp_path / "serve.log", LARNAT_SECRET_KEY=KEY) as site:
        assert site.well()
        eva = Person(site.port)
        fields = fields_in(eva.get("/logga-in").text)
        eva.post("/logga-in", {**fields, "email": ["eva@sodertalje.example"], "password": [PASSWORD]})
        assert "Eva Editor" in eva.get("/mitt-konto").text
        assert "Den tredje texten" in eva.get(PAGE).text
        assert "kvastskaft" in eva.get(f"{PAGE}/historik/1").text


# ---- What cannot be brought up to date ----


def test_a_database_of_a_newer_version_is_refused_in_words_and_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = old_house(home, MIGRATIONS[-1])
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")
        opened.commit()
    before = rows(file)
    environ = {**os.environ, "LARNAT_HOME": str(home), "LARNAT_SECRET_KEY": KEY}
    tried = subprocess.run([sys.executable, "-m", "app.cli", "prepare"], cwd=CHECKOUT, env=environ, capture_output=True)
    said = tried.stderr.decode()
    assert tried.returncode == 2
    assert re.search(r"kan inte starta: .*kept\.db är gjord av ett nyare Lärnät än det här \(databasversion 9999", said)
    assert "Traceback" not in said
    assert rows(file) == before
    assert copies_before(home / "var") == []


def test_what_is_no_database_is_told_in_words(tmp_path: Path) -> None:
    home = tmp_path / "home"
    old_house(home, MIGRATIONS[-1]).write_bytes(b"not a database, but something else that is long enough" * 100)
    tried = CliRunner().invoke(larnat, ["prepare"], obj=settings_of(home))
    assert tried.exit_code == 2
    assert "går inte att läsa (SQLITE_NOTADB)" in tried.output


@pytest.fixture
def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations, and one more that begins to change things and then does what is written into the file."""
    folder = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, folder)
    monkeypatch.setattr(database, "MIGRATIONS", folder)
    return folder / "versions/9999_half_way.py"


HALF_WAY = """
import os
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9999", "{last}", None, None

def upgrade():
    op.create_table("later", sa.Column("number", sa.Integer(), primary_key=True))
    op.execute("UPDATE person SET name = 'halvvägs'")
    with op.batch_alter_table("revision") as table:
        table.add_column(sa.Column("later", sa.Integer(), nullable=True))
    op.execute("DELETE FROM text")
    {end}
"""


def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was(tmp_path: Path, failing: Path) -> None:
    home = tmp_path / "home"
    file = old_house(home, "0002")
    before = rows(file)
    failing.write_text(HALF_WAY.format(last=MIGRATIONS[-1], end="raise RuntimeError('half way')"))
    with pytest.raises(CannotUpgrade, match="gick inte att föra upp från databasversion 0002 till 9999"):
        upgrade(settings_of(home))
    assert rows(file) == before
    assert rows(copies_before(home / "var")[0]) == before
    failing.unlink()
    upgrade(settings_of(home))
    assert [copy.name for copy in copies_before(home / "var")] == [f"kept-before-{MIGRATIONS[-1]}.db"]
    assert {row["name"] for row in rows(file)["person"]} >= {"Eva Editor"}


def test_a_second_process_that_upgrades_does_not_lose_the_way_back(tmp_path: Path) -> None:
    """It has seen the old version, and comes to copy the database when the first has brought it up to date."""
    home = tmp_path / "home"
    file = old_house(home, "0002")
    before = rows(file)
    upgrade(settings_of(home))
    database.copy_before(file, "0002", newest_migration())
    assert rows(copies_before(home / "var")[0]) == before
    assert len(copies_before(home / "var")) == 1


def test_a_process_that_is_killed_half_way_leaves_the_database_as_it_was(tmp_path: Path, failing: Path) -> None:
    home = tmp_path / "home"
    file = old_house(home, "0001")
    before = rows(file)
    failing.write_text(HALF_WAY.format(last=MIGRATIONS[-1], end="os._exit(9)"))
    code = (
        "import sys; from pathlib import Path; from app import database; from app.config import Settings;"
        " database.MIGRATIONS = Path(sys.argv[2]); database.upgrade(Settings.for_tests(Path(sys.argv[1])))"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(home), str(failing.parent.parent)], cwd=CHECKOUT)
    assert killed.returncode == 9
    assert rows(file) == before
    failing.unlink()
    upgrade(settings_of(home))
    assert {row["id"] for row in rows(file)["person"]} == {row["id"] for row in before["person"]}
    assert ALVA in {row["id"] for row in before["person"]}


def test_a_full_disk_stops_the_upgrade_before_anything_is_changed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = old_house(home, "0001")
    before = rows(file)
    assert file.stat().st_size > 65536
    code = (
        "import resource, sys; from pathlib import Path;"
        " from app.config import Settings; from app.database import upgrade;"
        " resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)); upgrade(Settings.for_tests(Path(sys.argv[1])))"
    )
    tried = subprocess.run([sys.executable, "-c", code, str(home)], cwd=CHECKOUT, capture_output=True, text=True)
    assert "Finns det plats på disken? Ingenting har ändrats." in tried.stderr
    assert rows(file) == before
    assert copies_before(home / "var") == []
    assert list((home / "var").glob(".kept-before-*")) == []


def test_erasing_takes_the_copies_as_well(tmp_path: Path) -> None:
    home = tmp_path / "home"
    old_house(home, "0001")
    settings = settings_of(home)
    assert CliRunner().invoke(larnat, ["prepare"], obj=settings).exit_code == 0
    (home / "var/.kept-before-half").write_bytes(b"what a killed process has left")
    assert len(copies_before(home / "var")) == 2
    erased = CliRunner().invoke(
        larnat, ["erase", "person", "eva@sodertalje.example", "--reason", "dnr 1", "--yes"], obj=settings
    )
    assert erased.exit_code == 0, erased.output
    assert list((home / "var").glob("*kept-before-*")) == []
