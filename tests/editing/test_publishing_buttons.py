"""Whether a page is published: the buttons of a draft's form say so, a field of a published page's form does."""

from __future__ import annotations

from flask import Flask

from tests.cast import Browser
from tests.editing.writing import fill_in, get, open_form
from tests.house import House


def test_saving_a_draft_publishes_by_the_button_alone(app: Flask, house: House, editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt?steg=5")
    fill_in(editor, page, title="Ny", publication="published")
    assert str(get(app, "practices", "ny").front_matter.publication) == "draft"
    page = open_form(editor, "/arbetssatt/ny/andra?steg=5")
    fill_in(editor, page, review_by="2027-01-15", publication="published")
    assert str(get(app, "practices", "ny").front_matter.publication) == "draft"
    page = open_form(editor, "/arbetssatt/ny/andra?steg=5")
    fill_in(editor, page, "publish", publication="draft")
    assert str(get(app, "practices", "ny").front_matter.publication) == "published"


def test_a_published_page_is_withdrawn_or_archived_by_a_field_that_says_what_that_means(
    app: Flask, house: House, editor: Browser
) -> None:
    house.write("practices", "kartan")
    house.look()
    for choice in ("archived", "draft"):
        page = open_form(editor, "/arbetssatt/kartan/andra?steg=5")
        assert "Ett utkast ser bara den egna organisationen" in page.text
        assert "Granskas" not in page.text
        fill_in(editor, page, publication=choice)
        assert str(get(app, "practices", "kartan").front_matter.publication) == choice


def test_a_page_that_is_reviewed_may_stay_so(app: Flask, house: House, editor: Browser) -> None:
    house.write("practices", "kartan", publication="in_review")
    house.look()
    page = open_form(editor, "/arbetssatt/kartan/andra?steg=5")
    assert "Granskas" in page.text
    fill_in(editor, page, review_by="2027-01-15")
    assert str(get(app, "practices", "kartan").front_matter.publication) == "in_review"
