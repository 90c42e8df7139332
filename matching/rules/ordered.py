"""Rules about the order: is it named, known, clear, still open, and is there money left on it."""

from __future__ import annotations

from decimal import Decimal

from matching.lines import Slot
from matching.orders import OrderFinding
from matching.policy import allowance
from matching.rules.amounts import percent
from matching.rules.case import PASSED, ZERO, Answer, Case, Fault, Rule, cents, no_order


def order_missing(case: Case) -> Answer:
    """An order is needed and none is named, whether or not the content suggests one."""
    orders = case.orders
    if not case.supplier.records_exist:
        return Answer(not_checked="there are no supplier records")
    several = len(orders.suggested) > 1 and not orders.together
    if orders.printed or not orders.required or orders.by_content or several:
        return PASSED
    message = "No order number is printed, and this supplier's invoices need one"
    if orders.limit is not None:
        message += f" above {cents(orders.limit)} net"
    expected, told = _suggestion(orders)
    return Answer((Fault(f"{message}.{told}", field="purchase_order", expected=expected),))


def _suggestion(orders: OrderFinding) -> tuple[str | None, str]:
    """The order or orders that the content suggests, and how that is said."""
    numbers = ", ".join(sorted(candidate.id for candidate in orders.suggested)) or None
    if numbers and orders.together:
        return numbers, f" Orders {numbers} together would explain every line."
    if numbers:
        return numbers, f" Order {numbers} would explain every line."
    if len(orders.alike) == 1:
        return orders.alike[0].id, f" Order {orders.alike[0].id} may be meant: {orders.alike[0].why[0]}."
    return None, ""


def order_not_found(case: Case) -> Answer:
    """The printed number is no order's."""
    if not case.supplier.records_exist:
        return Answer(not_checked="there are no supplier records")
    if not case.orders.printed:
        return Answer(not_checked="no order number on the document")
    like = ", ".join(f"{candidate.id} ({', '.join(candidate.why)})" for candidate in case.orders.alike)
    alike = ", ".join(candidate.id for candidate in case.orders.alike) or None
    faults = []
    for number in case.orders.unknown:
        message = f"There is no order {number}."
        message += f" This may be meant: {like}." if like else ""
        faults.append(Fault(message, field="purchase_order", expected=alike, found=number))
    return Answer(tuple(faults))


def order_ambiguous(case: Case) -> Answer:
    """No number, and several orders explain the lines."""
    if case.orders.printed or not case.orders.required:
        return PASSED
    if case.supplier.record is None:
        return Answer(not_checked="the supplier is not known")
    if len(case.orders.suggested) < 2 or case.orders.together:
        return PASSED
    several = ", ".join(sorted(candidate.id for candidate in case.orders.suggested))
    message = f"No order number is printed, and several orders fit: {several}."
    return Answer((Fault(message, field="purchase_order", expected=several),))


def order_closed(case: Case) -> Answer:
    """The order's status is closed, or every line of it was billed in full before."""
    if why := no_order(case):
        return Answer(not_checked=why)
    if case.credit:
        return Answer(not_checked="a credit note may name a closed order")
    faults = []
    for found in case.orders.usable:
        if found.closed:
            why = "was billed in full before" if found.billed_in_full else "is closed"
            message = f"Order {found.order.po_number} {why}: nothing is left to bill."
            faults.append(Fault(message, field="purchase_order", expected="open", found=found.order.po_number))
    return Answer(tuple(faults))


def total_over_order(case: Case) -> Answer:
    """The invoice bills more net money than is open on its orders; charges that they lack are not counted."""
    if why := no_order(case):
        return Answer(not_checked=why)
    if case.credit:
        return Answer(not_checked="a credit note gives money back")
    if case.other_currency:
        return Answer(not_checked="the order is in another currency")
    still_open = [found for found in case.orders.usable if not found.closed]
    if not still_open:
        return Answer(not_checked="the order is closed")
    numbers = {found.order.po_number for found in still_open}
    nets = [part.net for part in case.parts if part.slot.order.po_number in numbers]
    # what a charge costs more than the order leaves room for is told as that charge's difference
    carried = [min(item.charge.amount, item.expected) for item in case.charges.carried if item.po_number in numbers]
    if any(net is None for net in nets) or not (nets or carried):
        return Answer(not_checked="no amount of the lines is known")
    billed = sum((net for net in nets if net is not None), ZERO) + sum(carried, ZERO) - case.charges.allowance
    room = sum((_open_money(found.slots) for found in still_open), ZERO)
    over = billed - room
    tolerance = case.policy.tolerance
    ordered = sum((slot.line.net for found in still_open for slot in found.slots), ZERO)
    if over <= max(tolerance.document, allowance(ordered, tolerance.total_percent, tolerance.total_amount)):
        return PASSED
    share = f" ({percent(over, room)})" if room > 0 else ""
    message = (
        f"{case.money(billed)} net are billed, {case.money(room)} are open on {', '.join(sorted(numbers))}: "
        f"{case.money(over)}{share} too much."
    )
    return Answer((Fault(message, "net_total", None, cents(room), cents(billed), cents(over)),))


def _open_money(slots: tuple[Slot, ...]) -> Decimal:
    return sum((slot.line.net - slot.progress.billed_net for slot in slots), ZERO)


ORDER_RULES = (
    Rule("order_missing", order_missing),
    Rule("order_not_found", order_not_found),
    Rule("order_ambiguous", order_ambiguous),
    Rule("order_closed", order_closed),
    Rule("total_over_order", total_over_order),
)
