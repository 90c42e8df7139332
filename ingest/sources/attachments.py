"""Which parts of a mail can be documents: told by their bytes, never by name or declared type."""

from __future__ import annotations

from imap_tools.message import MailAttachment

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
)
PICTURES = {kind for _, kind in SIGNATURES}


def usable_kind(part: MailAttachment, html: str) -> str:
    """The ending that fits the part's bytes when it can be an invoice, else an empty string.

    Pictures that the mail's own text shows (logos, signatures) are no documents; a PDF or XML is taken wherever it is.
    """
    content = part.payload
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if start.startswith(b"<?xml") or (start.startswith(b"<") and b"Invoice" in content[:4096]):
        return "xml"
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            shown = bool(part.content_id) and f"cid:{part.content_id}" in html
            return "" if shown else kind
    return ""
