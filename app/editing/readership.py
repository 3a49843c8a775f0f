"""Who reads a page, in words: what its form says beside every button, and what is said when it has been saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.editing.drafts import Draft
from app.library.visibility import as_open_as, keys_of, readers_in_words
from app.library.vocabulary import Publication, Visibility
from app.publishing import current
from app.web.forms import Box, FormStep


def readers(draft: Draft, publication: Publication | None = None, visibility: Visibility | None = None) -> str:
    """Who may read the page if it is saved as the draft says, or with another publication or visibility."""
    said = publication or _publication(draft)
    return readers_in_words(said, visibility or _visibility(draft), _own(draft), _networks(draft))


@dataclass(frozen=True)
class Readers:
    """What a form says beside its buttons. ``published`` is empty where the page is no draft; ``step`` is where one
    chooses who may read, 0 where that is the step that is shown.
    """

    saved: str
    published: str
    step: int


def of(draft: Draft, step: FormStep) -> Readers:
    """Who may read the page after each of the buttons of a step."""
    archived = draft.values["publication"] == Publication.ARCHIVED
    where = draft.form.step_of("visibility")
    # A publication that was stopped by a mistake or a question is not what the other button does.
    as_saved = readers(draft, Publication.DRAFT if is_draft(draft) else None)
    return Readers(
        saved=f"{as_saved} kan läsa{', men sidan är arkiverad' if archived else ''}.",
        published=f"{readers(draft, Publication.PUBLISHED)} kan läsa." if is_draft(draft) else "",
        step=where.number if where and where != step else 0,
    )


def is_draft(draft: Draft) -> bool:
    """Whether the document, as saved, is one that only its own organisation sees."""
    return draft.base is None or draft.base.front_matter.publication is Publication.DRAFT


def hidden(draft: Draft) -> set[str]:
    """The fields that decide nothing: until a page is published, only the buttons say whether it is."""
    return {"publication"} if is_draft(draft) else set()


def opens_to_more(draft: Draft) -> bool:
    """Whether somebody could read the page, if it is saved as the draft says, who cannot read it now."""
    meant = _Meant(
        draft.values["owner"],
        [slug for slug in draft.values.get("networks", ()) if slug],
        _publication(draft),
        _visibility(draft),
    )
    now = keys_of(draft.base.front_matter) if draft.base else keys_of(replace(meant, publication=Publication.DRAFT))
    return not as_open_as(now, keys_of(meant))


@dataclass(frozen=True)
class _Meant:
    """What a draft says of who may read, in the shape that the rule asks for."""

    owner: str
    networks: list[str]
    publication: Publication
    visibility: Visibility


def words_when_saved(draft: Draft) -> str:
    """What came of a save, for the person who pressed the button."""
    now = _publication(draft)
    was = draft.base.front_matter.publication if draft.base else Publication.DRAFT
    match now:
        case Publication.DRAFT:
            return f"Sparat som utkast. {readers(draft)} ser sidan."
        case Publication.ARCHIVED:
            return "Arkiverat. Sidan går att läsa, men finns inte i listor och sökningar."
    return f"{'Sparat' if now is was else 'Publicerat'}. {readers(draft)} kan läsa."


def explain(draft: Draft, boxes: Sequence[Box]) -> None:
    """Let the choices of publication and visibility say what they mean for this very page."""
    for box in boxes:
        if box.name == "publication":
            box.choices = [(value, f"{words}: {_meaning(draft, value)}") for value, words in box.choices]
        elif box.name == "visibility":
            box.choices = [(str(one), _open_to(draft, one)) for one in Visibility]


def _meaning(draft: Draft, publication: str) -> str:
    match publication:
        case Publication.PUBLISHED:
            return "de som du väljer här nedanför kan läsa sidan"
        case Publication.ARCHIVED:
            return "sidan går att läsa, men finns inte i listor och sökningar"
    only = readers(draft, Publication.DRAFT)
    return f"{only[:1].lower()}{only[1:]} ser sidan"


def _open_to(draft: Draft, visibility: Visibility) -> str:
    words = readers(draft, Publication.PUBLISHED, visibility)
    if visibility is Visibility.PUBLIC:
        return f"{words}, också den som inte har loggat in"
    if visibility is Visibility.NETWORK and not _networks(draft):
        return "Medlemmar i sidans nätverk (inget är valt än)"
    return words


def _own(draft: Draft) -> str:
    """The name of the organisation that owns the page."""
    found = current.organisations.get(draft.values["owner"]) if draft.values["owner"] else None
    return (found.short or found.name) if found else "organisationen"


def _networks(draft: Draft) -> list[str]:
    return [draft.lookup.reference_words("networks", slug) for slug in draft.values.get("networks", ()) if slug]


def _visibility(draft: Draft) -> Visibility:
    return next((one for one in Visibility if one == draft.values["visibility"]), Visibility.PUBLIC)


def _publication(draft: Draft) -> Publication:
    """What the form says; a draft where it says none of the words, which is told as a mistake elsewhere."""
    return next((one for one in Publication if one == draft.values["publication"]), Publication.DRAFT)
