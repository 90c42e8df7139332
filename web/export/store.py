"""Which documents went out when, in which file: a document is exported once unless asked again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from ingest.errors import Conflict

export_migrations = Migrations("export")


@export_migrations()
def create_exports(db: Database) -> None:
    """Exports and the documents in them."""
    db.table("exports").create(
        {"id": int, "at": str, "actor": str, "format": str, "name": str, "documents": int}, pk="id", strict=True
    )
    db.table("exported_documents").create(
        {"export_id": int, "document_id": int},
        pk=("export_id", "document_id"),
        foreign_keys=[("export_id", "exports", "id")],
        strict=True,
    )
    db.table("exported_documents").create_index(["document_id"])


@dataclass(frozen=True, slots=True)
class PastExport:
    """One file that was written."""

    at: datetime
    actor: str
    format: str
    name: str
    documents: int


class ExportStore:
    """The ledger of exports."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, export: PastExport, document_ids: Sequence[int]) -> None:
        """Write down what went out."""
        export_id = (
            self.db.table("exports")
            .insert(
                {
                    "at": export.at.isoformat(),
                    "actor": export.actor,
                    "format": export.format,
                    "name": export.name,
                    "documents": export.documents,
                }
            )
            .last_pk
        )
        self.db.table("exported_documents").insert_all(
            {"export_id": export_id, "document_id": document_id} for document_id in document_ids
        )

    def exported(self, document_ids: Sequence[int]) -> frozenset[int]:
        """Which of these went out before."""
        rows = self.db.query(
            "SELECT document_id FROM exported_documents WHERE document_id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(document_ids))],
        )
        return frozenset(row["document_id"] for row in rows)

    def demand_not_exported(self, document_id: int) -> None:
        """Raise Conflict for a document that accounting has got."""
        if self.exported([document_id]):
            raise Conflict("It went to accounting already. Have it reversed there, or ask for a credit note.")

    def latest(self, limit: int = 50) -> tuple[PastExport, ...]:
        """Past exports, newest first."""
        rows = self.db.query("SELECT * FROM exports ORDER BY id DESC LIMIT ?", [limit])
        return tuple(
            PastExport(datetime.fromisoformat(row["at"]), row["actor"], row["format"], row["name"], row["documents"])
            for row in rows
        )
