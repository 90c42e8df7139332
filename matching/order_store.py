"""Orders in the database, and the questions that find them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlite_utils import Database

from ingest.serialise import from_json, to_json
from matching import normalise, order_index
from matching.records import PurchaseOrder

NEAR = 100
"""How many orders of a near number are worth looking at."""
COMMON = 5_000
"""Orders that share an article or a price from which on that key alone tells nothing."""


class OrderStore:
    """Finds orders by number and by content, by indexed probes only."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def order(self, po_number: str) -> PurchaseOrder | None:
        """The order of exactly this number."""
        row = self.db.execute("SELECT content FROM orders WHERE po_number = ?", [po_number]).fetchone()
        return from_json(row[0], PurchaseOrder) if row else None

    def alike(self, po_number: str) -> tuple[PurchaseOrder, ...]:
        """Orders whose number is equal once look-alikes are folded."""
        key = normalise.folded(po_number)
        return self._orders("folded = ? ORDER BY po_number LIMIT 20", [key]) if key else ()

    def near(self, number: str, supplier_id: str | None, limit: int = NEAR) -> tuple[PurchaseOrder, ...]:
        """Orders whose number may be meant: folded equal, one edit away, or one inside the other; best first.

        Only the supplier's where one is given. Without one the numbers of a dense range are all near each other.
        """
        key = normalise.folded(number)[: order_index.LONGEST_NUMBER]
        if len(key) < 3:
            return ()
        found: dict[str, None] = {}
        for keys in ((key,), order_index.parts(key), order_index.one_edit(key)):
            found.update(dict.fromkeys(self._folded(keys, supplier_id, limit)))
        found.update(dict.fromkeys(self._ended(number, supplier_id, limit)))
        if len(key) >= order_index.SHORTEST_PART:
            found.update(dict.fromkeys(self._begun(key, supplier_id, limit)))
        orders = (order for po_number in list(found) if (order := self.order(po_number)))
        return tuple(order for order in orders if supplier_id is None or order.supplier_id == supplier_id)[:limit]

    def take_lines_away(self, order: PurchaseOrder, numbers: Collection[str]) -> PurchaseOrder:
        """The order without some of its lines, inside a `transaction`; what waits is checked again."""
        kept = replace(order, lines=tuple(line for line in order.lines if line.line_number not in numbers))
        self.db.execute("UPDATE order_rows SET content = ? WHERE po_number = ?", [to_json(kept), order.po_number])
        keys = order_index.order_keys(kept)
        self.db.conn.executemany(
            "DELETE FROM order_keys WHERE key = ? AND po_number = ?",
            [(key, order.po_number) for key in order_index.order_keys(order) - keys],
        )
        self.db.conn.executemany(
            "INSERT OR IGNORE INTO order_keys VALUES (?, ?)", [(key, order.po_number) for key in keys]
        )
        self.db.execute("UPDATE record_generation SET number = number + 1")
        return kept

    def in_use(self, po_number: str, numbers: Collection[str]) -> tuple[str, ...]:
        """Which of these lines have goods receipts, or were ever billed on."""
        rows = self.db.execute(
            "SELECT line_number FROM receipts WHERE po_number = ?1 "
            "UNION SELECT order_line FROM billed_lines WHERE po_number = ?1",
            [po_number],
        )
        return tuple(sorted({row[0] for row in rows} & set(numbers)))

    def open_orders(self, supplier_id: str, limit: int) -> tuple[PurchaseOrder, ...]:
        """The supplier's orders that are not closed, latest first."""
        return self._orders(
            "supplier_id = ? AND status = 'open' ORDER BY order_date DESC LIMIT ?", [supplier_id, limit]
        )

    def open_with(
        self, supplier_id: str, articles: Collection[str], amounts: Collection[Decimal], limit: int
    ) -> tuple[PurchaseOrder, ...]:
        """The supplier's open orders that carry some of these articles, prices or this total, most of them first."""
        hits: dict[str, float] = {}
        for key in order_index.content_keys(supplier_id, articles, amounts):
            rows = self.db.execute("SELECT po_number FROM order_keys WHERE key = ? LIMIT ?", [key, COMMON]).fetchall()
            for (po_number,) in rows:
                # of two orders that share equally many keys, the one that shares the rarer ones
                hits[po_number] = hits.get(po_number, 0.0) + 1 + 1 / len(rows)
        best = sorted(hits, key=lambda po_number: (-hits[po_number], po_number))[: 2 * limit]
        orders = (order for po_number in best if (order := self.order(po_number)))
        # a key may be stale: what an order carries is told by the order alone
        ours = (order for order in orders if order.supplier_id == supplier_id and order.status == "open")
        return tuple(ours)[:limit]

    def _folded(self, keys: Collection[str], supplier_id: str | None, limit: int) -> list[str]:
        ours = "AND o.supplier_id = ?" if supplier_id is not None else ""
        # CROSS JOIN: the keys are the outer loop, each one probe of the index
        rows = self.db.execute(
            "SELECT o.po_number FROM json_each(?) k CROSS JOIN orders o "
            f"WHERE o.folded = k.value {ours} ORDER BY k.key LIMIT ?",
            [json.dumps(list(keys)), *([] if supplier_id is None else [supplier_id]), limit],
        )
        return [row[0] for row in rows.fetchall()]

    def _ended(self, number: str, supplier_id: str | None, limit: int) -> list[str]:
        """Orders whose number, or a part of it, ends with the same digits."""
        ours = "AND o.supplier_id = ?" if supplier_id is not None else ""
        rows = self.db.execute(
            "SELECT o.po_number FROM json_each(?) k CROSS JOIN order_keys n ON n.key = k.value "
            f"CROSS JOIN orders o ON o.po_number = n.po_number {ours} LIMIT ?",
            [
                json.dumps(sorted(order_index.number_keys(number))),
                *([] if supplier_id is None else [supplier_id]),
                limit,
            ],
        )
        return [row[0] for row in rows.fetchall()]

    def _begun(self, key: str, supplier_id: str | None, limit: int) -> list[str]:
        """Orders whose folded number begins with `key`, at most a few characters longer."""
        ours = "AND supplier_id = ?" if supplier_id is not None else ""
        rows = self.db.execute(
            f"SELECT po_number FROM orders WHERE folded > ? AND folded < ? {ours} LIMIT ?",
            [key, key + "\x7f", *([] if supplier_id is None else [supplier_id]), limit],
        )
        return [row[0] for row in rows.fetchall()]

    def _orders(self, where: str, values: Sequence[str | int]) -> tuple[PurchaseOrder, ...]:
        rows = self.db.execute(f"SELECT content FROM orders WHERE {where}", values).fetchall()
        return tuple(from_json(row[0], PurchaseOrder) for row in rows)
