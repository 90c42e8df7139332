"""Suppliers, customers, orders and receipts in the database, and the keys by which they are found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlite_utils import Database

from ingest.document import State
from ingest.serialise import from_json
from matching.account_store import AccountState, AccountStore
from matching.normalise import account_key
from matching.order_store import OrderStore
from matching.party_store import PartyStore
from matching.receipt_store import ReceiptStore
from matching.records import Customer, GoodsReceipt, OrderLineProgress, PurchaseOrder, RecordKind, Supplier
from matching.references import PartyClues
from matching.staging_store import StagingStore

OPEN_ORDERS = 200
"""How many open orders of a supplier are looked at where only the content tells which one is meant."""

TABLES = {
    RecordKind.SUPPLIERS: "suppliers",
    RecordKind.CUSTOMERS: "customers",
    RecordKind.PURCHASE_ORDERS: "orders",
    RecordKind.GOODS_RECEIPTS: "receipts",
}

KINDS = {
    Supplier: RecordKind.SUPPLIERS,
    Customer: RecordKind.CUSTOMERS,
    PurchaseOrder: RecordKind.PURCHASE_ORDERS,
    GoodsReceipt: RecordKind.GOODS_RECEIPTS,
}

WAITING = (State.NEEDS_REVIEW, State.ON_HOLD)


class RecordStore:
    """Questions about reference records; imports change them (`staging_store`)."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.order_store = OrderStore(db)

    # ------------------------------------------------------------ reading

    def supplier(self, supplier_id: str) -> Supplier | None:
        """The supplier of this id."""
        text = self._text("SELECT content FROM suppliers WHERE supplier_id = ?", [supplier_id])
        return self._with_accepted(from_json(text, Supplier)) if text else None

    def supplier_as_written(self, supplier_id: str) -> Supplier | None:
        """The same without accounts that people have accepted since."""
        text = self._text("SELECT content FROM suppliers WHERE supplier_id = ?", [supplier_id])
        return from_json(text, Supplier) if text else None

    def _with_accepted(self, supplier: Supplier) -> Supplier:
        """The record with the accounts that people have accepted since, which no import takes away."""
        accepted = AccountStore(self.db).of_supplier(supplier.supplier_id, AccountState.ACCEPTED)
        if not accepted:
            return supplier
        return replace(supplier, iban=(*supplier.iban, *(account_key(one.account) for one in accepted)))

    def customer(self, customer_id: str) -> Customer | None:
        """The customer of this id."""
        text = self._text("SELECT content FROM customers WHERE customer_id = ?", [customer_id])
        return from_json(text, Customer) if text else None

    def order(self, po_number: str) -> PurchaseOrder | None:
        """The order of exactly this number."""
        return self.order_store.order(po_number)

    def orders_alike(self, po_number: str) -> tuple[PurchaseOrder, ...]:
        """Orders whose number is equal once look-alikes are folded."""
        return self.order_store.alike(po_number)

    def orders_near(self, number: str, supplier_id: str | None) -> tuple[PurchaseOrder, ...]:
        """Orders whose number is folded equal, one edit away, or inside the printed one or the reverse."""
        return self.order_store.near(number, supplier_id)

    def open_orders(self, supplier_id: str, limit: int = OPEN_ORDERS) -> tuple[PurchaseOrder, ...]:
        """The supplier's orders that are not closed, latest first."""
        return self.order_store.open_orders(supplier_id, limit)

    def open_orders_with(
        self, supplier_id: str, articles: Collection[str], amounts: Collection[Decimal], limit: int = OPEN_ORDERS
    ) -> tuple[PurchaseOrder, ...]:
        """The supplier's open orders that carry some of these articles, prices or this total, most of them first."""
        return self.order_store.open_with(supplier_id, articles, amounts, limit)

    def order_progress(self, po_number: str, leave_out: int = 0) -> tuple[OrderLineProgress, ...]:
        """What came in and was billed of each line; `leave_out` is the document that is being matched."""
        order = self.order(po_number)
        if order is None:
            return ()
        received = self._received(po_number)
        sums: dict[tuple[str, bool], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for row in self.db.query(
            "SELECT b.order_line, b.quantity, b.net, d.state FROM billed_lines b "
            "JOIN documents d ON d.id = b.document_id "
            "WHERE b.po_number = ? AND b.document_id <> ? AND d.state IN (?, ?, ?)",
            [po_number, leave_out, State.APPROVED.value, *(state.value for state in WAITING)],
        ):
            pair = sums[row["order_line"], row["state"] == State.APPROVED]
            pair[0] += Decimal(row["quantity"])
            pair[1] += Decimal(row["net"])
        return tuple(
            OrderLineProgress(
                line_number=line.line_number,
                received=received.get(line.line_number, Decimal(0)) if received else None,
                billed_quantity=sums[line.line_number, True][0],
                billed_net=sums[line.line_number, True][1],
                waiting_quantity=sums[line.line_number, False][0],
            )
            for line in order.lines
        )

    def billed_on(self, po_number: str) -> tuple[int, ...]:
        """Documents that bill lines of an order, whatever became of them."""
        rows = self.db.query("SELECT DISTINCT document_id FROM billed_lines WHERE po_number = ?", [po_number])
        return tuple(row["document_id"] for row in rows)

    def receipts(self, po_number: str) -> tuple[GoodsReceipt, ...]:
        """Every receipt for an order, oldest first."""
        return ReceiptStore(self.db).of_order(po_number)

    def counts(self) -> dict[str, int]:
        """How many records there are of each kind, by the import's names; orders, not their lines."""
        return {
            kind.value: int(self.db.execute(f"SELECT count(*) FROM {self._counted(table)}").fetchone()[0])
            for kind, table in TABLES.items()
        }

    def _counted(self, table: str) -> str:
        """Where to count: beside an unfinished import every row has to be looked at, else an index tells."""
        pending = table == "orders" and self.db.execute("SELECT 1 FROM pending_imports").fetchone()
        return "order_rows" if table == "orders" and not pending else table

    def has(self, kind: RecordKind) -> bool:
        """Whether there is any record of a kind."""
        return self.db.execute(f"SELECT 1 FROM {TABLES[kind]} LIMIT 1").fetchone() is not None

    def suppliers(self, limit: int = 200, text: str = "") -> tuple[Supplier, ...]:
        """Suppliers by name, those that `text` is part of."""
        rows = self._page("suppliers", ("supplier_id", "name"), "name", limit, text)
        return tuple(self._with_accepted(from_json(row, Supplier)) for row in rows)

    def customers(self, limit: int = 200, text: str = "") -> tuple[Customer, ...]:
        """Customers by name, those that `text` is part of."""
        rows = self._page("customers", ("customer_id", "name"), "name", limit, text)
        return tuple(from_json(row, Customer) for row in rows)

    def orders(self, limit: int = 200, text: str = "") -> tuple[PurchaseOrder, ...]:
        """Orders, latest first, those whose number or supplier `text` is part of."""
        rows = self._page("orders", ("po_number", "supplier_id"), "order_date DESC, po_number DESC", limit, text)
        return tuple(from_json(row, PurchaseOrder) for row in rows)

    def supplier_candidates(self, clues: PartyClues) -> tuple[Supplier, ...]:
        """Suppliers that share an identifier with the document, and those of a similar name."""
        found = (self.supplier(party_id) for party_id in PartyStore(self.db, "supplier").candidates(clues))
        return tuple(supplier for supplier in found if supplier)

    def customer_candidates(self, clues: PartyClues) -> tuple[Customer, ...]:
        """Customers that share an identifier with the document, and those of a similar name."""
        found = (self.customer(party_id) for party_id in PartyStore(self.db, "customer").candidates(clues))
        return tuple(customer for customer in found if customer)

    # ------------------------------------------------------------ changing

    def put(self, records: Iterable[Supplier | Customer | PurchaseOrder | GoodsReceipt]) -> None:
        """Add or update records, inside a `transaction`; files come in by `load_records.import_records`."""
        by_kind: dict[RecordKind, list[Supplier | Customer | PurchaseOrder | GoodsReceipt]] = defaultdict(list)
        for item in records:
            by_kind[KINDS[type(item)]].append(item)
        for kind, items in by_kind.items():
            with StagingStore(self.db, kind) as staging:
                for item in items:
                    staging.add(item)
                staging.prepare()
                staging.swap_in()

    # ------------------------------------------------------------ inside

    def _received(self, po_number: str) -> dict[str, Decimal]:
        """Received so far by line: the running total where one is given, else the sum of the deliveries."""
        totals: dict[str, Decimal] = {}
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for receipt in self.receipts(po_number):
            if receipt.receipt_date is None and receipt.delivery_note is None:
                totals[receipt.line_number] = receipt.quantity
            else:
                sums[receipt.line_number] += receipt.quantity
        return {**sums, **totals}

    def _page(self, table: str, searched: Iterable[str], order: str, limit: int, text: str) -> list[str]:
        where = " OR ".join(f"{column} LIKE ? ESCAPE '!'" for column in searched)
        pattern = f"%{text.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        values = [pattern for _ in searched] if text else []
        rows = self.db.query(
            f"SELECT content FROM {table} {f'WHERE {where}' if text else ''} ORDER BY {order} LIMIT ?", [*values, limit]
        )
        return [row["content"] for row in rows]

    def _text(self, sql: str, values: Sequence[str]) -> str | None:
        row = self.db.execute(sql, values).fetchone()
        return str(row[0]) if row else None
