"""Goods receipts in the database: looked up over all orders, changed one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from matching.records import GoodsReceipt

FIELDS = "po_number, line_number, delivery_note, receipt_date, quantity"
KEY = "po_number = ? AND line_number = ? AND delivery_note = ? AND receipt_date = ?"
"""What no two receipts have in common; a note or day that is not known is empty."""


class ReceiptStore:
    """Questions about receipts; changes belong inside a `transaction`."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def of_order(self, po_number: str) -> tuple[GoodsReceipt, ...]:
        """Every receipt for an order, oldest first."""
        return self._all("WHERE po_number = ? ORDER BY receipt_date, line_number", [po_number])

    def latest(self, limit: int, text: str = "") -> tuple[GoodsReceipt, ...]:
        """Receipts, the latest day first, those whose order or delivery note `text` is part of."""
        pattern = f"%{text.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        where = "WHERE po_number LIKE ? ESCAPE '!' OR delivery_note LIKE ? ESCAPE '!'" if text else ""
        order = "ORDER BY receipt_date DESC, po_number DESC, line_number LIMIT ?"
        return self._all(f"{where} {order}", [*([pattern, pattern] if text else []), limit])

    def one(self, po_number: str, line_number: str, note: str, day: str) -> GoodsReceipt | None:
        """The receipt of a line by its delivery note and day, both as the database has them."""
        return next(iter(self._all(f"WHERE {KEY}", [po_number, line_number, note, day])), None)

    def take_away(self, receipt: GoodsReceipt) -> None:
        """Remove a receipt; what waits is checked again."""
        self.db.execute(f"DELETE FROM receipts WHERE {KEY}", key_of(receipt))
        self.db.execute("UPDATE record_generation SET number = number + 1")

    def _all(self, rest: str, values: Sequence[str | int]) -> tuple[GoodsReceipt, ...]:
        return tuple(map(_receipt, self.db.query(f"SELECT {FIELDS} FROM receipts {rest}", values)))


def key_of(receipt: GoodsReceipt) -> tuple[str, str, str, str]:
    """Order, line, delivery note and day, as the database has them."""
    day = receipt.receipt_date.isoformat() if receipt.receipt_date else ""
    return receipt.po_number, receipt.line_number, receipt.delivery_note or "", day


def _receipt(row: dict[str, Any]) -> GoodsReceipt:
    return GoodsReceipt(
        po_number=row["po_number"],
        line_number=row["line_number"],
        quantity=Decimal(row["quantity"]),
        receipt_date=date.fromisoformat(row["receipt_date"]) if row["receipt_date"] else None,
        delivery_note=row["delivery_note"] or None,
    )
