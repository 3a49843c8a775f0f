"""A real mail server for the tests: it takes letters, encrypted or not, and can be as difficult as real ones are."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.config import Settings, SmtpTls
from tests.serving import free_port

USER, PASSWORD = "larnat", "the letter box, opened"
# What the server answers to a recipient, by the part of the address before @.
ANSWERS = {"finns-inte": "550 5.1.1 no such user", "full": "452 4.2.2 mailbox full"}


@dataclass
class PostOffice:
    """What the server has taken, and what it answers."""

    port: int
    received: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    tries: int = 0
    # What it answers to a letter itself, instead of taking it.
    answer: str = ""

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if refusal := ANSWERS.get(address.partition("@")[0]):
            self.tries += 1
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.tries += 1
        if self.answer:
            return self.answer
        content = envelope.original_content or b""
        parsed = message_from_bytes(content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.received.append(parsed)
        self.envelopes.append(envelope)
        return "250 OK"

    @property
    def texts(self) -> list[str]:
        return [message.get_content().replace("\r\n", "\n") for message in self.received]


@dataclass(frozen=True)
class Authority:
    """Who signs the server's certificate; a client trusts it by ``SSL_CERT_FILE``."""

    file: Path
    server: ssl.SSLContext


def authority(folder: Path, host: str = "localhost") -> Authority:
    ca = trustme.CA()
    file = folder / "ca.pem"
    ca.cert_pem.write_to_path(str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(host).configure_cert(context)
    return Authority(file, context)


@contextmanager
def opened(
    port: int = 0, tls: SmtpTls = "none", signed_by: Authority | None = None, password: str = ""
) -> Iterator[PostOffice]:
    """A post office that is open; with a ``password`` only for who knows it."""
    office = PostOffice(port or free_port())
    more: dict[str, Any] = {}
    if tls == "tls":
        more["ssl_context"] = signed_by and signed_by.server
    if tls == "starttls":
        more |= {"tls_context": signed_by and signed_by.server, "require_starttls": True}
    if password:
        more |= {"authenticator": _knows(password), "auth_required": True, "auth_require_tls": tls == "starttls"}
    controller = Controller(office, hostname="localhost", port=office.port, ready_timeout=30.0, **more)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def _knows(password: str) -> Callable[..., AuthResult]:
    def authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password == password.encode()
        return AuthResult(success=right, handled=False)

    return authenticate


def sending(settings: Settings, port: int, tls: SmtpTls = "none", password: str = "") -> Settings:
    """The settings of a house that sends its letters there."""
    return replace(
        settings,
        address="https://larnat.test",
        smtp_host="localhost",
        smtp_port=port,
        smtp_tls=tls,
        smtp_user=USER if password else "",
        smtp_password=password,
        smtp_from="larnat@kommunen.test",
    )
