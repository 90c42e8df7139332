"""What a rule looks at, and how it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ingest.extraction import Extraction
from matching.charges import ChargeFinding
from matching.lines import InvoiceLine, LinePart
from matching.orders import OrderFinding
from matching.parties import PartyFinding
from matching.policy import Policy
from matching.records import Customer, Supplier
from matching.references import References
from matching.results import Severity

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Case:
    """One document with everything that was found out about it before the rules run."""

    extraction: Extraction
    policy: Policy
    today: date
    """The day of receipt."""
    references: References
    supplier: PartyFinding[Supplier]
    customer: PartyFinding[Customer]
    orders: OrderFinding
    lines: tuple[InvoiceLine, ...] = ()
    """All lines, charges and texts among them."""
    goods: tuple[InvoiceLine, ...] = ()
    """Lines of goods and services."""
    parts: tuple[LinePart, ...] = ()
    charges: ChargeFinding = ChargeFinding()
    credit: bool = False
    """A credit note, or a negative invoice."""

    @property
    def currency(self) -> str:
        """The document's currency for messages; empty where it has none."""
        return self.extraction.text("currency") or ""

    @property
    def other_currency(self) -> bool:
        """Whether an order is in another currency, so that prices cannot be compared."""
        records = (self.supplier.record, self.customer.record)
        others = next((record.currency for record in records if record and record.currency), None)
        currencies = {found.order.currency or others for found in self.orders.usable} - {None, self.currency}
        return bool(self.currency) and bool(currencies)

    def money(self, amount: Decimal) -> str:
        """An amount as it is said in a message."""
        return f"{cents(amount)} {self.currency}".strip()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that differs, in words and numbers; `favourable` when it is in our favour."""

    message: str
    field: str | None = None
    line: int | None = None
    expected: str | None = None
    found: str | None = None
    difference: str | None = None
    favourable: bool = False
    related_document: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A rule's answer: faults, or none, or why it could not check (everything)."""

    faults: tuple[Fault, ...] = ()
    not_checked: str = ""


PASSED = Answer()


@dataclass(frozen=True, slots=True)
class Rule:
    """A discrepancy's code and the check behind it."""

    code: str
    check: Callable[[Case], Answer]
    default: Severity = Severity.ERROR
    """Where the policy names none; `off`: it runs only where the policy names one."""


def cents(amount: Decimal) -> str:
    """An amount with at least two decimals."""
    if amount == amount.quantize(Decimal("0.01")):
        return format(amount.quantize(Decimal("0.01")), "f")
    return plain(amount)


def plain(number: Decimal) -> str:
    """A number without needless zeros and with no more than six decimals."""
    number = round(number, 6).normalize()
    return format(number, "f")


def no_order(case: Case) -> str:
    """Why nothing can be compared with an order; empty when there is one."""
    if case.orders.usable:
        return ""
    if case.orders.found:
        return "the order is another supplier's"
    if case.orders.unknown:
        return "there is no such order"
    if not case.orders.required:
        return "no order is needed"
    return "no order is known"
