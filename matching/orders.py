"""For which orders a document is: by its numbers, by look-alikes of them, by its content; and whether it needs one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.extraction import Extraction
from matching import normalise
from matching.assignment import assign
from matching.ledger import is_credit
from matching.lines import InvoiceLine, LinePart, Slot, in_order_unit, is_charge, slots
from matching.policy import Policy
from matching.records import Customer, OrderLineProgress, OrderStatus, PurchaseOrder, Supplier
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


@dataclass(frozen=True, slots=True)
class OrderFinding:
    """The orders of a document, the numbers that are none, and whether an order is needed."""

    required: bool
    limit: Decimal | None = None
    """Net amount up to which the supplier needs none."""
    printed: tuple[str, ...] = ()
    found: tuple[FoundOrder, ...] = ()
    unknown: tuple[str, ...] = ()
    """Printed numbers of which there is no order."""
    suggested: tuple[Candidate, ...] = ()
    """Orders that the content fits, where no number is printed."""
    alike: tuple[Candidate, ...] = ()
    """Orders whose number is like an unknown one."""
    by_content: bool = False
    """The order was taken because of its content (policy)."""

    @property
    def usable(self) -> tuple[FoundOrder, ...]:
        """The orders against which lines are checked."""
        return tuple(found for found in self.found if not found.foreign)


def printed_numbers(extraction: Extraction) -> tuple[str, ...]:
    """Every order number on the document, the header's first."""
    header = extraction.fields.get("purchase_order")
    numbers = [*((header.value, *header.others) if header else ())]
    numbers += [line.purchase_order.value for line in extraction.line_items if line.purchase_order]
    seen: dict[str, str] = {}
    for number in numbers:
        if number.strip():
            seen.setdefault(normalise.order_key(number), number.strip())
    return tuple(seen.values())


def requirement(extraction: Extraction, supplier: Supplier | None, policy: Policy) -> tuple[bool, Decimal | None]:
    """Whether the document needs an order, and the limit up to which it does not."""
    if supplier is None or supplier.order_required is None:
        limit = policy.no_order_limit or None
        if policy.order_required or limit is None:
            return policy.order_required, None
    elif supplier.order_required:
        return True, None
    else:
        limit = supplier.no_order_limit if supplier.no_order_limit is not None else policy.no_order_limit
    net = next(
        (a for name in ("net_total", "gross_total", "amount_due") if (a := extraction.amount(name)) is not None), None
    )
    return net is None or abs(net) > limit, limit


def find_orders(
    extraction: Extraction,
    lines: Sequence[InvoiceLine],
    supplier: Supplier | None,
    customer: Customer | None,
    references: References,
    policy: Policy,
) -> OrderFinding:
    """The orders of a document."""
    required, limit = requirement(extraction, supplier, policy)
    numbers = printed_numbers(extraction) or _reference_as_order(extraction, supplier, references)
    found: dict[str, FoundOrder] = {}
    unknown: list[str] = []
    for number in numbers:
        hits = _by_number(number, lines, supplier, references)
        if not hits:
            unknown.append(number)
        for order, score, why in hits:
            found.setdefault(order.po_number, _found(order, score, (why,), supplier, references))
    suggested: tuple[Candidate, ...] = ()
    by_content = False
    if not numbers and supplier is not None and required:
        fitting = by_content_of(extraction, lines, supplier, customer, references)
        suggested = tuple(Candidate(order.po_number, 0.9, ("explains every line",)) for order in fitting)
        if policy.accept_content_match and len(fitting) == 1:
            order, by_content = fitting[0], True
            found[order.po_number] = _found(order, 0.9, ("explains every line",), supplier, references)
    return OrderFinding(
        required=required,
        limit=limit,
        printed=numbers,
        found=tuple(found.values()),
        unknown=tuple(unknown),
        suggested=suggested,
        alike=_alike(unknown, supplier, references),
        by_content=by_content,
    )


def by_content_of(
    extraction: Extraction,
    lines: Sequence[InvoiceLine],
    supplier: Supplier,
    customer: Customer | None,
    references: References,
) -> tuple[PurchaseOrder, ...]:
    """The supplier's open orders that explain every line: article, price, and a quantity that is still open."""
    fitting = []
    currency = extraction.text("currency")
    for order in references.open_orders(supplier.supplier_id):
        if customer and order.customer_id and order.customer_id != customer.customer_id:
            continue
        if currency and order.currency and order.currency != currency:
            continue
        every = slots(order, references.progress(order.po_number))
        if _explains(lines, every, credit=is_credit(extraction)):
            fitting.append(order)
    return tuple(fitting)


def _explains(lines: Sequence[InvoiceLine], every: Sequence[Slot], *, credit: bool) -> bool:
    parts = _parts(lines, every)
    if parts is None:
        return False
    billed: dict[str, Decimal] = {}
    for part in parts:
        converted = in_order_unit(part.invoice, part.slot)
        if converted is None or part.quantity is None:
            return False
        if abs((converted[1] - part.slot.price) * part.quantity) > Decimal("0.01"):
            return False
        billed[part.slot.line.line_number] = billed.get(part.slot.line.line_number, Decimal(0)) + abs(part.quantity)
    room = {slot.line.line_number: slot.progress.billed_quantity if credit else slot.open_quantity for slot in every}
    return all(quantity <= room[line] for line, quantity in billed.items())


def _parts(lines: Sequence[InvoiceLine], every: Sequence[Slot]) -> tuple[LinePart, ...] | None:
    """The assignment of all goods lines; None where one has no order line, or there are none."""
    goods = [line for line in lines if not line.says_nothing and not is_charge(line, every)]
    parts = assign(goods, every)
    matched = {part.invoice.number for part in parts}
    return parts if goods and all(line.number in matched for line in goods) else None


Hit = tuple[PurchaseOrder, float, str]


def _by_number(
    number: str, lines: Sequence[InvoiceLine], supplier: Supplier | None, references: References
) -> list[Hit]:
    """The order of a printed number: exact, but for punctuation, among several in one field, or but for look-alikes."""
    exact = references.order(number)
    if exact is not None:
        return [(exact, 1.0, "number equal")]
    alike = references.orders_alike(number)
    same = [order for order in alike if normalise.order_key(order.po_number) == normalise.order_key(number)]
    if len(same) == 1:
        return [(same[0], 0.99, "number equal but for punctuation")]
    pieces = [piece for piece in re.split(r"[\s,;&+]+", number) if len(piece) >= 4 and re.search(r"\d", piece)]
    named = [order for piece in dict.fromkeys(pieces) if (order := references.order(piece))]
    dates = [piece for piece in pieces if re.fullmatch(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}", piece)]
    if named and len(pieces) - len(dates) == len(named):
        return [(order, 0.98, "number equal") for order in named]
    if supplier is None:
        return []
    fitting = [
        order
        for order in alike
        if order.supplier_id == supplier.supplier_id
        and _parts(lines, slots(order, references.progress(order.po_number))) is not None
    ]
    return [(fitting[0], 0.9, "number equal but for look-alikes, lines fit")] if len(fitting) == 1 else []


def _alike(numbers: Sequence[str], supplier: Supplier | None, references: References) -> tuple[Candidate, ...]:
    """Orders whose number is like one that is none, for the person who has to choose."""
    orders = (order for number in numbers for order in references.orders_alike(number))
    ours = [order.po_number for order in orders if supplier is None or order.supplier_id == supplier.supplier_id]
    return tuple(Candidate(number, 0.5, ("number alike",)) for number in dict.fromkeys(ours))


def _reference_as_order(extraction: Extraction, supplier: Supplier | None, references: References) -> tuple[str, ...]:
    """The buyer's reference, where it is exactly the number of an order of this supplier."""
    text = extraction.text("buyer_reference")
    order = references.order(text) if text and supplier else None
    return (order.po_number,) if order and supplier and order.supplier_id == supplier.supplier_id else ()


def _found(
    order: PurchaseOrder, score: float, why: tuple[str, ...], supplier: Supplier | None, references: References
) -> FoundOrder:
    return FoundOrder(
        order=order,
        progress=references.progress(order.po_number),
        candidate=Candidate(order.po_number, score, why),
        foreign=supplier is not None and order.supplier_id != supplier.supplier_id,
    )
