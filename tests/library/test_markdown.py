"""Markdown becomes HTML that is safe whatever was typed, and that everybody can read."""

from __future__ import annotations

import re
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.links import Link
from app.library.markdown import Entry, FileTarget, Target, files_in, fill_files, fill_links, render


def html(body: str, prefix: str = "t-", above: int = 1) -> str:
    return render(body, prefix, above).html


# ---- Headings ----


def test_headings_stand_under_the_pages_own_and_leave_out_no_level() -> None:
    assert re.findall(r"<(h\d)", html("# Ett\n\n## Två\n\n#### Fyra\n\n### Tre\n")) == ["h2", "h2", "h3", "h3"]


def test_headings_can_stand_under_a_section() -> None:
    assert re.findall(r"<(h\d)", html("### Tre\n\n#### Fyra\n\n## Två", above=2)) == ["h3", "h4", "h3"]


def test_the_contents_list_the_headings_with_their_ids() -> None:
    assert render("## Så *gör* vi\n\n### Så gör vi\n\n## `kod` & mer").contents == (
        Entry(2, "t-sa-gor-vi", "Så gör vi"),
        Entry(3, "t-sa-gor-vi-2", "Så gör vi"),
        Entry(2, "t-kod-mer", "kod & mer"),
    )


def test_no_id_can_be_one_of_the_pages() -> None:
    made = html(
        "## innehall\n\n## ???\n\n# fn-1\n\nText[^1] och[^å b] och[^1]\n\n[^1]: Fot\n[^å b]: Fot", prefix="del-"
    )
    ids = re.findall(r'\bid="([^"]*)"', made)
    assert all(re.fullmatch(r"del-[\w-]+", name) for name in ids)
    assert len(ids) == len(set(ids)) == 8


def test_a_link_inside_the_text_follows_its_ids() -> None:
    assert '<a href="#t-sa-gor-vi">' in html("[hit](#sa-gor-vi)\n\n## Så gör vi")


# ---- Tables, footnotes, lists, boxes ----


def test_a_table_scrolls_and_its_alignment_is_a_class() -> None:
    made = html("| A | B | |\n|---|--:|:-:|\n| 1 | 2 | 3 |")
    assert '<div aria-label="Tabell" class="tbl" role="group" tabindex="0"><table>' in made
    assert '<th scope="col">A</th>\n<th class="ta-end" scope="col">B</th>' in made
    assert '<td class="ta-center">3</td>' in made
    assert made.count("<th ") == 2  # an empty heading is no heading
    assert "style" not in made
    assert "align=" not in made


def test_footnotes_say_in_swedish_where_they_lead() -> None:
    made = html("Text[^a].\n\n[^a]: Se *boken*.")
    assert '<a aria-label="Fotnot 1" class="footnote-ref" href="#t-fn-a">1</a>' in made
    assert 'aria-label="Tillbaka till fotnot 1 i texten"' in made
    assert '<li id="t-fn-a">' in made


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_tasks_have_a_word_for_whether_they_are_done(between: str) -> None:
    made = html(between.join(["- [ ] ett **viktigt**", "- [x] två", "- [annat] tre"]))
    assert '<input aria-label="Inte klart" disabled="" type="checkbox"> ett <strong>viktigt</strong>' in made
    assert '<input aria-label="Klart" checked="" disabled="" type="checkbox"> två' in made
    assert made.count('<li class="task-list-item">') == made.count("<input") == 2


@pytest.mark.parametrize(
    ("word", "look", "title"),
    [
        ("obs", "note", "Obs"),
        ("tips", "tip", "Tips"),
        ("viktigt", "important", "Viktigt"),
        ("varning", "warning", "Varning"),
        ("warning", "warning", "Varning"),
        ("fråga", "question", "Fråga"),
        ("exempel", "example", "Exempel"),
        ('varning "Läs det här"', "warning", "Läs det här"),
        ("hero", "note", "Obs"),
        ("flash tbl", "note", "Obs"),
    ],
)
def test_a_box_has_a_swedish_title_and_no_class_of_the_pages(word: str, look: str, title: str) -> None:
    made = html(f"!!! {word}\n    Texten.")
    assert f'<div class="admonition {look}">\n<p class="admonition-title">{title}</p>\n<p>Texten.</p>' in made


def test_a_list_may_follow_right_on_a_line_of_text() -> None:
    assert html("Vi gör:\n- ett\n- två").count("<li>") == 2
    assert html("Vi gör:\n1. ett\n2. två").count("<li>") == 2
    assert "<li>" not in html("```\ntext\n- ett\n```")


# ---- Links ----


def filled(body: str) -> str:
    targets = {
        ("", "kartlaggning"): Target("Kartläggning <1>", "/arbetssatt/kartlaggning?a=1&b=2"),
        ("arbetssatt", "kartlaggning"): Target("Kartläggning", "/arbetssatt/kartlaggning"),
        ("cykler", "projekt/01-forsta"): Target("Första", "/cykler/projekt/01-forsta"),
    }
    return fill_links(html(body), lambda kind, slug: targets.get((kind, slug)))


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("[[kartlaggning]]", '<a href="/arbetssatt/kartlaggning?a=1&amp;b=2">Kartläggning &lt;1&gt;</a>'),
        ("[[Kartläggning]]", '<a href="/arbetssatt/kartlaggning?a=1&amp;b=2">Kartläggning &lt;1&gt;</a>'),
        ("[[arbetssatt/kartlaggning|se *här*]]", '<a href="/arbetssatt/kartlaggning">se <em>här</em></a>'),
        ("[[cykler/projekt/01-forsta]]", '<a href="/cykler/projekt/01-forsta">Första</a>'),
        ("[se](/arbetssatt/kartlaggning)", '<a href="/arbetssatt/kartlaggning">se</a>'),
        ("[se](/arbetssatt/kartlaggning/#t-var)", '<a href="/arbetssatt/kartlaggning#t-var">se</a>'),
        ("[[finns-inte]]", '<span class="broken-link">finns inte (sidan finns inte)</span>'),
        ("[[finns-inte|Se <b>]]", '<span class="broken-link">Se &lt;b&gt; (sidan finns inte)</span>'),
        ("[se](/arbetssatt/ingen)", '<span class="broken-link">se (sidan finns inte)</span>'),
        ("[org](/organisationer/solna)", '<a href="/organisationer/solna">org</a>'),
        ("`[[kartlaggning]]`", "<code>[[kartlaggning]]</code>"),
        ("[[ ]] och [[]]", "[[ ]] och [[]]"),
        (r"\[[kartlaggning]]", "[[kartlaggning]]"),
    ],
)
def test_a_link_to_a_document_is_led_there(written: str, made: str) -> None:
    assert filled(written) == f"<p>{made}</p>"


def test_links_are_told_with_their_lines() -> None:
    body = "[[a]]\n\ntext [[b|ord]] och\n[se](/arbetssatt/c)\n\n- [[a]]\n\n[d][]\n\n[d]: /natverk/knut\n"
    assert render(body).links == (
        Link("", "a", "a", 1),
        Link("", "b", "ord", 3),
        Link("arbetssatt", "c", "se", 4),
        Link("", "a", "a", 6),
        Link("natverk", "knut", "d", 10),
    )


def test_a_link_that_leads_out_says_so() -> None:
    link = '<a class="external" href="https://skl.se/?a=1&amp;b=2" rel="noopener noreferrer nofollow">'
    assert link + "ut</a>" in html("[ut](https://skl.se/?a=1&b=2)")
    assert link + "https://skl.se/?a=1&amp;b=2</a>." in html("Se https://skl.se/?a=1&b=2.")
    assert link + "https://skl.se/?a=1&amp;b=2</a>" in html("<https://skl.se/?a=1&b=2>")


@pytest.mark.parametrize("address", ["/sok?q=a", "#del", "mailto:a@b.se", "tel:08-1", "/filer/a/b/c.pdf", "/"])
def test_other_addresses_of_ours_are_kept(address: str) -> None:
    assert f'<a href="{address}">x</a>' in html(f"[x]({address})")


# ---- Images ----


def with_files(body: str, **files: str) -> str:
    """The text of a document with some files: each a name (``_`` stands for the dot), and what a picture shows."""
    own = {name.replace("_", "."): FileTarget(f"/filer/x/{name.replace('_', '.')}", alt) for name, alt in files.items()}
    return fill_files(html(body), own.get)


@pytest.mark.parametrize("source", ["skiss.png", "besok.files/skiss.png", "01-ett.files/skiss.png"])
def test_own_images_are_shown_with_their_alternative(source: str) -> None:
    image = '<img src="/filer/x/skiss.png" alt="En skiss" loading="lazy">'
    assert image in with_files(f"![En skiss]({source})", skiss_png="")
    assert image in with_files(f"![]({source})", skiss_png="En skiss"), "the file's own words stand in"
    assert image in with_files(f"![En skiss]({source})", skiss_png="Något annat")


def test_a_picture_of_another_page_has_an_address_of_its_own() -> None:
    assert '<img alt="" src="/filer/arbetssatt/a/b.png">' in html('![](/filer/arbetssatt/a/b.png "titel")')


def test_own_files_are_led_to() -> None:
    assert '<a href="/filer/x/mall.docx">Mallen</a>' in with_files("[Mallen](mall.docx)", mall_docx="")
    assert '<a href="/filer/x/mall.docx"><em>Mall</em>en</a>' in with_files(
        "[*Mall*en](x.files/mall.docx)", mall_docx=""
    )


def test_a_file_that_is_not_there_is_said_not_to_be() -> None:
    assert "[Bilden skiss.png finns inte bland sidans filer: En &lt;skiss&gt;]" in with_files(
        "![En <skiss>](skiss.png)"
    )
    assert '<span class="broken-link">Mallen (filen finns inte)</span>' in with_files("[Mallen](mall.docx)")
    assert files_in(html("![a](skiss.png) [b](mall.docx) ![c](skiss.png)")) == ["skiss.png", "mall.docx"]


def test_no_alternative_breaks_out_of_its_image() -> None:
    made = with_files('![a > b " onerror=x <b>](skiss.png)', skiss_png="")
    assert re.fullmatch(r'<p><img src="/filer/x/skiss.png" alt="[^"]*" loading="lazy"></p>', made.strip())


@pytest.mark.parametrize("source", ["../a.png", "a.files/../../b.png", "a.svg", "A.png", "b/a.files/b.png", ""])
def test_an_image_that_can_be_no_file_of_ours_is_a_note(source: str) -> None:
    made = with_files(f"![En skiss]({source})", a_png="", b_png="", a_svg="")
    assert "<img" not in made
    assert "Bilden finns inte bland sidans filer: En skiss" in made


@pytest.mark.parametrize(
    "source",
    [
        "https://x.se/a.png",
        "//x.se/a.png",
        "/\\x.se/a.png",
        "data:image/png;base64,x",
        "/besok/a.png",
        "/static/icon.svg",
    ],
)
def test_images_from_elsewhere_are_a_note(source: str) -> None:
    made = html(f"![En skiss]({source})")
    assert "<img" not in made
    assert "Bilden ligger på en annan webbplats och visas inte: En skiss" in made


# ---- Hostile text ----

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<div hx-get="/x" hx-trigger="load">x</div>',
    '<p style="position:fixed">x</p>',
    '<a href="javascript:alert(1)">x</a>',
    "<iframe src=//x.se></iframe>",
    "<form action=/logga-ut method=post><button>x</button></form>",
    '<input name="csrf_token" value="x">',
    "<!-- <script>alert(1)</script> -->",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<style>body{display:none}</style>",
    "<base href=//x.se>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6a;avascript&colon;alert(1))",
    "[x](&amp;#106;avascript:alert(1))",
    "[x]( \x01javascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](file:///etc/passwd)",
    "[x](//x.se)",
    "[x](/\\x.se)",
    "[x](\\\\x.se)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '[x](/arbetssatt/a"onclick="alert(1))',
    '[x](https://x.se/"onmouseover="alert(1))',
    "[[a|<script>alert(1)</script>]]",
    '[[a" onclick="alert(1)]]',
    '[[a|" onclick="alert(1)]]',
    "[x][y]\n\n[y]: javascript:alert(1)",
    '!!! "><script>alert(1)</script>\n    x',
    '!!! obs "<script>alert(1)</script>"\n    x',
    "## <script>alert(1)</script>",
    '[^"><script>]\n\n[^"><script>]: x',
    '```"><script>alert(1)</script>\nx\n```',
    "```js onload=alert(1)\n<script>alert(1)</script>\n```",
    "| <script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "{: onclick=alert(1) }",
    "## x {#innehall onclick=alert(1)}",
    "\x02wzxhzdk:0\x03",
    "<a data-ref='arbetssatt/x' href='javascript:alert(1)'>x</a>",
]
ALLOWED_TAGS = re.compile(
    r"a|blockquote|br|code|div|em|h[2-6]|hr|img|input|li|ol|p|pre|span|strong|sup|table|tbody|td|th|thead|tr|ul"
)
ALLOWED_ATTRIBUTES = re.compile(
    r"id|class|href|rel|src|alt|aria-label|data-ref|data-untitled|tabindex|role|scope|type|disabled|checked|start"
)


def assert_safe(made: str) -> None:
    for tag, attributes in re.findall(r'<([a-z]\w*)((?:[^>"]|"[^"]*")*)>', made):
        assert ALLOWED_TAGS.fullmatch(tag)
        names = re.findall(r'([^\s="]+)=(?:"[^"]*")', attributes)
        assert all(ALLOWED_ATTRIBUTES.fullmatch(name) for name in names)
        for address in re.findall(r'(?:href|src)="([^"]*)"', attributes):
            assert re.match(r"(?:https?://|mailto:|tel:|/(?![/\\])|#|[\w.-]+\.files/)", address), address


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_text_does_no_harm(body: str) -> None:
    for text in (body, f"> {body}", f"- {body}", f"*{body}*", f"Text\n{body}\ntext"):
        made = fill_links(html(text), lambda kind, slug: Target("T", "/t"))
        assert_safe(made)
        assert "<script" not in made


def test_html_is_shown_as_it_was_typed() -> None:
    assert html("Ett <b>fett</b> ord & <BRF>") == "<p>Ett &lt;b&gt;fett&lt;/b&gt; ord &amp; &lt;BRF&gt;</p>"


@given(st.text(st.sampled_from("ab <>[]()!#*_`|-\n\"'&;:/\\^~.1=x"), max_size=120) | st.text(max_size=60))
def test_any_text_is_rendered_safely_and_always_the_same(body: str) -> None:
    first = render(body)
    assert_safe(first.html)
    assert render(body) == first


@pytest.mark.parametrize(
    "body",
    [
        *("[" * 30_000, "![" * 20_000, "[a](" * 10_000, "[a][" * 10_000, "[[a|" * 10_000, "[" * 10_000 + "]" * 10_000),
        *("*a " * 10_000, "**a" * 10_000, "_a_" * 10_000, "`a``" * 10_000, "<" * 30_000, "&#" * 20_000, "\\*" * 20_000),
        *(">" * 30_000, "> " * 20_000, "- " * 20_000, "1. " * 10_000, "```\n" * 10_000, "```a\n~~~\n\n" * 5_000),
        *(
            "!!! obs\n" * 5_000,
            "!!! obs\n\n" * 5_000,
            "#" * 30_000,
            "|" * 10_000 + "\n" + "|-" * 10_000,
            "[^1]" * 10_000,
        ),
        *(
            "\n".join("    " * depth + "- x" for depth in range(250)),
            "## samma\n\n" * 3_000,
            "x" * 900_000,
            "a\n\n" * 60_000,
        ),
    ],
    ids=lambda body: f"{body[:8]!r}",
)
def test_no_text_takes_forever(body: str) -> None:
    started = time.process_time()
    assert_safe(render(body).html)
    # A thousandth of this is usual; without the limits some of these take hours.
    assert time.process_time() - started < 30


# ---- Plain text, threads ----


def test_the_plain_text_has_the_words_and_no_markup() -> None:
    body = (
        "# Rubrik\n\nEn *rad* med [länk](https://x.se) & `kod`[^1].\n\n"
        "- ett\n- [x] två\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n"
        "![bild](https://x.se/a.png)\n\n[[natverk/knut]] a<b\n\n[^1]: Fot.\n"
    )
    assert render(body).plain.split("\n") == [
        "Rubrik",
        "En rad med länk & kod.",
        *("ett", "två", "A", "B", "1", "2", "\u2060knut\u2060 a<b", "Fot."),
    ]


def test_an_empty_body_is_nothing() -> None:
    assert render("") == render("\n \n")
    assert (render("").html, render("").contents, render("").plain) == ("", (), "")


def test_threads_do_not_disturb_each_other() -> None:
    bodies = [f"## Rubrik {number}\n\nText[^1] [[a-{number}]]\n\n[^1]: Fot {number}\n" for number in range(8)]
    expected = [render(body) for body in bodies]
    found: dict[int, bool] = {}

    def work(number: int) -> None:
        found[number] = all(render(bodies[number]) == expected[number] for _ in range(30))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == dict.fromkeys(range(8), True)


def test_a_text_that_could_not_be_parsed_leaves_no_trace_in_the_next() -> None:
    body = "## Rubrik\n\nText[^1]\n\n- a\n- b\n\n[^1]: Fot\n"
    expected = render(body)
    assert render("\n".join("    " * depth + "- x" for depth in range(250))).html.startswith("<pre>")
    assert render(body) == expected
