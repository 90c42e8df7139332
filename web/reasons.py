"""Reasons that are given often: one key takes one of them, in place of typing it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from matching.review import Step

MOST = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in words, and the discrepancies that it answers; none: it fits any document."""

    text: str
    codes: frozenset[str] = frozenset()


def _for(text: str, *codes: str) -> Reason:
    return Reason(text, frozenset(codes))


REASONS: dict[Step, tuple[Reason, ...]] = {
    Step.APPROVE: (
        _for("The price is agreed with purchasing", "price_differs"),
        _for("The order's price is out of date", "price_differs"),
        _for("The charge is agreed", "charge_differs"),
        _for("More was ordered afterwards", "quantity_over_ordered", "line_not_ordered", "order_closed"),
        _for("The goods are here; the receipt is not booked yet", "quantity_over_received"),
        _for("The terms of the invoice are accepted", "payment_terms_differ"),
        _for("The new address is confirmed", "billing_address_differs"),
        _for("Whoever ordered it confirms it", "order_missing", "order_not_found", "line_not_ordered"),
        _for("Compared with its twin: both are owed", "duplicate_suspected"),
        _for("Compared with the page", "low_confidence", "xml_differs_from_page", "unit_differs", "date_implausible"),
        _for("Recalculated; the total is right", "totals_do_not_add_up", "tax_rate_differs"),
        _for(
            "The difference is small and accepted",
            "price_differs", "charge_differs", "totals_do_not_add_up", "total_over_order", "quantity_over_ordered",
        ),
    ),
    Step.REJECT: (
        _for("Not the price that was ordered", "price_differs", "charge_differs", "total_over_order"),
        _for("More than was ordered", "quantity_over_ordered", "total_over_order"),
        _for("Not received", "quantity_over_received"),
        _for("Not ordered by us", "order_missing", "order_not_found", "line_not_ordered", "supplier_unknown"),
        _for("Not addressed to us", "customer_unknown", "customer_differs", "billing_address_differs"),
        _for("The sums are wrong", "totals_do_not_add_up", "tax_rate_differs"),
        _for("Not an invoice", "not_an_invoice"),
        _for("The bank account is not the supplier's", "bank_account_changed", "bank_account_invalid"),
        _for("A correct invoice is asked for"),
    ),
    Step.HOLD: (
        _for("Waits for the goods receipt", "quantity_over_received"),
        _for("Asked the supplier"),
        _for("Asked purchasing"),
        _for("Waits for a credit note"),
    ),
}  # fmt: skip
"""By step, the most telling first."""


def reasons_for(step: Step, codes: Collection[str]) -> tuple[str, ...]:
    """The reasons offered for a document on which these discrepancies stand."""
    fitting = [one.text for one in REASONS.get(step, ()) if not one.codes or one.codes.intersection(codes)]
    return tuple(fitting[:MOST])
