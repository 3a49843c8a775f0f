"""The same form open in two tabs of one person: what each has typed is kept, and neither takes the other's place.

A form knows what its step said when it was shown (``seen``), and the working copy what each tab last wrote there. Where
the copy says something else now, another tab has written in between. Then what this one types is *parked*: kept under a
key of its own beside the working copy, until the person has looked at both and chosen.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterable

from app.web import forms
from app.web.forms import Shape, Values

TAB = re.compile(r"[0-9a-f]{16}")
# Between the key of a form and the tab whose text is parked.
MARK = "~"
# So many tabs are remembered. One that wrote before them is met as one that has not written.
MOST = 20


def new_tab() -> str:
    """A name for a form that is shown."""
    return uuid.uuid4().hex[:16]


def parked_key(key: str, tab: str) -> str:
    """Where the text of a tab is kept beside the working copy."""
    return f"{key}{MARK}{tab}"


def form_key(key: str) -> str:
    """The key of the form, of a working copy that may be parked."""
    return key.partition(MARK)[0]


def is_parked(key: str) -> bool:
    """Whether a working copy is a text that is parked beside another."""
    return MARK in key


def seen(shapes: Iterable[Shape], values: Values) -> str:
    """A digest of what some fields say, as a browser would post it."""
    told = json.dumps(list(forms.posted(shapes, values)), ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def say_the_same(shapes: Iterable[Shape], one: Values, other: Values) -> bool:
    """Whether some fields say the same."""
    return all(forms.same(shape, one.get(shape.name), other.get(shape.name)) for shape in shapes)


def remembered(wrote: dict[str, str], tab: str, digest: str) -> dict[str, str]:
    """What each tab last wrote, with what this one writes now."""
    others = {name: said for name, said in wrote.items() if name != tab}
    return {**dict(list(others.items())[-(MOST - 1) :]), tab: digest}
