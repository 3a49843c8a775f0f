"""A Markdown body as safe HTML. The only place that knows the Markdown parser and the sanitiser.

HTML in the text is not HTML: it is shown as it was typed, but for comments, which are left out. What the parser makes
goes through ``markup.py`` and then through a sanitiser with a short list of what may be there, so that a fault in the
first two does no harm.
"""

from __future__ import annotations

import html
import re
import threading
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import markdown as python_markdown
import nh3
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import (
    IMAGE_LINK_RE,
    IMAGE_REFERENCE_RE,
    LINK_RE,
    REFERENCE_RE,
    ImageInlineProcessor,
    ImageReferenceInlineProcessor,
    InlineProcessor,
    LinkInlineProcessor,
    ReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
)
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from app.library.comments import without_comments
from app.library.links import FileTarget, Link, Target, files_in, fill_files, fill_links, with_lines
from app.library.markup import BOX_LOOKS, EXTERNAL, Entry, Markup
from app.library.slugs import slugify

__all__ = ["Entry", "FileTarget", "Link", "Rendered", "Target", "files_in", "fill_files", "fill_links", "render"]


# On a link of which only the address is written: the words that it shows are no words of the text.
ADDRESS = "address"
# An invisible sign (word joiner) before and after such words in the plain text.
NO_WORDS = "\u2060"


@dataclass(frozen=True)
class Rendered:
    """``html`` is safe, with links to documents left to ``fill_links``, and the document's own files to ``fill_files``.

    ``plain`` is the text without markup, for search, with ``NO_WORDS`` around what is only an address.
    """

    html: str
    contents: tuple[Entry, ...]
    links: tuple[Link, ...]
    plain: str


def render(body: str, prefix: str = "t-", above: int = 1) -> Rendered:
    """A body as HTML, with its contents, its links and its plain text. The same body always gives the same.

    Every id begins with ``prefix``. ``above`` is the level of the heading that the text stands under: 1 is the page's
    own.
    """
    body = without_comments(body)
    markup = Markup(prefix, above)
    made = f"<pre>{html.escape(body)}</pre>"
    if not _is_too_much(body):
        try:
            made = _converter().convert(body, markup)
        except RecursionError:  # lists or quotations in hundreds of levels
            markup = Markup(prefix, above)
            del _of_this_thread.converter  # it stopped half way, and remembers where
    # Half a character, which no file can hold, is one to nobody.
    clean = _CLEANER.clean(made.encode("utf-8", "replace").decode())
    return Rendered(clean, tuple(markup.contents), with_lines(markup.references, body), _plain(clean))


# ---- What is too much ----

# The parser's time grows with the square of some things. What has more of them than any text has is shown as it was
# typed.
LONGEST = 200_000
LONGEST_PARAGRAPH = 50_000
MOST_FENCES = 400
_FENCE = re.compile(r"^(?:```|~~~|!!!)", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t\r]*\n")


def _is_too_much(body: str) -> bool:
    return (
        len(body) > LONGEST
        or max(map(len, _BLANK.split(body))) > LONGEST_PARAGRAPH
        or sum(1 for _ in _FENCE.finditer(body)) > MOST_FENCES
    )


# ---- What may be in the HTML ----

_CELL = {"ta-end", "ta-center"}
_CLEANER = nh3.Cleaner(
    tags=set(
        re.findall(
            r"\w+",
            "a blockquote br code div em h2 h3 h4 h5 h6 hr img input li ol p pre span strong sup "
            "table tbody td th thead tr ul",
        )
    ),
    attributes={
        # Else the sanitiser lets a title and a language through on everything.
        "*": set(),
        **{tag: {"id"} for tag in ("h2", "h3", "h4", "h5", "h6", "sup", "li")},
        "a": {"href", "rel", "aria-label", "data-ref", "data-untitled", "data-file"},
        "div": {"aria-label"},
        "img": {"src", "alt", "data-file"},
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


_Match = tuple[Element | None, int | None, int | None]


class _DocumentLinks(InlineProcessor):
    """``[[slug]]``, ``[[slug|text]]``, ``[[arbetssatt/slug]]``."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> _Match:  # type: ignore[override]  # noqa: N802
        written = m[1].strip()
        # Somebody may write the title; its slug is what the title gives.
        target = "/".join(slugify(part) for part in written.split("/"))
        if not target.strip("/"):
            return None, None, None
        link = Element("a", {"data-ref": target if "/" in target else f"/{target}"})
        if text := (m[2] or "").strip():
            link.text = text
        else:
            is_address = target == written
            link.set("data-untitled", ADDRESS if is_address else "")
            link.text = target.rpartition("/")[2].replace("-", " ") if is_address else written
        return link, m.start(0), m.end(0)


class _BareAddresses(InlineProcessor):
    """A web address in the text is a link."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> _Match:  # type: ignore[override]  # noqa: N802
        link = Element("a", {"href": m[1]})
        link.text = python_markdown.util.AtomicString(m[1])
        return link, m.start(0), m.end(0)


class _Near(LinkInlineProcessor):
    """A link ends near where it begins: looking to the end of the text for every bracket would take forever."""

    FARTHEST = 2_000
    DEEPEST = 8

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802
        depth = 1
        for found in _BRACKET.finditer(data, index, index + self.FARTHEST):
            depth += 1 if found[0] == "[" else -1
            if depth == 0:
                return data[index : found.start()], found.end(), True
            if depth > self.DEEPEST:
                break
        return "", index, False

    def getLink(self, data: str, index: int) -> tuple[str, str | None, int, bool]:  # noqa: N802
        near = data[index : index + self.FARTHEST]
        if not near.startswith("(") or ")" not in near:
            return "", None, index, False
        href, title, end, handled = super().getLink(near, 0)
        return href, title, index + end, handled


class _NearReference(_Near, ReferenceInlineProcessor):
    def evalId(self, data: str, index: int, text: str) -> tuple[str | None, int, bool]:  # noqa: N802
        found, end, handled = super().evalId(data[index : index + self.FARTHEST], 0, text)
        return found, index + end, handled


class _NearShortReference(_Near, ShortReferenceInlineProcessor):
    """``[id]``."""


class _NearImage(_Near, ImageInlineProcessor):
    """``![alternative](source)``."""


class _NearImageReference(_NearReference, ImageReferenceInlineProcessor):
    """``![alternative][id]``."""


class _NearShortImageReference(_Near, ShortImageReferenceInlineProcessor):
    """``![id]``."""


_BRACKET = re.compile(r"[\[\]]")


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
            extensions=[tables, footnotes, "admonition", "sane_lists", "fenced_code"]
        )
        self.improve = _Improve(self.parser)
        # HTML that somebody typed is text. Entities the sanitiser reads; <name@place> would be written in riddles.
        self.parser.preprocessors.deregister("html_block")
        for name in ("html", "entity", "automail"):
            self.parser.inlinePatterns.deregister(name)
        patterns = self.parser.inlinePatterns
        patterns.register(_NearReference(REFERENCE_RE, self.parser), "reference", 170)
        patterns.register(_Near(LINK_RE, self.parser), "link", 160)
        patterns.register(_NearImage(IMAGE_LINK_RE, self.parser), "image_link", 150)
        patterns.register(_NearImageReference(IMAGE_REFERENCE_RE, self.parser), "image_reference", 140)
        patterns.register(_NearShortReference(REFERENCE_RE, self.parser), "short_reference", 130)
        patterns.register(_NearShortImageReference(IMAGE_REFERENCE_RE, self.parser), "short_image_ref", 125)
        patterns.register(_DocumentLinks(_DOCUMENT_LINK, self.parser), "document_link", 178)
        patterns.register(_BareAddresses(_BARE_ADDRESS, self.parser), "bare_address", 85)
        self.parser.preprocessors.register(_ListsWithoutBlankLine(self.parser), "lists_without_blank_line", 22)
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


# ---- Plain text ----


_UNREAD = re.compile(
    r'<sup id="[^"]*fnref.*?</sup>|<a [^>]*footnote-backref.*?</a>|<span class="no-image">.*?</span>', re.DOTALL
)
_END_OF_LINE = re.compile(r"</(?:p|h\d|li|td|th|tr|pre|div|dt|dd)>|<(?:br|hr)>")
_TAG = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')
_ADDRESS = re.compile(rf'<a (?=[^>]*data-untitled="{ADDRESS}")[^>]*>([^<]*)</a>')
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n\s*")


def _plain(clean: str) -> str:
    """The words of the HTML, a line for each paragraph; those of addresses between signs that nobody sees."""
    clean = _ADDRESS.sub(rf"{NO_WORDS}\1{NO_WORDS}", clean.replace(NO_WORDS, ""))
    text = html.unescape(_TAG.sub("", _END_OF_LINE.sub("\n", _UNREAD.sub("", clean))))
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()
