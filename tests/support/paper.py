"""Invoices on paper: PDF files that the real reader reads."""

from __future__ import annotations

import io

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas


def invoice_pdf(number: str = "HM-4711", price: str = "4.00", note: str = "Our reference QX-55") -> bytes:
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
        (668, ((60, "Manchester M1 1AA"), (340, "Purchase order: PO-7001"))),
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
