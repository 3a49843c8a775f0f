"""Every hostile text as Markdown, in every place where Markdown is read: what comes out is text, and stays so."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser

from app.library.links import FileTarget, Target, fill_files, fill_links
from app.library.markdown import render
from app.library.pasted import to_markdown
from app.state.spreadsheet import FORMULA, harmless
from tests.hostile_texts.judging import faults_in
from tests.hostile_texts.texts import TEXTS

PLACES: dict[str, Callable[[str], str]] = {
    "alone": lambda text: text,
    "after a line": lambda text: f"Text\n{text}\ntext",
    "quotation": lambda text: "> " + text.replace("\n", "\n> "),
    "list": lambda text: f"- {text}",
    "heading": lambda text: f"## {text}",
    "emphasis": lambda text: f"*{text}*",
    "link": lambda text: f"[{text}](/sok) ![{text}](x.png) [x](/ '{text}')",
    "address": lambda text: f"[x]({text}) ![x]({text}) <{text}> [x]: {text}",
    "reference": lambda text: f"[x][y] [{text}]\n\n[y]: {text}\n\n[{text}]: /sok",
    "link to a page": lambda text: f"[[{text}]] [[x|{text}]]",
    "table": lambda text: f"| {text} | b |\n|---|--:|\n| {text} | x |",
    "box": lambda text: f'!!! {text}\n    x\n\n!!! obs "{text}"\n    {text}',
    "footnote": lambda text: f"x[^{text}] y[^1]\n\n[^{text}]: x\n\n[^1]: {text}",
    "code": lambda text: f"```{text}\n{text}\n```\n\n`{text}`\n\n    {text}",
    "task": lambda text: f"- [x] {text}",
}


def shown(body: str) -> str:
    """The text as a page shows it: with its links and files filled in, whatever those are called."""
    made = render(body).html
    made = fill_links(made, lambda kind, slug: Target(body[:80], f"/arbetssatt/{slug[:80]}"))
    made = fill_files(made, lambda name: FileTarget(f"/filer/arbetssatt/x/{name}", body[:80]))
    return f'<section class="prose">{made}</section>'


def test_there_are_more_than_three_hundred_and_none_twice() -> None:
    assert len({text.written for text in TEXTS}) == len(TEXTS) > 500


@pytest.mark.parametrize("place", PLACES)
def test_no_text_becomes_more_than_text_wherever_in_a_text_it_stands(place: str) -> None:
    found = [fault for text in TEXTS for fault in faults_in(shown(PLACES[place](text.written)))]
    assert found == []


@pytest.mark.parametrize("place", ["alone", "table", "link", "code"])
def test_what_is_read_and_written_again_by_a_browser_is_still_the_same_text(place: str) -> None:
    """What changes when it is parsed a second time can become an element then."""
    for text in TEXTS:
        once = LexborHTMLParser(shown(PLACES[place](text.written)))
        again = LexborHTMLParser(once.html or "")
        assert again.html == once.html, text
        assert faults_in(again.html or "") == [], text


def test_what_is_pasted_as_html_comes_out_as_text_that_is_rendered_safely() -> None:
    """Once as what a clipboard holds, and once inside what Word makes of it."""
    for text in TEXTS:
        for html in (text.written, f"<html><body><!--StartFragment--><p>{text.written}</p><!--EndFragment--></body>"):
            markdown = to_markdown(html, lambda address: None).text
            assert faults_in(shown(markdown)) == [], (text, markdown)


def test_no_cell_of_a_table_that_excel_opens_is_a_formula() -> None:
    for text in TEXTS:
        cell = harmless(text.written)
        assert not cell.startswith(tuple(FORMULA)), text
        assert not re.search("[\n\r\t]", cell), text


# ---- That the rules find what they are there to find ----

# Of these families a few are words in HTML as well: they try what other readers of HTML once understood.
WORDS_AS_THEY_ARE = {"script": 13, "handler": 7, "address": 0, "namespace": 0, "htmx": 2, "style": 1}


@pytest.mark.parametrize("family", WORDS_AS_THEY_ARE)
def test_the_same_texts_put_on_a_page_as_they_are_would_be_found(family: str) -> None:
    missed = [
        text.written
        for text in TEXTS
        if text.family == family and not faults_in(f'<section class="prose">{text.written}</section>')
    ]
    assert len(missed) == WORDS_AS_THEY_ARE[family], missed


def test_what_our_own_pages_have_is_no_fault() -> None:
    own = '<script src="/static/site.js"></script><a href="/sok?q=ran(1000)">x</a><form action="/sok"></form>'
    assert faults_in(own) == []
