"""What writing programs mean by their HTML: lists that are paragraphs, headings and bold type that are styles.

Word writes a list as paragraphs with "mso-list:l0 level2 lfo1" and a bullet in the text, Word on the web as a list for
every point, Google Docs lays all of it in a <b> that is not bold, and each of them lays its wishes for looks on top.
``mend`` makes plain HTML of it, in place.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag

from app.library.office.lists import make_lists, mend_lists
from app.library.office.styles import HEADINGS, classes_of, each, style_of
from app.library.office.tables import mend_tables

_OUTLINE = re.compile(r"mso-outline-level:\s*(\d)")
_HEADING_CLASS = re.compile(r"mso(?:heading|title)(\d?)", re.IGNORECASE)
_BOLD = re.compile(r"font-weight:\s*(?:bold|[6-9]00)")
_NOT_BOLD = re.compile(r"font-weight:\s*(?:normal|[1-5]00)")
_ITALIC = re.compile(r"font-style:\s*italic")
_UNSEEN_STYLE = re.compile(
    r"display:\s*none|mso-hide:\s*all|mso-element:\s*(?:comment|footnote-(?:con)?sep|endnote-(?:con)?sep)"
)
_UNSEEN_CLASSES = frozenset(
    ("msocommentreference", "msocommenttext", "msocommentsubject", "msocomtxt", "msocomanchor", "msodel")
)
_MARKS = ("strong", "em")
_BOXES = re.findall(r"\w+", "article aside dd details dl figcaption figure footer header main nav section")
_HIGHEST, _LOWEST = 3, 6
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def mend(soup: BeautifulSoup) -> int:
    """Make plain HTML of what writing programs write. Returns how many pictures were left out."""
    _drop_unseen(soup)
    pictures = _drop_pictures(soup)
    make_lists(soup)
    mend_lists(soup)
    _make_headings(soup)
    _make_marks(soup)
    _plain_blocks(soup)
    mend_tables(soup)
    _join_marks(soup)
    _tidy_text(soup)
    return pictures


# ---- What is not seen: comments, deletions that are tracked, hidden text, pictures ----


def _drop_unseen(soup: BeautifulSoup) -> None:
    for tag in each(soup):
        if tag.name == "del" or _UNSEEN_STYLE.search(style_of(tag)) or _UNSEEN_CLASSES.intersection(classes_of(tag)):
            tag.decompose()


def _drop_pictures(soup: BeautifulSoup) -> int:
    """Pictures lie on somebody's computer or elsewhere; a sign that is a picture is the sign."""
    number = 0
    for image in each(soup, "img"):
        alt = str(image.get("alt") or "")
        is_sign = 0 < len(alt) <= 4 and not any(sign.isalnum() or sign.isspace() for sign in alt)
        number += not is_sign
        image.replace_with(alt if is_sign else "")
    return number


# ---- Headings ----


def _make_headings(soup: BeautifulSoup) -> None:
    """Headings that are paragraphs by name, all of them below the page's own."""
    for tag in each(soup, "p", "div"):
        if level := _level_of(tag):
            tag.name = f"h{level}"
    for tag in each(soup, *HEADINGS):
        if not tag.get_text().strip():
            tag.unwrap()
    there = list(each(soup, *HEADINGS))
    highest = min((int(tag.name[1]) for tag in there), default=1)
    for tag in there:
        tag.name = f"h{min(int(tag.name[1]) - highest + _HIGHEST, _LOWEST)}"


def _level_of(tag: Tag) -> int:
    found = next((found for one in classes_of(tag) if (found := _HEADING_CLASS.fullmatch(one))), None)
    found = found or _OUTLINE.search(style_of(tag))
    if found:
        return min(int(found[1] or 1), _LOWEST)
    level = str(tag.get("aria-level") or "")
    return int(level) if tag.get("role") == "heading" and level in ("1", "2", "3", "4", "5", "6") else 0


# ---- Bold and italic ----


def _make_marks(soup: BeautifulSoup) -> None:
    """Bold and italic type as elements, whether it was an element or a style."""
    for tag in each(soup, "b", "strong", "i", "em", "span", "ins"):
        style = style_of(tag)
        bold = tag.name in ("b", "strong") and not _NOT_BOLD.search(style)
        italic = tag.name in ("i", "em") and "font-style:normal" not in style.replace(" ", "")
        wanted = [
            *["strong"] * bool(bold or _BOLD.search(style)),
            *["em"] * bool(italic or _ITALIC.search(style)),
        ]
        for name in wanted:
            inner = soup.new_tag(name)
            inner.extend(list(tag.children))
            tag.append(inner)
        tag.unwrap()
    for mark in each(soup, *_MARKS):
        inside = mark.find_parent([mark.name, *HEADINGS, "th"]) is not None
        holds_blocks = mark.find(["p", "div", "ul", "ol", "table", "blockquote", *HEADINGS]) is not None
        if inside or holds_blocks or not mark.get_text().strip():
            mark.unwrap()


def _join_marks(soup: BeautifulSoup) -> None:
    """Word parts a bold sentence into many: one mark instead of several in a row."""
    soup.smooth()
    for mark in each(soup, *_MARKS):
        while isinstance(after := mark.next_sibling, Tag) and after.name == mark.name:
            mark.extend(list(after.children))
            after.decompose()


# ---- The rest ----


def _plain_blocks(soup: BeautifulSoup) -> None:
    """Elements that Markdown has no word for: terms become bold, boxes paragraphs; raised digits are signs."""
    for tag in each(soup, "dt", "summary"):
        tag.name = "p"
        strong = soup.new_tag("strong")
        strong.extend(list(tag.children))
        tag.append(strong)
    for tag in each(soup, *_BOXES):
        tag.name = "div"
    for tag in each(soup, "sup"):
        text = tag.get_text()
        if text.isascii() and text.isdigit():
            tag.string = text.translate(_RAISED)


def _is_break(found: object) -> bool:
    return isinstance(found, Tag) and found.name == "br"


_SPACE = re.compile("[\xa0\u2000-\u200a\u202f]")
_SPACES = re.compile(r"[ \t\r\n]+")
_NOTHING = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")


def _tidy_text(soup: BeautifulSoup) -> None:
    """One sort of space, lines that are not broken where the program broke them, and no signs that nobody sees."""
    for text in list(soup.find_all(string=True)):
        tidy = _NOTHING.sub("", _SPACE.sub(" ", text))
        if text.find_parent("pre") is None:
            tidy = _SPACES.sub(" ", tidy)
            if _is_break(text.previous_sibling):
                tidy = tidy.lstrip()
        if tidy != text:
            text.replace_with(tidy)
