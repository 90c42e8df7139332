"""From an extraction and the reference records to a match: who, to whom, which order, which line, what differs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ingest.extraction import Extraction
from matching import assignment, charge_words, charges, lines, orders, parties
from matching.ledger import is_credit
from matching.lines import InvoiceLine, Slot
from matching.orders import OrderFinding
from matching.policy import Policy
from matching.policy_values import resolved
from matching.references import References
from matching.results import Candidate, Check, CheckResult, Discrepancy, LineMatch, MatchResult, Severity
from matching.review import NOBODY_CHOSEN, ChosenParties
from matching.rules import DISCREPANCY_RULES, severity_of
from matching.rules.arithmetic import prices_with_tax
from matching.rules.case import Answer, Case, Fault

ALONE = ("not_an_invoice",)
"""Codes beside which nothing else is told."""

EFFECTS = {
    "duplicate_invoice": frozenset(
        {
            # the twin has used up what this one bills again
            "order_closed",
            "quantity_over_ordered",
            "quantity_over_received",
            "total_over_order",
            "credit_over_invoiced",
            # how well a second copy could be read does not matter
            "low_confidence",
            "missing_field",
            "totals_do_not_add_up",
        }
    ),
}
"""What follows from a code, where that is an error, and is not told beside it."""


def match(
    extraction: Extraction,
    references: References,
    policy: Policy,
    today: date,
    chosen: ChosenParties = NOBODY_CHOSEN,
) -> MatchResult:
    """Match one document; `today` is the day of its receipt, `chosen` whom a person says is meant."""
    case = build_case(extraction, references, policy, today, chosen)
    asked = (rule for rule in DISCREPANCY_RULES if severity_of(case.policy, rule.code) is not Severity.OFF)
    answers = {rule.code: rule.check(case) for rule in asked}
    alone = next((code for code in ALONE if answers[code].faults), None)
    if alone is not None:
        nothing_else = Answer(not_checked="this is no invoice")
        answers = {code: answer if code == alone else nothing_else for code, answer in answers.items()}
    for cause, effects in EFFECTS.items():
        if answers[cause].faults and severity_of(case.policy, cause) is Severity.ERROR:
            told_already = Answer(not_checked="told by its cause")
            answers.update((code, told_already) for code in effects if answers[code].faults)
    return _result(case, answers)


def build_case(
    extraction: Extraction,
    references: References,
    policy: Policy,
    today: date,
    chosen: ChosenParties = NOBODY_CHOSEN,
) -> Case:
    """Everything that the rules look at: parties, orders, lines, charges."""
    seller, buyer = parties.seller_clues(extraction), parties.buyer_clues(extraction)
    supplier = parties.find_supplier(
        seller, references.supplier_candidates(seller), records_exist=references.has_suppliers()
    )
    customer = parties.find_customer(
        buyer, references.customer_candidates(buyer), records_exist=references.has_customers()
    )
    if chosen.supplier:
        supplier = parties.chosen_by_person(supplier, chosen.supplier, references.supplier(chosen.supplier))
    if chosen.customer:
        customer = parties.chosen_by_person(customer, chosen.customer, references.customer(chosen.customer))
    policy = resolved(
        policy,
        supplier.record.supplier_id if supplier.record else None,
        customer.record.customer_id if customer.record else None,
    )
    every = _lines(extraction)
    found = orders.find_orders(extraction, every, supplier.record, customer.record, references, policy)
    slots = tuple(slot for order in found.usable for slot in order.slots)
    billed = [line for line in every if not line.says_nothing]
    charge_lines = [line for line in billed if lines.is_charge(line, slots)]
    goods = tuple(line for line in billed if line not in charge_lines)
    below, allowance = charges.below_the_lines(extraction)
    goods, deducted = _without_deductions(goods)
    return Case(
        extraction=extraction,
        policy=policy,
        today=today,
        references=references,
        supplier=supplier,
        customer=customer,
        orders=found,
        lines=every,
        goods=goods,
        parts=assignment.assign(
            goods,
            [slot for slot in slots if charge_words.charge_kind(slot.line.description) is None],
            credit=is_credit(extraction),
        ),
        charges=charges.assign(
            [*(_charge(line) for line in charge_lines), *below], _open_charges(slots), allowance + deducted
        ),
        credit=is_credit(extraction),
    )


def _lines(extraction: Extraction) -> tuple[InvoiceLine, ...]:
    """The lines as they are compared: without tax also where prices are printed with it."""
    with_tax = prices_with_tax(extraction)
    rates = {row.rate.number for row in extraction.tax_breakdown if row.rate}
    only = next(iter(rates)) if len(rates) == 1 else None
    result = []
    for number, item in enumerate(extraction.line_items, start=1):
        rate = item.tax_rate.number if item.tax_rate else only
        factor = 1 / (1 + rate / 100) if with_tax and rate is not None and rate > 0 else Decimal(1)
        result.append(lines.invoice_line(number, item, factor))
    return tuple(result)


def _without_deductions(goods: tuple[InvoiceLine, ...]) -> tuple[tuple[InvoiceLine, ...], Decimal]:
    """Discounts printed as lines are no goods: they have a negative amount and no article."""
    kept, deducted = [], Decimal(0)
    for line in goods:
        negative = line.net is not None and line.net < 0 and (line.quantity is None or line.quantity > 0)
        if negative and not line.skus and line.net is not None:
            deducted -= line.net
        else:
            kept.append(line)
    return tuple(kept), deducted


def _charge(line: InvoiceLine) -> charges.InvoiceCharge:
    return charges.InvoiceCharge(line.label, line.net or Decimal(0), line.number, line.quantity)


def _open_charges(slots: tuple[Slot, ...]) -> list[charges.OpenCharge]:
    return [
        charges.OpenCharge(
            slot.order.po_number, slot.line.line_number, slot.line.description, slot.price, slot.open_quantity
        )
        for slot in slots
        if charge_words.charge_kind(slot.line.description) is not None
    ]


def _result(case: Case, answers: dict[str, Answer]) -> MatchResult:
    discrepancies = tuple(
        _discrepancy(case.policy, code, fault) for code, answer in answers.items() for fault in answer.faults
    )
    return MatchResult(
        supplier=case.supplier.chosen,
        customer=case.customer.chosen,
        purchase_orders=tuple(found.candidate for found in case.orders.found),
        line_matches=tuple(part.match() for part in case.parts),
        discrepancies=discrepancies,
        checks=tuple(_check(code, answer) for code, answer in answers.items()),
        supplier_candidates=case.supplier.candidates,
        customer_candidates=case.customer.candidates,
        order_candidates=_order_candidates(case.orders),
        charge_lines=tuple(item.number for item in case.lines if lines.is_charge(item, ())),
        charge_matches=tuple(_charge_match(item) for item in case.charges.carried),
    )


def _order_candidates(found: OrderFinding) -> tuple[Candidate, ...]:
    every = [*(item.candidate for item in found.found), *found.suggested, *found.alike]
    return tuple({candidate.id: candidate for candidate in reversed(every)}.values())[::-1]


def _charge_match(item: charges.CarriedCharge) -> LineMatch:
    return LineMatch(
        invoice_line=item.charge.line,
        purchase_order=item.po_number,
        order_line=item.order_line,
        score=1.0,
        why=("a charge that the order carries",),
        quantity=item.quantity,
        net=item.charge.amount,
    )


def _discrepancy(policy: Policy, code: str, fault: Fault) -> Discrepancy:
    severity = severity_of(policy, code)
    return Discrepancy(
        code=code,
        severity=Severity.INFO if fault.favourable else severity,
        message=fault.message,
        field=fault.field,
        line=fault.line,
        expected=fault.expected,
        found=fault.found,
        difference=fault.difference,
        related_document=fault.related_document,
    )


def _check(code: str, answer: Answer) -> Check:
    if answer.faults and not (answer.not_checked and all(fault.favourable for fault in answer.faults)):
        return Check(code, CheckResult.FAIL)
    if answer.not_checked:
        return Check(code, CheckResult.NOT_CHECKED, answer.not_checked)
    return Check(code, CheckResult.PASS)
