"""Orders by content: which of the supplier's open orders explain an invoice that names none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from ingest.extraction import Extraction
from matching import normalise
from matching.ledger import is_credit
from matching.lines import InvoiceLine, Slot, slots
from matching.order_fit import explains, goods_of, parts_of
from matching.records import Customer, PurchaseOrder, Supplier
from matching.references import References
from matching.results import Candidate

WORTH_JOINING = 12
"""Orders that explain a part of the lines, of which two or three are tried together."""
MOST_TOGETHER = 3
AMOUNT = Decimal("0.05")
"""How near the total has to be to what is open on an order."""


@dataclass(frozen=True, slots=True)
class Content:
    """What the content of an invoice says about its order."""

    fitting: tuple[Candidate, ...] = ()
    """Orders that explain every line: each alone, or all `together`."""
    together: bool = False
    near: tuple[Candidate, ...] = ()
    """Orders that explain the invoice but for a price, a quantity or a line, best first."""


@dataclass(frozen=True, slots=True)
class _Possible:
    order: PurchaseOrder
    slots: tuple[Slot, ...]


def by_content(
    extraction: Extraction,
    lines: Sequence[InvoiceLine],
    supplier: Supplier,
    customer: Customer | None,
    references: References,
) -> Content:
    """The supplier's open orders that explain every line: article, price, and a quantity that is still open."""
    credit = is_credit(extraction)
    possible = _possible(extraction, lines, supplier, customer, references)
    fitting = [item for item in possible if explains(lines, item.slots, credit=credit)]
    if fitting:
        return Content(_of_delivery(extraction, lines, fitting, references))
    joined = _joined(lines, possible, credit=credit)
    if len(joined) == 1:
        several = tuple(
            Candidate(item.order.po_number, 0.85, ("explains some of the lines, the others explain the rest",))
            for item in joined[0]
        )
        return Content(several, together=True)
    if joined:
        every = {item.order.po_number: item for several in joined for item in several}
        why = ("explains every line together with others",)
        return Content(tuple(Candidate(number, 0.7, why) for number in every))
    return Content(near=_near(extraction, lines, possible, credit=credit))


def _possible(
    extraction: Extraction,
    lines: Sequence[InvoiceLine],
    supplier: Supplier,
    customer: Customer | None,
    references: References,
) -> list[_Possible]:
    """Open orders in question: those that share an article, a price or the total, or else the latest ones."""
    goods = goods_of(lines, ())
    articles = [text for line in goods for text in (*line.skus, line.description) if text]
    net = extraction.amount("net_total")
    amounts = [line.price for line in goods if line.price is not None] + ([net] if net is not None else [])
    orders = references.open_orders_with(supplier.supplier_id, articles, amounts)
    orders = orders or references.open_orders(supplier.supplier_id)
    currency = extraction.text("currency")
    return [
        _Possible(order, slots(order, references.progress(order.po_number)))
        for order in orders
        if not (customer and order.customer_id and order.customer_id != customer.customer_id)
        and not (currency and order.currency and order.currency != currency)
    ]


def _of_delivery(
    extraction: Extraction, lines: Sequence[InvoiceLine], fitting: Sequence[_Possible], references: References
) -> tuple[Candidate, ...]:
    """Of several orders that explain the lines, the one for which the invoice's delivery came in."""
    notes = {extraction.text("delivery_note"), *(line.delivery_note for line in lines)} - {None, ""}
    keys = {normalise.invoice_key(note): note for note in notes if note}
    delivered = {
        item.order.po_number: note
        for item in fitting
        if keys
        for receipt in references.receipts(item.order.po_number)
        if (note := keys.get(normalise.invoice_key(receipt.delivery_note or "")))
    }
    if len(delivered) == 1:
        number, note = next(iter(delivered.items()))
        return (Candidate(number, 0.95, ("explains every line", f"delivery note {note} came in for it")),)
    return tuple(Candidate(item.order.po_number, 0.9, ("explains every line",)) for item in fitting)


def _joined(
    lines: Sequence[InvoiceLine], possible: Sequence[_Possible], *, credit: bool
) -> list[tuple[_Possible, ...]]:
    """The smallest sets of orders that explain every line together."""
    covered = []
    for item in possible:
        own = {line.number for line in goods_of(lines, item.slots) if explains([line], item.slots, credit=credit)}
        if own:
            covered.append((item, own))
    wanted = {line.number for line in goods_of(lines, ())}
    covered = sorted(covered, key=lambda pair: (-len(pair[1]), pair[0].order.po_number))[:WORTH_JOINING]
    for count in range(2, MOST_TOGETHER + 1):
        found = [
            tuple(item for item, _ in several)
            for several in combinations(covered, count)
            if set().union(*(own for _, own in several)) == wanted
            and explains(lines, [slot for item, _ in several for slot in item.slots], credit=credit)
        ]
        if found:
            return found
    return []


def _near(
    extraction: Extraction, lines: Sequence[InvoiceLine], possible: Sequence[_Possible], *, credit: bool
) -> tuple[Candidate, ...]:
    """Orders that would explain the invoice but for a price or a quantity, or whose open amount it is."""
    found = []
    net = extraction.amount("net_total")
    for item in possible:
        open_net = sum((slot.line.net - slot.progress.billed_net for slot in item.slots), Decimal(0))
        if parts_of(lines, item.slots, credit=credit) is not None:
            found.append(Candidate(item.order.po_number, 0.7, ("carries every line, at another price or quantity",)))
        elif net is not None and net > 0 and abs(open_net - net) <= AMOUNT:
            found.append(Candidate(item.order.po_number, 0.6, ("exactly this amount is open on it",)))
    return tuple(sorted(found, key=lambda candidate: -candidate.score))[:5]
