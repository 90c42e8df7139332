"""One intake for every door: stored and durable before anyone is told that a file was taken."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from ingest.audit import record
from ingest.database import transaction
from ingest.document import ReceivedFile
from ingest.errors import DiskLow
from ingest.files import FileStore, size_of
from ingest.store import Arrival, DocumentRecord, DocumentStore


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a source is told once a file is safe."""

    document: DocumentRecord
    seen_before: bool
    """The same bytes had come before; no second document was made, none was opened again."""


MIB = 1024 * 1024


def receive(db: Database, files: FileStore, file: ReceivedFile, at: datetime, floor_mb: int = 0) -> Receipt:
    """Take a file in, whatever it is: the bytes first, then its row; the worker finds out whether it can be read.

    Raises:
        DiskLow: fewer than `floor_mb` MiB would be left on the disk; nothing was taken.
    """
    demand_room(files, size_of(file.content), floor_mb)
    sha256 = files.put(file.content)
    with transaction(db):
        # known bytes may have been removed as too old since they were put there
        if not files.original(sha256).exists():
            files.put(file.content)
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


def demand_room(files: FileStore, size: int, floor_mb: int) -> None:
    """DiskLow where taking `size` bytes would leave fewer than `floor_mb` MiB: a full disk stops far more than this."""
    if not floor_mb:
        return
    there = next(one for one in (files.folder, *files.folder.parents) if one.exists())
    left = (shutil.disk_usage(there).free - size) // MIB
    if left < floor_mb:
        raise DiskLow(
            "The service's disk is nearly full; nothing was taken. Tell your administrator to make "
            "room (at least {floor_mb} MiB must stay free), then repeat this.",
            floor_mb=floor_mb,
        )
