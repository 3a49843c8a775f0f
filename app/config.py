"""The settings, read once from the environment. docs/settings.md is their table; a test holds the two together."""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, get_args

Mode = Literal["demo", "production", "test"]
LogLevel = Literal["debug", "info", "warning", "error"]
SmtpTls = Literal["starttls", "tls", "none"]
LogFormat = Literal["auto", "json", "text"]

CHECKOUT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 32
LONGEST_LINE = 200
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class WrongSettings(Exception):
    """The house cannot start with these settings. Carries every fault that was found, in Swedish."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """How this house is run. Times are in the unit that the name says."""

    home: Path
    mode: Mode
    secret_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    proxies: int = 0
    reconcile_seconds: float = 10.0
    session_hours: int = 12
    session_days: int = 7
    sign_in_tries: int = 10
    log_level: LogLevel = "info"
    log_format: LogFormat = "auto"
    # The address and port where Prometheus asks; None where nobody counts.
    metrics: tuple[str, int] | None = None
    attachment_mb: int = 10
    backup_folder: Path = Path("var/backups")
    backup_hours: float = 0
    backup_keep: int = 7
    # Who answers for the site, as its public pages say; empty where nobody has said so.
    operator: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    data_protection_email: str = ""
    published: date | None = None
    reviewed: date | None = None
    # Where people find the site, without a slash at the end: what links in letters begin with.
    address: str = ""
    # The server that sends letters; without one nothing is sent, and links are shown to administrators.
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_tls: SmtpTls = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_from: str = ""

    @property
    def public_address(self) -> str:
        """What links that leave the site begin with; without a setting it is where the site answers."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.address or f"http://{host}:{self.port}"

    @property
    def sends_letters(self) -> bool:
        """Whether there is a server that letters are handed to."""
        return bool(self.smtp_host)

    @property
    def largest_attachment(self) -> int:
        """How large a file that somebody attaches may be, in bytes."""
        return self.attachment_mb * 1_000_000

    @property
    def most_attached(self) -> int:
        """How much may be attached to one document, and wait in one person's forms, in bytes."""
        return 10 * self.largest_attachment

    @property
    def largest_upload(self) -> int:
        """How much may be sent at a time, in bytes: a few files, and a form around them."""
        return 5 * self.largest_attachment

    @property
    def var(self) -> Path:
        return self.home / "var"

    @property
    def kept_file(self) -> Path:
        """The database of what no file holds: accounts, revisions."""
        return self.var / "kept.db"

    @property
    def heartbeat_file(self) -> Path:
        """The worker touches it every second; its age tells whether there is a worker."""
        return self.var / "worker-heartbeat"

    @property
    def lock_file(self) -> Path:
        return self.var / "library.lock"

    @property
    def derived_folder(self) -> Path:
        return self.var / "derived"

    @property
    def index_folder(self) -> Path:
        return self.home / "search_index"

    @property
    def backups(self) -> Path:
        """Where timed backups are put."""
        return self.home / self.backup_folder

    @property
    def in_memory(self) -> Path | None:
        """A folder that is memory: what lies there waits for no disk, and a full disk does it no harm."""
        memory = Path("/dev/shm")  # noqa: S108
        return memory if memory.is_dir() and os.access(memory, os.W_OK) else None

    @property
    def counts_folder(self) -> Path:
        """Where the web's processes count, and the worker reads it; its own for every home."""
        own = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return (self.in_memory or self.var) / f"larnat-{os.getuid()}-{own}"

    @property
    def json_lines(self) -> bool:
        """Whether the log is JSON. A demo is watched on a terminal."""
        return self.log_format == "json" or (self.log_format == "auto" and self.mode == "production")

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies and the strict transport header demand https. Only production stands behind it."""
        return self.mode == "production"

    @property
    def unstated(self) -> list[str]:
        """What the pages of a public site ought to say and nobody has said, in Swedish. A demo has no operator."""
        if self.mode != "production":
            return []
        lines = (
            (self.operator, "LARNAT_OPERATOR är inte satt: ingen kan se vem som ansvarar för webbplatsen."),
            (
                self.contact_email or self.contact_phone,
                "LARNAT_CONTACT_EMAIL och LARNAT_CONTACT_PHONE är inte satta: ingen kan nå er om något är fel.",
            ),
            (self.data_protection_email, "LARNAT_DATA_PROTECTION_EMAIL är inte satt: ingen kan nå dataskyddsombudet."),
        )
        return [line for said, line in lines if not said]

    @classmethod
    def for_tests(cls, home: Path) -> Settings:
        """Settings of a house in a temporary folder."""
        return cls(home=home, mode="test", secret_key="known to every test", reconcile_seconds=0.2)  # noqa: S106


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings that the environment gives. Raises WrongSettings with all faults at once."""
    return _Reader(environ).settings()


@dataclass(frozen=True)
class Variable:
    """One environment variable: its default as one would write it; ``read`` raises ValueError with what is expected."""

    name: str
    field: str
    default: str
    read: Callable[[str], object]


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(f"ett heltal mellan {least} och {most}")
        return int(text)

    return read


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 3600:
        raise ValueError("ett antal sekunder mellan 0.1 och 3600")
    return seconds


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 <= hours <= 720:
        raise ValueError("ett antal timmar mellan 0 och 720, där 0 betyder aldrig")
    return hours


def _place(text: str) -> Path:
    return Path(text).expanduser()


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"något av {', '.join(words)}")
        return text

    return read


def _host(text: str) -> str:
    if not text or any(character.isspace() or character == "/" for character in text):
        raise ValueError("en adress som 127.0.0.1, utan http:// och utan port")
    return text


def _metrics(text: str) -> tuple[str, int] | None:
    """An address that only this machine or a network of one's own reaches: the numbers are nobody else's business."""
    if not text:
        return None
    host, _, port = text.rpartition(":")
    expected = "adress:port på den egna datorn eller i det egna nätet, som 127.0.0.1:9464"
    try:
        address = ipaddress.ip_address({"localhost": "127.0.0.1"}.get(host, host.strip("[]")))
        number = _whole(1, 65535)(port)
    except ValueError:
        raise ValueError(expected) from None
    if address.is_unspecified or not (address.is_loopback or address.is_private):
        raise ValueError(expected)
    return str(address), number


def _server(text: str) -> str:
    return _host(text) if text else ""


def _line(text: str) -> str:
    if len(text) > LONGEST_LINE or not text.isprintable():
        raise ValueError(f"högst {LONGEST_LINE} tecken på en rad")
    return text


def _email(text: str) -> str:
    if text and not re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", _line(text)):
        raise ValueError("en e-postadress")
    return text


def _phone(text: str) -> str:
    if text and not re.fullmatch(r"\+?[\d ()/-]{5,30}", text):
        raise ValueError("ett telefonnummer")
    return text


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError("en dag som 2026-11-30") from None


def _public_address(text: str) -> str:
    if text and not re.fullmatch(r"https?://[a-z0-9.-]+(:\d{1,5})?/?", text.lower()):
        raise ValueError("en adress som https://larnat.kommunen.se, utan något efter")
    return text.lower().rstrip("/")


def _folder(text: str) -> Path:
    folder = Path(text).expanduser()
    if not folder.is_dir():
        raise ValueError("en mapp som finns")
    return folder.resolve()


VARIABLES = (
    Variable("LARNAT_HOME", "home", str(CHECKOUT), _folder),
    Variable("LARNAT_MODE", "mode", "demo", _one_of("demo", "production")),
    Variable("LARNAT_SECRET_KEY", "secret_key", "", str),
    Variable("LARNAT_HOST", "host", "127.0.0.1", _host),
    Variable("PORT", "port", "8000", _whole(1, 65535)),
    Variable("LARNAT_WORKERS", "workers", "2", _whole(1, 64)),
    Variable("LARNAT_THREADS", "threads", "4", _whole(1, 64)),
    Variable("LARNAT_PROXIES", "proxies", "0", _whole(0, 5)),
    Variable("LARNAT_RECONCILE_SECONDS", "reconcile_seconds", "10", _seconds),
    Variable("LARNAT_SESSION_HOURS", "session_hours", "12", _whole(1, 720)),
    Variable("LARNAT_SESSION_DAYS", "session_days", "7", _whole(1, 90)),
    Variable("LARNAT_SIGN_IN_TRIES", "sign_in_tries", "10", _whole(3, 1000)),
    Variable("LARNAT_BACKUP_FOLDER", "backup_folder", "var/backups", _place),
    Variable("LARNAT_BACKUP_HOURS", "backup_hours", "24", _hours),
    Variable("LARNAT_BACKUP_KEEP", "backup_keep", "7", _whole(1, 1000)),
    Variable("LARNAT_ATTACHMENT_MB", "attachment_mb", "10", _whole(1, 50)),
    Variable("LARNAT_LOG_LEVEL", "log_level", "info", _one_of(*get_args(LogLevel))),
    Variable("LARNAT_LOG_FORMAT", "log_format", "auto", _one_of(*get_args(LogFormat))),
    Variable("LARNAT_METRICS", "metrics", "", _metrics),
    Variable("LARNAT_OPERATOR", "operator", "", _line),
    Variable("LARNAT_CONTACT_EMAIL", "contact_email", "", _email),
    Variable("LARNAT_CONTACT_PHONE", "contact_phone", "", _phone),
    Variable("LARNAT_DATA_PROTECTION_EMAIL", "data_protection_email", "", _email),
    Variable("LARNAT_PUBLISHED", "published", "", _date),
    Variable("LARNAT_REVIEWED", "reviewed", "", _date),
    Variable("LARNAT_ADDRESS", "address", "", _public_address),
    Variable("LARNAT_SMTP_HOST", "smtp_host", "", _server),
    Variable("LARNAT_SMTP_PORT", "smtp_port", "587", _whole(1, 65535)),
    Variable("LARNAT_SMTP_TLS", "smtp_tls", "starttls", _one_of(*get_args(SmtpTls))),
    Variable("LARNAT_SMTP_USER", "smtp_user", "", _line),
    Variable("LARNAT_SMTP_PASSWORD", "smtp_password", "", str),
    Variable("LARNAT_SMTP_FROM", "smtp_from", "", _email),
)


class _Reader:
    """Reads every variable and gathers what is wrong, so that one start tells all of it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def settings(self) -> Settings:
        found = {variable.field: self._value(variable) for variable in VARIABLES}
        self._unknown_names()
        if found["mode"] == "production":
            self._secret(str(found["secret_key"]))
        elif found["mode"] == "demo":
            self._only_here(found["host"])
        self._letters(found)
        if self.faults:
            raise WrongSettings(self.faults)
        home = found["home"]
        if isinstance(home, Path) and not found["secret_key"]:
            found["secret_key"] = demo_secret(home)
        return Settings(**found)  # type: ignore[arg-type]

    def _value(self, variable: Variable) -> object:
        text = self.environ.get(variable.name, "").strip() or variable.default
        try:
            return variable.read(text)
        except ValueError as expected:
            self.faults.append(f"{variable.name} är ”{text}”, men ska vara {expected}.")
            return None

    def _unknown_names(self) -> None:
        known = [variable.name for variable in VARIABLES]
        for name in sorted(self.environ):
            if name.startswith("LARNAT_") and name not in known:
                near = difflib.get_close_matches(name, known, 1)
                hint = f" Menar du {near[0]}?" if near else ""
                self.faults.append(f"{name} är ingen inställning i Lärnät.{hint}")

    def _secret(self, secret: str) -> None:
        if len(secret) < SHORTEST_SECRET:
            self.faults.append(
                f"LARNAT_SECRET_KEY saknas eller är kortare än {SHORTEST_SECRET} tecken. I drift"
                " (LARNAT_MODE=production) behövs en egen hemlig nyckel. Gör en med:"
                " python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )

    def _letters(self, found: Mapping[str, object]) -> None:
        """What does not go together among the settings of letters. They are None where they are wrong by themselves."""
        rules = (
            (
                found["smtp_host"] and found["smtp_from"] == "",
                "LARNAT_SMTP_FROM saknas: avsändarens e-postadress behövs för att skicka brev.",
            ),
            (
                found["smtp_host"] and found["address"] == "",
                "LARNAT_ADDRESS saknas: länkarna i breven behöver webbplatsens adress, som https://larnat.kommunen.se.",
            ),
            (
                found["smtp_host"] == "" and (found["smtp_user"] or found["smtp_from"]),
                "LARNAT_SMTP_HOST saknas, men andra inställningar för brev är satta.",
            ),
            (
                bool(found["smtp_user"]) != bool(found["smtp_password"]),
                "LARNAT_SMTP_USER och LARNAT_SMTP_PASSWORD hör ihop: sätt båda eller ingen.",
            ),
            (
                not str(found["smtp_password"]).isascii() or not str(found["smtp_user"]).isascii(),
                "LARNAT_SMTP_USER och LARNAT_SMTP_PASSWORD får bara ha tecken som finns i ASCII, inte å, ä och ö.",
            ),
            (
                found["smtp_user"] and found["smtp_tls"] == "none",
                "LARNAT_SMTP_TLS är ”none”: lösenordet skulle skickas så att andra kan läsa det.",
            ),
            (
                found["mode"] == "production" and str(found["address"]).startswith("http:"),
                "LARNAT_ADDRESS börjar med http:, men i drift går Lärnät bara att använda över https.",
            ),
        )
        self.faults += [fault for broken, fault in rules if broken]

    def _only_here(self, host: object) -> None:
        if host is not None and host not in LOOPBACK:
            self.faults.append(
                f"LARNAT_HOST är ”{host}”, men i demoläge finns konton med kända lösenord, så då får Lärnät bara svara"
                " på den egna datorn (127.0.0.1). Sätt LARNAT_MODE=production för att svara på nätet."
            )


def demo_secret(home: Path) -> str:
    """The demo's secret key, made once and kept in var/ so that a restart signs nobody out."""
    file = home / "var" / "demo-secret-key"
    try:
        file.parent.mkdir(exist_ok=True)
        if not file.exists():
            _write_whole(file, secrets.token_urlsafe(48))
        secret = file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise WrongSettings([f"Det går inte att skriva i {file.parent}: {error.strerror}."]) from error
    if len(secret) < SHORTEST_SECRET:
        raise WrongSettings([f"{file} är skadad. Ta bort den, så görs en ny."])
    return secret


def _write_whole(file: Path, text: str) -> None:
    """Make a file that nobody else can read, whole or not at all; the first of two processes decides its text."""
    descriptor, name = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(text)
        with contextlib.suppress(FileExistsError):
            os.link(name, file)
    finally:
        Path(name).unlink()
