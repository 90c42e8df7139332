"""What people do with a document, each step in one transaction: version, permission, recheck, change, audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlite_utils import Database

from ingest.audit import record, trail
from ingest.database import transaction
from ingest.document import State
from ingest.errors import Conflict, NotFound
from ingest.extraction import Extraction
from ingest.fields import FIELD_NAMES
from ingest.store import DocumentRecord, DocumentStore
from matching.accounts import demand_accepted
from matching.deciding import corrected, judge, received_on, recheck, save, told
from matching.hold_store import HoldStore, HoldUntil
from matching.policy import Policy
from matching.results import Candidate, Discrepancy, MatchResult, Severity
from matching.review import (
    CORRECTABLE,
    PARTIES,
    Correction,
    ReviewDecision,
    Step,
    apply_corrections,
    cell_path,
    demand_allowed,
    line_path,
)
from matching.second_person import Authority, demand_second, keep_first, second_told
from matching.second_store import FirstApprovalStore
from matching.store import LedgerStore, MatchStore, RecordStore

DUPLICATE_CODES = ("duplicate_invoice", "duplicate_suspected")


class ReasonNeeded(Conflict):
    """A document with errors was to be approved without a reason."""

    code = "reason_needed"


def correct(
    db: Database,
    document_id: int,
    version: int,
    corrections: Sequence[Correction],
    actor: str,
    policy: Policy,
    today: date,
    now: datetime,
) -> DocumentRecord:
    """Keep corrections with the words they were taken from, and match again.

    Raises:
        Conflict: when someone else changed the document, or nobody reviews it.
    """
    with transaction(db):
        document = DocumentStore(db).expect_version(document_id, version)
        if document.state not in CORRECTABLE:
            raise Conflict("A document that is {state} cannot be corrected.", state=document.state)
        store, before = MatchStore(db), corrected(db, document_id)
        for item in corrections:
            if item.field in PARTIES:
                _demand_record(db, item.field, item.value)
            else:
                _demand_field(before, item.field)
                before = apply_corrections(before, [item])  # rows that come after this one may follow it
        kept = [
            replace(item, actor=actor, at=now, previous=item.previous or _before(db, document_id, item.field))
            for item in corrections
        ]
        store.add_corrections(document_id, kept)
        for item in kept:
            row = line_path(item.field)
            details = {"field": item.field, "from": item.previous, "to": item.value}
            action, told = ("corrected", details) if row is None else (f"line_{item.value}", {"line": str(row)})
            record(db, action, document_id=document_id, actor=actor, **told)
        recheck(db, document_id, policy, today, now, actor)
        return DocumentStore(db).get(document_id)


def approve(
    db: Database,
    document_id: int,
    version: int,
    actor: str,
    reason: str,
    policy: Policy,
    today: date,
    now: datetime,
    authority: Authority = Authority.FIRST,
) -> DocumentRecord:
    """A person's approval, checked again at this moment; in spite of an error only with a reason.

    Above the policy's limit the document waits for a second person's approval after the first.

    Raises:
        Conflict: when someone else changed the document, or when an error has come up since the person looked; what
            was found now is kept for the next look.
        ReasonNeeded: when an error stands and no reason is given.
        AccountNotAccepted: when an account on it is not the supplier's, whatever the reason.
        NotAllowed: when it waits for a second person and this one may not be it.
    """
    with transaction(db):
        documents, store = DocumentStore(db), MatchStore(db)
        document = documents.expect_version(document_id, version)
        demand_allowed(Step.APPROVE, document.state)
        seen = store.match(document_id)
        receipt = received_on(db, document_id, today)
        found, decision = judge(db, document_id, policy, receipt)
        fresh = _new_errors(seen, found)
        if not fresh:
            demand_accepted(_errors(found))
        if not fresh and _errors(found) and not reason.strip():
            raise ReasonNeeded("Errors stand on this document. Say why it is approved in spite of them.")
        extraction, first = corrected(db, document_id), FirstApprovalStore(db).of(document_id)
        enough = bool(fresh) or demand_second(first, extraction, found, actor, reason, policy, authority)
        save(db, document_id, found, decision, received_on=receipt, now=now)
        if fresh:
            documents.touch(document_id)
            record(db, "rechecked", document_id=document_id, actor=actor, **told(found, decision))
        elif not enough:
            keep_first(db, document_id, extraction, found, actor, reason, now, **told(found, decision))
        else:
            more = second_told(first, extraction, found, actor, policy, authority)
            _decide(db, document_id, Step.APPROVE, State.APPROVED, actor, reason, now, **told(found, decision), **more)
    if fresh:
        # raised after the commit: the next look must show what was found
        raise Conflict(
            "Something has come up since you looked at it: {news}",
            news=" ".join(item.message for item in fresh),
        )
    return documents.get(document_id)


def reject(
    db: Database, document_id: int, version: int, actor: str, reason: str, policy: Policy, today: date, now: datetime
) -> DocumentRecord:
    """The invoice is not accepted; it counts for nothing from now on."""
    return _step(db, document_id, version, Step.REJECT, State.REJECTED, actor, reason, now)


def not_an_invoice(
    db: Database, document_id: int, version: int, actor: str, reason: str, policy: Policy, today: date, now: datetime
) -> DocumentRecord:
    """Nothing is asked for by it; nobody is told that an invoice was refused."""
    return _step(db, document_id, version, Step.NOT_AN_INVOICE, State.REJECTED, actor, reason, now)


def hold(
    db: Database,
    document_id: int,
    version: int,
    actor: str,
    reason: str,
    policy: Policy,
    today: date,
    now: datetime,
    until: date | None = None,
    for_receipts: bool = False,
) -> DocumentRecord:
    """The invoice waits for something; it comes back by itself on a day, or when goods of its orders are received.

    Raises:
        Conflict: when someone else changed the document, the day is not a later one, or it has no order.
    """
    with transaction(db):
        if until is not None and until <= today:
            raise Conflict("The day until which it is held has to be a later one than today.")
        match = MatchStore(db).match(document_id)
        orders = tuple(order.id for order in match.purchase_orders) if match and for_receipts else ()
        if for_receipts and not orders:
            raise Conflict("No order of it is known, so no goods receipt can bring it back. Hold it until a day.")
        more = {"until": until.isoformat() if until else "", "goods": ", ".join(orders)}
        done = _step(db, document_id, version, Step.HOLD, State.ON_HOLD, actor, reason, now, **more)
        HoldStore(db).set(HoldUntil(document_id, until, orders))
        return done


def reopen(
    db: Database, document_id: int, version: int, actor: str, reason: str, policy: Policy, today: date, now: datetime
) -> DocumentRecord:
    """Take an invoice that was decided or held up again, matched anew; it waits for a person from then on."""
    with transaction(db):
        _step(db, document_id, version, Step.REOPEN, State.NEEDS_REVIEW, actor, reason, now)
        if MatchStore(db).corrected_extraction(document_id) is not None:
            recheck(db, document_id, policy, today, now, actor)
        return DocumentStore(db).get(document_id)


def duplicate(
    db: Database, document_id: int, version: int, actor: str, reason: str, policy: Policy, today: date, now: datetime
) -> DocumentRecord:
    """The person says that it was billed before; it counts for nothing from now on.

    Raises:
        Conflict: when someone else changed the document.
        ReasonNeeded: when no twin is known of it and none is named.
    """
    with transaction(db):
        twins = _twins(db, document_id)
        if not twins and not reason.strip():
            raise ReasonNeeded("Say which document it repeats: the service knows of none.")
        others = ", ".join(f"#{twin}" for twin in twins) or "another document"
        return _step(db, document_id, version, Step.DUPLICATE, State.DUPLICATE, actor, reason, now, others=others)


def undo(db: Database, document_id: int, actor: str, policy: Policy, today: date, now: datetime) -> DocumentRecord:
    """Take one's own last decision back, where nothing has happened to the document since; it is matched anew.

    Raises:
        Conflict: when the last that happened to the document is not a decision of this person.
    """
    with transaction(db):
        document, last = DocumentStore(db).get(document_id), trail(db, document_id)[-1]
        decisions = MatchStore(db).review_decisions(document_id)
        if not decisions or (last.actor, last.action) != (actor, decisions[-1].step.value):
            raise Conflict(
                "{label} has changed since you decided on it. Open it and look at what happened.", label=document.label
            )
        what = decisions[-1].step.value
        _step(db, document_id, document.version, Step.UNDO, State.NEEDS_REVIEW, actor, "", now, taken_back=what)
        recheck(db, document_id, policy, today, now, actor)
        return DocumentStore(db).get(document_id)


def _twins(db: Database, document_id: int) -> tuple[str, ...]:
    """The documents that this one is said to repeat, by number."""
    seen = MatchStore(db).match(document_id)
    found = (item.related_document for item in (seen.discrepancies if seen else ()) if item.code in DUPLICATE_CODES)
    return tuple(sorted({twin for twin in found if twin}))


def not_a_duplicate(
    db: Database, document_id: int, version: int, actor: str, reason: str, policy: Policy, today: date, now: datetime
) -> DocumentRecord:
    """The person tells the document and its twins apart; it is then reviewed like any other.

    Raises:
        Conflict: when someone else changed the document, or no twin is known of it.
    """
    with transaction(db):
        twins = _twins(db, document_id)
        if not twins:
            raise Conflict(
                "Document #{document_id} is not said to be a duplicate of another one.", document_id=document_id
            )
        others = ", ".join(f"#{twin}" for twin in twins)
        _step(db, document_id, version, Step.NOT_A_DUPLICATE, State.NEEDS_REVIEW, actor, reason, now, others=others)
        for twin in twins:
            LedgerStore(db).say_not_duplicate(document_id, int(twin))
        recheck(db, document_id, policy, today, now, actor)
        return DocumentStore(db).get(document_id)


def read_again(
    db: Database, document_id: int, version: int, actor: str, reason: str, policy: Policy, today: date, now: datetime
) -> DocumentRecord:
    """Put a document that could not be read back into the line."""
    with transaction(db):
        document = DocumentStore(db).expect_version(document_id, version)
        demand_allowed(Step.READ_AGAIN, document.state)
        MatchStore(db).add_review_decision(document_id, ReviewDecision(Step.READ_AGAIN, actor, reason, now))
        DocumentStore(db).move(document_id, State.RECEIVED, now, attempts=0, error_code=None, error_message=None)
        record(db, Step.READ_AGAIN.value, document_id=document_id, actor=actor, reason=reason)
        return DocumentStore(db).get(document_id)


def _demand_field(extraction: Extraction, field: str) -> None:
    """Raise NotFound for a field that no document has; rows may be corrected and one may be added."""
    path, row = cell_path(field), line_path(field)
    if row is not None:
        if not 1 <= row <= len(extraction.line_items):
            raise NotFound("There is no line {row} on this document.", row=row)
        return
    if path.is_on(extraction) if path else field == "document_type" or field in FIELD_NAMES:
        return
    raise NotFound("There is no field '{field}' on this document.", field=field)


def _demand_record(db: Database, party: str, party_id: str) -> None:
    """Raise NotFound for a supplier or customer that is not on file; an empty id takes a choice back."""
    records = RecordStore(db)
    if party_id and (records.supplier(party_id) if party == "supplier" else records.customer(party_id)) is None:
        raise NotFound("There is no {party} '{party_id}' on file.", party=party, party_id=party_id)


def _before(db: Database, document_id: int, field: str) -> str:
    """What a correction replaces: a value, or the record that was chosen."""
    if field in PARTIES:
        candidate: Candidate | None = getattr(MatchStore(db).match(document_id) or MatchResult(), field)
        return candidate.id if candidate else ""
    return value_of(corrected(db, document_id), field)


def value_of(extraction: Extraction, field: str) -> str:
    """The value that a correction's field has now; empty where it has none."""
    if field == "document_type":
        return str(extraction.document_type.value)
    path = cell_path(field)
    if path is not None:
        rows = getattr(extraction, path.table)
        cell = dict(rows[path.row - 1].cells()).get(path.cell) if 1 <= path.row <= len(rows) else None
        return cell.value if cell else ""
    return extraction.text(field) or ""


def _step(
    db: Database,
    document_id: int,
    version: int,
    step: Step,
    state: State,
    actor: str,
    reason: str,
    now: datetime,
    **details: str,
) -> DocumentRecord:
    with transaction(db):
        document = DocumentStore(db).expect_version(document_id, version)
        demand_allowed(step, document.state)
        _decide(db, document_id, step, state, actor, reason, now, **details)
        return DocumentStore(db).get(document_id)


def _decide(
    db: Database,
    document_id: int,
    step: Step,
    state: State,
    actor: str,
    reason: str,
    now: datetime,
    **details: str,
) -> None:
    MatchStore(db).add_review_decision(document_id, ReviewDecision(step, actor, reason, now))
    FirstApprovalStore(db).drop(document_id)
    DocumentStore(db).move(document_id, state, now)
    record(db, step.value, document_id=document_id, actor=actor, reason=reason, **details)


def _errors(found: MatchResult | None) -> tuple[Discrepancy, ...]:
    return tuple(item for item in found.discrepancies if item.severity is Severity.ERROR) if found else ()


def _new_errors(seen: MatchResult | None, found: MatchResult) -> tuple[Discrepancy, ...]:
    """Errors of now that the person could not see."""
    known = {(item.code, item.line, item.related_document) for item in _errors(seen)}
    return tuple(item for item in _errors(found) if (item.code, item.line, item.related_document) not in known)
