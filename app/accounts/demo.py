"""The demo's accounts. Their password is no secret, so they can sign in in demo mode only, on this machine only."""

from __future__ import annotations

from dataclasses import dataclass, field

PASSWORD = "prova lärnät lokalt"  # noqa: S105


@dataclass(frozen=True)
class DemoAccount:
    """Somebody to try Lärnät as."""

    email: str
    name: str
    words: str
    roles: dict[str, str] = field(default_factory=dict)
    admin: bool = False


ACCOUNTS = (
    DemoAccount(
        "team@exempelkommunen.example",
        "Demokonto, Exempelkommunen",
        "medlem i Exempelkommunen",
        {"exempelkommunen": "member"},
    ),
    DemoAccount("sodertalje@demo.example", "Demokonto, Södertälje", "medlem i Södertälje", {"sodertalje": "member"}),
    DemoAccount(
        "kollega@demo.example", "Demokonto, kollega i Södertälje", "också medlem i Södertälje", {"sodertalje": "member"}
    ),
    DemoAccount(
        "knut@demo.example",
        "Demokonto, KNUT",
        "samordnare för nätverket KNUT i Sundbyberg",
        {"sundbyberg": "coordinator"},
    ),
    DemoAccount("lysekil@demo.example", "Demokonto, Lysekil", "medlem i Lysekil", {"lysekil": "member"}),
    DemoAccount("admin@demo.example", "Demokonto, administratör", "administratör", admin=True),
)
