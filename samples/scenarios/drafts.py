"""An invoice before it is printed: what it bills, and how its reading looks as a vector page or as a scan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from ingest.document import Source
from ingest.extraction import Charge, DocumentType, Extraction, FieldValue, Finding, LineItem, TaxLine
from matching.records import Customer, Supplier

CENT = Decimal("0.01")
ZERO = Decimal(0)

IDENTIFYING = frozenset({"invoice_number", "issue_date", "currency", "seller_vat_id", "seller_iban", "document_type"})
"""Values that a clean scan reads well: where nothing else confirms them a doubt would rightly stop the document."""


def cents(amount: Decimal) -> Decimal:
    """An amount of money as printed."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as printed; `pairs` are the order lines that it bills (order number, line number)."""

    description: str
    quantity: Decimal
    price: Decimal
    unit: str = "H87"
    sku: str | None = None
    rate: Decimal = Decimal(19)
    base: Decimal = Decimal(1)
    percent: Decimal | None = None
    discount: Decimal | None = None
    order: str | None = None
    order_line: str | None = None
    total_off: Decimal = ZERO
    """How much the printed total is wrong."""
    pairs: tuple[tuple[str, str], ...] = ()
    without: frozenset[str] = frozenset()
    """Cells that are not printed."""

    @property
    def total(self) -> Decimal:
        """Net, after the line's discount."""
        before = self.quantity * self.price / self.base
        off = self.discount or (before * (self.percent or ZERO) / 100)
        return cents(before - off) + self.total_off


@dataclass(frozen=True, slots=True)
class Draft:
    """A document with everything that its page states."""

    supplier: Supplier
    customer: Customer
    number: str
    issued: date
    currency: str
    lines: tuple[DraftLine, ...]
    orders: tuple[str, ...] = ()
    """Order numbers as printed at the head."""
    kind: DocumentType = DocumentType.INVOICE
    charges: tuple[tuple[str, Decimal, str], ...] = ()
    """(`charge` or `allowance`, amount, reason), below the lines."""
    tax_off: Decimal = ZERO
    gross_off: Decimal = ZERO
    lines_off: Decimal = ZERO
    fields: Mapping[str, str | None] = field(default_factory=dict)
    """Further or other header values; None takes one away."""
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    doubts: Mapping[str, float] = field(default_factory=dict)
    """Confidences that are stated on purpose."""
    warnings: tuple[tuple[str, str], ...] = ()
    misread: tuple[str, ...] = ()
    firm: bool = False
    """Amounts are read well even on a scan: their doubts would not be confirmed by sums that are wrong."""

    def having(self, **fields: str | None) -> Draft:
        """The draft with these header values."""
        return replace(self, fields={**self.fields, **fields})

    @property
    def net(self) -> Decimal:
        """Lines, charges and allowances."""
        extra = sum((amount * (1 if kind == "charge" else -1) for kind, amount, _ in self.charges), ZERO)
        return sum((line.total for line in self.lines), ZERO) + self.lines_off + extra

    @property
    def taxes(self) -> dict[Decimal, tuple[Decimal, Decimal]]:
        """Rate to taxable amount and tax."""
        bases: dict[Decimal, Decimal] = defaultdict(lambda: ZERO)
        for line in self.lines:
            bases[line.rate] += line.total
        first = self.lines[0].rate if self.lines else Decimal(19)
        for kind, amount, _ in self.charges:
            bases[first] += amount if kind == "charge" else -amount
        if self.lines_off:
            bases[first] += self.lines_off
        return {rate: (base, cents(base * rate / 100)) for rate, base in bases.items()}

    @property
    def tax(self) -> Decimal:
        """Of all rates."""
        return sum((tax for _, tax in self.taxes.values()), ZERO) + self.tax_off

    @property
    def gross(self) -> Decimal:
        """With tax."""
        return self.net + self.tax + self.gross_off


def address_of(party: Supplier | Customer) -> str:
    """An address as one line."""
    parts = (party.street, f"{party.postal_code or ''} {party.city or ''}".strip(), party.country)
    return ", ".join(part for part in parts if part)


@dataclass(slots=True)
class Reading:
    """How surely values are read: nearly all well from a vector page, some doubtful on a scan."""

    rng: Random
    scan: bool
    draft: Draft

    def value(
        self, name: str, text: str, *, amount: bool = False, sure: bool = False, others: tuple[str, ...] = ()
    ) -> FieldValue:
        """A value as it was read."""
        confidence = self.draft.doubts.get(name)
        if confidence is None:
            confidence = round(self.rng.uniform(0.97, 0.999), 3)
            kept = sure or name in IDENTIFYING or (amount and self.draft.firm)
            if self.scan and not kept and self.rng.random() < 0.08:
                confidence = round(self.rng.uniform(0.55, 0.94), 3)
        source = Source.OCR if self.scan else Source.TEXT
        return FieldValue(text, raw=text, confidence=confidence, page=1, source=source, others=others)


def extraction_of(draft: Draft, quality: str, rng: Random) -> Extraction:
    """The draft as it was read."""
    reading = Reading(rng, quality == "scan", draft)
    stated = {name: text for name, text in {**_head(draft), **_foot(draft), **draft.fields}.items() if text}
    amounts = {"net_total", "tax_total", "gross_total", "amount_due", "lines_total"}
    return Extraction(
        sha256="",
        pages=1,
        document_type=reading.value("document_type", draft.kind.value),
        fields={
            name: reading.value(name, text, amount=name in amounts, others=draft.others.get(name, ()))
            for name, text in stated.items()
        },
        line_items=tuple(_line(number, line, reading) for number, line in enumerate(draft.lines, start=1)),
        tax_breakdown=tuple(
            TaxLine(
                reading.value("rate", _plain(rate), amount=True),
                reading.value("taxable", str(base), amount=True),
                reading.value("tax", str(tax + (draft.tax_off if len(draft.taxes) == 1 else ZERO)), amount=True),
            )
            for rate, (base, tax) in draft.taxes.items()
        ),
        charges=tuple(
            Charge(kind, reading.value("amount", str(amount), amount=True), reason)
            for kind, amount, reason in draft.charges
        ),
        warnings=tuple(Finding(code, message) for code, message in draft.warnings),
    )


def _head(draft: Draft) -> dict[str, str | None]:
    seller, buyer = draft.supplier, draft.customer
    return {
        "invoice_number": draft.number,
        "issue_date": draft.issued.isoformat(),
        "currency": draft.currency,
        "purchase_order": draft.orders[0] if draft.orders else None,
        "seller_name": seller.name,
        "seller_address": address_of(seller),
        "seller_vat_id": seller.vat_id,
        "seller_iban": seller.iban[0] if seller.iban else None,
        "seller_email": seller.email,
        "buyer_name": buyer.name,
        "buyer_address": address_of(buyer),
        "buyer_vat_id": buyer.vat_id,
    }


def _foot(draft: Draft) -> dict[str, str | None]:
    charged = sum((amount for kind, amount, _ in draft.charges if kind == "charge"), ZERO)
    allowed = sum((amount for kind, amount, _ in draft.charges if kind == "allowance"), ZERO)
    return {
        "shipping_total": str(charged) if charged else None,
        "discount_total": str(allowed) if allowed else None,
        "net_total": str(draft.net),
        "tax_total": str(draft.tax),
        "gross_total": str(draft.gross),
    }


def _line(number: int, line: DraftLine, reading: Reading) -> LineItem:
    cells: dict[str, str | None] = {
        "line_number": str(number),
        "description": line.description,
        "sku": line.sku,
        "quantity": _plain(line.quantity),
        "unit": line.unit,
        "unit_price": _plain(line.price),
        "price_base": _plain(line.base) if line.base != 1 else None,
        "line_discount": str(line.discount) if line.discount else None,
        "line_discount_percent": _plain(line.percent) if line.percent else None,
        "tax_rate": _plain(line.rate),
        "line_total": str(line.total),
        "purchase_order": line.order,
        "order_line": line.order_line,
    }
    amounts = {"quantity", "unit_price", "price_base", "line_discount", "line_discount_percent", "line_total"}
    # a line that states not all of its sum has nothing that confirms a doubtful figure
    whole = not line.without & {"quantity", "unit_price", "line_total"}
    return LineItem(
        **{
            name: reading.value(name, text, amount=name in amounts, sure=name in amounts and not whole)
            for name, text in cells.items()
            if text is not None and name not in line.without
        }
    )


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
