"""``larnat search``: the search on the command line, for what anybody may read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import click

from app.config import Settings
from app.index import FacetCount, Hit, Query, Results
from app.library.fields import number_words
from app.library.visibility import ANYONE
from app.publishing import current
from app.search.answers import DEFAULT_LIMIT, MOST_HITS, as_plain
from app.search.choices import FIRST_CHOICES
from app.web.text import count


@click.command(
    help="Sök bland det som alla får läsa. Orden betyder vad de gör på sidan: '\"första möte\" -barn'.",
    # A word that begins with a hyphen is one that is to be left out.
    context_settings={"ignore_unknown_options": True},
)
@click.argument("words", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Skriv svaret som JSON, som /api/v1/search.")
@click.option(
    "--limit", type=click.IntRange(1, MOST_HITS), default=DEFAULT_LIMIT, show_default=True, help="Högst så många."
)
@click.option("--kind", default="", help="Bara en sort, till exempel practices.")
@click.option("--archived", is_flag=True, help="Också det som är arkiverat.")
@click.option("--choose", multiple=True, metavar="VAL", help="Ett val som på sidan, till exempel omrade=aldre.")
@click.pass_obj
def search(
    settings: Settings,
    words: tuple[str, ...],
    as_json: bool,
    limit: int,
    kind: str,
    archived: bool,
    choose: tuple[str, ...],
) -> None:
    """Print what the words find for somebody who is not signed in."""
    from app import create_app  # the app knows this room, so this room meets it only when a command runs

    with create_app(settings).app_context(), closing(current.databases):
        query = Query(" ".join(words), _choices(kind, choose), limit, archived=archived)
        results = current.index.find(query, ANYONE)
        click.echo(json.dumps(as_plain(results), ensure_ascii=False, indent=2) if as_json else as_text(results))


def _choices(kind: str, choose: tuple[str, ...]) -> dict[str, list[str]]:
    """The choices that the options say. Raises BadParameter for one that there is not."""
    kinds, facets = current.library.kinds, current.index.facets
    if kind and kind not in kinds:
        raise click.BadParameter(f"välj bland {', '.join(kinds)}", param_hint="--kind")
    chosen = {"typ": [kind]} if kind else {}
    for name, _, value in (one.partition("=") for one in choose):
        if name not in facets or not value:
            raise click.BadParameter(f"skriv NAMN=VÄRDE med ett av {', '.join(facets)}", param_hint="--choose")
        chosen.setdefault(name, []).append(value)
    return chosen


def as_text(results: Results) -> str:
    """Results as lines to read: how many, the hits, and what one can choose among."""
    blocks = ["\n".join(_summary(results)), *("\n".join(_lines_of(hit)) for hit in results.hits)]
    if results.total > 1 and results.facets:
        blocks.append("\n".join(["Välj ut med --choose:", *map(_choices_of, results.facets)]))
    return "\n\n".join(blocks)


def _summary(results: Results) -> Iterator[str]:
    """How much was found, and what was done to find it; where there is nothing, what one can try."""
    query = results.query
    found = count(results.total, "träff", "träffar") if results.total else "Inga träffar"
    archived = f", och {results.archived} arkiverade (--archived)" if results.archived and not query.archived else ""
    yield f"{found}{archived} ({number_words(round(results.took_ms, 1))} ms)"
    if results.corrected and results.total:
        yield f"Något ord finns inte på någon sida. Det här hittas med: {results.corrected}"
    elif results.relaxed:
        yield "Ingen sida har alla orden. Här är de som har något av dem."
    if not results.total:
        yield from _advice(results)


def _advice(results: Results) -> Iterator[str]:
    query = results.query
    if query.chosen:
        yield "Pröva utan --choose och --kind: då söks det bland allt."
    if query.sought.phrases:
        yield "Pröva utan citattecken: då behöver orden inte stå intill varandra."
    if query.sought.excluded or query.sought.excluded_phrases:
        yield "Pröva utan det som har ett bindestreck framför sig."
    suggested = current.index.suggest(query.words, ANYONE, 1)
    yield from (f"Menade du: {one.text}" for one in suggested if one.kind == "spelling")
    yield "Pröva färre ord, eller mer vanliga ord för samma sak. Böjningen spelar ingen roll."


def _lines_of(hit: Hit) -> Iterator[str]:
    card = hit.card
    yield f"{card.title}  ({', '.join(one for one in (card.kind_word, card.owner_name, card.status) if one)})"
    yield card.url
    if hit.snippet:
        yield hit.snippet.striptags()


def _choices_of(facet: FacetCount) -> str:
    """A facet with its commonest choices, each as the option takes it."""
    shown = ", ".join(f"{choice.label} {choice.count}" for choice in facet.choices[:FIRST_CHOICES])
    return f"  {facet.label} ({facet.name}): {shown}{' …' if len(facet.choices) > FIRST_CHOICES else ''}"


commands = (search,)
