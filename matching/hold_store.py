"""What held documents wait for: a day, or goods of their orders; without either, a person opens them again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from ingest.document import State
from ingest.serialise import from_json, to_json
from matching.record_store import RecordStore


@dataclass(frozen=True, slots=True)
class HoldUntil:
    """When a held document comes back by itself; both: whatever comes first."""

    document_id: int
    until: date | None = None
    orders: tuple[str, ...] = ()
    """It comes back when goods receipts of these orders come in or change; empty: it does not wait for any."""


class HoldStore:
    """Questions and changes about what held documents wait for; changes belong inside a `transaction`."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def set(self, wanted: HoldUntil) -> None:
        """Keep what a document waits for, in place of what an earlier hold waited for."""
        self.db.execute("DELETE FROM holds WHERE document_id = ?", [wanted.document_id])
        if wanted.until is None and not wanted.orders:
            return
        self.db.table("holds").insert(
            {
                "document_id": wanted.document_id,
                "until": wanted.until.isoformat() if wanted.until else None,
                "orders": to_json(wanted.orders),
                "receipts": self._receipts(wanted.orders),
            }
        )

    def of(self, document_id: int) -> HoldUntil | None:
        """What a document that is on hold waits for; None: a person opens it again."""
        return next((one for one, _ in self._held("d.id = ?", [document_id])), None)

    def due(self, today: date) -> tuple[int, ...]:
        """Held documents whose day has come, earliest day first."""
        rows = self._held("h.until <= ?", [today.isoformat()])
        return tuple(one.document_id for one, _ in rows)

    def with_new_receipts(self) -> tuple[int, ...]:
        """Held documents of whose orders goods receipts have come in or changed since."""
        rows = self._held("h.orders <> '[]'", [])
        return tuple(one.document_id for one, then in rows if self._receipts(one.orders) != then)

    def _held(self, where: str, values: Sequence[object]) -> list[tuple[HoldUntil, str]]:
        rows = self.db.query(
            "SELECT h.* FROM holds h JOIN documents d ON d.id = h.document_id "
            f"WHERE d.state = ? AND {where} ORDER BY h.until, h.document_id",
            [State.ON_HOLD.value, *values],
        )
        return [
            (
                HoldUntil(
                    row["document_id"],
                    date.fromisoformat(row["until"]) if row["until"] else None,
                    from_json(row["orders"], tuple[str, ...]),
                ),
                row["receipts"],
            )
            for row in list(rows)
        ]

    def _receipts(self, orders: Sequence[str]) -> str:
        """A stamp of all goods receipts of these orders."""
        records = RecordStore(self.db)
        found = [to_json(receipt) for order in orders for receipt in records.receipts(order)]
        return hashlib.sha256("\n".join(found).encode()).hexdigest()
