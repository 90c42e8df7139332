"""For which orders a document is: by its numbers, by look-alikes of them, by its content; and whether it needs one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.extraction import Extraction
from matching.ledger import is_credit
from matching.lines import InvoiceLine
from matching.order_content import by_content
from matching.order_fit import FoundOrder, found_order, parts_of
from matching.order_numbers import numbers_near, orders_named, printed_numbers, read_by_ocr, referred
from matching.policy import Policy
from matching.records import Customer, Supplier
from matching.references import References
from matching.results import Candidate

__all__ = ["FoundOrder", "OrderFinding", "find_orders", "printed_numbers", "requirement"]


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
    """Orders that the content fits, where no number is printed: each of them alone, or all of them `together`."""
    together: bool = False
    """The suggested orders explain the lines only together."""
    alike: tuple[Candidate, ...] = ()
    """Orders that may be meant, for a person: of a like number, or with most of the content."""
    by_content: bool = False
    """The order was taken because of its content (policy)."""

    @property
    def usable(self) -> tuple[FoundOrder, ...]:
        """The orders against which lines are checked."""
        return tuple(found for found in self.found if not found.foreign)


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
    numbers = printed_numbers(extraction)
    found, unknown = _by_number(extraction, numbers, lines, supplier, references)
    if not found and (elsewhere := _referred(extraction, lines, supplier, references, sure=not numbers)):
        found = {item.order.po_number: item for item in elsewhere}
        numbers, unknown = tuple(found), ()
    suggested: tuple[Candidate, ...] = ()
    alike = tuple(Candidate(o.po_number, 0.5, ("number alike",)) for o in numbers_near(unknown, supplier, references))
    together = taken = False
    if supplier is not None and not found and (required or unknown):
        content = by_content(extraction, lines, supplier, customer, references)
        if unknown:
            every = {item.id: item for item in (*alike, *content.fitting, *content.near)}
            alike = tuple(every.values())
        else:
            suggested, together, alike = content.fitting, content.together, content.near
            if policy.accept_content_match and len(suggested) == 1:
                order = references.order(suggested[0].id)
                if order is not None:
                    found[order.po_number] = found_order(order, 0.9, suggested[0].why, supplier, references)
                    taken = True
    return OrderFinding(
        required=required,
        limit=limit,
        printed=numbers,
        found=tuple(found.values()),
        unknown=unknown,
        suggested=suggested,
        together=together,
        alike=alike,
        by_content=taken,
    )


def _by_number(
    extraction: Extraction,
    numbers: Sequence[str],
    lines: Sequence[InvoiceLine],
    supplier: Supplier | None,
    references: References,
) -> tuple[dict[str, FoundOrder], tuple[str, ...]]:
    """The orders of the printed numbers, and the numbers that are none."""
    found: dict[str, FoundOrder] = {}
    unknown: dict[str, None] = {}
    for number in numbers:
        named = orders_named(number, lines, supplier, references, ocr=read_by_ocr(extraction, number))
        unknown.update(dict.fromkeys(named.unknown))
        for hit in named.hits:
            order = found_order(hit.order, hit.score, (hit.why,), supplier, references)
            found.setdefault(hit.order.po_number, replace(order, guessed=hit.guessed))
    return found, tuple(unknown)


def _referred(
    extraction: Extraction,
    lines: Sequence[InvoiceLine],
    supplier: Supplier | None,
    references: References,
    *,
    sure: bool,
) -> list[FoundOrder]:
    """Orders whose number stands where others have references; beside a number that is none the lines must fit, too."""
    found = []
    for number in referred(extraction, supplier, references):
        order = references.order(number)
        if order is not None:
            found.append(found_order(order, 0.96, ("number equal, printed as a reference",), supplier, references))
    if not sure and found:
        every = tuple(slot for item in found for slot in item.slots)
        if parts_of(lines, every, credit=is_credit(extraction)) is None:
            return []
    return found
