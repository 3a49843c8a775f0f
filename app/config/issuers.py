"""Who signs people in for us by OpenID Connect: a TOML file, told of in docs/signing-in.md."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from app.config.wrong import LOOPBACK

SECRET_PREFIX = "LARNAT_OIDC_SECRET_"  # noqa: S105 -- the name of a variable
LONGEST_WORD = 200

ClientAuthentication = Literal["client_secret_basic", "client_secret_post", "none"]


def _words(given: object) -> object:
    """One value or several, as those who write the file may do."""
    several = given if isinstance(given, list | tuple) else [given]
    return tuple(str(one).lower() if isinstance(one, bool) else str(one) for one in several)


def _key(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?", text):
        raise ValueError("ska vara ett kort ord med a–z, 0–9 och bindestreck")
    return text


def _name(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > LONGEST_WORD:
        raise ValueError("ska vara en rad text")
    return text.strip()


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("ska vara utfärdarens adress, som https://login.kommunen.se/realms/kommunen")
    return text


def _domain(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", text.lower()):
        raise ValueError("ska vara det som står efter @, som kommunen.se")
    return text.lower()


def _condition(when: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    if not all(name and values for name, values in when.items()):
        raise ValueError("ska vara claims och de värden som krävs")
    return when


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
# All of these claims have one of these values. Without any it holds for everybody.
Condition = Annotated[dict[str, Words], AfterValidator(_condition)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class MembershipRule(_Strict):
    """Who is what in an organisation, by what the issuer says of them."""

    organisation: str = Field(pattern=r"^[a-z0-9-]+$")
    role: Literal["member", "coordinator"] = "member"
    when: Condition = Field(default_factory=dict)


class Issuer(_Strict):
    """Somebody who signs people in for us, and what we take their word for."""

    # What it is called in addresses and in the name of its secret.
    key: Annotated[str, AfterValidator(_key)]
    # What it is called on the screen: "Logga in med …".
    name: Annotated[str, AfterValidator(_name)]
    # What OpenID Connect calls "issuer", sign by sign.
    address: Annotated[str, AfterValidator(_address)]
    client_id: str = Field(min_length=1)
    client_authentication: ClientAuthentication = "client_secret_basic"
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    # Whether to ask for more at the userinfo endpoint than the ID token says.
    userinfo: bool = True
    # The domains whose addresses it may vouch for, and the claim that says it does.
    email_domains: tuple[Annotated[str, AfterValidator(_domain)], ...] = ()
    email_verified_claim: str = "email_verified"
    # How people must have shown who they are; empty leaves it to the issuer.
    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()
    # Whether its people may have a password here as well.
    passwords: bool = False
    memberships: tuple[MembershipRule, ...] = Field(alias="membership", min_length=1)
    admin_when: Condition | None = None
    secret: str = Field(default="", repr=False)

    @property
    def governs(self) -> frozenset[str]:
        """The organisations of which the issuer alone says which of its people belong."""
        return frozenset(rule.organisation for rule in self.memberships)

    @property
    def secret_name(self) -> str:
        """The environment variable that holds its secret."""
        return SECRET_PREFIX + self.key.upper().replace("-", "_")

    def vouches_for(self, email: str) -> bool:
        """Whether the address is of a domain that the issuer may vouch for."""
        return email.rpartition("@")[2].lower() in self.email_domains

    def faults(self, anywhere: bool) -> list[str]:
        """What does not go together, in Swedish. ``anywhere``: everybody may reach this house, so all is encrypted."""
        parts = urlsplit(self.address)
        rules = (
            (
                parts.scheme == "http" and (anywhere or parts.hostname not in LOOPBACK),
                f"adressen till {self.key} måste börja med https:.",
            ),
            (bool(self.secret) == (self.client_authentication == "none"), self._secret_fault()),
            ("openid" not in self.scopes, f"scopes för {self.key} måste innehålla openid."),
            (
                self.admin_when is not None and not self.admin_when,
                f"admin_when för {self.key} är tomt, så att alla skulle bli administratörer.",
            ),
        )
        return [fault for broken, fault in rules if broken]

    def _secret_fault(self) -> str:
        if self.secret:
            return f"{self.secret_name} är satt, men client_authentication för {self.key} är none."
        return f"{self.secret_name} saknas: hemligheten som {self.name} har gett Lärnät."


def read_issuers(file: Path, environ: Mapping[str, str], anywhere: bool) -> tuple[tuple[Issuer, ...], list[str]]:
    """The issuers of a file with their secrets, and every fault that was found, in Swedish."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return (), ["filen går inte att läsa."]
    except tomllib.TOMLDecodeError as error:
        return (), [f"filen är inte rätt skriven: {error}."]
    faults = [f"{name} finns inte; alla utfärdare står under [[issuer]]." for name in told if name != "issuer"]
    tables = told.get("issuer", [])
    if not isinstance(tables, list) or not tables:
        return (), [*faults, "ingen [[issuer]] står i filen."]
    issuers = []
    for number, table in enumerate(tables, 1):
        issuer, wrong = _read(table, number, environ)
        faults += wrong
        if issuer is not None:
            faults += issuer.faults(anywhere)
            issuers.append(issuer)
    for what, values in (("key", [one.key for one in issuers]), ("address", [one.address for one in issuers])):
        faults += [f"{what} ”{value}” står två gånger." for value in sorted(set(values)) if values.count(value) > 1]
    return tuple(issuers), faults


def _read(table: object, number: int, environ: Mapping[str, str]) -> tuple[Issuer | None, list[str]]:
    """One issuer with its secret, or what is wrong with it."""
    if isinstance(table, dict) and "secret" in table:
        return None, [f"[[issuer]] nummer {number}: hemligheten ska stå i miljön, inte i filen."]
    try:
        issuer = Issuer.model_validate(table)
    except ValidationError as error:
        return None, _swedish(error, number)
    return issuer.model_copy(update={"secret": environ.get(issuer.secret_name, "").strip()}), []


def _swedish(error: ValidationError, number: int) -> list[str]:
    """What is wrong, and where. What was written there is left out: it may be a secret in the wrong place."""
    return [
        f"[[issuer]] nummer {number}: {_where(fault)} {_what(fault)}.".replace(":  ", ": ") for fault in error.errors()
    ]


def _where(fault: ErrorDetails) -> str:
    return " ".join(str(step + 1) if isinstance(step, int) else step for step in fault["loc"])


def _what(fault: ErrorDetails) -> str:
    said: dict[str, Any] = fault.get("ctx", {})
    words = {
        "missing": "saknas",
        "extra_forbidden": "är ingen inställning",
        "too_short": "saknas",
        "literal_error": f"ska vara {said.get('expected', '')}".replace(" or ", " eller "),
        "value_error": str(said.get("error", "")),
    }
    return words.get(fault["type"], "är inte skrivet som det ska")
