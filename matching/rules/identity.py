"""Rules about who sent the document and who is billed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matching.comparisons import compare_address
from matching.parties import PartyFinding, Standing
from matching.rules.case import PASSED, Answer, Case, Fault, Rule


def _unknown(party: str) -> Callable[[Case], Answer]:
    def check(case: Case) -> Answer:
        finding: PartyFinding[Any] = getattr(case, party)
        if finding.standing is not Standing.UNKNOWN:
            return PASSED
        field = "seller_name" if party == "supplier" else "buyer_name"
        if not finding.records_exist:
            message = f"There are no {party} records yet, so nobody can be found among them."
        elif finding.printed_name:
            message = f"'{finding.printed_name}' is none of the {party}s on file: {finding.why}."
        else:
            message = f"The document does not say clearly who the {party} is: {finding.why}."
        return Answer((Fault(message, field=field, found=finding.printed_name or None),))

    return check


def _ambiguous(party: str) -> Callable[[Case], Answer]:
    def check(case: Case) -> Answer:
        finding: PartyFinding[Any] = getattr(case, party)
        if finding.standing is not Standing.AMBIGUOUS:
            return PASSED
        field = "seller_name" if party == "supplier" else "buyer_name"
        several = ", ".join(candidate.id for candidate in finding.candidates[:5])
        message = f"Which {party} '{finding.printed_name}' is, is not clear: {finding.why}."
        return Answer((Fault(message, field=field, expected=several, found=finding.printed_name or None),))

    return check


def supplier_differs(case: Case) -> Answer:
    """The order is another supplier's."""
    record = case.supplier.record
    if record is None:
        return Answer(not_checked="the supplier is not known")
    if not case.orders.found:
        return Answer(not_checked="there is no order")
    faults = []
    for found in case.orders.found:
        if found.foreign:
            theirs = case.references.supplier(found.order.supplier_id)
            name = theirs.name if theirs else found.order.supplier_id
            message = f"Order {found.order.po_number} went to {name}, but {record.name} bills it."
            faults.append(
                Fault(message, field="seller_name", expected=found.order.supplier_id, found=record.supplier_id)
            )
    return Answer(tuple(faults))


def supplier_blocked(case: Case) -> Answer:
    """The supplier's record says blocked."""
    record = case.supplier.record
    if record is None:
        return Answer(not_checked="the supplier is not known")
    if record.status != "blocked":
        return PASSED
    message = f"{record.name} ({record.supplier_id}) is blocked."
    return Answer((Fault(message, field="seller_name", expected="active", found=record.status),))


def customer_differs(case: Case) -> Answer:
    """The party billed is not the one that ordered."""
    record = case.customer.record
    if record is None:
        return Answer(not_checked="the customer is not known")
    owners = [found.order for found in case.orders.usable if found.order.customer_id]
    if not owners:
        return Answer(not_checked="no order that names a customer")
    faults = []
    for order in owners:
        if order.customer_id != record.customer_id:
            message = f"Order {order.po_number} was placed by {order.customer_id}, but {record.name} is billed."
            faults.append(Fault(message, field="buyer_name", expected=order.customer_id, found=record.customer_id))
    return Answer(tuple(faults))


def billing_address_differs(case: Case) -> Answer:
    """The bill-to address is not the customer record's."""
    record = case.customer.record
    if record is None:
        return Answer(not_checked="the customer is not known")
    printed = case.extraction.text("buyer_address")
    if not printed:
        return Answer(not_checked="no bill-to address on the document")
    finding = compare_address(printed, record.street, record.postal_code, record.city)
    if not finding.compared:
        return Answer(not_checked="the record or the document has no full address")
    if not finding.differs:
        return PASSED
    expected = ", ".join(part for part in (record.street, record.postal_code, record.city) if part)
    message = f"The bill-to address '{printed}' is not the one on file for {record.name}: '{expected}'."
    return Answer((Fault(message, field="buyer_address", expected=expected, found=printed),))


IDENTITY_RULES = (
    Rule("supplier_unknown", _unknown("supplier")),
    Rule("supplier_ambiguous", _ambiguous("supplier")),
    Rule("supplier_differs", supplier_differs),
    Rule("supplier_blocked", supplier_blocked),
    Rule("customer_unknown", _unknown("customer")),
    Rule("customer_ambiguous", _ambiguous("customer")),
    Rule("customer_differs", customer_differs),
    Rule("billing_address_differs", billing_address_differs),
)
