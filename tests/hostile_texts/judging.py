"""What must be true of every page, whoever has written what is on it: nothing in it is anything but words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.hostile_texts.texts import MARK, culprit


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\S+", text))


# No page of ours has any of these, and no text may bring one.
NEVER = _words(
    "applet area audio base bgsound embed fencedframe foreignobject frame frameset iframe image isindex keygen listing"
    " map marquee math noembed noframes object plaintext portal source style track video webview xmp"
)
# What rendered text consists of.
OF_TEXT = _words(
    "a blockquote br code div em h2 h3 h4 h5 h6 hr img input li ol p pre span strong sup table tbody td th thead tr ul"
)
ATTRIBUTES_OF_TEXT = _words(
    "id class href rel src alt loading aria-label tabindex role scope type disabled checked start"
)
ADDRESSES = _words(
    "action background cite data formaction href longdesc manifest ping poster src srcdoc srcset xlink:href"
)
# Where words of ours and of others stand side by side. What is typed in them is read, and never run.
HOLD_WORDS = _words(
    "alt aria-label aria-description content datetime href label placeholder title value data-link data-url data-told"
    " data-address data-name data-paste data-upload action hx-get hx-post src"
)
_SAFE_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|/(?![/\\])|[?#]|$)", re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff]")


# A driver diagram's list is our own markup around plain words, and says what became of ideas.
RENDERED = ".prose:not(.theory)"


def faults_in(html: str, prose: str = RENDERED) -> list[str]:
    """What a page, or a part of one, has that it must not have; each fault with the text that did it.

    ``prose`` selects the parts that are rendered text: for them the rules are narrower.
    """
    return [f"{fault}  ← {culprit(fault)}" for fault in _faults(LexborHTMLParser(html), prose)]


def _faults(tree: LexborHTMLParser, prose: str) -> Iterator[str]:
    root = tree.root
    assert root is not None
    for node in _elements(root):
        yield from _of_any_element(node)
    for part in tree.css(prose):
        for node in _elements(part):
            if node != part:
                yield from _of_rendered(node)


def _elements(node: LexborNode) -> Iterator[LexborNode]:
    for found in node.traverse():
        if found.is_element_node:
            yield found


def _of_any_element(node: LexborNode) -> Iterator[str]:
    tag, attributes = str(node.tag), dict(node.attributes)
    shown = f"<{tag} {attributes}>"
    if tag in NEVER or MARK.search(tag):
        yield f"an element that no page has: {shown}"
    if tag == "script" and not _is_our_script(node):
        yield f"a script that is not ours: {shown} {node.text()[:200]}"
    if tag == "link" and attributes.get("rel") != "canonical" and leads_out(attributes.get("href") or ""):
        yield f"a link to something elsewhere: {shown}"
    if tag == "meta" and "http-equiv" in attributes:
        yield f"a head that says what headers say: {shown}"
    for name, value in attributes.items():
        yield from (f"{fault}: {shown}" for fault in _of_attribute(name, value or ""))


def _is_our_script(node: LexborNode) -> bool:
    source = node.attributes.get("src") or ""
    return source.startswith("/static/") and not node.text().strip()


def _of_attribute(name: str, value: str) -> Iterator[str]:
    bare = name.removeprefix("data-")
    if name.startswith("on") or name in ("style", "srcdoc", "srcset", "ping", "nonce") or bare.startswith("hx-on"):
        yield f"an attribute that runs or fetches something ({name})"
    if re.search("[<>\"'=/]", name) or MARK.search(name):
        yield f"a text that has become an attribute ({name})"
    if MARK.search(value) and name not in HOLD_WORDS:
        yield f"a text in an attribute that is not for words ({name})"
    if bare in ("hx-get", "hx-post") and not value.startswith("/"):
        yield f"htmx asks elsewhere ({name})"
    if name in ADDRESSES and not _SAFE_ADDRESS.match(_UNSEEN.sub("", value)):
        yield f"an address that is not one ({name}={value!r})"


def _of_rendered(node: LexborNode) -> Iterator[str]:
    tag, attributes = str(node.tag), dict(node.attributes)
    shown = f"<{tag} {attributes}>"
    if tag not in OF_TEXT:
        yield f"an element in a text: {shown}"
    for name, value in attributes.items():
        if name not in ATTRIBUTES_OF_TEXT:
            yield f"an attribute in a text ({name}): {shown}"
        if name == "id" and not re.fullmatch(r"(?:t|f\d+|\w+)-[\w-]+", value or ""):
            yield f"an id that a page may have as well: {shown}"
    if tag == "input" and (attributes.get("type") != "checkbox" or "disabled" not in attributes):
        yield f"something to fill in: {shown}"
    if tag == "img" and not (attributes.get("src") or "").startswith("/filer/"):
        yield f"a picture from elsewhere: {shown}"


def leads_out(location: str) -> bool:
    """Whether a browser that is sent to an address leaves the site, or does anything else than to show a page."""
    parts = urlsplit(_UNSEEN.sub("", location).replace("\\", "/"))
    return bool(parts.scheme or parts.netloc) and (parts.scheme, parts.netloc) != ("http", "localhost")
