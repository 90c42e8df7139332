"""What holds for every document, over the scenario generator's worlds and by the real path."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from random import Random

from ingest.extraction import DocumentType, Extraction, FieldValue, LineItem, TaxLine
from matching.results import Severity
from samples.scenarios.invent import invent
from samples.scenarios.running import Outcome, decide, desk, run
from samples.scenarios.values import Case, World

SEED, COUNT = 7, 150
CENT = Decimal("0.01")


@cache
def world() -> World:
    return invent(SEED, COUNT)


@cache
def outcomes() -> tuple[Outcome, ...]:
    return run(world())


def codes(outcome: Outcome) -> list[str]:
    return sorted({item.code for item in outcome.match.discrepancies if item.severity is not Severity.INFO})


def verdicts(results: Iterable[Outcome]) -> dict[str, tuple[str, list[str]]]:
    return {outcome.case.id: (outcome.verdict, codes(outcome)) for outcome in results}


def matches(results: Iterable[Outcome]) -> dict[str, object]:
    """Who, to whom, which orders, which lines."""
    return {
        outcome.case.id: (
            outcome.match.supplier and outcome.match.supplier.id,
            outcome.match.customer and outcome.match.customer.id,
            sorted(order.id for order in outcome.match.purchase_orders),
            sorted((m.invoice_line, m.purchase_order, m.order_line) for m in outcome.match.line_matches),
        )
        for outcome in results
    }


def changed(change: Callable[[Case], Extraction]) -> World:
    return world().with_cases(replace(case, extraction=change(case)) for case in world().cases)


def test_unrelated_records_change_nothing() -> None:
    more = invent(SEED + 1, 300)
    crowd = replace(
        world(),
        suppliers=world().suppliers + tuple(replace(s, supplier_id=f"ZZ-{s.supplier_id}") for s in more.suppliers),
        customers=world().customers + tuple(replace(c, customer_id=f"ZZ-{c.customer_id}") for c in more.customers),
        orders=world().orders
        + tuple(
            replace(
                order,
                po_number=f"ZZ-{order.po_number}",
                supplier_id=f"ZZ-{order.supplier_id}",
                customer_id=f"ZZ-{order.customer_id}" if order.customer_id else None,
            )
            for order in more.orders
        ),
        receipts=world().receipts + tuple(replace(r, po_number=f"ZZ-{r.po_number}") for r in more.receipts),
    )
    after = run(crowd)
    assert matches(after) == matches(outcomes())
    assert verdicts(after) == verdicts(outcomes())


def test_another_name_for_each_currency_changes_no_verdict() -> None:
    known = {s.currency for s in world().suppliers} | {c.currency for c in world().customers} | {"USD"}
    others = dict(
        zip(
            sorted(name for name in known if name),
            ("AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "BRL", "ZAR"),
            strict=False,
        )
    )

    def relabelled(case: Case) -> Extraction:
        fields = dict(case.extraction.fields)
        if "currency" in fields:
            fields["currency"] = replace(fields["currency"], value=others[fields["currency"].value])
        return replace(case.extraction, fields=fields)

    abroad = replace(
        changed(relabelled),
        suppliers=tuple(replace(s, currency=others[s.currency or "EUR"]) for s in world().suppliers),
        customers=tuple(replace(c, currency=others[c.currency or "EUR"]) for c in world().customers),
        orders=tuple(replace(o, currency=others[o.currency]) if o.currency else o for o in world().orders),
    )
    assert verdicts(run(abroad)) == verdicts(outcomes())


def test_the_sequence_of_lines_changes_no_verdict() -> None:
    for seed in (1, 2):
        rng = Random(seed)

        def shuffled(case: Case, rng: Random = rng) -> Extraction:
            lines = list(case.extraction.line_items)
            rng.shuffle(lines)
            return replace(case.extraction, line_items=tuple(lines))

        assert verdicts(run(changed(shuffled))) == verdicts(outcomes())


def test_what_was_approved_is_a_duplicate_the_next_time() -> None:
    with desk(world()) as db:
        first = tuple(decide(db, world().cases))
        approved = [outcome.case for outcome in first if outcome.verdict == "approved"]
        again = tuple(decide(db, [replace(case, id=f"{case.id}-again") for case in approved]))
    assert len(approved) > 50
    told = {
        case: got for case, got in verdicts(again).items() if got[0] != "duplicate" or "duplicate_invoice" not in got[1]
    }
    assert told == {}


# ---------------------------------------------------------------- more money than was agreed never passes


def approved_cases(kinds: Callable[[Case], bool]) -> list[Case]:
    return [outcome.case for outcome in outcomes() if outcome.verdict == "approved" and kinds(outcome.case)]


def raised(value: FieldValue, rng: Random) -> FieldValue:
    number = value.number
    assert number is not None
    more = abs(number) * Decimal(rng.randint(2, 30)) / 100 + Decimal(rng.randint(1, 9))
    return replace(value, value=str((number + more).quantize(CENT)))


AMOUNTS = ("net_total", "tax_total", "gross_total", "amount_due")
CELLS = ("quantity", "unit_price", "line_total")


def with_one_figure_raised(case: Case, rng: Random) -> tuple[str, Extraction]:
    extraction = case.extraction
    places: list[tuple[str, int]] = [(name, -1) for name in AMOUNTS if name in extraction.fields]
    for index, line in enumerate(extraction.line_items):
        places += [(name, index) for name in CELLS if getattr(line, name) is not None]
    name, index = rng.choice(places)
    if index < 0:
        fields = {**extraction.fields, name: raised(extraction.fields[name], rng)}
        return name, replace(extraction, fields=fields)
    lines = list(extraction.line_items)
    lines[index] = replace(lines[index], **{name: raised(getattr(lines[index], name), rng)})
    return f"{name} of line {index + 1}", replace(extraction, line_items=tuple(lines))


def test_a_figure_that_is_too_high_never_passes() -> None:
    passed = []
    for seed in (1, 2, 3):
        rng = Random(seed)
        what: dict[str, str] = {}
        cases = []
        for case in approved_cases(lambda _: True):
            what[case.id], extraction = with_one_figure_raised(case, rng)
            cases.append(replace(case, extraction=extraction))
        passed += [(o.case.id, what[o.case.id]) for o in run(world().with_cases(cases)) if o.verdict == "approved"]
    assert passed == []


def dearer(case: Case, rng: Random) -> Extraction | None:
    """One price of an invoice over an order raised, every sum made to fit it."""
    extraction = case.extraction
    if len(extraction.tax_breakdown) != 1 or extraction.charges or "prepaid" in extraction.fields:
        return None
    index = rng.randrange(len(extraction.line_items))
    line = extraction.line_items[index]
    price, quantity, total = (
        cell.number if cell else None for cell in (line.unit_price, line.quantity, line.line_total)
    )
    if price is None or quantity is None or total is None or price <= 0 or quantity <= 0:
        return None
    more = (Decimal("0.05") + total * Decimal("0.06")).quantize(CENT, ROUND_HALF_UP)
    base = line.price_base.number if line.price_base else None
    before_discount = more
    if line.line_discount_percent and line.line_discount_percent.number is not None:
        before_discount = more / (1 - line.line_discount_percent.number / 100)
    price += before_discount / quantity * (base or 1)
    return with_more(extraction, index, more, unit_price=price)


def with_more(extraction: Extraction, index: int, more: Decimal, **cells: Decimal) -> Extraction:
    """A line with these cells and so much more money, the sums following it."""
    line = extraction.line_items[index]
    assert line.line_total is not None and line.line_total.number is not None
    new: dict[str, FieldValue] = {"line_total": replace(line.line_total, value=str(line.line_total.number + more))}
    new |= {name: replace(getattr(line, name), value=f"{number:f}") for name, number in cells.items()}
    changed_line: LineItem = replace(line, **new)
    lines = (*extraction.line_items[:index], changed_line, *extraction.line_items[index + 1 :])
    (row,) = extraction.tax_breakdown
    assert row.rate and row.taxable and row.tax and row.taxable.number is not None and row.rate.number is not None
    taxable = row.taxable.number + more
    tax = (taxable * row.rate.number / 100).quantize(CENT, ROUND_HALF_UP)
    fields = dict(extraction.fields)
    for name, amount in (("net_total", taxable), ("tax_total", tax), ("gross_total", taxable + tax)):
        if name in fields:
            fields[name] = replace(fields[name], value=str(amount))
    fields.pop("amount_due", None)
    new_row = TaxLine(row.rate, replace(row.taxable, value=str(taxable)), replace(row.tax, value=str(tax)))
    return replace(extraction, line_items=lines, fields=fields, tax_breakdown=(new_row,))


def over_an_order(case: Case) -> bool:
    """Where a price is compared: not without order, on credit notes, or where it was lower than ordered."""
    is_invoice = case.extraction.document_type.value == DocumentType.INVOICE
    return bool(case.truth.orders) and is_invoice and "price_differs" not in case.truth.infos


def test_a_price_that_is_too_high_never_passes_although_every_sum_is_right() -> None:
    passed = []
    for seed in (1, 2):
        rng = Random(seed)
        cases = [
            replace(case, extraction=extraction)
            for case in approved_cases(over_an_order)
            if (extraction := dearer(case, rng)) is not None
        ]
        assert len(cases) > 40
        passed += [outcome.case.id for outcome in run(world().with_cases(cases)) if outcome.verdict == "approved"]
    assert passed == []


def test_a_quantity_above_the_order_never_passes_although_every_sum_is_right() -> None:
    rng = Random(4)
    cases = []
    for case in approved_cases(over_an_order):
        extraction = case.extraction
        if len(extraction.tax_breakdown) != 1 or extraction.charges or "prepaid" in extraction.fields:
            continue
        index = rng.randrange(len(extraction.line_items))
        line = extraction.line_items[index]
        quantity, total = (cell.number if cell else None for cell in (line.quantity, line.line_total))
        if not quantity or not total or line.line_discount or quantity < 0 or total < 0:
            continue
        # so much that no order of the world has it, billed in two lines or not
        cases.append(replace(case, extraction=with_more(extraction, index, total * 999, quantity=quantity * 1000)))
    results = run(world().with_cases(cases))
    assert len(results) > 40
    assert [outcome.case.id for outcome in results if outcome.verdict == "approved"] == []
