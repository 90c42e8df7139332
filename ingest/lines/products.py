"""Quantities and prices told by their product: columns whose heads we do not know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ingest.fields.money import Amount
from ingest.layout import Sheet
from ingest.lines.arithmetic import agreeing
from ingest.lines.cells import number_in
from ingest.lines.rows import Entry, terms_of
from ingest.tables import Heading

_TIME = re.compile(r"^\d{1,3}:[0-5]\d$")


def counted_by_product(heading: Heading, lines: Sequence[Entry], sheet: Sheet, point: str) -> Heading | None:
    """The columns with quantities under a head that we do not know, where times the price they make every total.

    None where a column has the quantities, or where no number but 1 says so.
    """
    if "quantity" in heading.names or "line_total" not in heading.names:
        return None
    unnamed = [index for index, column in enumerate(heading.columns) if not column.name]
    prices = [index for index, column in enumerate(heading.columns) if column.name == "unit_price"]
    for price in prices or unnamed:
        for count in unnamed:
            if count != price and _counts(heading, count, price, lines, sheet, point):
                names = {count: "quantity", price: "unit_price"}
                columns = (replace(one, name=names.get(i, one.name)) for i, one in enumerate(heading.columns))
                return replace(heading, columns=tuple(columns))
    return None


def _counts(heading: Heading, count: int, price: int, lines: Sequence[Entry], sheet: Sheet, point: str) -> bool:
    """Whether the numbers of one column times the prices of another make the totals wherever both stand."""
    found: list[Decimal | None] = []
    for entry in lines:
        quantity, amount = (cell_at(entry, index, heading, sheet, point) for index in (count, price))
        total = entry.numbers.get("line_total")
        if quantity is None or amount is None or total is None or quantity.percent or amount.percent:
            continue
        agreed = agreeing(quantity, amount, total, terms_of(entry.numbers, entry.cells)) if amount.money else None
        found.append(agreed[0] if agreed is not None else None)
    return None not in found and bool({value for value in found if value} - {Decimal(1)})


def cell_at(entry: Entry, index: int, heading: Heading, sheet: Sheet, point: str) -> Amount | None:
    """The number that a row holds in a column; None where it holds none, or more than one."""
    column = heading.columns[index]
    words = [word for word in entry.row.words if column.left <= word.box.centre < column.right]
    # hours and minutes are no decimal number
    return number_in(words, sheet, point) if not any(_TIME.match(word.text) for word in words) else None
