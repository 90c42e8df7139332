"""Whether a line's numbers agree: quantity times price, less its discount, per its base, is the total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from ingest.fields.money import Amount, amounts_of_row
from ingest.layout import Row

CENT = Decimal("0.01")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What stands between quantity times price and the total."""

    percent: Decimal = _ZERO
    amount: Decimal = _ZERO
    base: Decimal = Decimal(1)
    tax: Decimal = _ZERO
    """Rate, for lines whose price is without tax and whose total is with it."""


PLAIN = Terms()


def fits(quantity: Decimal, price: Decimal, total: Decimal, terms: Terms = PLAIN) -> bool:
    """Whether a line's numbers agree within rounding; a price may be rounded to the digits it is printed with."""
    base = terms.base or Decimal(1)
    exact = quantity * price / base
    exponent = price.as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) else 0
    slack = max(CENT, abs(quantity) / base * Decimal(1).scaleb(-digits) / 2 if digits >= 2 else CENT)
    slack = min(slack, max(CENT, abs(total) / 200))
    return any(abs(option - total) <= slack for option in _options(exact, quantity, terms))


def _options(exact: Decimal, quantity: Decimal, terms: Terms) -> Iterator[Decimal]:
    yield exact
    if terms.percent:
        yield exact * (100 - terms.percent) / 100
    if terms.amount:
        yield exact - terms.amount
        yield exact - terms.amount * quantity
    if terms.percent and terms.amount:
        yield exact * (100 - terms.percent) / 100 - terms.amount
    if terms.tax:
        yield exact * (100 + terms.tax) / 100
        if terms.percent:
            yield exact * (100 - terms.percent) * (100 + terms.tax) / 10000


def agreeing(
    quantity: Amount, price: Amount, total: Amount, terms: Terms = PLAIN
) -> tuple[Decimal, Decimal, Decimal] | None:
    """The readings with which quantity times price makes the total; None where none do."""
    for q, p, t in product(quantity.readings, price.readings, total.readings):
        if fits(q, p, t, terms):
            return q, p, t
    return None


def are_sums(numbers: Mapping[str, Amount], row: Row, point: str, ends: bool) -> bool:
    """Whether what stands before the price, under the price, and under the total is net, tax and gross.

    In a row that begins like no sum the rate of the tax is printed, too: a line may hold a price, a surcharge and both.
    """
    total = numbers.get("line_total") or numbers.get("gross_line_total")
    tax = numbers.get("unit_price")
    if tax is None or total is None or not tax.readings[0]:
        return False
    net = total.readings[0] - tax.readings[0]
    before = [one for one in amounts_of_row(row, point) if one.segment.box.x1 <= tax.segment.box.x0]
    rated = any(one.percent and abs(net * one.readings[-1] / 100 - tax.readings[0]) <= CENT for one in before)
    return (ends or rated) and any(one.money and abs(one.readings[0] - net) <= CENT for one in before)
