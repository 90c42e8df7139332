"""The pen that the layouts draw with: texts, lines and areas in points from the page's top left."""

from __future__ import annotations

import io
from pathlib import Path

from reportlab.lib.colors import Color, HexColor, black
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
FONTS = Path("/usr/share/fonts/truetype/dejavu")


class Pen:
    """Draws from the page's top left, in points."""

    def __init__(self, serif: bool = False) -> None:
        family = "DejaVuSerif" if serif else "DejaVuSans"
        condensed = "DejaVuSerifCondensed" if serif else "DejaVuSansCondensed"
        for name, file in (("plain", condensed), ("bold", f"{family}-Bold"), ("wide", family)):
            pdfmetrics.registerFont(TTFont(f"{family}-{name}", str(FONTS / f"{file}.ttf")))
        self.family = family
        self.stream = io.BytesIO()
        self.canvas = Canvas(self.stream, pagesize=A4, invariant=1)

    def text(
        self, x: float, y: float, text: str, size: float = 9, *, bold: bool = False, right: bool = False,
        colour: Color = black,
    ) -> None:  # fmt: skip
        """Print a text; `x` is its left edge, or its right one."""
        self.canvas.setFillColor(colour)
        self.canvas.setFont(f"{self.family}-{'bold' if bold else 'plain'}", size)
        (self.canvas.drawRightString if right else self.canvas.drawString)(x, HEIGHT - y, text)

    def rule(self, x0: float, y: float, x1: float, width: float = 0.6) -> None:
        """A horizontal line."""
        self.canvas.setStrokeColor(black)
        self.canvas.setLineWidth(width)
        self.canvas.line(x0, HEIGHT - y, x1, HEIGHT - y)

    def upright(self, x: float, y0: float, y1: float) -> None:
        """A vertical line."""
        self.canvas.setLineWidth(0.6)
        self.canvas.line(x, HEIGHT - y0, x, HEIGHT - y1)

    def fill(self, x0: float, y0: float, x1: float, y1: float, colour: str) -> None:
        """A coloured area."""
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0, stroke=0, fill=1)

    def page(self) -> None:
        """Begin the next page."""
        self.canvas.showPage()

    def done(self) -> bytes:
        """The PDF."""
        self.canvas.save()
        return self.stream.getvalue()
