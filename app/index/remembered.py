"""What has been worked out and may be needed again, up to so many bytes. Several threads may ask for it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """Something that knows how many bytes it takes."""

    @property
    def nbytes(self) -> int: ...


T = TypeVar("T", bound=Sized)
# What an entry costs beside what it is made of.
_ENTRY_BYTES = 300


class Remembered(Generic[T]):
    """A cache: what was not asked for the longest is forgotten first."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._found: OrderedDict[Hashable, T] = OrderedDict()
        self._bytes = 0
        self._nothing: dict[type, T] = {}
        self._changing = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What stands under a key, made now if it is not there."""
        try:
            found = self._found[key]
            self._found.move_to_end(key)
            return found
        except KeyError:  # not there, or forgotten by another thread just now
            return self._put(key, make())

    def _put(self, key: Hashable, made: T) -> T:
        if not made.nbytes:
            # Of words that nobody has written there is no end. What they hold is one thing, at which Python's collector
            # looks once.
            made = self._nothing.setdefault(type(made), made)
        with self._changing:
            if key not in self._found:
                self._found[key] = made
                self._bytes += made.nbytes + _ENTRY_BYTES
            while self._bytes > self._most and len(self._found) > 1:
                _, old = self._found.popitem(last=False)
                self._bytes -= old.nbytes + _ENTRY_BYTES
        return made
