"""What holds for all content that the project ships: readable, joined up, with sources, free of personal data.

The committed content is tested, not the working copy: who tries Lärnät in a checkout may edit and delete as they like.
(``larnat check`` looks at the working copy.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from app import load_kinds
from app.library.document import Document
from app.library.fields import NamesOrganisation, RefersTo, values
from app.library.markdown import render
from app.library.organisations import Organisations, OrganisationSort, load_organisations
from app.library.shelf import Library
from tests.shipped import all_documents, committed_content, present_content, texts_of

Marker = TypeVar("Marker")
# Six or eight digits of a date of birth and four more, however they are joined.
PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:\d{2})?\d{2}[01]\d{3}[-+ ]?\d{4}(?!\d)")
EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.\w+")
PHONE = re.compile(r"(?<![\d.,–-])(?:0|\+46 ?)\d{1,3}[ -]?\d{2,3}[ -]?\d{2,3}[ -]?\d{2,3}(?![\d-])")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shipped")
    if not committed_content(folder):
        present_content(folder)
    return folder


@pytest.fixture(scope="module")
def documents(home: Path) -> list[Document]:
    return all_documents(home)


@pytest.fixture(scope="module")
def organisations(home: Path) -> Organisations:
    return load_organisations(home)


def test_every_file_is_a_document_that_can_be_read(home: Path, documents: Sequence[Document]) -> None:
    assert not list(Library(home, load_kinds()).strays())
    assert documents


def test_no_two_documents_share_an_identity(documents: Sequence[Document]) -> None:
    identities = [document.id for document in documents]
    assert len(set(identities)) == len(identities)


def test_every_file_carries_its_identity_itself(documents: Sequence[Document]) -> None:
    """Otherwise a file that is renamed would become another document."""
    assert [document.path for document in documents if ("id",) not in document.lines] == []


def test_front_matter_has_no_key_that_its_kind_does_not_know(documents: Sequence[Document]) -> None:
    unknown = {document.path: document.front_matter.model_extra for document in documents}
    assert {path: keys for path, keys in unknown.items() if keys} == {}


def test_every_organisation_named_is_one_we_know(documents: Sequence[Document], organisations: Organisations) -> None:
    named = _marked(documents, NamesOrganisation)
    assert [f"{path}: {slug}" for path, slug, _ in named if organisations.get(slug) is None] == []


def test_every_reference_leads_to_a_document(documents: Sequence[Document]) -> None:
    there = {(document.kind.name, document.slug) for document in documents}
    lost = [(path, slug) for path, slug, marker in _marked(documents, RefersTo) if (marker.kind, slug) not in there]
    assert lost == []


def test_every_internal_link_leads_to_a_document(documents: Sequence[Document]) -> None:
    there = {(document.kind.url, document.slug) for document in documents}
    slugs = {slug for _, slug in there}
    lost = [
        f"{document.path}, rad {link.line}: {link.kind_url}/{link.slug}"
        for document in documents
        for link in render(document.body).links
        if ((link.kind_url, link.slug) not in there if link.kind_url else link.slug not in slugs)
    ]
    assert lost == []


def test_headings_are_those_of_the_kind_in_their_order(documents: Sequence[Document]) -> None:
    for document in documents:
        expected = [heading.title for heading in document.kind.headings]
        written = re.findall(r"^## (.+?)\s*$", document.body, re.MULTILINE)
        assert written == [title for title in expected if title in written], document.path


def test_what_is_said_of_a_real_organisation_names_its_source(documents: Sequence[Document]) -> None:
    real = [document for document in documents if not document.front_matter.invented]
    assert [document.path for document in real if not document.front_matter.sources] == []
    unnamed = [
        document.path
        for document in real
        if any(not source.publisher or source.date is None for source in document.front_matter.sources)
    ]
    assert unnamed == []


def test_what_belongs_to_a_place_that_does_not_exist_is_marked_and_says_so(
    documents: Sequence[Document], organisations: Organisations
) -> None:
    ours = [document for document in documents if _is_invented(organisations, document.front_matter.owner)]
    assert [document.path for document in ours if not document.front_matter.invented] == []
    assert [document.path for document in ours if "påhitta" not in document.text.lower()] == []


def test_nothing_invented_is_said_of_a_real_organisation(
    documents: Sequence[Document], organisations: Organisations
) -> None:
    """An invented page may refer to a real way of working, but has no real organisation as owner, guest or partner."""
    invented = [document for document in documents if document.front_matter.invented]
    named = _marked(invented, NamesOrganisation)
    assert [f"{path}: {slug}" for path, slug, _ in named if not _is_invented(organisations, slug)] == []


def test_no_personal_number_no_email_and_no_phone_number_stands_anywhere(documents: Sequence[Document]) -> None:
    for document in documents:
        for line in texts_of(document):
            for pattern in (PERSONAL_NUMBER, EMAIL, PHONE):
                assert not pattern.search(line), f"{document.path}: {line}"


@pytest.mark.parametrize("text", ["19121212-1212", "121212-1212", "121212+1212", "201212121212"])
def test_a_personal_number_would_be_noticed(text: str) -> None:
    assert PERSONAL_NUMBER.search(f"Klienten {text} ringde.")


@pytest.mark.parametrize("text", ["08-123 456 78", "070-123 45 67", "0701234567", "+46 70 123 45 67"])
def test_a_phone_number_would_be_noticed(text: str) -> None:
    assert PHONE.search(f"Ring {text}.")


@pytest.mark.parametrize("text", ["2026-08-03", "1 150 000", "85 000", "13.00–15.30", "0,5", "högst 255 000"])
def test_dates_sums_and_times_are_not_taken_for_personal_data(text: str) -> None:
    assert not PERSONAL_NUMBER.search(text)
    assert not PHONE.search(text)


def _marked(documents: Sequence[Document], sort: type[Marker]) -> list[tuple[str, str, Marker]]:
    """Where a marked value stands, the value, and the marker."""
    return [
        (document.path, str(value.value), marker)
        for document in documents
        for value in values(document.front_matter)
        for marker in value.markers
        if isinstance(marker, sort)
    ]


def _is_invented(organisations: Organisations, slug: str) -> bool:
    organisation = organisations.get(slug)
    return organisation is not None and organisation.sort is OrganisationSort.INVENTED
