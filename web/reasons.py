"""Reasons that are given often: one key takes one of them, in place of typing it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from matching.review import Step
from web.languages import lazy_gettext as _

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
        _for(_("The price is agreed with purchasing"), "price_differs"),
        _for(_("The order's price is out of date"), "price_differs"),
        _for(_("The charge is agreed"), "charge_differs"),
        _for(_("More was ordered afterwards"), "quantity_over_ordered", "line_not_ordered", "order_closed"),
        _for(_("The goods are here; the receipt is not booked yet"), "quantity_over_received"),
        _for(_("The terms of the invoice are accepted"), "payment_terms_differ"),
        _for(_("The new address is confirmed"), "billing_address_differs"),
        _for(_("Whoever ordered it confirms it"), "order_missing", "order_not_found", "line_not_ordered"),
        _for(_("Compared with its twin: both are owed"), "duplicate_suspected"),
        _for(_("Compared with the page"), "low_confidence", "xml_differs_from_page", "unit_differs",
             "date_implausible"),
        _for(_("Recalculated; the total is right"), "totals_do_not_add_up", "tax_rate_differs"),
        _for(
            _("The difference is small and accepted"),
            "price_differs", "charge_differs", "totals_do_not_add_up", "total_over_order", "quantity_over_ordered",
        ),
    ),
    Step.REJECT: (
        _for(_("Not the price that was ordered"), "price_differs", "charge_differs", "total_over_order"),
        _for(_("More than was ordered"), "quantity_over_ordered", "total_over_order"),
        _for(_("Not received"), "quantity_over_received"),
        _for(_("Not ordered by us"), "order_missing", "order_not_found", "line_not_ordered", "supplier_unknown"),
        _for(_("Not addressed to us"), "customer_unknown", "customer_differs", "billing_address_differs"),
        _for(_("The sums are wrong"), "totals_do_not_add_up", "tax_rate_differs"),
        _for(_("Not an invoice"), "not_an_invoice"),
        _for(_("The bank account is not the supplier's"), "bank_account_changed", "bank_account_invalid"),
        _for(_("A correct invoice is asked for")),
    ),
    Step.HOLD: (
        _for(_("Waits for the goods receipt"), "quantity_over_received"),
        _for(_("Asked the supplier")),
        _for(_("Asked purchasing")),
        _for(_("Waits for a credit note")),
    ),
}  # fmt: skip
"""By step, the most telling first."""


def reasons_for(step: Step, codes: Collection[str]) -> tuple[str, ...]:
    """The reasons offered for a document on which these discrepancies stand."""
    fitting = [str(one.text) for one in REASONS.get(step, ()) if not one.codes or one.codes.intersection(codes)]
    return tuple(fitting[:MOST])
