"""Documents as rows with the contract's field names: what CSV and XLSX share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from ingest.extraction import LINE_CELLS, FieldValue, LineItem
from ingest.fields import FIELDS
from web.export.format import ExportedDocument

Cell = str | Decimal | date | int | None

ABOUT_COLUMNS = ("document_id", "file", "status", "decided_at", "document_type", "supplier_id", "customer_id")
PLACE_COLUMNS = ("part", "first_page", "last_page")
"""Which of several documents in its file, on which pages; empty for a file of one."""
HEADER_COLUMNS = tuple(field.name for field in FIELDS)
LINE_COLUMNS = tuple(f"line_{name}" if name in HEADER_COLUMNS else name for name in LINE_CELLS)
"""A line's own order number, delivery date and note carry `line_` where the header has a field of that name."""
MATCH_COLUMNS = ("matched_purchase_order", "matched_order_line")

FIGURES = re.compile(r"[+-][\d\s().,/-]+")
"""Phone numbers and amounts begin with a sign too."""

_NUMBERS = {field.name for field in FIELDS if field.kind in ("amount", "number", "percent")} | {
    "quantity",
    "unit_price",
    "price_base",
    "line_discount",
    "line_discount_percent",
    "tax_rate",
    "line_total",
}
_DATES = {field.name for field in FIELDS if field.kind == "date"}


def invoice_row(document: ExportedDocument) -> list[Cell]:
    """The document's own columns: ABOUT_COLUMNS, HEADER_COLUMNS, then PLACE_COLUMNS."""
    match, fields = document.match, document.extraction.fields
    about: list[Cell] = [
        document.record.id,
        document.record.name,
        document.record.state.value,
        document.decided_at.date(),
        document.extraction.document_type.value,
        match.supplier.id if match.supplier else None,
        match.customer.id if match.customer else None,
    ]
    place: list[Cell] = [None, None, None]
    if document.record.page_range is not None:
        place = [document.record.part, *document.record.page_range]
    return about + [_cell(name, fields.get(name)) for name in HEADER_COLUMNS] + place


def line_rows(document: ExportedDocument) -> Iterator[list[Cell]]:
    """A row a line item: LINE_COLUMNS, then MATCH_COLUMNS; a document without lines gives one empty row."""
    for number, line in enumerate(document.extraction.line_items or (LineItem(),), start=1):
        pairs = [pair for pair in document.match.line_matches if pair.invoice_line == number]
        yield [_cell(name, getattr(line, name)) for name in LINE_CELLS] + [
            ";".join(pair.purchase_order for pair in pairs) or None,
            ";".join(pair.order_line for pair in pairs) or None,
        ]


def rows(documents: Sequence[ExportedDocument]) -> Iterator[list[Cell]]:
    """One row a line item, with the document's own columns repeated on each."""
    for document in documents:
        own = invoice_row(document)
        for line in line_rows(document):
            yield own + line


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a suspicious start gets an apostrophe before it."""
    suspicious = text[:1] in ("=", "@", "\t", "\r") or (text[:1] in ("+", "-") and not FIGURES.fullmatch(text))
    return f"'{text}" if suspicious else text


def _cell(name: str, value: FieldValue | None) -> Cell:
    if value is None:
        return None
    if name in _NUMBERS and value.number is not None:
        return value.number
    if name in _DATES and value.day is not None:
        return value.day
    return safe_text(value.value)
