"""Quantities that are hard to see: run together with the cell before, or a sign that OCR took a digit for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ingest.document import Source, Word
from ingest.fields.money import Amount
from ingest.layout import Sheet, segment_of
from ingest.lines.cells import unglued
from ingest.numbers import plain
from ingest.tables import Heading


def quantity_of(
    cells: dict[str, list[Word]], numbers: Mapping[str, Amount], heading: Heading, sheet: Sheet
) -> Amount | None:
    """The quantity that price and total ask for, where something like it is printed; a run-together cell is parted."""
    price, total = numbers.get("unit_price"), numbers.get("line_total")
    if price is None or total is None or not price.readings[0] or "quantity" not in heading.names:
        return None
    quantity = total.readings[0] / price.readings[0]
    parted = _run_together(cells, quantity, heading, sheet) or _before_unit(cells, quantity, sheet)
    return parted or _misread(cells, quantity, sheet)


def _run_together(cells: dict[str, list[Word]], quantity: Decimal, heading: Heading, sheet: Sheet) -> Amount | None:
    """A quantity printed without a blank behind a too long cell."""
    column = next(index for index, one in enumerate(heading.columns) if one.name == "quantity")
    if not column:
        return None
    left, place = heading.columns[column - 1], heading.columns[column].heading
    words = cells.get(left.name) or []
    digits = plain(quantity.to_integral_value())
    if quantity != quantity.to_integral_value() or not words or not words[-1].text.endswith(digits):
        return None
    word = words[-1]
    if word.box.x1 <= place.x0 or len(word.text) == len(digits):
        return None
    edge = word.box.x1 - word.box.width * len(digits) / len(word.text)
    first = replace(word, text=word.text[: -len(digits)], box=word.box._replace(x1=edge))
    second = replace(word, text=digits, box=word.box._replace(x0=edge))
    cells[left.name] = [*words[:-1], first]
    return _amount(second, Decimal(digits), sheet)


def _before_unit(cells: dict[str, list[Word]], quantity: Decimal, sheet: Sheet) -> Amount | None:
    """A quantity run together with the unit behind it, in that one's column: "1F"."""
    first = unglued((cells.get("unit") or [])[:1])
    if len(first) < 2 or first[0].text != plain(quantity.normalize()):
        return None
    cells["unit"] = [*first[1:], *cells["unit"][1:]]
    return _amount(first[0], quantity, sheet)


def _misread(cells: dict[str, list[Word]], quantity: Decimal, sheet: Sheet) -> Amount | None:
    """A single digit that OCR took for another sign ("+", "l")."""
    words = cells.get("quantity") or []
    if sheet.page.source is not Source.OCR or not words:
        return None
    if len(words[0].text) != 1 or quantity not in range(1, 10):
        return None
    return _amount(words[0], Decimal(int(quantity)), sheet)


def _amount(word: Word, value: Decimal, sheet: Sheet) -> Amount:
    return Amount(segment_of([word], sheet.page.number, sheet.page.source), (value,), False, False)
