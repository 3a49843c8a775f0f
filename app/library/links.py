"""Links between documents: found in a text with their lines, and led where they go when a page is shown.

What a link leads to depends on who looks and on what there is now, so rendered text keeps a placeholder for each, and
can itself be kept for as long as the text is the same.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.library.slugs import slugify

_PLACEHOLDER = re.compile(r'<a (?P<attributes>[^>]*\bdata-ref="(?P<ref>[^"]*)"[^>]*)>(?P<text>.*?)</a>', re.DOTALL)
# An attribute may hold ">".
_WITHIN_TAG = r"""(?:[^>"]|"[^"]*")*"""
_IMAGE = re.compile(rf'<img\b(?P<attributes>{_WITHIN_TAG}\bdata-file="(?P<name>[^"]*)"{_WITHIN_TAG})>')
_FILE = re.compile(rf'<a\b{_WITHIN_TAG}\bdata-file="(?P<name>[^"]*)"{_WITHIN_TAG}>(?P<text>.*?)</a>', re.DOTALL)
_ALT = re.compile(r'\balt="([^"]*)"')
_ANCHOR = re.compile(r'\bhref="[^"#]*(#[\w-]+)"')
_WITH_WORDS = re.compile(
    r"\[\[(?P<inner>[^\[\]|\n]+)(?:\|(?P<said>[^\[\]\n]*))?\]\]"
    r"|\[(?P<words>[^\[\]\n]*)\]\(\s*<?(?P<address>/[^\s)>]+)[^)\n]*\)"
    r"|^(?P<name>\[[^\]\n]+\]:\s*)(?P<defined>/\S+)",
    re.MULTILINE,
)
_WRITTEN_LINK = re.compile(
    r"\[\[(?P<inner>[^\[\]\n]+)\]\]|\]\(\s*<?(?P<address>/[^\s)>]+)|^\[[^\]\n]+\]:\s*(?P<defined>/\S+)", re.MULTILINE
)


@dataclass(frozen=True)
class Link:
    """A link to another document: the word of its kind in addresses ("" if not said), its slug, and the body's line."""

    kind_url: str
    slug: str
    text: str
    line: int


@dataclass(frozen=True)
class Target:
    """What a link leads to."""

    title: str
    url: str


def fill_links(html_text: str, title_of: Callable[[str, str], Target | None]) -> str:
    """HTML from ``render`` with every link to a document led where ``title_of(kind_url, slug)`` says.

    A link without a text of its own gets the title. Where there is no target the text stands, marked as broken.
    """

    def filled(found: re.Match[str]) -> str:
        kind_url, _, slug = html.unescape(found["ref"]).partition("/")
        target = title_of(kind_url, slug)
        if target is None:
            return f'<span class="broken-link">{found["text"]} (sidan finns inte)</span>'
        text = html.escape(target.title) if "data-untitled=" in found["attributes"] else found["text"]
        anchor = _ANCHOR.search(found["attributes"])
        return f'<a href="{html.escape(target.url)}{anchor[1] if anchor else ""}">{text}</a>'

    return _PLACEHOLDER.sub(filled, html_text)


def without_links(text: str, may_name: Callable[[str, str], bool]) -> str:
    """Markdown in which a link to a document that may not be named is only its words.

    ``may_name(kind_url, slug)`` says which may; "…" stands for one that had no words of its own.
    """

    def told(found: re.Match[str]) -> str:
        address = found["inner"] or (found["address"] or found["defined"]).partition("#")[0].strip("/")
        kind_url, _, slug = "/".join(slugify(part) for part in address.split("/")).partition("/")
        kind_url, slug = (kind_url, slug) if slug else ("", kind_url)
        if may_name(kind_url, slug):
            return found[0]
        return f"{found['name']}/" if found["name"] else found["said"] or found["words"] or "…"

    return _WITH_WORDS.sub(told, text)


@dataclass(frozen=True)
class FileTarget:
    """A file of a document's own: where it is, and what a picture shows, for those who do not see it."""

    url: str
    alt: str = ""


def fill_files(html_text: str, file_of: Callable[[str], FileTarget | None]) -> str:
    """HTML from ``render`` with the document's own pictures and files led where ``file_of(name)`` says.

    A picture without a text of its own in the Markdown gets the one that the file has. What is not there is said.
    """

    def picture(found: re.Match[str]) -> str:
        written = _ALT.search(found["attributes"])
        alt = written[1] if written else ""
        target = file_of(html.unescape(found["name"]))
        if target is None:
            said = f": {alt}" if alt else ""
            return f'<span class="no-image">[Bilden {found["name"]} finns inte bland sidans filer{said}]</span>'
        return f'<img src="{html.escape(target.url)}" alt="{alt or html.escape(target.alt)}" loading="lazy">'

    def link(found: re.Match[str]) -> str:
        target = file_of(html.unescape(found["name"]))
        if target is None:
            return f'<span class="broken-link">{found["text"]} (filen finns inte)</span>'
        return f'<a href="{html.escape(target.url)}">{found["text"]}</a>'

    return _FILE.sub(link, _IMAGE.sub(picture, html_text))


def files_in(html_text: str) -> list[str]:
    """The names of the document's own files that rendered text shows or leads to, each once."""
    found = [*_IMAGE.finditer(html_text), *_FILE.finditer(html_text)]
    return list(dict.fromkeys(html.unescape(one["name"]) for one in found))


def with_lines(references: Sequence[tuple[str, str, str]], body: str) -> tuple[Link, ...]:
    """The links with the line of the body on which each stands (0 if it cannot be told)."""
    if not references:
        return ()
    written: dict[str, list[int]] = {}
    for found in _WRITTEN_LINK.finditer(body):
        target = found["inner"] or (found["address"] or found["defined"]).partition("#")[0].strip("/")
        key = "/".join(slugify(part) for part in target.split("|")[0].split("/"))
        written.setdefault(key, []).append(body.count("\n", 0, found.start()) + 1)
    links = []
    for kind_url, slug, text in references:
        lines = written.get(f"{kind_url}/{slug}" if kind_url else slug, [])
        links.append(Link(kind_url, slug, text, lines.pop(0) if lines else 0))
    return tuple(links)
