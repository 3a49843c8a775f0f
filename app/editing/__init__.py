"""Writing, for every kind alike: the guided form, saving, conflicts, history, deletion, another address.

A kind's module calls ``add_editing(blueprint, KIND)``; what its form asks is made from its front matter and its steps.
"""

from __future__ import annotations

from functools import partial, update_wrapper

from flask import Blueprint

from app.editing import (
    deletion,
    files,
    half_written,
    history_pages,
    moving,
    named_people,
    pasting,
    waiting_pages,
    writing,
)
from app.editing.carried import keep_typed
from app.editing.deletion import blueprint
from app.library.document import Kind

blueprint.add_url_rule("/klistra-in", "paste", pasting.paste, methods=["POST"])
blueprint.add_url_rule("/sidor-att-lanka", "linkable", pasting.pages)

__all__ = ["add_editing", "blueprint", "half_written", "keep_typed", "named_people"]


def add_editing(blueprint: Blueprint, kind: Kind) -> None:
    """Give a kind's blueprint the pages on which its documents are written."""
    one = "/<path:slug>"
    pages = (
        ("/nytt", "new", writing.new, "GET"),
        ("/nytt", "create", writing.create, "POST"),
        ("/nytt/utkast", "autosave_new", writing.autosave_new, "POST"),
        ("/nytt/filer", "keep_file_new", waiting_pages.keep_new, "POST"),
        ("/nytt/filer/<token>/<name>", "waiting_file_new", waiting_pages.show_new, "GET"),
        (f"{one}/andra", "edit", writing.edit, "GET"),
        (f"{one}/andra", "save", writing.save, "POST"),
        (f"{one}/andra/utkast", "autosave", writing.autosave, "POST"),
        (f"{one}/andra/filer", "keep_file", waiting_pages.keep, "POST"),
        (f"{one}/andra/filer/<name>", "waiting_file", waiting_pages.show, "GET"),
        (f"{one}/filer", "files", files.index, "GET"),
        (f"{one}/filer", "change_files", files.change, "POST"),
        (f"{one}/deltagare", "named", named_people.index, "GET"),
        (f"{one}/deltagare", "save_named", named_people.save, "POST"),
        (f"{one}/flytta", "ask_to_move", moving.ask_how, "GET"),
        (f"{one}/flytta", "move", moving.move, "POST"),
        (f"{one}/ta-bort", "ask_to_delete", deletion.ask_first, "GET"),
        (f"{one}/ta-bort", "delete", deletion.delete, "POST"),
        (f"{one}/historik", "history", history_pages.index, "GET"),
        (f"{one}/historik/<int:number>", "version", history_pages.version, "GET"),
        (f"{one}/historik/<int:number>/aterstall", "restore", history_pages.restore, "POST"),
        (f"{one}/jamfor", "compare", history_pages.compare, "GET"),
    )
    for address, endpoint, view, method in pages:
        # Flask-WTF asks views for their names, which a partial does not have by itself.
        blueprint.add_url_rule(address, endpoint, update_wrapper(partial(view, kind), view), methods=[method])
