"""The kept tables of accounts: people, and where they belong. The functions beside this module read and write them."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from app.database import Instant, Kept, now


class OrganisationRole(StrEnum):
    """What somebody is in an organisation. A coordinator may do what a member may, and invites others."""

    MEMBER = "member"
    COORDINATOR = "coordinator"

    @property
    def swedish(self) -> str:
        return {"member": "medlem", "coordinator": "samordnare"}[self.value]


class Person(Kept, table=True):
    """Somebody who can sign in."""

    __tablename__ = "person"

    id: str = Field(default_factory=lambda: str(uuid.uuid4()), primary_key=True)
    email: str = Field(unique=True, index=True)
    name: str
    title: str = ""
    # None for somebody who signs in elsewhere only.
    password_hash: str | None = None
    active: bool = True
    admin: bool = False
    demo: bool = False
    created_at: datetime = Field(default_factory=now, sa_type=Instant)


def _one_at_a_time(table: str, of: str) -> Index:
    """Nobody belongs twice to the same at the same time."""
    return Index(f"ix_{table}_present", "person_id", of, unique=True, sqlite_where=text("until IS NULL"))


class Membership(Kept, table=True):
    """One person's role in one organisation, named by its slug, for a time. ``since`` is None where nobody noted it."""

    __tablename__ = "membership"
    __table_args__: ClassVar[Any] = (_one_at_a_time("membership", "organisation"),)

    number: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    organisation: str = Field(index=True)
    role: str = OrganisationRole.MEMBER
    since: datetime | None = Field(default_factory=now, sa_type=Instant)
    until: datetime | None = Field(default=None, sa_type=Instant)


class Coordination(Kept, table=True):
    """That a person coordinates a network for a time. ``network`` is the id of its document: its address may change."""

    __tablename__ = "coordination"
    __table_args__: ClassVar[Any] = (_one_at_a_time("coordination", "network"),)

    number: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    network: str = Field(index=True)
    since: datetime = Field(default_factory=now, sa_type=Instant)
    until: datetime | None = Field(default=None, sa_type=Instant)


class SignIn(Kept, table=True):
    """A sign-in that lasts. ``digest`` is of the word in its cookie; ``device`` says roughly which browser has it.

    ``issuer`` is the address of who vouched for it, "" for a password; ``issuers_own`` a digest of its own sign-in.
    """

    __tablename__ = "sign_in"
    __table_args__: ClassVar[Any] = ({"sqlite_autoincrement": True},)

    number: int | None = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    device: str = ""
    begun_at: datetime = Field(default_factory=now, sa_type=Instant, index=True)
    used_at: datetime = Field(default_factory=now, sa_type=Instant)
    issuer: str = ""
    issuers_own: str = Field(default="", index=True)


class Identity(Kept, table=True):
    """That a person signs in at an issuer. ``digest`` is of the issuer's address and what it calls the person."""

    number: int | None = Field(default=None, primary_key=True)
    issuer: str
    digest: str = Field(unique=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    # Whether it was the issuer who made the person an administrator, so that it may take that back.
    gave_admin: bool = False
    since: datetime = Field(default_factory=now, sa_type=Instant)
    used_at: datetime = Field(default_factory=now, sa_type=Instant)


class Departure(Kept, table=True):
    """A browser that has left for an issuer. ``digest`` is of the state, ``browser`` of the word in its session.

    ``sealed`` is what it took along; only that browser and we together can open it.
    """

    digest: str = Field(primary_key=True)
    issuer: str
    browser: str = Field(index=True)
    sealed: bytes
    expires_at: datetime = Field(sa_type=Instant, index=True)


class Reminder(Kept, table=True):
    """That a person has asked for letters about cycles that stand still.

    ``looked_at`` is when it was last looked whether there is something to write about. One that was ended stays for as
    long as letters are apart, so that whoever asks anew gets no two within that time.
    """

    person_id: str = Field(foreign_key="person.id", primary_key=True)
    since: datetime = Field(default_factory=now, sa_type=Instant)
    looked_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class OneTimeLink(Kept, table=True):
    """A link that opens something once. ``digest`` is of the word in it, ``subject`` whom or what it is about."""

    __tablename__ = "one_time_link"
    __table_args__: ClassVar[Any] = (Index("ix_one_time_link_subject", "purpose", "subject"),)

    digest: str = Field(primary_key=True)
    purpose: str
    subject: str
    expires_at: datetime = Field(sa_type=Instant, index=True)


class Invitation(Kept, table=True):
    """That an address is invited to an organisation (by its slug) or to coordinate a network (by its document's id).

    One that was accepted or taken back is removed. ``by_person`` is None where it was made on the command line.
    """

    __table_args__: ClassVar[Any] = (
        Index("ix_invitation_once", "email", "organisation", "network", unique=True),
        {"sqlite_autoincrement": True},
    )

    number: int | None = Field(default=None, primary_key=True)
    email: str
    organisation: str = Field(default="", index=True)
    network: str = Field(default="", index=True)
    role: str
    # What the organisation or network is called, for the letter.
    title: str
    by_person: str | None = Field(default=None, foreign_key="person.id")
    at: datetime = Field(default_factory=now, sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
