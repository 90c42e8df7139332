"""Rules about lines: ordered at all, price, quantity, unit, tax rate, and charges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from matching import units
from matching.assignment import sum_hints
from matching.charges import InvoiceCharge
from matching.lines import CENT, InvoiceLine, LinePart, Slot, in_order_unit
from matching.policy import allowance
from matching.rules.amounts import percent
from matching.rules.case import PASSED, ZERO, Answer, Case, Fault, Rule, cents, no_order, plain

HALF_A_CENT = Decimal("0.005")


def _by_line(case: Case) -> Iterator[tuple[InvoiceLine, tuple[LinePart, ...]]]:
    """Every matched invoice line with the order lines that take it."""
    for line in case.goods:
        parts = tuple(part for part in case.parts if part.invoice.number == line.number)
        if parts:
            yield line, parts


def _unmatched(case: Case) -> tuple[InvoiceLine, ...]:
    matched = {part.invoice.number for part in case.parts}
    return tuple(line for line in case.goods if line.number not in matched)


def _checked(case: Case, faults: Sequence[Fault], missed: Sequence[str]) -> Answer:
    """Faults where there are some; else, what kept single lines from being checked."""
    if faults:
        return Answer(tuple(faults))
    if missed:
        return Answer(not_checked=missed[0])
    if not case.parts and not (case.charges.carried and not case.goods):
        # a carrier's invoice may be charges only; these are compared as such
        return Answer(not_checked="no line was matched with the order")
    return PASSED


def line_not_ordered(case: Case) -> Answer:
    """An invoice line that no order line explains."""
    if why := no_order(case):
        return Answer(not_checked=why)
    if not case.goods:
        return Answer(not_checked="there are no lines") if not case.lines else PASSED
    return Answer(
        tuple(
            Fault(
                message=_not_ordered(case, line),
                field="description",
                line=line.number,
                expected="0.00",
                found=line.description or None,
                difference=cents(line.net) if line.net is not None else None,
            )
            for line in _unmatched(case)
        )
    )


def _not_ordered(case: Case, line: InvoiceLine) -> str:
    """The sentence on a line without an order line, with what a person may find helpful."""
    numbers = ", ".join(found.order.po_number for found in case.orders.usable)
    message = f"'{line.label}'"
    if line.net is not None:
        message += f" ({case.money(line.net)})"
    message += f" was not ordered: no line of {numbers} is like it."
    every = [slot for found in case.orders.usable for slot in found.slots]
    for hint in sum_hints([line], every, case.parts):
        several = ", ".join(slot.line.line_number for slot in hint.slots)
        message += f" Its amount is the sum of the lines {several} of {hint.slots[0].order.po_number}: are these meant?"
    return message


def price_differs(case: Case) -> Answer:
    """Price after the line's discount against the order's; the difference counts times the quantity."""
    if why := no_order(case):
        return Answer(not_checked=why)
    if case.other_currency:
        return Answer(not_checked="the order is in another currency")
    faults, missed = [], []
    for line, parts in _by_line(case):
        if any(part.summed for part in parts):
            # one sum for several order lines is taken only where it is exactly theirs
            continue
        converted = in_order_unit(line, parts[0].slot)
        if converted is None or any(part.quantity is None for part in parts):
            missed.append(f"quantity, price or unit of line {line.number} cannot be compared")
            continue
        fault = _price_fault(case, line, parts, converted[1])
        if fault:
            faults.append(fault)
    answer = _checked(case, faults, missed)
    # a lower price does not make up for a line that could not be checked
    if missed and all(fault.favourable for fault in answer.faults):
        return Answer(answer.faults, not_checked=missed[0])
    return answer


def _price_fault(case: Case, line: InvoiceLine, parts: tuple[LinePart, ...], price: Decimal) -> Fault | None:
    quantity = sum((part.quantity or ZERO for part in parts), ZERO)
    ordered = sum((part.slot.price * (part.quantity or ZERO) for part in parts), ZERO)
    difference = abs(price * quantity) - abs(ordered)
    if abs(difference) <= case.policy.tolerance.line:
        return None
    expected = ordered / quantity if quantity else parts[0].slot.price
    rounded = abs(price - expected) <= HALF_A_CENT and line.net is not None
    if rounded and abs(abs(line.net or ZERO) - abs(ordered)) <= case.policy.tolerance.line:
        # 0.125 is printed as 0.13, and the amount is right
        return None
    # on a credit note the higher price is the one in our favour
    favourable = difference > 0 if case.credit or quantity < 0 else difference < 0
    if not favourable and not case.credit and difference <= _price_allowance(case, ordered):
        return None
    base = parts[0].slot.line.price_base
    per = f" per {plain(base)}" if base != 1 else ""
    each = (price - expected) * base
    share = f" ({percent(each, expected * base)})" if expected else ""
    message = (
        f"'{line.label}' is billed at {case.money(price * base)}{per}, ordered at {case.money(expected * base)}{per}: "
        f"{cents(abs(each))}{share} {'less' if difference < 0 else 'more'}{per or ' each'}, "
        f"{case.money(abs(difference))} for {plain(quantity)}."
    )
    if favourable:
        message += " That is in our favour."
    return Fault(
        message, "unit_price", line.number, cents(expected * base), cents(price * base), cents(difference), favourable
    )


def _price_allowance(case: Case, ordered: Decimal) -> Decimal:
    """How much more a line may cost by policy: the smaller of per cent and amount."""
    return allowance(ordered, case.policy.tolerance.price_percent, case.policy.tolerance.price_amount)


def quantity_over_ordered(case: Case) -> Answer:
    """More is billed than was ordered and is not yet billed."""
    return _quantity(case, received=False)


def quantity_over_received(case: Case) -> Answer:
    """More is billed than came in and is not yet billed; only where an order has receipts or policy wants them."""
    return _quantity(case, received=True)


def _quantity(case: Case, *, received: bool) -> Answer:
    if why := no_order(case):
        return Answer(not_checked=why)
    if case.credit:
        return Answer(not_checked="a credit note gives quantity back")
    closed = {found.order.po_number for found in case.orders.usable if found.closed}
    sums: dict[tuple[str, str], list[LinePart]] = defaultdict(list)
    missed = ["the order is closed"] if closed else []
    for part in case.parts:
        if part.slot.order.po_number in closed:
            continue
        if part.quantity is None:
            missed.append(f"quantity or unit of line {part.invoice.number} cannot be compared")
        elif received and part.slot.progress.received is None and not case.policy.receipts_required:
            missed.append("no goods receipts for this order")
        else:
            sums[part.slot.order.po_number, part.slot.line.line_number].append(part)
    faults = [fault for parts in sums.values() if (fault := _quantity_fault(case, parts, received=received))]
    return _checked(case, faults, missed)


def _quantity_fault(case: Case, parts: list[LinePart], *, received: bool) -> Fault | None:
    slot = parts[0].slot
    billed = sum((part.quantity or ZERO for part in parts), ZERO)
    limit = (slot.progress.received or ZERO) if received else slot.line.quantity
    limit += _quantity_allowance(case, slot)
    room = limit - slot.progress.billed_quantity
    if billed <= room or billed <= 0:
        return None
    before = slot.progress.billed_quantity
    what = "received" if received else "ordered"
    earlier = f" and {plain(before)} of them billed before" if before else ""
    over = billed - max(room, ZERO)
    money = cents((over * slot.price).quantize(CENT))
    message = (
        f"{plain(billed)} of '{slot.line.description}' are billed, but {plain(limit)} {what}{earlier}: "
        f"{plain(over)} too many, {case.money(Decimal(money))} at the order's price."
    )
    if slot.progress.waiting_quantity:
        message += f" Further {plain(slot.progress.waiting_quantity)} stand on invoices that still wait."
    return Fault(
        message,
        "quantity",
        parts[-1].invoice.number,
        plain(max(room, ZERO)),
        plain(billed),
        money,
    )


def _quantity_allowance(case: Case, slot: Slot) -> Decimal:
    """How much more of an order line may be billed by policy."""
    tolerance = case.policy.tolerance
    more = slot.line.quantity * tolerance.quantity_percent / 100
    if tolerance.quantity_amount and slot.price > 0:
        more = min(more, tolerance.quantity_amount / slot.price)
    return more


def unit_differs(case: Case) -> Answer:
    """A unit that cannot be converted into the order line's."""
    if why := no_order(case):
        return Answer(not_checked=why)
    faults = []
    for line, parts in _by_line(case):
        ordered = parts[0].slot.line.unit
        if units.factor(line.unit, ordered) is None and not any(part.summed for part in parts):
            message = f"'{line.label}' is billed in {line.unit}, ordered in {ordered}: they do not convert."
            message += _implied(line, parts[0].slot)
            faults.append(Fault(message, "unit", line.number, ordered, line.unit))
    return _checked(case, faults, [])


def _implied(line: InvoiceLine, slot: Slot) -> str:
    """What a pack would hold if price and quantity are to be right: told to a person, never taken."""
    said = units.pack_size(line.unit, line.description)
    if line.quantity is None or line.price is None:
        return f" It says {plain(said)} a {line.unit}." if said else ""
    many = units.implied_factor(line.quantity, line.price, slot.open_quantity, slot.price)
    if many is None:
        return f" It says {plain(said)} a {line.unit}; price and quantity do not bear that out." if said else ""
    pack = f"1 {line.unit} = {plain(many)} {slot.line.unit}" if many >= 1 else f"{plain(1 / many)} {line.unit} = 1"
    return f" With {pack}, the price is the order's, and {plain(line.quantity * many)} are billed."


def tax_rate_differs(case: Case) -> Answer:
    """The line's tax rate against the order line's."""
    if why := no_order(case):
        return Answer(not_checked=why)
    only = _only_rate(case)
    faults, missed = [], []
    for line, parts in _by_line(case):
        rate = line.tax_rate if line.tax_rate is not None else only
        ordered = {part.slot.line.tax_rate for part in parts if part.slot.line.tax_rate is not None}
        if rate is None or not ordered:
            missed.append(f"no tax rate to compare for line {line.number}")
            continue
        for expected in sorted(ordered - {rate}):
            message = f"'{line.label}' is billed with {plain(rate)} % tax, ordered with {plain(expected)} %."
            money = cents((line.net * (rate - expected) / 100).quantize(CENT)) if line.net else None
            faults.append(Fault(message, "tax_rate", line.number, plain(expected), plain(rate), money))
    if missed and not faults and (fault := _tax_of_order(case)):
        faults.append(fault)
    return _checked(case, faults, missed)


def _tax_of_order(case: Case) -> Fault | None:
    """The tax of the whole invoice against the order's rates, where lines print no rate and nothing else is taxed."""
    stated = case.extraction.amount("tax_total")
    others = case.charges.carried or case.charges.others or case.charges.allowance
    if stated is None or others or case.other_currency or _unmatched(case):
        return None
    sums: dict[Decimal, Decimal] = defaultdict(Decimal)
    for part in case.parts:
        if part.net is None or part.slot.line.tax_rate is None:
            return None
        sums[part.slot.line.tax_rate] += part.net
    expected = sum(((net * rate / 100).quantize(CENT, ROUND_HALF_UP) for rate, net in sums.items()), ZERO)
    # rounding of the tax line by line
    slack = case.policy.tolerance.document + case.policy.tolerance.line * len(case.parts) / 2
    if not case.parts or abs(abs(stated) - abs(expected)) <= slack:
        return None
    message = f"The tax is {case.money(stated)}, at the rates of the order it would be {case.money(expected)}."
    return Fault(message, "tax_total", None, cents(expected), cents(stated), cents(stated - expected))


def _only_rate(case: Case) -> Decimal | None:
    """The rate of the whole invoice where it has one only."""
    rates = {row.rate.number for row in case.extraction.tax_breakdown if row.rate}
    return next(iter(rates)) if len(rates) == 1 else None


def charge_differs(case: Case) -> Answer:
    """A charge that the order does not carry, or a higher one than it carries."""
    if why := no_order(case):
        return Answer(not_checked=why)
    if case.credit:
        return Answer(not_checked="a credit note gives charges back")
    if case.other_currency:
        return Answer(not_checked="the order is in another currency")
    faults = []
    for item in case.charges.carried:
        over = item.charge.amount - item.expected
        share = f", {case.money(over)} ({percent(over, item.expected)}) too much" if item.expected > 0 else ""
        tolerance = case.policy.tolerance
        allowed = allowance(max(item.expected, ZERO), tolerance.charge_percent, tolerance.charge_amount)
        if over > max(tolerance.line, allowed):
            message = (
                f"{item.charge.label}: {case.money(item.charge.amount)} are billed, order {item.po_number} "
                f"leaves room for {case.money(item.expected)}{share}."
            )
            faults.append(_charge_fault(message, item.charge.line, item.expected, item.charge.amount))
    others = [charge for charge in case.charges.others if charge.amount > 0 and not _rounds(case, charge)]
    if sum((charge.amount for charge in others), ZERO) > _charge_limit(case):
        for charge in others:
            message = f"{charge.label}: {case.money(charge.amount)} are billed, the order has no such charge."
            faults.append(_charge_fault(message, charge.line, ZERO, charge.amount))
    return Answer(tuple(faults))


def _charge_limit(case: Case) -> Decimal:
    """Up to what sum charges that no order carries stand; lines without an amount leave no room for a share."""
    policy = case.policy
    if not policy.charge_percent:
        return policy.charge_limit
    goods = sum((part.net or ZERO for part in case.parts), ZERO)
    return allowance(goods, policy.charge_percent, policy.charge_limit)


def _rounds(case: Case, charge: InvoiceCharge) -> bool:
    """A line that rounds the total by no more than a document may be off."""
    return charge.kind == "rounding" and charge.amount <= case.policy.tolerance.document


def _charge_fault(message: str, line: int, expected: Decimal, found: Decimal) -> Fault:
    return Fault(message, "shipping_total", line or None, cents(expected), cents(found), cents(found - expected))


LINE_RULES = (
    Rule("line_not_ordered", line_not_ordered),
    Rule("price_differs", price_differs),
    Rule("quantity_over_ordered", quantity_over_ordered),
    Rule("quantity_over_received", quantity_over_received),
    Rule("unit_differs", unit_differs),
    Rule("tax_rate_differs", tax_rate_differs),
    Rule("charge_differs", charge_differs),
)
