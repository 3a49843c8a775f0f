"""What the accessibility statement says: how Lärnät was tried and what is known not to be accessible.

The law on accessibility of digital public services (2018:1937) and the agency's regulations (MDFFS 2019:2, 6 §) say
which parts a statement has. Look through it before each release: what was mended goes, what was found comes, and the
days change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.config import Settings

# When Lärnät was last gone through against WCAG 2.2 and EN 301 549, and when what is said here was last changed.
ASSESSED = date(2026, 11, 22)
UPDATED = date(2026, 11, 22)


@dataclass(frozen=True)
class Authority:
    """Who sees to that the law is followed, and where one complains."""

    name: str
    complaints: str


# As it was in September 2026. The government means to let PTS take over the agency's work: see who it is at releases.
SUPERVISOR = Authority("Myndigheten för digital förvaltning (Digg)", "https://www.digg.se/tdosanmalan")
PRIVACY_AUTHORITY = Authority("Integritetsskyddsmyndigheten (IMY)", "https://www.imy.se")

# Where a sign-in lasts so long without a page, nobody needs a warning before it ends (WCAG 2.2.1).
LONG_ENOUGH_HOURS = 20


@dataclass(frozen=True)
class Shortcoming:
    """Something that is not accessible: what it is and why, what one can do instead, and which criteria it fails."""

    what: str
    instead: str
    criteria: str


@dataclass(frozen=True)
class Situation:
    """Shortcomings by who meets them, as the agency's model text orders them."""

    title: str
    shortcomings: tuple[Shortcoming, ...]


def situations(settings: Settings) -> list[Situation]:
    """What is known not to be accessible, with these settings."""
    signed_out = (_SIGNED_OUT,) if settings.session_hours < LONG_ENOUGH_HOURS else ()
    return [
        Situation("Utan synförmåga", (_PICTURES, _FILES, _LANGUAGE, _HEADINGS)),
        Situation("Med nedsatt syn", (_SUGGESTIONS, _PICTURES_OF_TEXT)),
        Situation("Med kognitiv nedsättning", (*signed_out, _PLAIN_WORDS, _FOLDED)),
    ]


_PICTURES = Shortcoming(
    "En bild kan sakna beskrivning. Den som lägger in en bild får frågan om vad den visar, men kan låta bli att svara.",
    "Bilder utan beskrivning går att rapportera, så att den som äger sidan lägger till en.",
    "1.1.1",
)
_FILES = Shortcoming(
    "Bifogade filer, till exempel PDF och Word, är som den som lade in dem gjorde dem. De kan sakna rubriker,"
    " läsordning och beskrivningar. Lärnät kontrollerar bara att de är ofarliga.",
    "Be om innehållet i en annan form.",
    "1.1.1, 1.3.1, 1.3.2, 2.4.2",
)
_LANGUAGE = Shortcoming(
    "Stycken på andra språk i texter som medlemmar har skrivit är inte uppmärkta med sitt språk, så en skärmläsare"
    " läser dem som svenska. Det går inte att ange språk för ett stycke än.",
    "",
    "3.1.2",
)
_HEADINGS = Shortcoming(
    "I texter som medlemmar har skrivit kan rubriknivåer och tabeller vara använda på ett sätt som är svårt att följa."
    " Lärnät ger texten dess plats på sidan, men rättar inte hur den är uppbyggd.",
    "",
    "1.3.1",
)
_SUGGESTIONS = Shortcoming(
    "Förslagen som visas under en ruta när man skriver namnet på en organisation eller en sida ritas av webbläsaren."
    " I en del webbläsare följer de inte med när texten förstoras.",
    "Skriv hela namnet. Rutan fungerar utan förslagen.",
    "1.4.4",
)
_PICTURES_OF_TEXT = Shortcoming(
    "Bilder som medlemmar har lagt in kan innehålla text, eller färger med för liten skillnad.",
    "",
    "1.4.3, 1.4.5",
)
_SIGNED_OUT = Shortcoming(
    "Den som är inloggad loggas ut efter en tid utan att få en varning.",
    "Det du skrev går inte förlorat: du får tillbaka det när du loggar in igen.",
    "2.2.1",
)
_PLAIN_WORDS = Shortcoming(
    "Texter som medlemmar har skrivit kan vara svåra att förstå. Det finns ingen lättläst version och inget"
    " på teckenspråk.",
    "Be om innehållet i en annan form.",
    "",
)
_FOLDED = Shortcoming(
    "Det som är hopfällt på sidan skrivs ut hopfällt i äldre webbläsare där JavaScript är avstängt.",
    "Fäll ut det innan du skriver ut.",
    "",
)
