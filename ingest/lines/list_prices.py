"""List prices under a head that we do not know, beside prices that are less the line's discount already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ingest.layout import Sheet
from ingest.lines.arithmetic import Terms, fits
from ingest.lines.products import cell_at
from ingest.lines.rows import Entry, terms_of
from ingest.tables import Heading

_NEEDED = frozenset({"line_discount_percent", "unit_price"})


def at_list_prices(heading: Heading, lines: Sequence[Entry], sheet: Sheet, point: str) -> Heading | None:
    """The columns with prices before the discount as the prices; None where no column holds such."""
    if not heading.names >= _NEEDED:
        return None
    price = next(index for index, column in enumerate(heading.columns) if column.name == "unit_price")
    for index in range(price):
        if not heading.columns[index].name and _are_before_discount(heading, index, price, lines, sheet, point):
            names = {index: "unit_price", price: ""}
            columns = (replace(column, name=names.get(i, column.name)) for i, column in enumerate(heading.columns))
            return replace(heading, columns=tuple(columns))
    return None


def _are_before_discount(
    heading: Heading, index: int, price: int, lines: Sequence[Entry], sheet: Sheet, point: str
) -> bool:
    """Whether a column's numbers less the lines' discounts are the prices, on every line and at least one of them."""
    discounted = 0
    for entry in lines:
        before, after = (cell_at(entry, place, heading, sheet, point) for place in (index, price))
        if before is None or after is None:
            return False
        terms = Terms(terms_of(entry.numbers, entry.cells).percent)
        if not any(fits(Decimal(1), one, other, terms) for one in before.readings for other in after.readings):
            return False
        discounted += bool(terms.percent) and before.readings[0] != after.readings[0]
    return discounted > 0
