"""The environment variables: how each is written and understood. docs/settings.md is their table."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_args

from app.config.settings import LogFormat, LogLevel, SmtpTls

CHECKOUT = Path(__file__).resolve().parent.parent.parent
LONGEST_LINE = 200


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


def _file(text: str) -> Path | None:
    file = Path(text).expanduser()
    if text and not file.is_file():
        raise ValueError("en fil som finns")
    return file.resolve() if text else None


def _on_or_off(text: str) -> bool:
    if text not in ("on", "off"):
        raise ValueError("on eller off")
    return text == "on"


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
    Variable("LARNAT_PASSWORDS", "passwords", "on", _on_or_off),
    Variable("LARNAT_OIDC_FILE", "oidc_file", "", _file),
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
