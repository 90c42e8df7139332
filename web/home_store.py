"""The figures of the home page, each asked of indexes: what waits, what is due, what went through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlite_utils import Database

from ingest.document import State

WAITING = (State.NEEDS_REVIEW, State.ON_HOLD)
UNTOUCHED = (
    "d.state = 'approved' AND NOT EXISTS (SELECT 1 FROM review_decisions r WHERE r.document_id = d.id) "
    "AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.document_id = d.id)"
)


@dataclass(frozen=True, slots=True)
class Heap:
    """Some documents: how many, and the money on them by currency."""

    count: int
    money: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """What came in on a day (UTC), and how much of it was approved without a touch."""

    day: date
    came: int
    untouched: int


class HomeStore:
    """Questions about all documents at once."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def due(self, first: date | None, last: date) -> Heap:
        """What waits and is due from the first to the last day, both included; None: however long ago."""
        return self._heap("m.due_date", "m.amount", first, last)

    def discounts(self, first: date, last: date) -> Heap:
        """What waits and whose cash discount ends in these days; its money is the discount."""
        return self._heap("m.discount_until", "m.discount", first, last)

    def waiting_since(self, before: datetime) -> int:
        """How many documents to review came before a moment."""
        rows = self.db.query(
            "SELECT count(*) AS n FROM documents WHERE state = ? AND received_at < ?",
            [State.NEEDS_REVIEW.value, before.isoformat()],
        )
        return int(next(iter(rows))["n"])

    def days(self, last: date, count: int) -> tuple[Day, ...]:
        """The last days up to one, oldest first; days on which nothing came are there, too."""
        first = last - timedelta(days=count - 1)
        rows = self.db.query(
            f"SELECT substr(d.received_at, 1, 10) AS day, count(*) AS came, sum({UNTOUCHED}) AS untouched "
            "FROM documents d WHERE d.received_at >= ? AND d.received_at < ? GROUP BY day",
            [first.isoformat(), (last + timedelta(days=1)).isoformat()],
        )
        found = {row["day"]: Day(date.fromisoformat(row["day"]), row["came"], row["untouched"]) for row in rows}
        each = (first + timedelta(days=number) for number in range(count))
        return tuple(found.get(day.isoformat(), Day(day, 0, 0)) for day in each)

    def _heap(self, day: str, money: str, first: date | None, last: date) -> Heap:
        rows: Sequence[dict[str, str]] = list(
            self.db.query(
                # few wait and many were due once: CROSS JOIN has SQLite begin with what waits
                f"SELECT m.currency, {money} AS money FROM documents d CROSS JOIN matches m ON m.document_id = d.id "
                f"WHERE d.state IN (?, ?) AND {day} >= ? AND {day} <= ?",
                [*(state.value for state in WAITING), first.isoformat() if first else "", last.isoformat()],
            )
        )
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for row in rows:
            if row["money"] is not None:
                sums[row["currency"] or ""] += Decimal(row["money"])
        return Heap(len(rows), tuple(sorted(sums.items())))
