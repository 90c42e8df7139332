"""Suppliers, customers, orders and receipts in the database, and the keys by which they are found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlite_utils import Database

from ingest.document import State
from ingest.serialise import from_json, to_json
from matching import normalise
from matching.blocking import RARE_GRAMS, name_keys, party_keys
from matching.order_index import order_keys
from matching.order_store import OrderStore
from matching.records import Customer, GoodsReceipt, OrderLine, OrderLineProgress, PurchaseOrder, RecordKind, Supplier
from matching.references import PartyClues

OPEN_ORDERS = 200
"""How many open orders of a supplier are looked at where only the content tells which one is meant."""

NAMES_TO_COMPARE = 50
"""How many records of a similar name are worth comparing."""

TABLES = {
    RecordKind.SUPPLIERS: "suppliers",
    RecordKind.CUSTOMERS: "customers",
    RecordKind.PURCHASE_ORDERS: "orders",
    RecordKind.GOODS_RECEIPTS: "receipts",
}

WAITING = (State.NEEDS_REVIEW, State.ON_HOLD)


class RecordStore:
    """Questions and changes about reference records; changes belong inside a `transaction`."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.order_store = OrderStore(db)

    # ------------------------------------------------------------ reading

    def supplier(self, supplier_id: str) -> Supplier | None:
        """The supplier of this id."""
        text = self._text("SELECT content FROM suppliers WHERE supplier_id = ?", [supplier_id])
        return from_json(text, Supplier) if text else None

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

    def receipts(self, po_number: str) -> tuple[GoodsReceipt, ...]:
        """Every receipt for an order, oldest first."""
        rows = self.db.query(
            "SELECT * FROM receipts WHERE po_number = ? ORDER BY receipt_date, line_number", [po_number]
        )
        return tuple(
            GoodsReceipt(
                po_number=row["po_number"],
                line_number=row["line_number"],
                quantity=Decimal(row["quantity"]),
                receipt_date=date.fromisoformat(row["receipt_date"]) if row["receipt_date"] else None,
                delivery_note=row["delivery_note"] or None,
            )
            for row in rows
        )

    def counts(self) -> dict[str, int]:
        """How many records there are of each kind, by the import's names; orders, not their lines."""
        return {
            kind.value: int(self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for kind, table in TABLES.items()
        }

    def has(self, kind: RecordKind) -> bool:
        """Whether there is any record of a kind."""
        return self.db.execute(f"SELECT 1 FROM {TABLES[kind]} LIMIT 1").fetchone() is not None

    def suppliers(self, limit: int = 200, text: str = "") -> tuple[Supplier, ...]:
        """Suppliers by name, those that `text` is part of."""
        rows = self._page("suppliers", ("supplier_id", "name"), "name", limit, text)
        return tuple(from_json(row, Supplier) for row in rows)

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
        found = (self.supplier(party_id) for party_id in self._candidates("supplier", clues))
        return tuple(supplier for supplier in found if supplier)

    def customer_candidates(self, clues: PartyClues) -> tuple[Customer, ...]:
        """Customers that share an identifier with the document, and those of a similar name."""
        found = (self.customer(party_id) for party_id in self._candidates("customer", clues))
        return tuple(customer for customer in found if customer)

    # ------------------------------------------------------------ changing

    def put(self, records: Sequence[Supplier | Customer | PurchaseOrder | GoodsReceipt]) -> tuple[int, int, int]:
        """Add or update records; answers how many were added, updated, unchanged."""
        answers = [self._put(record) for record in records]
        return answers.count("added"), answers.count("updated"), answers.count("unchanged")

    def _put(self, record: Supplier | Customer | PurchaseOrder | GoodsReceipt) -> str:
        known: Supplier | Customer | None
        match record:
            case Supplier():
                known = self.supplier(record.supplier_id)
                if known != record:
                    self._put_party("supplier", record.supplier_id, record)
            case Customer():
                known = self.customer(record.customer_id)
                if known != record:
                    self._put_party("customer", record.customer_id, record)
            case PurchaseOrder():
                return self._put_order(record)
            case GoodsReceipt():
                return self._put_receipt(record)
        return "added" if known is None else "unchanged" if known == record else "updated"

    def _put_party(self, party: str, party_id: str, record: Supplier | Customer) -> None:
        self.db.execute(
            f"INSERT INTO {party}s ({party}_id, name, content) VALUES (?, ?, ?) "
            f"ON CONFLICT ({party}_id) DO UPDATE SET name = excluded.name, content = excluded.content",
            [party_id, record.name, to_json(record)],
        )
        self.db.execute("DELETE FROM party_keys WHERE party = ? AND id = ?", [party, party_id])
        self.db.conn.executemany(
            "INSERT OR IGNORE INTO party_keys (party, kind, key, id) VALUES (?, ?, ?, ?)",
            [(party, kind, key, party_id) for kind, key in party_keys(record)],
        )
        for row in list(self.db.query(f"SELECT row FROM {party}_name_rows WHERE id = ?", [party_id])):
            self.db.execute(f"DELETE FROM {party}_names WHERE rowid = ?", [row["row"]])
            self.db.execute(f"DELETE FROM {party}_name_rows WHERE row = ?", [row["row"]])
        for name in name_keys(record):
            cursor = self.db.execute(f"INSERT INTO {party}_names (name, id) VALUES (?, ?)", [name, party_id])
            self.db.execute(f"INSERT INTO {party}_name_rows (row, id) VALUES (?, ?)", [cursor.lastrowid, party_id])

    def _put_order(self, order: PurchaseOrder) -> str:
        known = self.order(order.po_number)
        if known is not None:
            order = replace(order, lines=_merged(known.lines, order.lines))
        if known == order:
            return "unchanged"
        columns = {
            "po_number": order.po_number,
            "folded": normalise.folded(order.po_number),
            "supplier_id": order.supplier_id,
            "customer_id": order.customer_id,
            "status": order.status.value,
            "order_date": order.order_date.isoformat() if order.order_date else None,
            "content": to_json(order),
        }
        self.db.table("orders").upsert(columns, pk="po_number")
        gone = order_keys(known) - order_keys(order) if known else frozenset()
        number = order.po_number
        self.db.conn.executemany(
            "DELETE FROM order_keys WHERE key = ? AND po_number = ?", [(key, number) for key in gone]
        )
        self.db.conn.executemany(
            "INSERT OR IGNORE INTO order_keys VALUES (?, ?)", [(key, number) for key in order_keys(order)]
        )
        return "added" if known is None else "updated"

    def _put_receipt(self, receipt: GoodsReceipt) -> str:
        key = [
            receipt.po_number,
            receipt.line_number,
            receipt.delivery_note or "",
            receipt.receipt_date.isoformat() if receipt.receipt_date else "",
        ]
        known = self._text(
            "SELECT quantity FROM receipts "
            "WHERE po_number = ? AND line_number = ? AND delivery_note = ? AND receipt_date = ?",
            key,
        )
        if known is not None and Decimal(known) == receipt.quantity:
            return "unchanged"
        self.db.execute("INSERT OR REPLACE INTO receipts VALUES (?, ?, ?, ?, ?)", [*key, format(receipt.quantity, "f")])
        return "added" if known is None else "updated"

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

    def _candidates(self, party: str, clues: PartyClues) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for kind, key in party_keys(clues):
            rows = self.db.query(
                "SELECT id FROM party_keys WHERE party = ? AND kind = ? AND key = ? LIMIT ?",
                [party, kind, key, NAMES_TO_COMPARE],
            )
            found.update((row["id"], None) for row in rows)
        for name in name_keys(clues):
            found.update((party_id, None) for party_id in self._names_alike(party, name))
        return tuple(found)

    def _names_alike(self, party: str, name: str) -> list[str]:
        """Records that share the rarest trigrams of a name, best first."""
        grams = normalise.trigrams(name)
        marks = ", ".join("?" * len(grams))
        known = self.db.query(f"SELECT term FROM {party}_grams WHERE term IN ({marks}) ORDER BY doc", list(grams))
        rare = [row["term"] for row in known][:RARE_GRAMS]
        if not rare:
            return []
        query = " OR ".join('"' + gram.replace('"', '""') + '"' for gram in rare)
        rows = self.db.query(
            f"SELECT id FROM {party}_names WHERE {party}_names MATCH ? ORDER BY rank LIMIT ?", [query, NAMES_TO_COMPARE]
        )
        return [row["id"] for row in rows]

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


def _merged(known: tuple[OrderLine, ...], new: tuple[OrderLine, ...]) -> tuple[OrderLine, ...]:
    """The known lines with the new ones in their place; lines that a file leaves out are kept."""
    lines = {line.line_number: line for line in known}
    lines.update((line.line_number, line) for line in new)
    return tuple(lines.values())
