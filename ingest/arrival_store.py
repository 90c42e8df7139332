"""What came in through which door on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from ingest.document import Door, State


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What one door brought on one day."""

    day: date
    door: Door
    files: int
    known: int
    """Of these, files that had come before."""
    unread: int
    """Of these, files that could not be read."""


class ArrivalStore:
    """Questions about deliveries, over many of them."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def arrivals(self, since: datetime) -> tuple[Arrivals, ...]:
        """What each door brought on each day, the latest day first."""
        rows = self.db.query(
            "SELECT substr(v.received_at, 1, 10) AS day, v.door, count(DISTINCT v.id) AS files, "
            "count(DISTINCT CASE WHEN v.seen_before = 1 THEN v.id END) AS known, "
            "count(DISTINCT CASE WHEN d.state = ? THEN d.id END) AS unread "
            "FROM deliveries v JOIN documents d ON d.id = v.document_id "
            "WHERE v.received_at >= ? GROUP BY day, v.door ORDER BY day DESC, v.door",
            [State.FAILED.value, since.isoformat()],
        )
        return tuple(
            Arrivals(date.fromisoformat(row["day"]), Door(row["door"]), row["files"], row["known"], row["unread"])
            for row in rows
        )
