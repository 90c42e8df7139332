"""XLSX: a sheet of invoices, a sheet of their lines, and one that says what the file holds."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from web.export.format import ExportedDocument
from web.export.table import (
    ABOUT_COLUMNS,
    HEADER_COLUMNS,
    LINE_COLUMNS,
    MATCH_COLUMNS,
    PLACE_COLUMNS,
    Cell,
    invoice_row,
    line_rows,
)

WIDEST = 48


def write(documents: Sequence[ExportedDocument]) -> bytes:
    """The documents as one workbook."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = "Invoices"
    _fill(first, (*ABOUT_COLUMNS, *HEADER_COLUMNS, *PLACE_COLUMNS), (invoice_row(document) for document in documents))
    lines = ([document.record.id, *line] for document in documents for line in line_rows(document))
    _fill(book.create_sheet("Lines"), ("document_id", *LINE_COLUMNS, *MATCH_COLUMNS), lines)
    _fill(book.create_sheet("About"), ("what", "value"), _about(documents))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _about(documents: Sequence[ExportedDocument]) -> list[list[Cell]]:
    days = sorted(document.decided_at.date() for document in documents)
    return [
        ["documents", len(documents)],
        ["decided from", days[0] if days else None],
        ["decided to", days[-1] if days else None],
        ["written by", "Invoicing Coordinator"],
    ]


def _fill(sheet: Worksheet, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    sheet.append(list(head))
    widths = [len(name) for name in head]
    for row in rows:
        sheet.append(list(row))
        widths = [max(width, len(str(cell or ""))) for width, cell in zip(widths, row, strict=True)]
    for column, width in enumerate(widths, start=1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 2, WIDEST)
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
    sheet.freeze_panes = "A2"
