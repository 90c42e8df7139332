"""What a back-test asks of the database, and the copy of it that it works on."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlite_utils import Database

from ingest.document import State
from ingest.store import IN_ORDER, DocumentStore


@dataclass(frozen=True, slots=True)
class PastDocument:
    """A document that was decided once."""

    id: int
    received_on: date
    state: State
    """Where it stands today."""
    by_person: bool
    """Whether people decided something about it."""


@contextmanager
def copied(db: Database) -> Iterator[Database]:
    """A throw-away copy of the database: others go on with theirs, and nothing of the copy stays."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "copy.sqlite")
        try:
            db.conn.backup(connection)
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA journal_mode=MEMORY")
            yield Database(connection)
        finally:
            connection.close()


class ReplayStore:
    """Decided documents, and how to undo that they were; only ever on a copy."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def decided(self, since: date | None) -> tuple[PastDocument, ...]:
        """Documents that were decided and are read, in order of receipt, from a day of receipt on."""
        rows = self.db.query(
            "SELECT d.id, d.state, m.received_on, "
            "EXISTS (SELECT 1 FROM review_decisions r WHERE r.document_id = d.id) AS by_person "
            "FROM documents d JOIN matches m ON m.document_id = d.id JOIN readings g ON g.document_id = d.id "
            f"WHERE m.received_on >= ? AND d.state IN (?, ?, ?, ?, ?) ORDER BY {IN_ORDER.format('d.')}",
            [since.isoformat() if since else "", *(state.value for state in DECIDED)],
        )
        return tuple(
            PastDocument(row["id"], date.fromisoformat(row["received_on"]), State(row["state"]), bool(row["by_person"]))
            for row in rows
        )

    def take_back(self, documents: tuple[PastDocument, ...]) -> None:
        """Make it as it was before any of them was decided."""
        ids = [(document.id,) for document in documents]
        self.db.conn.executemany("DELETE FROM billed_lines WHERE document_id = ?", ids)
        self.db.conn.executemany("DELETE FROM ledger WHERE document_id = ?", ids)
        self.db.conn.executemany(f"UPDATE documents SET state = '{State.READ.value}' WHERE id = ?", ids)

    def settle(self, document_id: int, state: State) -> None:
        """Let a document stand in this state for those that follow."""
        self.db.execute("UPDATE documents SET state = ? WHERE id = ?", [state.value, document_id])

    def label(self, document_id: int) -> tuple[str, str]:
        """A document's number and file name as people see them."""
        document = DocumentStore(self.db).get(document_id)
        return document.label, document.name


DECIDED = (State.APPROVED, State.NEEDS_REVIEW, State.DUPLICATE, State.REJECTED, State.ON_HOLD)
