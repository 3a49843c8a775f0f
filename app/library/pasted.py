"""What somebody pastes from Word, LibreOffice, Google Docs or a web page, as Markdown.

The HTML of a clipboard is not trusted and not tidy. It is measured first, because the parsers below can be made to take
very long over a small text. Then a sanitiser leaves the few elements that Markdown has, ``office`` says what
writing programs mean by their own marks, and markdownify writes it down in the way that our parser reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import nh3
from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from app.library.office import mend

# Whatever is larger is pasted as plain text, and so is what no writing program makes.
LARGEST = 2_000_000
MOST_TAGS = 20_000
DEEPEST = 100
MOST_OPEN_MARKS = 20
MOST_IN_ONE = 2_000
LARGEST_CLEAN = 600_000
LONGEST_TEXT = 300_000


@dataclass(frozen=True)
class Pasted:
    """``text`` is the Markdown, "" where only the plain text is of use. ``pictures`` were left out."""

    text: str
    pictures: int = 0


# What an address leads to on this site, as a link says it ("arbetssatt/kartan"); None for any other.
OwnPage = Callable[[str], str | None]


def to_markdown(html: str, own_page: OwnPage = lambda address: None) -> Pasted:
    """The HTML of a clipboard as Markdown."""
    html = _without_what_nobody_sees(html.encode("utf-8", "ignore").decode())
    if len(html) > LARGEST or _is_too_much(html):
        return Pasted("")
    clean = _CLEANER.clean(html)
    if len(clean) > LARGEST_CLEAN:
        return Pasted("")
    # An address alone, without the line break, is taken for a mistake.
    soup = BeautifulSoup(f"{clean}\n", "html.parser")
    if any(len(tag.contents) > MOST_IN_ONE for tag in (soup, *soup.find_all(True))):
        return Pasted("")
    pictures = mend(soup)
    text = _tidied(_Writer(own_page).convert_soup(soup))
    return Pasted(text, pictures) if len(text) <= LONGEST_TEXT else Pasted("")


# ---- Before it is parsed ----

_FRAGMENT = ("<!--StartFragment-->", "<!--EndFragment-->")
_UNSEEN = (
    ("<!--", "-->"),
    ("<style", "</style>"),
    ("<script", "</script>"),
    ("<xml", "</xml>"),
    ("<title", "</title>"),
)
# Word's own elements (<o:p>, <st1:place>), and what is left of its conditions (<![if !supportLists]>).
_OFFICE_TAG = re.compile(r"</?[a-z][a-z0-9]*:[^<>]*>|<!\[[^<>]*>", re.IGNORECASE)
_HARD_SPACE = re.compile("\xa0|&nbsp;?|&#160;?|&#xa0;?", re.IGNORECASE)
_ONLY_ROWS = re.compile(r"\s*<(?:col|colgroup|thead|tbody|tr|td|th)\b", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
_MARKS = frozenset(("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"))


def _without_what_nobody_sees(html: str) -> str:
    """The part that was copied, without comments, styles and programs."""
    start, end = (html.find(mark) for mark in _FRAGMENT)
    if 0 <= start < end:
        html = html[start + len(_FRAGMENT[0]) : end]
    for opening, closing in _UNSEEN:
        html = _without(html, opening, closing)
    html = _HARD_SPACE.sub(" ", _OFFICE_TAG.sub("", html))
    # Excel marks the rows as copied, and not the table around them.
    return f"<table>{html}</table>" if _ONLY_ROWS.match(html) else html


def _without(html: str, opening: str, closing: str) -> str:
    """The text without everything between two marks; what is not closed goes to the end."""
    lower, kept, at = html.lower(), [], 0
    if len(lower) != len(html):  # a letter whose small one is longer: places would not be the same
        lower = html
    while (begins := lower.find(opening, at)) >= 0:
        kept.append(html[at:begins])
        ends = lower.find(closing, begins)
        at = ends + len(closing) if ends >= 0 else len(html)
    return "".join([*kept, html[at:]])


def _is_too_much(html: str) -> bool:
    """Whether there are more tags, or tags in tags, than people write: parsing such takes forever."""
    opened: dict[str, int] = {}
    depth = marks = 0
    for number, found in enumerate(_TAG.finditer(html)):
        name = found[2].lower()
        if name in _VOID:
            continue
        step = -1 if found[1] else 1
        if step < 0 and not opened.get(name):
            continue
        opened[name] = opened.get(name, 0) + step
        depth += step
        marks += step if name in _MARKS else 0
        if number > MOST_TAGS or depth > DEEPEST or marks > MOST_OPEN_MARKS:
            return True
    return False


_READ = re.compile(
    r"(?:mso-(?:list|outline-level|element|hide)|display|font-(?:weight|style))\s*:[^;]{0,60}", re.IGNORECASE
)


def _what_is_read(tag: str, attribute: str, value: str) -> str | None:
    """Of a style what ``office`` reads: Word says how far every paragraph stands from the next."""
    return ";".join(_READ.findall(value)) or None if attribute == "style" else value


_BLOCKS = "article aside dd details dl dt figcaption figure footer header main nav section summary"
_CLEANER = nh3.Cleaner(
    tags=set(
        re.findall(
            r"\w+",
            "a b blockquote br caption code del div em h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre span strong sub sup "
            f"table tbody td tfoot th thead tr ul {_BLOCKS}",
        )
    ),
    # Styles and classes are read by ``office``, which leaves none of them.
    attributes={
        "*": {"style", "class", "role", "aria-level", "data-aria-level"},
        "a": {"href"},
        "img": {"alt"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    clean_content_tags={"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math"},
    attribute_filter=_what_is_read,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


# ---- Written down ----

# What our parser would take for a mark: asterisks but for those that stand alone, underscores at the edge of a word,
# backticks, and what begins a heading, a quotation or a box at the beginning of a text.
_MARK = re.compile(r"(?<!\s)\*|\*(?!\s)|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)|`|\A(?:[#>]|!!!)")


class _Writer(MarkdownConverter):
    """markdownify, in the dialect of ``markdown.py``."""

    def __init__(self, own_page: OwnPage) -> None:
        super().__init__(heading_style="ATX", table_infer_header=True)
        self.own_page = own_page

    def escape(self, text: str, parent_tags: set[str]) -> str:
        text = _MARK.sub(r"\\\g<0>", text)
        return text.replace("|", r"\|") if parent_tags & {"td", "th"} else text

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        href, words = str(el.get("href") or ""), text.strip()
        if not href.startswith(("http://", "https://", "mailto:", "tel:")) or not words or "\n" in words:
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        own = self.own_page(href)
        if own:
            named = words.replace("[", "").replace("]", "")
            return f"{before}[[{own}{'' if named == href else f'|{named}'}]]{after}"
        if words.replace("\\", "") in (href, href.removeprefix("mailto:")) and href.startswith("http"):
            return f"{before}{href}{after}"
        address = href.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
        return f"{before}[{words}]({address}){after}"

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """As markdownify, but what belongs to a point is indented by four spaces, as our parser wants it."""
        lines = text.strip().split("\n")
        if not any(lines):
            return "\n"
        number = el.get("data-number")
        first = f"{number}. {lines[0]}" if number else f"- {lines[0]}"
        return "\n".join([first, *(f"    {line}" if line else "" for line in lines[1:])]) + "\n"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return ""

    def _as_it_is(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text

    convert_del = convert_s = convert_sub = convert_sup = convert_ins = _as_it_is

    def convert_caption(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"


_FENCE = re.compile(r"\s*```")
_SPACES_IN_A_LINE = re.compile(r"(?<=\S) {2,}(?=\S)")


def _tidied(text: str) -> str:
    """The lines with one space between words and none at their ends, but for two where the next line is to begin anew;
    no two lines empty. Code is left as it is.
    """
    lines = text.strip().split("\n")
    kept: list[str] = []
    in_code = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        in_code ^= bool(_FENCE.match(line))
        bare = line.rstrip() if in_code else _SPACES_IN_A_LINE.sub(" ", line.rstrip())
        breaks = bare and line.endswith("  ") and following.strip()
        if bare or in_code or (kept and kept[-1]):
            kept.append(f"{bare}  " if breaks else bare)
    return "\n".join(kept)
