"""Hypothesis measures time by the clock, which says nothing on a machine that others use too."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("larnat", deadline=None)
settings.load_profile("larnat")
