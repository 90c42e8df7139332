"""The ledger of invoices: what duplicates, open quantities and credit notes are checked against."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ingest.extraction import DocumentType, Extraction, FieldValue, LineItem
from matching import normalise
from matching.results import MatchResult


@dataclass(frozen=True, slots=True)
class BilledLine:
    """What one document bills of one order line, in the order line's unit; negative where it gives back."""

    po_number: str
    order_line: str
    quantity: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One document as the later ones see it."""

    document_id: int
    supplier_id: str | None = None
    number: str | None = None
    credit: bool = False
    """A credit note, or a negative invoice."""
    issue_date: date | None = None
    total: Decimal | None = None
    """With tax; positive on credit notes."""
    currency: str | None = None
    substance: str | None = None
    """Equal when lines, currency and total are."""
    period_start: date | None = None
    period_end: date | None = None
    delivery_date: date | None = None
    delivery_note: str | None = None
    preceding: str | None = None
    billed: tuple[BilledLine, ...] = ()
    approved: bool = False
    """Whether it counts as billed; else it still waits for a decision."""

    @property
    def label(self) -> str:
        """The document's number as people see it."""
        return f"#{self.document_id}"


def is_negative(extraction: Extraction) -> bool:
    """An invoice whose total is below zero gives money back."""
    total = total_of(extraction)
    return extraction.document_type.value == DocumentType.INVOICE and total is not None and total < 0


def is_credit(extraction: Extraction) -> bool:
    """A credit note, or a negative invoice that is treated as one."""
    return extraction.document_type.value == DocumentType.CREDIT_NOTE or is_negative(extraction)


def total_of(extraction: Extraction) -> Decimal | None:
    """The document's total with tax, else the amount due."""
    gross = extraction.amount("gross_total")
    return gross if gross is not None else extraction.amount("amount_due")


def entry(document_id: int, extraction: Extraction, match: MatchResult) -> LedgerEntry:
    """The ledger's row for a document as it was matched."""
    total = total_of(extraction)
    return LedgerEntry(
        document_id=document_id,
        supplier_id=match.supplier.id if match.supplier else None,
        number=extraction.text("invoice_number"),
        credit=is_credit(extraction),
        issue_date=extraction.day("issue_date"),
        total=abs(total) if total is not None else None,
        currency=extraction.text("currency"),
        substance=substance(extraction),
        period_start=extraction.day("period_start"),
        period_end=extraction.day("period_end"),
        delivery_date=extraction.day("delivery_date"),
        delivery_note=extraction.text("delivery_note"),
        preceding=extraction.text("preceding_invoice"),
        billed=billed_lines(extraction, match),
    )


def billed_lines(extraction: Extraction, match: MatchResult) -> tuple[BilledLine, ...]:
    """What the document bills of its orders' lines, charges that the order carries among them."""
    sign = -1 if extraction.document_type.value == DocumentType.CREDIT_NOTE else 1
    sums: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    for pair in (*match.line_matches, *match.charge_matches):
        key = (pair.purchase_order, pair.order_line)
        quantity, net = sums.get(key, (Decimal(0), Decimal(0)))
        sums[key] = (quantity + sign * (pair.quantity or 0), net + sign * (pair.net or 0))
    return tuple(BilledLine(*key, quantity=quantity, net=net) for key, (quantity, net) in sums.items())


def substance(extraction: Extraction) -> str | None:
    """A stamp of lines, currency and total; None where there are no lines or no total to compare."""
    total = total_of(extraction)
    if total is None or not extraction.line_items:
        return None
    # lines that bill nothing are remarks, or rows that were taken for lines: two papers need not share them
    billed = [line for line in extraction.line_items if line.line_total is None or line.line_total.number != 0]
    lines = sorted(_line_stamp(line) for line in billed or extraction.line_items)
    text = "\n".join([f"{abs(total).normalize():f}", extraction.text("currency") or "", *lines])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _line_stamp(line: LineItem) -> str:
    # wording and article numbers suffer from scans: the amounts are what makes the substance
    return "|".join(_number(cell) for cell in (line.quantity, line.line_total or line.unit_price))


def _number(cell: FieldValue | None) -> str:
    number = cell.number if cell else None
    return f"{abs(number).normalize():f}" if number is not None else "?"


def same_number(one: str | None, other: str | None) -> bool:
    """Whether two invoice numbers are one but for case, blanks, punctuation and leading zeros."""
    if not one or not other:
        return False
    return any(form(one) == form(other) for form in (normalise.invoice_key, normalise.joined_number))
