"""What people can belong to, as pages about people see it: an organisation, or a network that is coordinated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

from app.accounts import access
from app.accounts.tables import Invitation, OrganisationRole
from app.library.visibility import Viewer

if TYPE_CHECKING:
    from app.index import Index
    from app.library.organisations import Organisations

MOST_NETWORKS = 200
ORGANISATION, NETWORK = "organisation", "natverk"
# Looks a network up, whoever asks; what they may do with it is asked afterwards.
_ANY_READER = Viewer(admin=True)


@dataclass(frozen=True)
class Circle:
    """An organisation or a network. ``sort`` and ``slug`` stand in addresses; ``key`` is what is kept: an
    organisation's slug, a network's id. ``owner`` is the organisation that owns the network.
    """

    sort: str
    slug: str
    key: str
    name: str
    owner: str = ""

    @property
    def is_network(self) -> bool:
        return self.sort == NETWORK

    @property
    def roles(self) -> tuple[OrganisationRole, ...]:
        """What one can be invited to be there."""
        return (OrganisationRole.COORDINATOR,) if self.is_network else tuple(OrganisationRole)

    def may_invite(self, viewer: Viewer) -> bool:
        """Whether the viewer may invite to it, and see who belongs to it and who is invited."""
        if self.is_network:
            return access.may_appoint(viewer, self.slug, self.owner)
        return access.may_invite(viewer, self.slug)


def find(sort: str, slug: str) -> Circle | None:
    """The organisation or network with an address."""
    if sort == ORGANISATION:
        organisation = _organisations().get(slug)
        return Circle(ORGANISATION, slug, slug, organisation.name) if organisation else None
    if sort == NETWORK:
        card = _index().card("networks", slug, _ANY_READER)
        return Circle(NETWORK, card.slug, card.id, card.title, card.owner) if card else None
    return None


def may_know(viewer: Viewer, network: str) -> bool:
    """Whether the viewer may know that there is such a network."""
    return network in viewer.coordinates or _index().card("networks", network, viewer) is not None


def networks() -> Sequence[Circle]:
    """Every network, by title: for administrators."""
    found = _index().titles("networks", _ANY_READER, MOST_NETWORKS)
    return [circle for slug, _ in found if (circle := find(NETWORK, slug))]


def of_invitation(invitation: Invitation) -> Circle | None:
    """What an invitation is to; None where it is no more."""
    return find(ORGANISATION, invitation.organisation) if invitation.organisation else with_id(invitation.network)


def with_id(network: str) -> Circle | None:
    """The network whose document has an id."""
    card = _index().card_by_id(network, _ANY_READER)
    return find(NETWORK, card.slug) if card and card.kind == "networks" else None


def looked_after_by(viewer: Viewer) -> Sequence[Circle]:
    """The organisations and networks to which the viewer may invite because of what they are there."""
    organisations = [find(ORGANISATION, slug) for slug in sorted(viewer.roles) if access.may_invite(viewer, slug)]
    networks = [find(NETWORK, slug) for slug in sorted(viewer.coordinates)]
    return [circle for circle in (*organisations, *networks) if circle]


def _organisations() -> Organisations:
    found: Organisations = current_app.extensions["organisations"]
    return found


def _index() -> Index:
    found: Index = current_app.extensions["index"]
    return found
