from __future__ import annotations

from tests.cast import Browser
from tests.house import House
from tests.seeing import see


def test_the_page_about_larnat_says_that_exempelkommunen_is_invented(house: House, anyone: Browser) -> None:
    page = see(anyone.get("/om"))
    assert "Exempelkommunen finns inte" in page.words
