"""Policy: tolerances, limits and severities, as data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ingest.serialise import to_json
from matching.results import Severity


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What still counts as equal; amounts in the document's currency, the smaller of per cent and amount wins."""

    line: Decimal = Decimal("0.01")
    """Rounding of one line."""
    document: Decimal = Decimal("0.05")
    """Rounding of a whole document."""
    price_percent: Decimal = Decimal(0)
    """How much dearer than ordered a price may be, in per cent; 0: rounding only."""
    price_amount: Decimal = Decimal(0)
    """Most money a line may cost more because of its price when `price_percent` allows it."""
    quantity_percent: Decimal = Decimal(0)
    """How much more than ordered or received may be billed, in per cent of the order line."""
    quantity_amount: Decimal = Decimal(0)
    """Most money that what `quantity_percent` allows may cost, at the order's price; 0: the per cent alone count."""
    charge_percent: Decimal = Decimal(0)
    """How much more than the order leaves room for a charge may cost, in per cent."""
    charge_amount: Decimal = Decimal(0)
    """Most money that `charge_percent` allows a charge."""
    total_percent: Decimal = Decimal(0)
    """How much more than is open an invoice may bill, in per cent of its orders' net."""
    total_amount: Decimal = Decimal(0)
    """Most money that `total_percent` allows an invoice."""
    terms_days: int = 0
    """By how many days printed payment terms may be shorter than agreed."""


def allowance(base: Decimal, percent: Decimal, amount: Decimal) -> Decimal:
    """What may be too much of `base`: so many per cent, but no more than the amount."""
    return min(abs(base) * percent / 100, amount)


@dataclass(frozen=True, slots=True)
class Override:
    """What differs from the general policy for some suppliers or customers; both named: only where both fit."""

    supplier: tuple[str, ...] = ()
    """Supplier ids."""
    customer: tuple[str, ...] = ()
    """Customer ids."""
    changes: Mapping[str, str] = field(default_factory=dict)
    """Setting, such as `tolerance.price_percent`, to its value as text."""

    def fits(self, supplier: str | None, customer: str | None) -> bool:
        """Whether it is about a document of this supplier for this customer; None: not known."""
        return (not self.supplier or supplier in self.supplier) and (not self.customer or customer in self.customer)


@dataclass(frozen=True, slots=True)
class Policy:
    """The company's rules for letting an invoice pass."""

    tolerance: Tolerance = field(default_factory=Tolerance)
    min_confidence: float = 0.95
    order_required: bool = True
    no_order_limit: Decimal = Decimal(0)
    """For suppliers whose record names no limit of its own."""
    charge_limit: Decimal = Decimal(0)
    """Charges that the order does not carry stand up to this amount a document."""
    charge_percent: Decimal = Decimal(0)
    """They stand up to this share of the document's lines, in per cent, too; 0: `charge_limit` alone counts."""
    accept_content_match: bool = False
    """Take the one order that explains every line when no number is printed."""
    receipts_required: bool = False
    """Every order needs goods receipts."""
    max_age_months: int = 12
    unusual_factor: Decimal = Decimal(3)
    """How many times a supplier's largest approved invoice is unusual; told where `amount_unusual` has a severity."""
    second_person_over: Decimal = Decimal(0)
    """Above this total, in the document's currency, a person's approval needs a second person's; 0: never."""
    coordinator_difference: Decimal = Decimal(0)
    """Most money of differences in spite of which a coordinator may approve alone; 0: any."""
    approver_difference: Decimal = Decimal(0)
    """The same for an approver; above it a second person approves, too."""
    severity: Mapping[str, Severity] = field(default_factory=dict)
    """Code to severity, where policy departs from the rule's own (`error`; `off` where it is to be asked for)."""
    override: tuple[Override, ...] = ()
    """Resolved once supplier and customer are known: see `policy_values.resolved`."""

    @property
    def version(self) -> str:
        """A short stamp of the content: equal policies have equal versions."""
        return hashlib.sha256(to_json(self).encode()).hexdigest()[:10]
