"""Lists as HTML has them: a list in the point it belongs to, whatever the writing program made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from app.library.office.styles import HEADINGS, classes_of, each, style_of

_MSO_LIST = re.compile(r"mso-list:\s*l\d+\s+level(\d)")
_NUMBERED = re.compile(r"\(?(\d{1,4}|[a-zåäö]|[ivxlc]{1,6})[.)]", re.IGNORECASE)
_BULLET = re.compile(r"^[·•▪§o\uf0b7\uf0a7][\s\xa0]+")


@dataclass
class _Point:
    """A point of a list: how deep it stands, its number if it has one, and the element whose content it is."""

    level: int
    number: int
    tag: Tag


def make_lists(soup: BeautifulSoup) -> None:
    """Make lists of Word's paragraphs, and one list of the many that Word on the web makes."""
    for tag in each(soup, "p", "div", "li", *HEADINGS):
        if tag.parent is None or not _is_point(tag):
            continue
        run = list(_run(tag))
        points = [point for one in run for point in _points_in(one)]
        run[0].insert_before(*_nested(soup, points))
        for one in run:
            one.decompose()


def _is_point(tag: Tag) -> bool:
    return bool(_MSO_LIST.search(style_of(tag))) if tag.name != "li" else tag.has_attr("data-aria-level")


def _run(tag: Tag) -> Iterator[Tag]:
    """What stands in a row with a point: paragraphs, or the lists and boxes around Word on the web's points."""
    first: Tag | None = _outermost(tag)
    while first is not None and (_is_point(first) or _holds_only_points(first)):
        yield first
        first = _next_tag(first)


def _outermost(tag: Tag) -> Tag:
    while tag.parent is not None and _holds_only_points(tag.parent):
        tag = tag.parent
    return tag


def _holds_only_points(tag: Tag) -> bool:
    if tag.name not in ("ul", "ol") and "listcontainerwrapper" not in classes_of(tag):
        return False
    found = tag.find("li")
    return found is not None and found.has_attr("data-aria-level")


def _next_tag(tag: Tag) -> Tag | None:
    for one in tag.next_siblings:
        if isinstance(one, Tag):
            return one
        if str(one).strip():
            return None
    return None


def _points_in(tag: Tag) -> Iterator[_Point]:
    if found := _MSO_LIST.search(style_of(tag)):
        yield _Point(int(found[1]), _number_of(tag), tag)
        return
    for number, li in enumerate(one for one in each(tag, "li") if one.has_attr("data-aria-level")):
        above = li.parent
        ordered = above is not None and above.name == "ol"
        start = str(above.get("start") or "1") if above is not None else "1"
        level = str(li["data-aria-level"])
        yield _Point(int(level) if level in "123456789" else 1, _whole(start) + number if ordered else 0, li)


def _number_of(paragraph: Tag) -> int:
    """The number that Word has written before a point, 0 for a bullet; it is taken away."""
    marker = next((tag for tag in each(paragraph, "span") if "mso-list:ignore" in style_of(tag).replace(" ", "")), None)
    if marker is not None:
        found = _NUMBERED.match(marker.get_text().strip())
        marker.decompose()
        return (_whole(found[1]) if found[1].isdigit() else 1) if found else 0
    text = paragraph.find(string=lambda text: bool(text and text.strip()))
    if isinstance(text, NavigableString):
        text.replace_with(_BULLET.sub("", text.lstrip()))
    return 0


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _nested(soup: BeautifulSoup, points: Iterable[_Point]) -> list[Tag]:
    """Points as lists in lists; several beside each other where bullets follow on numbers."""
    found: list[Tag] = []
    open_lists: list[tuple[int, Tag]] = []
    for point in points:
        name = "ol" if point.number else "ul"
        while open_lists and open_lists[-1][0] > point.level:
            open_lists.pop()
        if open_lists and open_lists[-1][0] == point.level and open_lists[-1][1].name != name:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < point.level:
            made = soup.new_tag(name, attrs={"start": str(point.number)} if point.number else {})
            above = open_lists[-1][1].find_all("li", recursive=False)[-1] if open_lists else None
            if above is None:
                found.append(made)
            else:
                above.append(made)
            open_lists.append((point.level, made))
        li = soup.new_tag("li")
        li.extend(list(point.tag.children))
        open_lists[-1][1].append(li)
    return found


def mend_lists(soup: BeautifulSoup) -> None:
    """Let lists in lists stand in the point before them, a point be no paragraph, and each number be said."""
    for inner in each(soup, "ul", "ol"):
        above = inner.parent
        if above is not None and above.name in ("ul", "ol"):
            before = inner.find_previous_sibling("li")
            if before is not None:
                before.append(inner.extract())
            else:
                inner.unwrap()
    for listed in each(soup, "ol"):
        start = _whole(str(listed.get("start") or "1"))
        for number, li in enumerate(listed.find_all("li", recursive=False), start):
            li["data-number"] = str(number)
    for li in each(soup, "li"):
        paragraphs = li.find_all(["p", "div"], recursive=False)
        if len(paragraphs) == 1 and not any(str(before).strip() for before in paragraphs[0].previous_siblings):
            paragraphs[0].unwrap()
