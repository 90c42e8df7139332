"""The sums of an invoice: every relation between its amounts that can be formed must hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ingest.document import Source
from ingest.extraction import DocumentType, Extraction, FieldValue, LineItem
from matching.charges import shipping_below
from matching.policy import Tolerance
from matching.rules.case import Answer, Case, Fault, Rule, cents

CENT = Decimal("0.01")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Relation:
    """An equation between printed amounts; `fields` are those that it confirms when it holds."""

    says: str
    expected: Decimal
    found: Decimal
    tolerance: Decimal
    field: str
    fields: tuple[str, ...] = ()
    line: int | None = None

    @property
    def holds(self) -> bool:
        """Whether both sides are equal within the tolerance."""
        return abs(self.found - self.expected) <= self.tolerance


def prices_with_tax(extraction: Extraction) -> bool:
    """Whether the lines are printed with tax: they add up to the gross total and not to the net."""
    lines, gross, net = _lines_sum(extraction), extraction.amount("gross_total"), extraction.amount("net_total")
    if lines is None or gross is None or gross == net:
        return False
    extra = _charges(extraction)
    meets_gross = abs(lines + extra - gross) <= Decimal("0.05")
    return meets_gross and (net is None or abs(lines + extra - net) > Decimal("0.05")) and _tax(extraction) != 0


def relations(extraction: Extraction, tolerance: Tolerance) -> tuple[Relation, ...]:
    """Every relation that the printed amounts form (EN 16931 BR-CO-10 to BR-CO-17)."""
    return (
        *_line_relations(extraction, tolerance),
        *_net_relations(extraction, tolerance),
        *_tax_relations(extraction, tolerance),
        *_foot_relations(extraction, tolerance),
    )


def _line_relations(extraction: Extraction, tolerance: Tolerance) -> Iterator[Relation]:
    for number, item in enumerate(extraction.line_items, start=1):
        quantity, price, total = (_number(cell) for cell in (item.quantity, item.unit_price, item.line_total))
        if quantity is None or price is None or total is None:
            continue
        expected = quantity * price / (_number(item.price_base) or Decimal(1))
        expected -= _discount(item, expected)
        yield Relation(
            says=f"line {number}: quantity x price is {cents(_rounded(expected))}, not {cents(total)}",
            expected=_rounded(expected),
            found=total,
            tolerance=tolerance.line,
            field="line_total",
            line=number,
        )


def _discount(item: LineItem, before: Decimal) -> Decimal:
    amount, percent = _number(item.line_discount), _number(item.line_discount_percent)
    if amount is not None:
        return abs(amount) if before >= 0 else -abs(amount)
    return before * abs(percent) / 100 if percent is not None else ZERO


def _net_relations(extraction: Extraction, tolerance: Tolerance) -> Iterator[Relation]:
    lines, stated = _lines_sum(extraction), extraction.amount("lines_total")
    if lines is not None and stated is not None:
        says = f"the lines add up to {cents(lines)}, the sum of the lines is stated as {cents(stated)}"
        yield Relation(says, lines, stated, tolerance.document, "lines_total", ("lines_total",))
    for kind, name in (("charge", "shipping_total"), ("allowance", "discount_total")):
        amounts = [abs(item.amount.number or ZERO) for item in extraction.charges if item.kind == kind]
        total = extraction.amount(name)
        if amounts and total is not None:
            says = f"the {kind}s add up to {cents(sum(amounts, ZERO))}, their sum is stated as {cents(total)}"
            yield Relation(says, sum(amounts, ZERO), abs(total), tolerance.document, name)
    base, extra = stated if stated is not None else lines, _charges(extraction)
    if base is None:
        return
    name = "gross_total" if prices_with_tax(extraction) else "net_total"
    total = extraction.amount(name)
    if total is not None:
        kind = "gross" if name == "gross_total" else "net"
        says = f"lines, charges and discounts make {cents(base + extra)}, the {kind} total is {cents(total)}"
        yield Relation(says, base + extra, total, tolerance.document, name, ("lines_total", name))


def _tax_relations(extraction: Extraction, tolerance: Tolerance) -> Iterator[Relation]:
    rows = [(_number(row.rate), _number(row.taxable), _number(row.tax)) for row in extraction.tax_breakdown]
    for rate, taxable, tax in rows:
        if rate is not None and taxable is not None and tax is not None:
            expected = _rounded(taxable * rate / 100)
            says = f"{rate.normalize():f} % of {cents(taxable)} is {cents(expected)}, not {cents(tax)}"
            yield Relation(says, expected, tax, tolerance.document, "tax_total", ())
    stated, net = extraction.amount("tax_total"), extraction.amount("net_total")
    taxes = [tax for _, _, tax in rows if tax is not None]
    if rows and len(taxes) == len(rows) and stated is not None:
        says = f"the taxes add up to {cents(sum(taxes, ZERO))}, the tax total is {cents(stated)}"
        yield Relation(says, sum(taxes, ZERO), stated, tolerance.document, "tax_total", ("tax_total",))
    bases = [taxable for _, taxable, _ in rows if taxable is not None]
    if rows and len(bases) == len(rows) and net is not None:
        says = f"the taxable amounts add up to {cents(sum(bases, ZERO))}, the net total is {cents(net)}"
        yield Relation(says, sum(bases, ZERO), net, tolerance.document, "net_total", ("net_total",))
    yield from _rate_relations(extraction, tolerance)


def _rate_relations(extraction: Extraction, tolerance: Tolerance) -> Iterator[Relation]:
    """What the lines say of each rate, against its tax row; only where nothing else changes the base."""
    items = [(_number(item.tax_rate), _number(item.line_total)) for item in extraction.line_items]
    plain = not extraction.charges and not _charges(extraction) and not prices_with_tax(extraction)
    if not items or not plain or any(rate is None or total is None for rate, total in items):
        return
    sums: dict[Decimal, Decimal] = {}
    for rate, total in items:
        assert rate is not None and total is not None
        sums[rate] = sums.get(rate, ZERO) + total
    if extraction.tax_breakdown:
        for row in extraction.tax_breakdown:
            rate, taxable = _number(row.rate), _number(row.taxable)
            if rate is not None and taxable is not None:
                says = f"lines at {rate.normalize():f} % add up to {cents(sums.get(rate, ZERO))}, not {cents(taxable)}"
                yield Relation(says, sums.get(rate, ZERO), taxable, tolerance.document, "tax_total", ())
    elif (stated := extraction.amount("tax_total")) is not None:
        expected = sum((_rounded(total * rate / 100) for rate, total in sums.items()), ZERO)
        says = f"the tax on the lines is {cents(expected)}, the tax total is {cents(stated)}"
        yield Relation(says, expected, stated, tolerance.document, "tax_total", ("tax_total",))


def _foot_relations(extraction: Extraction, tolerance: Tolerance) -> Iterator[Relation]:
    net, gross, due = (extraction.amount(name) for name in ("net_total", "gross_total", "amount_due"))
    tax = _tax(extraction)
    untaxed = net is not None and gross is not None and abs(net - gross) <= tolerance.document
    if net is not None and gross is not None and (tax is not None or untaxed):
        total = net + (tax or ZERO)
        says = f"net and tax make {cents(total)}, the total is {cents(gross)}"
        yield Relation(says, total, gross, tolerance.document, "gross_total", ("net_total", "tax_total", "gross_total"))
    prepaid, rounding = extraction.amount("prepaid") or ZERO, extraction.amount("rounding") or ZERO
    if gross is not None and due is not None:
        total = gross - prepaid + rounding
        says = f"the total less prepayments makes {cents(total)}, the amount due is {cents(due)}"
        yield Relation(says, total, due, tolerance.document, "amount_due", ("gross_total", "amount_due"))
    elif gross is None and due is not None and net is not None and tax is not None:
        total = net + tax - prepaid + rounding
        says = f"net and tax less prepayments make {cents(total)}, the amount due is {cents(due)}"
        yield Relation(says, total, due, tolerance.document, "amount_due", ("net_total", "tax_total", "amount_due"))


# ---------------------------------------------------------------- the rule, and what the sums confirm


def totals_do_not_add_up(case: Case) -> Answer:
    """Lines, net, tax, charges and gross contradict each other."""
    extraction = case.extraction
    every = relations(extraction, case.policy.tolerance)
    faults = [
        Fault(
            message=f"The sums contradict each other: {relation.says}.",
            field=relation.field,
            line=relation.line,
            expected=cents(relation.expected),
            found=cents(relation.found),
            difference=cents(relation.found - relation.expected),
        )
        for relation in every
        if not relation.holds
    ]
    total = extraction.amount("gross_total")
    if extraction.document_type.value == DocumentType.CREDIT_NOTE and total is not None and total < 0:
        faults.append(Fault("A credit note with a negative total would bill: its sign is not clear.", "gross_total"))
    if faults:
        return Answer(tuple(faults))
    last = "gross_total" if total is not None else "amount_due"
    if not any(relation.field == last for relation in every):
        # what reading saw is told where our own sums cannot be formed
        found = [warning for warning in extraction.warnings if warning.code == "totals_do_not_add_up"]
        told = tuple(Fault(warning.message, field=warning.field) for warning in found)
        return Answer(told) if told else Answer(not_checked="there are no sums that confirm the total")
    return Answer()


def confirmed_fields(case: Case) -> set[str]:
    """The totals that a relation between independently read amounts confirms."""
    extraction = case.extraction
    every = relations(extraction, case.policy.tolerance)
    broken = {name for relation in every if not relation.holds for name in (*relation.fields, relation.field)}
    confirmed: set[str] = set()
    for relation in every:
        read = [extraction.fields.get(name) for name in relation.fields]
        independent = [value for value in read if value is not None and value.source is not Source.DERIVED]
        derived = any(value is not None and value.source is Source.DERIVED for value in read)
        # a total that was itself derived from the others says nothing about them
        if relation.holds and not derived and len(independent) > 1:
            confirmed.update(relation.fields)
    return confirmed - broken


def confirmed_lines(case: Case) -> set[int]:
    """Lines (from 1) whose quantity, price and total, read independently, multiply rightly."""
    confirmed = set()
    for relation in _line_relations(case.extraction, case.policy.tolerance):
        assert relation.line is not None
        item = case.extraction.line_items[relation.line - 1]
        cells = (item.quantity, item.unit_price, item.line_total)
        if relation.holds and not any(cell and cell.source is Source.DERIVED for cell in cells):
            confirmed.add(relation.line)
    return confirmed


def _lines_sum(extraction: Extraction) -> Decimal | None:
    totals = [_number(item.line_total) for item in extraction.line_items]
    known = [total for total in totals if total is not None]
    # a line without any amount is a text; one with a price but no total leaves the sum open
    unfinished = any(
        item.line_total is None and (item.unit_price is not None or item.quantity is not None)
        for item in extraction.line_items
    )
    return sum(known, ZERO) if known and not unfinished else None


def _charges(extraction: Extraction) -> Decimal:
    """Document level charges less allowances."""
    if extraction.charges:
        return sum(
            (abs(c.amount.number or ZERO) * (-1 if c.kind == "allowance" else 1) for c in extraction.charges), ZERO
        )
    discount = abs(extraction.amount("discount_total") or ZERO)
    return shipping_below(extraction) - discount


def _tax(extraction: Extraction) -> Decimal | None:
    stated = extraction.amount("tax_total")
    if stated is not None:
        return stated
    taxes = [_number(row.tax) for row in extraction.tax_breakdown]
    known = [tax for tax in taxes if tax is not None]
    return sum(known, ZERO) if known and len(known) == len(taxes) else None


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _number(cell: FieldValue | None) -> Decimal | None:
    return cell.number if cell else None


ARITHMETIC_RULES = (Rule("totals_do_not_add_up", totals_do_not_add_up),)
