"""Files of reference records (CSV, XLSX, JSON by ending) become records; every fault is told at once."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from rapidfuzz import fuzz, process
from sqlite_utils import Database

from ingest.audit import SERVICE, record
from ingest.database import transaction
from ingest.errors import CoordinatorError
from matching.record_columns import COLUMNS, NUMBERS, REQUIRED, Cells, Fault, RowReader, build
from matching.record_store import RecordStore
from matching.records import Customer, GoodsReceipt, PurchaseOrder, RecordKind, Supplier

Records = tuple[Supplier, ...] | tuple[Customer, ...] | tuple[PurchaseOrder, ...] | tuple[GoodsReceipt, ...]


MISTYPED = 75
"""Likeness of a column's name to a known one that is absent, in per cent, from which it is taken for a slip."""


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import changed: orders count once however many lines they have, receipts one by one."""

    kind: RecordKind
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    left_out: tuple[str, ...] = ()
    """Columns of the file that no record has: they were not read."""


class ImportRefused(CoordinatorError):
    """A file of records with faults; nothing of it was written."""

    code = "import_refused"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        told = "\n".join(str(fault) for fault in self.faults)
        super().__init__(f"Nothing was imported, because of {count}. Correct the file and import it again.\n{told}")


@dataclass(frozen=True, slots=True)
class Table:
    """A file as rows of texts by column; `rows` carry the number that a person sees in the file."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, Cells], ...] = field(default=())


def load(kind: RecordKind, path: Path) -> Records:
    """The records of a file; ImportRefused with every fault where there is one.

    What only the database knows (is the supplier of an order there?) is checked by `import_records`.
    """
    return _records(kind, path, _checked(kind, path))


def _checked(kind: RecordKind, path: Path) -> Table:
    table = _read(path)
    _demand_columns(kind, path, table)
    return table


def _records(kind: RecordKind, path: Path, table: Table) -> Records:
    reader = RowReader(path.name, _decimal_comma(kind, table))
    records = build(kind, reader, table.rows)
    if reader.faults:
        raise ImportRefused(sorted(reader.faults, key=lambda fault: fault.line))
    return records


def import_records(db: Database, kind: RecordKind, path: Path, actor: str = SERVICE) -> ImportSummary:
    """Load a file and swap it in by one short transaction: all of it or nothing."""
    kind = RecordKind(kind)
    table = _checked(kind, path)
    records = _records(kind, path, table)
    store = RecordStore(db)
    with transaction(db):
        _demand_parents(store, path, records)
        added, updated, unchanged = store.put(records)
        left_out = tuple(name for name in table.columns if name not in COLUMNS[kind])
        summary = ImportSummary(kind, added, updated, unchanged, left_out)
        record(
            db,
            "imported",
            actor=actor,
            kind=kind.value,
            file=path.name,
            added=str(added),
            updated=str(updated),
            unchanged=str(unchanged),
        )
    return summary


def _demand_parents(store: RecordStore, path: Path, records: Records) -> None:
    """Orders need their supplier (and customer, where named), receipts their order line."""
    faults: list[Fault] = []
    for item in records:
        if isinstance(item, PurchaseOrder):
            if store.supplier(item.supplier_id) is None:
                why = f"order {item.po_number}: there is no supplier {item.supplier_id!r}; import the suppliers first"
                faults.append(Fault(path.name, 0, "supplier_id", why))
            if item.customer_id is not None and store.customer(item.customer_id) is None:
                why = f"order {item.po_number}: there is no customer {item.customer_id!r}; import the customers first"
                faults.append(Fault(path.name, 0, "customer_id", why))
        elif isinstance(item, GoodsReceipt):
            order = store.order(item.po_number)
            if order is None:
                why = f"there is no order {item.po_number!r}; import the purchase orders first"
                faults.append(Fault(path.name, 0, "po_number", why))
            elif item.line_number not in {line.line_number for line in order.lines}:
                why = f"order {item.po_number} has no line {item.line_number!r}"
                faults.append(Fault(path.name, 0, "line_number", why))
    if faults:
        raise ImportRefused(tuple(dict.fromkeys(faults)))


def _demand_columns(kind: RecordKind, path: Path, table: Table) -> None:
    known = COLUMNS[kind]
    faults = [
        Fault(path.name, 1, name, "this required column is missing")
        for name in REQUIRED[kind]
        if name not in table.columns
    ]
    for name in table.columns:
        if name not in known:
            # a mistyped column would silently lose a check; any other is the exporting system's own affair
            absent = [each for each in known if each not in table.columns]
            meant = process.extractOne(name, absent, scorer=fuzz.ratio, score_cutoff=MISTYPED)
            if meant:
                faults.append(Fault(path.name, 1, name, f"unknown column; is {meant[0]} meant?"))
        elif table.columns.count(name) > 1:
            faults.append(Fault(path.name, 1, name, "this column stands there twice"))
    if faults:
        raise ImportRefused(tuple(dict.fromkeys(faults)))


def _read(path: Path) -> Table:
    if not path.is_file():
        raise ImportRefused([Fault(path.name, 0, "", "there is no such file")])
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            return _read_csv(path)
        case ".xlsx":
            return _read_xlsx(path)
        case ".json":
            return _read_json(path)
        case other:
            raise ImportRefused(
                [Fault(path.name, 0, "", f"files ending in {other or 'nothing'} are not read: CSV, XLSX, JSON")]
            )


def _read_csv(path: Path) -> Table:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise ImportRefused([Fault(path.name, line, "", "neither UTF-8 nor Windows-1252")]) from error
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    stream = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    faults: list[Fault] = []
    rows: list[tuple[int, list[str]]] = []
    first = 1
    try:
        for cells in stream:
            if any(cell.strip() for cell in cells):
                rows.append((first, cells))
            # a quoted cell may span lines: the row is told by its first one
            first = stream.line_num + 1
    except csv.Error as error:
        faults.append(Fault(path.name, stream.line_num, "", f"not readable as CSV: {error}"))
    if faults:
        raise ImportRefused(faults)
    return _table(path, rows)


def _read_xlsx(path: Path) -> Table:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, OSError) as error:
        raise ImportRefused([Fault(path.name, 0, "", "not readable as an XLSX workbook")]) from error
    try:
        sheet = book.worksheets[0]
        rows = [
            (number, [_cell_text(cell) for cell in cells])
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
        ]
    finally:
        book.close()
    return _table(path, [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)])


def _read_json(path: Path) -> Table:
    try:
        content = json.loads(path.read_text("utf-8-sig"), parse_float=Decimal)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        line = getattr(error, "lineno", 0)
        raise ImportRefused([Fault(path.name, line, "", f"not readable as JSON: {error}")]) from error
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise ImportRefused([Fault(path.name, 1, "", "expected a list of objects, one a row")])
    columns = tuple(dict.fromkeys(str(name).strip() for row in content for name in row))
    rows = tuple(
        (number, {str(name).strip(): _cell_text(value).strip() for name, value in row.items()})
        for number, row in enumerate(content, start=1)
    )
    return Table(columns, rows)


def _cell_text(value: Any) -> str:
    """A typed cell as the text that a CSV file would have had there."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(_cell_text(part) for part in value)
    if isinstance(value, float):
        # the shortest text that gives the same number: what the person typed
        return format(Decimal(repr(value)).normalize(), "f")
    if isinstance(value, Decimal):
        return format(value, "f")
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return str(value)


def _table(path: Path, rows: list[tuple[int, list[str]]]) -> Table:
    if not rows:
        raise ImportRefused([Fault(path.name, 1, "", "the file is empty")])
    columns = tuple(name.strip().lower() for name in rows[0][1])
    while columns and not columns[-1]:
        columns = columns[:-1]
    faults = [
        Fault(path.name, number, "", f"{len(cells)} cells, but {len(columns)} columns")
        for number, cells in rows[1:]
        if any(cell.strip() for cell in cells[len(columns) :])
    ]
    if faults:
        raise ImportRefused(faults)
    return Table(
        columns,
        tuple(
            (number, {name: cell.strip() for name, cell in zip(columns, cells, strict=False)})
            for number, cells in rows[1:]
        ),
    )


def _decimal_comma(kind: RecordKind, table: Table) -> frozenset[str]:
    """Number columns in which a decimal comma stands throughout: some comma, and no point used as one."""
    return frozenset(name for name in NUMBERS[kind] if name in table.columns and _has_comma(_column(table, name)))


def _column(table: Table, name: str) -> Iterator[str]:
    return (cells[name] for _, cells in table.rows if cells.get(name))


def _has_comma(values: Iterator[str]) -> bool:
    """A comma as the last separator somewhere, and nowhere a point after which not exactly three digits stand."""
    comma = False
    for value in values:
        point, mark = value.rfind("."), value.rfind(",")
        comma |= mark > point
        if point > mark and (value.count(".") == 1 and len(value) - point - 1 != 3):
            return False
    return comma
