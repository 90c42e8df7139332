"""Documents made for the tests: an invoice drawn by reportlab, and its picture."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Document
from ingest.readers import read_document

IBAN = "DE79 0000 0000 1234 5678 90"
LINES = (
    ("1", "Scharnier 120 mm", "40", "Stk", "4,10", "164,00"),
    ("2", "Türband schwer", "15", "Stk", "12,60", "189,00"),
    ("3", "Montageplatte mit Abdeckung", "1.000", "Stk", "1,234", "1.234,00"),
)


def pdf(draw: Callable[[Canvas], None], pages: int = 1) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for _ in range(pages):
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def german_invoice(canvas: Canvas, order: str = "4500026008") -> None:
    text = canvas.drawString
    canvas.setFont("Helvetica", 7)
    text(60, 715, "Muster Beschläge GmbH · Werkstraße 5 · 70565 Stuttgart")
    canvas.setFont("Helvetica", 10)
    for y, line in ((700, "Kunden AG Mitte"), (687, "Kundenstraße 15"), (674, "69876 Frankfurt")):
        text(60, y, line)
    canvas.setFont("Helvetica-Bold", 16)
    text(60, 610, "Rechnung")
    canvas.setFont("Helvetica", 10)
    for y, label, value in (
        (700, "Rechnungs-Nr.:", "RE-2026-118"),
        (687, "Rechnungsdatum:", "12. März 2026"),
        (674, "Bestellnummer:", order),
        (661, "Kundennummer:", "10023"),
    ):
        text(360, y, label)
        text(460, y, value)
    columns = (60, 90, 330, 370, 440, 520)
    for x, head in zip(columns, ("Pos", "Bezeichnung", "Menge", "Einheit", "Einzelpreis", "Gesamt"), strict=True):
        text(x, 560, head)
    y = 540.0
    for line in LINES:
        for x, cell in zip(columns, line, strict=True):
            text(x, y, cell)
        y -= 16
    for label, amount in (
        ("Summe netto", "1.587,00 EUR"),
        ("zzgl. 19 % USt.", "301,53 EUR"),
        ("Rechnungsbetrag", "1.888,53 EUR"),
    ):
        text(360, y - 10, label)
        canvas.drawRightString(560, y - 10, amount)
        y -= 16
    text(60, 380, "Zahlbar innerhalb von 30 Tagen netto, 2 % Skonto bei Zahlung innerhalb von 10 Tagen.")
    text(60, 60, f"IBAN {IBAN}  BIC COBADEFFXXX  USt-IdNr. DE136695976")


def read(content: bytes) -> Document:
    return read_document(content, hashlib.sha256(content).hexdigest())


def picture(content: bytes, dpi: int = 200) -> Image.Image:
    sheet = pdfium.PdfDocument(content)
    image: Image.Image = sheet[0].render(scale=dpi / 72).to_pil()
    sheet.close()
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
