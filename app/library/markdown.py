"""A Markdown body as safe HTML. The only place that knows the Markdown parser and the sanitiser.

HTML in the text is not HTML: it is shown as it was typed. What the parser makes goes through ``markup.py`` and then through a
sanitiser with a short list of what may be there, so that a fault in the first two does no harm.
"""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import markdown as python_markdown
import nh3
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from app.library.markup import BOX_LOOKS, EXTERNAL, Entry, Markup
from app.library.slugs import slugify

__all__ = ["Entry", "Link", "Rendered", "Target", "fill_links", "render"]


@dataclass(frozen=True)
class Link:
    """A link to another document: the word of its kind in addresses ("" if not said), its slug, and the body's line."""

    kind_url: str
    slug: str
    text: str
    line: int


@dataclass(frozen=True)
class Rendered:
    """``html`` is safe, with links to documents left to ``fill_links``. ``plain`` is the text without markup, for search."""

    html: str
    contents: tuple[Entry, ...]
    links: tuple[Link, ...]
    plain: str


@dataclass(frozen=True)
class Target:
    """What a link leads to."""

    title: str
    url: str


def render(body: str, prefix: str = "t-", above: int = 1) -> Rendered:
    """A body as HTML, with its contents, its links and its plain text. The same body always gives the same.

    Every id begins with ``prefix``. ``above`` is the level of the heading that the text stands under: 1 is the page's own.
    """
    markup = Markup(prefix, above)
    try:
        made = _converter().convert(body, markup)
    except RecursionError:  # lists or quotations in hundreds of levels
        markup = Markup(prefix, above)
        made = f"<pre>{html.escape(body)}</pre>"
    clean = _CLEANER.clean(made)
    return Rendered(clean, tuple(markup.contents), _with_lines(markup.references, body), _plain(clean))


def fill_links(html_text: str, title_of: Callable[[str, str], Target | None]) -> str:
    """HTML from ``render`` with every link to a document led where ``title_of(kind_url, slug)`` says.

    A link without a text of its own gets the title. Where there is no target the text stands, marked as broken.
    """

    def filled(found: re.Match[str]) -> str:
        kind_url, _, slug = html.unescape(found["ref"]).partition("/")
        target = title_of(kind_url, slug)
        if target is None:
            return f'<span class="broken-link">{found["text"]} (sidan finns inte)</span>'
        text = html.escape(target.title) if found["untitled"] else found["text"]
        anchor = _ANCHOR.search(found["attributes"])
        return f'<a href="{html.escape(target.url)}{anchor[1] if anchor else ""}">{text}</a>'

    return _PLACEHOLDER.sub(filled, html_text)


_PLACEHOLDER = re.compile(
    r'<a (?=(?P<attributes>[^>]*)>)(?=[^>]*\bdata-ref="(?P<ref>[^"]*)")(?:[^>]*\b(?P<untitled>data-untitled)=)?[^>]*>(?P<text>.*?)</a>',
    re.DOTALL,
)
_ANCHOR = re.compile(r'\bhref="[^"#]*(#[\w-]+)"')


# ---- What may be in the HTML ----

_CELL = {"ta-end", "ta-center"}
_CLEANER = nh3.Cleaner(
    tags=set(
        "a abbr blockquote br code dd del div dl dt em h2 h3 h4 h5 h6 hr img input li ol p pre span strong sub sup "
        "table tbody td th thead tr ul".split()
    ),
    attributes={
        **{tag: {"id"} for tag in ("h2", "h3", "h4", "h5", "h6", "sup", "li")},
        "a": {"href", "rel", "aria-label", "data-ref", "data-untitled"},
        "div": {"aria-label"},
        "img": {"src", "alt"},
        "input": {"disabled", "checked", "aria-label"},
        "ol": {"start"},
        "th": {"scope"},
    },
    allowed_classes={
        "a": {EXTERNAL, "footnote-ref", "footnote-backref"},
        "div": {"tbl", "footnote", "admonition", *BOX_LOOKS},
        "li": {"task-list-item"},
        "p": {"admonition-title"},
        "span": {"no-image"},
        "td": _CELL,
        "th": _CELL,
    },
    tag_attribute_values={"input": {"type": {"checkbox"}}, "div": {"role": {"group"}, "tabindex": {"0"}}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


# ---- The parser ----

_DOCUMENT_LINK = r"\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,300}))?\]\]"
_BARE_ADDRESS = r"(?<![\w/(\"'])(https?://[^\s<>\"'”\[\]]*[^\s<>\"'”\[\](),.;:!?])"
_LIST_LINE = re.compile(r"(?:[-*+]|\d{1,3}\.)[ \t]+\S")


class _DocumentLinks(InlineProcessor):
    """``[[slug]]``, ``[[slug|text]]``, ``[[arbetssatt/slug]]``."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:
        written = m[1].strip()
        # Somebody may write the title; its slug is what the title gives.
        target = "/".join(slugify(part) for part in written.split("/"))
        if not target.strip("/"):
            return None, None, None
        link = Element("a", {"data-ref": target if "/" in target else f"/{target}"})
        if text := (m[2] or "").strip():
            link.text = text
        else:
            link.set("data-untitled", "")
            link.text = written if target != written else target.rpartition("/")[2].replace("-", " ")
        return link, m.start(0), m.end(0)


class _BareAddresses(InlineProcessor):
    """A web address in the text is a link."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:
        link = Element("a", {"href": m[1]})
        link.text = python_markdown.util.AtomicString(m[1])
        return link, m.start(0), m.end(0)


class _ListsWithoutBlankLine(Preprocessor):
    """A list may follow right on a line of text, as people write it and other Markdown has it."""

    def run(self, lines: list[str]) -> list[str]:
        made: list[str] = []
        for line in lines:
            before = made[-1] if made else ""
            is_text = before.strip() and not before[0].isspace() and not _LIST_LINE.match(before)
            if is_text and _LIST_LINE.match(line) and not before.startswith(("#", ">", "|", "!!!")):
                made.append("")
            made.append(line)
        return made


class _Improve(Treeprocessor):
    """Hands the finished tree to ``markup.py``."""

    markup: Markup

    def run(self, root: Element) -> None:
        self.markup.improve(root)


class _Converter:
    """The parser with our extensions. Not for two threads at once."""

    def __init__(self) -> None:
        footnotes = FootnoteExtension(SEPARATOR="-", BACKLINK_TITLE="Tillbaka till fotnot {} i texten")
        tables = TableExtension(use_align_attribute=True)
        self.parser = python_markdown.Markdown(
            extensions=[tables, footnotes, "admonition", "sane_lists", "fenced_code", "def_list"]
        )
        self.improve = _Improve(self.parser)
        # HTML that somebody typed is text. Entities the sanitiser reads; <name@place> would be written in riddles.
        self.parser.preprocessors.deregister("html_block")
        for name in ("html", "entity", "automail"):
            self.parser.inlinePatterns.deregister(name)
        self.parser.preprocessors.register(_ListsWithoutBlankLine(self.parser), "lists_without_blank_line", 22)
        self.parser.inlinePatterns.register(_DocumentLinks(_DOCUMENT_LINK, self.parser), "document_link", 178)
        self.parser.inlinePatterns.register(_BareAddresses(_BARE_ADDRESS, self.parser), "bare_address", 85)
        self.parser.treeprocessors.register(self.improve, "improve", -10)

    def convert(self, body: str, markup: Markup) -> str:
        self.parser.reset()
        self.improve.markup = markup
        return self.parser.convert(body)


_of_this_thread = threading.local()


def _converter() -> _Converter:
    if not hasattr(_of_this_thread, "converter"):
        _of_this_thread.converter = _Converter()
    found: _Converter = _of_this_thread.converter
    return found


# ---- Lines and plain text ----


def _with_lines(references: list[tuple[str, str, str]], body: str) -> tuple[Link, ...]:
    """The links with the line of the body on which each stands (0 if it cannot be told)."""
    if not references:
        return ()
    written: dict[str, list[int]] = {}
    for found in _WRITTEN_LINK.finditer(body):
        target = found["inner"] or found["address"].strip("/").partition("#")[0].removesuffix("/")
        key = "/".join(slugify(part) for part in target.split("|")[0].split("/"))
        written.setdefault(key, []).append(body.count("\n", 0, found.start()) + 1)
    links = []
    for kind_url, slug, text in references:
        lines = written.get(f"{kind_url}/{slug}" if kind_url else slug, [])
        links.append(Link(kind_url, slug, text, lines.pop(0) if lines else 0))
    return tuple(links)


_WRITTEN_LINK = re.compile(r"\[\[(?P<inner>[^\[\]\n]+)\]\]|\]\(\s*<?(?P<address>/[^\s)>]+)|^\[[^\]\n]+\]:\s*(?P<defined>/\S+)", re.MULTILINE)

_UNREAD = re.compile(r'<sup id="[^"]*fnref.*?</sup>|<a [^>]*footnote-backref.*?</a>|<span class="no-image">.*?</span>', re.DOTALL)
_END_OF_LINE = re.compile(r"</(?:p|h\d|li|td|th|tr|pre|div|dt|dd)>|<(?:br|hr)>")
_TAG = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n\s*")


def _plain(clean: str) -> str:
    """The words of the HTML, a line for each paragraph."""
    text = html.unescape(_TAG.sub("", _END_OF_LINE.sub("\n", _UNREAD.sub("", clean))))
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()
