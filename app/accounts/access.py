"""Who may do what: one pure function per question.

Reading is decided by ``may_see``; writing is the owners'; people are looked after by the coordinators of what they
belong to, and by administrators.
"""

from __future__ import annotations

from app.accounts.tables import OrganisationRole
from app.library.visibility import Guarded, Viewer, may_see

__all__ = [
    "may_appoint",
    "may_ask_for_seats",
    "may_close_account",
    "may_coordinate",
    "may_create",
    "may_delete",
    "may_edit",
    "may_edit_vocabulary",
    "may_end_account",
    "may_end_membership",
    "may_end_sign_ins",
    "may_give",
    "may_handle_reports",
    "may_invite",
    "may_leave",
    "may_look_after_people",
    "may_move",
    "may_note_gap",
    "may_oversee",
    "may_run",
    "may_see",
    "may_see_history",
    "may_see_members",
    "may_see_named_people",
    "may_see_problems",
    "may_see_searches",
    "may_see_state",
    "may_set_role",
    "may_speak_for",
    "may_take_along",
    "may_undo",
    "may_use_account",
    "may_welcome",
    "may_write_somewhere",
]


def may_create(viewer: Viewer, owner: str) -> bool:
    """Whether the viewer may make a document that the organisation owns."""
    return viewer.admin or owner in viewer.roles


def may_write_somewhere(viewer: Viewer) -> bool:
    """Whether there is any organisation for which the viewer may write."""
    return viewer.admin or bool(viewer.roles)


def may_edit(viewer: Viewer, document: Guarded) -> bool:
    """Whether the viewer may change the document: its owners' members may."""
    return may_create(viewer, document.owner)


def may_edit_vocabulary(viewer: Viewer) -> bool:
    """Whether the viewer may change the words that the search takes for one another: who coordinates a network may."""
    return viewer.admin or bool(viewer.coordinates)


def may_give(viewer: Viewer, document: Guarded, owner: str) -> bool:
    """Whether the viewer may let another organisation own the document: only one that they write for as well."""
    return may_edit(viewer, document) and may_create(viewer, owner)


def may_delete(viewer: Viewer, document: Guarded) -> bool:
    """Whether the viewer may delete the document. It can be undone for 30 days, so those who write may."""
    return may_edit(viewer, document)


def may_undo(viewer: Viewer, owner: str) -> bool:
    """Whether the viewer may bring back what was deleted from an organisation's documents, and see what it was."""
    return may_create(viewer, owner)


def may_see_history(viewer: Viewer, document: Guarded) -> bool:
    """Whether the viewer may read earlier texts: they may have been drafts, so they are for those who write."""
    return may_edit(viewer, document)


def may_see_named_people(viewer: Viewer, document: Guarded) -> bool:
    """Whether the viewer may see who is named on a page: those who write it, and who belongs to one of its networks."""
    if not (viewer.signed_in and may_see(viewer, document)):
        return False
    return may_edit(viewer, document) or not viewer.networks.isdisjoint(document.networks)


def may_see_state(viewer: Viewer) -> bool:
    """Whether the viewer may look at what stands still and what is late: who writes somewhere or coordinates may."""
    return may_write_somewhere(viewer) or bool(viewer.coordinates)


def may_oversee(viewer: Viewer) -> bool:
    """Whether the viewer may look at all projects side by side: who coordinates an organisation or a network may.

    What is in the overview is only what they may read anyway.
    """
    return viewer.admin or bool(viewer.coordinates) or OrganisationRole.COORDINATOR in viewer.roles.values()


def may_see_problems(viewer: Viewer, owner: str = "") -> bool:
    """Whether the viewer may read what is wrong in a file: the messages may quote it, so its owners' members may.

    Where nobody can tell the owner, it is for administrators.
    """
    return may_create(viewer, owner)


def may_see_searches(viewer: Viewer) -> bool:
    """Whether the viewer may see what people look for: who coordinates a network may, of its organisations."""
    return viewer.admin or bool(viewer.coordinates)


def may_note_gap(viewer: Viewer, document: Guarded, network: str) -> bool:
    """Whether the viewer may add to what a network does not know: who changes its page, and who coordinates it."""
    return may_edit(viewer, document) or may_coordinate(viewer, network)


def may_handle_reports(viewer: Viewer) -> bool:
    """Whether the viewer may read and answer reports of faults and barriers: they are for who runs the site."""
    return viewer.admin


def may_ask_for_seats(viewer: Viewer, document: Guarded) -> bool:
    """Whether the viewer may ask to come on a study visit: a member of any organisation that may read of it."""
    return may_see(viewer, document) and bool(viewer.roles)


def may_speak_for(viewer: Viewer, organisation: str) -> bool:
    """Whether the viewer may ask, withdraw and tell in the name of an organisation, on somebody else's page."""
    return may_create(viewer, organisation)


def may_welcome(viewer: Viewer, document: Guarded, host: str) -> bool:
    """Whether the viewer may answer those who ask to come: who owns the visit may, and who receives it."""
    return may_edit(viewer, document) or may_speak_for(viewer, host)


# ---- People ----


def may_run(viewer: Viewer) -> bool:
    """Whether the viewer runs the instance: sees every account, what became of letters, and links that nobody mails."""
    return viewer.admin


def may_look_after_people(viewer: Viewer) -> bool:
    """Whether there are any people whom the viewer may invite."""
    return viewer.admin or bool(viewer.coordinates) or OrganisationRole.COORDINATOR in viewer.roles.values()


def may_see_members(viewer: Viewer, organisation: str) -> bool:
    """Whether the viewer may see who belongs to an organisation, and who is invited to it: its coordinators may."""
    return viewer.admin or viewer.roles.get(organisation) == OrganisationRole.COORDINATOR


def may_invite(viewer: Viewer, organisation: str) -> bool:
    """Whether the viewer may invite to an organisation, and take an invitation back."""
    return may_see_members(viewer, organisation)


def may_set_role(viewer: Viewer, organisation: str) -> bool:
    """Whether the viewer may say what a member is in the organisation."""
    return may_see_members(viewer, organisation)


def may_end_membership(viewer: Viewer, organisation: str) -> bool:
    """Whether the viewer may end somebody's membership in the organisation."""
    return may_see_members(viewer, organisation)


def may_leave(viewer: Viewer, organisation: str) -> bool:
    """Whether the viewer may leave the organisation: whoever belongs to it may."""
    return organisation in viewer.roles


def may_move(viewer: Viewer, source: str, target: str) -> bool:
    """Whether the viewer may move somebody from one organisation to another: who coordinates both, or an admin."""
    return may_end_membership(viewer, source) and may_invite(viewer, target)


def may_coordinate(viewer: Viewer, network: str) -> bool:
    """Whether the viewer may see the coordinators' page of a network, by its slug."""
    return viewer.admin or network in viewer.coordinates


def may_appoint(viewer: Viewer, network: str, owner: str) -> bool:
    """Whether the viewer may invite coordinators of a network, and end it: those there are, and its owner's."""
    return may_coordinate(viewer, network) or may_invite(viewer, owner)


def may_close_account(viewer: Viewer, person: str) -> bool:
    """Whether the viewer may close a person's account, or open it again. Nobody closes the door behind themselves."""
    return viewer.admin and viewer.person != person


def may_end_account(viewer: Viewer, person: str) -> bool:
    """Whether the viewer may end an account for good: everybody their own, and an administrator anybody's."""
    return viewer.admin or viewer.person == person


def may_end_sign_ins(viewer: Viewer) -> bool:
    """Whether the viewer may sign out their own browsers: everybody who is signed in may."""
    return viewer.signed_in


def may_use_account(viewer: Viewer) -> bool:
    """Whether the viewer has an account to look after, with what they have half written: who is signed in has."""
    return viewer.signed_in


def may_take_along(viewer: Viewer) -> bool:
    """Whether the viewer may fetch all that they may read at once: who is signed in may."""
    return viewer.signed_in
