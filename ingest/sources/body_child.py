"""The child that reads what a mail itself says: `python -m ingest.sources.body_child SCRATCH --parent=PID`.

SCRATCH holds the mail as `mail.eml`. Where its words are an invoice, they are left as `body.pdf`: a page that is set
from them alone and says what the mail's reader sees.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

from imap_tools.message import MailMessage
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from ingest.errors import UnreadableFile
from ingest.extract import extract
from ingest.extraction import DocumentType, Extraction
from ingest.read_child import enter_cage
from ingest.readers import read_document
from ingest.sources.body_layout import Lines, lines_of_html, lines_of_text

FONT = Path(__file__).parents[1] / "fonts" / "DejaVuSansMono.ttf"
MARGIN = 36.0
LARGEST, SMALLEST = 9.0, 5.0
"""Points of the print; a wide table is set smaller."""
CHARACTER = 0.602
"""Width of each character of the font, as a share of its size."""
MOST_BODIES = 5
TYPES = (DocumentType.INVOICE, DocumentType.CREDIT_NOTE)


def main(arguments: list[str]) -> int:
    """Leave the page, or nothing."""
    scratch = Path(arguments[0])
    enter_cage(scratch, arguments)
    for lines in _bodies((scratch / "mail.eml").read_bytes()):
        page = set_page(lines)
        if _is_invoice(page):
            (scratch / "body.part").write_bytes(page)
            (scratch / "body.part").replace(scratch / "body.pdf")
            break
    return 0


def _bodies(raw: bytes) -> Iterator[Lines]:
    """What the mail says, and the mails in it: in HTML, where a table is one, then in plain text."""
    for number, message in enumerate(_messages(MailMessage.from_bytes(raw).obj)):
        if number == MOST_BODIES:
            return
        told = MailMessage.from_bytes(message.as_bytes())
        found = (lines_of_html(told.html) if told.html else [], lines_of_text(told.text))
        yield from (lines for lines in found if any(map(str.strip, lines)))


def _messages(message: Message) -> Iterator[Message]:
    yield message
    for part in message.walk():
        if part is not message and part.get_content_type() == "message/rfc822":
            yield from (one for one in part.get_payload() if isinstance(one, Message))


def set_page(lines: Lines) -> bytes:
    """The lines as a PDF, always the same bytes for the same lines."""
    pdfmetrics.registerFont(TTFont("body", str(FONT)))
    width, height = A4
    longest = max(map(len, lines))
    size = min(LARGEST, max(SMALLEST, (width - 2 * MARGIN) / (CHARACTER * max(1, longest))))
    leading = size * 1.35
    a_page = int((height - 2 * MARGIN) / leading)
    file = io.BytesIO()
    paper = canvas.Canvas(file, pagesize=A4, invariant=1)
    for start in range(0, len(lines), a_page):
        paper.setFont("body", size)
        for row, line in enumerate(lines[start : start + a_page]):
            for left, piece in _pieces(line):
                paper.drawString(MARGIN + left * CHARACTER * size, height - MARGIN - size - row * leading, piece)
        paper.showPage()
    paper.save()
    return file.getvalue()


def _pieces(line: str) -> Iterator[tuple[int, str]]:
    """What stands in each column of the line, with its place."""
    at = 0
    for piece in line.split("  "):
        if piece.strip():
            yield at + len(piece) - len(piece.lstrip()), piece.strip()
        at += len(piece) + 2


def _is_invoice(page: bytes) -> bool:
    try:
        return says_invoice(extract(read_document(page, hashlib.sha256(page).hexdigest())))
    except UnreadableFile:
        return False


def says_invoice(found: Extraction) -> bool:
    """Number, date and total, and what the total is made of: a covering letter has the first three as well."""
    named = {"invoice_number", "issue_date"} <= set(found.fields)
    total = {"gross_total", "amount_due"} & set(found.fields)
    made_of = found.line_items or {"net_total", "tax_total", "lines_total"} & set(found.fields)
    return found.document_type.value in TYPES and named and bool(total) and bool(made_of)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
