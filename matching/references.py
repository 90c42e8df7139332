"""The questions that matching asks of the reference records and the ledger; the stores answer them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from matching.ledger import LedgerEntry
from matching.records import Customer, GoodsReceipt, OrderLineProgress, PurchaseOrder, Supplier


@dataclass(frozen=True, slots=True)
class Approved:
    """What was approved of a supplier so far."""

    count: int = 0
    """Invoices in whatever currency."""
    largest: Decimal | None = None
    """The largest total in the currency that was asked for, with tax."""


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

    def mail_senders(self) -> tuple[str, ...]:
        """The addresses of the mails that the document came in."""

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
        """The supplier's orders that are not closed, latest first; a bounded number (`open_orders_with` for more)."""

    def orders_near(self, number: str, supplier_id: str | None) -> tuple[PurchaseOrder, ...]:
        """Orders whose number may be meant: folded equal, one edit away, or one inside the other, best first.

        Only the supplier's where one is given; a bounded number of them.
        """

    def open_orders_with(
        self, supplier_id: str, articles: Collection[str], amounts: Collection[Decimal]
    ) -> tuple[PurchaseOrder, ...]:
        """The supplier's open orders that carry some of these, most of them first; a bounded number.

        `articles` are article numbers or descriptions, `amounts` are net: unit prices, and the total.
        """

    def progress(self, po_number: str) -> tuple[OrderLineProgress, ...]:
        """What came in and was billed of each line of an order."""

    def receipts(self, po_number: str) -> tuple[GoodsReceipt, ...]:
        """Every goods receipt for an order."""

    def invoices_numbered(self, supplier_id: str, number: str) -> tuple[LedgerEntry, ...]:
        """Live documents of the supplier with this invoice number, spelled or misread in whatever way."""

    def invoices_alike(self, supplier_id: str, substance: str, day: date | None) -> tuple[LedgerEntry, ...]:
        """Live documents of the supplier with these lines and this total, those issued nearest to `day` first."""

    def invoices_of_day(self, supplier_id: str, day: date, total: Decimal) -> tuple[LedgerEntry, ...]:
        """Live documents of the supplier with this date of issue and this total (positive, with tax)."""

    def invoices_elsewhere(self, supplier_id: str, number: str) -> tuple[LedgerEntry, ...]:
        """Live documents with this number whose supplier is not known, or shares a tax number or account with it."""

    def invoices_corrected(self, supplier_id: str, number: str) -> tuple[LedgerEntry, ...]:
        """Approved and waiting documents of the supplier with this number, which a credit note may correct."""

    def approved_of(self, supplier_id: str, currency: str) -> Approved:
        """How many invoices of the supplier were approved, and the largest one of this currency."""

    def credits_of(self, supplier_id: str, number: str) -> tuple[LedgerEntry, ...]:
        """Approved credit notes of the supplier that name this invoice."""
