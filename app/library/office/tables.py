"""Tables as Markdown has them: a row of headings, one line in a cell, nothing merged. Other tables become text."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from app.library.office.styles import HEADINGS

MOST_CELLS = 5_000
WIDEST = 30


def mend_tables(soup: BeautifulSoup) -> None:
    """Mend every table, the innermost first."""
    for table in reversed(soup.find_all("table")):
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        cells = [list(row.find_all(["td", "th"], recursive=False)) for row in rows]
        width = max((_width(row) for row in cells), default=0)
        if width < 2 or table.find("table") or width > WIDEST or width * len(rows) > MOST_CELLS:
            _unfold(table)
        else:
            _fill(soup, table, _spread(soup, cells, width))


def _span(cell: Tag, name: str) -> int:
    said = str(cell.get(name) or "1")
    return min(max(int(said), 1), WIDEST) if said.isascii() and said.isdigit() and len(said) < 4 else 1


def _width(row: list[Tag]) -> int:
    return sum(_span(cell, "colspan") for cell in row)


def _unfold(table: Tag) -> None:
    """A table that only lays things out, or holds another one: what stands in it, one thing after the other."""
    for tag in table.find_all(["tbody", "thead", "tfoot", "tr"]):
        if tag.find_parent("table") is table:
            tag.unwrap()
    for tag in table.find_all(["td", "th", "caption"]):
        if tag.find_parent("table") is table:
            tag.name = "div"
    table.name = "div"


def _spread(soup: BeautifulSoup, rows: list[list[Tag]], width: int) -> list[list[Tag]]:
    """The rows with a cell in every place: merged ones are followed, and have below them, empty cells."""
    below: dict[int, int] = {}
    found = []
    for cells in rows:
        row: list[Tag] = []
        waiting = list(cells)
        while len(row) < width and (waiting or len(row) in below):
            if below.get(len(row), 0) > 0:
                below[len(row)] -= 1
                row.append(soup.new_tag("td"))
                continue
            if not waiting:
                break
            cell = waiting.pop(0)
            for number in range(_span(cell, "colspan")):
                below[len(row)] = _span(cell, "rowspan") - 1
                row.append(soup.new_tag("td") if number else cell)
        row += [soup.new_tag("td") for _ in range(width - len(row))]
        if any(cell.get_text().strip() for cell in row):
            found.append(row)
    return found


def _fill(soup: BeautifulSoup, table: Tag, rows: list[list[Tag]]) -> None:
    """Lay the rows in the table; the first one is its headings."""
    caption = table.find("caption")
    if isinstance(caption, Tag):
        caption.name = "p"
        table.insert_before(caption.extract())
    made = []
    for number, cells in enumerate(rows):
        row = soup.new_tag("tr")
        for cell in cells:
            cell.attrs = {}
            cell.name = "td" if number else "th"
            for mark in cell.find_all("strong") if not number else ():
                mark.unwrap()
            for point in cell.find_all("li"):
                point.insert_before("• ")
                point.unwrap()
            for block in cell.find_all(["ul", "ol", "blockquote", "pre", *HEADINGS]):
                block.name = "div"
            row.append(cell.extract())
        made.append(row)
    table.clear()
    table.extend(made)
