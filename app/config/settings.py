"""What the house is told about how it is run, and what follows from it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from app.config.issuers import Issuer

Mode = Literal["demo", "production", "test"]
LogLevel = Literal["debug", "info", "warning", "error"]
SmtpTls = Literal["starttls", "tls", "none"]
LogFormat = Literal["auto", "json", "text"]


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
    # Whether one may sign in with a password at all, and who else signs people in.
    passwords: bool = True
    oidc_file: Path | None = None
    issuers: tuple[Issuer, ...] = ()
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

    def issuer(self, key: str) -> Issuer | None:
        """The issuer that is called so in addresses."""
        return next((issuer for issuer in self.issuers if issuer.key == key), None)

    def issuer_at(self, address: str) -> Issuer | None:
        """The issuer with an address, as sign-ins and identities name it; None for one that is not used any longer."""
        return next((issuer for issuer in self.issuers if issuer.address == address), None)

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
        memory = Path("/dev/shm")  # noqa: S108 -- counts.kept_in sees whose its folder there is
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
        return cls(home=home, mode="test", secret_key="known to every test", reconcile_seconds=0.2)  # noqa: S106 -- for tests
