"""Quantity and price that tills print in a row of their own under a line: "Blueberry scone  13.50" over "3 x 4.50"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.fields.money import Amount, amounts_of_row
from ingest.layout import Row
from ingest.lines.arithmetic import agreeing
from ingest.lines.blocks import Block

_DETAIL = re.compile(r"^\d[\d.,]*\s*(?:[^\W\d_]{1,4}\.?)?\s*[x×*@]\s*[€$£]?\s?\d[\d.,]*\s*[€$£]?$", re.IGNORECASE)


def is_detail(row: Row) -> bool:
    """Whether a row holds nothing but a count and a price."""
    return bool(_DETAIL.match(" ".join(segment.text for segment in row.segments)))


def counted(blocks: Sequence[Block], point: str) -> list[Block]:
    """The lines with such rows taken into their numbers, where count times price makes the line's total."""
    for block in blocks:
        own = block.line.numbers
        total = own.get("line_total")
        if total is None or {"quantity", "unit_price"} & own.keys():
            continue
        for entry in [text for text in block.texts if text is not block.line and is_detail(text.row)]:
            found = _product(entry.row, total, point)
            if found is not None:
                own["quantity"], own["unit_price"] = found
                block.texts.remove(entry)
                break
    return list(blocks)


def _product(row: Row, total: Amount, point: str) -> tuple[Amount, Amount] | None:
    amounts = amounts_of_row(row, point)
    if len(amounts) != 2 or agreeing(amounts[0], amounts[1], total) is None:
        return None
    return amounts[0], amounts[1]
