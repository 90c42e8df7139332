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
    accept_content_match: bool = False
    """Take the one order that explains every line when no number is printed."""
    receipts_required: bool = False
    """Every order needs goods receipts."""
    max_age_months: int = 12
    severity: Mapping[str, Severity] = field(default_factory=dict)
    """Code to severity, where policy departs from `error`."""
    override: tuple[Override, ...] = ()
    """Resolved once supplier and customer are known: see `policy_values.resolved`."""

    @property
    def version(self) -> str:
        """A short stamp of the content: equal policies have equal versions."""
        return hashlib.sha256(to_json(self).encode()).hexdigest()[:10]
