"""The PDF that an e-invoice's XML carries: the page to look at."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import replace

from ingest.document import Document
from ingest.errors import UnreadableFile
from ingest.readers.pdf import read_pdf
from ingest.readers.xml_tree import Element, parse_xml
from ingest.structured import shows_number

CARRIERS = ("EmbeddedDocumentBinaryObject", "AttachmentBinaryObject")
"""Elements that hold a file as base64: UBL's (BT-125), CII's."""
PDF_LIMIT = 3
"""PDF files that are looked at for one that shows the invoice."""
BYTES_LIMIT = 25 * 1024 * 1024
_DAMAGED = "A PDF attached to the e-invoice cannot be shown"


def with_attached_pages(document: Document, content: bytes) -> Document:
    """The document with the pages of the attached PDF that shows the invoice, else of the first that can be read.

    What is wrong with an attachment is a note: the invoice is what the XML states.
    """
    first: Document | None = None
    notes: list[tuple[str, str]] = []
    for index, pdf in _pdfs(content):
        try:
            shown = _shown(pdf, document.sha256)
        except UnreadableFile as fault:
            notes.append(("attachment_unreadable", f"{_DAMAGED}: {fault.message}"))
            continue
        # pages of it that a limit left unread are no loss: the XML is the invoice
        found = replace(document, pages=shown.pages, page_count=shown.page_count, attachment=index)
        if shows_number(found):
            first = found
            break
        first = first or found
    return replace(first or document, notes=tuple(notes))


def attached_pdf(content: bytes, index: int) -> bytes | None:
    """The attached PDF of this index, as `Document.attachment` names it."""
    return next((pdf for number, pdf in _pdfs(content) if number == index), None)


def _shown(pdf: bytes, sha256: str) -> Document:
    if not pdf:
        raise UnreadableFile("damaged", "it is damaged or too large. Ask the sender for the document itself.")
    try:
        return read_pdf(pdf, sha256)
    except UnreadableFile:
        raise
    except Exception as fault:  # foreign bytes break parsers in every way; the XML is whole
        raise UnreadableFile("damaged", "it is damaged. Ask the sender for the document itself.") from fault


def _pdfs(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The attached files that are PDFs by name or content, each with its place; empty bytes for one past decoding."""
    root = parse_xml(content)
    carriers = () if root is None else tuple(root.iter(*CARRIERS))
    given = 0
    for index, carrier in enumerate(carriers):
        data = _decoded(carrier)
        if "pdf" in (carrier.get("mimeCode") or "").lower() or b"%PDF-" in data[:1024]:
            yield index, data if b"%PDF-" in data[:1024] else b""
            given += 1
        if given == PDF_LIMIT:
            return


def _decoded(carrier: Element) -> bytes:
    printed = carrier.text or ""
    if len(printed) > BYTES_LIMIT * 4 // 3:
        return b""
    try:
        return base64.b64decode("".join(printed.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
