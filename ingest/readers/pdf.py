"""PDF files: the text layer where it can be used, OCR where not, page by page; and the e-invoice inside a hybrid."""

from __future__ import annotations

import io
import logging

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.document import Document, Page, Source
from ingest.errors import UnreadableFile
from ingest.readers.einvoice import embedded_invoice
from ingest.readers.limits import Keep, PictureBudget, drop, left_out, pages_to_read
from ingest.readers.regions import read_regions
from ingest.readers.seen import as_seen
from ingest.readers.text_layer import TextLayer, TextLayers, opened, picture_of

# pdfminer logs every oddity of foreign files, by the thousand
logging.getLogger("pdfminer").setLevel(logging.ERROR)

OCR_DPI = 200
"""200 dpi reads nearly as well as 300 at less than half the pixels; of a page of A4's length."""
MOST_OCR_DPI = 300
"""Where a scan has more dots than 200 dpi they are used up to here."""
A4_INCHES = 11.7


def unlocked(content: bytes, password: str) -> bytes:
    """The same PDF without its protection, to be read; a file that is no protected PDF stays as it is.

    Raises:
        UnreadableFile: `encrypted` where the password does not open it.
    """
    if b"%PDF-" not in content[:1024]:
        return content
    try:
        pdf = pdfium.PdfDocument(content, password=password)
    except pdfium.PdfiumError as fault:
        if "password" not in str(fault).lower():
            return content  # what is wrong with it is told by whoever reads it
        raise UnreadableFile("encrypted", "This password does not open the PDF. Try it again.") from fault
    plain = io.BytesIO()
    try:
        pdf.save(plain, flags=pdfium_c.FPDF_REMOVE_SECURITY)
    finally:
        pdf.close()
    return plain.getvalue()


def open_pdf(content: bytes) -> pdfium.PdfDocument:
    """The file in pdfium.

    Raises:
        UnreadableFile: `encrypted` or `damaged`.
    """
    try:
        pdf = pdfium.PdfDocument(content)
        count = len(pdf)
    except pdfium.PdfiumError as fault:
        if "password" in str(fault).lower():
            raise UnreadableFile(
                "encrypted", "The PDF is protected by a password: give it here, or ask the sender for one without."
            ) from fault
        raise UnreadableFile("damaged", "The PDF is damaged: ask the sender to send it again.") from fault
    if not count:
        raise UnreadableFile("damaged", "The PDF has no pages: ask the sender to send it again.")
    return pdf


def read_pdf(content: bytes, sha256: str, keep: Keep = drop) -> Document:
    """Pages of words, and the e-invoice where the file carries one; each page is handed to `keep` once it is read.

    Raises:
        UnreadableFile: `encrypted` or `damaged`.
    """
    pdf, plumbed = open_pdf(content), opened(content)
    try:
        e_invoice = embedded_invoice(pdf)
        shown = as_seen(content, plumbed)
        if shown.content is not content:
            pdf.close()
            pdf, plumbed = open_pdf(shown.content), opened(shown.content)
        pages, notes = _pages(pdf, TextLayers(plumbed), keep)
        return Document(
            sha256=sha256,
            media_type="application/pdf",
            pages=tuple(pages),
            page_count=len(pdf),
            e_invoice=e_invoice,
            notes=(*shown.notes, *notes),
        )
    finally:
        pdf.close()


def _pages(pdf: pdfium.PdfDocument, layers: TextLayers, keep: Keep) -> tuple[list[Page], tuple[tuple[str, str], ...]]:
    pages: list[Page] = []
    language: str | None = None
    numbers = pages_to_read(len(pdf))
    budget = PictureBudget(numbers)
    for number in numbers:
        sheet = page_at(pdf, number)
        if sheet is None:
            continue
        layer = layers.read(number, sheet)
        if layer is not None and layer.usable:
            pages.append(_with_pictures(sheet, number, layers.size(number), layer))
        elif budget.allows(number):
            page, language = _recognised(sheet, number, language)
            pages.append(page)
        else:
            continue
        keep(pages[-1], len(pdf))
    layers.close()
    if not pages:
        raise UnreadableFile("damaged", "The PDF is damaged: ask the sender to send it again.")
    return pages, left_out([page.number for page in pages], len(pdf))


def page_at(pdf: pdfium.PdfDocument, number: int) -> pdfium.PdfPage | None:
    """A page, from 1; None where it is damaged: the others are read, and its absence is told."""
    try:
        return pdf[number - 1]
    except pdfium.PdfiumError:
        return None


def _with_pictures(sheet: pdfium.PdfPage, number: int, size: tuple[float, float], layer: TextLayer) -> Page:
    """The page of a text layer, and what only its pictures say."""
    words, codes = read_regions(sheet, size, layer)
    return Page(
        number=number,
        width=size[0],
        height=size[1],
        words=(*layer.words, *words),
        source=Source.TEXT,
        rules=layer.rules,
        hidden=layer.hidden,
        codes=codes,
    )


def _recognised(sheet: pdfium.PdfPage, number: int, language: str | None) -> tuple[Page, str | None]:
    """The page read from its picture, and its language."""
    # what reads pictures takes longer to import than a page with a text layer to read
    from ingest.readers.ocr import page_of, read_page

    picture = picture_of(sheet, _dpi_of(sheet))
    reading = read_page(picture, language)
    # a huge page is drawn with fewer dots: what a pixel measures follows from the picture
    return page_of(reading, number, max(sheet.get_size()) / max(picture.size)), reading.language or language


def _dpi_of(sheet: pdfium.PdfPage) -> float:
    """The resolution to draw a page with: that of its largest picture, within what reading can use."""
    longest = max(*sheet.get_size(), 1.0) / 72
    dots = max(
        (max(item.get_px_size()) for item in sheet.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)),
        default=0,
    )
    least, most = (dpi * A4_INCHES for dpi in (OCR_DPI, MOST_OCR_DPI))
    return float(min(most, max(least, dots)) / longest)
