"""Documents that come back from hold by themselves: the day has come, the goods have, or somebody has answered."""

from __future__ import annotations

from datetime import date, datetime

from sqlite_utils import Database

from ingest.audit import SERVICE, record
from ingest.database import transaction
from ingest.document import State
from ingest.store import DocumentStore
from matching.deciding import recheck
from matching.hold_store import HoldStore
from matching.policy import Policy
from matching.store import MatchStore


def wake(
    db: Database, document_id: int, reason: str, policy: Policy, today: date, now: datetime, actor: str = SERVICE
) -> bool:
    """Put a held document back to review and check it again; answers whether it was held."""
    with transaction(db):
        documents = DocumentStore(db)
        if documents.get(document_id).state is not State.ON_HOLD:
            return False
        documents.move(document_id, State.NEEDS_REVIEW, now)
        record(db, "woken", document_id=document_id, actor=actor, reason=reason)
        if MatchStore(db).corrected_extraction(document_id) is not None:
            recheck(db, document_id, policy, today, now)
    return True


def due(db: Database, today: date) -> tuple[tuple[int, str], ...]:
    """Held documents that come back now, each once, with the reason."""
    store = HoldStore(db)
    found = {document_id: "the day has come until which it was held" for document_id in store.due(today)}
    for document_id in store.with_new_receipts():
        orders = ", ".join(held.orders) if (held := store.of(document_id)) else ""
        found.setdefault(document_id, f"goods receipts for {orders} have come in")
    return tuple(found.items())
