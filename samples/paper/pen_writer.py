"""Writes a paper with reportlab: parts it into pages and draws them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from decimal import Decimal

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from samples.paper.blocks import Break, Carry, Cell, Look, Paper, Push, Row, Table, Until
from samples.paper.setting import (
    FAMILIES,
    Mark,
    Piece,
    SetRow,
    SetTable,
    carried_text,
    one_row,
    register,
    set_block,
    set_table,
    stacked,
)


@dataclass
class _Pages:
    """The pages while they fill."""

    paper: Paper
    foot: Piece
    running: Piece
    done: list[list[Mark]] = field(default_factory=list)
    y: float = 0.0

    @property
    def look(self) -> Look:
        return self.paper.look

    @property
    def floor(self) -> float:
        """Where the room for the body ends on this page."""
        foot = self.foot.height + 8 if self.paper.foot_everywhere or len(self.done) == 1 else 0.0
        return self.look.height - self.look.bottom - foot - (14 if self.paper.numbered else 0)

    def turn(self) -> None:
        """Begin the next page."""
        self.done.append([])
        self.y = self.look.top
        if len(self.done) > 1 and self.running.marks:
            self.place(self.running)

    def place(self, piece: Piece) -> None:
        """Put a piece at the place reached."""
        self.done[-1] += piece.moved(self.look.left, self.y)
        self.y += piece.height


def _carried(carry: Carry, amount: Decimal, words: str, table: Table) -> Row:
    text = carried_text(carry, amount)
    rest = len(table.columns) - carry.column - 1
    cells = [Cell(words, carry.column, True, "right" if carry.column > 2 else ""), Cell(text, bold=True)]
    return Row((*cells, *(Cell() for _ in range(rest))), "plain")


def _place_table(table: Table, pages: _Pages) -> None:
    whole = set_table(table, pages.look.inner, pages.look)
    if pages.y + whole.piece.height <= pages.floor:
        pages.place(whole.piece)
        return
    carry, total, rows = table.carry, Decimal(0), list(whole.rows)
    spare = whole.size * 1.22 + 2 * table.air + 1 if carry else 0.0
    part: list[SetRow] = []
    height = sum(row.piece.height for row in whole.heads)
    while rows:
        group = [rows.pop(0)]
        while group[-1].row.keep and rows:
            group.append(rows.pop(0))
        need = sum(row.piece.height for row in group)
        if pages.y + height + need > pages.floor - spare and (
            part or len(pages.done) and pages.y > pages.look.height / 2
        ):
            if part:
                if carry:
                    part.append(one_row(_carried(carry, total, carry.below, table), whole, pages.look))
                pages.place(SetTable(table, whole.widths, whole.x, whole.size, whole.heads, tuple(part)).piece)
            old = len(pages.done)
            pages.turn()
            height = sum(row.piece.height for row in whole.heads)
            part = []
            if carry and total:
                words = carry.above.replace("{n}", str(old))
                part.append(one_row(_carried(carry, total, words, table), whole, pages.look))
                height += part[0].piece.height
        part += group
        height += need
        total += sum((row.row.amount or Decimal(0) for row in group), Decimal(0))
    pages.place(SetTable(table, whole.widths, whole.x, whole.size, whole.heads, tuple(part)).piece)


def paginate(paper: Paper) -> list[list[Mark]]:
    """The marks of every page."""
    register()
    look = paper.look
    pages = _Pages(paper, stacked(paper.foot, look.inner, look), stacked(paper.running, look.inner, look))
    pages.turn()
    for block in paper.body:
        if isinstance(block, Break):
            pages.turn()
        elif isinstance(block, Until):
            pages.y = max(pages.y, block.y)
        elif isinstance(block, Table):
            _place_table(block, pages)
        else:
            piece = set_block(block, look.inner, look)
            if pages.y + piece.height > pages.floor and pages.y > look.top + 90:
                pages.turn()
            if isinstance(block, Push):
                pages.y = max(pages.y, pages.floor - piece.height)
            pages.place(piece)
    for number, marks in enumerate(pages.done, start=1):
        if paper.foot and (paper.foot_everywhere or number == 1):
            marks += pages.foot.moved(look.left, look.height - look.bottom - pages.foot.height)
    return pages.done


def pdf(paper: Paper) -> bytes:
    """The PDF of one paper."""
    stream = io.BytesIO()
    look = paper.look
    pages = paginate(paper)
    canvas = Canvas(stream, pagesize=(look.width, look.height), invariant=1, pageCompression=1)
    canvas.setTitle(paper.title)
    for number, marks in enumerate(pages, start=1):
        for mark in marks:
            _draw(mark, canvas, look, number, len(pages))
        if paper.numbered:
            text = paper.numbered.replace("{n}", str(number)).replace("{m}", str(len(pages)))
            canvas.setFillColor(HexColor(look.ink))
            canvas.setFont(FAMILIES[look.family][0], look.size * 0.85)
            canvas.drawRightString(look.width - look.right, look.bottom - 14, text)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _draw(mark: Mark, canvas: Canvas, look: Look, number: int, count: int) -> None:
    y = look.height - mark.y
    match mark.sort:
        case "text":
            text = mark.text.replace("{n}", str(number)).replace("{m}", str(count))
            canvas.setFillColor(HexColor(mark.colour))
            canvas.setFont(mark.font, mark.size)
            canvas.drawString(mark.x, y, text, charSpace=mark.spacing or None)
        case "area":
            canvas.setFillColor(HexColor(mark.colour))
            canvas.rect(mark.x, y - mark.height, mark.width, mark.height, stroke=0, fill=1)
        case "frame":
            canvas.setStrokeColor(HexColor(mark.colour))
            canvas.setLineWidth(0.5)
            canvas.rect(mark.x, y - mark.height, mark.width, mark.height, stroke=1, fill=0)
        case "line":
            canvas.setStrokeColor(HexColor(mark.colour))
            canvas.setLineWidth(mark.size or 0.4)
            canvas.line(mark.x, y, mark.x + mark.width, y - mark.height)
        case "qr":
            _draw_code(mark, canvas, y)
        case _:
            _draw_logo(mark, canvas, y)


def _draw_code(mark: Mark, canvas: Canvas, y: float) -> None:
    code = QrCodeWidget(mark.text, barLevel="M", barWidth=mark.size, barHeight=mark.size, barBorder=0)
    drawing = Drawing(mark.size, mark.size)
    drawing.add(code)
    renderPDF.draw(drawing, canvas, mark.x, y - mark.size)


def _draw_logo(mark: Mark, canvas: Canvas, y: float) -> None:
    size, colour = mark.size, HexColor(mark.colour)
    canvas.setFillColor(colour)
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(size / 12)
    x, low = mark.x, y - size
    match mark.sort:
        case "disc":
            canvas.circle(x + size / 2, low + size / 2, size / 2, stroke=0, fill=1)
            canvas.setFillColor(HexColor("#ffffff"))
            canvas.circle(x + size * 0.62, low + size * 0.6, size / 4, stroke=0, fill=1)
        case "bars":
            for at, part in enumerate((0.5, 1.0, 0.72)):
                canvas.rect(x + at * size / 3, low, size / 4.2, size * part, stroke=0, fill=1)
        case "ring":
            canvas.circle(x + size / 2, low + size / 2, size / 2.3, stroke=1, fill=0)
            canvas.line(x + size * 0.2, low + size / 2, x + size * 0.8, low + size / 2)
        case _:
            shape = canvas.beginPath()
            shape.moveTo(x, low)
            shape.lineTo(x + size / 2, low + size)
            shape.lineTo(x + size, low)
            shape.lineTo(x + size / 2, low + size / 3)
            shape.close()
            canvas.drawPath(shape, stroke=0, fill=1)
