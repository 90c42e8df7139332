"""Cells that hold more than the number that counts: a price struck out, a discount before what it leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.document import Word
from ingest.fields.money import Amount
from ingest.layout import Sheet
from ingest.lines.arithmetic import Terms, agreeing
from ingest.lines.cells import numbers_in

_ROLES = ("unit_price", "line_total", "quantity")


def discounted_in_cell(
    numbers: dict[str, Amount], cells: Mapping[str, Sequence[Word]], sheet: Sheet, point: str
) -> None:
    """Takes the amount of a cell that begins with the discount which led to it: "(-10 %) 946.51"."""
    for name in ("line_total", "unit_price"):
        if name in numbers and numbers[name].percent:
            percent, *others = numbers_in(cells[name], sheet, point)
            amount = next((one for one in others if one.money and not one.percent), None)
            if amount is not None:
                numbers[name] = amount
                numbers.setdefault("line_discount_percent", percent)


def one_of_several(
    numbers: dict[str, Amount], cells: Mapping[str, Sequence[Word]], terms: Terms, sheet: Sheet, point: str
) -> None:
    """Takes of a cell's several numbers the one with which the line agrees, where with the first it does not."""
    if not numbers.keys() >= set(_ROLES):
        return
    quantity, price, total = (numbers[name] for name in ("quantity", "unit_price", "line_total"))
    if agreeing(quantity, price, total, terms) is not None:
        return
    for name in _ROLES:
        for other in numbers_in(cells.get(name), sheet, point)[1:]:
            if other.percent or (numbers[name].money and not other.money):
                continue
            tried = {**numbers, name: other}
            found = agreeing(tried["quantity"], tried["unit_price"], tried["line_total"], terms)
            if found is not None and found[2]:
                numbers[name] = other
                return
