"""The questions that matching asks of the reference records and the ledger; the stores answer them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from matching.ledger import LedgerEntry
from matching.records import Customer, OrderLineProgress, PurchaseOrder, Supplier


@dataclass(frozen=True, slots=True)
class PartyClues:
    """What a document says about one party, as printed."""

    name: str | None = None
    address: str | None = None
    vat_ids: tuple[str, ...] = ()
    tax_ids: tuple[str, ...] = ()
    ibans: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


class References(Protocol):
    """Reference records and earlier invoices, without the document that is being matched."""

    def has_suppliers(self) -> bool:
        """Whether there is any supplier record."""

    def has_customers(self) -> bool:
        """Whether there is any customer record."""

    def supplier_candidates(self, clues: PartyClues) -> tuple[Supplier, ...]:
        """Every supplier that shares an identifier with the document, and those of a similar name."""

    def customer_candidates(self, clues: PartyClues) -> tuple[Customer, ...]:
        """Every customer that shares an identifier with the document, and those of a similar name."""

    def supplier(self, supplier_id: str) -> Supplier | None:
        """The supplier's record."""

    def customer(self, customer_id: str) -> Customer | None:
        """The customer's record."""

    def order(self, po_number: str) -> PurchaseOrder | None:
        """The order of exactly this number."""

    def orders_alike(self, po_number: str) -> tuple[PurchaseOrder, ...]:
        """Orders whose number is equal once look-alikes are folded (punctuation, 0/O, 1/I/L, 5/S, 8/B)."""

    def open_orders(self, supplier_id: str) -> tuple[PurchaseOrder, ...]:
        """The supplier's orders that are not closed, latest first."""

    def progress(self, po_number: str) -> tuple[OrderLineProgress, ...]:
        """What came in and was billed of each line of an order."""

    def invoices_numbered(self, supplier_id: str, number: str) -> tuple[LedgerEntry, ...]:
        """Live documents of the supplier with this invoice number, spelled in whatever way."""

    def invoices_alike(self, supplier_id: str, substance: str) -> tuple[LedgerEntry, ...]:
        """Live documents of the supplier with these lines and this total."""

    def invoices_corrected(self, supplier_id: str, number: str) -> tuple[LedgerEntry, ...]:
        """Approved and waiting documents of the supplier with this number, which a credit note may correct."""

    def credits_of(self, supplier_id: str, number: str) -> tuple[LedgerEntry, ...]:
        """Approved credit notes of the supplier that name this invoice."""
