"""An import beside the records: staged and compared in temporary tables, swapped in by one short transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from types import TracebackType
from typing import Any

from sqlite_utils import Database

from ingest.database import transaction
from ingest.errors import CoordinatorError
from ingest.serialise import from_json, to_json
from matching import normalise
from matching.blocking import record_keys
from matching.name_store import NameStaging
from matching.order_index import order_keys
from matching.records import Customer, GoodsReceipt, OrderLine, PurchaseOrder, RecordKind, Supplier

BATCH = 5_000
"""Rows that are written at once: what others wait for at most before the swap."""
DEAD_AFTER = 120
"""Seconds without a sign of life from which an import that put rows ahead is taken for dead."""
CACHE_KIB = 64 * 1024

STAGED = {
    "staged_parties": "(id TEXT PRIMARY KEY, name TEXT, content TEXT)",
    "staged_party_keys": "(kind TEXT, key TEXT, id TEXT)",
    "staged_orders": "(po_number TEXT PRIMARY KEY, folded TEXT, supplier_id TEXT, customer_id TEXT, status TEXT, "
    "order_date TEXT, content TEXT, known INTEGER)",
    "staged_keys": "(key INTEGER, po_number TEXT)",
    "sorted_keys": "(key INTEGER, po_number TEXT)",
    "staged_gone_keys": "(key INTEGER, po_number TEXT)",
    "staged_receipts": "(po_number TEXT, line_number TEXT, delivery_note TEXT, receipt_date TEXT, quantity TEXT)",
}


class RecordsBusy(CoordinatorError):
    """Other imports are at work on the records."""

    code = "records_busy"
    retryable = True


class StagingStore:
    """One import: `add` every record, `prepare`, then `swap_in` inside a transaction if no record changed meanwhile."""

    def __init__(self, db: Database, kind: RecordKind) -> None:
        self.db = db
        self.kind = kind
        self.party = "supplier" if kind is RecordKind.SUPPLIERS else "customer"
        self.added = self.updated = self.unchanged = 0
        self.rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in STAGED}
        self.names = NameStaging(db, self.party)
        self.generation = self._generation()
        self.pending: int | None = None
        self.parties: dict[tuple[str, str], bool] = {}
        self.lines: dict[str, frozenset[str] | None] = {}

    def __enter__(self) -> StagingStore:
        (self.cache,) = self.db.execute("PRAGMA cache_size").fetchone()
        for schema in ("main", "temp"):
            self.db.execute(f"PRAGMA {schema}.cache_size = -{CACHE_KIB}")
        # what is staged need not outlive a crash
        self.db.execute("PRAGMA temp.journal_mode = MEMORY")
        self._drop()
        for table, columns in STAGED.items():
            self.db.execute(f"CREATE TEMP TABLE {table} {columns}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._drop()
        if self.pending is not None:
            with transaction(self.db):
                sweep(self.db, self.pending)
        for schema in ("main", "temp"):
            self.db.execute(f"PRAGMA {schema}.cache_size = {self.cache}")

    # ------------------------------------------------------------ before the swap

    def orphaned(self, item: Supplier | Customer | PurchaseOrder | GoodsReceipt) -> Iterator[tuple[str, str]]:
        """What a record refers to and is not there: column and cause."""
        match item:
            case PurchaseOrder():
                if not self._has_party("supplier", item.supplier_id):
                    why = (
                        f"order {item.po_number}: there is no supplier {item.supplier_id!r}; import the suppliers first"
                    )
                    yield "supplier_id", why
                if item.customer_id is not None and not self._has_party("customer", item.customer_id):
                    why = (
                        f"order {item.po_number}: there is no customer {item.customer_id!r}; import the customers first"
                    )
                    yield "customer_id", why
            case GoodsReceipt():
                lines = self._order_lines(item.po_number)
                if lines is None:
                    yield "po_number", f"there is no order {item.po_number!r}; import the purchase orders first"
                elif item.line_number not in lines:
                    yield "line_number", f"order {item.po_number} has no line {item.line_number!r}"

    def add(self, item: Supplier | Customer | PurchaseOrder | GoodsReceipt) -> None:
        """Stage a record, where it is new or differs from the one that is there."""
        match item:
            case Supplier():
                self._add_party(item.supplier_id, item)
            case Customer():
                self._add_party(item.customer_id, item)
            case PurchaseOrder():
                self._add_order(item)
            case GoodsReceipt():
                self._add_receipt(item)

    def prepare(self) -> None:
        """What can be done before the records are locked: keys of orders that are not there yet mislead nobody."""
        for table in STAGED:
            self._write(table)
        self.names.prepare()
        if self.kind is RecordKind.PURCHASE_ORDERS and self.added > BATCH and not self.db.conn.in_transaction:
            self._put_ahead()

    def records_changed(self) -> bool:
        """Whether another import came between, or took this one for dead; ask inside the transaction of the swap."""
        if self.pending is not None:
            alive = self.db.execute("SELECT 1 FROM pending_imports WHERE batch = ?", [self.pending]).fetchone()
            return alive is None or self._generation() != self.generation
        return self._generation() != self.generation

    def counts(self) -> tuple[int, int, int]:
        """How many records were added, updated, left as they were."""
        return self.added, self.updated, self.unchanged

    # ------------------------------------------------------------ the swap

    def swap_in(self) -> None:
        """All of it into the records, inside the caller's transaction."""
        if not self.added and not self.updated:
            return
        if self.kind in (RecordKind.SUPPLIERS, RecordKind.CUSTOMERS):
            self._swap_parties()
        elif self.kind is RecordKind.PURCHASE_ORDERS:
            self._swap_orders()
        else:
            self.db.execute("INSERT OR REPLACE INTO receipts SELECT * FROM staged_receipts")
        self.db.execute("UPDATE record_generation SET number = number + 1")

    def _swap_parties(self) -> None:
        party = self.party
        self.db.execute(
            f"INSERT INTO {party}s ({party}_id, name, content) SELECT id, name, content FROM staged_parties WHERE true "
            f"ON CONFLICT ({party}_id) DO UPDATE SET name = excluded.name, content = excluded.content"
        )
        self.db.execute("DELETE FROM party_keys WHERE party = ? AND id IN (SELECT id FROM staged_parties)", [party])
        self.db.execute(
            "INSERT OR IGNORE INTO party_keys (party, kind, key, id) "
            "SELECT ?, kind, key, id FROM staged_party_keys ORDER BY kind, key, id",
            [party],
        )
        self.names.swap_in()

    def _swap_orders(self) -> None:
        self._write_orders("WHERE ?1 IS NULL OR known", [self.pending])
        self.db.execute(
            "DELETE FROM order_keys WHERE (key, po_number) IN (SELECT key, po_number FROM staged_gone_keys)"
        )
        if self.pending is None:
            self.db.execute("INSERT OR IGNORE INTO order_keys SELECT key, po_number FROM staged_keys")
        else:
            # now everybody sees the rows that were put ahead
            self.db.execute("DELETE FROM pending_imports WHERE batch = ?", [self.pending])

    def _write_orders(self, where: str, values: Sequence[int | None], batch: int = 0) -> None:
        columns = ("folded", "supplier_id", "customer_id", "status", "order_date", "content")
        self.db.execute(
            f"INSERT INTO order_rows (po_number, {', '.join(columns)}, batch) "
            f"SELECT po_number, {', '.join(columns)}, {batch} FROM staged_orders {where} "
            f"ON CONFLICT (po_number) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in columns)}, "
            "batch = excluded.batch",
            values,
        )

    # ------------------------------------------------------------ inside

    def _put_ahead(self) -> None:
        """New orders and all keys, by short transactions: rows of a pending import are not seen, keys mislead nobody.

        A cursor that stays open would hold on to an old state of the records, so rows are numbered and read by number.
        """
        with transaction(self.db):
            sweep(self.db)
            if self.db.execute("SELECT 1 FROM pending_imports").fetchone():
                raise RecordsBusy(
                    "Another large import is running, or was broken off a moment ago. Nothing was imported; "
                    "import the file after it, or in {value} minutes.",
                    value=DEAD_AFTER // 60,
                )
            self.pending = self.db.execute("INSERT INTO pending_imports (touched) VALUES (unixepoch())").lastrowid
        with _committed(self.db):
            self.db.execute("INSERT INTO sorted_keys SELECT key, po_number FROM staged_keys ORDER BY key, po_number")
        for table, write in (("staged_orders", self._put_orders), ("sorted_keys", self._put_keys)):
            (last,) = self.db.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()
            for first in range(1, last + 1, BATCH):
                with transaction(self.db):
                    write(first)
                    self.db.execute("UPDATE pending_imports SET touched = unixepoch() WHERE batch = ?", [self.pending])

    def _put_orders(self, first: int) -> None:
        # an order that another import brought meanwhile is not touched: the swap will see that, and start anew
        where = "WHERE rowid BETWEEN ? AND ? AND NOT known AND po_number NOT IN (SELECT po_number FROM order_rows)"
        self._write_orders(where, [first, first + BATCH - 1], self.pending or 0)

    def _put_keys(self, first: int) -> None:
        self.db.execute(
            "INSERT OR IGNORE INTO order_keys SELECT key, po_number FROM sorted_keys WHERE rowid BETWEEN ? AND ?",
            [first, first + BATCH - 1],
        )

    def _add_party(self, party_id: str, item: Supplier | Customer) -> None:
        known = self._text(f"SELECT content FROM {self.party}s WHERE {self.party}_id = ?", [party_id])
        content = to_json(item)
        if known is not None and (known == content or from_json(known, type(item)) == item):
            self.unchanged += 1
            return
        self._stage("staged_parties", (party_id, item.name, content))
        for kind, key in record_keys(item):
            self._stage("staged_party_keys", (kind, key, party_id))
        self.names.add(party_id, item)
        self._count(known)

    def _add_order(self, order: PurchaseOrder) -> None:
        text = self._text("SELECT content FROM orders WHERE po_number = ?", [order.po_number])
        content = to_json(order)
        gone: frozenset[int] = frozenset()
        if text is not None and text != content:
            known = from_json(text, PurchaseOrder)
            order = replace(order, lines=_merged(known.lines, order.lines))
            gone, content = order_keys(known), text if order == known else to_json(order)
        if text == content:
            self.unchanged += 1
            return
        keys = order_keys(order)
        row = (
            order.po_number,
            normalise.folded(order.po_number),
            order.supplier_id,
            order.customer_id,
            order.status.value,
            order.order_date.isoformat() if order.order_date else None,
            content,
            int(text is not None),
        )
        self._stage("staged_orders", row)
        for key in keys:
            self._stage("staged_keys", (key, order.po_number))
        for key in gone - keys:
            self._stage("staged_gone_keys", (key, order.po_number))
        self._count(text)

    def _add_receipt(self, receipt: GoodsReceipt) -> None:
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
            self.unchanged += 1
            return
        self._stage("staged_receipts", (*key, format(receipt.quantity, "f")))
        self._count(known)

    def _count(self, known: str | None) -> None:
        self.added += known is None
        self.updated += known is not None

    def _stage(self, table: str, row: tuple[Any, ...]) -> None:
        rows = self.rows[table]
        rows.append(row)
        if len(rows) >= BATCH:
            self._write(table)

    def _write(self, table: str) -> None:
        rows, self.rows[table] = self.rows[table], []
        if not rows:
            return
        with _committed(self.db):
            marks = ", ".join("?" * len(rows[0]))
            self.db.conn.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def _has_party(self, party: str, party_id: str) -> bool:
        known = self.parties.get((party, party_id))
        if known is None:
            row = self.db.execute(f"SELECT 1 FROM {party}s WHERE {party}_id = ?", [party_id]).fetchone()
            known = self.parties[party, party_id] = row is not None
        return known

    def _order_lines(self, po_number: str) -> frozenset[str] | None:
        """The lines of an order; receipts of one order mostly stand together, so only some are remembered."""
        if po_number not in self.lines:
            text = self._text("SELECT content FROM orders WHERE po_number = ?", [po_number])
            if len(self.lines) >= BATCH:
                self.lines.clear()
            numbers = (line["line_number"] for line in json.loads(text).get("lines", ())) if text else None
            self.lines[po_number] = None if numbers is None else frozenset(numbers)
        return self.lines[po_number]

    def _generation(self) -> int:
        return int(self.db.execute("SELECT number FROM record_generation").fetchone()[0])

    def _text(self, sql: str, values: Sequence[str]) -> str | None:
        row = self.db.conn.execute(sql, values).fetchone()
        return str(row[0]) if row else None

    def _drop(self) -> None:
        for table in STAGED:
            self.db.execute(f"DROP TABLE IF EXISTS temp.{table}")


def sweep(db: Database, batch: int | None = None) -> None:
    """Take away what an import put ahead and never swapped in: this one's, or those that are long dead."""
    dead = db.execute(
        "SELECT batch FROM pending_imports WHERE batch = ? OR (? IS NULL AND touched < unixepoch() - ?)",
        [batch, batch, DEAD_AFTER],
    ).fetchall()
    for each in dead:
        db.execute("DELETE FROM order_rows WHERE batch = ?", each)
        db.execute("DELETE FROM pending_imports WHERE batch = ?", each)


@contextmanager
def _committed(db: Database) -> Iterator[None]:
    """Writes to temporary tables: committed at once, unless a transaction of the caller's is open."""
    nested = db.conn.in_transaction
    yield
    if not nested:
        db.conn.commit()


def _merged(known: tuple[OrderLine, ...], new: tuple[OrderLine, ...]) -> tuple[OrderLine, ...]:
    """The known lines with the new ones in their place; lines that a file leaves out are kept."""
    lines = {line.line_number: line for line in known}
    lines.update((line.line_number, line) for line in new)
    return tuple(lines.values())
