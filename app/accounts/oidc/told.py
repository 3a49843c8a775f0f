"""What an issuer says of somebody, as the settings understand it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.accounts import people
from app.accounts.oidc.refusing import Refused, Why
from app.accounts.tables import OrganisationRole
from app.config import Issuer
from app.library import personal_data

TRUE = (True, 1, "true", "1")


@dataclass(frozen=True)
class Told:
    """Who somebody is, in the words of one issuer: ``email`` is "" where it does not vouch for any."""

    subject: str
    name: str = ""
    email: str = ""
    roles: Mapping[str, OrganisationRole] = field(default_factory=dict)
    admin: bool = False
    # Its own sign-in, which it may end.
    session: str = ""


def told(issuer: Issuer, claims: Mapping[str, Any]) -> Told:
    """What the claims mean. Raises Refused where what decides stands elsewhere than in them."""
    _complete(issuer, claims)
    email = _vouched_email(issuer, claims)
    return Told(
        subject=str(claims["sub"]),
        name=_name(claims) or email.partition("@")[0],
        email=email,
        roles=_roles(issuer, claims),
        admin=bool(issuer.admin_when) and _holds(issuer.admin_when or {}, claims),
        session=str(claims.get("sid") or ""),
    )


def values_of(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """The values of a claim, one or several. A dot leads into a claim that holds others, unless the name has one."""
    found: Any = claims.get(name)
    if found is None and "." in name:
        found = claims
        for step in name.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    several = found if isinstance(found, list) else [found]
    return frozenset(
        str(one).lower() if isinstance(one, bool) else str(one) for one in several if isinstance(one, str | int | bool)
    )


def _roles(issuer: Issuer, claims: Mapping[str, Any]) -> dict[str, OrganisationRole]:
    """What the person is where; a coordinator where any rule says so."""
    found: dict[str, OrganisationRole] = {}
    for rule in issuer.memberships:
        if _holds(rule.when, claims) and found.get(rule.organisation) is not OrganisationRole.COORDINATOR:
            found[rule.organisation] = OrganisationRole(rule.role)
    return found


def _holds(when: Mapping[str, tuple[str, ...]], claims: Mapping[str, Any]) -> bool:
    return all(values_of(claims, name) & set(wanted) for name, wanted in when.items())


def _complete(issuer: Issuer, claims: Mapping[str, Any]) -> None:
    """A claim that is only pointed at (OpenID Connect Core 5.6.2; of somebody in too many groups) is not a missing one.

    To take it for that would end memberships that the person still has.
    """
    elsewhere = claims.get("_claim_names")
    conditions = [issuer.admin_when or {}, *(rule.when for rule in issuer.memberships)]
    asked = {name.partition(".")[0] for when in conditions for name in when}
    if isinstance(elsewhere, Mapping) and asked & set(elsewhere):
        raise Refused(Why.UNTRUSTED)


def _vouched_email(issuer: Issuer, claims: Mapping[str, Any]) -> str:
    """The person's address, if it is of a domain that the issuer may vouch for, and it does."""
    email = claims.get("email")
    if not isinstance(email, str) or claims.get(issuer.email_verified_claim) not in TRUE:
        return ""
    address = people.normal_email(email)
    fits = people.is_email(address) and issuer.vouches_for(address) and not personal_data.stops(address)
    return address if fits else ""


def _name(claims: Mapping[str, Any]) -> str:
    parts = (claims.get("given_name"), claims.get("family_name"))
    together = " ".join(part for part in parts if isinstance(part, str))
    name = claims.get("name")
    line = people.one_line(name if isinstance(name, str) and name.strip() else together)[: people.LONGEST_NAME].strip()
    return "" if personal_data.stops(line) else line
