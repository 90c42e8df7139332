"""What may be removed because it is old, what must stay all the same (legal hold), and what was removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from ingest.audit import record
from ingest.database import transaction
from ingest.document import Door, State
from ingest.errors import Conflict
from ingest.store import DocumentStore

DECIDED = (State.APPROVED, State.REJECTED, State.DUPLICATE, State.JOINED)
"""States that nobody works on any more."""


@dataclass(frozen=True, slots=True)
class OldFile:
    """A received file all of whose documents were decided long ago."""

    document_id: int
    sha256: str
    name: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a file must stay, whatever its age."""

    document_id: int
    reason: str
    actor: str
    at: datetime


class RetentionStore:
    """Holds and removals; the trail, matches and the ledger of duplicates always stay."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def due(self, before: datetime) -> tuple[OldFile, ...]:
        """Files whose every document was decided before this moment and that nobody holds."""
        marks = ", ".join("?" * len(DECIDED))
        rows = self.db.query(
            "SELECT f.id, f.sha256, f.name, f.size FROM documents f WHERE f.parent_id IS NULL "
            "AND f.sha256 NOT IN (SELECT sha256 FROM removed_files) "
            "AND f.id NOT IN (SELECT document_id FROM legal_holds) AND NOT EXISTS (SELECT 1 FROM documents p "
            f"WHERE (p.id = f.id OR p.parent_id = f.id) AND (p.state NOT IN ({marks}) OR p.state_at >= ?)) "
            "ORDER BY f.id",
            [*(state.value for state in DECIDED), before.isoformat()],
        )
        return tuple(OldFile(row["id"], row["sha256"], row["name"], row["size"]) for row in rows)

    def remove(self, file: OldFile, at: datetime) -> None:
        """Take the readings away and write down that the bytes go; they are deleted afterwards, see `gone`."""
        with transaction(self.db):
            for document in DocumentStore(self.db).parts(file.document_id):
                self.db.execute("DELETE FROM readings WHERE document_id = ?", [document.id])
                self.db.execute("DELETE FROM reading_texts WHERE rowid = ?", [document.id])
                record(self.db, "removed_after_retention", document_id=document.id, name=document.name)
            self.db.execute("INSERT INTO removed_files VALUES (?, ?)", [file.sha256, at.isoformat()])

    def remove_mails(self, before: datetime, at: datetime) -> int:
        """The same for mails all of whose files are removed, or that had none; answers how many."""
        old = (
            "sha256 <> '' AND at < ? AND NOT EXISTS (SELECT 1 FROM deliveries v JOIN documents d ON d.id = "
            "v.document_id WHERE v.mail = mails.sha256 AND d.sha256 NOT IN (SELECT sha256 FROM removed_files))"
        )
        with transaction(self.db):
            found = [
                row["sha256"] for row in self.db.query(f"SELECT sha256 FROM mails WHERE {old}", [before.isoformat()])
            ]
            for sha256 in found:
                self.db.execute("INSERT OR IGNORE INTO removed_files VALUES (?, ?)", [sha256, at.isoformat()])
                self.db.execute("UPDATE mails SET sha256 = '', text = '' WHERE sha256 = ?", [sha256])
        return len(found)

    def gone(self) -> tuple[str, ...]:
        """The hashes of everything whose bytes have to be gone; asked for and deleted in one transaction."""
        return tuple(row["sha256"] for row in self.db.query("SELECT sha256 FROM removed_files"))

    def folder_copies(self) -> tuple[str, ...]:
        """Files in `done/` from which nothing came that is still kept."""
        rows = self.db.query(
            "SELECT v.origin FROM deliveries v JOIN documents d ON d.id = v.document_id WHERE v.door = ? "
            "GROUP BY v.origin HAVING sum(d.sha256 NOT IN (SELECT sha256 FROM removed_files)) = 0",
            [Door.FOLDER.value],
        )
        return tuple(row["origin"] for row in rows)

    def hold(self, document_id: int, reason: str, actor: str, at: datetime) -> None:
        """Keep the document's file, whatever its age; Conflict where it is gone already."""
        with transaction(self.db):
            document = DocumentStore(self.db).get(document_id)
            if document.sha256 in self.gone():
                raise Conflict(
                    "The original of {label} was removed already; there is nothing left to hold.", label=document.label
                )
            values = [document.file_id, reason, actor, at.isoformat()]
            self.db.execute("INSERT OR REPLACE INTO legal_holds VALUES (?, ?, ?, ?)", values)
            record(self.db, "legal_hold_set", document_id=document_id, actor=actor, reason=reason)

    def release(self, document_id: int, reason: str, actor: str) -> None:
        """End the hold; Conflict where there is none."""
        with transaction(self.db):
            document = DocumentStore(self.db).get(document_id)
            ended = self.db.execute("DELETE FROM legal_holds WHERE document_id = ?", [document.file_id])
            if not ended.rowcount:
                raise Conflict("{label} is under no legal hold.", label=document.label)
            record(self.db, "legal_hold_ended", document_id=document_id, actor=actor, reason=reason)

    def holds(self) -> Sequence[Hold]:
        """Every hold, oldest first."""
        rows = self.db.query("SELECT * FROM legal_holds ORDER BY at, document_id")
        return [Hold(r["document_id"], r["reason"], r["actor"], datetime.fromisoformat(r["at"])) for r in rows]
