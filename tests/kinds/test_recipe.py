"""A new kind is one module, one folder of templates, and its name in one tuple."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from app import create_app, kinds
from app.config import Settings
from tests.cast import EDITOR, browser
from tests.house import House
from tests.seeing import see

MODULE = '''
"""Tips: one thing that somebody found useful."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response
from pydantic import Field

from app import reading
from app.accounts.access import may_see
from app.accounts.rules import asks, open_to_anyone
from app.editing import add_editing
from app.library.document import FrontMatter, Heading, Kind, Step
from app.library.fields import Facet, RefersTo
from app.library.vocabulary import Scale


class Tip(FrontMatter):
    scale: Annotated[Scale | None, Facet("skala", "Skala")] = Field(None, title="Skala")
    practices: list[Annotated[str, RefersTo("practices", "Tips om det")]] = Field(
        default_factory=list, title="Gäller arbetssätten"
    )


KIND = Kind(
    name="tips",
    one="tips",
    the="tipset",
    many="tips",
    url="tips",
    menu="Tips",
    front_matter=Tip,
    path="content/tips/{slug}.md",
    headings=(Heading("Tipset", "Vad är det?"),),
    steps=(
        Step("Tipset", ("title", "owner", "scale", "practices", "# Tipset")),
        Step("Vem får läsa", ("publication", "visibility")),
    ),
)

blueprint = Blueprint(KIND.name, __name__, url_prefix=f"/{KIND.url}")


@blueprint.get("")
@open_to_anyone("it lists what the viewer may see")
def index() -> Response:
    return reading.index(KIND)


@blueprint.get("/<path:slug>")
@asks(may_see)
def show(slug: str) -> Response:
    return reading.show(reading.open_document(KIND, slug))


add_editing(blueprint, KIND)
'''


@pytest.fixture
def with_tips(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application with one kind more, made by the recipe."""
    recipe = tmp_path / "recipe"
    (recipe / "templates/tips").mkdir(parents=True)
    (recipe / "tips.py").write_text(MODULE, encoding="utf-8")
    for name in ("index", "show"):
        (recipe / f"templates/tips/{name}.html").write_text(f'{{% extends "_parts/{name}.html" %}}\n', encoding="utf-8")
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(recipe)])
    monkeypatch.setattr(kinds, "NAMES", (*kinds.NAMES, "tips"))
    app = create_app(settings)
    assert app.jinja_env.loader is not None
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader, FileSystemLoader(recipe / "templates")])
    app.extensions["archive"].reconcile()
    yield app
    app.extensions["databases"].close()
    sys.modules.pop("app.kinds.tips", None)
    vars(kinds).pop("tips", None)


def test_a_new_kind_has_list_page_form_facets_relations_and_search(with_tips: Flask, settings: Settings) -> None:
    house, editor = House(with_tips, settings.home), browser(with_tips, EDITOR)
    house.write("practices", "remiss", title="Ändrad remiss")
    house.write("tips", "kort", "## Tipset\n\nText.\n", title="Skriv kort", scale="one_case", practices=["remiss"])
    house.look()
    listed = see(editor.get("/tips"))
    assert listed.links["Skriv kort"] == "/tips/kort"
    assert listed.links["1 ärende 1"] == "/tips?skala=one_case"
    shown = see(editor.get("/tips/kort"))
    assert (2, "Tipset") in shown.headings
    assert "Gäller arbetssätten Ändrad remiss" in shown.words
    assert "Tips om det Skriv kort" in see(editor.get("/arbetssatt/remiss")).words
    assert see(editor.get("/sok?q=kort")).leads_to("/tips/kort")
    for form in ("/tips/nytt", "/tips/kort/andra"):
        assert editor.get(form, follow_redirects=True).status_code == 200
    assert ">Tips</a>" in editor.get("/").text
