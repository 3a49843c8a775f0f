"""History is tested on the same desk as saving."""

from tests.publishing.conftest import desk, empty_kept_file

__all__ = ["desk", "empty_kept_file"]
