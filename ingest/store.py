"""Documents, their states and readings: the rows behind the queue of work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from ingest.document import IN_WORK, Delivery, Document, Door, ReceivedFile, State
from ingest.errors import Conflict, NotFound
from ingest.extraction import Extraction
from ingest.files import size_of
from ingest.search_text import search_text
from ingest.serialise import from_json, to_json

IN_ORDER = "coalesce({0}parent_id, {0}id), {0}part"
"""The order of receipt in SQL: the parts of a file where their file stands, in the order of their pages."""


class Arrival(StrEnum):
    """What it means that bytes arrived."""

    NEW = "received"
    KNOWN = "seen_again"
    REOPENED = "opened_again"


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document's row: what it is, where it came from and where it stands."""

    id: int
    sha256: str
    name: str
    door: Door
    origin: str
    size: int
    """Bytes."""
    received_at: datetime
    state: State
    state_at: datetime
    version: int
    """Grows with every change; a form that carries an older one is refused."""
    attempts: int
    error_code: str | None = None
    error_message: str | None = None
    page_count: int | None = None
    """Pages of the file."""
    parent_id: int | None = None
    """The document that has the file's first part; None for that one itself."""
    part: int = 1
    parts: int = 1
    """How many documents the file holds."""
    page_range: tuple[int, int] | None = None
    """The document's pages where its file holds several."""

    @property
    def file_id(self) -> int:
        """The document by which the file is known."""
        return self.parent_id or self.id

    @property
    def pages(self) -> tuple[int, int]:
        """First and last of the document's pages in its file."""
        return self.page_range or (1, max(1, self.page_count or 1))

    @property
    def label(self) -> str:
        """The document's number as people see and say it."""
        return f"#{self.id}"


class DocumentStore:
    """Questions and changes about documents; every change belongs inside a `transaction`."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, file: ReceivedFile, sha256: str, at: datetime) -> tuple[DocumentRecord, Arrival]:
        """Take a file in; answers its document and what its arrival meant.

        A document that failed or was rejected is opened again when its bytes come once more.
        """
        known = self.by_sha256(sha256)
        # bytes that were removed as too old are back
        self.db.execute("DELETE FROM removed_files WHERE sha256 = ?", [sha256])
        if known is None:
            arrival = Arrival.NEW
            self._insert(file, sha256, at)
        else:
            arrival = Arrival.REOPENED if self._open_again(known, at) else Arrival.KNOWN
        document = self.by_sha256(sha256)
        assert document is not None
        self.db.table("deliveries").insert(
            {
                "document_id": document.id,
                "name": file.name,
                "door": file.door.value,
                "origin": file.origin,
                "received_at": at.isoformat(),
                "seen_before": int(arrival is Arrival.KNOWN),
                "mail": file.mail,
            }
        )
        return document, arrival

    def _insert(self, file: ReceivedFile, sha256: str, at: datetime) -> None:
        inserted = self.db.table("documents").insert(
            {
                "sha256": sha256,
                "name": file.name,
                "door": file.door.value,
                "origin": file.origin,
                "size": size_of(file.content),
                "received_at": at.isoformat(),
                "state": State.RECEIVED.value,
                "state_at": at.isoformat(),
                "version": 1,
                "attempts": 0,
            }
        )
        self._searched_by(int(inserted.last_rowid or 0), file.name)

    def _searched_by(self, document_id: int, text: str) -> None:
        self.db.execute("DELETE FROM reading_texts WHERE rowid = ?", [document_id])
        self.db.execute("INSERT INTO reading_texts (rowid, text) VALUES (?, ?)", [document_id, text])

    def _open_again(self, known: DocumentRecord, at: datetime) -> bool:
        """Open what of a file failed or was rejected; what was read as a part of it is only decided anew."""
        opened = [one for one in self.parts(known.id) if one.state in (State.FAILED, State.REJECTED)]
        for one in opened:
            state = State.RECEIVED if one.id == known.id else State.READ
            self.move(one.id, state, at, attempts=0, error_code=None, error_message=None)
        return bool(opened)

    def get(self, document_id: int) -> DocumentRecord:
        """The document's row; NotFound where there is none."""
        found = self._one("id = ?", [document_id])
        if found is None:
            raise NotFound("There is no document #{document_id}.", document_id=document_id)
        return found

    def many(self, document_ids: Sequence[int]) -> dict[int, DocumentRecord]:
        """Documents by their numbers; those that are not there are left out."""
        rows = self.db.query(
            "SELECT * FROM documents WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(list(document_ids))]
        )
        return {row["id"]: _record(row) for row in rows}

    def by_sha256(self, sha256: str) -> DocumentRecord | None:
        """The document with these bytes, the first where they hold several."""
        return self._one("sha256 = ? AND parent_id IS NULL", [sha256])

    def parts(self, document_id: int) -> tuple[DocumentRecord, ...]:
        """All documents of the file that this one came in, in the order of their pages; itself alone for most.

        What a person joined with another one is not among them.
        """
        file_id = self.get(document_id).file_id
        rows = self.db.query(
            # a subquery: where few files have parts, SQLite would read all documents for `id = ? OR parent_id = ?`
            "SELECT * FROM documents WHERE id IN (SELECT ? UNION ALL SELECT id FROM documents WHERE parent_id = ?) "
            "AND state <> ? ORDER BY part",
            [file_id, file_id, State.JOINED.value],
        )
        return tuple(_record(row) for row in rows)

    def deliveries(self, document_id: int) -> tuple[Delivery, ...]:
        """Every time the document's file came, first delivery first."""
        file_id = self.get(document_id).file_id
        rows = self.db.query("SELECT * FROM deliveries WHERE document_id = ? ORDER BY id", [file_id])
        return tuple(
            Delivery(
                document_id=row["document_id"],
                name=row["name"],
                door=Door(row["door"]),
                origin=row["origin"],
                received_at=datetime.fromisoformat(row["received_at"]),
                seen_before=bool(row["seen_before"]),
                mail=row["mail"],
            )
            for row in rows
        )

    def mail_origins(self, document_id: int) -> tuple[str, ...]:
        """Sender and subject of each mail that brought the document's file."""
        rows = self.db.query(
            "SELECT v.origin FROM documents d JOIN deliveries v ON v.document_id = coalesce(d.parent_id, d.id) "
            "WHERE d.id = ? AND v.door = ? ORDER BY v.id",
            [document_id, Door.MAILBOX.value],
        )
        return tuple(row["origin"] for row in rows)

    def claim_next(self, owner: str, now: datetime, lease: timedelta) -> DocumentRecord | None:
        """Take the oldest document that waits to be read, or whose reader's lease ran out, in one statement."""
        rows = list(
            self.db.query(
                """
                UPDATE documents SET state = :reading, state_at = :now, lease_owner = :owner, lease_until = :until,
                    attempts = attempts + 1, version = version + 1
                WHERE id = (SELECT id FROM documents
                            WHERE state = :received OR (state = :reading AND lease_until < :now)
                            ORDER BY id LIMIT 1)
                RETURNING id
                """,
                {
                    "reading": State.READING.value,
                    "received": State.RECEIVED.value,
                    "now": now.isoformat(),
                    "until": (now + lease).isoformat(),
                    "owner": owner,
                },
            )
        )
        return self.get(rows[0]["id"]) if rows else None

    def readers(self) -> frozenset[str]:
        """The names of those who hold documents for reading."""
        rows = self.db.query("SELECT DISTINCT lease_owner FROM documents WHERE state = ?", [State.READING.value])
        return frozenset(row["lease_owner"] for row in rows)

    def release(self, owner: str, now: datetime) -> None:
        """Hand back what this reader holds; a try that was broken off from outside does not count."""
        self.db.execute(
            "UPDATE documents SET state = ?, state_at = ?, lease_owner = NULL, lease_until = NULL, "
            "attempts = attempts - 1, version = version + 1 WHERE state = ? AND lease_owner = ?",
            [State.RECEIVED.value, now.isoformat(), State.READING.value, owner],
        )

    def hand_back(self, document_id: int, now: datetime) -> None:
        """Let a document be read once more."""
        self.move(document_id, State.RECEIVED, now)

    def save_reading(
        self, document_id: int, document: Document, extraction: Extraction, reader: str, at: datetime
    ) -> None:
        """Keep what was read; the document then waits to be decided."""
        self.db.table("readings").upsert(
            {
                "document_id": document_id,
                "read_at": at.isoformat(),
                "reader": reader,
                "document": to_json(document),
                "extraction": to_json(extraction),
            },
            pk="document_id",
        )
        self._searched_by(document_id, search_text(self.get(document_id).name, document, extraction))
        self.move(document_id, State.READ, at, page_count=document.page_count)

    def fail(self, document_id: int, code: str, message: str, at: datetime) -> None:
        """The document could not be read; the original is kept."""
        self.move(document_id, State.FAILED, at, error_code=code, error_message=message)

    def move(self, document_id: int, state: State, at: datetime, **columns: str | int | None) -> None:
        """Set the state (and what changes with it); the lease ends."""
        self._update(
            document_id,
            state=state.value,
            state_at=at.isoformat(),
            lease_owner=None,
            lease_until=None,
            **columns,
        )

    def touch(self, document_id: int) -> None:
        """Count a change that leaves the state as it is, so that older forms are refused."""
        self._update(document_id)

    def expect_version(self, document_id: int, version: int) -> DocumentRecord:
        """The document, if it still is what the user saw; else Conflict."""
        document = self.get(document_id)
        if document.version != version:
            raise Conflict(
                "Document {label} was changed by someone else while you had it open. Look at it again; "
                "nothing of theirs was overwritten.",
                label=document.label,
            )
        return document

    def document(self, document_id: int) -> Document | None:
        """The pages of words that were read; None before reading."""
        text = self._reading(document_id, "document")
        return from_json(text, Document) if text else None

    def extraction(self, document_id: int) -> Extraction | None:
        """What was read, before any correction; None before reading."""
        text = self._reading(document_id, "extraction")
        return from_json(text, Extraction) if text else None

    def next_to_decide(self) -> DocumentRecord | None:
        """The oldest read document, once none that came before it is still being read."""
        states = [state.value for state in IN_WORK]
        first = self._one("state IN (?, ?, ?)", states, order=f"ORDER BY {IN_ORDER.format('')}")
        return first if first and first.state == State.READ else None

    def in_states(self, states: Sequence[State], limit: int = 1000) -> tuple[DocumentRecord, ...]:
        """Documents in these states, latest change first."""
        marks = ", ".join("?" * len(states))
        rows = self.db.query(
            f"SELECT * FROM documents WHERE state IN ({marks}) ORDER BY state_at DESC, id DESC LIMIT ?",
            [*(state.value for state in states), limit],
        )
        return tuple(_record(row) for row in rows)

    def numbered_after(self, document_id: int, states: Sequence[State], limit: int) -> tuple[DocumentRecord, ...]:
        """Documents in these states with a higher number, lowest first: pages that stay as they are."""
        marks = ", ".join("?" * len(states))
        rows = self.db.query(
            f"SELECT * FROM documents WHERE id > ? AND state IN ({marks}) ORDER BY id LIMIT ?",
            [document_id, *(state.value for state in states), limit],
        )
        return tuple(_record(row) for row in rows)

    def in_state(self, state: State) -> tuple[DocumentRecord, ...]:
        """Every document in this state, in the order of receipt."""
        order = IN_ORDER.format("")
        rows = self.db.query(f"SELECT * FROM documents WHERE state = ? ORDER BY {order}", [state.value])
        return tuple(_record(row) for row in rows)

    def counts(self) -> dict[State, int]:
        """How many documents stand in each state."""
        rows = self.db.query("SELECT state, count(*) AS n FROM documents GROUP BY state")
        return {State(row["state"]): row["n"] for row in rows}

    def failed_from_folder(self) -> tuple[tuple[str, str], ...]:
        """(path, reason) of each delivery of the watched folder whose document could not be read."""
        rows = self.db.query(
            "SELECT v.origin, d.error_message FROM documents d JOIN deliveries v ON v.document_id = d.id "
            "WHERE d.state = ? AND v.door = ?",
            [State.FAILED.value, Door.FOLDER.value],
        )
        return tuple((row["origin"], row["error_message"] or "") for row in rows)

    def every_sha256(self) -> tuple[str, ...]:
        """The hashes of all files that are kept, for the integrity check."""
        rows = self.db.query(
            "SELECT sha256 FROM documents WHERE part = 1 AND sha256 NOT IN (SELECT sha256 FROM removed_files) "
            "ORDER BY id"
        )
        return tuple(row["sha256"] for row in rows)

    def integrity(self) -> str:
        """SQLite's own check of the file: `ok`, or what is wrong."""
        return str(next(self.db.query("PRAGMA integrity_check"))["integrity_check"])

    def _reading(self, document_id: int, column: str) -> str | None:
        rows = list(self.db.query(f"SELECT {column} AS text FROM readings WHERE document_id = ?", [document_id]))
        return rows[0]["text"] if rows else None

    def _one(self, where: str, values: Sequence[object], order: str = "") -> DocumentRecord | None:
        rows = list(self.db.query(f"SELECT * FROM documents WHERE {where} {order} LIMIT 1", values))
        return _record(rows[0]) if rows else None

    def _update(self, document_id: int, **columns: str | int | None) -> None:
        settings = ", ".join(f"{name} = ?" for name in columns)
        self.db.execute(
            f"UPDATE documents SET {settings}{', ' if settings else ''}version = version + 1 WHERE id = ?",
            [*columns.values(), document_id],
        )


def _record(row: dict[str, Any]) -> DocumentRecord:
    return DocumentRecord(
        id=row["id"],
        sha256=row["sha256"],
        name=row["name"],
        door=Door(row["door"]),
        origin=row["origin"],
        size=row["size"],
        received_at=datetime.fromisoformat(row["received_at"]),
        state=State(row["state"]),
        state_at=datetime.fromisoformat(row["state_at"]),
        version=row["version"],
        attempts=row["attempts"],
        error_code=row["error_code"],
        error_message=row["error_message"],
        page_count=row["page_count"],
        parent_id=row["parent_id"],
        part=row["part"],
        parts=row["parts"],
        page_range=(row["first_page"], row["last_page"]) if row["first_page"] is not None else None,
    )
