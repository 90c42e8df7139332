"""Four eyes: above an amount, an approval counts once a second person gives it, too."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlite_utils import Database

from ingest.audit import record
from ingest.database import transaction
from ingest.document import State
from ingest.errors import Conflict, NotAllowed
from ingest.extraction import Extraction
from ingest.serialise import to_json
from ingest.store import DocumentStore
from matching.deciding import corrected
from matching.ledger import total_of
from matching.policy import Policy
from matching.policy_values import resolved
from matching.results import MatchResult, Severity
from matching.second_store import FirstApproval, FirstApprovalStore
from matching.store import MatchStore

LEAST_NOTE = 15
"""Characters of the reason that the only person gives."""


OF_LINES = frozenset({
    "price_differs", "quantity_over_ordered", "quantity_over_received", "charge_differs", "line_not_ordered",
})  # fmt: skip
"""Discrepancies whose money adds up."""
OF_THE_WHOLE = frozenset({"total_over_order", "totals_do_not_add_up", "credit_over_invoiced"})
"""Those that tell the money of the whole document, which may be the lines' once more."""


class Authority(StrEnum):
    """As what somebody approves; the shell knows roles and passwords."""

    FIRST = "first"
    """A coordinator: above a limit only as the first of two."""
    SECOND = "second"
    """An approver or administrator: as the first or the second."""
    ALONE = "alone"
    """Nobody else could, and the password was given again."""


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount above which one person is not enough, and that a document is above."""

    amount: Decimal
    difference: Decimal | None = None
    """What the differences come to, where these and not the total are above it."""


def limit_for(
    extraction: Extraction, found: MatchResult | None, policy: Policy, authority: Authority = Authority.SECOND
) -> Limit | None:
    """The limit above which two people approve this document; None: this person is enough.

    A total that was not read counts as above. What differs may be worth less to a coordinator than to an approver.
    """
    supplier = found.supplier.id if found and found.supplier else None
    customer = found.customer.id if found and found.customer else None
    rules, total = resolved(policy, supplier, customer), total_of(extraction)
    if (over := rules.second_person_over) and (total is None or abs(total) > over):
        return Limit(over)
    most = rules.coordinator_difference if authority is Authority.FIRST else rules.approver_difference
    differs = difference_of(found) if found else Decimal(0)
    return Limit(most, differs) if most and differs > most else None


def difference_of(found: MatchResult) -> Decimal:
    """The money of what stands against a document: of its lines and charges, or of the whole where that is more."""
    errors = [one for one in found.discrepancies if one.severity is Severity.ERROR and one.difference]
    lines = sum((Decimal(one.difference or 0) for one in errors if one.code in OF_LINES), Decimal(0))
    return max((lines, *(abs(Decimal(one.difference or 0)) for one in errors if one.code in OF_THE_WHOLE)))


def limit_of(db: Database, document_id: int, policy: Policy, authority: Authority = Authority.SECOND) -> Limit | None:
    """The same for a document as it was matched last."""
    extraction = MatchStore(db).corrected_extraction(document_id)
    return limit_for(extraction, MatchStore(db).match(document_id), policy, authority) if extraction else None


def first_approval(db: Database, document_id: int) -> FirstApproval | None:
    """The first approval of a document that still says what was approved; None where it has changed since."""
    first = FirstApprovalStore(db).of(document_id)
    found = MatchStore(db).match(document_id)
    if first is None or found is None or first.stamp != _stamp(corrected(db, document_id), found):
        return None
    return first


def demand_second(
    first: FirstApproval | None,
    extraction: Extraction,
    found: MatchResult,
    actor: str,
    reason: str,
    policy: Policy,
    authority: Authority,
) -> bool:
    """Whether this person's approval is enough now; if not, it is a first one.

    Raises:
        Conflict: when the same person has approved it first, or is alone and says too little.
        NotAllowed: when the person may not be the second.
    """
    if limit_for(extraction, found, policy, authority) is None:
        return True
    if authority is Authority.ALONE:
        if len(reason.strip()) < LEAST_NOTE:
            raise Conflict("Nobody else can approve it: say in the reason how you made sure that it is right.")
        return True
    if first is None or first.stamp != _stamp(extraction, found):
        return False
    if first.actor.casefold() == actor.casefold():
        raise Conflict("You have approved it already. It waits for a second person, with the role approver or admin.")
    if authority is not Authority.SECOND:
        raise NotAllowed(
            "{actor} has approved it; the second approval needs the role approver or admin.", actor=first.actor
        )
    return True


def second_told(
    first: FirstApproval | None,
    extraction: Extraction,
    found: MatchResult,
    actor: str,
    policy: Policy,
    authority: Authority,
) -> dict[str, str]:
    """What the trail keeps of how two people, or the only one, approved."""
    if authority is Authority.ALONE:
        return {"alone": "yes"} if limit_for(extraction, found, policy) else {}
    if first is None or first.stamp != _stamp(extraction, found) or first.actor.casefold() == actor.casefold():
        return {}
    return {"first_by": first.actor}


def keep_first(
    db: Database,
    document_id: int,
    extraction: Extraction,
    found: MatchResult,
    actor: str,
    reason: str,
    now: datetime,
    **details: str,
) -> None:
    """Keep the first of two approvals; the document waits in review for the second."""
    documents, store = DocumentStore(db), FirstApprovalStore(db)
    before = store.of(document_id)
    store.put(FirstApproval(document_id, actor, now, reason, _stamp(extraction, found)))
    if documents.get(document_id).state is State.NEEDS_REVIEW:
        documents.touch(document_id)
    else:
        documents.move(document_id, State.NEEDS_REVIEW, now)
    lapsed = before.actor if before else ""
    record(db, "approve_first", document_id=document_id, actor=actor, reason=reason, lapsed=lapsed, **details)


def withdraw(db: Database, document_id: int, actor: str) -> None:
    """Take one's own first approval back.

    Raises:
        Conflict: when the person has given none, or the document was decided meanwhile.
    """
    with transaction(db):
        store = FirstApprovalStore(db)
        first = store.of(document_id)
        if first is None or first.actor.casefold() != actor.casefold():
            raise Conflict("There is no approval of yours to take back. Load the page again.")
        store.drop(document_id)
        DocumentStore(db).touch(document_id)
        record(db, "approval_withdrawn", document_id=document_id, actor=actor)


def _stamp(extraction: Extraction, found: MatchResult) -> str:
    """What is approved: everything the document says, whom and what it was matched with, and what is open on it."""
    parties = [party.id if party else "" for party in (found.supplier, found.customer)]
    orders = [order.id for order in found.purchase_orders]
    said = [to_json(extraction), to_json(parties), to_json(orders), to_json(found.discrepancies)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
