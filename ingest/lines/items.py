"""A line's cells as values with their confidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ingest.dates import date_readings
from ingest.document import Source, Word
from ingest.extraction import FieldValue, LineItem
from ingest.fields.money import Amount
from ingest.layout import Segment, Sheet, boxes_of
from ingest.lines.arithmetic import agreeing, fits
from ingest.lines.blocks import Block
from ingest.lines.cells import base_in, segment_in, unit_of
from ingest.lines.notes import noted
from ingest.lines.rows import terms_of
from ingest.numbers import plain
from ingest.units import misread_unit, unit_code

CONFIRMED = 0.98
"""Confidence of a number that takes part in an equation that holds."""
UNCONFIRMED = 0.82
_TEXTS = ("sku", "buyer_sku", "line_number", "purchase_order", "delivery_note")
_HIGHEST_RATE = 30


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of a line's description and of the remarks on it, row by row."""

    description: tuple[tuple[Word, ...], ...]
    notes: tuple[tuple[Word, ...], ...]


def item_of(block: Block, texts: Texts, sheet: Sheet, point: str, rates: Mapping[str, Decimal]) -> LineItem | None:
    """The line item of a block of rows; None where it has neither price nor total.

    Args:
        block: the rows.
        texts: its texts, parted into description and remarks.
        sheet: their page.
        point: the document's decimal sign.
        rates: what the document's tax letters stand for.
    """
    line = block.line
    numbers = dict(line.numbers)
    cells: dict[str, FieldValue] = {}
    _numbers(line.cells, numbers, cells)
    for name in ("line_discount", "line_discount_percent"):
        amount = numbers.get(name)
        if amount is not None:
            percent = amount.percent or name == "line_discount_percent"
            value = abs(amount.readings[-1] if percent else amount.readings[0])
            if value and (not percent or value <= 100):
                cells["line_discount_percent" if percent else name] = value_of(plain(value), amount.segment, 0.88)
    _rate(line.cells, numbers, sheet, rates, cells)
    for name in _TEXTS:
        words = line.cells.get(name)
        if words:
            segment = segment_in(words, sheet)
            text = segment.text.strip(" :[]")
            cells[name] = value_of(text.rstrip(".)") if name == "line_number" else text, segment, 0.88)
    _unit(line.cells, sheet, cells)
    for name, rows in (("description", texts.description), ("note", texts.notes)):
        words = [word for row in rows for word in row]
        if words:
            segment = Segment(tuple(words), boxes_of(w.box for w in words), sheet.page.number, sheet.page.source)
            cells[name] = value_of(segment.text.strip(" :"), segment, 0.9 if name == "description" else 0.7)
    for name, (said, row, sure) in noted(texts.notes, texts.description).items():
        cells.setdefault(name, value_of(said, segment_in(row, sheet), sure))
    if "delivery_date" in line.cells:
        segment = segment_in(line.cells["delivery_date"], sheet)
        readings = date_readings(segment.text)
        if readings:
            cells["delivery_date"] = value_of(readings[0].isoformat(), segment, 0.85)
    if not cells.keys() & {"line_total", "unit_price"}:
        return None
    return LineItem(**cells)


def _numbers(words: Mapping[str, list[Word]], numbers: dict[str, Amount], cells: dict[str, FieldValue]) -> None:
    """Quantity, price, base and total, in the readings with which they agree."""
    total_name = "line_total" if "line_total" in numbers else "gross_line_total"
    quantity, price, total = (numbers.get(name) for name in ("quantity", "unit_price", total_name))
    terms = terms_of(numbers, words)
    chosen: tuple[Decimal, ...] | None = None
    if quantity is not None and price is not None and total is not None:
        chosen = agreeing(quantity, price, total, terms)
    sure = CONFIRMED if chosen is not None else UNCONFIRMED
    readings = chosen or tuple(one.readings[0] if one is not None else Decimal(0) for one in (quantity, price, total))
    for name, amount, value in zip(
        ("quantity", "unit_price", "line_total"), (quantity, price, total), readings, strict=True
    ):
        if amount is not None:
            cells[name] = value_of(plain(value), amount.segment, sure)
    if terms.base != 1 and price is not None:
        printed = base_in(words.get("unit_price"))
        segment = numbers["price_base"].segment if "price_base" in numbers else price.segment
        cells["price_base"] = value_of(plain(terms.base), segment, sure if printed is None or chosen else 0.8)


def _rate(
    words: Mapping[str, list[Word]],
    numbers: Mapping[str, Amount],
    sheet: Sheet,
    rates: Mapping[str, Decimal],
    cells: dict[str, FieldValue],
) -> None:
    """The rate of tax, or what the letter in its place stands for."""
    own = words.get("tax_rate") or []
    letter = "".join(word.text for word in own).strip("*()").upper()
    amount = numbers.get("tax_rate")
    if letter in rates and not (amount is not None and amount.percent):
        cells["tax_rate"] = value_of(plain(rates[letter]), segment_in(own, sheet), 0.92)
    elif amount is not None and 0 <= amount.readings[-1] <= _HIGHEST_RATE:
        cells["tax_rate"] = value_of(plain(amount.readings[-1]), amount.segment, 0.92 if amount.percent else 0.88)


def _unit(words: Mapping[str, list[Word]], sheet: Sheet, cells: dict[str, FieldValue]) -> None:
    """The unit from its own column, else what stands beside the number of the quantity or behind the price."""
    own = [word for word in words.get("unit") or [] if any(sign.isalpha() for sign in word.text) or "²" in word.text]
    if own:
        segment = segment_in(own, sheet)
        text = re.sub(r"^[\d.,]+\s*", "", segment.text)
        code = unit_code(text) or (misread_unit(text) if segment.source is Source.OCR else None)
        if code or len(text) < 20:
            cells["unit"] = value_of(code or text, segment, 0.93 if code else 0.7)
        return
    found = unit_of(words.get("quantity"))
    if found is not None:
        cells["unit"] = value_of(found[0], segment_in(found[1], sheet), 0.93)
        return
    base = base_in(words.get("unit_price"))
    if base is not None and base.unit is not None:
        cells["unit"] = value_of(base.unit, segment_in(base.words, sheet), 0.88)


def agrees(item: LineItem) -> bool:
    """Whether quantity times price is the line's total."""
    cells = (item.quantity, item.unit_price, item.line_total)
    quantity, price, total = (cell.number if cell is not None else None for cell in cells)
    if quantity is None or price is None or total is None:
        return False
    # confirmed when it was read, with discount and base
    return bool(item.line_total and (item.line_total.confidence or 0) >= 0.95) or fits(quantity, price, total)


def value_of(value: str, segment: Segment, sure: float) -> FieldValue:
    """A value where it stands; what OCR read is as sure as its worst word, arithmetic aside."""
    if segment.source is Source.OCR and sure < CONFIRMED:
        sure *= 0.6 + 0.38 * max(0.0, min(1.0, segment.confidence))
    elif segment.source is Source.OCR:
        sure -= 0.01
    return FieldValue(value, segment.text, round(sure, 3), segment.page, segment.box, segment.source)
