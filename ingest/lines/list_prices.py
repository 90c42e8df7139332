"""List prices less discounts in one step and more, beside prices that are less them already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ingest.fields.money import Amount
from ingest.layout import Sheet
from ingest.lines.arithmetic import Terms, fits
from ingest.lines.products import cell_at
from ingest.lines.rows import Entry, Kind, numbers_agree, terms_of
from ingest.tables import Heading

_NEEDED = frozenset({"line_discount_percent", "unit_price"})
_WHOLE = Decimal(100)
_STEPS = frozenset({"", "line_discount_percent"})
"""Columns that may hold a step of a discount."""


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


def discounted_in_steps(entries: Sequence[Entry], heading: Heading, sheet: Sheet, point: str) -> None:
    """Gives lines that only so agree the one discount that those of several columns make: 42 % and 5 % are 44.9 %."""
    if not heading.names >= _NEEDED or "line_total" not in heading.names:
        return
    places = {column.name: index for index, column in enumerate(heading.columns)}
    for entry in entries:
        percent = entry.numbers.get("line_discount_percent")
        if entry.kind is not Kind.LINE or entry.agrees or percent is None:
            continue
        whole = _together(_steps(entry, heading, places["unit_price"], places["line_total"], sheet, point))
        numbers = {**entry.numbers, "line_discount_percent": Amount(percent.segment, (whole,), True, False)}
        if numbers_agree(numbers, terms_of(numbers, entry.cells)):
            entry.numbers, entry.agrees = numbers, True


def _steps(entry: Entry, heading: Heading, first: int, last: int, sheet: Sheet, point: str) -> list[Decimal]:
    """The percentages in the columns between two."""
    cells = [
        cell_at(entry, i, heading, sheet, point) for i in range(first + 1, last) if heading.columns[i].name in _STEPS
    ]
    values = [abs(cell.readings[-1]) for cell in cells if cell is not None]
    return [value for value in values if 0 < value < _WHOLE]


def _together(steps: Sequence[Decimal]) -> Decimal:
    left = Decimal(1)
    for step in steps:
        left *= (_WHOLE - step) / _WHOLE
    return (1 - left) * _WHOLE


def _are_before_discount(
    heading: Heading, index: int, price: int, lines: Sequence[Entry], sheet: Sheet, point: str
) -> bool:
    """Whether a column's numbers less the lines' discounts are the prices, on every line and at least one of them."""
    discounted = 0
    for entry in lines:
        before, after = (cell_at(entry, place, heading, sheet, point) for place in (index, price))
        if before is None or after is None:
            return False
        terms = Terms(_together(_steps(entry, heading, index, price, sheet, point)))
        if not any(fits(Decimal(1), one, other, terms) for one in before.readings for other in after.readings):
            return False
        discounted += bool(terms.percent) and before.readings[0] != after.readings[0]
    return discounted > 0
