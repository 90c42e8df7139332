"""Uploads that go on where they broke off: what is to come, whose it is, and what became of it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from ingest.database import transaction
from ingest.errors import NotFound


@dataclass(frozen=True, slots=True)
class Owner:
    """Who sends: only they may go on, and their name stands beside the document."""

    key: str
    actor: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A document that came of an upload."""

    document_id: int
    seen_before: bool


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is on its way."""

    id: str
    owner: Owner
    name: str
    length: int
    """Bytes, as the sender announced."""
    sha256: str
    """As the sender announced; empty where it did not."""
    touched_at: datetime
    taken: tuple[Taken, ...]
    """Empty until it is whole and safe."""


class UploadStore:
    """One row an upload; its bytes lie in the folder of uploads."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, owner: Owner, name: str, length: int, sha256: str) -> Upload:
        """Announce a file."""
        number = secrets.token_urlsafe(18)
        row = {"id": number, "owner": owner.key, "actor": owner.actor, "name": name, "length": length}
        with transaction(self.db):
            self.db.table("uploads").insert(row | {"sha256": sha256, "touched_at": _now().isoformat(), "taken": "[]"})
        return self.get(number, owner.key)

    def get(self, number: str, owner: str) -> Upload:
        """One of this owner's; NotFound where there is none, whoever else has it."""
        rows = list(self.db.query("SELECT * FROM uploads WHERE id = ? AND owner = ?", [number, owner]))
        if not rows:
            raise NotFound("There is no such upload, or it has ended. Send the file again.")
        return _upload(rows[0])

    def unfinished(self) -> tuple[Upload, ...]:
        """Everything that is not taken yet, oldest first."""
        rows = self.db.query("SELECT * FROM uploads WHERE taken = '[]' ORDER BY touched_at")
        return tuple(map(_upload, rows))

    def untouched_since(self, moment: datetime) -> tuple[Upload, ...]:
        """What nobody has gone on with, taken or not."""
        rows = self.db.query("SELECT * FROM uploads WHERE touched_at < ?", [moment.isoformat()])
        return tuple(map(_upload, rows))

    def touch(self, number: str) -> None:
        """Note that the sender goes on."""
        with transaction(self.db):
            self.db.execute("UPDATE uploads SET touched_at = ? WHERE id = ?", [_now().isoformat(), number])

    def note_taken(self, number: str, taken: tuple[Taken, ...]) -> None:
        """Note what became of it, so that the answer can be given again."""
        told = json.dumps([[one.document_id, one.seen_before] for one in taken])
        with transaction(self.db):
            self.db.execute("UPDATE uploads SET taken = ? WHERE id = ?", [told, number])

    def remove(self, number: str) -> None:
        """Forget it."""
        with transaction(self.db):
            self.db.execute("DELETE FROM uploads WHERE id = ?", [number])


def _upload(row: dict[str, Any]) -> Upload:
    return Upload(
        id=row["id"],
        owner=Owner(row["owner"], row["actor"]),
        name=row["name"],
        length=row["length"],
        sha256=row["sha256"],
        touched_at=datetime.fromisoformat(row["touched_at"]),
        taken=tuple(Taken(number, seen) for number, seen in json.loads(row["taken"])),
    )


def _now() -> datetime:
    # the real clock, as for sessions
    return datetime.now(UTC)
