"""A new account of a supplier is accepted by two people: an invoice never teaches the service an account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlite_utils import Database

from ingest.audit import record
from ingest.database import transaction
from ingest.document import State
from ingest.errors import Conflict, NotAllowed, NotFound
from ingest.store import DocumentStore
from matching.account_store import AccountProposal, AccountState, AccountStore
from matching.deciding import recheck
from matching.policy import Policy
from matching.results import Discrepancy, MatchResult
from matching.store import MatchStore

UNKNOWN_ACCOUNT = "bank_account_changed"
LEAST_NOTE = 15
"""Characters; a note names whom was called, at which number."""


class AccountNotAccepted(Conflict):
    """Something is to be paid to an account that is not on file."""

    code = "account_not_accepted"


def _is_unknown(item: Discrepancy) -> bool:
    """Whether it is about an account; the same code also tells of a sender that looks like the supplier."""
    return item.code == UNKNOWN_ACCOUNT and item.field == "seller_iban"


def unknown_accounts(found: MatchResult | None) -> tuple[Discrepancy, ...]:
    """What a document says about accounts that are not the supplier's."""
    return tuple(filter(_is_unknown, found.discrepancies)) if found else ()


def demand_accepted(errors: Iterable[Discrepancy]) -> None:
    """Raise AccountNotAccepted where an account that is not on file stands among the errors."""
    if any(map(_is_unknown, errors)):
        raise AccountNotAccepted(
            "An account on it is not on file for the supplier, and no reason alone can change that. Call the supplier "
            "at the number on file and have the account accepted by a second person, or reject the invoice."
        )


def propose(db: Database, document_id: int, account: str, note: str, actor: str, now: datetime) -> AccountProposal:
    """Say that the account printed on a document is the supplier's; it counts once a second person accepts it.

    Raises:
        Conflict: when the account is not in question, waits already, or the note says too little.
    """
    with transaction(db):
        match = MatchStore(db).match(document_id)
        if match is None or match.supplier is None or account not in {one.found for one in unknown_accounts(match)}:
            raise Conflict("This account is not in question on the document. Load the page again.")
        supplier_id, store = match.supplier.id, AccountStore(db)
        if any(one.account == account for one in store.of_supplier(supplier_id, AccountState.PROPOSED)):
            raise Conflict("This account waits for a second person already.")
        _demand_note(note)
        number = store.propose(supplier_id, account, document_id, actor, note.strip(), now)
        details = {"supplier": supplier_id, "account": account, "reason": note.strip()}
        record(db, "account_proposed", document_id=document_id, actor=actor, **details)
        return _known(store, number)


def accept(
    db: Database, number: int, note: str, actor: str, policy: Policy, today: date, now: datetime, *, alone: bool = False
) -> tuple[int, ...]:
    """The second person's yes: the account is on file from now on; answers the documents that were checked again.

    `alone`: nobody else may accept it, and the actor's password was asked again; the note of the call-back is then
    theirs.

    Raises:
        NotAllowed: when the actor proposed it.
        Conflict: when it does not wait any more.
    """
    with transaction(db):
        proposal = _waiting(db, number)
        if proposal.proposed_by == actor and not alone:
            raise NotAllowed("You proposed this account. A second person has to accept it.")
        if alone:
            _demand_note(note)
        AccountStore(db).decide(number, AccountState.ACCEPTED, actor, note.strip(), now)
        _tell(db, "account_accepted", proposal, actor, note, alone="yes" if alone else "no")
        return _check_again(db, proposal.supplier_id, policy, today, now, actor)


def refuse(db: Database, number: int, note: str, actor: str, now: datetime) -> None:
    """The account is not the supplier's, or nobody could confirm it; who proposed it may take it back so."""
    with transaction(db):
        proposal = _waiting(db, number)
        AccountStore(db).decide(number, AccountState.REFUSED, actor, note.strip(), now)
        _tell(db, "account_refused", proposal, actor, note)


def _waiting(db: Database, number: int) -> AccountProposal:
    proposal = _known(AccountStore(db), number)
    if proposal.state is not AccountState.PROPOSED:
        raise Conflict(
            "This account was {state} by {decided_by} meanwhile.", state=proposal.state, decided_by=proposal.decided_by
        )
    return proposal


def _known(store: AccountStore, number: int) -> AccountProposal:
    proposal = store.get(number)
    if proposal is None:
        raise NotFound("There is no such proposal.")
    return proposal


def _demand_note(note: str) -> None:
    if len(note.strip()) < LEAST_NOTE:
        raise Conflict("Say whom you called, at which number (one on file, not one on the invoice), and what was said.")


def _tell(db: Database, action: str, proposal: AccountProposal, actor: str, note: str, **more: str) -> None:
    details = {"supplier": proposal.supplier_id, "account": proposal.account, "reason": note.strip(), **more}
    details["proposed_by"] = proposal.proposed_by
    record(db, action, document_id=proposal.document_id, actor=actor, **details)


def _check_again(
    db: Database, supplier_id: str, policy: Policy, today: date, now: datetime, actor: str
) -> tuple[int, ...]:
    """Every document of the supplier that was held for an account; none passes by itself."""
    store, checked = MatchStore(db), []
    for document in DocumentStore(db).in_states((State.NEEDS_REVIEW, State.ON_HOLD), limit=100_000):
        match = store.match(document.id)
        if match and match.supplier and match.supplier.id == supplier_id and unknown_accounts(match):
            recheck(db, document.id, policy, today, now, actor)
            checked.append(document.id)
    return tuple(checked)
