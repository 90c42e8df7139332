"""Columns of lines' and articles' numbers, where the heading over them says another thing or stands over texts, too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.columns import with_edges
from ingest.dates import date_readings
from ingest.document import Source
from ingest.lines.rows import Entry, Kind
from ingest.tables import Column, Heading

_CODE = re.compile(r"^(?=.*\d)[A-Z0-9][A-Z0-9./-]{3,}$")
_ARTICLE = 1000
"""A number that is rather an article's than a line's, at least."""


def _numbered_by_codes(heading: Heading, entries: Sequence[Entry]) -> Heading | None:
    """The columns with articles' numbers in place of the lines', where these do not rise: "Nr" means either."""
    cells = [entry.cells["line_number"] for entry in entries if entry.agrees and entry.cells.get("line_number")]
    numbers = [int(words[0].text) for words in cells if len(words) == 1 and words[0].text.isdecimal()]
    rising = all(one < two for one, two in pairwise(numbers))
    if "sku" in heading.names or len(numbers) < len(cells) or len(numbers) < 2 or rising or max(numbers) < _ARTICLE:
        return None
    columns = (replace(one, name="sku") if one.name == "line_number" else one for one in heading.columns)
    return replace(heading, columns=tuple(columns))


def _numbered_in_texts(heading: Heading, entries: Sequence[Entry]) -> Heading | None:
    """The columns with the lines' numbers taken out of the texts, at whose left edge they stand; None where none do."""
    places = {column.name: index for index, column in enumerate(heading.columns)}
    texts = [entry.text for entry in entries if entry.agrees and len(entry.text) > 1]
    numbers = [int(words[0].text.strip(".")) for words in texts if words[0].text.strip(".").isdecimal()]
    rising = len(numbers) > 1 and all(one + 1 == two for one, two in pairwise(numbers))
    if not rising or len(numbers) < len(texts) or any(entry.cells.get("line_number") for entry in entries):
        return None
    if "line_number" not in places or places["line_number"] + 1 != places.get("description"):
        return None
    last, first = max(words[0].box.x1 for words in texts), min(words[1].box.x0 for words in texts)
    edges: list[float | None] = [None] * (len(heading.columns) - 1)
    edges[places["line_number"]] = (last + first) / 2
    return with_edges(heading, edges) if last < first else None


def with_codes(heading: Heading, entries: Sequence[Entry], height: float) -> Heading | None:
    """The columns with the articles' numbers parted from the texts behind them, where one heading stands over both.

    They are told by every line beginning with one, and every text after it at one place. None where it is not so.
    """
    numbered = _numbered_by_codes(heading, entries) or _numbered_in_texts(heading, entries)
    if numbered is not None:
        return numbered
    place = next((i for i, column in enumerate(heading.columns) if column.name == "description"), None)
    told = [entry for entry in entries if entry.text]
    lines = [entry for entry in told if entry.agrees] or [entry for entry in told if entry.kind is Kind.LINE]
    if place is None or "sku" in heading.names or not lines:
        return None
    texts = [entry.text for entry in lines]
    others = [entry.text[0].box.x0 for entry in told if entry not in lines]
    if any(len(words) < 2 or not _CODE.match(words[0].text) or date_readings(words[0].text) for words in texts):
        return None
    if all(words[1].text in "-–—" for words in texts):
        # a dash parts them within one text
        return None
    edge = min(words[1].box.x0 for words in texts)
    starts = [words[1].box.x0 for words in texts] + others
    rough = 0.5 if lines[0].row.segments[0].source is Source.OCR else 0.3
    aligned = sum(abs(x - edge) < rough * height for x in starts)
    if aligned < 0.8 * len(starts) or len(starts) < 2 or max(words[0].box.x1 for words in texts) >= edge:
        return None
    column = heading.columns[place]
    middle = (edge + max(words[0].box.x1 for words in texts)) / 2
    code = Column("sku", column.heading, column.left, middle)
    rest = replace(column, left=middle)
    return replace(heading, columns=(*heading.columns[:place], code, rest, *heading.columns[place + 1 :]))
