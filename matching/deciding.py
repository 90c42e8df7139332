"""Deciding a document: everything read, matched, decided, recorded and moved in one write transaction."""

from __future__ import annotations

from datetime import date, datetime

from sqlite_utils import Database

from ingest.audit import SERVICE, record
from ingest.database import transaction
from ingest.document import State
from ingest.errors import Conflict, NotFound
from ingest.extraction import Extraction
from ingest.store import DocumentStore
from matching.decide import decide
from matching.ledger import entry
from matching.matcher import match
from matching.plausible import plausible
from matching.policy import Policy
from matching.results import Decision, MatchResult, Severity, Verdict
from matching.review import CORRECTABLE, chosen_parties
from matching.store import LedgerStore, MatchStore, StoredReferences

STATE_OF = {
    Verdict.APPROVED: State.APPROVED,
    Verdict.NEEDS_REVIEW: State.NEEDS_REVIEW,
    Verdict.DUPLICATE: State.DUPLICATE,
}


def decide_document(db: Database, document_id: int, policy: Policy, today: date, now: datetime) -> Decision:
    """Decide a document that was read; `today` is the day of its receipt.

    Duplicates, open quantities, decision, ledger and audit row stand in one transaction, so that two twins cannot
    both pass and one order cannot be billed twice at once.

    Raises:
        NotFound: when there is no such document.
        Conflict: when the document does not wait for a decision.
    """
    with transaction(db):
        documents = DocumentStore(db)
        document = documents.get(document_id)
        if document.state is not State.READ:
            raise Conflict(
                "Document {label} is {state} and not to be decided.",
                label=document.label,
                state=document.state,
            )
        found, decision = judge(db, document_id, policy, today)
        save(db, document_id, found, decision, received_on=today, now=now)
        documents.move(document_id, STATE_OF[decision.verdict], now)
        record(db, "decided", document_id=document_id, actor=SERVICE, **told(found, decision))
    return decision


def recheck(
    db: Database, document_id: int, policy: Policy, today: date, now: datetime, actor: str = SERVICE
) -> Decision:
    """Match and decide again while the document stays with the person who has it; it never passes by itself.

    Raises:
        Conflict: when nobody is reviewing the document.
    """
    with transaction(db):
        documents = DocumentStore(db)
        document = documents.get(document_id)
        if document.state not in CORRECTABLE:
            raise Conflict(
                "Document {label} is {state} and not in review.",
                label=document.label,
                state=document.state,
            )
        found, decision = judge(db, document_id, policy, received_on(db, document_id, today))
        save(db, document_id, found, decision, received_on=received_on(db, document_id, today), now=now)
        documents.touch(document_id)
        record(db, "rechecked", document_id=document_id, actor=actor, **told(found, decision))
    return decision


def recheck_outdated(db: Database, policy: Policy, today: date, now: datetime) -> int | None:
    """Check one waiting document again that was matched under another policy or other records; answers which.

    Where nothing has changed for it, nobody notices; it never passes by itself, because a person may be at it.
    """
    with transaction(db):
        store = MatchStore(db)
        made_under = store.made_under(policy.version)
        document_id = store.outdated(made_under)
        if document_id is None:
            return None
        found, _ = judge(db, document_id, policy, received_on(db, document_id, today))
        before = store.match(document_id)
        if before is not None and _says(before) == _says(found):
            store.still_holds(document_id, made_under)
        else:
            recheck(db, document_id, policy, today, now)
    return document_id


def _says(found: MatchResult) -> tuple[object, ...]:
    """What a person sees of a match."""
    parties = tuple(party.id if party else None for party in (found.supplier, found.customer))
    return (*parties, found.purchase_orders, found.line_matches, found.discrepancies)


def judge(db: Database, document_id: int, policy: Policy, receipt: date) -> tuple[MatchResult, Decision]:
    """Match and decide as things stand now; writes nothing."""
    extraction = corrected(db, document_id)
    chosen = chosen_parties(MatchStore(db).corrections(document_id))
    found = match(extraction, StoredReferences(db, document_id), policy, receipt, chosen)
    return found, decide(extraction, found, policy)


def save(
    db: Database, document_id: int, found: MatchResult, decision: Decision, *, received_on: date, now: datetime
) -> None:
    """Keep match, decision and ledger row."""
    extraction = corrected(db, document_id)
    MatchStore(db).save(document_id, extraction, found, decision, received_on=received_on, at=now)
    LedgerStore(db).save(entry(document_id, extraction, found))


def corrected(db: Database, document_id: int) -> Extraction:
    """What the document says with people's corrections."""
    extraction = MatchStore(db).corrected_extraction(document_id)
    if extraction is None:
        raise NotFound("Document #{document_id} was not read yet.", document_id=document_id)
    return plausible(extraction)


def received_on(db: Database, document_id: int, today: date) -> date:
    """The day of receipt as the first decision took it."""
    return MatchStore(db).received_on(document_id) or today


def told(found: MatchResult, decision: Decision) -> dict[str, str]:
    """What the trail keeps of a decision."""
    codes = dict.fromkeys(item.code for item in found.discrepancies if item.severity is not Severity.INFO)
    return {
        "verdict": decision.verdict.value,
        "codes": ", ".join(codes),
        "supplier": found.supplier.id if found.supplier else "",
        "orders": ", ".join(order.id for order in found.purchase_orders),
        "policy": decision.policy_version,
    }
