"""What is pasted from writing programs and web pages becomes Markdown that our own parser reads as it was meant."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.markdown import render
from app.library.pasted import LARGEST, Pasted, to_markdown

CLIPBOARDS = Path(__file__).parent / "clipboards"
SAMPLES = sorted(path.stem for path in CLIPBOARDS.glob("*.html"))


def own_page(address: str) -> str | None:
    return "arbetssatt/kartan" if address == "https://larnat.exempel.se/arbetssatt/kartan" else None


def pasted(name: str) -> Pasted:
    return to_markdown((CLIPBOARDS / f"{name}.html").read_text(encoding="utf-8"), own_page)


def text_of(html: str) -> str:
    return to_markdown(html).text


@pytest.mark.parametrize("name", SAMPLES)
def test_a_clipboard_becomes_the_markdown_that_somebody_would_have_typed(name: str) -> None:
    assert pasted(name).text == (CLIPBOARDS / f"{name}.md").read_text(encoding="utf-8").strip()


def test_our_parser_reads_what_word_meant() -> None:
    html = render(pasted("word").text).html
    assert "<li>Första punkten<ul>\n<li>Under punkten</li>" in html.replace("\n<ul>", "<ul>")
    assert "<strong>Viktigt:</strong> Läs <em>alltid</em> igenom först." in html
    assert ">Vem | när</th>" in html
    assert ">Handläggare samma dag</td>" in html
    assert "<ol>\n<li>Ring upp</li>" in html


def test_words_clutter_is_left_out_and_pictures_are_counted() -> None:
    found = pasted("word")
    for clutter in ("gammal", "[A1]", "mso", "file:", "MsoNormal", "WordDocument", "Diagram"):
        assert clutter not in found.text
    assert "ny här" in found.text
    assert found.pictures == 1


def test_a_link_to_a_page_of_this_site_names_the_page() -> None:
    text = pasted("web_page").text
    assert "[[arbetssatt/kartan|Kartan]]" in text
    assert "[om oss](https://larnat.exempel.se/om)" in text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>2 * 3 är <b>sex</b></p>", "2 * 3 är **sex**"),
        ("<p>*inte kursivt* och _inte heller_, men en_fil</p>", "\\*inte kursivt\\* och \\_inte heller\\_, men en_fil"),
        ("<p># ingen rubrik</p><p>&gt; inget citat</p>", "\\# ingen rubrik\n\n\\> inget citat"),
        ("<b></b><p>Text <b> med luft </b>runt</p>", "Text **med luft** runt"),
        ("<p><b>Två </b><b>delar</b></p>", "**Två delar**"),
        ("<h1>Ett</h1><h3>Tre</h3><h6>Sex</h6>", "### Ett\n\n##### Tre\n\n###### Sex"),
        ("<h4>Ensam</h4>", "### Ensam"),
        ("<ol start='3'><li>tre</li><li>fyra</li></ol>", "3. tre\n4. fyra"),
        ("<ul><li>a<p>mer</p></li></ul>", "- a\n\n    mer"),
        ("<p>rad<br>bruten</p>", "rad  \nbruten"),
        ("<p>slut<br></p><p>nytt</p>", "slut\n\nnytt"),
        ("<p>a\u00ad\u200bb\u00a0c</p>", "ab c"),
        ("<p>5 m<sup>3</sup></p>", "5 m³"),
        ("<table><tr><td>en</td></tr></table>", "en"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td></td></tr></table>", "| a | b |\n| --- | --- |"),
        ("<a href='https://exempel.se/(x)'>Se (x)</a>", "[Se (x)](https://exempel.se/%28x%29)"),
        ("<a href='https://exempel.se'>https://exempel.se</a>", "https://exempel.se"),
        ("<a href='#kapitel'>kapitel</a> <a href='fil.html'>fil</a>", "kapitel fil"),
        ("<s>struket</s> <u>understruket</u>", "struket understruket"),
        ("", ""),
        ("bara text", "bara text"),
    ],
)
def test_each_mark_is_written_as_our_parser_reads_it(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script><p>kvar</p>",
        "<p onclick='alert(1)'>kvar</p>",
        "<p>kvar<img src=x onerror=alert(1)></p>",
        "<a href='javascript:alert(1)'>kvar</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>kvar</a>",
        "<a href='  java\nscript:alert(1)'>kvar</a>",
        "<style>p{background:url(javascript:alert(1))}</style><p>kvar</p>",
        "<svg><script>alert(1)</script></svg><p>kvar</p>",
        "<math><mtext></mtext><script>alert(1)</script></math><p>kvar</p>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe><p>kvar</p>",
        "<!--[if gte mso 9]><script>alert(1)</script><![endif]--><p>kvar</p>",
        "<p>kvar</p><scr<script>ipt>alert(1)</scr</script>ipt>",
        "<p>kvar</p><template><script>alert(1)</script></template>",
        "<form action='https://exempel.se'><p>kvar</p></form>",
    ],
)
def test_hostile_html_leaves_words_and_nothing_that_runs(html: str) -> None:
    text = text_of(html)
    shown = render(text).html
    assert "kvar" in text
    for danger in ("<script", "javascript:", "onerror", "onclick", "srcdoc", "<iframe", "data:text"):
        assert danger not in shown.lower()


def test_marks_that_were_words_do_not_become_html() -> None:
    assert "<b>" not in render(text_of("<p>&lt;b&gt;fet&lt;/b&gt; &lt;script&gt;</p>")).html


TOO_MUCH = {
    "two megabytes of paragraphs": "<p>hej och hå</p>" * 120_000,
    "more than two megabytes": "x" * (LARGEST + 1),
    "boxes in boxes": "<div>" * 50_000,
    "bold in bold": "".join(f'<b class="{number}">' for number in range(20_000)),
    "marks that come back in every paragraph": f"<p>{''.join(f'<b id={n}>' for n in range(40))}</p>" + "<p>x" * 9_000,
    "very many points": "<ul>" + "<li>x</li>" * 19_000 + "</ul>",
    "very many bold words": "<p>" + "<b>x</b> " * 9_000,
    "comments that are not closed": "<!--" * 500_000,
    "office tags that are not closed": "<o:" * 600_000,
    "conditions that are not closed": "<![" * 600_000,
    "hard spaces": "<p>" + "\xa0" * 900_000,
    "entities": "<p>" + "&amp;" * 390_000,
    "smaller than": "<" * 2_000_000,
    "spaces and breaks": "<p>" + "&nbsp;<br>" * 19_000,
    "tables in tables": "<table><tr><td>" * 33 + "x" + "</td></tr></table>" * 33,
    "merged cells": "<table>" + "<tr><td rowspan=999 colspan=999>x</td></tr>" * 3_000 + "</table>",
    "quotations in quotations": "<blockquote>" * 90 + "<p>x</p>" * 1_900 + "</blockquote>" * 90,
    "points of every level": "".join(f"<p style='mso-list:l0 level{1 + n % 9} lfo1'>x</p>" for n in range(1_900)),
}


@pytest.mark.parametrize("html", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_nobody_writes_takes_no_time(html: str) -> None:
    before = time.process_time()
    text = text_of(html)
    assert time.process_time() - before < 10
    assert len(text) <= 300_000


def test_two_megabytes_from_word_with_little_text_are_read() -> None:
    style = "mso-style-name:x;" * 400
    paragraph = f"<p class=MsoNormal style='{style}'><b>Fet</b> text<o:p></o:p></p>"
    html = paragraph * (1_900_000 // len(paragraph))
    assert 1_800_000 < len(html) < LARGEST
    assert text_of(html).startswith("**Fet** text\n\n**Fet** text")


@given(st.text(alphabet="<>/abpiul0 *_#|[]()\n&;!-='\"ol tdr", max_size=300))
def test_any_html_gives_text_that_our_parser_can_show(html: str) -> None:
    render(text_of(html))
