"""Rules that run only where the policy gives them a severity: what some finance departments want to see, most don't."""

from __future__ import annotations

from matching.ledger import total_of
from matching.mail_domains import mail_domain
from matching.results import Severity
from matching.rules.case import ZERO, Answer, Case, Fault, Rule, cents, no_order, plain

KNOWN_FROM = 3
"""Approved invoices from which on a supplier's usual amounts are known."""

UNION = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
"""Members of the European Union's VAT area, ISO 3166-1."""


def first_invoice(case: Case) -> Answer:
    """The supplier has no approved invoice yet (catalogue HDR11)."""
    record = case.supplier.record
    if record is None:
        return Answer(not_checked="the supplier is not known")
    if case.references.approved_of(record.supplier_id, case.currency).count:
        return Answer()
    message = f"This is the first invoice of {record.name} ({record.supplier_id}): none was approved before."
    return Answer((Fault(message, field="seller_name", found=record.supplier_id),))


def amount_unusual(case: Case) -> Answer:
    """Much more than the largest invoice approved of the supplier in this currency (HDR11, FRD5)."""
    record, total = case.supplier.record, total_of(case.extraction)
    if record is None:
        return Answer(not_checked="the supplier is not known")
    if total is None or case.credit:
        return Answer(not_checked="a credit note gives money back" if case.credit else "there is no total")
    before = case.references.approved_of(record.supplier_id, case.currency)
    if before.count < KNOWN_FROM or before.largest is None:
        return Answer(not_checked=f"fewer than {KNOWN_FROM} approved invoices to compare with")
    factor = case.policy.unusual_factor
    limit = before.largest * factor
    if total <= limit:
        return Answer()
    message = (
        f"{case.money(total)} is more than {plain(factor)} times the largest invoice that was approved of "
        f"{record.name}: {case.money(before.largest)}."
    )
    over = cents(total - before.largest)
    return Answer((Fault(message, "gross_total", None, f"up to {cents(limit)}", cents(total), over),))


def invoiced_before_order(case: Case) -> Answer:
    """The invoice is older than its order: it was ordered afterwards, or another order is meant (HDR8)."""
    if why := no_order(case):
        return Answer(not_checked=why)
    issue = case.extraction.day("issue_date")
    days = [(found.order.po_number, found.order.order_date) for found in case.orders.usable if found.order.order_date]
    if issue is None or not days:
        return Answer(not_checked="no invoice date" if issue is None else "the order has no date")
    faults = [
        Fault(
            f"The invoice is dated {issue}, its order {number} {day}: it was ordered afterwards.",
            field="issue_date",
            expected=f"from {day}",
            found=issue.isoformat(),
        )
        for number, day in days
        if day is not None and issue < day
    ]
    return Answer(tuple(faults))


def delivery_implausible(case: Case) -> Answer:
    """Delivered before it was ordered, or after the invoice came (HDR9)."""
    delivery = case.extraction.day("delivery_date")
    if delivery is None:
        return Answer(not_checked="no delivery date on the document")
    if delivery > case.today:
        message = f"The delivery is dated {delivery}, after the day the invoice came ({case.today})."
        return Answer((Fault(message, "delivery_date", None, f"until {case.today}", delivery.isoformat()),))
    ordered = [found.order.order_date for found in case.orders.usable if found.order.order_date]
    if ordered and delivery < min(ordered):
        message = f"The delivery is dated {delivery}, before anything was ordered ({min(ordered)})."
        return Answer((Fault(message, "delivery_date", None, f"from {min(ordered)}", delivery.isoformat()),))
    return Answer()


def sender_unknown(case: Case) -> Answer:
    """The mail came from another domain than the supplier's (FRD6); one that looks alike is told in any case."""
    record, senders = case.supplier.record, case.references.mail_senders()
    own = mail_domain(record.email or "") if record else ""
    if record is None or not own:
        return Answer(not_checked="no mail address of the supplier is on file")
    if not senders:
        return Answer(not_checked="it did not come by mail")
    if any(_under(mail_domain(address), own) for address in senders):
        return Answer()
    message = f"The mail came from {senders[0]}; {record.name} writes from {own}."
    return Answer((Fault(message, "seller_email", None, own, mail_domain(senders[0])),))


def _under(domain: str, own: str) -> bool:
    return domain == own or domain.endswith(f".{own}") or own.endswith(f".{domain}")


def tax_ids_missing(case: Case) -> Answer:
    """Untaxed across a border of the Union: both VAT ids must stand on it (CHG5; Directive 2006/112/EC, art. 226)."""
    seller, buyer = case.supplier.record, case.customer.record
    countries = {record.country for record in (seller, buyer) if record is not None}
    if len(countries) != 2 or not countries <= UNION:
        return Answer(not_checked="it is not known to cross a border inside the European Union")
    if case.extraction.amount("tax_total") not in (None, ZERO):
        return Answer()
    missing = [
        (name, whose)
        for name, whose in (("seller_vat_id", "seller"), ("buyer_vat_id", "buyer"))
        if not case.extraction.text(name)
    ]
    return Answer(
        tuple(
            Fault(f"No tax is charged across the border, and the {whose}'s VAT id is missing.", field=name)
            for name, whose in missing
        )
    )


ASKED_RULES = tuple(
    Rule(code, check, default=Severity.OFF)
    for code, check in (
        ("first_invoice", first_invoice),
        ("amount_unusual", amount_unusual),
        ("invoiced_before_order", invoiced_before_order),
        ("delivery_implausible", delivery_implausible),
        ("sender_unknown", sender_unknown),
        ("tax_ids_missing", tax_ids_missing),
    )
)
