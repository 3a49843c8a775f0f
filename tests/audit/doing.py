"""Every deed that the audit log can tell of, done as people and commands do it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import insert
from werkzeug.test import TestResponse

from app.accounts import passwords, people
from app.accounts.oidc import identities
from app.accounts.oidc.asking import Reach
from app.accounts.people import create_person
from app.accounts.tables import Person
from app.audit import AuditRow, Deed, chain
from app.audit.tables import KEPT_FOR
from app.cli import larnat
from app.config import Settings
from app.database import Databases, now
from tests.accounts.oidc.issuers import issuer_at
from tests.cast import ADMIN, EDITOR, PASSWORD, READER, Browser, Role, browser
from tests.editing.writing import fields_of, fill_in, open_form
from tests.house import House

NUMBER = "880320-1238"
NEW = "ett alldeles nytt lösenord"
CIRCLE = "/personer/organisation/sundbyberg"
PAGE = "/arbetssatt/sidan"


@dataclass
class World:
    """A house with people and pages, and hands to do things there."""

    house: House
    made: int = 0

    @property
    def app(self) -> Flask:
        return self.house.app

    @property
    def settings(self) -> Settings:
        found: Settings = self.app.extensions["settings"]
        return found

    @property
    def databases(self) -> Databases:
        found: Databases = self.app.extensions["databases"]
        return found

    def browser(self, role: Role | None = None, place: int = 1) -> Browser:
        """A browser somewhere in a network of its own."""
        client = browser(self.app)
        client.environ_base = {**client.environ_base, "REMOTE_ADDR": f"192.0.{place}.7"}
        if role:
            assert client.sign_in(role).status_code == 303
        return client

    def somebody(self, **roles: str) -> Role:
        """Somebody with a new account."""
        self.made += 1
        role = Role(f"nr{self.made}@solna.test", f"Nummer {self.made}", roles)
        with self.databases.kept() as session:
            create_person(
                session, email=role.email, name=role.name, password_hash=passwords.hash_of(PASSWORD), roles=roles
            )
        return role

    def id_of(self, role: Role) -> str:
        with self.databases.kept_for_reading() as session:
            found = people.find(session, role.email)
        assert found
        return found.id

    def command(self, *words: str, typed: str = "") -> str:
        done = CliRunner().invoke(larnat, words, obj=self.settings, input=typed)
        assert done.exit_code == 0, done.output
        return done.output

    def page(self, **front_matter: Any) -> str:
        """The address of a new page."""
        self.made += 1
        self.house.write("practices", f"sida-{self.made}", **front_matter)
        self.house.look()
        return f"/arbetssatt/sida-{self.made}"

    def edit(self, client: Browser, address: str, do: str = "save", **typed: str) -> TestResponse:
        return fill_in(client, open_form(client, f"{address}/andra"), do, None, **typed)

    def change(self, change: Callable[[Any], object]) -> None:
        with self.databases.kept() as session:
            change(session)


def _letters(world: World) -> None:
    """Let the house send letters, for the rest of the block's life: nobody hands them over here."""
    sends = replace(world.settings, smtp_host="localhost", smtp_from="a@larnat.test", address="https://larnat.test")
    world.app.extensions["settings"] = sends
    try:
        assert world.browser(place=2).post("/glomt-losenord", data={"email": EDITOR.email}).status_code == 303
    finally:
        world.app.extensions["settings"] = replace(sends, smtp_host="", smtp_from="", address="")


def _wrong(world: World, times: int, place: int) -> None:
    role, client = world.somebody(), world.browser(place=place)
    for _ in range(times):
        client.sign_in(role, "fel lösenord hela tiden")


def _new_password(world: World, present: str = PASSWORD, times: int = 1) -> None:
    client = world.browser(world.somebody(), place=5)
    for _ in range(times):
        client.post("/mitt-konto/losenord", data={"password": present, "new_password": NEW, "new_password_again": NEW})


def _link(world: World, role: Role) -> str:
    answer = world.browser(ADMIN).post(f"/personer/konto/{world.id_of(role)}/losenord")
    found = re.search(r"kod=([\w-]+)", answer.text)
    assert found, answer.text
    return found[1]


def _reset(world: World) -> None:
    word = _link(world, world.somebody())
    world.browser(place=6).post("/nytt-losenord", data={"kod": word, "new_password": NEW, "new_password_again": NEW})


def _invite(world: World) -> tuple[Browser, str]:
    """An administrator who has invited somebody, and the address of the invitation."""
    world.made += 1
    client = world.browser(ADMIN)
    client.post(f"{CIRCLE}/bjud-in", data={"email": f"inbjuden{world.made}@sundbyberg.test", "role": "member"})
    numbers = re.findall(r"/inbjudan/(\d+)/igen", client.get(CIRCLE).text)
    return client, f"{CIRCLE}/inbjudan/{max(map(int, numbers))}"


def _invited(world: World, verb: str) -> None:
    client, address = _invite(world)
    assert client.post(f"{address}/{verb}").status_code == 303


def _accept(world: World) -> None:
    client, address = _invite(world)
    found = re.search(r"kod=([\w-]+)", client.post(f"{address}/lank").text)
    assert found
    fields = {"kod": found[1], "name": "Ny", "new_password": NEW, "new_password_again": NEW}
    assert world.browser(place=8).post("/inbjudan", data=fields).status_code == 303


def _as_admin(what: str, **data: str) -> Callable[[World], None]:
    def done(world: World) -> None:
        person = world.id_of(world.somebody(sundbyberg="member"))
        answer = world.browser(ADMIN).post(f"{what.format(person=person)}", data=data)
        assert answer.status_code == 303, answer.text

    return done


def _reopen(world: World) -> None:
    person = world.id_of(world.somebody())
    for verb in ("stang", "oppna"):
        assert world.browser(ADMIN).post(f"/personer/konto/{person}/{verb}").status_code == 303


def _coordinate(world: World, *words: str) -> None:
    if not (world.house.home / "content/networks/natet.md").exists():
        world.house.write("networks", "natet")
        world.house.look()
    role = world.somebody()
    world.command("user", "network", role.email, "natet")
    if words:
        world.command("user", "network", role.email, "natet", *words)


def _make_admin(world: World, *words: str) -> None:
    role = world.somebody()
    for word in words:
        world.command("user", "roles", role.email, word)


def _save(before: dict[str, str], do: str = "publish", **typed: str) -> Callable[[World], None]:
    def done(world: World) -> None:
        address = world.page(**before)
        answer = world.edit(world.browser(EDITOR if "owner" not in typed else ADMIN), address, do=f"{do} sure", **typed)
        assert answer.status_code == 303, answer.text

    return done


def _delete(world: World) -> Browser:
    address, client = world.page(), world.browser(EDITOR)
    assert fill_in(client, open_form(client, f"{address}/ta-bort")).status_code == 303
    return client


def _undo(world: World) -> None:
    client = _delete(world)
    number = max(map(int, re.findall(r"/papperskorg/(\d+)/angra", client.get("/papperskorg").text)))
    assert client.post(f"/papperskorg/{number}/angra").status_code == 303


def _change_words(world: World) -> None:
    """Somebody edits the file itself; what the page for it does is told in the same way."""
    for words in ("AME, enhet", "AMC, enhet"):
        (world.house.home / "content/vocabulary.yaml").write_text(f"synonyms:\n  - [{words}]\n", encoding="utf-8")
        world.house.look()


def _restore(world: World) -> None:
    address, client = world.page(), world.browser(EDITOR)
    world.edit(client, address, summary="Ny sammanfattning.")
    first = min(map(int, re.findall(r"/historik/(\d+)\"", client.get(f"{address}/historik").text)))
    assert fill_in(client, open_form(client, f"{address}/historik/{first}")).status_code == 303


def _put_back(world: World) -> None:
    file = world.house.home.parent / f"kopia-{world.made}.tar.gz"
    world.command("backup", str(file))
    world.command("restore", str(file), "--home", str(world.house.home.parent / f"ny-{world.made}"))


def _upload(world: World) -> None:
    address, client = world.page(), world.browser(EDITOR)
    fields: dict[str, Any] = dict(fields_of(client.get(f"{address}/filer")).items())
    fields |= {"_do": "add", "_files": (io.BytesIO(f"Klienten {NUMBER}".encode()), "brev.txt")}
    assert client.post(f"{address}/filer", data=fields).status_code == 422


def _declare(world: World) -> None:
    address, client = world.page(), world.browser(EDITOR)
    answer = world.edit(client, address, summary=f"Ärende {NUMBER}.")
    mark = re.findall(r'name="_declared" value="([0-9a-f]+)"', answer.text)
    assert fill_in(client, answer, do="save sure", _declared=mark).status_code == 303


def _number_in_form(world: World) -> None:
    assert world.edit(world.browser(EDITOR), world.page(), summary=f"Om {NUMBER}.").status_code == 422


def _answer_report(world: World) -> None:
    fields = {"subject": "fault", "text": "Det går inte.", "_token": f"0123456789abcdef{world.made}"}
    assert world.browser(place=9).post("/rapportera", data=fields).status_code == 303
    client = world.browser(ADMIN)
    number = max(map(int, re.findall(r"/rapporter/(\d+)", client.get("/rapporter").text)))
    assert fill_in(client, client.get(f"/rapporter/{number}"), state="done").status_code == 303


def forget_old_rows(world: World) -> None:
    """In a log that begins two years ago."""
    with world.databases.kept() as session:
        connection = session.connection()
        for trigger in ("audit_row_kept_two_years", "audit_row_only_added"):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        connection.exec_driver_sql("DELETE FROM audit_row")
        made = {**chain.row_of(Deed.SIGNED_IN, "nobody"), "number": 1, "at": now() - KEPT_FOR - timedelta(days=1)}
        connection.execute(insert(AuditRow), [{**made, "digest": chain.digest_of(chain.BEGINNING, made)}])
        chain.forget_old(session)


def _sign_out(world: World) -> None:
    world.browser(EDITOR).post("/logga-ut")


def _end_sign_ins(world: World) -> None:
    world.browser(EDITOR)
    world.browser(EDITOR).post("/mitt-konto/inloggningar")


def _away(world: World) -> None:
    """To an issuer that is not there."""
    issuers = world.app.extensions["issuers"]
    issuers["kommunen"] = Reach(issuer_at("http://127.0.0.1:9"), BoundedSemaphore(1), plain=True)
    assert world.browser().post("/logga-in/hos/kommunen").status_code == 503
    del issuers["kommunen"]


def _connect(world: World) -> None:
    role = world.somebody()
    issuer = issuer_at("https://login.example")
    world.change(
        lambda session: identities.add(session, issuer, role.email, session.get_one(Person, world.id_of(role)))
    )


def _leave(world: World) -> None:
    world.browser(world.somebody(sundbyberg="member")).post("/mitt-konto/lamna/sundbyberg")


def _erase_words(world: World) -> None:
    world.edit(world.browser(EDITOR), world.page(summary="Kvastskaft."), summary="Borta.")
    world.command("erase", "text", "--reason", "dnr 1", "--yes", typed="Kvastskaft\n")


DEEDS: dict[Deed, Callable[[World], object]] = {
    Deed.SIGNED_IN: lambda world: world.browser(EDITOR),
    Deed.SIGNED_OUT: _sign_out,
    Deed.SIGN_INS_ENDED: _end_sign_ins,
    Deed.PASSWORD_CHANGED: _new_password,
    Deed.PASSWORD_ASKED_FOR: _letters,
    Deed.PASSWORD_LINK_MADE: lambda world: _link(world, world.somebody()),
    Deed.PASSWORD_RESET: _reset,
    Deed.SIGN_IN_REFUSED: lambda world: _wrong(world, 1, 3),
    Deed.SIGN_IN_TOO_MANY: lambda world: _wrong(world, world.settings.sign_in_tries + 1, 4),
    Deed.ISSUER_REFUSED: _away,
    Deed.PASSWORD_WRONG: lambda world: _new_password(world, "inte det lösenordet"),
    Deed.TOO_MANY: lambda world: _new_password(world, "fel", world.settings.sign_in_tries + 1),
    Deed.FORBIDDEN: lambda world: world.browser(READER).get("/personer"),
    Deed.FORM_REFUSED: lambda world: world.browser(EDITOR).post("/logga-ut", token=False),
    Deed.ACCOUNT_MADE: lambda world: world.somebody(),
    Deed.CONNECTED: _connect,
    Deed.ACCOUNT_CLOSED: _as_admin("/personer/konto/{person}/stang"),
    Deed.ACCOUNT_OPENED: _reopen,
    Deed.INVITED: _invite,
    Deed.INVITED_AGAIN: lambda world: _invited(world, "igen"),
    Deed.INVITATION_ACCEPTED: _accept,
    Deed.INVITATION_WITHDRAWN: lambda world: _invited(world, "ta-tillbaka"),
    Deed.MEMBERSHIP_BEGAN: _as_admin("/personer/konto/{person}/roll", organisation="solna", role="member"),
    Deed.MEMBERSHIP_ENDED: _leave,
    Deed.MOVED: _as_admin(f"{CIRCLE}/{{person}}/flytta", target="solna"),
    Deed.ROLE_CHANGED: _as_admin(f"{CIRCLE}/{{person}}/roll", role="coordinator"),
    Deed.COORDINATOR_APPOINTED: _coordinate,
    Deed.COORDINATOR_ENDED: lambda world: _coordinate(world, "--end"),
    Deed.ADMIN_GIVEN: lambda world: _make_admin(world, "--admin"),
    Deed.ADMIN_TAKEN: lambda world: _make_admin(world, "--admin", "--no-admin"),
    Deed.PUBLISHED: _save({"publication": "draft"}),
    Deed.UNPUBLISHED: _save({}, do="save", publication="draft"),
    Deed.ARCHIVED: _save({}, do="save", publication="archived"),
    Deed.VISIBILITY_CHANGED: _save({"visibility": "organisation"}, do="save", visibility="public"),
    Deed.OWNER_CHANGED: _save({}, do="save", owner="solna"),
    Deed.DELETED: _delete,
    Deed.DELETION_UNDONE: _undo,
    Deed.RESTORED: _restore,
    Deed.WORDS_CHANGED: _change_words,
    Deed.EXPORTED: lambda world: world.browser(EDITOR).get("/hamta/json"),
    Deed.STATE_EXPORTED: lambda world: world.browser(EDITOR).get("/laget.csv"),
    Deed.SEARCHES_EXPORTED: lambda world: world.browser(ADMIN).get("/sokningar.csv"),
    Deed.BACKED_UP: lambda world: world.command("backup", str(world.house.home.parent / "kopia.tar.gz")),
    Deed.BACKUP_RESTORED: _put_back,
    Deed.AUDIT_EXPORTED: lambda world: world.browser(ADMIN).get("/granskning.csv"),
    Deed.NUMBER_IN_FORM: _number_in_form,
    Deed.NUMBER_IN_SEARCH: lambda world: world.browser().get(f"/sok?q={NUMBER}"),
    Deed.NUMBER_IN_FILE: _upload,
    Deed.NUMBER_OUTSIDE: lambda world: world.page(summary=f"Om {NUMBER}."),
    Deed.NUMBER_DECLARED: _declare,
    Deed.PERSON_ERASED: lambda world: world.command("erase", "person", world.somebody().email, "--yes"),
    Deed.WORDS_ERASED: _erase_words,
    Deed.REPORT_ANSWERED: _answer_report,
    Deed.AUDIT_FORGOTTEN: forget_old_rows,
}
