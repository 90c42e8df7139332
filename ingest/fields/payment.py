"""How to pay and whom: accounts, terms, tax and register numbers, ways to reach the seller."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.extraction import FieldValue
from ingest.fields.accounts import accounts
from ingest.fields.contacts import contacts
from ingest.fields.currency import currency
from ingest.fields.parties import Parties
from ingest.fields.registers import registration, tax_number
from ingest.fields.spots import Spot
from ingest.fields.terms import due_from_terms, payment_terms, read_terms
from ingest.fields.vat_ids import vat_ids
from ingest.layout import Sheet
from ingest.normalise import compact

__all__ = ["currency", "due_from_terms", "payment", "read_terms"]


def payment(sheets: Sequence[Sheet], spots: Sequence[Spot], parties: Parties) -> dict[str, FieldValue]:
    """Accounts, tax numbers, ways to reach the seller, terms."""
    values: dict[str, FieldValue] = dict(accounts(sheets, spots))
    values.update(vat_ids(sheets, spots, parties))
    values.update(registration(sheets, spots, parties))
    taken = {compact(values[name].value) for name in ("seller_vat_id", "buyer_vat_id") if name in values}
    values.update(tax_number(sheets, spots, taken))
    values.update(contacts(sheets, parties))
    values.update(payment_terms(sheets, spots))
    return values
