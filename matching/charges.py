"""Charges (freight, packing, insurance, surcharges, deposits), and the order lines that carry them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.extraction import Extraction
from matching.charge_words import charge_kind
from matching.goods_words import likeness


@dataclass(frozen=True, slots=True)
class InvoiceCharge:
    """A charge on the invoice, net; `line` is 0 for one below the lines."""

    label: str
    amount: Decimal
    line: int = 0
    quantity: Decimal | None = None

    @property
    def kind(self) -> str | None:
        """Freight, packing, insurance, deposit and so on; None for others."""
        return charge_kind(self.label)

    @property
    def gives_back(self) -> bool:
        """A discount that is printed as a line with a negative amount."""
        return self.kind == "discount" and self.amount < 0


@dataclass(frozen=True, slots=True)
class CarriedCharge:
    """A charge and the order line that carries it; `expected` is what that line leaves room for."""

    charge: InvoiceCharge
    po_number: str
    order_line: str
    expected: Decimal
    quantity: Decimal
    """How many of the order line's units it takes."""


@dataclass(frozen=True, slots=True)
class OpenCharge:
    """An order line that is a charge, with what is still open of it."""

    po_number: str
    order_line: str
    label: str
    price: Decimal
    """Of one unit."""
    open_quantity: Decimal


@dataclass(frozen=True, slots=True)
class ChargeFinding:
    """The invoice's charges: those that an order carries, and the others."""

    carried: tuple[CarriedCharge, ...] = ()
    others: tuple[InvoiceCharge, ...] = ()
    allowance: Decimal = Decimal(0)
    """Document level discounts, positive."""


def below_the_lines(extraction: Extraction) -> tuple[tuple[InvoiceCharge, ...], Decimal]:
    """Document level charges, and the sum of document level allowances."""
    charges: list[InvoiceCharge] = []
    allowance = Decimal(0)
    for item in extraction.charges:
        amount = item.amount.number or Decimal(0)
        if item.kind == "allowance":
            allowance += abs(amount)
        elif amount:
            charges.append(InvoiceCharge(item.reason or "charge", amount))
    if not extraction.charges:
        shipping = shipping_below(extraction)
        if shipping:
            charges.append(InvoiceCharge("shipping", shipping))
        allowance = abs(extraction.amount("discount_total") or Decimal(0))
    return tuple(charges), allowance


def shipping_below(extraction: Extraction) -> Decimal:
    """The printed sum of charges; nothing where it only repeats what stands among the lines."""
    stated = extraction.amount("shipping_total") or Decimal(0)
    among = [
        item.line_total.number or Decimal(0)
        for item in extraction.line_items
        if item.line_total and item.description and charge_kind(item.description.value) is not None
    ]
    return Decimal(0) if stated and sum(among, Decimal(0)) == stated else stated


def assign(charges: Sequence[InvoiceCharge], slots: Sequence[OpenCharge], allowance: Decimal) -> ChargeFinding:
    """Give each charge the order's charge line of its kind, as long as one is open; discounts are no charges."""
    given = sum((charge.amount for charge in charges if charge.gives_back), Decimal(0))
    charges = [charge for charge in charges if not charge.gives_back]
    left = list(slots)
    carried: list[CarriedCharge] = []
    others: list[InvoiceCharge] = []
    for charge in charges:
        slot = _best(charge, left)
        if slot is None:
            others.append(charge)
            continue
        wanted = charge.quantity if charge.quantity and charge.quantity > 0 else _units(charge.amount, slot.price)
        taken = min(wanted, max(slot.open_quantity, Decimal(0)))
        carried.append(CarriedCharge(charge, slot.po_number, slot.order_line, taken * slot.price, wanted))
        left[left.index(slot)] = OpenCharge(
            slot.po_number, slot.order_line, slot.label, slot.price, slot.open_quantity - wanted
        )
    return ChargeFinding(tuple(carried), tuple(others), allowance - given)


def _units(amount: Decimal, price: Decimal) -> Decimal:
    """Of how many units an amount can be the price: whole ones, at least one."""
    return max(Decimal(1), abs(amount) // price) if price > 0 else Decimal(1)


def _best(charge: InvoiceCharge, slots: Sequence[OpenCharge]) -> OpenCharge | None:
    fitting = [
        slot
        for slot in slots
        if (charge.kind is not None and charge.kind == charge_kind(slot.label))
        or likeness(charge.label, slot.label) >= 0.8
    ]
    if not fitting:
        return None
    return max(fitting, key=lambda slot: (slot.open_quantity > 0, likeness(charge.label, slot.label)))
