"""One intake for every door: stored and durable before anyone is told that a file was taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from ingest.audit import record
from ingest.database import transaction
from ingest.document import ReceivedFile
from ingest.files import FileStore
from ingest.store import Arrival, DocumentRecord, DocumentStore


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a source is told once a file is safe."""

    document: DocumentRecord
    seen_before: bool
    """The same bytes had come before; no second document was made, none was opened again."""


def receive(db: Database, files: FileStore, file: ReceivedFile, at: datetime) -> Receipt:
    """Take a file in, whatever it is: the bytes first, then its row; the worker finds out whether it can be read."""
    sha256 = files.put(file.content)
    with transaction(db):
        document, arrival = DocumentStore(db).add(file, sha256, at)
        record(
            db,
            arrival.value,
            document_id=document.id,
            name=file.name,
            door=file.door.value,
            origin=file.origin,
        )
    return Receipt(document, arrival is Arrival.KNOWN)
