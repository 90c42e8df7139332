"""Discounts that are printed in a row of their own under the line that they are taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ingest.fields.money import Amount, amounts_of_row
from ingest.heads import LONGEST
from ingest.labels import field_labels, label_key
from ingest.layout import Row
from ingest.lines.arithmetic import CENT
from ingest.lines.blocks import Block


def folded(blocks: Sequence[Block], point: str) -> list[Block]:
    """The lines with such rows folded into them: the percentage that is printed makes the amount of the line above."""
    found: list[Block] = []
    for block in blocks:
        if found and _fold(found[-1], block, point):
            continue
        cells = block.line.cells
        if not (block.texts or cells.keys() & {"sku", "line_number", "quantity", "unit_price"}):
            # an amount taken off without a word: of the sum, not of a line
            continue
        found.append(block)
    return found


def _fold(line: Block, below: Block, point: str) -> bool:
    own, numbers = line.line.numbers, below.line.numbers
    total, taken = own.get("line_total"), numbers.get("line_total")
    if total is None or taken is None or below.line.agrees or below.line.cells.get("line_number"):
        return False
    percent = next((a for a in amounts_of_row(below.line.row, point) if a.percent and a.readings[-1]), None)
    if percent is None or "line_discount_percent" in own:
        return False
    amount = abs(taken.readings[0])
    if taken.readings[0] > 0 and not _is_taken_off(below.line.row):
        # "General expenses 15 %" under a line are added to it
        return False
    if abs(abs(total.readings[0]) * abs(percent.readings[-1]) / 100 - amount) > 2 * CENT or amount < CENT:
        return False
    own["line_total"] = _less(total, amount)
    own["line_discount_percent"] = percent
    line.others.append(below.line)
    return True


def _is_taken_off(row: Row) -> bool:
    """Whether a row is named as a discount."""
    keys = [label_key(word.text) for word in row.segments[0].words]
    return any(
        meaning.name == "discount_total"
        for first in range(len(keys))
        for last in range(first + 1, min(len(keys), first + LONGEST) + 1)
        for meaning in field_labels().get("".join(keys[first:last]), ())
    )


def _less(total: Amount, amount: Decimal) -> Amount:
    return replace(total, readings=tuple(value - amount for value in total.readings))
