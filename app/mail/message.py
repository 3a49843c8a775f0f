"""A letter as it is handed to the server: plain text, and nothing that anybody typed can become a line of its head."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, make_msgid

from app.config import Settings
from app.database import now

NAME = "Lärnät"
LONGEST_ADDRESS = 200
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")


@dataclass(frozen=True)
class Message:
    """What a letter says, and to whom.

    ``stop`` is the address of a page on which one says that one wants no more of such letters. One that is handed over
    ``at_most_once`` rather gets lost than arrives twice, whatever happens to us meanwhile.
    """

    to: str
    subject: str
    body: str
    stop: str = ""
    at_most_once: bool = False


class NoAddress(ValueError):
    """A letter cannot be sent there, whatever the server says."""


class NotYet(Exception):
    """A letter cannot be written just now; it is tried again. Says why, in Swedish, for whoever runs the site."""


class _InOnePiece(UnstructuredHeader, BaseHeader):
    """A line of the head that is an address: broken up or encoded, mail programs would not find it."""

    def fold(self, *, policy: Policy) -> str:
        """The line as it is sent."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADS = HeaderRegistry()
_HEADS.map_to_type("list-unsubscribe", _InOnePiece)
_POLICY = SMTP.clone(header_factory=_HEADS)


def composed(message: Message, settings: Settings) -> EmailMessage:
    """The letter with its head. Raises NoAddress."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Address(NAME, addr_spec=deliverable(settings.smtp_from))
    mail["To"] = Address(addr_spec=deliverable(message.to))
    mail["Subject"] = " ".join(message.subject.split())
    mail["Date"] = format_datetime(now())
    # The machine's own name is nobody's business.
    mail["Message-ID"] = make_msgid(domain=deliverable(settings.smtp_from).rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    if settings.contact_email:
        mail["Reply-To"] = Address(addr_spec=deliverable(settings.contact_email))
    if message.stop:
        mail["List-Unsubscribe"] = f"<{message.stop}>"
    mail.set_content(message.body, cte="quoted-printable")
    return mail


def deliverable(address: str) -> str:
    """The address as servers write it: the part after @ in ASCII ("vaxjo" with ä is "xn--"). Raises NoAddress."""
    local, _, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        domain = ""
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain) or len(address) > LONGEST_ADDRESS:
        raise NoAddress
    return f"{local}@{domain}"
