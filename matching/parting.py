"""Splitting and joining by hand: which pages of a file make one document, where the service saw it otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlite_utils import Database

from ingest.audit import SERVICE, AuditEntry, record, trail
from ingest.database import transaction
from ingest.document import IN_WORK
from ingest.errors import Conflict
from ingest.part_store import PartStore, pages_text
from ingest.store import DocumentRecord, DocumentStore
from matching.review import CORRECTABLE
from matching.second_store import FirstApprovalStore
from matching.store import LedgerStore, MatchStore

SPLIT, JOINED, TAKEN_BACK = "split_by_hand", "joined_by_hand", "parting_taken_back"
"""Actions of the trail."""


def split(
    db: Database, document_id: int, version: int, starts: Sequence[int], actor: str, now: datetime
) -> tuple[int, ...]:
    """Let other documents begin at these pages of a document; each is read and decided by itself.

    Raises:
        Conflict: when someone else changed the document, nobody reviews it, or it cannot be split there.
    """
    with transaction(db):
        document = DocumentStore(db).expect_version(document_id, version)
        _demand_open(document)
        extraction = DocumentStore(db).document(document_id)
        if extraction is None or extraction.e_invoice is not None:
            raise Conflict("An e-invoice is one document: its data belong to all of its pages.")
        first, last = document.pages
        if not starts or any(not first < page <= last for page in starts):
            raise Conflict(
                "Choose the pages with which other documents begin, after page {first} and up to {last}.",
                first=first,
                last=last,
            )
        _set_aside(db, (document,))
        ids = PartStore(db).divide(document_id, starts, now)
        _tell(db, SPLIT, ids, actor)
    return ids


def join(db: Database, versions: Mapping[int, int], actor: str, now: datetime) -> int:
    """Make one document of neighbours in a file (their numbers and versions); the first keeps its number.

    Raises:
        Conflict: when someone else changed one of them, nobody reviews it, or they are no neighbours.
    """
    with transaction(db):
        documents = [DocumentStore(db).expect_version(number, version) for number, version in versions.items()]
        documents.sort(key=lambda one: one.pages)
        if len(documents) < 2:
            raise Conflict("Choose at least two documents to join.")
        for one in documents:
            _demand_open(one)
        parts = [one.part for one in documents]
        one_file = {one.file_id for one in documents}
        if len(one_file) > 1 or parts != list(range(parts[0], parts[0] + len(parts))):
            raise Conflict("Only documents that stand one after the other in the same file can be joined.")
        _set_aside(db, documents)
        kept = PartStore(db).unite([one.id for one in documents], now)
        _tell_joined(db, documents, actor)
    return kept


def take_back(db: Database, document_id: int, actor: str, now: datetime) -> tuple[int, ...]:
    """Undo one's own last splitting or joining, where no person has done anything to the documents since.

    Raises:
        Conflict: when it is not the last that a person did, or one of the documents was decided meanwhile.
    """
    with transaction(db):
        last = _last_by_person(db, document_id)
        if last is None or last.actor != actor or last.action not in (SPLIT, JOINED) or "pages" not in last.details:
            label = DocumentStore(db).get(document_id).label
            raise Conflict("Document {number} has changed since. Open it and look at what happened.", number=label)
        store = PartStore(db)
        if last.action == SPLIT:
            found = _untouched(db, [int(text) for text in last.details["numbers"].split(", ")], actor)
            _set_aside(db, found)
            ids: tuple[int, ...] = (store.unite([one.id for one in found], now),)
        else:
            found = _untouched(db, [document_id], actor)
            _set_aside(db, found)
            starts = [int(text.split("-")[0]) for text in last.details["pages"].split(", ")]
            ids = store.divide(document_id, starts[1:], now)
        for number in dict.fromkeys((*ids, *(one.id for one in found))):
            record(db, TAKEN_BACK, document_id=number, actor=actor)
    return ids


def _demand_open(document: DocumentRecord) -> None:
    if document.state not in CORRECTABLE:
        raise Conflict(
            "Document {number} is {state}. Only what waits in review can be split or joined; open it again first.",
            number=document.label,
            state=document.state,
        )


def _untouched(db: Database, numbers: Sequence[int], actor: str) -> list[DocumentRecord]:
    """The documents, when no person has done anything to them since they were split or joined."""
    found = [DocumentStore(db).get(number) for number in numbers]
    for one in found:
        last = _last_by_person(db, one.id)
        idle = last is not None and last.actor == actor and last.action in (SPLIT, JOINED)
        if not idle or one.state not in (*CORRECTABLE, *IN_WORK):
            raise Conflict("Document {number} has changed since. Open it and look at what happened.", number=one.label)
    return found


def _last_by_person(db: Database, document_id: int) -> AuditEntry | None:
    return next((one for one in reversed(trail(db, document_id)) if one.actor != SERVICE), None)


def _set_aside(db: Database, documents: Sequence[DocumentRecord]) -> None:
    """What was corrected, approved first and billed belongs to the pages of now, and to no others."""
    for one in documents:
        MatchStore(db).bind_corrections(one.id, one.pages)
        FirstApprovalStore(db).drop(one.id)
        LedgerStore(db).remove(one.id)


def _tell(db: Database, action: str, ids: Sequence[int], actor: str) -> None:
    ranges = [pages_text(DocumentStore(db).get(number).pages) for number in ids]
    details = {"numbers": ", ".join(map(str, ids)), "pages": ", ".join(ranges)}
    for number in ids:
        record(db, action, document_id=number, actor=actor, **details)


def _tell_joined(db: Database, documents: Sequence[DocumentRecord], actor: str) -> None:
    kept, *others = documents
    numbers, ranges = ", ".join(str(one.id) for one in documents), ", ".join(pages_text(one.pages) for one in documents)
    record(db, JOINED, document_id=kept.id, actor=actor, numbers=numbers, pages=ranges)
    for one in others:
        record(db, JOINED, document_id=one.id, actor=actor, numbers=numbers, into=str(kept.id))
