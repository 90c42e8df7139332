"""Quantities before what a line says, in a table without a column for them: "2 x Cheese", "14,5 kg Beans"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.document import Word
from ingest.fields.money import Amount
from ingest.layout import Sheet
from ingest.lines.blocks import Block
from ingest.lines.cells import number_in, unglued
from ingest.units import unit_code

_COUNT = re.compile(r"^\d{1,5}(?:[.,]\d{1,3})?$")
_SIGNS = frozenset("x×*")
_LEAST = 2
"""Lines of which all begin so: of one alone it may be its name."""


def counted_before(blocks: Sequence[Block], sheet: Sheet, point: str) -> list[Block]:
    """The lines with such counts taken out of their texts, where every line begins with one and one has its sign."""
    lines = [block for block in blocks if block.texts]
    if len(lines) < _LEAST or any("quantity" in block.line.numbers for block in blocks):
        return list(blocks)
    told = [_count(block.texts[0].text) for block in lines]
    if not all(told) or not any(words[-1].text.casefold() in _SIGNS for words in told):
        return list(blocks)
    for block, words in zip(lines, told, strict=True):
        amount = number_in(words, sheet, point)
        if amount is not None:
            _take(block, words, amount)
    return list(blocks)


def _count(words: Sequence[Word]) -> list[Word]:
    """The count and its sign or unit before a text; empty where it begins otherwise."""
    parts, rest = unglued(words[:1]), words[1:]
    if len(parts) == 1:
        parts, rest = list(words[:2]), words[2:]
    if len(parts) != 2 or not _COUNT.match(parts[0].text) or not any(s.isalpha() for word in rest for s in word.text):
        return []
    sign = parts[1].text
    # "5 V adapter" begins with a unit too
    known = sign.casefold() in _SIGNS or (unit_code(sign) is not None and sign[:1].islower())
    return parts if known else []


def _take(block: Block, words: Sequence[Word], amount: Amount) -> None:
    cells = block.texts[0].cells
    rest = [word for word in cells["description"] if word.box.x0 >= words[-1].box.x1 - 0.1]
    if rest:
        cells["description"] = rest
        block.line.cells["quantity"] = list(words)
        block.line.numbers["quantity"] = amount
