"""Reference records: suppliers, customers, purchase orders, goods receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class RecordKind(StrEnum):
    """The files of reference records (contract: `coordinator import`)."""

    SUPPLIERS = "suppliers"
    CUSTOMERS = "customers"
    PURCHASE_ORDERS = "purchase-orders"
    GOODS_RECEIPTS = "goods-receipts"


@dataclass(frozen=True, slots=True)
class Supplier:
    """A vendor that we buy from."""

    supplier_id: str
    name: str
    aliases: tuple[str, ...] = ()
    vat_id: str | None = None
    tax_id: str | None = None
    iban: tuple[str, ...] = ()
    """The accounts that may be paid; empty where none is on file."""
    account: str | None = None
    routing: str | None = None
    email: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None
    currency: str | None = None
    payment_terms_days: int | None = None
    status: str = "active"
    """`active` or `blocked`."""
    order_required: bool | None = None
    """None: as the setting for all has it."""
    no_order_limit: Decimal | None = None
    """Net amount up to which an invoice without an order stands, in the supplier's currency."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A party that we may be billed as: one of our companies, or a client on whose behalf we receive."""

    customer_id: str
    name: str
    aliases: tuple[str, ...] = ()
    vat_id: str | None = None
    billing_email: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None
    currency: str | None = None
    payment_terms_days: int | None = None


class OrderStatus(StrEnum):
    """Whether an order may still be billed."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of a purchase order; `unit_price` is per `price_base` units, net of discount."""

    line_number: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    sku: str | None = None
    """The seller's article number."""
    unit: str | None = None
    tax_rate: Decimal | None = None
    price_base: Decimal = Decimal(1)

    @property
    def net(self) -> Decimal:
        """What the whole line costs, without tax."""
        return self.quantity * self.unit_price / self.price_base


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """What was ordered from a supplier."""

    po_number: str
    supplier_id: str
    lines: tuple[OrderLine, ...] = ()
    customer_id: str | None = None
    order_date: date | None = None
    currency: str | None = None
    payment_terms_days: int | None = None
    status: OrderStatus = OrderStatus.OPEN


@dataclass(frozen=True, slots=True)
class GoodsReceipt:
    """What came in for an order line; without delivery note and date the quantity is the running total."""

    po_number: str
    line_number: str
    quantity: Decimal
    """Negative for a return."""
    receipt_date: date | None = None
    delivery_note: str | None = None


@dataclass(frozen=True, slots=True)
class OrderLineProgress:
    """How much of an order line came in and is billed, in the order line's unit and net money."""

    line_number: str
    received: Decimal | None = None
    """None when the order has no goods receipts at all."""
    billed_quantity: Decimal = Decimal(0)
    billed_net: Decimal = Decimal(0)
    waiting_quantity: Decimal = Decimal(0)
    """On invoices that still wait for a decision: shown, not counted."""
