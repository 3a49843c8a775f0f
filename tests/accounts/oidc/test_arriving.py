"""Whose account it is, and where they belong: what an issuer may decide, and what it may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session, select

from app.accounts import belonging, passwords, people
from app.accounts.oidc import identities
from app.accounts.oidc.arriving import arrive, connect
from app.accounts.oidc.refusing import Refused, Why
from app.accounts.oidc.told import told, values_of
from app.accounts.tables import Identity, Membership, OrganisationRole, Person
from app.config import Issuer, MembershipRule, Settings
from tests.accounts.oidc.issuers import issuer_at
from tests.cast import ADMIN, EDITOR, READER

ISSUER = issuer_at("https://login.example")
CLAIMS: Mapping[str, Any] = {
    "sub": "anna",
    "name": "Anna Andersson",
    "email": "Anna@Sodertalje.test",
    "email_verified": True,
    "groups": ["skriver"],
}
MEMBER, COORDINATOR = OrganisationRole.MEMBER, OrganisationRole.COORDINATOR


def comes(session: Session, settings: Settings, issuer: Issuer = ISSUER, **different: Any) -> Person | Why:
    """Somebody comes from an issuer that says this of them; what is None is not said."""
    claims = {name: value for name, value in {**CLAIMS, **different}.items() if value is not None}
    found = arrive(session, settings, issuer, told(issuer, claims))
    session.flush()
    return found


def comes_in(session: Session, settings: Settings, issuer: Issuer = ISSUER, **different: Any) -> Person:
    found = comes(session, settings, issuer, **different)
    assert isinstance(found, Person), found
    return found


def known(session: Session, email: str) -> Person:
    found = people.find(session, email)
    assert found
    return found


# ---- What is told ----


def test_a_claim_may_have_one_value_or_several_and_lie_in_another() -> None:
    claims = {"a": "x", "b": ["x", "y", {"z": 1}], "c": True, "d": 7, "e": {"f": {"g": ["x"]}}, "h.i": "x", "n": None}
    assert values_of(claims, "a") == {"x"}
    assert values_of(claims, "b") == {"x", "y"}
    assert values_of(claims, "c") == {"true"}
    assert values_of(claims, "d") == {"7"}
    assert values_of(claims, "e.f.g") == {"x"}
    assert values_of(claims, "h.i") == {"x"}
    assert values_of(claims, "e.x.g") == values_of(claims, "n") == values_of(claims, "nothing") == frozenset()


def test_all_conditions_of_a_rule_have_to_hold_and_the_highest_role_is_given() -> None:
    assert told(ISSUER, {**CLAIMS, "groups": ["leder", "annat"]}).roles == {"sodertalje": COORDINATOR}
    assert told(ISSUER, {**CLAIMS, "orgnr": "212000-0001"}).roles == {"sodertalje": MEMBER, "solna": MEMBER}
    both = MembershipRule(organisation="habo", when={"groups": ("skriver",), "orgnr": ("1",)})
    strict = ISSUER.model_copy(update={"memberships": (both,)})
    assert told(strict, CLAIMS).roles == {}
    assert told(strict, {**CLAIMS, "orgnr": 1}).roles == {"habo": MEMBER}
    everybody = ISSUER.model_copy(update={"memberships": (MembershipRule(organisation="habo"),)})
    assert told(everybody, {"sub": "x"}).roles == {"habo": MEMBER}


@pytest.mark.parametrize(
    ("claims", "email"),
    [
        ({}, "anna@sodertalje.test"),
        ({"email_verified": "true"}, "anna@sodertalje.test"),
        ({"email_verified": False}, ""),
        ({"email_verified": "false"}, ""),
        ({"email_verified": None}, ""),
        ({"email": "anna@annan.test"}, ""),
        ({"email": "anna@x.sodertalje.test"}, ""),
        ({"email": "anna"}, ""),
        ({"email": ["anna@sodertalje.test"]}, ""),
        ({"email": "880320-1238@sodertalje.test"}, ""),
    ],
    ids=str,
)
def test_an_address_is_believed_only_where_the_issuer_may_vouch_for_it_and_does(
    claims: dict[str, Any], email: str
) -> None:
    assert told(ISSUER, {**CLAIMS, **claims}).email == email


def test_another_claim_can_say_that_the_address_is_verified() -> None:
    entra = ISSUER.model_copy(update={"email_verified_claim": "xms_edov"})
    assert told(entra, CLAIMS).email == ""
    assert told(entra, {**CLAIMS, "xms_edov": "1"}).email == "anna@sodertalje.test"


def test_a_personal_number_in_place_of_a_name_is_left_out() -> None:
    assert told(ISSUER, {**CLAIMS, "name": "880320-1238"}).name == "anna"
    assert told(ISSUER, {**CLAIMS, "name": "", "given_name": "Anna", "family_name": "B"}).name == "Anna B"


def test_groups_that_are_only_pointed_at_are_not_taken_for_none() -> None:
    """Entra does so for somebody who is in many: to believe that they are in none would end their memberships."""
    with pytest.raises(Refused):
        told(ISSUER, {**CLAIMS, "groups": None, "_claim_names": {"groups": "src1"}})
    assert told(ISSUER, {**CLAIMS, "_claim_names": {"address": "src1"}}).roles == {"sodertalje": MEMBER}


# ---- Whose account ----


def test_somebody_new_gets_an_account_without_a_password(session: Session, settings: Settings) -> None:
    anna = comes_in(session, settings)
    assert (anna.email, anna.name, anna.password_hash, anna.admin) == (
        "anna@sodertalje.test",
        "Anna Andersson",
        None,
        False,
    )
    assert belonging.roles_of(session, anna) == {"sodertalje": "member"}
    assert comes_in(session, settings, name="Anna Berg", email=None).id == anna.id
    assert anna.name == "Anna Berg"
    assert len(session.exec(select(Identity)).all()) == 1


def test_what_the_issuer_calls_somebody_is_not_kept(session: Session, settings: Settings) -> None:
    comes_in(session, settings, sub="198803201238")
    session.commit()
    files = [file for file in settings.var.rglob("*") if file.is_file()]
    assert files
    assert [file for file in files if b"198803201238" in file.read_bytes()] == []


def test_an_account_with_the_address_is_theirs_when_the_issuer_vouches_for_it(
    session: Session, settings: Settings
) -> None:
    eva = known(session, EDITOR.email)
    assert comes_in(session, settings, email=EDITOR.email).id == eva.id


@pytest.mark.parametrize("different", [{"email_verified": False}, {"email_verified": None}])
def test_nobody_takes_over_an_account_by_an_address_that_nobody_has_verified(
    session: Session, settings: Settings, different: dict[str, Any]
) -> None:
    assert comes(session, settings, email=EDITOR.email, **different) is Why.ADDRESS
    assert session.exec(select(Identity)).all() == []


def test_nor_by_an_address_of_another_domain_and_the_answer_tells_nobody_who_is_there(
    session: Session, settings: Settings
) -> None:
    there = comes(session, settings, email=READER.email)
    assert there is comes(session, settings, email="ingen@solna.test") is comes(session, settings, email=None)
    assert there is Why.ADDRESS
    assert people.find(session, "ingen@solna.test") is None


def test_another_issuers_person_of_the_same_name_is_somebody_else(session: Session, settings: Settings) -> None:
    anna = comes_in(session, settings)
    other = issuer_at("https://annan.example", key="annan", email_domains=("annan.test",))
    assert comes_in(session, settings, other, email="anna@annan.test").id != anna.id


def test_a_closed_account_stays_closed(session: Session, settings: Settings) -> None:
    anna = comes_in(session, settings)
    people.set_active(session, anna, active=False)
    assert comes(session, settings, groups=["leder"]) is Why.CLOSED
    assert belonging.roles_of(session, anna) == {"sodertalje": "member"}
    eva = known(session, EDITOR.email)
    people.set_active(session, eva, active=False)
    assert comes(session, settings, sub="eva", email=EDITOR.email) is Why.CLOSED
    assert identities.of(session, eva.id) == []


def test_a_demo_account_is_nobodys(session: Session, settings: Settings) -> None:
    known(session, EDITOR.email).demo = True
    assert comes(session, replace(settings, mode="demo"), email=EDITOR.email) is Why.ADDRESS


def test_an_address_that_is_changed_there_is_changed_here_if_nobody_else_has_it(
    session: Session, settings: Settings
) -> None:
    anna = comes_in(session, settings)
    comes_in(session, settings, email="anna.berg@sodertalje.test")
    assert anna.email == "anna.berg@sodertalje.test"
    for email, verified in ((EDITOR.email, True), ("x@sodertalje.test", False)):
        comes_in(session, settings, email=email, email_verified=verified)
        assert anna.email == "anna.berg@sodertalje.test"


# ---- Where they belong ----


def test_a_role_follows_what_the_issuer_says_at_the_next_sign_in(session: Session, settings: Settings) -> None:
    anna = comes_in(session, settings)
    comes_in(session, settings, groups=["leder"])
    assert belonging.roles_of(session, anna) == {"sodertalje": "coordinator"}
    comes_in(session, settings, orgnr="212000-0001")
    assert belonging.roles_of(session, anna) == {"sodertalje": "member", "solna": "member"}
    comes_in(session, settings)
    assert belonging.roles_of(session, anna) == {"sodertalje": "member"}
    (ended,) = session.exec(select(Membership).where(Membership.organisation == "solna")).all()[-1:]
    assert ended.until is not None


def test_somebody_who_is_nowhere_any_longer_is_not_let_in_and_belongs_nowhere(
    session: Session, settings: Settings
) -> None:
    anna = comes_in(session, settings, orgnr="212000-0001")
    belonging.set_role(session, anna, "habo", COORDINATOR)
    assert comes(session, settings, groups=[]) is Why.NOWHERE
    assert belonging.roles_of(session, anna) == {"habo": "coordinator"}


def test_somebody_new_who_is_nowhere_gets_no_account(session: Session, settings: Settings) -> None:
    assert comes(session, settings, groups=["annat"]) is Why.NOWHERE
    assert people.find(session, "anna@sodertalje.test") is None


def test_what_the_issuer_does_not_decide_about_is_not_touched(session: Session, settings: Settings) -> None:
    anna = comes_in(session, settings)
    belonging.set_role(session, anna, "habo", COORDINATOR)
    belonging.set_role(session, anna, "solna", COORDINATOR)
    belonging.set_coordinator(session, anna, "a network", coordinates=True)
    comes_in(session, settings)
    assert belonging.roles_of(session, anna) == {"habo": "coordinator", "sodertalje": "member"}
    assert belonging.coordinated_by(session, anna) == ["a network"]


def test_nothing_is_written_where_nothing_has_changed(session: Session, settings: Settings) -> None:
    comes_in(session, settings)
    before = session.exec(select(Membership)).all()
    comes_in(session, settings)
    assert session.exec(select(Membership)).all() == before


def test_nobody_becomes_an_administrator_unless_the_settings_say_so(session: Session, settings: Settings) -> None:
    anna = comes_in(session, settings, admin=True, groups=["skriver", "admin"])
    assert not anna.admin
    naming = ISSUER.model_copy(update={"admin_when": {"groups": ("admin",)}})
    assert comes_in(session, settings, naming, groups=["skriver", "admin"]).admin
    assert not comes_in(session, settings, naming).admin


def test_an_issuer_takes_back_only_what_it_has_given(session: Session, settings: Settings) -> None:
    naming = ISSUER.model_copy(update={"admin_when": {"groups": ("admin",)}})
    alva = known(session, ADMIN.email)
    alva.email = "alva@sodertalje.test"
    for groups in (["skriver"], ["skriver", "admin"], ["skriver"]):
        assert comes_in(session, settings, naming, email=alva.email, groups=groups).admin
    comes(session, settings, naming, groups=[])
    assert alva.admin


# ---- Connecting, and passwords ----


def test_somebody_who_is_signed_in_here_can_connect_their_account(session: Session, settings: Settings) -> None:
    lo = known(session, READER.email)
    said = told(ISSUER, {**CLAIMS, "email_verified": False})
    assert connect(session, settings, ISSUER, said, lo) is lo
    session.flush()
    assert comes_in(session, settings, email=None).id == lo.id
    # Solna is the issuer's to decide about, and it does not say that she is there.
    assert belonging.roles_of(session, lo) == {"sodertalje": "member"}
    # Solna is the issuer's to decide about, and it does not say that she is there.
    assert belonging.roles_of(session, lo) == {"sodertalje": "member"}
    assert connect(session, settings, ISSUER, said, lo) is lo


def test_a_sign_in_that_is_somebody_elses_is_not_connected(session: Session, settings: Settings) -> None:
    comes_in(session, settings)
    lo = known(session, READER.email)
    assert connect(session, settings, ISSUER, told(ISSUER, CLAIMS), lo) is Why.TAKEN
    assert connect(session, settings, ISSUER, told(ISSUER, {**CLAIMS, "sub": "lo"}), lo) is lo
    session.flush()
    assert connect(session, settings, ISSUER, told(ISSUER, {**CLAIMS, "sub": "other"}), lo) is Why.TAKEN
    assert connect(session, settings, ISSUER, told(ISSUER, {**CLAIMS, "sub": "x", "groups": []}), lo) is Why.TAKEN


def test_whom_an_issuer_looks_after_has_no_password_here(session: Session, settings: Settings) -> None:
    eva = known(session, EDITOR.email)
    governed = replace(settings, issuers=(ISSUER,))
    assert identities.may_use_password(session, eva, governed)
    comes_in(session, settings, email=EDITOR.email)
    assert not identities.may_use_password(session, eva, governed)
    assert eva.password_hash, "it is not thrown away"
    # An issuer that is not used any longer locks nobody out, and one may allow both.
    assert identities.may_use_password(session, eva, settings)
    allowing = replace(settings, issuers=(ISSUER.model_copy(update={"passwords": True}),))
    assert identities.may_use_password(session, eva, allowing)
    assert not identities.may_use_password(session, known(session, READER.email), replace(governed, passwords=False))
    assert not passwords.matches("", None)
