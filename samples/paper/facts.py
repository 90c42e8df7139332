"""Everything about one invented document, before anything is printed; its arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from samples.model import money
from samples.paper.firms import Firm

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of goods, services or charges."""

    description: str
    quantity: Decimal
    unit: str
    printed_unit: str
    price: Decimal
    rate: Decimal
    sku: str = ""
    detail: str = ""
    base: int = 1
    discount: Decimal = ZERO
    """Per cent."""
    serial: str = ""
    delivered: date | None = None
    order: str = ""
    ordered: date | None = None
    section: str = ""
    charge: bool = False
    """Freight, rebates: a line with an amount only."""

    @property
    def total(self) -> Decimal:
        """After the line's discount."""
        return money(self.quantity * self.price / self.base * (100 - self.discount) / 100)

    @property
    def text(self) -> str:
        """The whole description in one line."""
        return f"{self.description} {self.detail}".strip()


@dataclass(frozen=True, slots=True)
class TaxRow:
    """One rate's share."""

    rate: Decimal
    taxable: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """One document."""

    kind: str
    language: str
    number: str
    issued: date
    seller: Firm
    buyer: Firm
    currency: str
    lines: tuple[Line, ...]
    ship_to: Firm | None = None
    with_tax: bool = False
    """Prices and line totals include tax."""
    untaxed: bool = False
    """Reverse charge and the like."""
    order: str = ""
    ordered: date | None = None
    terms_days: int | None = None
    cash: tuple[Decimal, int] | None = None
    """Cash discount: per cent, days."""
    due: date | None = None
    period: tuple[date, date] | None = None
    delivered: date | None = None
    shipping: Decimal = ZERO
    surcharge: Decimal = ZERO
    """A second charge below the lines, so that the two are not one printed amount."""
    discount: Decimal = ZERO
    """Per cent of the lines."""
    prepaid: Decimal = ZERO
    round_to: Decimal = ZERO
    refs: dict[str, str] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    fault: Decimal = ZERO
    """Added to the printed total of a document with a planted contradiction."""

    @property
    def lines_total(self) -> Decimal:
        """The sum of the lines as printed."""
        return sum((line.total for line in self.lines), ZERO)

    @property
    def discount_total(self) -> Decimal:
        """Taken off below the lines."""
        return money(self.lines_total * self.discount / 100)

    @property
    def taxes(self) -> tuple[TaxRow, ...]:
        """The share of each rate; charges are taxed at the first line's rate."""
        shares: dict[Decimal, Decimal] = {}
        for line in self.lines:
            shares[line.rate] = shares.get(line.rate, ZERO) + line.total
        first = self.lines[0].rate
        shares[first] += self.shipping + self.surcharge - self.discount_total
        rows = []
        for rate, amount in sorted(shares.items(), reverse=True):
            rate = ZERO if self.untaxed else rate
            tax = money(amount * rate / (100 + rate)) if self.with_tax else money(amount * rate / 100)
            rows.append(TaxRow(rate, amount - tax if self.with_tax else amount, tax))
        if self.untaxed:
            return (TaxRow(ZERO, sum((row.taxable for row in rows), ZERO), ZERO),)
        return tuple(rows)

    @property
    def net(self) -> Decimal:
        """Before tax."""
        return sum((row.taxable for row in self.taxes), ZERO)

    @property
    def tax(self) -> Decimal:
        """All tax."""
        return sum((row.tax for row in self.taxes), ZERO)

    @property
    def gross(self) -> Decimal:
        """With tax, as printed."""
        return self.net + self.tax + self.fault

    @property
    def to_pay(self) -> Decimal:
        """What is left to pay, rounded where the currency's coins want it."""
        rest = self.gross - self.prepaid
        if not self.round_to:
            return rest
        return (rest / self.round_to).quantize(Decimal(1), ROUND_HALF_UP) * self.round_to

    @property
    def rounding(self) -> Decimal:
        """What rounding adds."""
        return self.to_pay - (self.gross - self.prepaid)
