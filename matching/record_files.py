"""Files of reference records as rows of texts: CSV, XLSX and JSON by ending; a CSV file is never held as a whole."""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from rapidfuzz import fuzz, process

from matching.record_columns import COLUMNS, NUMBERS, REQUIRED
from matching.record_faults import Fault, Faults, ImportRefused
from matching.records import RecordKind
from matching.row_reader import Cells

MISTYPED = 75
"""Likeness of a column's name to a known one that is absent, in per cent, from which it is taken for a slip."""
CHUNK = 1 << 20

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file of records, checked as far as its form goes; `rows` can be read as often as one likes."""

    name: str
    columns: tuple[str, ...]
    lists: Callable[[], Iterator[Row]]
    """The rows below the head; each with the number that a person sees in the file."""
    comma: frozenset[str] = frozenset()
    """Number columns in which a decimal comma stands throughout."""
    orders: Counter[str] = field(default_factory=Counter)
    """How many rows each order has, so that one that is complete need not be kept."""

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The rows by column."""
        for line, cells in self.lists():
            yield line, dict(zip(self.columns, map(str.strip, cells), strict=False))


def open_records(kind: RecordKind, path: Path) -> RecordFile:
    """The file, with its columns and its form checked; ImportRefused with every fault of that kind."""
    if not path.is_file():
        raise ImportRefused([Fault(path.name, 0, "", "there is no such file")])
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            columns, lists = _csv(path)
        case ".xlsx":
            columns, lists = _xlsx(path)
        case ".json":
            columns, lists = _json(path)
        case other:
            why = f"files ending in {other or 'nothing'} are not read: CSV, XLSX, JSON"
            raise ImportRefused([Fault(path.name, 0, "", why)])
    _demand_columns(kind, path, columns)
    return _looked_through(kind, RecordFile(path.name, columns, lists))


def _looked_through(kind: RecordKind, file: RecordFile) -> RecordFile:
    """The first pass: too many cells, decimal signs, how many rows each order has."""
    faults = Faults()
    width = len(file.columns)
    signs = {file.columns.index(name): _DecimalSign() for name in NUMBERS[kind] if name in file.columns}
    order = file.columns.index("po_number") if kind is RecordKind.PURCHASE_ORDERS else None
    orders: Counter[str] = Counter()
    try:
        for line, cells in file.lists():
            if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                faults.add(Fault(file.name, line, "", f"{len(cells)} cells, but {width} columns"))
            for at, sign in signs.items():
                if at < len(cells):
                    sign.look(cells[at])
            if order is not None and order < len(cells):
                orders[cells[order].strip()] += 1
    except _Unreadable as error:
        faults.add(Fault(file.name, error.line, "", error.why))
    if faults.count:
        raise ImportRefused(faults)
    comma = frozenset(file.columns[at] for at, sign in signs.items() if sign.comma and not sign.point)
    return RecordFile(file.name, file.columns, file.lists, comma, orders)


@dataclass(slots=True)
class _DecimalSign:
    """Which decimal sign a column uses: a comma last somewhere, and nowhere a point but before three digits."""

    comma: bool = False
    point: bool = False

    def look(self, text: str) -> None:
        """Take one more cell into account."""
        if self.point or not ("," in text or "." in text):
            return
        text = text.strip()
        point, mark = text.rfind("."), text.rfind(",")
        self.comma |= mark > point
        self.point = point > mark and text.count(".") == 1 and len(text) - point - 1 != 3


def _demand_columns(kind: RecordKind, path: Path, columns: tuple[str, ...]) -> None:
    known = COLUMNS[kind]
    faults = [
        Fault(path.name, 1, name, "this required column is missing") for name in REQUIRED[kind] if name not in columns
    ]
    for name in columns:
        if name not in known:
            # a mistyped column would silently lose a check; any other is the exporting system's own affair
            absent = [each for each in known if each not in columns]
            meant = process.extractOne(name, absent, scorer=fuzz.ratio, score_cutoff=MISTYPED)
            if meant:
                faults.append(Fault(path.name, 1, name, f"unknown column; is {meant[0]} meant?"))
        elif columns.count(name) > 1:
            faults.append(Fault(path.name, 1, name, "this column stands there twice"))
    if faults:
        raise ImportRefused(tuple(dict.fromkeys(faults)))


Content = tuple[tuple[str, ...], Callable[[], Iterator[Row]]]


class _Unreadable(Exception):
    """The file breaks off being readable at a line."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


# ------------------------------------------------------------ CSV


def _csv(path: Path) -> Content:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        head = stream.readline()
    separator = max(",;\t", key=head.count)

    def every() -> Iterator[Row]:
        with path.open(encoding=encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=separator, strict=True)
            first = 1
            try:
                for cells in reader:
                    if any(cells) and any(cell.strip() for cell in cells):
                        yield first, cells
                    # a quoted cell may span lines: the row is told by its first one
                    first = reader.line_num + 1
            except csv.Error as error:
                raise _Unreadable(reader.line_num, f"not readable as CSV: {error}") from error

    def below() -> Iterator[Row]:
        rows = every()
        next(rows, None)
        yield from rows

    try:
        _, names = next(every(), (1, []))
    except _Unreadable as error:
        raise ImportRefused([Fault(path.name, error.line, "", error.why)]) from error
    return _head(path, names), below


def _head(path: Path, cells: list[str]) -> tuple[str, ...]:
    if not any(cell.strip() for cell in cells):
        raise ImportRefused([Fault(path.name, 1, "", "the file is empty")])
    columns = tuple(name.strip().lower() for name in cells)
    while columns and not columns[-1]:
        columns = columns[:-1]
    return columns


def _encoding(path: Path) -> str:
    """UTF-8 where all of it is, else Windows-1252; a mixture of both is refused, it would garble names."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    if b"\0" in start:
        raise ImportRefused([Fault(path.name, 1, "", "not UTF-8 or Windows-1252 but UTF-16; save the file as UTF-8")])
    if _decodes(path, "utf-8-sig"):
        return "utf-8-sig"
    content = path.read_bytes()
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # a capital A with tilde or circumflex before a control or sign is no text, but a letter in UTF-8
        other = re.search(rb"[\xc2\xc3][\x80-\xbf]", content)
        if other:
            line, proper = (content.count(b"\n", 0, at) + 1 for at in (error.start, other.start()))
            why = f"this line is not UTF-8, but line {proper} is; save the whole file in one encoding"
            raise ImportRefused([Fault(path.name, line, "", why)]) from error
    try:
        content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ImportRefused([Fault(path.name, line, "", "neither UTF-8 nor Windows-1252")]) from error
    return "cp1252"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


# ------------------------------------------------------------ XLSX and JSON


def _xlsx(path: Path) -> Content:
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
    rows = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    return _head(path, rows[0][1] if rows else []), lambda: iter(rows[1:])


def _json(path: Path) -> Content:
    try:
        content = json.loads(path.read_text("utf-8-sig"), parse_float=Decimal)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        line = getattr(error, "lineno", 0)
        raise ImportRefused([Fault(path.name, line, "", f"not readable as JSON: {error}")]) from error
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise ImportRefused([Fault(path.name, 1, "", "expected a list of objects, one a row")])
    named = [{str(name).strip(): value for name, value in row.items()} for row in content]
    columns = tuple(dict.fromkeys(name for row in named for name in row))
    return columns, lambda: (
        (number, [_cell_text(row.get(name)) for name in columns]) for number, row in enumerate(named, start=1)
    )


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
