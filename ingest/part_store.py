"""Files that hold several documents: a row for each, made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from ingest.audit import record
from ingest.document import Document
from ingest.extraction import Extraction
from ingest.store import DocumentRecord, DocumentStore

_COPIED = ("sha256", "name", "door", "origin", "size", "received_at", "state", "state_at", "page_count")


class PartStore:
    """What a file was read to hold; every change belongs inside a `transaction`."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.documents = DocumentStore(db)

    def save(
        self, document_id: int, document: Document, extractions: Sequence[Extraction], reader: str, at: datetime
    ) -> tuple[int, ...]:
        """Keep what was read, a document each, in the order of their pages; answers their numbers.

        The first keeps the file's row, the others get rows of their own, once: a part that is read again keeps its row
        and its pages.
        """
        known = self.documents.get(document_id)
        if len(extractions) == 1 or known.parts > 1:
            found = next((one for one in extractions if one.part == known.part), extractions[0])
            self.documents.save_reading(document_id, _pages_of(document, found), found, reader, at)
            record(self.db, "read", document_id=document_id, pages=str(document.page_count))
            return (document_id,)
        ids = (document_id, *(self._add(known, one) for one in extractions[1:]))
        for number, found in zip(ids, extractions, strict=True):
            self._number(number, len(ids), found)
            self.documents.save_reading(number, _pages_of(document, found), found, reader, at)
            record(self.db, "read", document_id=number, pages=str(found.pages))
            record(
                self.db,
                "split",
                document_id=number,
                name=known.name,
                part=str(found.part),
                parts=str(len(ids)),
                parent=str(document_id),
                pages=pages_text(found.page_range),
            )
        return ids

    def incomplete(self) -> tuple[int, ...]:
        """Files without as many documents as they were read to hold, for the integrity check."""
        rows = self.db.query(
            "SELECT f.id FROM documents f WHERE f.parent_id IS NULL AND f.parts <> "
            "1 + (SELECT count(*) FROM documents p WHERE p.parent_id = f.id AND p.parts = f.parts)"
        )
        return tuple(row["id"] for row in rows)

    def _add(self, known: DocumentRecord, found: Extraction) -> int:
        columns = ", ".join(_COPIED)
        self.db.execute(
            f"INSERT INTO documents ({columns}, version, attempts, parent_id, part) "
            f"SELECT {columns}, 1, 0, id, ? FROM documents WHERE id = ?",
            [found.part, known.id],
        )
        return int(next(self.db.query("SELECT last_insert_rowid() AS id"))["id"])

    def _number(self, document_id: int, parts: int, found: Extraction) -> None:
        first, last = found.page_range or (None, None)
        self.db.execute(
            "UPDATE documents SET parts = ?, first_page = ?, last_page = ? WHERE id = ?",
            [parts, first, last, document_id],
        )


def pages_text(page_range: tuple[int, int] | None) -> str:
    """`3-4`, or `3` where the first page is the last."""
    if page_range is None:
        return ""
    first, last = page_range
    return f"{first}-{last}" if last > first else str(first)


def _pages_of(document: Document, found: Extraction) -> Document:
    if found.page_range is None:
        return document
    first, last = found.page_range
    return replace(document, pages=tuple(page for page in document.pages if first <= page.number <= last))
