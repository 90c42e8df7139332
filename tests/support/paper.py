"""Invoices on paper: PDF files that the real reader reads."""

from __future__ import annotations

import io

from pypdf import PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas


def invoice_pdf(
    number: str = "HM-4711", price: str = "4.00", note: str = "Our reference QX-55", order: str = "PO-7001"
) -> bytes:
    """Ten steel rods from Harbour Metals, billed to Northwind Trading."""
    net = float(price) * 10
    file = io.BytesIO()
    paper = canvas.Canvas(file, pagesize=A4, invariant=1)
    paper.setFont("Helvetica-Bold", 16)
    paper.drawString(60, 780, "Harbour Metals Ltd")
    paper.setFont("Helvetica", 10)
    rows = [
        (760, ((60, "1 Dock Road, Liverpool L3 4AA, United Kingdom"),)),
        (746, ((60, "VAT Reg. No. GB980780684"),)),
        (710, ((60, "Bill to"), (340, "INVOICE"))),
        (696, ((60, "Northwind Trading Ltd"), (340, f"Invoice number: {number}"))),
        (682, ((60, "9 High Street"), (340, "Invoice date: 3 November 2026"))),
        (668, ((60, "Manchester M1 1AA"), (340, f"Purchase order: {order}" if order else ""))),
        (654, ((60, "United Kingdom"), (340, "Payment terms: 30 days net"))),
        (600, ((60, "Item"), (110, "Description"), (300, "Qty"), (370, "Unit price"), (440, "VAT %"), (500, "Amount"))),
        (584, ((60, "SR-1"), (110, "Steel rod"), (300, "10"), (370, price), (440, "20"), (500, f"{net:.2f}"))),
        (540, ((370, "Net total"), (500, f"{net:.2f}"))),
        (526, ((370, "VAT 20%"), (500, f"{net * 0.2:.2f}"))),
        (512, ((370, "Total GBP"), (500, f"{net * 1.2:.2f}"))),
        (440, ((60, note),)),
    ]
    for top, parts in rows:
        for left, text in parts:
            paper.drawString(left, top, text)
    paper.showPage()
    paper.save()
    return file.getvalue()


def joined(*files: bytes) -> bytes:
    """The pages of several PDF files in one."""
    writer = PdfWriter()
    for file in files:
        writer.append(io.BytesIO(file))
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def page_pdf(*prints: tuple[float, float, float, str]) -> bytes:
    """A page of texts, each with its place from the left and the bottom and its size; from 14 points on bold."""
    file = io.BytesIO()
    paper = canvas.Canvas(file, pagesize=A4, invariant=1)
    for left, bottom, size, text in prints:
        paper.setFont("Helvetica-Bold" if size >= 14 else "Helvetica", size)
        paper.drawString(left, bottom, text)
    paper.showPage()
    paper.save()
    return file.getvalue()


def conditions_pdf() -> bytes:
    """General terms and conditions, in small print."""
    sentence = "The goods remain the property of the seller until every claim from the contract has been settled"
    rows = [(60.0, 770.0 - 14 * row, 8.0, f"{sentence} in full by the buyer.") for row in range(40)]
    return page_pdf((60, 800, 14, "General Terms and Conditions"), *rows)


def delivery_note_pdf(number: str = "DN-99") -> bytes:
    """The delivery note of ten steel rods, with lines of its own."""
    return page_pdf(
        (60, 780, 16, "Delivery Note"),
        (340, 780, 10, f"Delivery note no.: {number}"),
        (60, 700, 10, "Item"), (110, 700, 10, "Description"), (300, 700, 10, "Qty"),
        (60, 684, 10, "SR-1"), (110, 684, 10, "Steel rod"), (300, 684, 10, "10"),
    )  # fmt: skip
