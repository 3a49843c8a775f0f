"""The server that letters are handed to, and what can go wrong there, in words for whoever runs the site."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from app.config import Settings

TIMEOUT_SECONDS = 20.0


class Unreachable(Exception):
    """No letter can be sent just now, whoever it is to."""


class Refused(Exception):
    """The server does not take this letter. ``for_good`` says whether it is any use to try again."""

    def __init__(self, reason: str, for_good: bool) -> None:
        super().__init__(reason)
        self.for_good = for_good


@contextmanager
def connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A connection over which letters can be sent. Raises Unreachable."""
    server = _reached(settings)
    try:
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
    """Give a letter to the server. Raises Refused and Unreachable."""
    sender, to = (mail[name].addresses[0].addr_spec for name in ("From", "To"))
    try:
        server.send_message(mail, sender, [to])
    except smtplib.SMTPRecipientsRefused as refused:
        code = next((code for code, _ in refused.recipients.values()), 0)
        raise Refused(f"servern tar inte emot brev till den adressen (svar {code})", code >= 500) from refused
    except smtplib.SMTPDataError as refused:
        raise Refused(f"servern tog inte emot brevet (svar {refused.smtp_code})", refused.smtp_code >= 500) from refused
    except smtplib.SMTPSenderRefused as refused:
        raise Unreachable(f"servern godtar inte avsändaren LARNAT_SMTP_FROM (svar {refused.smtp_code})") from refused
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_why(error)) from error


def _reached(settings: Settings) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    # How we introduce ourselves: by the sender's domain, not by the machine's name.
    name = settings.smtp_from.rpartition("@")[2]
    server: smtplib.SMTP | None = None
    try:
        if settings.smtp_tls == "tls":
            server = smtplib.SMTP_SSL(host, port, name, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(host, port, name, TIMEOUT_SECONDS)
        if settings.smtp_tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except (OSError, smtplib.SMTPException) as error:
        if server is not None:
            server.close()
        raise Unreachable(_why(error)) from error
    return server


def _why(error: Exception) -> str:
    """What went wrong, in words of ours: a server's own may quote addresses."""
    match error:
        case ssl.SSLCertVerificationError():
            return "serverns certifikat går inte att lita på"
        case ssl.SSLError():
            return "det gick inte att kryptera förbindelsen; se efter LARNAT_SMTP_TLS och LARNAT_SMTP_PORT"
        case smtplib.SMTPAuthenticationError():
            return f"servern godtar inte användaren eller lösenordet (svar {error.smtp_code})"
        case smtplib.SMTPNotSupportedError():
            return "servern kan inte det som inställningarna begär, kryptering eller inloggning"
        case smtplib.SMTPResponseException():
            return f"servern svarade nej (svar {error.smtp_code})"
        case TimeoutError():
            return "servern svarar inte"
        case smtplib.SMTPServerDisconnected():
            return "servern bröt förbindelsen"
        case _:
            return "servern går inte att nå"
