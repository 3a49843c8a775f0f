"""Indented JSON is what Python itself would write."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.summing_up.indented import indented

SIMPLE = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
PLAIN = st.recursive(
    SIMPLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
)


@given(PLAIN)
def test_it_is_what_python_writes(plain: Any) -> None:
    assert indented(plain) == json.dumps(plain, ensure_ascii=False, indent=1)
