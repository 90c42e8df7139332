"""Rules about other documents: duplicates, and the invoices that credit notes correct."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from matching.ledger import LedgerEntry, same_number, substance, total_of
from matching.normalise import folded
from matching.rules.case import PASSED, ZERO, Answer, Case, Fault, Rule, cents, plain
from matching.rules.documents import certain

SAME_ISSUE_DAYS = 28
"""Within how many days an invoice without period and delivery may be the same one again; a month apart it recurs."""

HIGHEST_TAX = Decimal("1.27")
"""What an amount with tax may be of the one without: Hungary's rate is the highest in Europe."""


def duplicate_invoice(case: Case) -> Answer:
    """The same supplier, number, date and total."""
    if case.supplier.record is None:
        return Answer(not_checked="the supplier is not known")
    if not case.extraction.text("invoice_number"):
        return Answer(not_checked="no invoice number")
    faults = [
        Fault(
            message=f"This is invoice {entry.number} again: document {entry.label} has its number, date and total.",
            field="invoice_number",
            found=case.extraction.text("invoice_number"),
            related_document=str(entry.document_id),
        )
        for entry in _numbered(case)
        if _same_invoice(case, entry)
    ]
    return Answer(tuple(faults))


def duplicate_suspected(case: Case) -> Answer:
    """The same number with another date or total, or the same substance under another number."""
    if case.supplier.record is None:
        return Answer(not_checked="the supplier is not known")
    numbered = _numbered(case)
    if any(_same_invoice(case, entry) for entry in numbered):
        return PASSED
    # by document, so that each twin is told once, for the strongest reason
    suspected: dict[int, Fault] = {}
    for entries, field, reason in (
        (numbered, "invoice_number", "has the same number {number} with another date or total"),
        (_misread(case), "invoice_number", "has the number {number}, which may be this one misread"),
        (_elsewhere(case), "invoice_number", "has the same number {number} and total under another supplier record"),
        (_replaced(case), "preceding_invoice", "({number}) is named as the earlier invoice, and nothing is deducted"),
        (_alike(case), "gross_total", "({number}) has the same lines, total and period"),
        (_of_day(case), "gross_total", "({number}) has the same date and total"),
    ):
        for entry in entries:
            message = f"Document {entry.label} {reason.format(number=entry.number or 'no number')}."
            suspected.setdefault(entry.document_id, _suspicion(message, entry, field, case))
    return Answer(tuple(suspected.values()))


def _suspicion(message: str, entry: LedgerEntry, field: str, case: Case) -> Fault:
    found = case.extraction.text("invoice_number")
    return Fault(message, field=field, expected=entry.number, found=found, related_document=str(entry.document_id))


def _numbered(case: Case) -> list[LedgerEntry]:
    number = case.extraction.text("invoice_number")
    return [entry for entry in _by_number(case) if same_number(entry.number, number)]


def _misread(case: Case) -> list[LedgerEntry]:
    """Numbers that differ in look-alikes or in the word before them, with the same date or total."""
    number, day = case.extraction.text("invoice_number"), case.extraction.day("issue_date")
    return [
        entry
        for entry in _by_number(case)
        if not same_number(entry.number, number)
        and (_same_total(case, entry) or (day is not None and day == entry.issue_date))
    ]


def _by_number(case: Case) -> list[LedgerEntry]:
    record, number = case.supplier.record, case.extraction.text("invoice_number")
    if record is None or not number:
        return []
    entries = case.references.invoices_numbered(record.supplier_id, number)
    return [entry for entry in entries if entry.credit == case.credit]


def _elsewhere(case: Case) -> list[LedgerEntry]:
    """The same number and total where the supplier is not known, or is another record of the same company."""
    record, number = case.supplier.record, case.extraction.text("invoice_number")
    if record is None or not number:
        return []
    entries = case.references.invoices_elsewhere(record.supplier_id, number)
    return [entry for entry in entries if entry.credit == case.credit and _same_total(case, entry)]


def _replaced(case: Case) -> list[LedgerEntry]:
    """Invoices that this one names: a corrected invoice bills them again, a final one takes off what was billed."""
    record = case.supplier.record
    if record is None or case.credit:
        return []
    find = case.references.invoices_numbered
    entries = [(each, number) for number in _named(case) for each in find(record.supplier_id, number)]
    return [
        each
        for each, number in entries
        if not each.credit and same_number(each.number, number) and not _deducted(case, each)
    ]


def _deducted(case: Case, entry: LedgerEntry) -> bool:
    """Whether about the total of an earlier invoice is taken off, with its tax or without."""
    extraction = case.extraction
    taken = [extraction.amount("prepaid") or ZERO]
    taken += [charge.amount.number or ZERO for charge in extraction.charges if charge.kind == "allowance"]
    totals = [line.line_total.number or ZERO for line in extraction.line_items if line.line_total]
    taken += [-total for total in totals if total < 0]
    return entry.total is not None and any(entry.total / HIGHEST_TAX <= one <= entry.total for one in taken)


def _alike(case: Case) -> list[LedgerEntry]:
    record, stamp = case.supplier.record, substance(case.extraction)
    if record is None or stamp is None:
        return []
    entries = case.references.invoices_alike(record.supplier_id, stamp, case.extraction.day("issue_date"))
    return [entry for entry in entries if entry.credit == case.credit and _same_time(case, entry)]


def _of_day(case: Case) -> list[LedgerEntry]:
    """The same date and total, whatever was read of number and lines; other order lines are another thing billed."""
    record, total, day = case.supplier.record, total_of(case.extraction), case.extraction.day("issue_date")
    if record is None or not total or day is None:
        return []
    billed = {(part.slot.order.po_number, part.slot.line.line_number) for part in case.parts}
    return [
        entry
        for entry in case.references.invoices_of_day(record.supplier_id, day, abs(total))
        if entry.credit == case.credit
        and _same_total(case, entry)
        and _same_time(case, entry)
        and not (billed and entry.billed and billed.isdisjoint((it.po_number, it.order_line) for it in entry.billed))
    ]


def _same_total(case: Case, entry: LedgerEntry) -> bool:
    total = total_of(case.extraction)
    return total is not None and (abs(total), case.extraction.text("currency")) == (entry.total, entry.currency)


def _same_invoice(case: Case, entry: LedgerEntry) -> bool:
    day = case.extraction.day("issue_date")
    return day is not None and day == entry.issue_date and _same_total(case, entry)


def _same_time(case: Case, entry: LedgerEntry) -> bool:
    """Whether both are about the same period or delivery; another period is another invoice.

    On the same day of issue only what was surely read tells two invoices apart.
    """
    extraction = case.extraction
    issue = extraction.day("issue_date")
    same_day = issue is not None and issue == entry.issue_date

    def told_by(*names: str) -> bool:
        values = [extraction.fields[name] for name in names if name in extraction.fields]
        return not same_day or all(certain(value, case) for value in values)

    period = (extraction.day("period_start"), extraction.day("period_end"))
    if any(period) and (entry.period_start or entry.period_end) and told_by("period_start", "period_end"):
        return _overlap(period, (entry.period_start, entry.period_end))
    note, delivery = extraction.text("delivery_note"), extraction.day("delivery_date")
    if note and entry.delivery_note and told_by("delivery_note"):
        return folded(note) == folded(entry.delivery_note)
    if delivery and entry.delivery_date and told_by("delivery_date"):
        return delivery == entry.delivery_date
    if issue is None or entry.issue_date is None:
        return True
    return abs((issue - entry.issue_date).days) < SAME_ISSUE_DAYS


def _overlap(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Whether two periods share more than the day on which one ends and the next begins; a half stated one is a day."""
    (start, end), (other_start, other_end) = _whole(one), _whole(other)
    return (start, end) == (other_start, other_end) or max(start, other_start) < min(end, other_end)


def _whole(period: tuple[date | None, date | None]) -> tuple[date, date]:
    start, end = period
    return start or end or date.min, end or start or date.max


# ---------------------------------------------------------------- credit notes


def _named(case: Case) -> tuple[str, ...]:
    field = case.extraction.fields.get("preceding_invoice")
    return (field.value, *field.others) if field else ()


def _corrected(case: Case) -> dict[str, LedgerEntry | None]:
    """The approved invoice behind each number that the credit note names; None where there is none."""
    record = case.supplier.record
    corrected: dict[str, LedgerEntry | None] = {}
    for number in _named(case) if record else ():
        assert record is not None
        entries = case.references.invoices_corrected(record.supplier_id, number)
        approved = [entry for entry in entries if entry.approved and not entry.credit]
        corrected[number] = approved[0] if approved else None
    return corrected


def preceding_invoice_not_found(case: Case) -> Answer:
    """A credit note that names no invoice, or one that we never approved."""
    if not case.credit:
        return Answer(not_checked="not a credit note")
    if case.supplier.record is None:
        return Answer(not_checked="the supplier is not known")
    if not _named(case):
        return Answer((Fault("The credit note does not say which invoice it corrects.", field="preceding_invoice"),))
    faults = []
    for number, entry in _corrected(case).items():
        if entry is None:
            waiting = case.references.invoices_corrected(case.supplier.record.supplier_id, number)
            where = f" It waits as document {waiting[0].label}: decide that first." if waiting else ""
            message = f"The invoice {number} that is to be corrected was never approved here.{where}"
            faults.append(Fault(message, field="preceding_invoice", found=number))
    return Answer(tuple(faults))


def credit_over_invoiced(case: Case) -> Answer:
    """More is credited than was invoiced and not yet credited, in money or in quantity."""
    if not case.credit:
        return _returns(case)
    corrected = _corrected(case)
    entries = [entry for entry in corrected.values() if entry is not None]
    if not entries or len(entries) < len(corrected):
        return Answer(not_checked="the invoice to be corrected is not known")
    assert case.supplier.record is not None
    supplier_id = case.supplier.record.supplier_id
    earlier = {
        credit.document_id: credit for number in corrected for credit in case.references.credits_of(supplier_id, number)
    }
    faults = []
    total = total_of(case.extraction)
    if total is not None:
        invoiced = sum((entry.total or ZERO for entry in entries), ZERO)
        room = invoiced - sum((credit.total or ZERO for credit in earlier.values()), ZERO)
        if abs(total) > room + case.policy.tolerance.document:
            message = f"{case.money(abs(total))} are credited, but only {case.money(room)} of the invoice are left."
            over = cents(abs(total) - room)
            faults.append(Fault(message, "gross_total", None, cents(room), cents(abs(total)), over))
    if any(entry.currency != case.extraction.text("currency") for entry in entries):
        faults.append(Fault("The credit note is in another currency than its invoice.", "currency"))
    return Answer((*faults, *_credited_lines(case, entries, list(earlier.values()))))


def _credited_lines(case: Case, invoices: list[LedgerEntry], earlier: list[LedgerEntry]) -> list[Fault]:
    room: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    # what a credit note gave back stands in the ledger as a negative quantity
    for entry in (*invoices, *earlier):
        for line in entry.billed:
            room[line.po_number, line.order_line] += line.quantity
    credited: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    last: dict[tuple[str, str], int] = {}
    for part in case.parts:
        key = (part.slot.order.po_number, part.slot.line.line_number)
        credited[key] += abs(part.quantity or ZERO)
        last[key] = part.invoice.number
    faults = []
    for key, quantity in credited.items():
        if quantity > room[key]:
            left = plain(max(room[key], ZERO))
            message = f"{plain(quantity)} are credited of order line {key[1]}, {left} of it are left of the invoice."
            faults.append(Fault(message, "quantity", last[key], left, plain(quantity)))
    return faults


def _returns(case: Case) -> Answer:
    """Single lines of an invoice that give back more than was billed of their order line."""
    given: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for part in case.parts:
        given[part.slot.order.po_number, part.slot.line.line_number] += part.quantity or ZERO
    slots = {(part.slot.order.po_number, part.slot.line.line_number): part for part in case.parts}
    faults = []
    for key, quantity in given.items():
        billed = slots[key].slot.progress.billed_quantity
        if quantity < 0 and billed + quantity < 0:
            message = f"{plain(-quantity)} are given back of order line {key[1]}, but only {plain(billed)} were billed."
            faults.append(Fault(message, "quantity", slots[key].invoice.number, plain(billed), plain(-quantity)))
    return Answer(tuple(faults)) if faults else Answer(not_checked="not a credit note")


TWIN_RULES = (
    Rule("duplicate_invoice", duplicate_invoice),
    Rule("duplicate_suspected", duplicate_suspected),
    Rule("preceding_invoice_not_found", preceding_invoice_not_found),
    Rule("credit_over_invoiced", credit_over_invoiced),
)
