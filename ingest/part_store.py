"""Files that hold several documents: a row for each, made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from sqlite_utils import Database

from ingest.audit import record
from ingest.document import Document, State
from ingest.extraction import Extraction
from ingest.serialise import to_json
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
            if found.part is not None:
                found = replace(found, part=known.part)  # it may have been counted anew meanwhile
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

    def divide(self, document_id: int, starts: Sequence[int], at: datetime) -> tuple[int, ...]:
        """Let other documents begin at these pages of a document; answers all of them, in the order of their pages.

        Each is read anew. One that was joined from the same pages before gets its old row back.
        """
        known = self.documents.get(document_id)
        first, last = known.pages
        edges = [first, *sorted(set(starts)), last + 1]
        ranges = [(start, following - 1) for start, following in pairwise(edges)]
        ids = (document_id, *(self._old(known, pages) or self._copy(known) for pages in ranges[1:]))
        for number, pages in zip(ids, ranges, strict=True):
            self._read_anew(number, pages, at)
        self._count(known.file_id)
        return ids

    def unite(self, ids: Sequence[int], at: datetime) -> int:
        """Make one document of neighbours in a file; the first of them keeps its number and is read anew."""
        joined = sorted((self.documents.get(number) for number in ids), key=lambda one: one.pages)
        keeper, others = joined[0], joined[1:]
        for one in others:
            self.documents.move(one.id, State.JOINED, at)
            self.db.execute("UPDATE documents SET parts = 1 WHERE id = ?", [one.id])
        self._read_anew(keeper.id, (keeper.pages[0], joined[-1].pages[1]), at)
        self._count(keeper.file_id)
        return keeper.id

    def _old(self, known: DocumentRecord, pages: tuple[int, int]) -> int | None:
        """The row of a document that had just these pages before it was joined."""
        rows = self.db.query(
            "SELECT id FROM documents WHERE parent_id = ? AND state = ? AND first_page = ? AND last_page = ? "
            "ORDER BY id LIMIT 1",
            [known.file_id, State.JOINED.value, *pages],
        )
        return next((int(row["id"]) for row in rows), None)

    def _copy(self, known: DocumentRecord) -> int:
        """A new row for some pages of a file; its place among the others is found by `_count`."""
        columns = ", ".join(_COPIED)
        self.db.execute(
            f"INSERT INTO documents ({columns}, version, attempts, parent_id, part) "
            f"SELECT {columns}, 1, 0, ?, (SELECT -1 - max(id) FROM documents) FROM documents WHERE id = ?",
            [known.file_id, known.id],
        )
        return int(next(self.db.query("SELECT last_insert_rowid() AS id"))["id"])

    def _read_anew(self, document_id: int, pages: tuple[int, int], at: datetime) -> None:
        self.db.execute(
            "UPDATE documents SET first_page = ?, last_page = ?, part = -id WHERE id = ?", [*pages, document_id]
        )
        self.documents.move(document_id, State.RECEIVED, at, attempts=0, error_code=None, error_message=None)

    def _count(self, file_id: int) -> None:
        """Number the documents of a file by their pages, also in what was read of them; no two have one number ever."""
        parts = sorted(self.documents.parts(file_id), key=lambda one: (one.parent_id is not None, one.pages))
        self.db.execute(
            "UPDATE documents SET part = -id WHERE (id = ? OR parent_id = ?) AND state <> ?",
            [file_id, file_id, State.JOINED.value],
        )
        for part, one in enumerate(parts, start=1):
            self.db.execute("UPDATE documents SET part = ?, parts = ? WHERE id = ?", [part, len(parts), one.id])
            extraction = self.documents.extraction(one.id)
            if one.part != part and extraction is not None:
                moved = to_json(replace(extraction, part=part))
                self.db.execute("UPDATE readings SET extraction = ? WHERE document_id = ?", [moved, one.id])

    def incomplete(self) -> tuple[int, ...]:
        """Files without as many documents as they were read to hold, for the integrity check."""
        rows = self.db.query(
            "SELECT f.id FROM documents f WHERE f.parent_id IS NULL AND f.parts <> "
            "1 + (SELECT count(*) FROM documents p WHERE p.parent_id = f.id AND p.parts = f.parts AND p.state <> ?)",
            [State.JOINED.value],
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
