"""The column of the lines' totals, where only another than the one so called makes a sum that is printed below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import permutations

from ingest.fields.money import amounts_of_row
from ingest.layout import Sheet
from ingest.lines.products import cell_at
from ingest.lines.rows import Entry
from ingest.tables import Heading

_NEVER = frozenset({"description", "sku", "buyer_sku", "line_number", "quantity", "unit_price", "delivery_date"})
"""Columns that are no totals."""
_MOST_TAX = Decimal("0.3")
"""The tax in shares of what it is taken of, at most."""
_SIDE_BY_SIDE = 2
"""Amounts in a row that sums up one thing, at most: a tax stands beside what it is taken of."""
_CENT = Decimal("0.01")
_LEAST = 2
"""Lines of which a sum proves anything."""


def totalled_by_sum(
    heading: Heading, lines: Sequence[Entry], sheet: Sheet, ends: Sequence[bool], point: str
) -> Heading | None:
    """The columns with the lines' totals where their sum is printed, right of those that are called so.

    "Ordered | Rate | Contract value | Done % | Done | Billed | This bill": what is billed is the last of many amounts.
    None where the totals as they are make such a sum, or no other column's do.
    """
    place = next((i for i, column in enumerate(heading.columns) if column.name == "line_total"), None)
    if place is None or len(lines) < _LEAST:
        return None
    printed = _printed(sheet, ends, heading.last, point)
    if not printed:
        return None
    sums = [_sum(heading, index, lines, sheet, point) for index in range(place, len(heading.columns))]
    alone = _printed(sheet, ends, heading.last, point, _SIDE_BY_SIDE)
    first, *others = sums
    less = any(one in alone and first is not None and one < first for one in others if one is not None)
    if less and not any(entry.agrees for entry in lines):
        # a row that sums up every column tells nothing of which is billed: it is the part that is summed up below
        printed = alone
    if sums[0] in printed:
        return _without_tax(heading, place, lines, sheet, printed, point)
    for index in range(place + 1, len(heading.columns)):
        if heading.columns[index].name in _NEVER or sums[index - place] not in printed:
            continue
        if heading.columns[index].name == "gross_line_total" and (
            all(entry.agrees for entry in lines) or all(map(_is_with_tax, lines))
        ):
            # where only the total with tax is printed, quantities and prices, or rates, still say which is without it
            continue
        names = {place: "", index: "line_total"}
        columns = (replace(column, name=names.get(i, column.name)) for i, column in enumerate(heading.columns))
        return replace(heading, columns=tuple(columns))
    return None


def _without_tax(
    heading: Heading, place: int, lines: Sequence[Entry], sheet: Sheet, printed: set[Decimal], point: str
) -> Heading | None:
    """The columns with the totals without tax, where a tax and they make what is called the total in every line."""
    if any(entry.agrees for entry in lines):
        return None
    rates = {
        abs(amount.readings[-1])
        for row in sheet.rows
        if "%" in row.text
        for amount in amounts_of_row(row, point)
        if amount.percent
    }
    table = {i: _amounts(heading, i, lines, sheet, point) for i in range(place + 1) if _may_be(heading, i)}
    totals = table.get(place, [])
    for net, tax in permutations([index for index in table if index < place], 2):
        if not totals or sum(table[net], Decimal(0)) not in printed:
            continue
        rows = list(zip(table[net], table[tax], totals, strict=False))
        if len(rows) == len(lines) and all(a + b == c and _is_taxed(a, b, rates) for a, b, c in rows):
            names = {net: "line_total", tax: "tax_amount", place: "gross_line_total"}
            columns = (replace(column, name=names.get(i, column.name)) for i, column in enumerate(heading.columns))
            return replace(heading, columns=tuple(columns))
    return None


def _is_with_tax(entry: Entry) -> bool:
    """Whether a line's rate of tax makes of what is called its total what is called its total with tax."""
    net, rate, gross = (entry.numbers.get(name) for name in ("line_total", "tax_rate", "gross_line_total"))
    if net is None or rate is None or gross is None:
        return False
    return abs(net.readings[0] * (100 + rate.readings[-1]) / 100 - gross.readings[0]) <= _CENT


def _is_taxed(net: Decimal, tax: Decimal, rates: set[Decimal]) -> bool:
    """Whether an amount is the tax of another at a rate that is printed: other charges make a total as well."""
    if not 0 < tax < _MOST_TAX * net:
        return False
    return not rates or any(abs(net * rate / 100 - tax) <= _CENT for rate in rates)


def _may_be(heading: Heading, index: int) -> bool:
    return heading.columns[index].name not in _NEVER - {"unit_price"}


def _amounts(heading: Heading, index: int, lines: Sequence[Entry], sheet: Sheet, point: str) -> list[Decimal]:
    """The amounts of a column; none where a line lacks one."""
    cells = [cell_at(entry, index, heading, sheet, point) for entry in lines]
    money = [cell.readings[0] for cell in cells if cell is not None and cell.money and not cell.percent]
    return money if len(money) == len(lines) else []


def sums_up(heading: Heading, lines: Sequence[Entry], sheet: Sheet, ends: Sequence[bool], point: str) -> bool:
    """Whether the lines' totals make a sum that is printed below them."""
    place = next((i for i, column in enumerate(heading.columns) if column.name == "line_total"), None)
    if place is None or len(lines) < _LEAST:
        return False
    return _sum(heading, place, lines, sheet, point) in _printed(sheet, ends, heading.last, point)


def _printed(sheet: Sheet, ends: Sequence[bool], last: int, point: str, most: int | None = None) -> set[Decimal]:
    """Amounts in rows that sum up, below the table's heading; of rows with `most` amounts only."""
    rows = [amounts_of_row(sheet.rows[index], point) for index in range(last, len(sheet.rows)) if ends[index]]
    money = [[amount for amount in amounts if amount.money] for amounts in rows]
    kept = [amounts for amounts in money if most is None or len(amounts) <= most]
    return {abs(value) for amounts in kept for amount in amounts for value in amount.readings if value}


def _sum(heading: Heading, index: int, lines: Sequence[Entry], sheet: Sheet, point: str) -> Decimal | None:
    """What the amounts of a column make, where it holds one in every line."""
    money = _amounts(heading, index, lines, sheet, point)
    return abs(sum(money, Decimal(0))) if money else None
