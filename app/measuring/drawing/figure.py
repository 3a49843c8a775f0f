"""A chart on a page: the conclusion in words, the picture for wide and for narrow windows, and a table of the same."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from app.measuring.charts import Chart, Mark
from app.measuring.drawing.elements import element
from app.measuring.drawing.frame import NARROW, WIDE, flags
from app.measuring.drawing.plot import description_of, plot, title_of
from app.measuring.drawing.scales import along, upwards
from app.measuring.drawing.symbols import symbols
from app.measuring.icons import icons
from app.measuring.sentence import conclude, stretch_rules
from app.measuring.telling import said_of
from app.measuring.wording import Scale, cadence, day_words


def figure(chart: Chart, key: str = "chart", downloads: Mapping[str, str] | None = None) -> Markup:
    """Everything of a chart. ``key`` begins its ids, and differs between charts of a page. ``downloads``: what
    leads where.
    """
    told, aimed = conclude(chart), icons(chart).assurance
    finding = told.finding if aimed else f"{told.finding} {told.aim}".strip()
    words = (title_of(chart), description_of(chart))
    found = [
        element("p", finding, class_="finding"),
        element("p", told.beside, class_="note"),
    ]
    if chart.marks:
        # Both pictures have the same axes.
        scale, where = upwards([chart]), along(chart)
        found += [
            _signs(chart, key),
            element("div", plot(chart, WIDE, f"{key}-w", scale, words, where), class_="wide"),
            element("div", plot(chart, NARROW, f"{key}-n", scale, words, where), class_="narrow"),
            _happened(chart),
            element("p", _small_print(chart), class_="note"),
            table(chart),
        ]
        found.append(_links(downloads))
    return element("figure", *found, class_="chart", role="group", aria_label=words[0])


def glance(chart: Chart, key: str = "chart", downloads: Mapping[str, str] | None = None) -> Markup:
    """A chart among others on a page: the conclusion, the icons, one picture of the narrow size, and the table."""
    told, words = conclude(chart), (title_of(chart), description_of(chart))
    said = element(
        "div",
        element("p", f"{told.finding} {told.aim}".strip(), class_="finding"),
        element("p", told.beside, class_="note"),
        _signs(chart, key),
        _happened_folded(chart),
        _links(downloads),
        class_="told stack",
    )
    drawn = element("div", plot(chart, NARROW, f"{key}-n", words=words), class_="small")
    return element("figure", drawn, said, table(chart), class_="chart glance", role="group", aria_label=words[0])


def _links(downloads: Mapping[str, str] | None) -> Markup:
    if not downloads:
        return Markup("")
    links = (element("a", name, href=address) for name, address in downloads.items())
    return element("p", "Hämta: ", Markup(", ").join(links), class_="note screen-only")


def table(chart: Chart) -> Markup:
    """The same as the picture, to be read."""
    scale, every = Scale(chart), cadence([mark.on for mark in chart.marks])
    pairs = any(mark.denominator is not None for mark in chart.marks)
    unit = f" ({scale.unit})" if scale.unit else ""
    headings = ["Datum", f"Värde{unit}", *(("Täljare", "Nämnare") if pairs else ())]
    headings.append("Median" if chart.kind.centre_is_median else "Medel")
    headings += ["Undre gräns", "Övre gräns"] if chart.kind.has_limits else []
    headings.append("Anmärkning")
    head = element("tr", *(element("th", heading, scope="col") for heading in headings))
    body = (
        _row(mark, day_words(mark.on, every), scale, pairs=pairs, limits=chart.kind.has_limits) for mark in chart.marks
    )
    caption = element("caption", title_of(chart))
    whole = element("table", caption, element("thead", head), element("tbody", *body))
    summary = element("summary", "Visa alla värden som tabell")
    label = f"Tabell: {chart.options.name}"
    return element(
        "details", summary, element("div", whole, class_="tbl", tabindex="0", role="region", aria_label=label)
    )


def _row(mark: Mark, day: str, scale: Scale, *, pairs: bool, limits: bool) -> Markup:
    figures: list[float | None] = [mark.value]
    cells = ["–" if one is None else scale.figure(one) for one in figures]
    if pairs:
        counts = (mark.numerator, mark.denominator)
        cells += ["–" if one is None else Scale.plain(float(one)) for one in counts]
    lines = [mark.centre, *((mark.lower, mark.upper) if limits else ())]
    cells += ["–" if one is None else scale.figure(one) for one in lines]
    said = said_of(mark)
    remark = ". ".join(part for part in (f"{said[:1].upper()}{said[1:]}".rstrip("."), mark.note) if part)
    # Figures and days need no escaping, and a table has many.
    shown = "".join([f"<td>{cell}</td>" for cell in cells])
    return Markup(f'<tr><th scope="row">{day}</th>{shown}<td>{escape(remark)}</td></tr>')  # noqa: S704 -- as above


def _signs(chart: Chart, key: str) -> Markup:
    told = icons(chart)
    words = [one.swedish for one in (told.variation, told.assurance) if one]
    if not words:
        return Markup("")
    if told.preliminary:
        words.append("Preliminärt, för det är få mätpunkter")
    said = element("span", ". ".join(words) + ".")
    return element("p", symbols(told, key), said, class_="signs")


def _happened(chart: Chart) -> Markup:
    """What the flags in the picture stand for."""
    told = flags(chart)
    if not told:
        return Markup("")
    every = cadence([mark.on for mark in chart.marks])
    rows = (
        element("li", f"{day_words(flag.on, every).capitalize()}: {'ny fas, ' if flag.phase else ''}{flag.text}")
        for flag in told
    )
    return element("ol", *rows, class_="happened")


def _happened_folded(chart: Chart) -> Markup:
    """The same where there is little room."""
    happened = _happened(chart)
    return element("details", element("summary", "Vad siffrorna ovanför linjen är"), happened) if happened else happened


def _small_print(chart: Chart) -> str:
    """The rules and what they found, and what should be known of the points."""
    frozen = ""
    if chart.now.freeze and chart.now.base:
        reason = f" ({chart.options.freeze_note.strip()})" if chart.options.freeze_note.strip() else ""
        left_out = chart.now.left_out
        besides = f", utom {left_out} som är {'undantagen' if left_out == 1 else 'undantagna'}" if left_out else ""
        frozen = f"Linjerna bygger på de första {chart.now.freeze} mätpunkterna{besides}{reason}."
        there = len(chart.now.base) + left_out
        if there < chart.now.freeze:
            frozen = (
                f"Linjerna är låsta vid de första {chart.now.freeze} mätpunkterna{reason}, men det finns bara {there}"
                f"{besides}."
            )
    said = [f"{chart.kind.swedish}.", stretch_rules(chart.now), frozen, *chart.remarks]
    return " ".join(part for part in said if part)
