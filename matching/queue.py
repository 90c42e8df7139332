"""What the queue page asks for and shows: filter and row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ingest.document import State
from ingest.store import DocumentRecord
from matching.results import Discrepancy


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which documents, in which order."""

    states: tuple[State, ...] = (State.NEEDS_REVIEW,)
    text: str = ""
    """Searches everything that was read, the file's name and the supplier's; every word must be found."""
    code: str = ""
    """A discrepancy's code."""
    supplier_id: str = ""
    customer_id: str = ""
    door: str = ""
    only: tuple[int, ...] | None = None
    """Only these documents; None: all."""
    sort: str = "newest"
    """`newest` (problem first), `oldest`, `due`, `discount`, `amount`, `arrived` (newest first, problem or not)."""
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One document as the queue shows it; what was not read is empty or None."""

    document: DocumentRecord
    supplier_name: str
    invoice_number: str
    issue_date: date | None
    due_date: date | None
    discount_until: date | None
    """The last day on which the cash discount may be taken."""
    discount: Decimal | None
    """What it comes to."""
    currency: str
    amount: Decimal | None
    document_type: str
    discrepancies: tuple[Discrepancy, ...]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The rows of a page, and of how many documents in all."""

    rows: tuple[QueueRow, ...]
    size: int
    more: bool = False
    """A search found more than were counted: `size` is what there is at least."""
