"""CSV: one row a line item, UTF-8 with a byte order mark (so that Excel reads it), comma, point as decimal sign."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from web.export.format import ExportedDocument
from web.export.table import ABOUT_COLUMNS, HEADER_COLUMNS, LINE_COLUMNS, MATCH_COLUMNS, PLACE_COLUMNS, Cell, rows


def write(documents: Sequence[ExportedDocument]) -> bytes:
    """The documents as one CSV file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow((*ABOUT_COLUMNS, *HEADER_COLUMNS, *PLACE_COLUMNS, *LINE_COLUMNS, *MATCH_COLUMNS))
    for row in rows(documents):
        writer.writerow([_text(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
