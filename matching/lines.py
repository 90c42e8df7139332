"""Invoice lines and order lines in the form in which they are compared, and the pairs of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.document import Source
from ingest.extraction import FieldValue, LineItem
from matching import normalise, units
from matching.charge_words import charge_kind
from matching.goods_words import SIMILAR, likeness
from matching.records import OrderLine, OrderLineProgress, PurchaseOrder
from matching.results import LineMatch

CENT = Decimal("0.01")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A line as it is compared: price of one unit after the line's discount, without tax."""

    number: int
    """From 1, by place on the invoice."""
    description: str = ""
    skus: tuple[str, ...] = ()
    """Every article number: the seller's, the GTIN, the buyer's."""
    seller_sku: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    price: Decimal | None = None
    net: Decimal | None = None
    tax_rate: Decimal | None = None
    purchase_order: str | None = None
    order_line: str | None = None
    delivery_note: str | None = None

    @property
    def says_nothing(self) -> bool:
        """A line of text only: no quantity, price or amount, or an amount of nothing."""
        return not self.net and not self.price and (self.net is not None or self.quantity is None)

    @property
    def label(self) -> str:
        """What a person recognises the line by."""
        return self.description or (self.skus[0] if self.skus else f"line {self.number}")


@dataclass(frozen=True, slots=True)
class Slot:
    """An order line with what is left of it to bill."""

    order: PurchaseOrder
    line: OrderLine
    progress: OrderLineProgress

    @property
    def price(self) -> Decimal:
        """Of one unit."""
        return self.line.unit_price / self.line.price_base

    @property
    def open_quantity(self) -> Decimal:
        """Ordered and not yet billed."""
        return self.line.quantity - self.progress.billed_quantity


@dataclass(frozen=True, slots=True)
class LinePart:
    """The part of an invoice line that one order line takes."""

    invoice: InvoiceLine
    slot: Slot
    score: float
    why: tuple[str, ...]
    quantity: Decimal | None
    """In the order line's unit; None where it cannot be told."""
    net: Decimal | None
    summed: bool = False
    """The invoice line is one sum for several order lines of different goods: it has no price of its own."""

    def match(self) -> LineMatch:
        """The pair as the result shows it."""
        return LineMatch(
            invoice_line=self.invoice.number,
            purchase_order=self.slot.order.po_number,
            order_line=self.slot.line.line_number,
            score=round(self.score, 3),
            why=self.why,
            quantity=self.quantity,
            net=self.net,
        )


def invoice_line(number: int, item: LineItem, tax_factor: Decimal = Decimal(1)) -> InvoiceLine:
    """A line item in the form in which it is compared; `tax_factor` takes tax out of prices that contain it."""
    quantity, total, price = _number(item.quantity), _number(item.line_total), _number(item.unit_price)
    base = _number(item.price_base) or Decimal(1)
    if price is not None:
        price = price / base
        # where both are stated the amount is what was taken off, the percentage its reason
        if quantity and (discount := _number(item.line_discount)):
            price = price - abs(discount) / abs(quantity)
        elif percent := _number(item.line_discount_percent):
            price = price * (1 - abs(percent) / 100)
    elif quantity and total is not None:
        price = total / quantity
    if quantity is None and price and total is not None:
        quantity = _quantity_of(total, price)
    if total is None and quantity is not None and price is not None:
        total = (quantity * price).quantize(CENT)
    return InvoiceLine(
        number=number,
        description=_text(item.description) or "",
        skus=tuple(text for cell in (item.sku, item.gtin, item.buyer_sku) if (text := _text(cell))),
        seller_sku=_text(item.sku),
        quantity=quantity,
        unit=_unit(item.unit),
        price=price * tax_factor if price is not None else None,
        net=(total * tax_factor).quantize(CENT) if total is not None else None,
        tax_rate=_number(item.tax_rate),
        purchase_order=_text(item.purchase_order),
        order_line=_text(item.order_line),
        delivery_note=_text(item.delivery_note),
    )


def _unit(cell: FieldValue | None) -> str | None:
    """A unit as stated; a word that OCR read and that is none says nothing."""
    text = _text(cell)
    if cell is None or text is None or cell.source is not Source.OCR:
        return text
    return text if units.unit(text) else None


def _quantity_of(total: Decimal, price: Decimal) -> Decimal:
    """The roundest quantity that makes the total at this price: the total itself was rounded to cents."""
    exact = total / price
    for decimals in range(6):
        quantity = round(exact, decimals)
        if (quantity * price).quantize(CENT) == total.quantize(CENT):
            return quantity
    return exact


def slots(order: PurchaseOrder, progress: Sequence[OrderLineProgress]) -> tuple[Slot, ...]:
    """The order's lines with what is left of them."""
    by_line = {item.line_number: item for item in progress}
    return tuple(
        Slot(order, line, by_line.get(line.line_number, OrderLineProgress(line.line_number))) for line in order.lines
    )


def is_charge(line: InvoiceLine, every: Sequence[Slot]) -> bool:
    """Whether a line is a charge: its words or its article say so, and it is none of the goods ordered."""
    articles = {normalise.article(sku) for sku in line.skus}
    named = {
        charge_kind(slot.line.description) is not None
        for slot in every
        if slot.line.sku and normalise.article(slot.line.sku) in articles
    }
    if named:
        return named == {True}
    if charge_kind(line.description) is None:
        return False
    return not any(
        likeness(line.description, slot.line.description) >= SIMILAR
        for slot in every
        if charge_kind(slot.line.description) is None
    )


def in_order_unit(line: InvoiceLine, slot: Slot) -> tuple[Decimal, Decimal] | None:
    """Quantity and price of one unit in the order line's unit; None where units, quantity or price stand in the way."""
    factor = units.factor(line.unit, slot.line.unit)
    if factor is None or line.quantity is None or line.price is None:
        return None
    return line.quantity * factor, line.price / factor


def _number(cell: FieldValue | None) -> Decimal | None:
    return cell.number if cell else None


def _text(cell: FieldValue | None) -> str | None:
    return cell.value.strip() or None if cell else None
