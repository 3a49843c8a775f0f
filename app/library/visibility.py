"""Who may read what: one pure rule, used by pages, lists, search and counts alike.

A document names the *keys* that open it, a viewer carries keys, and one key in common is enough. The index stores
the document's keys, so that a list or a search asks the same question as a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from app.library.vocabulary import Publication, Visibility

ANYONE_KEY = "anyone"
ADMIN_KEY = "admin"


class Guarded(Protocol):
    """What the rule needs to know of a document; every front matter has it."""

    @property
    def owner(self) -> str: ...
    @property
    def networks(self) -> list[str]: ...
    @property
    def publication(self) -> Publication: ...
    @property
    def visibility(self) -> Visibility: ...


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks: nobody in particular (``ANYONE``), or a person with roles in organisations.

    ``roles`` maps an organisation's slug to "member" or "coordinator"; ``networks`` are the slugs of the networks that
    those organisations belong to or that the person coordinates, also those they had before they were moved, by which
    pages may name them still; ``coordinates`` are the present slugs of the latter.
    """

    person: str | None = None
    name: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    networks: frozenset[str] = frozenset()
    admin: bool = False
    coordinates: frozenset[str] = frozenset()

    @property
    def signed_in(self) -> bool:
        return self.person is not None

    @property
    def organisations(self) -> frozenset[str]:
        return frozenset(self.roles)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys this viewer carries."""
        keys = {ANYONE_KEY} | {f"org:{slug}" for slug in self.roles} | {f"net:{slug}" for slug in self.networks}
        return frozenset(keys | {ADMIN_KEY} if self.admin else keys)


ANYONE = Viewer()


def keys_of(document: Guarded) -> frozenset[str]:
    """The keys that open a document: a draft is its owner's; a published one is as open as its visibility says."""
    own = {ADMIN_KEY, f"org:{document.owner}"}
    if document.publication in (Publication.DRAFT, Publication.IN_REVIEW):
        return frozenset(own)
    match document.visibility:
        case Visibility.PUBLIC:
            return frozenset({ANYONE_KEY})
        case Visibility.NETWORK:
            return frozenset(own | {f"net:{slug}" for slug in document.networks})
        case Visibility.ORGANISATION:
            return frozenset(own)


def as_open_as(keys: frozenset[str], others: frozenset[str]) -> bool:
    """Whether the keys open for everybody whom the others open for."""
    return ANYONE_KEY in keys or others <= keys


def may_see(viewer: Viewer, document: Guarded) -> bool:
    """Whether the viewer may know that the document exists."""
    return not viewer.keys.isdisjoint(keys_of(document))


def readers_in_words(publication: Publication, visibility: Visibility, own: str, networks: Sequence[str]) -> str:
    """The same rule in Swedish: "Alla", "Medlemmar i KNUT", "Bara Södertäljes medlemmar".

    ``own`` is the owner's name, ``networks`` are the names of the networks that the document belongs to.
    """
    if publication not in (Publication.DRAFT, Publication.IN_REVIEW):
        if visibility is Visibility.PUBLIC:
            return "Alla"
        if visibility is Visibility.NETWORK and networks:
            return f"Medlemmar i {listed(networks)}"
    return f"Bara {genitive(own)} medlemmar"


def genitive(name: str) -> str:
    """Whose it is: "Södertäljes", "Västerås", "SKR:s"."""
    if name[-1:].lower() in ("s", "x", "z"):
        return name
    return f"{name}:s" if name.isupper() else f"{name}s"


def listed(names: Sequence[str]) -> str:
    """Names in a row: "KNUT", "KNUT och Delta", "KNUT, Delta och Alfa"."""
    return " och ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
