"""A plain invoice drawn piece by piece, for tests of what other programs print differently."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from ingest.document import Document
from ingest.extract import extract
from ingest.extraction import Extraction
from tests.ingest import paper

Print = tuple[float, float, str]

PARTIES: tuple[Print, ...] = (
    (60, 60, "Harbour Fasteners Ltd"),
    (60, 72, "7 Harbour Road"),
    (60, 84, "Bristol BS1 6XN"),
    (60, 130, "Bill to:"),
    (60, 142, "Larkfield Joinery Ltd"),
    (60, 154, "22 Mill Lane"),
    (60, 166, "Leeds LS1 4DY"),
)
HEAD: tuple[Print, ...] = ((340, 130, "Invoice no.: HF-10482"), (340, 142, "Date: 14/10/2026"))
TABLE: tuple[Print, ...] = (
    (60, 310, "Description"),
    (300, 310, "Quantity"),
    (380, 310, "Unit price"),
    (480, 310, "Amount"),
    (60, 330, "Hex bolts M8"),
    (300, 330, "4"),
    (380, 330, "25.00"),
    (480, 330, "100.00"),
)
SUMS: tuple[Print, ...] = (
    (380, 360, "Net total"),
    (480, 360, "GBP 100.00"),
    (380, 372, "VAT 20 %"),
    (480, 372, "GBP 20.00"),
    (380, 384, "Total"),
    (480, 384, "GBP 120.00"),
)


def read(*prints: Print) -> Extraction:
    """What is read from a page with these prints, each with its place from the top left."""
    return extract(drawn(*prints))


def drawn(*prints: Print) -> Document:
    """The same page before anything is looked for on it."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        for x, y, text in prints:
            canvas.drawString(x, 842 - y, text)

    return paper.read(paper.pdf(draw))
