"""Rules about the document itself: its type, what is missing or doubtful, what reading noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ingest.document import Source
from ingest.extraction import DocumentType, FieldValue, LineItem
from matching.rules.arithmetic import confirmed_fields, confirmed_lines, totals_do_not_add_up
from matching.rules.case import PASSED, Answer, Case, Fault, Rule

FIT_FOR_QUEUE = (DocumentType.INVOICE, DocumentType.CREDIT_NOTE, DocumentType.RECEIPT)
"""Types that are checked; a receipt never passes untouched."""

REQUIRED = ("invoice_number", "issue_date", "currency")
TOTALS = ("gross_total", "amount_due")
AMOUNTS = ("lines_total", "shipping_total", "discount_total", "net_total", "tax_total", "prepaid", "rounding", *TOTALS)
LINE_AMOUNTS = ("quantity", "unit_price", "price_base", "line_discount", "line_discount_percent", "line_total")

NAMES = {
    "invoice_number": "invoice number",
    "issue_date": "invoice date",
    "currency": "currency",
    "gross_total": "total",
    "amount_due": "amount due",
    "lines_total": "sum of the lines",
    "shipping_total": "sum of the charges",
    "discount_total": "discount",
    "prepaid": "prepaid amount",
    "rounding": "rounding",
    "price_base": "price unit",
    "line_discount": "discount",
    "line_discount_percent": "discount",
    "net_total": "net total",
    "tax_total": "tax total",
    "quantity": "quantity",
    "unit_price": "unit price",
    "line_total": "line total",
}

TYPE_DOUBT = 0.15
"""Confidence of a rival type from which on the document may be no invoice: its title is as good as the invoice's."""

CERTAIN = frozenset({Source.XML, Source.MANUAL})
"""Sources whose values are what the sender, or a person here, wrote."""


def not_an_invoice(case: Case) -> Answer:
    """A document type that the queue is not for."""
    kind = str(case.extraction.document_type.value)
    if kind in FIT_FOR_QUEUE:
        return PASSED
    message = f"This is no invoice but a {kind.replace('_', ' ')}." if kind != "other" else "This is no invoice."
    return Answer((Fault(message, field="document_type", expected="invoice", found=kind),))


def missing_field(case: Case) -> Answer:
    """A required field that the document does not carry, or that was not found on it."""
    extraction = case.extraction
    missing = [name for name in REQUIRED if not extraction.text(name)]
    faults = [Fault(f"The {NAMES[name]} is missing.", field=name) for name in missing]
    if extraction.text("issue_date") and extraction.day("issue_date") is None:
        found = extraction.text("issue_date")
        faults.append(Fault(f"The invoice date '{found}' is no date.", field="issue_date", found=found))
    unreadable = [name for name in AMOUNTS if name in extraction.fields and extraction.amount(name) is None]
    for name in unreadable:
        found = extraction.text(name)
        faults.append(Fault(f"The {NAMES[name]} '{found}' is no number.", field=name, found=found))
    if all(extraction.amount(name) is None for name in TOTALS) and not set(TOTALS).intersection(unreadable):
        faults.append(Fault("The total is missing.", field="gross_total"))
    if case.orders.required and case.supplier.records_exist or case.orders.usable:
        faults += _missing_in_lines(case)
    return Answer(tuple(faults))


def _missing_in_lines(case: Case) -> Iterator[Fault]:
    if not case.lines:
        yield Fault("The lines are missing, so they cannot be compared with the order.", field="line_items")
    if not case.orders.usable:
        return
    for line in case.goods:
        for name in ("quantity", "price"):
            if getattr(line, name) is None:
                cell = "unit_price" if name == "price" else name
                yield Fault(f"The {NAMES[cell]} of '{line.label}' is missing.", field=cell, line=line.number)
        # what stands there and is no number would otherwise be filled in from the other cells
        for name, value in _amount_cells(case.extraction.line_items[line.number - 1]):
            if value.number is None:
                message = f"The {NAMES[name]} '{value.value}' of '{line.label}' is no number."
                yield Fault(message, field=name, line=line.number, found=value.value)


def low_confidence(case: Case) -> Answer:
    """A required value that was read with too little confidence and that nothing else confirms."""
    extraction, faults = case.extraction, []
    confirmed = confirmed_fields(case)
    if case.supplier.record or case.orders.usable:
        known = [found.order.currency for found in case.orders.usable]
        known += [case.supplier.record.currency] if case.supplier.record else []
        if extraction.text("currency") in known:
            confirmed |= {"currency"}
    if _day_confirmed(case):
        confirmed |= {"issue_date"}
    totals = [name for name in TOTALS if name in extraction.fields]
    # sums that contradict each other are told as that; the doubt in the total is their effect.
    # One certain total is enough: the other follows from it
    sure = bool(totals_do_not_add_up(case).faults) or any(
        name in confirmed or certain(extraction.fields[name], case) for name in totals
    )
    for name in (*REQUIRED, *(totals[:1] if not sure else ())):
        value = extraction.fields.get(name)
        if value is not None and name not in confirmed and not certain(value, case):
            faults.append(_doubt(NAMES[name], name, value))
    if case.orders.usable:
        faults += [*_guessed_orders(case), *_doubtful_lines(case)]
    return Answer((*faults, *_doubts_of_reading(case)))


def _guessed_orders(case: Case) -> Iterator[Fault]:
    """Orders whose number was not read so, but one sign off: their lines fit, and a person compares the number."""
    printed = case.extraction.text("purchase_order") or ""
    for found in case.orders.usable:
        if found.guessed:
            number = found.order.po_number
            message = (
                f"No order has the number {printed}. {number} is one sign off and its lines fit: compare the page."
            )
            yield Fault(message, field="purchase_order", expected=number, found=printed)


def _doubts_of_reading(case: Case) -> Iterator[Fault]:
    """What makes the document as a whole doubtful: what reading noticed, and a type that may be another."""
    for warning in case.extraction.warnings:
        if warning.code == "low_confidence":
            yield Fault(warning.message, field=warning.field)
    kind = case.extraction.document_type
    # an invoice that is a credit note would be paid instead of taken off
    other = next((r for r in kind.rivals if r.value != DocumentType.RECEIPT and r.confidence >= TYPE_DOUBT), None)
    if other is not None and kind.source is not Source.MANUAL:
        article = "an" if other.value[0] in "aeiou" else "a"
        message = f"This may be no {kind.value.replace('_', ' ')} but {article} {other.value.replace('_', ' ')}."
        yield Fault(message, field="document_type", found=other.value)


def _day_confirmed(case: Case) -> bool:
    """Whether the printed due date lies the printed days after the invoice date."""
    fields = case.extraction.fields
    issue, due, days = (fields.get(name) for name in ("issue_date", "due_date", "payment_terms_days"))
    if issue is None or due is None or days is None or issue.day is None or due.day is None or days.number is None:
        return False
    derived = Source.DERIVED in (issue.source, due.source, days.source)
    return not derived and days.number > 0 and (due.day - issue.day).days == days.number


def _doubtful_lines(case: Case) -> Iterator[Fault]:
    confirmed = confirmed_lines(case)
    goods = {line.number for line in case.goods}
    for number, item in enumerate(case.extraction.line_items, start=1):
        if number not in goods or number in confirmed:
            continue
        for name, cell in _amount_cells(item):
            if not certain(cell, case):
                yield _doubt(f"{NAMES[name]} of line {number}", name, cell, number)


def _amount_cells(item: LineItem) -> Iterator[tuple[str, FieldValue]]:
    for name, cell in item.cells():
        if name in LINE_AMOUNTS:
            yield name, cell


def _doubt(what: str, name: str, value: FieldValue, line: int | None = None) -> Fault:
    surely = f"{100 * value.confidence:.0f} %" if value.confidence is not None else "unknown confidence"
    message = f"The {what} was read as '{value.value}' with {surely} only, and nothing on file confirms it."
    return Fault(message, field=name, line=line, found=value.value)


def certain(value: FieldValue, case: Case) -> bool:
    """Whether a value is what the sender wrote, or was read with enough confidence."""
    if value.confidence is None:
        return value.source in CERTAIN
    return value.confidence >= case.policy.min_confidence


def noticed(code: str) -> Callable[[Case], Answer]:
    """The check for something that only reading can notice: its warning becomes the discrepancy."""

    def check(case: Case) -> Answer:
        found = [warning for warning in case.extraction.warnings if warning.code == code]
        return Answer(tuple(Fault(warning.message, field=warning.field) for warning in found))

    return check


DOCUMENT_RULES = (
    Rule("not_an_invoice", not_an_invoice),
    Rule("missing_field", missing_field),
    Rule("xml_differs_from_page", noticed("xml_differs_from_page")),
    Rule("hidden_text", noticed("hidden_text")),
)

DOUBT_RULES = (Rule("low_confidence", low_confidence),)
"""Told after everything that is known to be wrong."""
