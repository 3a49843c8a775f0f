"""A slug is made of small letters, digits and single dashes, whatever the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.fields import SLUG
from app.library.slugs import LONGEST, slugify


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Södertälje", "sodertalje"),
        ("Malung-Sälen", "malung-salen"),
        ("  Extra personal – för försörjningsstöd!  ", "extra-personal-for-forsorjningsstod"),
        ("Kafé Ærø & Straße", "kafe-aero-strasse"),
        ("PGSA 2.0", "pgsa-2-0"),
        ("So\u0308derta\u0308lje", "sodertalje"),
        ("???", ""),
        ("日本", ""),
        ("", ""),
    ],
)
def test_a_text_gives_its_slug(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_a_long_slug_ends_with_a_whole_word() -> None:
    slug = slugify("ett långt ord " * 20)
    assert len(slug) <= LONGEST
    assert slug.rpartition("-")[2] in ("ett", "langt", "ord")
    assert len(slugify("x" * 200)) == LONGEST


@given(st.text())
def test_any_text_gives_a_slug_or_nothing(text: str) -> None:
    slug = slugify(text)
    assert slug == "" or re.fullmatch(SLUG, slug)
    assert slugify(slug) == slug
