"""The table of goods and services, over pages: rows are anchored by their numbers, summary rows are no lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from stdnum import ean

from ingest.columns import NUMBERS, agreeing, fits, placements
from ingest.dates import date_readings, dates_in
from ingest.document import Source, Word
from ingest.extraction import FieldValue, LineItem
from ingest.fields.amounts import Amount, amounts_in
from ingest.labels import label_key
from ingest.layout import Row, Segment, Sheet, boxes_of, segment_of
from ingest.numbers import plain
from ingest.tables import Heading, cells_of, heading_at, is_end, labels_in_row
from ingest.units import unit_code

_TEXTS = ("sku", "buyer_sku", "line_number", "purchase_order", "delivery_note")


@dataclass(slots=True)
class _Draft:
    """A line while its rows are gathered."""

    cells: dict[str, list[Word]]
    row: Row
    description: list[list[Word]] = field(default_factory=list)
    notes: list[list[Word]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lines:
    """The line items, and the rows of the pages that they were read from."""

    items: tuple[LineItem, ...]
    rows: frozenset[tuple[int, int]]
    """Page number and row index."""
    total: Decimal | None
    """Sum of the lines' totals; None where a line has none."""
    coherent: float
    """Share of the lines whose quantity, price and total agree."""


def lines_of(sheets: Sequence[Sheet], point: str) -> Lines:
    """The lines of the document's tables of goods and services."""
    drafts: list[tuple[_Draft, Heading, Sheet]] = []
    used: set[tuple[int, int]] = set()
    open_heading: Heading | None = None
    for sheet in sheets:
        start = _best_heading(sheet)
        if start is None and open_heading is None:
            continue
        heading = start or open_heading
        assert heading is not None
        first = start.last if start else 0
        used |= {(sheet.page.number, index) for index in range(start.first, start.last)} if start else set()
        placed = _placed(heading, sheet, first, point)
        found, ended = _gather(sheet, first, placed, point, used)
        drafts.extend((draft, placed, sheet) for draft in found)
        open_heading = None if ended else heading
    items = [_item(draft, heading, sheet, point) for draft, heading, sheet in drafts]
    kept = [item for item in items if item is not None]
    totals = [item.line_total.number for item in kept if item.line_total is not None]
    complete = bool(kept) and len(totals) == len(kept)
    total = sum((value for value in totals if value is not None), Decimal(0)) if complete else None
    coherent = sum(_agrees(item) for item in kept) / len(kept) if kept else 0.0
    return Lines(tuple(kept), frozenset(used), total, coherent)


def _placed(heading: Heading, sheet: Sheet, first: int, point: str) -> Heading:
    """The heading with the columns under which the most rows hold in themselves."""
    best: tuple[int, Heading] | None = None
    for placed in placements(heading, _body(sheet, first), sheet, point):
        drafts, _ = _gather(sheet, first, placed, point, set())
        items = [item for draft in drafts if (item := _item(draft, placed, sheet, point)) is not None]
        hits = sum(_agrees(item) for item in items)
        if best is None or hits > best[0]:
            best = hits, placed
        if items and hits == len(items):
            break
    assert best is not None
    return best[1]


def _best_heading(sheet: Sheet) -> Heading | None:
    """The heading with the most columns that has a row of numbers under it."""
    best: Heading | None = None
    counts = [labels_in_row(row) for row in sheet.rows]
    for index, count in enumerate(counts):
        # most rows of a page are no heading: three labels must stand close together
        found = heading_at(sheet, index) if count and sum(counts[index : index + 5]) >= 2 else None
        if found is not None and (best is None or found.score > best.score + 0.4):
            best = found
    return best


def _body(sheet: Sheet, first: int) -> list[Row]:
    """Rows of the table for finding the columns: up to the first total."""
    rows: list[Row] = []
    for row in sheet.rows[first : first + 60]:
        # "Transport Reutlingen - Winterthur" begins like a carry-over, but no such row has as many numbers
        numbers = sum(any(sign.isdigit() for sign in segment.text) for segment in row.segments)
        if is_end(row) and not (len(row.segments) >= 5 and numbers >= 3):
            break
        rows.append(row)
    return rows


def _gather(
    sheet: Sheet, first: int, heading: Heading, point: str, used: set[tuple[int, int]]
) -> tuple[list[_Draft], bool]:
    """The lines under a heading, and whether the table ended on this page."""
    drafts: list[_Draft] = []
    above: list[list[Word]] = []
    bottom = sheet.rows[first - 1].box.bottom if first else 0.0
    widest = _widest(sheet, first, heading)
    for index in range(first, len(sheet.rows)):
        row = sheet.rows[index]
        cells = cells_of(row, heading)
        anchor = _is_anchor(cells, heading, sheet, point)
        if is_end(row) and not _is_full(cells, heading, sheet, point):
            if _carries_on(row):
                continue
            return drafts, bool(drafts)
        if row.box.top - bottom > 9 * sheet.height and drafts and not anchor:
            return drafts, True
        if anchor:
            draft = _Draft(cells, row)
            if cells.get("description"):
                draft.description.append(cells["description"])
            elif above:
                draft.description.extend(above[-2:])
            drafts.append(draft)
            above = []
            bottom = row.box.bottom
            used.add((sheet.page.number, index))
            continue
        words = cells.get("description") or []
        if words and drafts and row.box.top - bottom < 1.5 * sheet.height:
            if len(words) == len(row.words):
                used.add((sheet.page.number, index))
            _continue(drafts[-1], words, None if _spills(row, words, heading, sheet.height) else widest)
            above.append(words)
            bottom = row.box.bottom
        elif words:
            above.append(words)
            bottom = row.box.bottom if drafts else bottom
    return drafts, False


def _spills(row: Row, words: Sequence[Word], heading: Heading, height: float) -> bool:
    """Whether a text runs out of its column: a remark across the table, no part of a cell."""
    column = next(c for c in heading.columns if c.name == "description")
    segment = next((s for s in row.segments if s.box.x0 <= words[0].box.x0 <= s.box.x1), None)
    return segment is not None and segment.box.x1 > column.right + height


def _widest(sheet: Sheet, first: int, heading: Heading) -> float:
    """How far to the right descriptions reach: a line that ends before it with room for a word is not wrapped."""
    column = next((c for c in heading.columns if c.name == "description"), None)
    edges = [
        segment.box.x1
        for row in _body(sheet, first)
        for segment in row.segments
        if column is not None
        and column.left <= segment.box.x0 < column.right
        and segment.box.x1 <= column.right + sheet.height
    ]
    return max(edges, default=sheet.page.width)


def _carries_on(row: Row) -> bool:
    key = label_key(row.segments[0].text)
    return key.startswith(
        ("carried", "brought", "ubertrag", "report", "areporter", "riporto", "sumaysigue", "transport")
    )


def _number(words: Sequence[Word] | None, sheet: Sheet, point: str) -> Amount | None:
    if not words:
        return None
    found = amounts_in(segment_of(words, sheet.page.number, sheet.page.source), point)
    return found[0] if found else None


def _is_anchor(cells: dict[str, list[Word]], heading: Heading, sheet: Sheet, point: str) -> bool:
    """Whether a row has the numbers that make it a line: a total or price, and something besides."""
    names = {name for name in NUMBERS if _number(cells.get(name), sheet, point) is not None}
    money = names & {"line_total", "unit_price", "gross_line_total"}
    expected = heading.names & {"line_total", "gross_line_total"}
    if expected and not names & expected:
        return False
    texts = bool(cells.get("description") or cells.get("sku") or cells.get("line_number"))
    if not money or not (texts or "quantity" in names):
        return False
    # letters among the numbers: a sentence that runs through the columns
    body = [word for name in ("line_total", "unit_price") for word in cells.get(name, [])]
    letters = sum(sign.isalpha() for word in body for sign in word.text)
    return letters <= 8


def _is_full(cells: dict[str, list[Word]], heading: Heading, sheet: Sheet, point: str) -> bool:
    """Whether a row has quantity or price besides its total, as no summary row has."""
    names = {name for name in NUMBERS if _number(cells.get(name), sheet, point) is not None}
    return len(names & {"quantity", "unit_price"}) > 0 and bool(names & {"line_total", "gross_line_total"})


def _continue(draft: _Draft, words: list[Word], widest: float | None) -> None:
    """More of the description where its line was full; what follows a short line is a note on it.

    `widest` is how far the column's lines reach; None for words that run out of the column: always a note.
    """
    last = draft.description[-1] if draft.description else None
    if widest is None or last is None:
        (draft.notes if widest is None else draft.description).append(words)
        return
    text = " ".join(word.text for word in words)
    full = max(word.box.x1 for word in last) + words[0].box.width > widest or last[-1].text.endswith("-")
    if full and not draft.notes and not words[0].text.endswith(":") and not dates_in(text):
        draft.description.append(words)
    else:
        draft.notes.append(words)


def _item(draft: _Draft, heading: Heading, sheet: Sheet, point: str) -> LineItem | None:
    numbers = {name: _number(draft.cells.get(name), sheet, point) for name in NUMBERS}
    if numbers["quantity"] is None:
        numbers["quantity"] = _run_together(draft, heading, numbers, sheet) or _misread(draft, numbers, sheet)
    total_name = "line_total" if numbers["line_total"] is not None else "gross_line_total"
    chosen, agrees = _agreeing(numbers["quantity"], numbers["unit_price"], numbers[total_name], _discount(numbers))
    cells: dict[str, FieldValue] = {}
    for name, value in zip(("quantity", "unit_price", "line_total"), chosen, strict=True):
        amount = numbers[name if name != "line_total" else total_name]
        if amount is not None and value is not None:
            cells[name] = _value(plain(value), amount.segment, 0.97 if agrees else 0.8)
    for name in ("line_discount", "line_discount_percent", "tax_rate"):
        amount = numbers[name]
        if amount is not None and abs(amount.readings[-1]) <= 100 or (amount is not None and name == "line_discount"):
            cells[name] = _value(plain(abs(amount.readings[-1])), amount.segment, 0.85)
    for name in _TEXTS:
        words = draft.cells.get(name)
        if words:
            segment = segment_of(words, sheet.page.number, sheet.page.source)
            cells[name] = _value(segment.text.strip(" :"), segment, 0.85)
    _unit(draft, sheet, cells)
    _texts(draft, sheet, cells)
    _gtin(draft, sheet, cells)
    if "delivery_date" in draft.cells:
        segment = segment_of(draft.cells["delivery_date"], sheet.page.number, sheet.page.source)
        readings = date_readings(segment.text)
        if readings:
            cells["delivery_date"] = _value(readings[0].isoformat(), segment, 0.8)
    if not cells.keys() & {"line_total", "unit_price"}:
        return None
    return LineItem(**cells)


def _run_together(draft: _Draft, heading: Heading, numbers: dict[str, Amount | None], sheet: Sheet) -> Amount | None:
    """A quantity printed without a blank behind a too long cell, as far as price and total say which digits it has."""
    price, total = numbers["unit_price"], numbers["line_total"]
    column = next((index for index, one in enumerate(heading.columns) if one.name == "quantity"), 0)
    if price is None or total is None or not column or not price.readings[0]:
        return None
    quantity = total.readings[0] / price.readings[0]
    left, place = heading.columns[column - 1], heading.columns[column].heading
    words = draft.cells.get(left.name) or []
    digits = plain(quantity.to_integral_value())
    if quantity != quantity.to_integral_value() or not words or not words[-1].text.endswith(digits):
        return None
    word = words[-1]
    if word.box.x1 <= place.x0 or len(word.text) == len(digits):
        return None
    edge = word.box.x1 - word.box.width * len(digits) / len(word.text)
    first = Word(word.text[: -len(digits)], word.box._replace(x1=edge), word.confidence, word.bold)
    second = Word(digits, word.box._replace(x0=edge), word.confidence, word.bold)
    draft.cells[left.name] = [*words[:-1], first]
    return Amount(segment_of([second], sheet.page.number, sheet.page.source), (Decimal(digits),), False, False)


def _misread(draft: _Draft, numbers: dict[str, Amount | None], sheet: Sheet) -> Amount | None:
    """A single digit that OCR took for another sign ("+", "l"), as far as price and total say which one it is."""
    price, total = numbers["unit_price"], numbers["line_total"]
    words = draft.cells.get("quantity") or []
    if sheet.page.source is not Source.OCR or price is None or total is None or not words or not price.readings[0]:
        return None
    quantity = total.readings[0] / price.readings[0]
    if len(words[0].text) != 1 or quantity not in range(1, 10):
        return None
    return Amount(segment_of(words[:1], sheet.page.number, sheet.page.source), (Decimal(int(quantity)),), False, False)


def _texts(draft: _Draft, sheet: Sheet, cells: dict[str, FieldValue]) -> None:
    for name, parts in (("description", draft.description), ("note", draft.notes)):
        words = [word for part in parts for word in part]
        if words:
            segment = Segment(tuple(words), boxes_of(w.box for w in words), sheet.page.number, sheet.page.source)
            cells[name] = _value(segment.text.strip(" :"), segment, 0.85 if name == "description" else 0.7)


def _gtin(draft: _Draft, sheet: Sheet, cells: dict[str, FieldValue]) -> None:
    """A GTIN in the note or description, known by its check digit beside its name."""
    for words in (*draft.notes, *draft.description):
        text = " ".join(word.text for word in words)
        found = re.search(r"\b(?:GTIN|EAN|UPC)\b\D{0,4}(\d{8,14})\b", text, re.IGNORECASE)
        if found and ean.is_valid(found[1]):
            cells["gtin"] = _value(found[1], segment_of(words, sheet.page.number, sheet.page.source), 0.95)
            return


def _unit(draft: _Draft, sheet: Sheet, cells: dict[str, FieldValue]) -> None:
    """The unit from its own column, else what stands beside the number of the quantity."""
    words = draft.cells.get("unit")
    if not words:
        words = [
            w
            for w in draft.cells.get("quantity", [])
            if not any(sign.isdigit() for sign in w.text) or len(w.text) == 3 and w.text[0].isalpha()
        ]
    if not words:
        return
    segment = segment_of(words, sheet.page.number, sheet.page.source)
    code = unit_code(segment.text)
    own_column = bool(draft.cells.get("unit"))
    if code or (own_column and any(sign.isalpha() for sign in segment.text) and len(segment.text) < 20):
        cells["unit"] = _value(code or segment.text, segment, 0.9 if code else 0.7)


def _discount(numbers: dict[str, Amount | None]) -> tuple[Decimal, Decimal]:
    """Discount as (percent, amount)."""
    percent, amount = numbers["line_discount_percent"], numbers["line_discount"]
    if amount is not None and amount.percent:
        percent, amount = amount, None
    return (
        abs(percent.readings[-1]) if percent is not None else Decimal(0),
        abs(amount.readings[0]) if amount is not None else Decimal(0),
    )


def _agreeing(
    quantity: Amount | None, price: Amount | None, total: Amount | None, discount: tuple[Decimal, Decimal]
) -> tuple[tuple[Decimal | None, Decimal | None, Decimal | None], bool]:
    """The readings with which quantity times price, less the discount, is the total; else the likelier ones."""
    first = tuple(amount.readings[0] if amount is not None else None for amount in (quantity, price, total))
    if quantity is not None and price is not None and total is not None:
        found = agreeing(quantity, price, total, discount)
        if found is not None:
            return found, True
    return (first[0], first[1], first[2]), False


def _agrees(item: LineItem) -> bool:
    """Whether quantity times price is the line's total."""
    cells = (item.quantity, item.unit_price, item.line_total, item.line_discount_percent, item.line_discount)
    quantity, price, total, percent, amount = (cell.number if cell is not None else None for cell in cells)
    if quantity is None or price is None or total is None:
        return False
    return fits(quantity, price, total, (percent or Decimal(0), amount or Decimal(0)))


def _value(value: str, segment: Segment, sure: float) -> FieldValue:
    if segment.source is Source.OCR:
        sure *= 0.6 + 0.38 * max(0.0, min(1.0, segment.confidence))
    return FieldValue(value, segment.text, round(sure, 3), segment.page, segment.box, segment.source)
