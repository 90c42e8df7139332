"""The trail of every step, written in the same transaction as what it records, and chained by hashes.

Each row's hash covers the row and the hash of the one before it: a row that is changed, put in or taken out breaks
the chain. What the chain alone cannot show is that its last rows were cut off; for that its head is written down
outside the database (`anchor`), and whoever keeps a copy of that elsewhere can prove it even against the machine's
administrator.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from ingest.database import transaction
from ingest.errors import CoordinatorError
from ingest.serialise import from_json, to_json

audit_migrations = Migrations("audit")

SERVICE = "service"
"""The actor of what no person did."""
BEGINNING = "0" * 64
"""Stands for the hash of the row before the first."""
_CHAINED = ("id", "at", "actor", "action", "document_id", "details", "previous")


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


@audit_migrations()
def chain_audit(db: Database) -> None:
    """Each row carries the hash of the one before it and its own; the database refuses to change or remove one."""
    for column in ("previous", "hash"):
        db.execute(f"ALTER TABLE audit ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    previous = BEGINNING
    for row in list(db.query("SELECT * FROM audit ORDER BY id")):
        own = _hash({**row, "previous": previous})
        db.execute("UPDATE audit SET previous = ?, hash = ? WHERE id = ?", [previous, own, row["id"]])
        previous = own
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER audit_refuses_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END"
        )


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which document, when; details are plain strings for the page."""

    at: datetime
    actor: str
    action: str
    document_id: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of the chain: whoever knows it knows all before it."""

    rows: int
    hash: str

    def __str__(self) -> str:
        return f"{self.rows}:{self.hash}"


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a look at the whole chain found."""

    head: Head
    faults: tuple[str, ...]
    """What is wrong, in words, the first places only; empty where every row is as it was written."""


MOST_FAULTS = 20


def record(db: Database, action: str, *, actor: str = SERVICE, document_id: int | None = None, **details: str) -> None:
    """Add a step to the trail; call it inside the transaction of the step itself."""
    with transaction(db):
        last = head(db)
        row = {
            "id": last.rows + 1,
            "at": datetime.now(UTC).isoformat(),
            "actor": actor,
            "action": action,
            "document_id": document_id,
            "details": to_json(details),
            "previous": last.hash,
        }
        db.table("audit").insert({**row, "hash": _hash(row)})


def head(db: Database) -> Head:
    """The chain's last row."""
    rows = db.query("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1")
    return next((Head(row["id"], row["hash"]) for row in rows), Head(0, BEGINNING))


def verify(db: Database, anchors: Mapping[int, str] | None = None) -> ChainReport:
    """Follow the chain from its first row to its last, and look for the heads that were written down before."""
    faults: list[str] = []
    waiting = dict(anchors or {})
    found = Head(0, BEGINNING)
    for row in db.query("SELECT * FROM audit ORDER BY id"):
        faults.extend(_faults(row, found))
        if waiting.pop(row["id"], row["hash"]) != row["hash"]:
            faults.append(f"row {row['id']} is not the one that was last when its hash was written down")
        found = Head(row["id"], row["hash"])
    faults.extend(f"row {number}, once the last one, is gone" for number in sorted(waiting) if number > found.rows)
    return ChainReport(found, tuple(faults[:MOST_FAULTS]))


def _faults(row: Mapping[str, Any], before: Head) -> Iterator[str]:
    number = row["id"]
    if number != before.rows + 1:
        yield f"rows {before.rows + 1} to {number - 1} are missing"
    elif row["previous"] != before.hash:
        yield f"row {number} does not follow row {before.rows}: one of them was changed or put in"
    if row["hash"] != _hash(row):
        yield f"row {number} was changed after it was written"


def anchor(file: Path, now: Head) -> None:
    """Write the chain's head down outside the database, one line each time: `ROWS:HASH`."""
    if str(now) not in _lines(file):
        with file.open("a", encoding="ascii") as stream:
            stream.write(f"{now}\n")


def anchored(file: Path) -> dict[int, str]:
    """The heads that were written down in a file, by their row's number."""
    return heads(_lines(file))


def heads(written: Iterable[str]) -> dict[int, str]:
    """Heads from what `str` makes of them, by their row's number.

    Raises:
        CoordinatorError: where one is none.
    """
    found = {}
    for line in written:
        number, _, told = line.strip().partition(":")
        if not number.isdecimal() or len(told) != len(BEGINNING):
            raise CoordinatorError(
                "'{line}' is no head of the audit trail; one looks like 1234:a1b2..., 64 digits.", line=line
            )
        found[int(number)] = told
    return found


def _lines(file: Path) -> list[str]:
    return file.read_text("ascii", errors="replace").splitlines() if file.exists() else []


def _hash(row: Mapping[str, Any]) -> str:
    content = json.dumps([row[name] for name in _CHAINED], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def trail(db: Database, document_id: int) -> tuple[AuditEntry, ...]:
    """Every step of a document, oldest first."""
    return _entries(db.query("SELECT * FROM audit WHERE document_id = ? ORDER BY id", [document_id]))


def latest_of(db: Database, action: str, limit: int) -> tuple[AuditEntry, ...]:
    """The latest steps of one kind that are about no document, newest first."""
    where = "document_id IS NULL AND action = ?"
    return _entries(db.query(f"SELECT * FROM audit WHERE {where} ORDER BY id DESC LIMIT ?", [action, limit]))


def _entries(rows: Iterable[dict[str, Any]]) -> tuple[AuditEntry, ...]:
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
