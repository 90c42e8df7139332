"""Sets blocks: from blocks to texts, lines and areas with places, so that nothing overlaps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from samples.paper.blocks import (
    Band,
    Block,
    Carry,
    Cell,
    Code,
    Gap,
    Keep,
    Logo,
    Look,
    Push,
    Row,
    Rule,
    Side,
    Table,
    Text,
)
from samples.pen import FONTS

DEJAVU = {
    "sans": ("DejaVuSans", "DejaVuSans-Bold"),
    "narrow": ("DejaVuSansCondensed", "DejaVuSansCondensed-Bold"),
    "serif": ("DejaVuSerif", "DejaVuSerif-Bold"),
    "bookish": ("DejaVuSerifCondensed", "DejaVuSerifCondensed-Bold"),
    "mono": ("DejaVuSansMono", "DejaVuSansMono-Bold"),
}
STANDARD = {
    "helvetica": ("Helvetica", "Helvetica-Bold"),
    "times": ("Times-Roman", "Times-Bold"),
    "courier": ("Courier", "Courier-Bold"),
}
FAMILIES = {**DEJAVU, **STANDARD}
STAND_INS = {"helvetica": "sans", "times": "serif", "courier": "mono"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on the page; y grows downwards and is the baseline of texts."""

    sort: str
    x: float
    y: float
    text: str = ""
    font: str = ""
    size: float = 0.0
    colour: str = "#000000"
    spacing: float = 0.0
    width: float = 0.0
    height: float = 0.0

    def moved(self, x: float, y: float) -> Mark:
        """The same elsewhere."""
        return replace(self, x=self.x + x, y=self.y + y)


@dataclass(frozen=True, slots=True)
class Piece:
    """Marks with the height that they take."""

    height: float
    marks: tuple[Mark, ...] = ()

    def moved(self, x: float, y: float) -> tuple[Mark, ...]:
        """The marks elsewhere."""
        return tuple(mark.moved(x, y) for mark in self.marks)


@lru_cache(maxsize=1)
def register() -> None:
    """Make the fonts known to reportlab."""
    for pair in DEJAVU.values():
        for name in pair:
            pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))


@lru_cache(maxsize=60000)
def _bare_width(text: str, font: str) -> float:
    return float(pdfmetrics.stringWidth(text, font, 1000.0)) / 1000


def text_width(text: str, font: str, size: float, spacing: float = 0.0) -> float:
    """How wide a text is; `{n}` and `{m}` stand for page numbers."""
    text = text.replace("{n}", "2").replace("{m}", "2")
    return _bare_width(text, font) * size + spacing * len(text)


def wrap(text: str, width: float, font: str, size: float, spacing: float = 0.0) -> list[str]:
    """Break a text into lines that fit."""
    done: list[str] = []
    for line in text.split("\n"):
        current = ""
        for word in line.split(" "):
            trial = f"{current} {word}" if current else word
            if not current or text_width(trial, font, size, spacing) <= width:
                current = trial
            else:
                done.append(current)
                current = word
        done.append(current)
    return done


def _size(given: float, look: Look) -> float:
    return look.size if not given else given * look.size if given < 3 else given


def _set_text(block: Text, width: float, look: Look) -> Piece:
    size, font = _size(block.size, look), FAMILIES[look.family][block.bold]
    spacing = block.spacing or look.spacing
    marks, y = [], 0.0
    for text in block.lines:
        for line in wrap(text, width, font, size, spacing):
            wide = text_width(line, font, size, spacing)
            x = {"left": 0.0, "right": width - wide, "centre": (width - wide) / 2}[block.align]
            if line:
                marks.append(Mark("text", x, y + size, line, font, size, block.colour or look.ink, spacing))
            y += size * block.leading
    return Piece(y, tuple(marks))


@dataclass(frozen=True, slots=True)
class SetRow:
    """A row of a table, set."""

    row: Row
    piece: Piece


@dataclass(frozen=True, slots=True)
class SetTable:
    """A table, set row by row, so that pages can part it."""

    table: Table
    widths: tuple[float, ...]
    x: float
    size: float
    heads: tuple[SetRow, ...]
    rows: tuple[SetRow, ...]

    @property
    def piece(self) -> Piece:
        """All of it as one piece."""
        marks: list[Mark] = []
        y = 0.0
        for row in (*self.heads, *self.rows):
            marks += row.piece.moved(0, y)
            y += row.piece.height
        if self.table.rules in ("frame", "columns"):
            marks.append(Mark("frame", self.x, 0, width=sum(self.widths), height=y))
        return Piece(y, tuple(marks))


def _natural(table: Table, font: str, bold: str, size: float, spacing: float) -> list[float]:
    widths: list[float] = [0.0] * len(table.columns)
    for row in (*table.heads, *table.rows):
        at = 0
        for cell in row.cells:
            if cell.span == 1 and cell.text and not (table.columns[at].grow and row.kind != "head"):
                face = bold if _is_bold(cell, row, table) else font
                parts = cell.text.split() if row.kind == "head" else cell.text.split("\n")
                longest = max((text_width(part, face, size, spacing) for part in parts), default=0.0)
                widths[at] = max(widths[at], longest + 2 * table.pad)
            at += cell.span
    if table.carry:
        whole = carried_text(table.carry, sum((row.amount or Decimal(0) for row in table.rows), Decimal(0)))
        at = table.carry.column
        widths[at] = max(widths[at], text_width(whole, bold, size, spacing) + 2 * table.pad)
    return widths


def carried_text(carry: Carry, amount: Decimal) -> str:
    """The sum at a page break as printed."""
    group, point = carry.style
    return f"{amount:,.2f}".replace(",", "\0").replace(".", point).replace("\0", group)


def _is_bold(cell: Cell, row: Row, table: Table) -> bool:
    if cell.bold is not None:
        return cell.bold
    return (table.head_bold if row.kind == "head" else False) or row.kind == "sum" or table.bold


def _grow_width(table: Table, font: str, size: float, spacing: float) -> float:
    longest = 60.0
    for row in table.rows:
        at = 0
        for cell in row.cells:
            if cell.span == 1 and table.columns[at].grow:
                for line in cell.text.split("\n"):
                    longest = max(longest, text_width(line, font, size, spacing) + 2 * table.pad)
            at += cell.span
    return longest


def _widths(table: Table, width: float, look: Look) -> tuple[tuple[float, ...], float]:
    """The columns' widths, and the size at which they fit."""
    plain, bold = FAMILIES[look.family]
    size = _size(table.size, look)
    grows = [at for at, column in enumerate(table.columns) if column.grow]
    while True:
        widths = _natural(table, plain, bold, size, look.spacing)
        least = 92.0 if grows else 0.0
        left = width - sum(wide for at, wide in enumerate(widths) if at not in grows)
        if left >= least * len(grows) or size < 4.8:
            break
        size -= 0.4
    for at in grows:
        share = max(left, 40) / len(grows)
        widths[at] = share if table.full else min(share, _grow_width(table, plain, size, look.spacing))
    if table.equal and max(widths) * len(widths) <= width:
        widths = [width / len(widths)] * len(widths)
    elif table.full and not grows and any(widths):
        spare = (width - sum(widths)) / len(widths)
        widths = [wide + spare for wide in widths]
    return tuple(widths), size


def _set_row(
    row: Row, table: Table, widths: tuple[float, ...], x0: float, size: float, look: Look, odd: bool
) -> SetRow:
    plain, bold = FAMILIES[look.family]
    lead, marks, at = size * 1.22, list[Mark](), 0
    cells: list[tuple[Cell, int, float, list[str], str]] = []
    for cell in row.cells:
        wide = sum(widths[at : at + cell.span])
        font = bold if _is_bold(cell, row, table) else plain
        lines = wrap(cell.text, wide - 2 * table.pad + 0.01, font, size, look.spacing) if cell.text else []
        cells.append((cell, at, wide, lines, font))
        at += cell.span
    most = max((len(lines) for *_, lines, _ in cells), default=1)
    height = most * lead + 2 * table.air
    head = row.kind == "head"
    if head and table.head_fill:
        marks.append(Mark("area", x0, 0, colour=table.head_fill, width=sum(widths), height=height))
    elif table.rules == "zebra" and odd and row.kind == "body":
        marks.append(Mark("area", x0, 0, colour=table.shade, width=sum(widths), height=height))
    for cell, start, wide, lines, font in cells:
        left = x0 + sum(widths[:start])
        align = cell.align or table.columns[start].align
        colour = cell.colour or (table.head_colour if head else "") or look.ink
        first = (most - len(lines)) if row.low else 0
        for number, line in enumerate(lines):
            length = text_width(line, font, size, look.spacing)
            shift = {"left": table.pad, "right": wide - table.pad - length, "centre": (wide - length) / 2}[align]
            base = table.air + (first + number) * lead + size
            marks.append(Mark("text", left + shift, base, line, font, size, colour, look.spacing))
    marks += _row_rules(row, table, widths, x0, height, cells=[(start, wide) for _, start, wide, *_ in cells])
    return SetRow(row, Piece(height, tuple(marks)))


def _row_rules(
    row: Row, table: Table, widths: tuple[float, ...], x0: float, height: float, cells: list[tuple[int, float]]
) -> list[Mark]:
    total = sum(widths)
    marks: list[Mark] = []
    if table.rules == "all":
        marks = [Mark("frame", x0 + sum(widths[:start]), 0, width=wide, height=height) for start, wide in cells]
    elif table.rules == "columns":
        marks = [Mark("line", x0 + sum(widths[:start]), 0, height=height) for start, _ in cells if start]
    if (table.rules in ("rows", "underline") and row.kind != "plain") or (
        row.kind == "head" and table.rules in ("head", "frame", "columns", "zebra")
    ):
        marks.append(Mark("line", x0, height, width=total, size=0.9 if row.kind == "head" else 0.4))
    if row.kind == "head" and table.rules == "head":
        marks.append(Mark("line", x0, 0, width=total, size=0.9))
    return marks


def set_table(table: Table, width: float, look: Look) -> SetTable:
    """Set a table within a width."""
    widths, size = _widths(table, width, look)
    x0 = {"left": 0.0, "right": width - sum(widths), "centre": (width - sum(widths)) / 2}[table.align]
    heads = tuple(_set_row(row, table, widths, x0, size, look, False) for row in table.heads)
    rows = tuple(_set_row(row, table, widths, x0, size, look, at % 2 == 1) for at, row in enumerate(table.rows))
    return SetTable(table, widths, x0, size, heads, rows)


def one_row(row: Row, like: SetTable, look: Look) -> SetRow:
    """A further row for a table that is set."""
    return _set_row(row, like.table, like.widths, like.x, like.size, look, False)


def stacked(blocks: tuple[Block, ...], width: float, look: Look) -> Piece:
    """Blocks below each other."""
    marks: list[Mark] = []
    y = 0.0
    for block in blocks:
        piece = set_block(block, width, look)
        marks += piece.moved(0, y)
        y += piece.height
    return Piece(y, tuple(marks))


def _set_side(block: Side, width: float, look: Look) -> Piece:
    total = sum(share for share, _ in block.parts)
    room = width - block.gap * (len(block.parts) - 1)
    marks: list[Mark] = []
    x = height = 0.0
    for share, blocks in block.parts:
        wide = room * share / total
        piece = stacked(blocks, wide, look)
        marks += piece.moved(x, 0)
        x, height = x + wide + block.gap, max(height, piece.height)
    return Piece(height, tuple(marks))


def set_block(block: Block, width: float, look: Look) -> Piece:
    """Set one block within a width."""
    match block:
        case Text():
            return _set_text(block, width, look)
        case Table():
            return set_table(block, width, look).piece
        case Side():
            return _set_side(block, width, look)
        case Gap():
            return Piece(block.height)
        case Rule():
            return Piece(4.0, (Mark("line", 0, 2, width=width, size=block.weight, colour=block.colour),))
        case Logo():
            x = {"left": 0.0, "right": width - block.size, "centre": (width - block.size) / 2}[block.align]
            return Piece(block.size + 3, (Mark(block.shape, x, 0, colour=block.colour, size=block.size),))
        case Code():
            return Piece(block.size, (Mark("qr", 0, 0, block.payload, size=block.size),))
        case Band():
            inner = stacked(block.blocks, width - 2 * block.pad, look)
            height = inner.height + 2 * block.pad
            ground = [Mark("area", 0, 0, colour=block.fill, width=width, height=height)] if block.fill else []
            if block.frame:
                ground.append(Mark("frame", 0, 0, colour=block.frame, width=width, height=height))
            return Piece(height, (*ground, *inner.moved(block.pad, block.pad)))
        case Push() | Keep():
            return stacked(block.blocks, width, look)
        case _:
            return Piece(0.0)
