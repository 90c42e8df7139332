"""What came in and what is printed on it: received files, documents, pages, words, boxes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle on a page, in PDF points from the page's top left (pixels where `Page.unit` is px)."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        """Horizontal extent."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Vertical extent."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Vertical centre."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """Horizontal centre."""
        return (self.x0 + self.x1) / 2

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.x0, other.x0),
            min(self.top, other.top),
            max(self.x1, other.x1),
            max(self.bottom, other.bottom),
        )


class Source(StrEnum):
    """Where a value comes from (contract: `source`)."""

    TEXT = "text"
    OCR = "ocr"
    XML = "xml"
    QR = "qr"
    DERIVED = "derived"
    LEARNED = "learned"
    MANUAL = "manual"
    """Typed or picked by a person."""


class Door(StrEnum):
    """Through which door a file came."""

    UPLOAD = "upload"
    FOLDER = "folder"
    MAILBOX = "mailbox"
    COMMAND = "command"
    SAMPLE = "sample"


class State(StrEnum):
    """Where a document is on its way; the state in the database is the queue of work."""

    RECEIVED = "received"
    READING = "reading"
    READ = "read"
    APPROVED = "approved"
    NEEDS_REVIEW = "needs_review"
    DUPLICATE = "duplicate"
    FAILED = "failed"
    REJECTED = "rejected"
    ON_HOLD = "on_hold"
    JOINED = "joined"
    """A person said that its pages belong to another document of its file; it stands for nothing any more."""


IN_WORK = (State.RECEIVED, State.READING, State.READ)
"""States that the worker still moves on."""


Content = bytes | Path
"""The bytes of a file, or where they lie whole on our own disk: a large one is never held in memory."""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file as a source delivers it, the same for every door."""

    name: str
    content: Content
    door: Door
    origin: str = ""
    """Who or what delivered it, for people: a user's name, a folder's path, a mail's sender and subject."""
    mail: str = ""
    """SHA-256 of the mail that it came in, if it did."""


@dataclass(frozen=True, slots=True)
class Word:
    """A printed word, as a reader of the page sees it."""

    text: str
    box: Box
    confidence: float = 1.0
    """Probability that an OCR read the text rightly, 0 to 1; 1 for a text layer. Two engines that disagree give 0.5
    at most, two that agree almost 1."""
    bold: bool = False
    other: str | None = None
    """What the second OCR engine read in its place, where that differs."""


@dataclass(frozen=True, slots=True)
class Code:
    """A machine-readable code on a page, decoded."""

    text: str
    box: Box
    symbology: str
    """`QRCode`, `DataMatrix`, ...: as zxing names it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its words in reading order and the ruled lines printed on it."""

    number: int
    """From 1."""
    width: float
    height: float
    words: tuple[Word, ...] = ()
    source: Source = Source.TEXT
    """TEXT or OCR."""
    unit: str = "pt"
    """`pt`, or `px` for an image that states no physical size."""
    rules: tuple[Box, ...] = ()
    hidden: tuple[Word, ...] = ()
    """Words of the text layer that nobody sees on the printed page; they are not among `words`."""
    turns: int = 0
    """Quarter turns to the left that made a scanned page upright; all boxes are those of the turned page."""
    frame: tuple[float, ...] | None = None
    """Where a straightened scan or photo lies on its turned picture: four corners (x, y; clockwise from the top
    left) as shares of its width and height. All boxes are those of the straightened page."""
    codes: tuple[Code, ...] = ()
    """Two-dimensional codes printed on the page; payment codes are among them."""


@dataclass(frozen=True, slots=True)
class StructuredInvoice:
    """What an e-invoice's XML states, by the contract's field names, as normalised strings."""

    syntax: str
    """`cii` or `ubl`."""
    document_type: str
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """First the value, then further values that are also true."""
    line_items: tuple[dict[str, str], ...] = ()
    tax_breakdown: tuple[dict[str, str], ...] = ()
    charges: tuple[dict[str, str], ...] = ()
    """Document level: kind (charge or allowance), amount, reason, tax_rate."""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One file as it was read: pages of words, and the e-invoice where it carries one."""

    sha256: str
    media_type: str
    pages: tuple[Page, ...] = ()
    page_count: int = 0
    """Pages of the file; more than `len(pages)` when a limit left some unread."""
    e_invoice: StructuredInvoice | None = None
    notes: tuple[tuple[str, str], ...] = ()
    """What reading noticed, as (code, message): hidden text, pages left out."""
    attachment: int | None = None
    """Which of the files attached to an XML its pages come from, counted from 0; None where they are its own."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """That a file came, when and through which door; known bytes make a further delivery, no second document."""

    document_id: int
    name: str
    door: Door
    origin: str
    received_at: datetime
    seen_before: bool
    mail: str = ""
    """SHA-256 of the mail that it came in, if it did."""
