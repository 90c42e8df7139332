"""The trail of every step, written in the same transaction as what it records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from ingest.serialise import from_json, to_json

audit_migrations = Migrations("audit")

SERVICE = "service"
"""The actor of what no person did."""


@audit_migrations()
def create_audit(db: Database) -> None:
    """One row a step, never changed."""
    db.table("audit").create(
        {"id": int, "at": str, "actor": str, "action": str, "document_id": int, "details": str},
        pk="id",
        not_null={"at", "actor", "action", "details"},
        strict=True,
    )
    db.table("audit").create_index(["document_id", "id"])


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which document, when; details are plain strings for the page."""

    at: datetime
    actor: str
    action: str
    document_id: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)


def record(db: Database, action: str, *, actor: str = SERVICE, document_id: int | None = None, **details: str) -> None:
    """Add a step to the trail; call it inside the transaction of the step itself."""
    db.table("audit").insert(
        {
            "at": datetime.now(UTC).isoformat(),
            "actor": actor,
            "action": action,
            "document_id": document_id,
            "details": to_json(details),
        }
    )


def trail(db: Database, document_id: int) -> tuple[AuditEntry, ...]:
    """Every step of a document, oldest first."""
    rows = db.query("SELECT * FROM audit WHERE document_id = ? ORDER BY id", [document_id])
    return tuple(
        AuditEntry(
            at=datetime.fromisoformat(row["at"]),
            actor=row["actor"],
            action=row["action"],
            document_id=row["document_id"],
            details=from_json(row["details"], dict[str, str]),
        )
        for row in rows
    )
