"""A desk with something on it: documents with history, an attachment, a list of organisations."""

from __future__ import annotations

import pytest

from tests.publishing.conftest import desk, empty_kept_file
from tests.publishing.desk import Desk, text_of

__all__ = ["desk", "empty_kept_file", "full"]


@pytest.fixture
def full(desk: Desk) -> Desk:
    """Three documents, one of them changed twice and one removed, and files that are no documents."""
    first = desk.create("forsta")
    desk.edit(first, text_of("forsta", "Andra texten.\n"))
    desk.edit(desk.read("forsta"), text_of("forsta", "Tredje texten, med å ä ö.\n"))
    desk.create("andra")
    desk.remove(desk.create("borttagen"))
    (desk.home / "content/practices/forsta.files").mkdir()
    (desk.home / "content/practices/forsta.files/en bild på köket.png").write_bytes(bytes(range(256)) * 40)
    (desk.home / "content/organisations.yaml").write_text("[]\n")
    return desk
