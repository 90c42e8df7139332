"""Two faults on one document that have nothing to do with each other: each is told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from samples.scenarios import names, parties
from samples.scenarios.clean import Kind
from samples.scenarios.drafts import address_of, cents
from samples.scenarios.maker import Maker
from samples.scenarios.planted import usual


def price_and_account(m: Maker) -> None:
    """Two faults that have nothing to do with each other."""
    draft = usual(m)
    first = replace(draft.lines[0], price=cents(draft.lines[0].price * Decimal("1.1")) + Decimal("0.05"))
    account = parties.new_account(draft.supplier.country or "DE", m.rng)
    draft = replace(draft, lines=(first, *draft.lines[1:])).having(seller_iban=account)
    m.add("price_and_account", draft, ["price_differs", "bank_account_changed"])


def terms_and_address(m: Maker) -> None:
    """Shorter terms, and an old address."""
    draft = replace(usual(m), fields={})
    where = names.place(draft.customer.country or "DE", m.rng)
    old = address_of(replace(draft.customer, street=where.street, postal_code=where.postal_code, city=where.city))
    changed = draft.having(payment_terms_days="5", buyer_address=old)
    m.add("terms_and_address", changed, ["payment_terms_differ", "billing_address_differs"])


def affiliate_and_total(m: Maker) -> None:
    """Another company of ours is billed, and the sums are wrong."""
    draft = usual(m)
    wrong = replace(draft, customer=m.customer(draft.customer), gross_off=Decimal(3))
    m.add("affiliate_and_total", wrong, ["customer_differs", "totals_do_not_add_up"])


PAIRED_FAULTS: tuple[Kind, ...] = (price_and_account, terms_and_address, affiliate_and_total)
