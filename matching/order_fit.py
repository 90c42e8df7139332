"""Whether an order explains an invoice's lines: article or words, price, and a quantity that is still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from matching.assignment import assign
from matching.charge_words import charge_kind
from matching.lines import CENT, InvoiceLine, LinePart, Slot, in_order_unit, is_charge, slots
from matching.records import OrderLineProgress, OrderStatus, PurchaseOrder, Supplier
from matching.references import References
from matching.results import Candidate


@dataclass(frozen=True, slots=True)
class FoundOrder:
    """An order that the document is for, with what came in and was billed before."""

    order: PurchaseOrder
    progress: tuple[OrderLineProgress, ...]
    candidate: Candidate
    foreign: bool = False
    """It is another supplier's."""
    guessed: bool = False
    """Its number is not the printed one, though like it."""

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Its lines with what is left of them."""
        return slots(self.order, self.progress)

    @property
    def billed_in_full(self) -> bool:
        """Every line was billed in full before."""
        return bool(self.order.lines) and all(slot.open_quantity <= 0 for slot in self.slots)

    @property
    def closed(self) -> bool:
        """Nothing is left to bill: by its status, or because all was billed."""
        return self.order.status is OrderStatus.CLOSED or self.billed_in_full


def found_order(
    order: PurchaseOrder, score: float, why: tuple[str, ...], supplier: Supplier | None, references: References
) -> FoundOrder:
    """An order with what came in and was billed of it."""
    return FoundOrder(
        order=order,
        progress=references.progress(order.po_number),
        candidate=Candidate(order.po_number, score, why),
        foreign=supplier is not None and order.supplier_id != supplier.supplier_id,
    )


def goods_of(lines: Sequence[InvoiceLine], every: Sequence[Slot]) -> list[InvoiceLine]:
    """The lines that an order has to explain: no charges, no remarks."""
    return [line for line in lines if not line.says_nothing and not is_charge(line, every)]


def parts_of(
    lines: Sequence[InvoiceLine], every: Sequence[Slot], *, credit: bool = False
) -> tuple[LinePart, ...] | None:
    """The assignment of all goods lines; None where one has no order line, or there are none."""
    goods, parts = _assigned(lines, every, credit=credit)
    return parts if goods and len({part.invoice.number for part in parts}) == len(goods) else None


def share_of(lines: Sequence[InvoiceLine], every: Sequence[Slot]) -> float:
    """How many of the goods lines have an order line, 0 to 1."""
    goods, parts = _assigned(lines, every, credit=False)
    return len({part.invoice.number for part in parts}) / len(goods) if goods else 0.0


def _assigned(
    lines: Sequence[InvoiceLine], every: Sequence[Slot], *, credit: bool
) -> tuple[list[InvoiceLine], tuple[LinePart, ...]]:
    goods = goods_of(lines, every)
    ordered = [slot for slot in every if charge_kind(slot.line.description) is None]
    return goods, assign(goods, ordered, credit=credit)


def explains(lines: Sequence[InvoiceLine], every: Sequence[Slot], *, credit: bool) -> bool:
    """Whether every goods line is on the order at its price, for a quantity that is open (on credit notes: billed)."""
    if not _prices_meet(lines, every):
        return False
    parts = parts_of(lines, every, credit=credit)
    if parts is None:
        return False
    billed: dict[tuple[str, str], Decimal] = {}
    for part in parts:
        converted = in_order_unit(part.invoice, part.slot)
        if converted is None or part.quantity is None or part.summed:
            return False
        if abs((converted[1] - part.slot.price) * part.quantity) > CENT:
            return False
        key = (part.slot.order.po_number, part.slot.line.line_number)
        billed[key] = billed.get(key, Decimal(0)) + abs(part.quantity)
    room = {
        (slot.order.po_number, slot.line.line_number): slot.progress.billed_quantity if credit else slot.open_quantity
        for slot in every
    }
    return all(quantity <= room[key] for key, quantity in billed.items())


def _prices_meet(lines: Sequence[InvoiceLine], every: Sequence[Slot]) -> bool:
    """Whether each goods line has an order line of its price: quickly told, before anything is compared closely."""
    for line in goods_of(lines, every):
        converted = (in_order_unit(line, slot) for slot in every)
        prices = ((pair, slot.price) for pair, slot in zip(converted, every, strict=True) if pair)
        if not any(abs((price - ordered) * quantity) <= CENT for (quantity, price), ordered in prices):
            return False
    return True
