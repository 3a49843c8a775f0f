"""Seeded Swedish misspellings: what people type when they are in a hurry, spell by ear or have another keyboard."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

# What sounds alike, and is written for one another.
SOUNDS = (
    *(("sj", "skj"), ("sj", "stj"), ("sj", "sch"), ("sk", "sj"), ("stj", "sj"), ("skj", "sj"), ("tion", "sjon")),
    *(("tj", "kj"), ("kj", "tj"), ("k", "ck"), ("ck", "k"), ("ck", "kk"), ("x", "ks"), ("ks", "x"), ("sch", "sj")),
    *(("ä", "e"), ("e", "ä"), ("å", "o"), ("o", "å"), ("j", "g"), ("g", "j"), ("v", "hv"), ("hj", "j"), ("dj", "j")),
    *(("nn", "n"), ("mm", "m"), ("ll", "l"), ("tt", "t"), ("ss", "s"), ("rr", "r"), ("pp", "p"), ("n", "nn")),
    *(("m", "mm"), ("l", "ll"), ("t", "tt"), ("s", "ss"), ("c", "s"), ("s", "c"), ("nk", "ngk"), ("rs", "sch")),
)
LETTERS = "abcdefghijklmnoprstuvyåäö"
SHORTEST = 5
SHORTEST_HALF = 4
_WORD = re.compile(r"[^\W\d_]+")
_BARE = str.maketrans("åäöÅÄÖ", "aaoAAO")


@dataclass
class Misspeller:
    """Misspells queries, the same way every time. ``known`` are words of the documents: compounds are parted there."""

    known: Collection[str]
    seed: int = 7
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def variants(self, query: str) -> dict[str, str]:
        """Five misspelt variants of a query, by what is wrong with them; where a fault has no place, another edit."""
        faults: dict[str, Callable[[str], str]] = {
            "an edit": self._edit,
            "another edit": self._edit,
            "by ear": self._by_ear,
            "a word parted": self._parted,
        }
        found = {name: self._in_one_word(query, fault) for name, fault in faults.items()}
        bare = query.translate(_BARE)
        found["without å, ä and ö"] = bare if bare != query else self._in_one_word(query, self._edit)
        return found

    def _in_one_word(self, query: str, fault: Callable[[str], str]) -> str:
        places = [found for found in _WORD.finditer(query) if len(found.group()) >= SHORTEST]
        self.chance.shuffle(places)
        for other in (fault, self._edit):
            for place in places:
                changed = other(place.group())
                if changed != place.group():
                    return query[: place.start()] + changed + query[place.end() :]
        return query

    def _edit(self, word: str) -> str:
        """One letter left out, doubled, changed for another, or changed places with its neighbour."""
        at = self.chance.randrange(1, len(word) - 1)
        kind = self.chance.randrange(4)
        if kind == 0:
            return word[:at] + word[at + 1 :]
        if kind == 1:
            return word[:at] + word[at] + word[at:]
        if kind == 2:
            return word[:at] + self.chance.choice(LETTERS.replace(word[at].lower(), "")) + word[at + 1 :]
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    def _by_ear(self, word: str) -> str:
        """One sound written as another that sounds alike."""
        places = [
            (found.start(), old, new) for old, new in SOUNDS for found in re.finditer(old, word) if found.start() > 0
        ]
        if not places:
            return word
        at, old, new = self.chance.choice(places)
        return word[:at] + new + word[at + len(old) :]

    def _parted(self, word: str) -> str:
        """A compound written as two words (särskrivning), between two words that the documents know."""
        places = [
            at
            for at in range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1)
            if word[at:].lower() in self.known
            and ({word[:at].lower(), word[: at - 1].lower() if word[at - 1] == "s" else ""} & set(self.known))
        ]
        if not places:
            return word
        at = self.chance.choice(places)
        return f"{word[:at]} {word[at:]}"
