"""What a document is: a kind, a slug, typed front matter and a Markdown body, read from one file.

A *kind* says what its front matter holds, where its files lie and what its headings are. Everything that is the same
for all kinds (saving, lists, forms, search) reads it from here and knows no kind by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.library.ahead import Ahead
from app.library.fields import SLUG, Facet, Long, NamesOrganisation, PartialDate, RefersTo
from app.library.pace import Pace
from app.library.vocabulary import Area, Publication, TargetGroup, Visibility


class Group(BaseModel):
    """A few fields that belong together inside a front matter."""

    model_config = ConfigDict(
        extra="allow", str_strip_whitespace=True, arbitrary_types_allowed=True, hide_input_in_errors=True
    )


class Source(Group):
    """Where something comes from."""

    title: str = Field(title="Vad", description="Till exempel ”Pressmeddelande: Nio miljoner till utvecklingsprojekt”.")
    publisher: str = Field("", title="Vem gav ut det")
    date: PartialDate | None = Field(None, title="När")
    url: str = Field("", title="Webbadress", pattern=r"^(https?://\S+)?$")
    note: str = Field("", title="Anmärkning", description="Till exempel ”datum framgår inte”.")


class Attachment(Group):
    """What is said of a file that is attached to a document; the file itself lies beside it, in ``x.files/``."""

    file: str = Field(title="Fil")
    title: str = Field("", title="Namn", max_length=150)
    alt: str = Field("", title="Beskrivning för den som inte ser bilden", max_length=300)


class FrontMatter(BaseModel):
    """What every document says of itself. Keys that no kind knows are kept as they are."""

    model_config = ConfigDict(
        extra="allow", str_strip_whitespace=True, arbitrary_types_allowed=True, hide_input_in_errors=True
    )

    id: str = Field(title="Id", pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
    title: str = Field(title="Rubrik", min_length=1, max_length=150)
    summary: Annotated[str, Long(2)] = Field(
        "",
        title="Sammanfattning",
        description="En eller två meningar som står överst och i sökträffar.",
        max_length=500,
    )
    owner: Annotated[str, NamesOrganisation("Skrivet av"), Facet("kommun", "Kommun eller organisation")] = Field(
        title="Organisation", description="Den som äger sidan. Bara dess medlemmar kan ändra den."
    )
    publication: Publication = Field(
        Publication.DRAFT,
        title="Publicering",
        # Nobody reviews on the web; a file may still say it.
        json_schema_extra={"not_offered": [Publication.IN_REVIEW]},
    )
    visibility: Visibility = Field(Visibility.PUBLIC, title="Vem får läsa")
    networks: list[Annotated[str, RefersTo("networks", "Från nätverket"), Facet("natverk", "Nätverk")]] = Field(
        default_factory=list, title="Nätverk"
    )
    areas: list[Annotated[Area, Facet("omrade", "Område")]] = Field(default_factory=list, title="Områden")
    target_groups: list[Annotated[TargetGroup, Facet("malgrupp", "Målgrupp")]] = Field(
        default_factory=list, title="Målgrupper"
    )
    sources: list[Source] = Field(default_factory=list, title="Källor", json_schema_extra={"one": "en källa"})
    invented: bool = Field(
        False, title="Påhittade uppgifter", description="Kryssa i om sidan är ett exempel som inte har hänt."
    )
    former_slugs: list[str] = Field(default_factory=list, title="Tidigare adresser")
    attachments: list[Attachment] = Field(default_factory=list, title="Bilder och filer")
    # Marks of digits that look like a personal number and that somebody has declared to be none (app.library.guard).
    not_personal_numbers: list[str] = Field(default_factory=list, title="Inte personnummer")

    def lacking(self) -> Iterator[tuple[str, str]]:
        """What a kind wants before others than the owner may read the document: a field, and in Swedish what to do.

        A draft may lack it. It is a problem of the file, and of the form's field, as soon as the document is reviewed
        or published; what is archived stays as it was.
        """
        return iter(())

    def forgotten(self, changed: AbstractSet[str]) -> Iterator[tuple[str, str]]:
        """What a form asks for besides, where these fields were changed in it: a field ("prediction-value" within a
        group), and in Swedish what to do.

        A file may lack it: what is known of something that is over can be told all the same.
        """
        return iter(())

    def doubtful(self) -> Iterator[tuple[str, str]]:
        """What a file says that cannot be, and that does not keep it from being read: a field, and in Swedish what to
        do. A form asks for it to be mended, and other files are told of.
        """
        return iter(())

    def ahead(self) -> Iterator[Ahead]:
        """What will happen, and what is still to be done, also what is late; what is over or called off is left out."""
        return iter(())

    @property
    def under_way(self) -> bool:
        """Whether it has begun to be done, so that what its kind locks (``Kind.locks``) is locked."""
        return False

    def shown_of(self, slug: str, content: bytes, named: Container[str]) -> bytes:
        """What those who do not write the document get of a table of values that lies beside it.

        ``slug`` is what the table is called, ``named`` the last parts of the slugs of documents below this one that may
        be named. Which groups are too small to be shown is the kind's to say.
        """
        return content

    def untold_of(self, tables: Mapping[str, bytes]) -> Iterator[tuple[str | int, ...]]:
        """The places in the front matter that only those who write the document are told, by what its tables hold."""
        return iter(())

    def faults_of(self, slug: str, content: bytes) -> Iterator[tuple[int, str]]:
        """What is wrong in a table of values that lies beside it: the line, and what to do about it."""
        return iter(())

    def pace(self) -> Pace:
        """Since when it stands where it stands, and what is due, as far as its typed fields tell."""
        return Pace()


@dataclass(frozen=True)
class Heading:
    """A heading that a kind's body is expected to have, with the question it answers."""

    title: str
    question: str = ""
    example: str = ""


@dataclass(frozen=True)
class Step:
    """One page of a kind's form. ``fields`` are front-matter keys, or headings of the body written "# Varför"."""

    title: str
    fields: tuple[str, ...]
    intro: str = ""


@dataclass(frozen=True)
class Kind:
    """One sort of document: its names, its fields, its files. The single place that says so is its module.

    ``parent`` is the kind under whose folder the files lie (a cycle's slug is "project/01-title"). ``menu`` is the
    kind's word in the main menu; one without it is reached from other pages.
    ``usual_days`` says of the phases that a document goes through how many days each usually takes, by the status's
    value: 0 for one that may last, while one that is not named is over. A kind without phases names none.
    ``name`` is the one word in code (module, blueprint, endpoint, template folder); ``url`` the one word in addresses;
    ``one``, ``the`` and ``many`` the Swedish words. ``path`` is where a document's file lies, with ``{slug}`` in it.
    """

    name: str
    one: str
    the: str
    many: str
    url: str
    front_matter: type[FrontMatter]
    path: str
    slug_pattern: str = SLUG
    headings: tuple[Heading, ...] = ()
    steps: tuple[Step, ...] = ()
    status_field: str = "status"
    parent: str = ""
    menu: str = ""
    usual_days: Mapping[Any, int] = field(default_factory=dict, hash=False)
    # The field that is locked when a document gets under way; its front matter then has "locked" and "additions".
    locks: str = ""
    # What a new document's form begins with of the one that it comes from, by the names of the form's fields.
    takes_over: Callable[[Document], Mapping[str, Any]] | None = None
    # What a new document's form shows of the one of its own kind that it builds on: names of texts, and the texts.
    recalls: Callable[[Document], Mapping[str, str]] | None = None
    # What a changed document's form comes to beside what was written in it: from its values before and now, and
    # today's date, to values, and the words that tell of it.
    settles: Callable[[Mapping[str, Any], Mapping[str, Any], date], tuple[Mapping[str, Any], str]] | None = None
    # What overviews of many documents show of one, worked out when it is saved: from the document and the tables that
    # lie beside it, by what they are called. Plain values, for it is kept as JSON.
    glance: Callable[[Document, Mapping[str, bytes]], Mapping[str, Any]] | None = None

    def path_of(self, slug: str) -> str:
        """The file of a slug, relative to the home folder. Raises ValueError for what is not a slug of this kind."""
        if len(slug) > 200 or not re.fullmatch(self.slug_pattern, slug):
            raise ValueError(f"not a slug of {self.name}: {slug[:80]!r}")
        return self.path.format(slug=slug)

    def slug_of(self, path: str) -> str | None:
        """The slug of a file, or None where the file is not of this kind."""
        found = self._path_pattern.fullmatch(path)
        return found["slug"] if found else None

    def how_far(self, status: str) -> int:
        """How far one in a phase has come of what goes on: 0 for one that waits, -1 for one that is over."""
        if status not in self.usual_days:
            return -1
        return list(self.usual_days).index(status) + 1 if self.usual_days[status] else 0

    @cached_property
    def _path_pattern(self) -> re.Pattern[str]:
        before, after = self.path.split("{slug}")
        return re.compile(f"{re.escape(before)}(?P<slug>{self.slug_pattern}){re.escape(after)}")


@dataclass(frozen=True)
class Problem:
    """Something in a file that has to be mended: where, what, and what was expected, in plain Swedish.

    ``field`` is the path inside the front matter, empty for the file as a whole; ``line`` counts from 1, 0 if unknown.
    """

    path: str
    message: str
    line: int = 0
    field: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        """One line, whatever the file is called: a name may hold line breaks, and turn the direction of writing."""
        where = f"{self.path}, rad {self.line}" if self.line else self.path
        return "".join(sign if sign.isprintable() else "\ufffd" for sign in f"{where}: {self.message}")


class BrokenDocument(Exception):
    """The file is there, but it cannot be understood. Carries every problem that was found."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.path = path
        self.problems = problems

    def __reduce__(self) -> tuple[type[BrokenDocument], tuple[str, list[Problem]]]:
        """So that it gets to other processes and back."""
        return type(self), (self.path, self.problems)


class NotFound(LookupError):
    """There is no such document."""


@dataclass(frozen=True)
class Document:
    """One document as its file says it. ``version`` is the SHA-256 of the file's bytes, in hexadecimal."""

    kind: Kind
    slug: str
    path: str
    text: str
    version: str
    front_matter: FrontMatter
    body: str
    # Lines of the front matter's values, for messages: ("sessions", 0, "date") -> 14.
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def id(self) -> str:
        return self.front_matter.id

    @property
    def title(self) -> str:
        return self.front_matter.title

    @property
    def status(self) -> Any:
        """The kind's own status (of a visit, a project, a cycle), or None for a kind without one."""
        return getattr(self.front_matter, self.kind.status_field, None)
