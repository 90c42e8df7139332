"""A PDF as a viewer shows it.

What is filled in and stamped over a page belongs to the page, what is cut off does not; a portfolio is the files in it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace

import pdfplumber
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.readers.limits import pages_to_read

OVERLAYS = frozenset({pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_FREETEXT, pdfium_c.FPDF_ANNOT_STAMP})
"""Annotations (ISO 32000-1, 12.5.6) that carry print: fields of a form, text typed on the page, stamps."""
MOST_OVERLAYS = 2000
"""Annotations of a page that are looked at."""
LEAST_CUT = 0.5
"""Points by which a page is cut before it matters."""
MOST_FILES = 50
"""Files of a portfolio that are looked at."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A PDF as it is to be read and drawn, and what of it cannot be: (code, message)."""

    content: bytes
    notes: tuple[tuple[str, str], ...] = ()


def as_seen(content: bytes) -> Seen:
    """The file with the pages that its reader is meant to see; the same bytes where it shows just these.

    One that cannot be opened is answered as it is, too: whoever reads it tells why.
    """
    unpacked = _unpacked(content)
    return replace(unpacked, content=_with_overlays(unpacked.content))


def _unpacked(content: bytes) -> Seen:
    """The pages of all PDFs in a portfolio (ISO 32000-1, 12.3.5), whose own page only tells how to open it."""
    try:
        portfolio = pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        return Seen(content)
    try:
        count = portfolio.count_attachments()
        return _together(portfolio, count, content) if count and _is_portfolio(content) else Seen(content)
    finally:
        portfolio.close()


def _together(portfolio: pdfium.PdfDocument, count: int, content: bytes) -> Seen:
    together, unread = pdfium.PdfDocument.new(), max(0, count - MOST_FILES)
    for index in range(min(count, MOST_FILES)):
        try:
            with closing(pdfium.PdfDocument(bytes(portfolio.get_attachment(index).get_data()))) as held:
                together.import_pages(held)
        except pdfium.PdfiumError:
            unread += 1  # no PDF, or one that cannot be opened
    plain = io.BytesIO()
    if len(together):
        together.save(plain)
    together.close()
    told = f"{unread} of the {count} files in this PDF portfolio are not read: ask the sender for PDFs."
    return Seen(plain.getvalue() or content, (("pages_left_out", told),) if unread else ())


def _is_portfolio(content: bytes) -> bool:
    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            return "Collection" in pdf.doc.catalog
    except Exception:  # foreign bytes break parsers in every way; its own pages are read then
        return False


def _with_overlays(content: bytes) -> bytes:
    """The file with overlays drawn into its pages, and sheets as large as what is shown of them (their crop box).

    Signature fields are left off: their dates and names are the signature's.
    """
    try:
        pdf = pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        return content
    try:
        numbers = [number for number in pages_to_read(len(pdf)) if _differs(pdf, number)]
    finally:
        pdf.close()
    return _flattened(content, numbers) if numbers else content


def _differs(pdf: pdfium.PdfDocument, number: int) -> bool:
    try:
        sheet = pdf[number - 1]
    except pdfium.PdfiumError:
        return False
    try:
        return _is_cut(sheet) or any(kind in OVERLAYS for kind in _overlays(sheet))
    finally:
        sheet.close()


def _is_cut(sheet: pdfium.PdfPage) -> bool:
    pairs = zip(sheet.get_mediabox(), sheet.get_cropbox(), strict=True)
    return any(abs(edge - shown) > LEAST_CUT for edge, shown in pairs)


def _overlays(sheet: pdfium.PdfPage) -> Iterable[int]:
    for index in range(min(pdfium_c.FPDFPage_GetAnnotCount(sheet), MOST_OVERLAYS)):
        note = pdfium_c.FPDFPage_GetAnnot(sheet, index)
        yield pdfium_c.FPDFAnnot_GetSubtype(note)
        pdfium_c.FPDFPage_CloseAnnot(note)


def _flattened(content: bytes, numbers: Iterable[int]) -> bytes:
    pdf = pdfium.PdfDocument(content)
    try:
        # draws fields whose file leaves that to the viewer; has to stand before the first page is opened
        pdf.init_forms()
        for number in numbers:
            sheet = pdf[number - 1]
            _without_signatures(sheet, pdf)
            pdfium_c.FPDFPage_Flatten(sheet, pdfium_c.FLAT_NORMALDISPLAY)
            if _is_cut(sheet):
                sheet.set_mediabox(*_shown(sheet))
            sheet.close()
        plain = io.BytesIO()
        pdf.save(plain, flags=pdfium_c.FPDF_REMOVE_SECURITY)
    except pdfium.PdfiumError:
        return content
    finally:
        pdf.close()
    return plain.getvalue()


def _without_signatures(sheet: pdfium.PdfPage, pdf: pdfium.PdfDocument) -> None:
    if pdf.formenv is None:
        return
    for index in reversed(range(min(pdfium_c.FPDFPage_GetAnnotCount(sheet), MOST_OVERLAYS))):
        note = pdfium_c.FPDFPage_GetAnnot(sheet, index)
        kind = pdfium_c.FPDFAnnot_GetFormFieldType(pdf.formenv, note)
        pdfium_c.FPDFPage_CloseAnnot(note)
        if kind == pdfium_c.FPDF_FORMFIELD_SIGNATURE:
            pdfium_c.FPDFPage_RemoveAnnot(sheet, index)


def _shown(sheet: pdfium.PdfPage) -> tuple[float, float, float, float]:
    """The crop box within the sheet: left, bottom, right, top, in the page's own units."""
    left, bottom, right, top = sheet.get_mediabox()
    x0, y0, x1, y1 = sheet.get_cropbox()
    within = (max(left, x0), max(bottom, y0), min(right, x1), min(top, y1))
    return within if within[0] < within[2] and within[1] < within[3] else (left, bottom, right, top)
