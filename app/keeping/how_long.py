"""How long what is kept, in one table: every kept table and every kind of kept file, for how long and why.

The worker carries it out when it starts and every hour after that; the page on personal data and ``docs/keeping.md``
tell it. A new kept table gets a line here, and a job where the clock removes anything of it: a test asks for both.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from app.accounts import belonging, forgetting, invitations, reminders, tries
from app.accounts.oidc import departures
from app.audit import chain
from app.audit.tables import KEPT_FOR
from app.config import Settings
from app.contacts import KEPT_FOR as NAMED_FOR
from app.database import Databases, copies_before
from app.feedback import reports
from app.history import waiting_files
from app.history.revisions import UNDOABLE
from app.keeping import named
from app.keeping.snapshot import remove_left_behind
from app.looked_for import KEPT_FOR as LOOKED_FOR_FOR
from app.looked_for import forget_old as forget_searches
from app.mail import outbox
from app.web.text import count

log = logging.getLogger(__name__)

# For so long there is a way back from an upgrade; then the copy is only more of what has to be guarded.
COPIES_BEFORE = timedelta(days=30)


def _accounts(session: Session, settings: Settings) -> None:
    forgetting.forget_ended(session, settings)


def _reports(session: Session, _settings: Settings) -> None:
    reports.remove_old(session)


def _unsaved(session: Session, _settings: Settings) -> None:
    waiting_files.forget_old(session)


def _belonging(session: Session, _settings: Settings) -> None:
    belonging.forget_ended(session)


def _audit(session: Session, _settings: Settings) -> None:
    chain.forget_old(session)


def _named(session: Session, _settings: Settings) -> None:
    named.forget_old(session)


def _searches(session: Session, _settings: Settings) -> None:
    forget_searches(session)


# What the clock does in the kept database, each in a transaction of its own, by the words of the log.
JOBS: dict[str, Callable[[Session, Settings], None]] = {
    "accounts": _accounts,
    "reports": _reports,
    "unsaved": _unsaved,
    "belonging": _belonging,
    "audit": _audit,
    "named": _named,
    "searches": _searches,
}
COPIES = "copies"


@dataclass(frozen=True)
class Line:
    """A line of the table, in Swedish. ``job`` is what removes it when its time is out; "" where no clock does."""

    what: str
    how_long: str
    why: str
    tables: tuple[str, ...] = ()
    job: str = ""


def lines(settings: Settings) -> tuple[Line, ...]:
    """The whole table, with these settings."""
    return (*_of_people(settings), _named_people(), _what_people_look_for(), *_of_the_library(), *_files(settings))


def told(table: str, settings: Settings) -> str:
    """How long the rows of a kept table are kept, for who reads the page on personal data. Raises LookupError."""
    for line in lines(settings):
        if table in line.tables:
            return line.how_long
    raise LookupError(table)


def carry_out(databases: Databases, settings: Settings) -> dict[str, int]:
    """Remove everything whose time is out. Returns, and logs, how many rows or files each job has removed."""
    removed = {name: _done(databases, settings, job) for name, job in JOBS.items()}
    removed[COPIES] = _remove_copies(settings)
    for name, number in removed.items():
        if number:
            log.info("what had been kept long enough was removed", extra={"doing": name, "rows": number})
    return removed


def as_markdown(settings: Settings) -> str:
    """The table as it stands in the documentation."""
    rows = [f"| {line.what} | {line.how_long} | {line.why} |" for line in lines(settings)]
    return "\n".join(["| Vad | Hur länge | Varför |", "|---|---|---|", *rows])


def _of_people(settings: Settings) -> Iterator[Line]:
    yield Line(
        "Konton",
        "Tills du avslutar kontot på Mitt konto, eller den som driver webbplatsen gör det på din begäran. Ett stängt"
        " konto finns kvar, men går inte att logga in på.",
        "Den som skriver ska kunna logga in, och ett stängt konto öppnas igen.",
        ("person",),
    )
    yield Line(
        "Medlemskap och uppdrag som samordnare",
        "Medlemskap och uppdrag som samordnare: så länge de varar, och"
        f" {count(belonging.KEPT_WHEN_ENDED.days // 365)} år efter att de har upphört.",
        "Det ska gå att se vem som kunde läsa och skriva vad när något hände.",
        ("membership", "coordination"),
        "belonging",
    )
    yield Line(
        "Inloggningar",
        f"Tills du loggar ut, byter lösenord eller inte har gjort något på {count(settings.session_hours)} timmar, och"
        f" högst {count(settings.session_days, 'dag', 'dagar')}.",
        "Ingen ska behöva logga in på varje sida.",
        ("sign_in",),
        "accounts",
    )
    yield Line(
        "Hos vem du loggar in, om det är någon annan som din kommun",
        "Hos vem står kvar så länge som kontot.",
        "Nästa inloggning därifrån ska hitta samma konto.",
        ("identity",),
    )
    yield Line(
        "Påbörjade inloggningar hos någon annan",
        f"Det du skrev innan ligger låst i högst {departures.LASTS.total_seconds() / 60:.0f} minuter, och tas bort inom"
        " någon timme därefter.",
        "Det som någon har skrivit ska inte gå förlorat för att inloggningen tog slut.",
        ("departure",),
        "accounts",
    )
    yield Line(
        "Inbjudningar",
        f"Tills inbjudan är besvarad eller tas tillbaka. Annars gäller den i {_days(invitations.LASTS)} och tas bort"
        f" {_days(invitations.KEPT_WHEN_EXPIRED)} senare.",
        "Den som är inbjuden ska hinna svara, och en inbjudan som har gått ut kan skickas igen.",
        ("invitation",),
        "accounts",
    )
    yield Line(
        "Brev som ska skickas, och kontrollsummor av länkar i dem",
        "Tills brevet är skickat, och länken använd eller utgången. Går brevet inte att skicka finns adressen kvar i"
        f" {_days(outbox.KEPT_WHEN_FAILED)}; efter ett avslutat konto i högst {_days(outbox.GIVE_UP)}.",
        "Den som driver webbplatsen ska kunna se varför ett brev inte kom fram.",
        ("letter", "one_time_link"),
        "accounts",
    )
    yield Line(
        "Att du vill bli påmind om cykler som står stilla",
        f"Tills du slutar med det eller avslutar kontot, och {_days(reminders.APART)} till. Länken i ett brev, med"
        f" vilken du slutar, fungerar i {_days(reminders.LINK_LASTS)}.",
        "Påminnelser går bara till den som har bett om dem, och högst en gång i veckan.",
        ("reminder",),
        "accounts",
    )
    yield Line(
        "Försök att logga in och att rapportera",
        f"I högst {tries.LONGEST_WINDOW_SECONDS / 3600:.0f} timmar, och tas bort inom någon timme därefter.",
        "Så långt tillbaka räknas försöken, för att ingen ska kunna gissa lösenord.",
        ("sign_in_try",),
        "accounts",
    )
    yield Line(
        "Det som är skrivet men inte sparat, och filer som väntar",
        f"Tills det sparas, kastas eller kontot avslutas, och högst {_days(waiting_files.KEPT_UNSAVED)} efter att"
        " formuläret senast rördes.",
        "Inget ska gå förlorat om någon avbryts; efter så lång tid går ingen vidare med det.",
        ("working_copy", "waiting_file"),
        "unsaved",
    )
    yield Line(
        "Rapporter om fel och hinder",
        f"Tills {_days(reports.KEPT_WHEN_DONE)} har gått sedan det åtgärdades.",
        "Felet ska rättas och den som vill ha svar få det; samma fel kan komma tillbaka.",
        ("report",),
        "reports",
    )
    yield Line(
        "Granskningsloggen",
        f"{KEPT_FOR.days // 365} år. Ingen kan ändra i loggen, eller ta bort något tidigare. Avslutas ett konto finns"
        " dess nummer kvar, men inte namnet.",
        "Intrång och misstag upptäcks ofta sent. Databasen själv ser till att tiden hålls.",
        ("audit_row",),
        "audit",
    )
    yield Line(
        "Att något har raderats",
        "Så länge webbplatsen finns. Det är när, varför och hur mycket, aldrig vad.",
        "Det ska gå att visa att det är gjort, och att göra om det efter en återställning.",
        ("erasure",),
    )


def _named_people() -> Line:
    return Line(
        "Deltagare och kontakter",
        f"Tills någon tar bort dem, sidan har varit borttagen i {_days(UNDOABLE)}, eller"
        f" {count(NAMED_FOR.days // 365)} år har gått sedan någon sa att de stämmer. Det som tas bort står inte i"
        " historiken.",
        "Det ska gå att fråga den som vet, och folk byter arbete.",
        ("named_person",),
        "named",
    )


def _what_people_look_for() -> Line:
    return Line(
        "Vad folk söker efter",
        f"{count(LOOKED_FOR_FOR.days // 30)} månader.",
        "Nätverkens planer görs för ett år i taget, och det som söks utan att finnas är en kunskapslucka.",
        ("looked_for",),
        "searches",
    )


def _of_the_library() -> Iterator[Line]:
    yield Line(
        "Sidorna och det som är bifogat",
        "Tills någon tar bort dem.",
        "De är det gemensamma minnet.",
    )
    yield Line(
        "Ändringar, med texten före och efter",
        "Så länge webbplatsen finns, också när en sida har tagits bort. En borttagen sida går att få tillbaka i"
        f" {_days(UNDOABLE)}. Avslutar du kontot byts namnet mot rollen och organisationen.",
        "Det ska gå att se vem som har ändrat vad, jämföra och ångra.",
        ("revision", "revision_file", "text"),
    )
    yield Line(
        "Var sidorna ligger och har legat",
        "Så länge sidan finns.",
        "En sida ska hittas också på sin förra adress.",
        ("head", "former_path"),
    )
    yield Line(
        "Vilken dag en förutsägelse låstes, och en kontrollsumma av den",
        "Så länge webbplatsen finns, också när sidan har tagits bort.",
        "Det ska gå att lita på att ingen har ändrat den efteråt.",
        ("document_lock",),
    )
    yield Line(
        "Filer med personnummer, ändrade utanför Lärnät",
        "Tills någon rättar filen. De visas inte, står inte i historiken och följer inte med i säkerhetskopior.",
        "Lärnät ändrar inte i det som någon annan har skrivit, men sprider det inte.",
    )


def _files(settings: Settings) -> Iterator[Line]:
    yield Line(
        "Säkerhetskopior",
        backups_in_words(settings),
        "Inget ska gå förlorat om något går sönder. Det som raderas finns kvar i äldre kopior tills de tas bort.",
    )
    yield Line(
        "Kopian av databasen före en uppgradering",
        f"{_days(COPIES_BEFORE)}, och högst till nästa uppgradering.",
        "Det ska finnas en väg tillbaka.",
        job=COPIES,
    )
    yield Line(
        "Sökregistret",
        "Det byggs om av filerna. Ett gammalt tas bort av arbetsprocessen inom några minuter.",
        "Det håller inget eget.",
    )


def backups_in_words(settings: Settings) -> str:
    """How many backups are kept."""
    if not settings.backup_hours:
        return "Så länge som den som driver webbplatsen har bestämt."
    often = "varje timme" if settings.backup_hours == 1 else f"var {count(settings.backup_hours)}:e timme"
    kept = f"de {settings.backup_keep} kopior som är nyast" if settings.backup_keep > 1 else "den nyaste"
    return f"En kopia görs {often}, och {kept} sparas."


def _days(time: timedelta) -> str:
    return count(time.days, "dag", "dagar")


def _done(databases: Databases, settings: Settings, job: Callable[[Session, Settings], None]) -> int:
    with databases.kept() as session:
        connection = session.connection()
        before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
        job(session, settings)
        session.flush()
        changed: int = connection.exec_driver_sql("SELECT total_changes()").scalar_one() - before
        return changed


def _remove_copies(settings: Settings) -> int:
    remove_left_behind(settings.var)
    old = time.time() - COPIES_BEFORE.total_seconds()
    gone = [copy for copy in copies_before(settings.var) if copy.stat().st_mtime < old]
    for copy in gone:
        copy.unlink(missing_ok=True)
    return len(gone)
