"""For how many units a table's prices are, where its head or its arithmetic says so once for all lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ingest.document import Word
from ingest.extraction import FieldValue, LineItem
from ingest.fields.money import Amount
from ingest.layout import Segment, Sheet
from ingest.lines.arithmetic import agreeing
from ingest.lines.cells import base_in_head, segment_in
from ingest.lines.items import CONFIRMED
from ingest.lines.products import cell_at
from ingest.lines.rows import Entry, Kind, numbers_agree, terms_of
from ingest.tables import Heading

_USUAL = (Decimal(100), Decimal(1000))
"""For how many units small parts are priced."""
_EQUATION = ("quantity", "unit_price", "line_total")
_CLOSE = 0.7
"""Blank, in heights of the print, between the rows of a head, at most."""
_AMOUNT = re.compile(r"\d[.,]\d")
_UNEXPLAINED = 0.45
"""What quantity and price are worth where they make the total on no line at all."""


def with_bases(entries: Sequence[Entry], heading: Heading, sheet: Sheet | None) -> None:
    """Gives the lines the base that their price's head names, or with which alone all of them agree.

    `sheet` is the page that the heading stands on, None where that is another one.
    """
    lines = [entry for entry in entries if entry.kind is Kind.LINE and entry.numbers.keys() >= set(_EQUATION)]
    head = _head_of_price(heading, sheet) if sheet is not None else []
    said = base_in_head(head)
    if not lines or any("price_base" in entry.numbers or (entry.agrees and said is None) for entry in lines):
        return
    for count in (said,) if said is not None else _USUAL if len(lines) > 1 else ():
        segment = segment_in(head, sheet) if said is not None and sheet is not None else None
        tried = [_based(entry, count, segment) for entry in lines]
        agree = [numbers_agree(new, terms_of(new, old.cells)) for old, new in zip(lines, tried, strict=True)]
        if all(agree) or (said is not None and 2 * sum(agree) > len(agree)):
            for entry, numbers, holds in zip(lines, tried, agree, strict=True):
                entry.numbers, entry.agrees = numbers, holds
            return


def weighed(entries: Sequence[Entry], heading: Heading, sheet: Sheet, point: str) -> None:
    """Gives the lines the quantity that is charged, where it stands in a column that we do not read otherwise.

    Goods that are counted in pieces may be charged by weight: "Pieces | Weight | Price per 100 kg | Amount".
    """
    base = base_in_head(_head_of_price(heading, sheet)) or Decimal(1)
    lines = [e for e in entries if e.kind is Kind.LINE and {"unit_price", "line_total"} <= e.numbers.keys()]
    lines = [entry for entry in lines if not entry.agrees]
    for index in (i for i, column in enumerate(heading.columns) if column.name in ("", "other")):
        held = []
        for entry in lines:
            counted = cell_at(entry, index, heading, sheet, point)
            terms = terms_of(entry.numbers, entry.cells)
            terms = replace(terms, base=base if terms.base == 1 else terms.base)
            price, total = entry.numbers["unit_price"], entry.numbers["line_total"]
            if counted is not None and total.readings[0] and agreeing(counted, price, total, terms):
                held.append((entry, counted))
        # one piece at a price in another currency is no weight
        pieces = [entry.numbers["quantity"].readings[0] for entry, _ in held if "quantity" in entry.numbers]
        if len(held) > 1 and 2 * len(held) > len(lines) and any(count != 1 for count in pieces):
            for entry, counted in held:
                entry.numbers["quantity"], entry.cells["quantity"] = counted, list(counted.segment.words)
                entry.agrees = numbers_agree(entry.numbers, terms_of(entry.numbers, entry.cells))
            return


def _head_of_price(heading: Heading, sheet: Sheet) -> list[Word]:
    """The words that head the prices, units in a row of their own under the heads among them."""
    column = next((column for column in heading.columns if column.name == "unit_price"), None)
    rows = sheet.rows[heading.first : heading.last] if column is not None else []
    for below in sheet.rows[heading.last : heading.last + 1] if rows else ():
        if below.box.top - rows[-1].box.bottom < _CLOSE * sheet.height and not _AMOUNT.search(below.text):
            rows = [*rows, below]
    words = (word for row in rows for word in row.words)
    return [word for word in words if column is not None and column.left <= word.box.centre < column.right]


def _based(entry: Entry, count: Decimal, said: Segment | None) -> dict[str, Amount]:
    segment = said or entry.numbers["unit_price"].segment
    return {**entry.numbers, "price_base": Amount(segment, (count,), percent=False, money=False)}


def doubted(items: Sequence[LineItem]) -> list[LineItem]:
    """The lines, quantities and prices unsure where they make the total on none of two and more."""
    whole = [item for item in items if all(getattr(item, name) is not None for name in _EQUATION)]
    if len(whole) < 2 or any((item.quantity.confidence or 0.0) >= CONFIRMED - 0.02 for item in whole if item.quantity):
        return list(items)
    return [_unsure(item) if item in whole else item for item in items]


def _unsure(item: LineItem) -> LineItem:
    return replace(item, quantity=_lowered(item.quantity), unit_price=_lowered(item.unit_price))


def _lowered(value: FieldValue | None) -> FieldValue | None:
    return replace(value, confidence=min(value.confidence or 0.0, _UNEXPLAINED)) if value is not None else None
