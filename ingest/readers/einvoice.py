"""E-invoices: which XML they are, and the XML that a hybrid PDF carries."""

from __future__ import annotations

import pypdfium2 as pdfium

from ingest.document import StructuredInvoice
from ingest.readers import einvoice_cii, einvoice_ubl
from ingest.readers.xml_tree import parse_xml

ATTACHMENT_LIMIT = 50
"""Attachments of a PDF that are looked at."""


def read_e_invoice(content: bytes) -> StructuredInvoice | None:
    """What the XML states; None where it is no invoice or order that we know."""
    root = parse_xml(content)
    if root is None:
        return None
    if root.tag == "StandardBusinessDocument":  # Peppol's envelope
        root = next((part for part in root if part.tag in einvoice_ubl.ROOTS or part.tag in einvoice_cii.ROOTS), root)
    if root.tag in einvoice_cii.ROOTS:
        return einvoice_cii.read_cii(root)
    if root.tag in einvoice_ubl.ROOTS:
        return einvoice_ubl.read_ubl(root)
    return None


def embedded_invoice(pdf: pdfium.PdfDocument) -> StructuredInvoice | None:
    """The e-invoice among a PDF's attachments (ZUGFeRD, Factur-X, Order-X), known by its content, not its name."""
    for index in range(min(pdf.count_attachments(), ATTACHMENT_LIMIT)):
        try:
            data = bytes(pdf.get_attachment(index).get_data())
        except pdfium.PdfiumError:
            continue
        if b"<" in data[:200]:
            found = read_e_invoice(data)
            if found is not None:
                return found
    return None
