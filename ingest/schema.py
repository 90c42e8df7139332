"""The tables of documents, deliveries and readings, as they came to be."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from ingest.document import Document
from ingest.extraction import Extraction
from ingest.search_text import search_text
from ingest.serialise import from_json

ingest_migrations = Migrations("ingest")


@ingest_migrations()
def create_documents(db: Database) -> None:
    """Documents, deliveries and readings."""
    db.table("documents").create(
        {
            "id": int,
            "sha256": str,
            "name": str,
            "door": str,
            "origin": str,
            "size": int,
            "received_at": str,
            "state": str,
            "state_at": str,
            "version": int,
            "attempts": int,
            "lease_owner": str,
            "lease_until": str,
            "error_code": str,
            "error_message": str,
            "page_count": int,
        },
        pk="id",
        not_null={
            "sha256",
            "name",
            "door",
            "origin",
            "size",
            "received_at",
            "state",
            "state_at",
            "version",
            "attempts",
        },
        strict=True,
    )
    db.table("documents").create_index(["sha256"], unique=True)
    db.table("documents").create_index(["state", "id"])
    db.table("deliveries").create(
        {
            "id": int,
            "document_id": int,
            "name": str,
            "door": str,
            "origin": str,
            "received_at": str,
            "seen_before": int,
        },
        pk="id",
        foreign_keys=[("document_id", "documents", "id")],
        strict=True,
    )
    db.table("deliveries").create_index(["document_id"])
    db.table("readings").create(
        {"document_id": int, "read_at": str, "reader": str, "document": str, "extraction": str},
        pk="document_id",
        foreign_keys=[("document_id", "documents", "id")],
        strict=True,
    )


@ingest_migrations()
def add_parts(db: Database) -> None:
    """A file may hold several documents: the first keeps the file's row, each other has a row of its own."""
    for column in (
        "parent_id INTEGER REFERENCES documents(id)",
        "part INTEGER NOT NULL DEFAULT 1",
        "parts INTEGER NOT NULL DEFAULT 1",
        "first_page INTEGER",
        "last_page INTEGER",
    ):
        db.execute(f"ALTER TABLE documents ADD COLUMN {column}")
    db.execute("DROP INDEX idx_documents_sha256")
    db.table("documents").create_index(["sha256", "part"], unique=True)
    db.table("documents").create_index(["parent_id"])


@ingest_migrations()
def name_mails(db: Database) -> None:
    """A delivery knows the mail that it came in."""
    db.execute("ALTER TABLE deliveries ADD COLUMN mail TEXT NOT NULL DEFAULT ''")


@ingest_migrations()
def create_retention(db: Database) -> None:
    """What must stay whatever its age, and whose bytes were removed (`retention_store.py`)."""
    db.execute(
        "CREATE TABLE legal_holds (document_id INTEGER PRIMARY KEY REFERENCES documents(id), reason TEXT NOT NULL, "
        "actor TEXT NOT NULL, at TEXT NOT NULL) STRICT"
    )
    db.execute("CREATE TABLE removed_files (sha256 TEXT PRIMARY KEY, removed_at TEXT NOT NULL) STRICT")


@ingest_migrations()
def create_reading_texts(db: Database) -> None:
    """What documents say, for the search; those that were read before are put in."""
    db.execute(
        "CREATE VIRTUAL TABLE reading_texts "
        "USING fts5(text, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
    )
    rows = db.execute(
        "SELECT d.id, d.name, r.document, r.extraction FROM documents d LEFT JOIN readings r ON r.document_id = d.id"
    )
    while batch := rows.fetchmany(200):
        texts = [
            (
                number,
                search_text(name, from_json(document, Document), from_json(extraction, Extraction))
                if document
                else name,
            )
            for number, name, document, extraction in batch
        ]
        db.conn.executemany("INSERT INTO reading_texts (rowid, text) VALUES (?, ?)", texts)


@ingest_migrations()
def index_documents_as_shown(db: Database) -> None:
    """Newest first by state, newest first by door: a page of either is read without the rest."""
    db.execute("CREATE INDEX idx_documents_newest ON documents (state, coalesce(parent_id, id) DESC, part)")
    db.table("documents").create_index(["door", "id"])


@ingest_migrations()
def index_days_of_receipt(db: Database) -> None:
    """What came in from one day to another."""
    db.table("documents").create_index(["received_at"])


@ingest_migrations()
def let_parts_be_joined(db: Database) -> None:
    """What was joined with another part keeps its row, and its number in the file is free again."""
    db.execute("DROP INDEX idx_documents_sha256_part")
    db.execute("CREATE UNIQUE INDEX idx_documents_sha256_part ON documents (sha256, part) WHERE state <> 'joined'")


@ingest_migrations()
def index_days_of_delivery(db: Database) -> None:
    """What each door brought on which day."""
    db.table("deliveries").create_index(["received_at"])
