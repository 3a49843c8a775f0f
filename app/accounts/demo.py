"""The demo's accounts. Their password is no secret, so they can sign in in demo mode only, on this machine only."""

from __future__ import annotations

from dataclasses import dataclass, field

PASSWORD = "prova lärnät lokalt"  # noqa: S105 -- no secret: see above


@dataclass(frozen=True)
class DemoAccount:
    """Somebody to try Lärnät as."""

    email: str
    name: str
    words: str
    roles: dict[str, str] = field(default_factory=dict)
    # The ids of the networks that the account coordinates.
    networks: tuple[str, ...] = ()
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
        "samordnare i Sundbyberg och för nätverket KNUT",
        {"sundbyberg": "coordinator"},
        ("4014e376-704d-456e-ab5a-433e22b8b1e5",),
    ),
    DemoAccount("lysekil@demo.example", "Demokonto, Lysekil", "medlem i Lysekil", {"lysekil": "member"}),
    DemoAccount("admin@demo.example", "Demokonto, administratör", "administratör", admin=True),
)
