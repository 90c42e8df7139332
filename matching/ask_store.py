"""What waiting documents ask, by cause: a small row a question, written with the match it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlite_utils import Database

from ingest.document import State
from ingest.store import IN_ORDER
from matching.asking import asks, cause
from matching.results import Discrepancy


@dataclass(frozen=True, slots=True)
class WaitingAsk:
    """One question of a document that waits for a person."""

    document_id: int
    cause: str
    currency: str
    money: Decimal | None
    alone: bool
    """The document asks nothing else."""


class AskStore:
    """Questions about what is asked; changes belong inside a `transaction`."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def save(self, document_id: int, discrepancies: Sequence[Discrepancy], sender: str, currency: str) -> None:
        """Keep what a document asks, in place of what it asked before."""
        self.db.execute("DELETE FROM match_asks WHERE document_id = ?", [document_id])
        rows = [
            (document_id, place, cause(ask, sender, currency), str(ask.money) if ask.money is not None else None)
            for place, ask in enumerate(asks(discrepancies))
        ]
        self.db.conn.executemany("INSERT INTO match_asks (document_id, place, cause, money) VALUES (?, ?, ?, ?)", rows)

    def waiting(self, cause: str = "") -> tuple[WaitingAsk, ...]:
        """Every question that waits, or those of one cause, the longest waiting first."""
        rows = self.db.execute(
            "SELECT a.document_id, a.cause, m.currency, a.money, "
            "NOT EXISTS (SELECT 1 FROM match_asks o WHERE o.document_id = a.document_id AND o.place <> a.place) "
            # few wait and many are decided: CROSS JOIN keeps SQLite from reading what all asked
            "FROM documents d CROSS JOIN match_asks a ON a.document_id = d.id "
            "CROSS JOIN matches m ON m.document_id = d.id "
            f"WHERE d.state = ? AND (? = '' OR a.cause = ?) ORDER BY {IN_ORDER.format('d.')}, a.place",
            [State.NEEDS_REVIEW.value, cause, cause],
        )
        return tuple(
            WaitingAsk(number, key, currency or "", Decimal(money) if money is not None else None, bool(alone))
            for number, key, currency, money, alone in rows
        )
