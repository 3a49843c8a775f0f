"""The settings, read once from the environment. docs/settings.md is their table; a test holds the two together."""

from __future__ import annotations

from app.config.reading import read_settings
from app.config.settings import LogFormat, LogLevel, Mode, Settings, SmtpTls
from app.config.variables import CHECKOUT, VARIABLES
from app.config.wrong import WrongSettings

__all__ = [
    "CHECKOUT",
    "VARIABLES",
    "LogFormat",
    "LogLevel",
    "Mode",
    "Settings",
    "SmtpTls",
    "WrongSettings",
    "read_settings",
]
