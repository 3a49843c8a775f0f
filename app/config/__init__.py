"""The settings, read once from the environment. docs/settings.md is their table; a test holds the two together."""

from __future__ import annotations

from app.config.issuers import Issuer, MembershipRule
from app.config.reading import read_settings
from app.config.settings import LogFormat, LogLevel, Mode, Settings, SmtpTls
from app.config.variables import CHECKOUT, VARIABLES
from app.config.wrong import LOOPBACK, WrongSettings

__all__ = [
    "CHECKOUT",
    "LOOPBACK",
    "VARIABLES",
    "Issuer",
    "LogFormat",
    "LogLevel",
    "MembershipRule",
    "Mode",
    "Settings",
    "SmtpTls",
    "WrongSettings",
    "read_settings",
]
