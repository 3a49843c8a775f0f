"""Whether a password is easy to guess: common, repeated, or made of what others know of the person and the site.

zxcvbn knows 30,000 common passwords, words, names, keyboards, dates and repetitions, and says how many guesses remain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from threading import Lock

from app.library.slugs import slugify

# So many guesses are more than anybody gets, also from a stolen hash at argon2's cost: zxcvbn's own "very unguessable".
FEWEST_GUESSES = 10**10
# What is left beside the words that everybody knows.
FEWEST_LETTERS = 8
# It looks no further: the time it takes grows with the square of the length.
LOOKED_AT = 72
SITE = ("lärnät", "lösenord", "password", "socialtjänst", "socialtjänsten", "kommun", "kommunen", "region", "nätverk")
_ONE_AT_A_TIME = Lock()


def is_easy_to_guess(password: str, about: Iterable[str] = ()) -> bool:
    """Whether few guesses are needed. ``about`` are texts about the person: name, e-mail address, organisation."""
    known = {*SITE, *(word for text in about for word in re.findall(r"[^\W\d_]{3,}", text.lower()))}
    return _is_made_of(password, known) or _guesses(password[:LOOKED_AT], known) < FEWEST_GUESSES


def _is_made_of(password: str, known: Iterable[str]) -> bool:
    """Whether little is left of a password without the words that are known."""
    whole = slugify(password)
    rest = whole
    for word in sorted(filter(None, map(slugify, known)), key=len, reverse=True):
        rest = rest.replace(word, "-")
    return rest != whole and sum(map(str.isalpha, rest)) < FEWEST_LETTERS


def _guesses(password: str, known: Iterable[str]) -> float:
    # 15 MB of words, loaded only where somebody chooses a password; and it keeps the known words in a place of its own.
    from zxcvbn import zxcvbn

    words = [spelling for word in known for spelling in (word, slugify(word))]
    with _ONE_AT_A_TIME:
        return float(zxcvbn(password, user_inputs=words)["guesses"])
