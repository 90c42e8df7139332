"""Rows that were copied from a spreadsheet, put into the grid of lines from one cell on."""

from __future__ import annotations

from matching.review import CellPath
from web.review_page import CORE_CELLS
from web.store import InvalidInput

MOST_ROWS = 300


def pasted_cells(start: CellPath, text: str) -> tuple[tuple[str, str], ...]:
    """(path, text) of each cell, row by row: tabs part columns, ends of line rows, as spreadsheets copy them.

    Raises:
        InvalidInput: where the rows are too many, or reach beyond the last column.
    """
    rows = [line.split("\t") for line in text.replace("\r\n", "\n").strip("\n").split("\n")]
    if len(rows) > MOST_ROWS:
        raise InvalidInput(
            "{length} rows are more than can be pasted at once; take {most_rows} at most.",
            length=len(rows),
            most_rows=MOST_ROWS,
        )
    columns = CORE_CELLS[CORE_CELLS.index(start.cell) :] if start.cell in CORE_CELLS else ()
    if any(len(row) > len(columns) for row in rows):
        raise InvalidInput("The rows have more columns than there are from here on. Paste them further left.")
    return tuple(
        (f"{start.table}/{start.row + number}/{cell}", " ".join(text.split()))
        for number, row in enumerate(rows)
        for cell, text in zip(columns, row, strict=False)
        if text.strip()
    )
