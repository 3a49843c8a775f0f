"""Saving under fire is tested on the same desk as saving in peace."""

from tests.publishing.conftest import desk, empty_kept_file

__all__ = ["desk", "empty_kept_file"]
