"""First approvals of documents that two people approve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from ingest.document import State


@dataclass(frozen=True, slots=True)
class FirstApproval:
    """That one person has approved a document; it counts once another one does, too."""

    document_id: int
    actor: str
    at: datetime
    reason: str
    stamp: str
    """What the document said and what was found on it: what has changed since was not approved."""


class FirstApprovalStore:
    """Questions and changes about first approvals; changes belong inside a `transaction`."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def put(self, first: FirstApproval) -> None:
        """Keep a first approval, in place of an earlier one."""
        row = {"document_id": first.document_id, "actor": first.actor, "at": first.at.isoformat()}
        self.db.table("first_approvals").upsert({**row, "reason": first.reason, "stamp": first.stamp}, pk="document_id")

    def of(self, document_id: int) -> FirstApproval | None:
        """The first approval of a document that waits for the second."""
        rows = self.db.query("SELECT * FROM first_approvals WHERE document_id = ?", [document_id])
        return next(
            (
                FirstApproval(
                    row["document_id"], row["actor"], datetime.fromisoformat(row["at"]), row["reason"], row["stamp"]
                )
                for row in rows
            ),
            None,
        )

    def drop(self, document_id: int) -> None:
        """A first approval counts no more: the document is decided, or was put elsewhere."""
        self.db.execute("DELETE FROM first_approvals WHERE document_id = ?", [document_id])

    def waiting(self) -> tuple[int, ...]:
        """Documents that wait for a second person, longest waiting first."""
        rows = self.db.query(
            "SELECT f.document_id FROM first_approvals f JOIN documents d ON d.id = f.document_id "
            "WHERE d.state = ? ORDER BY f.at, f.document_id",
            [State.NEEDS_REVIEW.value],
        )
        return tuple(row["document_id"] for row in rows)
