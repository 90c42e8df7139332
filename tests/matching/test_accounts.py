"""A new account of a supplier: one person proposes it, another accepts it, and no invoice ever does."""

from __future__ import annotations

import pytest
from matching_desk import NOW, TODAY, Desk, invoice

from ingest.audit import trail
from ingest.database import transaction
from ingest.document import State
from ingest.errors import Conflict, NotAllowed
from matching import accounts, reviewing
from matching.account_store import AccountState, AccountStore
from matching.accounts import AccountNotAccepted
from matching.store import RecordStore

IBAN = "DE70831798300353972563"
NOTE = "called Ms Kessler at +49 7243 5530, the number on file"


def held(desk: Desk, **fields: str) -> int:
    document_id, decision = desk.decide(invoice(seller_iban=IBAN, **fields))
    assert decision.verdict == "needs_review"
    assert desk.codes(document_id) == {"bank_account_changed"}
    return document_id


def propose(desk: Desk, document_id: int, actor: str = "anna", note: str = NOTE) -> int:
    return accounts.propose(desk.db, document_id, IBAN, note, actor, NOW).id


def accept(desk: Desk, number: int, actor: str = "bert", **more: object) -> tuple[int, ...]:
    return accounts.accept(desk.db, number, str(more.pop("note", "")), actor, desk.policy, TODAY, NOW, **more)  # type: ignore[arg-type]


def approve(desk: Desk, document_id: int) -> State:
    version = desk.version(document_id)
    return reviewing.approve(desk.db, document_id, version, "anna", "it is right", desk.policy, TODAY, NOW).state


def test_no_reason_pays_to_an_account_that_is_not_on_file(desk: Desk) -> None:
    document_id = held(desk)
    with pytest.raises(AccountNotAccepted):
        approve(desk, document_id)
    propose(desk, document_id)
    with pytest.raises(AccountNotAccepted):
        approve(desk, document_id)


def test_an_account_counts_once_a_second_person_has_accepted_it(desk: Desk) -> None:
    first = held(desk)
    other, _ = desk.decide(invoice(seller_iban=IBAN, invoice_number="RE-OTHER", issue_date="2026-11-09"))
    assert "bank_account_changed" in desk.codes(other)
    number = propose(desk, first)
    with pytest.raises(NotAllowed, match="second person"):
        accept(desk, number, "anna")
    assert set(accept(desk, number)) == {first, other}
    assert "bank_account_changed" not in desk.codes(first) | desk.codes(other)
    assert approve(desk, first) is State.APPROVED
    actions = [entry.action for entry in trail(desk.db, first)]
    assert actions == ["decided", "account_proposed", "account_accepted", "rechecked", "approve"]
    with pytest.raises(Conflict, match="accepted by bert"):
        accept(desk, number, "carl")


def test_an_import_does_not_take_an_accepted_account_away(desk: Desk) -> None:
    document_id = held(desk)
    number = propose(desk, document_id)
    accept(desk, number)
    proposal = AccountStore(desk.db).get(number)
    assert proposal is not None
    store = RecordStore(desk.db)
    before = store.supplier(proposal.supplier_id)
    assert before is not None
    assert before.iban[-1] == IBAN
    with transaction(desk.db):
        store.put([type(before)(before.supplier_id, before.name, iban=before.iban[:-1], vat_id=before.vat_id)])
    again = store.supplier(proposal.supplier_id)
    assert again is not None
    assert again.iban == before.iban


def test_a_refused_account_stays_unknown_and_may_be_proposed_again(desk: Desk) -> None:
    document_id = held(desk)
    accounts.refuse(desk.db, propose(desk, document_id), "nobody answered", "bert", NOW)
    with pytest.raises(AccountNotAccepted):
        approve(desk, document_id)
    assert desk.outcome(invoice(seller_iban=IBAN, invoice_number="NEXT", issue_date="2026-11-09"))[0] == "needs_review"
    propose(desk, document_id)
    with pytest.raises(Conflict, match="waits for a second person already"):
        propose(desk, document_id)


def test_a_proposal_needs_a_note_of_the_call_and_an_account_that_is_in_question(desk: Desk) -> None:
    document_id = held(desk)
    with pytest.raises(Conflict, match="whom you called"):
        propose(desk, document_id, note="ok")
    with pytest.raises(Conflict, match="not in question"):
        accounts.propose(desk.db, document_id, "DE02120300000000202051", NOTE, "anna", NOW)
    assert AccountStore(desk.db).waiting() == ()


def test_who_is_alone_needs_a_note_of_their_own(desk: Desk) -> None:
    number = propose(desk, held(desk))
    with pytest.raises(Conflict, match="whom you called"):
        accept(desk, number, "anna", alone=True)
    accept(desk, number, "anna", alone=True, note=NOTE)
    proposal = AccountStore(desk.db).get(number)
    assert proposal is not None
    assert proposal.state is AccountState.ACCEPTED
