"""What people do with documents, and what that does to later ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from matching_desk import NOW, TODAY, Desk, invoice, row, value

from ingest.audit import trail
from ingest.document import Box, Source, State
from ingest.errors import Conflict, NotFound
from ingest.extraction import DocumentType
from ingest.store import DocumentRecord
from matching import reviewing
from matching.queue import QueueFilter
from matching.review import Correction, PickedWord, Step
from matching.reviewing import ReasonNeeded
from matching.store import MatchStore

NEW_ACCOUNT = {"seller_iban": "DE70831798300353972563"}
SHORT_TERMS = {"payment_terms_days": "3"}
Reviewed = Callable[..., DocumentRecord]


def do(desk: Desk, step: Reviewed, document_id: int, reason: str = "", version: int | None = None) -> DocumentRecord:
    now = desk.version(document_id) if version is None else version
    return step(desk.db, document_id, now, "anna", reason, desk.policy, TODAY, NOW)


def fix(desk: Desk, document_id: int, *corrections: Correction) -> DocumentRecord:
    version = desk.version(document_id)
    return reviewing.correct(desk.db, document_id, version, corrections, "anna", desk.policy, TODAY, NOW)


def test_a_corrected_document_waits_for_its_person(desk: Desk) -> None:
    document_id, _ = desk.decide(invoice(invoice_number=None))
    word = PickedWord("RE-77", 1, Box(10, 20, 60, 30))
    record = fix(desk, document_id, Correction("invoice_number", "RE-77", raw="RE-77", words=(word,)))
    assert record.state is State.NEEDS_REVIEW
    assert desk.codes(document_id) == set()
    store = MatchStore(desk.db)
    corrected = store.corrected_extraction(document_id)
    assert corrected is not None
    assert corrected.fields["invoice_number"].source is Source.MANUAL
    assert corrected.fields["invoice_number"].box == word.box
    (kept,) = store.corrections(document_id)
    assert (kept.actor, kept.at, kept.previous, kept.words) == ("anna", NOW, "", (word,))
    assert do(desk, reviewing.approve, document_id).state is State.APPROVED
    assert [entry.action for entry in trail(desk.db, document_id)] == ["decided", "corrected", "rechecked", "approve"]


def test_a_line_is_corrected_by_its_number(desk: Desk) -> None:
    document_id, _ = desk.decide(invoice(row(quantity="1O", line_total="18.50")))
    fix(desk, document_id, Correction("line_items/1/quantity", "10"))
    assert desk.codes(document_id) == set()
    assert MatchStore(desk.db).corrections(document_id)[0].previous == "1O"


@pytest.mark.parametrize("field", ["colour", "line_items/x/quantity", "line_items/3/quantity", "line_items/1/colour"])
def test_there_is_no_such_field(desk: Desk, field: str) -> None:
    document_id, _ = desk.decide(invoice(**NEW_ACCOUNT))
    with pytest.raises(NotFound):
        fix(desk, document_id, Correction(field, "1"))
    assert MatchStore(desk.db).corrections(document_id) == ()


def test_an_older_version_is_refused(desk: Desk) -> None:
    document_id, _ = desk.decide(invoice(**NEW_ACCOUNT))
    seen = desk.version(document_id)
    fix(desk, document_id, Correction("invoice_number", "RE-2"))
    for step in (reviewing.approve, reviewing.reject, reviewing.hold):
        with pytest.raises(Conflict):
            do(desk, step, document_id, "ok", version=seen)
    assert desk.state(document_id) is State.NEEDS_REVIEW


def test_errors_are_approved_only_with_a_reason(desk: Desk) -> None:
    document_id, _ = desk.decide(invoice(**SHORT_TERMS))
    with pytest.raises(ReasonNeeded):
        do(desk, reviewing.approve, document_id, "  ")
    record = do(desk, reviewing.approve, document_id, "called the supplier")
    assert record.state is State.APPROVED
    (decision,) = MatchStore(desk.db).review_decisions(document_id)
    assert (decision.step, decision.actor, decision.reason) == (Step.APPROVE, "anna", "called the supplier")
    assert trail(desk.db, document_id)[-1].details["codes"] == "payment_terms_differ"


def test_what_a_person_approves_is_billed_and_what_is_rejected_is_not(desk: Desk) -> None:
    hinges = row(sku="KV-5500", description="Scharnier 120 mm", quantity="30", unit_price="4.10")
    order = {"purchase_order": "4500026008"}
    first, _ = desk.decide(invoice(hinges, invoice_number="A", issue_date="2026-10-01", **order, **SHORT_TERMS))
    # what waits is shown, not counted
    second, decision = desk.decide(invoice({**hinges, "quantity": "20"}, invoice_number="B", **order, **SHORT_TERMS))
    assert desk.codes(second) == {"payment_terms_differ"}
    do(desk, reviewing.approve, first, "checked")
    with pytest.raises(Conflict, match="too many"):
        do(desk, reviewing.approve, second, "checked")
    # what came up is there for the next look, and then a reason is enough
    assert desk.codes(second) == {"payment_terms_differ", "quantity_over_ordered", "total_over_order"}
    do(desk, reviewing.reject, second, "too many")
    assert desk.outcome(invoice({**hinges, "quantity": "10"}, invoice_number="C", **order))[0] == "approved"


def test_a_rejected_twin_makes_room_for_the_next_one(desk: Desk) -> None:
    first, _ = desk.decide(invoice(**NEW_ACCOUNT))
    second, decision = desk.decide(invoice())
    assert decision.verdict == "duplicate"
    do(desk, reviewing.reject, first, "wrong account")
    third, decision = desk.decide(invoice())
    assert decision.verdict == "approved"
    with pytest.raises(Conflict):
        do(desk, reviewing.approve, second)


def test_not_a_duplicate_is_reviewed_like_any_other(desk: Desk) -> None:
    desk.decide(invoice())
    second, _ = desk.decide(invoice())
    record = do(desk, reviewing.not_a_duplicate, second, "two deliveries")
    assert record.state is State.NEEDS_REVIEW
    assert desk.codes(second) == set()
    assert do(desk, reviewing.approve, second).state is State.APPROVED
    with pytest.raises(Conflict):
        do(desk, reviewing.not_a_duplicate, second)
    assert desk.outcome(invoice())[0] == "duplicate"


def test_hold_and_reopen(desk: Desk) -> None:
    document_id, _ = desk.decide(invoice(**NEW_ACCOUNT))
    assert do(desk, reviewing.hold, document_id, "asked the supplier").state is State.ON_HOLD
    with pytest.raises(Conflict):
        do(desk, reviewing.hold, document_id)
    assert do(desk, reviewing.reopen, document_id).state is State.NEEDS_REVIEW
    assert do(desk, reviewing.reject, document_id, "no").state is State.REJECTED
    assert do(desk, reviewing.reopen, document_id).state is State.NEEDS_REVIEW


def test_the_queue_shows_filters_and_leads_on(desk: Desk) -> None:
    first, _ = desk.decide(invoice(invoice_number="RE-7", **NEW_ACCOUNT))
    second, _ = desk.decide(invoice(row(quantity="99"), invoice_number="RE-8", purchase_order="4500029999"))
    desk.decide(invoice(row(quantity="3"), invoice_number="RE-9"))
    store = MatchStore(desk.db)
    rows = store.queue(QueueFilter())
    assert [shown.document.id for shown in rows] == [second, first]
    assert (rows[1].supplier_name, rows[1].invoice_number) == ("Kornblum Verbindungstechnik GmbH", "RE-7")
    assert str(rows[1].amount) == "22.02"
    assert rows[1].discrepancies[0].code == "bank_account_changed"
    assert store.codes_waiting() == {"bank_account_changed": 1, "order_not_found": 1}

    def ids(**changes: object) -> list[int]:
        return [shown.document.id for shown in store.queue(QueueFilter(**changes))]  # type: ignore[arg-type]

    assert ids(sort="oldest") == [first, second]
    assert ids(sort="amount") == [second, first]
    assert ids(code="order_not_found") == [second]
    for text in ("kornblum re-8", "4500029999", "217,95", "217.95", "2.PDF"):
        assert ids(text=text) == [second], text
    assert ids(text="100%") == ids(supplier_id="S-102") == ids(door="folder") == []
    assert store.queue_size(QueueFilter(limit=1)) == 2
    assert store.neighbour(second, QueueFilter()) == first
    assert store.neighbour(first, QueueFilter()) == second
    assert store.neighbour(first, QueueFilter(code="bank_account_changed")) is None
    assert len(store.approved()) == 1
    assert store.approved(since=NOW.date()) == store.approved(until=NOW.date()) != ()
    assert store.approved(until=NOW.date().replace(day=1)) == ()


def test_the_day_of_receipt_stays_what_it_was(desk: Desk) -> None:
    document_id, _ = desk.decide(invoice(issue_date="2026-11-24"))
    version, later = desk.version(document_id), TODAY.replace(day=30)
    corrections = [Correction("delivery_note", "L-1")]
    reviewing.correct(desk.db, document_id, version, corrections, "anna", desk.policy, later, NOW)
    assert desk.codes(document_id) == {"date_implausible"}


def test_another_type_is_a_correction_too(desk: Desk) -> None:
    document_id, _ = desk.decide(invoice(kind=DocumentType.REMINDER))
    fix(desk, document_id, Correction("document_type", "invoice"))
    assert desk.codes(document_id) == set()


def test_a_person_says_who_the_supplier_is(desk: Desk) -> None:
    nobody = {"seller_name": "KV Altena", "seller_address": None, "seller_vat_id": None, "seller_iban": None}
    document_id, _ = desk.decide(invoice(**nobody))
    assert "supplier_unknown" in desk.codes(document_id)
    fix(desk, document_id, Correction("supplier", "S-101"))
    supplier = desk.match(document_id).supplier
    assert supplier is not None
    assert (supplier.id, supplier.why) == ("S-101", ("chosen by a person",))
    assert desk.codes(document_id) == set()
    corrected = MatchStore(desk.db).corrected_extraction(document_id)
    assert corrected is not None
    assert "supplier" not in corrected.fields
    fix(desk, document_id, Correction("supplier", ""))
    assert "supplier_unknown" in desk.codes(document_id), "a choice can be taken back"


def test_only_a_record_on_file_can_be_chosen(desk: Desk) -> None:
    document_id, _ = desk.decide(invoice(buyer_name="Nobody", buyer_vat_id=None))
    with pytest.raises(NotFound, match="C-999"):
        fix(desk, document_id, Correction("customer", "C-999"))


def test_a_wrong_tax_row_is_corrected_and_another_added(desk: Desk) -> None:
    read = invoice()
    wrong = replace(read, tax_breakdown=(replace(read.tax_breakdown[0], tax=value("9.99")),))
    document_id, _ = desk.decide(wrong)
    assert "totals_do_not_add_up" in desk.codes(document_id)
    right = read.tax_breakdown[0].tax
    assert right is not None
    fix(desk, document_id, Correction("tax_breakdown/1/tax", right.value))
    assert desk.codes(document_id) == set()
    assert MatchStore(desk.db).corrections(document_id)[0].previous == "9.99"
    fix(desk, document_id, Correction("tax_breakdown/2/rate", "7"))
    corrected = MatchStore(desk.db).corrected_extraction(document_id)
    assert corrected is not None
    assert len(corrected.tax_breakdown) == 2
