"""Amounts broken at the blank of their thousands over two rows of a narrow cell: "1" over "240,00"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Box, Word
from ingest.layout import boxes_of

Cells = dict[str, list[Word]]

_MONEY = ("unit_price", "line_total", "gross_line_total", "tax_amount")
_COUNTED = (*_MONEY, "quantity", "line_discount", "tax_rate")
_HEAD = re.compile(r"^[-\u2212]?[€$£]?[-\u2212]?\d{1,3}$")
_TAIL = re.compile(r"^\d{3}[.,]\d{2}$")
_STEP = 1.6
"""From row to row of one cell, in heights of the print, at most."""


def with_whole_numbers(rows: Sequence[Cells], height: float) -> dict[int, Cells]:
    """The rows that change, by their number, where such amounts are put together in the line's own row.

    That is the upper row, or one between the two that a line of lower cells is centred on.
    """
    changed: dict[int, Cells] = {}
    for number in range(1, len(rows)):
        for first in (number - 1, number - 2):
            if first < 0:
                continue
            above, below = changed.get(first, rows[first]), rows[number]
            names = [name for name in _MONEY if _broken(above.get(name), below.get(name), height)]
            own = number - 1
            if not _is_rest(below, names) or (own != first and not _is_around(rows[own], above, names)):
                continue
            joined = {name: _joined(above[name], below[name]) for name in names}
            for place in (first, number):
                cells = changed.get(place, rows[place])
                changed[place] = {name: words for name, words in cells.items() if name not in names}
            changed[own] = {**changed.get(own, rows[own]), **joined}
            break
    return changed


def _is_rest(below: Cells, names: Sequence[str]) -> bool:
    """Whether a row has no other numbers than the ends of such amounts: else it is a line of its own."""
    return bool(names) and not any(name in below for name in _COUNTED if name not in names)


def _is_around(own: Cells, above: Cells, names: Sequence[str]) -> bool:
    """Whether the row between lacks just the amounts of which the row above has nothing but the beginnings."""
    return _is_rest(above, names) and not any(name in own for name in names)


def _broken(above: Sequence[Word] | None, below: Sequence[Word] | None, height: float) -> bool:
    """Whether a cell's two rows are one amount: at most three digits, and under their edge or middle the rest."""
    if not above or not below or not _HEAD.match("".join(word.text for word in above)):
        return False
    one, two = boxes_of(word.box for word in above), boxes_of(word.box for word in below)
    return bool(_TAIL.match(below[0].text)) and two.middle - one.middle < _STEP * height and _aligned(one, two, height)


def _aligned(one: Box, two: Box, height: float) -> bool:
    return min(abs(one.x0 - two.x0), abs(one.x1 - two.x1), abs(one.centre - two.centre)) < 0.4 * height


def _joined(above: Sequence[Word], below: Sequence[Word]) -> list[Word]:
    box = boxes_of((above[-1].box, below[0].box))
    whole = replace(above[-1], text=above[-1].text + below[0].text, box=box)
    return [*above[:-1], whole, *below[1:]]


def is_under(words: Sequence[Word], cell: Sequence[Word], height: float) -> bool:
    """Whether words begin, end or are centred under those of a cell: its second row."""
    return _aligned(boxes_of(word.box for word in cell), boxes_of(word.box for word in words), height)
