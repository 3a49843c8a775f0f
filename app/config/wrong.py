"""What stops the start."""

from __future__ import annotations

# The addresses of this machine alone.
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class WrongSettings(Exception):
    """The house cannot start with these settings. Carries every fault that was found, in Swedish."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
