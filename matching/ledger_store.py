"""The ledger in the database, and the answers that matching asks of records and ledger together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from email.utils import parseaddr
from typing import Any

from sqlite_utils import Database

from ingest.document import State
from ingest.store import IN_ORDER, DocumentStore
from matching import normalise
from matching.ledger import BilledLine, LedgerEntry
from matching.normalise import folded_number, joined_number
from matching.record_store import WAITING, RecordStore
from matching.records import Customer, GoodsReceipt, OrderLineProgress, PurchaseOrder, RecordKind, Supplier
from matching.references import Approved, PartyClues

NEAREST = 50
"""How many possible twins are looked at."""


class LedgerStore:
    """Invoices as the later ones see them; whether one counts as billed follows from its document's state."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def save(self, entry: LedgerEntry) -> None:
        """Put a document into the ledger, in place of what stood there for it."""
        self.remove(entry.document_id)
        self.db.table("ledger").insert(
            {
                "document_id": entry.document_id,
                "supplier_id": entry.supplier_id,
                "number": entry.number,
                **number_keys(entry.number),
                "credit": int(entry.credit),
                "issue_date": _iso(entry.issue_date),
                "total": format(entry.total, "f") if entry.total is not None else None,
                "currency": entry.currency,
                "substance": entry.substance,
                "period_start": _iso(entry.period_start),
                "period_end": _iso(entry.period_end),
                "delivery_date": _iso(entry.delivery_date),
                "delivery_note": entry.delivery_note,
                "preceding": entry.preceding,
                "preceding_key": _key(entry.preceding),
            }
        )
        self.db.table("billed_lines").insert_all(
            {
                "document_id": entry.document_id,
                "po_number": line.po_number,
                "order_line": line.order_line,
                "quantity": format(line.quantity, "f"),
                "net": format(line.net, "f"),
            }
            for line in entry.billed
        )

    def remove(self, document_id: int) -> None:
        """Take a document out of the ledger."""
        self.db.execute("DELETE FROM billed_lines WHERE document_id = ?", [document_id])
        self.db.execute("DELETE FROM ledger WHERE document_id = ?", [document_id])

    def numbered(self, supplier_id: str, number: str, document_id: int) -> tuple[LedgerEntry, ...]:
        """Live documents of the supplier with this number, without `document_id` and its known non-twins.

        In whatever spelling, and with look-alikes misread: `same_number` tells the two apart.
        """
        return self._live(*_numbered(supplier_id, number), document_id)

    def alike(self, supplier_id: str, substance: str, day: date | None, document_id: int) -> tuple[LedgerEntry, ...]:
        """Live documents of the supplier with the same substance, those issued nearest to `day` first.

        Without `document_id` and its known non-twins; at most `NEAREST`, because a monthly fee is always alike.
        """
        where = "l.supplier_id = ? AND l.substance = ?"
        near = "coalesce(abs(julianday(l.issue_date) - julianday(?)), 0), l.document_id DESC"
        return self._live(where, [supplier_id, substance], document_id, (near, [_iso(day)]))

    def of_day(self, supplier_id: str, day: date, total: Decimal, document_id: int) -> tuple[LedgerEntry, ...]:
        """Live documents of the supplier with this date and total, without `document_id` and its known non-twins."""
        where = "l.supplier_id = ? AND l.issue_date = ? AND CAST(l.total AS REAL) = CAST(? AS REAL)"
        return self._live(where, [supplier_id, _iso(day), format(total, "f")], document_id)

    def elsewhere(self, supplier_id: str, number: str, document_id: int) -> tuple[LedgerEntry, ...]:
        """The same of documents whose supplier is not known, or whose record shares a tax number or an account."""
        # in this order: without it SQLite begins with the keys of every supplier
        shared = self.db.execute(
            "SELECT DISTINCT o.id FROM party_keys k CROSS JOIN party_keys o ON o.party = k.party AND o.kind = k.kind "
            "AND o.key = k.key WHERE k.party = 'supplier' AND k.id = ? AND k.kind IN ('tax', 'account') "
            f"AND o.id <> k.id LIMIT {NEAREST}",
            [supplier_id],
        )
        others = [None, *(row[0] for row in shared.fetchall())]
        return tuple(entry for other in others for entry in self._live(*_numbered(other, number), document_id))

    def credits_of(self, supplier_id: str, number: str, document_id: int) -> tuple[LedgerEntry, ...]:
        """Approved credit notes of the supplier that name this invoice, without `document_id`."""
        return self._entries(
            "l.supplier_id = ? AND l.preceding_key = ? AND l.document_id <> ? AND l.credit = 1 AND d.state = ?",
            [supplier_id, _key(number), document_id, State.APPROVED.value],
        )

    def approved_of(self, supplier_id: str, currency: str, document_id: int) -> Approved:
        """How many invoices of the supplier were approved without `document_id`, and the largest of a currency."""
        found = (
            "FROM ledger l JOIN documents d ON d.id = l.document_id "
            "WHERE l.supplier_id = ? AND l.document_id <> ? AND l.credit = 0 AND d.state = ?"
        )
        values = [supplier_id, document_id, State.APPROVED.value]
        count = self.db.execute(f"SELECT count(*) {found}", values).fetchone()[0]
        largest = self.db.execute(
            f"SELECT l.total {found} AND l.currency = ? AND l.total IS NOT NULL "
            "ORDER BY CAST(l.total AS REAL) DESC LIMIT 1",
            [*values, currency],
        ).fetchone()
        return Approved(count, Decimal(largest[0]) if largest else None)

    def standing(self, supplier_id: str, number: str, document_id: int) -> tuple[LedgerEntry, ...]:
        """Every approved or waiting document of the supplier with this number but `document_id`."""
        states = (State.APPROVED, *WAITING)
        marks = ", ".join("?" * len(states))
        return self._entries(
            f"l.supplier_id = ? AND l.number_key = ? AND l.document_id <> ? AND d.state IN ({marks})",
            [supplier_id, _key(number), document_id, *(state.value for state in states)],
        )

    def say_not_duplicate(self, document_id: int, other_id: int) -> None:
        """Remember that a person told two documents apart."""
        for pair in ((document_id, other_id), (other_id, document_id)):
            self.db.execute("INSERT OR IGNORE INTO not_duplicates VALUES (?, ?)", list(pair))

    def _live(
        self,
        where: str,
        values: list[str | None],
        document_id: int,
        nearest: tuple[str, list[str | None]] = ("l.document_id DESC", []),
    ) -> tuple[LedgerEntry, ...]:
        # what came later and still waits is the twin of this one, not the reverse; once approved it counts for all
        marks = ", ".join("?" * len(WAITING))
        order, order_values = nearest
        return self._entries(
            f"{where} AND l.document_id <> ? "
            f"AND (d.state = ? OR (d.state IN ({marks}) AND ({IN_ORDER.format('d.')}) < "
            f"(SELECT {IN_ORDER.format('')} FROM documents WHERE id = ?))) "
            "AND NOT EXISTS (SELECT 1 FROM not_duplicates n WHERE n.document_id = ? AND n.other_id = l.document_id)",
            [
                *values,
                document_id,
                State.APPROVED.value,
                *(state.value for state in WAITING),
                document_id,
                document_id,
                *order_values,
            ],
            f"{order} LIMIT {NEAREST}",
        )

    def _entries(
        self, where: str, values: list[str | int | None], order: str = "l.document_id"
    ) -> tuple[LedgerEntry, ...]:
        rows = self.db.query(
            f"SELECT l.*, d.state FROM ledger l JOIN documents d ON d.id = l.document_id WHERE {where} "
            f"ORDER BY {order}",
            values,
        )
        return tuple(self._entry(row) for row in list(rows))

    def _entry(self, row: dict[str, Any]) -> LedgerEntry:
        lines = self.db.query(
            "SELECT po_number, order_line, quantity, net FROM billed_lines WHERE document_id = ?", [row["document_id"]]
        )
        return LedgerEntry(
            document_id=row["document_id"],
            supplier_id=row["supplier_id"],
            number=row["number"],
            credit=bool(row["credit"]),
            issue_date=_day(row["issue_date"]),
            total=Decimal(row["total"]) if row["total"] is not None else None,
            currency=row["currency"],
            substance=row["substance"],
            period_start=_day(row["period_start"]),
            period_end=_day(row["period_end"]),
            delivery_date=_day(row["delivery_date"]),
            delivery_note=row["delivery_note"],
            preceding=row["preceding"],
            billed=tuple(
                BilledLine(line["po_number"], line["order_line"], Decimal(line["quantity"]), Decimal(line["net"]))
                for line in lines
            ),
            approved=row["state"] == State.APPROVED,
        )


class StoredReferences:
    """Records and ledger as the matcher asks for them, without the document that is being matched."""

    def __init__(self, db: Database, document_id: int) -> None:
        self.records = RecordStore(db)
        self.ledger = LedgerStore(db)
        self.documents = db
        self.document_id = document_id

    def mail_senders(self) -> tuple[str, ...]:
        """Addresses of the mails that brought the document."""
        mails = DocumentStore(self.documents).mail_origins(self.document_id)
        return tuple(address for mail in mails if (address := parseaddr(mail.partition(": ")[0])[1]))

    def has_suppliers(self) -> bool:
        """Whether there is any supplier record."""
        return self.records.has(RecordKind.SUPPLIERS)

    def has_customers(self) -> bool:
        """Whether there is any customer record."""
        return self.records.has(RecordKind.CUSTOMERS)

    def supplier_candidates(self, clues: PartyClues) -> tuple[Supplier, ...]:
        """Suppliers worth comparing."""
        return self.records.supplier_candidates(clues)

    def customer_candidates(self, clues: PartyClues) -> tuple[Customer, ...]:
        """Customers worth comparing."""
        return self.records.customer_candidates(clues)

    def supplier(self, supplier_id: str) -> Supplier | None:
        """The supplier's record."""
        return self.records.supplier(supplier_id)

    def customer(self, customer_id: str) -> Customer | None:
        """The customer's record."""
        return self.records.customer(customer_id)

    def order(self, po_number: str) -> PurchaseOrder | None:
        """The order of exactly this number."""
        return self.records.order(po_number)

    def orders_alike(self, po_number: str) -> tuple[PurchaseOrder, ...]:
        """Orders whose folded number is equal."""
        return self.records.orders_alike(po_number)

    def open_orders(self, supplier_id: str) -> tuple[PurchaseOrder, ...]:
        """The supplier's orders that are not closed."""
        return self.records.open_orders(supplier_id)

    def orders_near(self, number: str, supplier_id: str | None) -> tuple[PurchaseOrder, ...]:
        """Orders whose number may be meant."""
        return self.records.orders_near(number, supplier_id)

    def open_orders_with(
        self, supplier_id: str, articles: Collection[str], amounts: Collection[Decimal]
    ) -> tuple[PurchaseOrder, ...]:
        """The supplier's open orders that carry some of these."""
        return self.records.open_orders_with(supplier_id, articles, amounts)

    def receipts(self, po_number: str) -> tuple[GoodsReceipt, ...]:
        """Goods receipts for an order."""
        return self.records.receipts(po_number)

    def progress(self, po_number: str) -> tuple[OrderLineProgress, ...]:
        """Received and billed so far."""
        return self.records.order_progress(po_number, leave_out=self.document_id)

    def invoices_numbered(self, supplier_id: str, number: str) -> tuple[LedgerEntry, ...]:
        """Possible twins by number."""
        return self.ledger.numbered(supplier_id, number, self.document_id)

    def invoices_alike(self, supplier_id: str, substance: str, day: date | None) -> tuple[LedgerEntry, ...]:
        """Possible twins by substance."""
        return self.ledger.alike(supplier_id, substance, day, self.document_id)

    def invoices_of_day(self, supplier_id: str, day: date, total: Decimal) -> tuple[LedgerEntry, ...]:
        """Possible twins by date and total."""
        return self.ledger.of_day(supplier_id, day, total, self.document_id)

    def invoices_elsewhere(self, supplier_id: str, number: str) -> tuple[LedgerEntry, ...]:
        """Possible twins by number, under another record."""
        return self.ledger.elsewhere(supplier_id, number, self.document_id)

    def invoices_corrected(self, supplier_id: str, number: str) -> tuple[LedgerEntry, ...]:
        """Invoices that a credit note may mean."""
        return self.ledger.standing(supplier_id, number, self.document_id)

    def approved_of(self, supplier_id: str, currency: str) -> Approved:
        """What was approved of a supplier."""
        return self.ledger.approved_of(supplier_id, currency, self.document_id)

    def credits_of(self, supplier_id: str, number: str) -> tuple[LedgerEntry, ...]:
        """Approved credit notes that name this invoice."""
        return self.ledger.credits_of(supplier_id, number, self.document_id)


def _key(number: str | None) -> str | None:
    return normalise.invoice_key(number) or None if number else None


def number_keys(number: str | None) -> dict[str, str | None]:
    """The columns by which a number is found."""
    joined, folded = (form(number) or None if number else None for form in (joined_number, folded_number))
    return {"number_key": _key(number), "number_joined": joined, "number_folded": folded}


def _numbered(supplier_id: str | None, number: str) -> tuple[str, list[str | None]]:
    # one index each: an OR over the columns would look at every document of the supplier
    keys = number_keys(number)
    found = " UNION ALL ".join(f"SELECT document_id FROM ledger WHERE supplier_id IS ? AND {name} = ?" for name in keys)
    return f"l.document_id IN ({found})", [value for key in keys.values() for value in (supplier_id, key)]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
