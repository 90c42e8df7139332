"""Reasons that are given often: one key takes one of them, in place of typing it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from matching.review import Step
from web.languages import gettext

MOST = 5


def _kept(text: str) -> str:
    """Mark a reason for the catalogues; it is kept in English and told in each reader's language."""
    return text


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in English, and the discrepancies that it answers; none: it fits any document."""

    text: str
    codes: frozenset[str] = frozenset()


def _for(text: str, *codes: str) -> Reason:
    return Reason(text, frozenset(codes))


REASONS: dict[Step, tuple[Reason, ...]] = {
    Step.APPROVE: (
        _for(_kept("The price is agreed with purchasing"), "price_differs"),
        _for(_kept("The order's price is out of date"), "price_differs"),
        _for(_kept("The charge is agreed"), "charge_differs"),
        _for(_kept("More was ordered afterwards"), "quantity_over_ordered", "line_not_ordered", "order_closed"),
        _for(_kept("The goods are here; the receipt is not booked yet"), "quantity_over_received"),
        _for(_kept("The terms of the invoice are accepted"), "payment_terms_differ"),
        _for(_kept("The new address is confirmed"), "billing_address_differs"),
        _for(_kept("Whoever ordered it confirms it"), "order_missing", "order_not_found", "line_not_ordered"),
        _for(_kept("Compared with its twin: both are owed"), "duplicate_suspected"),
        _for(_kept("Compared with the page"), "low_confidence", "xml_differs_from_page", "unit_differs",
             "date_implausible"),
        _for(_kept("Recalculated; the total is right"), "totals_do_not_add_up", "tax_rate_differs"),
        _for(
            _kept("The difference is small and accepted"),
            "price_differs", "charge_differs", "totals_do_not_add_up", "total_over_order", "quantity_over_ordered",
        ),
    ),
    Step.REJECT: (
        _for(_kept("Not the price that was ordered"), "price_differs", "charge_differs", "total_over_order"),
        _for(_kept("More than was ordered"), "quantity_over_ordered", "total_over_order"),
        _for(_kept("Not received"), "quantity_over_received"),
        _for(_kept("Not ordered by us"), "order_missing", "order_not_found", "line_not_ordered", "supplier_unknown"),
        _for(_kept("Not addressed to us"), "customer_unknown", "customer_differs", "billing_address_differs"),
        _for(_kept("The sums are wrong"), "totals_do_not_add_up", "tax_rate_differs"),
        _for(_kept("The bank account is not the supplier's"), "bank_account_changed", "bank_account_invalid"),
        _for(_kept("A correct invoice is asked for")),
    ),
    Step.NOT_AN_INVOICE: (
        _for(_kept("A delivery note")),
        _for(_kept("A quotation, order or confirmation")),
        _for(_kept("A statement or reminder")),
        _for(_kept("Advertising")),
        _for(_kept("Sent to us by mistake")),
    ),
    Step.HOLD: (
        _for(_kept("Waits for the goods receipt"), "quantity_over_received"),
        _for(_kept("Asked the supplier")),
        _for(_kept("Asked purchasing")),
        _for(_kept("Waits for a credit note")),
    ),
}  # fmt: skip
"""By step, the most telling first."""


def reasons_for(step: Step, codes: Collection[str]) -> tuple[str, ...]:
    """The reasons offered for a document on which these discrepancies stand."""
    fitting = [gettext(one.text) for one in REASONS.get(step, ()) if not one.codes or one.codes.intersection(codes)]
    return tuple(fitting[:MOST])


def kept(step: Step, text: str) -> str:
    """A reason as it is kept: one of ours in English, whatever language it was chosen in; any other as it was typed."""
    return next((one.text for one in REASONS.get(step, ()) if text == gettext(one.text)), text)
