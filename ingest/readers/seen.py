"""A PDF as a viewer shows it.

What is filled in and stamped over a page belongs to the page, what is cut off does not; a portfolio is the files in it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from pdfminer.pdftypes import resolve1
from pdfplumber.page import Page as PlumberPage
from pdfplumber.pdf import PDF

from ingest.readers.limits import pages_to_read
from ingest.readers.text_layer import opened

OVERLAYS = frozenset({"Widget", "FreeText", "Stamp"})
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


def as_seen(content: bytes, pdf: PDF | None = None) -> Seen:
    """The file with the pages that its reader is meant to see; the same bytes where it shows just these.

    `pdf` is the file in pdfplumber, where that has opened it already: no page is drawn or parsed to find out. One that
    cannot be opened is answered as it is, too: whoever reads it tells why.
    """
    pdf = pdf or opened(content)
    if pdf is None:
        return Seen(content)
    if "Collection" in pdf.doc.catalog:
        held = _together(content)
        return replace(held, content=_with_overlays(held.content, opened(held.content)))
    return Seen(_with_overlays(content, pdf))


def _together(content: bytes) -> Seen:
    """The pages of all PDFs in a portfolio (ISO 32000-1, 12.3.5), whose own page only tells how to open it."""
    together, unread = pdfium.PdfDocument.new(), 0
    try:
        with closing(pdfium.PdfDocument(content)) as portfolio:
            count = portfolio.count_attachments()
            for index in range(count):
                unread += index >= MOST_FILES or not _added(together, portfolio, index)
    except pdfium.PdfiumError:
        return Seen(content)
    plain = io.BytesIO()
    if len(together):
        together.save(plain)
    together.close()
    told = f"{unread} of the {count} files in this PDF portfolio are not read: ask the sender for PDFs."
    return Seen(plain.getvalue() or content, (("pages_left_out", told),) if unread else ())


def _added(together: pdfium.PdfDocument, portfolio: pdfium.PdfDocument, index: int) -> bool:
    """Add the pages of a file in the portfolio; answers whether it is a PDF that can be opened."""
    try:
        with closing(pdfium.PdfDocument(bytes(portfolio.get_attachment(index).get_data()))) as held:
            together.import_pages(held)
    except pdfium.PdfiumError:
        return False
    return True


def _with_overlays(content: bytes, pdf: PDF | None) -> bytes:
    """The file with overlays drawn into its pages, and sheets as large as what is shown of them (their crop box).

    Signature fields are left off: their dates and names are the signature's.
    """
    pages = pdf.pages if pdf is not None else []
    numbers = [number for number in pages_to_read(len(pages)) if _differs(pages[number - 1])]
    return _flattened(content, numbers) if numbers else content


def _differs(page: PlumberPage) -> bool:
    try:
        edges = zip(page.mediabox, page.cropbox, strict=True)
        if any(abs(edge - shown) > LEAST_CUT for edge, shown in edges):
            return True
        notes = resolve1(page.page_obj.annots) or []
        return any(_kind(note) in OVERLAYS for note in notes[:MOST_OVERLAYS])
    except Exception:  # foreign bytes break parsers in every way; the page is read as it stands
        return False


def _kind(note: object) -> str:
    entries = resolve1(note)
    return str(getattr(resolve1(entries.get("Subtype")), "name", "")) if isinstance(entries, dict) else ""


def _is_cut(sheet: pdfium.PdfPage) -> bool:
    pairs = zip(sheet.get_mediabox(), sheet.get_cropbox(), strict=True)
    return any(abs(edge - shown) > LEAST_CUT for edge, shown in pairs)


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
