"""Hostile files, made anew for each test."""

from __future__ import annotations

import io
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject


def endless_page(behind: Path) -> bytes:
    """The file, and a page behind it whose few kilobytes draw for longer than anyone waits."""
    writer = PdfWriter()
    for page in PdfReader(behind).pages:
        writer.add_page(page)
    sheet = writer.add_blank_page(595, 842)
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 9 Tf 50 700 Td (x) Tj ET " + b"q 1 0 0 1 0 0 cm 10 10 m 20 20 l S Q " * 3_000_000)
    sheet[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
