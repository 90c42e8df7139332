"""Bytes become a Document: which reader a file needs is decided by its content, never by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image

from ingest.document import Box, Document, Page
from ingest.errors import UnreadableFile
from ingest.readers.attached import attached_pdf, with_attached_pages
from ingest.readers.einvoice import read_e_invoice
from ingest.readers.image import describe, is_image, read_image, sheet_at
from ingest.readers.limits import Keep, drop, left_out
from ingest.readers.pdf import open_pdf, page_at, read_pdf
from ingest.readers.seen import as_seen
from ingest.readers.text_layer import picture_of
from ingest.readers.xml_tree import parse_xml

SIZE_LIMIT = 100 * 1024 * 1024
"""Bytes of one file."""
PICTURE_DPI = 110
PICTURE_WIDTH = 1400
"""Pixels, at most, across a page picture."""
REGION_DPI = 300
REGION_MARGIN = 0.15
"""Share of a box's height that is read around it: a box drawn by hand cuts letters off."""


def read_document(content: bytes, sha256: str, keep: Keep = drop) -> Document:
    """What is printed on a file, and what its e-invoice states; each page is handed to `keep` once it is read.

    Raises:
        UnreadableFile: with the code `empty`, `too_large`, `encrypted`, `damaged`, `unsupported` or `not_a_document`.
    """
    kind = kind_of(content)
    if kind == "pdf":
        return read_pdf(content, sha256, keep)
    if kind == "image":
        return read_image(content, sha256, keep)
    return _read_xml(content, sha256)


def kept_document(content: bytes, sha256: str, pages: Sequence[Page], count: int) -> Document:
    """What was read before a limit broke reading off: these pages of so many."""
    media_type = "application/pdf" if kind_of(content) == "pdf" else describe(content)[1]
    notes = left_out([page.number for page in pages], count)
    return Document(sha256=sha256, media_type=media_type, pages=tuple(pages), page_count=count, notes=notes)


def kind_of(content: bytes) -> str:
    """`pdf`, `image` or `xml`.

    Raises:
        UnreadableFile: where the bytes are none of these.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise UnreadableFile("empty", "The file is empty: send it again.")
    if len(content) > SIZE_LIMIT:
        raise UnreadableFile(
            "too_large",
            "The file has more than {limit} MB. Ask the sender for a smaller one, or scan it at 200 dpi.",
            limit=SIZE_LIMIT // 2**20,
        )
    if b"%PDF-" in content[:1024] and not content.startswith(b"PK\x03\x04"):
        return "pdf"
    if is_image(content):
        return "image"
    start = content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").replace(b"\0", b"")
    if start.startswith(b"<") and not start[:15].lower().startswith((b"<!doctype html", b"<html")):
        return "xml"
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFile("unsupported", "Office files and archives are not read: send a PDF, picture or e-invoice.")
    raise UnreadableFile(
        "not_a_document",
        "The file is no PDF, picture or e-invoice. Ask the sender for a PDF, or print it to PDF and send that.",
    )


def _read_xml(content: bytes, sha256: str) -> Document:
    if parse_xml(content) is None:
        raise UnreadableFile("damaged", "The XML is not well-formed: ask the sender to send it again.")
    e_invoice = read_e_invoice(content)
    if e_invoice is None:
        raise UnreadableFile(
            "unsupported",
            "The XML is no invoice or order in UBL or CII. Ask the sender for a PDF, or print it to PDF and send that.",
        )
    document = Document(sha256=sha256, media_type="application/xml", page_count=0, e_invoice=e_invoice)
    return with_attached_pages(document, content)


def render_pages(content: bytes, folder: Path, document: Document, limit: int = 50) -> int:
    """Writes the pages' pictures `1.png`, `2.png`, ... into the folder and returns how many; none for mere XML.

    `document` is what `read_document` made of the content: pages that it turned and straightened are drawn so.

    A picture has the proportions of its `Page`, so that boxes can be laid over it.

    Raises:
        UnreadableFile: as `read_document`.
    """
    kind = kind_of(content)
    if kind == "xml":
        pdf = attached_pdf(content, document.attachment) if document.attachment is not None else None
        if pdf is None:
            return 0
        kind, content = "pdf", pdf
    read = {page.number: page for page in document.pages}
    render = _render_pdf if kind == "pdf" else _render_image
    return render(content, folder, read, limit)


def region_of(content: bytes, page: Page, box: Box) -> Image.Image:
    """A box of a page as a picture, drawn with as many dots as reading can use.

    Raises:
        UnreadableFile: as `read_document`, and where the page cannot be drawn.
    """
    kind = kind_of(content)
    if kind == "pdf":
        pdf = open_pdf(as_seen(content).content)
        try:
            sheet = page_at(pdf, page.number)
            if sheet is None:
                raise UnreadableFile("damaged", "Page {page} of the file is damaged.", page=page.number)
            picture = picture_of(sheet, REGION_DPI, colour=True)
        finally:
            pdf.close()
    elif kind == "image":
        picture = sheet_at(content, page.number).picture
    else:
        raise UnreadableFile("unsupported", "The page is not in the file itself.")
    picture = _straightened(picture, page)
    across, down = picture.width / page.width, picture.height / page.height
    more = REGION_MARGIN * box.height
    left, upper = max(0.0, (box.x0 - more) * across), max(0.0, (box.top - more) * down)
    right, lower = min(picture.width, (box.x1 + more) * across), min(picture.height, (box.bottom + more) * down)
    if right - left < 1 or lower - upper < 1:
        raise UnreadableFile("damaged", "The box lies outside the page.")
    return picture.crop((round(left), round(upper), round(right) or 1, round(lower) or 1))


def _drawn(read: Mapping[int, Page], count: int, limit: int) -> list[int]:
    """Numbers of the pages that are drawn: those that were read, then the others."""
    unread = [number for number in range(1, count + 1) if number not in read] if count <= limit or not read else []
    return [*sorted(read), *unread][:limit]


def _render_pdf(content: bytes, folder: Path, read: Mapping[int, Page], limit: int) -> int:
    pdf = open_pdf(as_seen(content).content)
    try:
        numbers = _drawn(read, len(pdf), limit)
        for number in numbers:
            sheet = page_at(pdf, number)
            if sheet is None:
                continue
            scale = min(PICTURE_DPI / 72, PICTURE_WIDTH / max(sheet.get_size()[0], 1.0))
            picture = picture_of(sheet, scale * 72, colour=True)
            _straightened(picture, read.get(number)).save(folder / f"{number}.png", optimize=False)
        return len(numbers)
    finally:
        pdf.close()


def _render_image(content: bytes, folder: Path, read: Mapping[int, Page], limit: int) -> int:
    count, _ = describe(content)
    numbers = _drawn(read, count, limit)
    for number in numbers:
        sheet = sheet_at(content, number)
        picture, per_pixel = _straightened(sheet.picture, read.get(number)), sheet.points_per_pixel
        width = PICTURE_DPI / 72 * picture.width * per_pixel if per_pixel else picture.width
        width = min(width, PICTURE_WIDTH, picture.width)
        height = round(picture.height * width / picture.width)
        picture.resize((round(width), height)).save(folder / f"{number}.png", optimize=False)
    return len(numbers)


def _straightened(picture: Image.Image, page: Page | None) -> Image.Image:
    """The picture turned and straightened as it was to be read."""
    if page is None or not (page.turns or page.frame):
        return picture
    # imported where needed: it takes longer than a page with a text layer to read
    from ingest.readers.orientation import turned
    from ingest.readers.preparing import framed

    return framed(turned(picture, page.turns), page.frame)
