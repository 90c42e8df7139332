"""Documents that come back from hold by themselves: the day has come, the goods have, or somebody has answered."""

from __future__ import annotations

from datetime import date, datetime

from sqlite_utils import Database

from ingest.audit import SERVICE, record
from ingest.database import transaction
from ingest.document import State
from ingest.store import DocumentRecord, DocumentStore
from matching.deciding import recheck
from matching.policy import Policy
from matching.store import MatchStore


def wake(
    db: Database, document_id: int, reason: str, policy: Policy, today: date, now: datetime, actor: str = SERVICE
) -> DocumentRecord:
    """Put a held document back to review and check it again; any other one stays as it is, but counts as changed."""
    with transaction(db):
        documents = DocumentStore(db)
        if documents.get(document_id).state is not State.ON_HOLD:
            documents.touch(document_id)
            return documents.get(document_id)
        documents.move(document_id, State.NEEDS_REVIEW, now)
        record(db, "woken", document_id=document_id, actor=actor, reason=reason)
        if MatchStore(db).corrected_extraction(document_id) is not None:
            recheck(db, document_id, policy, today, now)
        return documents.get(document_id)
