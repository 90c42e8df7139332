"""What we believe a document says: values with confidence, place, source and rivals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from ingest.document import Box, Source


class DocumentType(StrEnum):
    """Kinds of business document (contract: `document_type`)."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    PURCHASE_ORDER = "purchase_order"
    ESTIMATE = "estimate"
    STATEMENT = "statement"
    REMINDER = "reminder"
    DELIVERY_NOTE = "delivery_note"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Rival:
    """A reading that was rejected, kept for the reviewer."""

    value: str
    confidence: float
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One value: normalised and as printed, how surely, and where it stood."""

    value: str
    """Normalised: decimal string, ISO date, ISO code, or text."""
    raw: str | None = None
    confidence: float | None = None
    """Probability that `value` is right, 0 to 1."""
    page: int | None = None
    box: Box | None = None
    source: Source | None = None
    others: tuple[str, ...] = ()
    """Further values that are also true (a second order number, a second account)."""
    rivals: tuple[Rival, ...] = ()

    @property
    def number(self) -> Decimal | None:
        """The value as a Decimal; None where it is none."""
        try:
            number = Decimal(self.value)
        except InvalidOperation:
            return None
        return number if number.is_finite() else None

    @property
    def day(self) -> date | None:
        """The value as a date; None where it is none."""
        try:
            return date.fromisoformat(self.value)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class LineItem:
    """A line of goods or services (EN 16931 BG-25); `unit_price` is per `price_base`, before the discount."""

    line_number: FieldValue | None = None
    description: FieldValue | None = None
    sku: FieldValue | None = None
    buyer_sku: FieldValue | None = None
    gtin: FieldValue | None = None
    quantity: FieldValue | None = None
    unit: FieldValue | None = None
    unit_price: FieldValue | None = None
    price_base: FieldValue | None = None
    line_discount: FieldValue | None = None
    line_discount_percent: FieldValue | None = None
    tax_rate: FieldValue | None = None
    line_total: FieldValue | None = None
    purchase_order: FieldValue | None = None
    order_line: FieldValue | None = None
    delivery_date: FieldValue | None = None
    delivery_note: FieldValue | None = None
    note: FieldValue | None = None

    def cells(self) -> Iterator[tuple[str, FieldValue]]:
        """The cells that are there, with their names, in the contract's order."""
        for name in LINE_CELLS:
            value: FieldValue | None = getattr(self, name)
            if value is not None:
                yield name, value


LINE_CELLS: tuple[str, ...] = tuple(f.name for f in fields(LineItem))


@dataclass(frozen=True, slots=True)
class TaxLine:
    """Tax of one rate (EN 16931 BG-23)."""

    rate: FieldValue | None = None
    taxable: FieldValue | None = None
    tax: FieldValue | None = None

    def cells(self) -> Iterator[tuple[str, FieldValue]]:
        """The cells that are there, with their names."""
        for name in TAX_CELLS:
            value: FieldValue | None = getattr(self, name)
            if value is not None:
                yield name, value


TAX_CELLS: tuple[str, ...] = tuple(f.name for f in fields(TaxLine))


@dataclass(frozen=True, slots=True)
class Charge:
    """A document level charge or allowance (EN 16931 BG-20, BG-21); the amount is positive."""

    kind: str
    """`charge` or `allowance`."""
    amount: FieldValue
    reason: str = ""
    tax_rate: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd about the document, in words a coordinator understands."""

    code: str
    message: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that we believe one document says."""

    sha256: str = ""
    pages: int = 0
    language: str | None = None
    document_type: FieldValue = field(default_factory=lambda: FieldValue(DocumentType.OTHER, confidence=0.0))
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    """By the contract's names, in the order of `ingest.fields.FIELDS`; a field not on the document is absent."""
    line_items: tuple[LineItem, ...] = ()
    tax_breakdown: tuple[TaxLine, ...] = ()
    charges: tuple[Charge, ...] = ()
    warnings: tuple[Finding, ...] = ()
    part: int | None = None
    """Which of several documents in its file it is, from 1; None for a file of one."""
    page_range: tuple[int, int] | None = None
    other_pages: tuple[int, ...] = ()
    """Pages of the file that belong to it and say nothing of it: conditions, delivery notes, copies."""

    def text(self, name: str) -> str | None:
        """The field's normalised value."""
        value = self.fields.get(name)
        return value.value if value else None

    def amount(self, name: str) -> Decimal | None:
        """The field as a Decimal."""
        value = self.fields.get(name)
        return value.number if value else None

    def day(self, name: str) -> date | None:
        """The field as a date."""
        value = self.fields.get(name)
        return value.day if value else None
