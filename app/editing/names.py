"""Names instead of slugs: what people type and read where a file names an organisation or another document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz, process

from app.index import Card, IndexNotReady
from app.library.document import Document
from app.library.organisations import Organisation
from app.library.slugs import slugify
from app.library.visibility import Viewer, may_see
from app.publishing import current
from app.web.forms import Shape, Sort

NEAR_ENOUGH = 65
MOST_SUGGESTED = 1_000


class Lookup:
    """What a viewer may choose among. Made for one request; each list is read when first asked for.

    ``file_names`` are those of the files of the document that is written, with those that wait to be saved;
    ``unlisted`` are the words in it that their lists have not, and ``above`` is the document under which it lies.
    """

    def __init__(
        self,
        viewer: Viewer,
        file_names: Callable[[], Container[str]] = frozenset,
        unlisted: Callable[[], Container[str]] = frozenset,
        above: Callable[[], Document | None] = lambda: None,
    ) -> None:
        self.viewer = viewer
        self.file_names = file_names
        self.unlisted = unlisted
        self.above = above
        self.ready = True
        self._pages: dict[str, list[tuple[str, str]]] = {}
        self._titles: dict[str, dict[str, str]] = {}

    def rows_above(self, name: str) -> Sequence[str]:
        """What the rows of a list are called in the document above, each once; none that the viewer may not see."""
        above = self.above()
        rows = getattr(above.front_matter, name, ()) if above and may_see(self.viewer, above.front_matter) else ()
        return list({row.name.casefold(): row.name for row in rows}.values())

    # ---- Organisations ----

    @cached_property
    def _organisations(self) -> Sequence[Organisation]:
        return list(current.organisations.all())

    @cached_property
    def _slugs_by_name(self) -> dict[str, list[str]]:
        """Which slugs a name may mean, by names and short names in small letters."""
        found: dict[str, list[str]] = {}
        for one in self._organisations:
            for name in {one.name.casefold(), (one.short or one.name).casefold()}:
                found.setdefault(name, []).append(one.slug)
        return found

    def organisation_words(self, slug: str) -> str:
        """The name, with the slug where several have the same name; the slug itself if nobody has it."""
        found = current.organisations.get(slug) if slug else None
        if not found:
            return slug
        several = len(self._slugs_by_name.get(found.name.casefold(), ())) > 1
        return f"{found.name} ({slug})" if several else found.name

    def organisation_slug(self, typed: str) -> str:
        """The slug of the one organisation that was meant; what was typed, where it is none or several."""
        slug = _in_brackets(typed) or typed
        if current.organisations.get(slug):
            return slug
        meant = self._slugs_by_name.get(typed.casefold(), [])
        return meant[0] if len(meant) == 1 else typed

    def organisation_suggestions(self) -> list[str]:
        return [self.organisation_words(one.slug) for one in self._organisations]

    def near_organisations(self, typed: str) -> list[str]:
        """The names most like what was typed, the likeliest first."""
        several = self._slugs_by_name.get(typed.casefold(), [])
        if several:
            return [self.organisation_words(slug) for slug in several[:5]]
        return nearest(typed, self.organisation_suggestions())

    def owners(self) -> list[tuple[str, str]]:
        """The organisations that the viewer writes for; none for an admin, who may write for any."""
        if self.viewer.admin:
            return []
        return sorted(((slug, self.organisation_words(slug)) for slug in self.viewer.organisations), key=lambda o: o[1])

    # ---- Other documents ----

    def references(self, kind: str) -> list[tuple[str, str]]:
        """Slug and name of the documents of a kind that the viewer may see, by title.

        The name is the title; for what lies in another document's folder that one's as well, and where several would
        still have the same, the slug.
        """
        if kind not in self._pages:
            self._pages[kind] = self._read_references(kind)
        return self._pages[kind]

    def _read_references(self, kind: str) -> list[tuple[str, str]]:
        above = current.library.kinds[kind].parent
        try:
            found = current.index.titles(kind, self.viewer, MOST_SUGGESTED)
            parents = dict(current.index.titles(above, self.viewer, MOST_SUGGESTED)) if above else {}
        except IndexNotReady:
            # The form works without suggestions; saving says that it has to wait.
            self.ready = False
            return []
        self._titles[kind] = dict(found)
        named = [(slug, title, parents.get(slug.partition("/")[0])) for slug, title in found]
        names = [(slug, f"{title} – {parent}" if parent else title) for slug, title, parent in named]
        times = Counter(name.casefold() for _, name in names)
        return [(slug, f"{name} ({slug})" if times[name.casefold()] > 1 else name) for slug, name in names]

    def exists(self, kind: str, slug: str) -> bool:
        """Whether the viewer may see such a document."""
        return self._card(kind, slug) is not None

    def _card(self, kind: str, slug: str) -> Card | None:
        """Such a document, if the viewer may see it; also by an address that it had before."""
        return current.index.target(current.library.kinds[kind].url, slug, self.viewer)

    def reference_words(self, kind: str, slug: str) -> str:
        """The name; the slug itself for what the viewer may not see or nobody has written."""
        if not slug:
            return ""
        if name := dict(self.references(kind)).get(slug):
            return name
        try:
            card = self._card(kind, slug)
        except IndexNotReady:
            self.ready = False
            return slug
        # There are more documents than are suggested: the slug says which of them it is.
        return f"{card.title} ({slug})" if card else slug

    def reference_slug(self, kind: str, typed: str) -> str:
        """The slug of the one document that was meant by a name, a title or a slug; what was typed, where none was."""
        names, bracketed = self.references(kind), _in_brackets(typed)
        titles, wanted = self._titles.get(kind, {}), typed.casefold()
        for slug in (typed, bracketed):
            if slug in titles:
                return slug
        for meant in (
            [slug for slug, name in names if name.casefold() == wanted],
            [slug for slug, title in titles.items() if title.casefold() == wanted],
        ):
            if len(meant) == 1:
                return meant[0]
        return bracketed if bracketed and self.ready and self.exists(kind, bracketed) else typed

    def reference_suggestions(self, kind: str) -> list[str]:
        return [name for _, name in self.references(kind)]

    def near_references(self, kind: str, typed: str) -> list[str]:
        return nearest(typed, self.reference_suggestions(kind))

    def near_links(self, kind_url: str, slug: str) -> list[str]:
        """How links most like a broken one are written: "arbetssatt/slug"."""
        kinds = [kind for kind in current.library.kinds.values() if kind_url in ("", kind.url)]
        written = {slug: f"[[{kind.url}/{slug}]]" for kind in kinds for slug, _ in self.references(kind.name)}
        return [written[near] for near in nearest(slugify(slug) or slug, written)]


def nearest(typed: str, words: Iterable[str]) -> list[str]:
    """At most three of the words that are most like what was typed; none if nothing is near."""
    found = process.extract(
        typed, list(words), scorer=fuzz.WRatio, processor=str.casefold, limit=3, score_cutoff=NEAR_ENOUGH
    )
    return [str(word) for word, _, _ in found]


def _in_brackets(typed: str) -> str:
    """The slug in "Title (slug)"; empty where there is none."""
    before, bracket, rest = typed.rpartition("(")
    return rest[:-1].strip() if bracket and before and rest.endswith(")") else ""


def words_of(shape: Shape, value: Any, lookup: Lookup) -> str:
    """A form value in words."""
    if not value and value is not False:
        return ""
    match shape.sort:
        case Sort.GROUP:
            parts = ((part, words_of(part, value.get(part.name), lookup)) for part in shape.parts)
            return ", ".join(f"{part.label}: {words}" for part, words in parts if words and words != "Nej")
        case Sort.ROWS:
            return "\n".join(words_of(shape.each, row, lookup) for row in value)
        case Sort.CHOICES:
            return ", ".join(dict(shape.choices).get(word, word) for word in value)
        case Sort.CHOICE:
            return dict(shape.choices).get(str(value), str(value))
        case Sort.YES_NO:
            return "Ja" if value else "Nej"
        case Sort.ORGANISATION:
            return lookup.organisation_words(str(value))
        case Sort.REFERENCE:
            return lookup.reference_words(shape.refers_to, str(value))
    return str(value)
