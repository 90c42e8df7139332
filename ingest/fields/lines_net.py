"""The net total that no label names: what the lines make, where it is printed and the tax makes the total of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ingest.fields.amounts import Total
from ingest.fields.money import Amount, amounts_of_row
from ingest.layout import Sheet


def net_of_lines(
    sheets: Sequence[Sheet],
    lines: frozenset[tuple[int, int]],
    lines_sum: Decimal | None,
    found: Sequence[Total],
    point: str,
) -> Iterator[Total]:
    """The sum of the lines as it is printed outside them, if the document names a tax and a total but no net.

    Args:
        sheets: the pages.
        lines: page and row of the line items and their heads.
        lines_sum: what the lines make together.
        found: readings of the totals.
        point: the document's decimal sign.
    """
    if not lines_sum or any(total.name == "net_total" for total in found):
        return
    taxes = {total.value for total in found if total.name == "tax_total" and total.value}
    grosses = {total.value for total in found if total.name in {"gross_total", "amount_due"}}
    roundings = {Decimal(0)} | {total.value for total in found if total.name == "rounding" and abs(total.value) < 1}
    if not any(lines_sum + tax + rounding in grosses for tax in taxes for rounding in roundings):
        return
    printed = next((one for one in _outside(sheets, lines, point) if lines_sum in one.readings), None)
    if printed is not None:
        yield Total("net_total", printed, lines_sum, 0.7, "lines")


def _outside(sheets: Sequence[Sheet], lines: frozenset[tuple[int, int]], point: str) -> Iterator[Amount]:
    for sheet in sheets:
        for index, row in enumerate(sheet.rows):
            if (sheet.page.number, index) not in lines:
                yield from (amount for amount in amounts_of_row(row, point) if amount.money)
