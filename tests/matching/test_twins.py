"""Second bills for one thing, in every dress; and bills that recur, which are none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from matching_desk import Desk, invoice, row

from ingest.extraction import DocumentType
from matching import normalise

SUSPECTED = ("needs_review", {"duplicate_suspected"})
TWIN = ("duplicate", {"duplicate_invoice"})
OK: tuple[str, set[str]] = ("approved", set())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RE-2026-01191", "RE202601191"),
        ("2026-01191", "2026-1191"),
        ("RE 0042", "re-42"),
        ("INV/2026/007", "INV 2026 7"),
        ("0042-A", "42a"),
    ],
)
def test_a_number_in_another_spelling_is_the_same_one(desk: Desk, one: str, other: str) -> None:
    assert desk.outcome(invoice(invoice_number=one)) == OK
    assert desk.outcome(invoice(invoice_number=other)) == TWIN


@pytest.mark.parametrize(("one", "other"), [("RE-100581", "RE-1OO5B1"), ("RE-1001", "1001"), ("INV No 77", "77")])
def test_forms_that_a_scan_confuses_are_folded(one: str, other: str) -> None:
    assert normalise.folded_number(one) == normalise.folded_number(other)


def test_a_fee_of_many_months_does_not_hide_the_twin_of_last_month(desk: Desk) -> None:
    day = date(2020, 1, 10)
    for month in range(60):
        desk.outcome(invoice(invoice_number=f"A{month:03}X", issue_date=(day + timedelta(days=31 * month)).isoformat()))
    latest = (day + timedelta(days=31 * 59 + 2)).isoformat()
    assert "duplicate_suspected" in desk.outcome(invoice(invoice_number="Z9", issue_date=latest))[1]


def test_a_number_misread_in_look_alikes_is_suspected_whatever_the_date(desk: Desk) -> None:
    assert desk.outcome(invoice(invoice_number="RE-100581", issue_date="2026-09-01")) == OK
    assert desk.outcome(invoice(invoice_number="RE-1OO5B1", issue_date="2026-10-20")) == SUSPECTED


def test_the_same_day_and_total_with_a_line_misread_is_suspected(desk: Desk) -> None:
    assert desk.outcome(invoice(invoice_number="A-17")) == OK
    split = (row(quantity="4"), row(quantity="6"))
    assert desk.outcome(invoice(*split, invoice_number="B-93")) == SUSPECTED


def test_the_same_day_and_total_of_another_order_line_is_another_invoice(desk: Desk) -> None:
    rods = row(sku="KV-G10", description="Gewindestange M10 1000 mm", quantity="64", unit_price="3.20")
    locks = row(sku="KV-S12", description="Spannschloss M12", quantity="32", unit_price="6.40")
    assert desk.outcome(invoice(rods, invoice_number="A-17")) == OK
    assert desk.outcome(invoice(locks, invoice_number="A-18")) == OK


def test_a_delivery_note_read_with_doubt_does_not_clear_a_twin_of_the_same_day(desk: Desk) -> None:
    assert desk.outcome(invoice(invoice_number="A-17", delivery_note="80012")) == OK
    doubtful = invoice(invoice_number="A-93", delivery_note="80072", confidence={"delivery_note": 0.6})
    assert desk.outcome(doubtful) == SUSPECTED
    assert desk.outcome(invoice(invoice_number="A-94", delivery_note="8OO12", issue_date="2026-09-02")) == SUSPECTED
    assert desk.outcome(invoice(invoice_number="A-95", delivery_note="80072")) == SUSPECTED
    assert desk.outcome(invoice(invoice_number="A-96", delivery_note="80081")) == OK


@pytest.mark.parametrize("supplier", [None, "S-101-B"])
def test_a_twin_from_when_its_supplier_was_unknown_or_under_another_record_is_suspected(
    desk: Desk, supplier: str | None
) -> None:
    twin, _ = desk.decide(invoice(invoice_number="A-17"))
    desk.db.execute("UPDATE ledger SET supplier_id = ? WHERE document_id = ?", [supplier, twin])
    desk.db.execute(
        "INSERT INTO party_keys (party, kind, key, id) SELECT party, kind, key, 'S-101-B' FROM party_keys "
        "WHERE party = 'supplier' AND id = 'S-101' AND kind = 'account'"
    )
    assert desk.outcome(invoice(invoice_number="A 17", issue_date="2026-11-12")) == SUSPECTED


def test_the_same_number_under_an_unrelated_supplier_changes_nothing(desk: Desk) -> None:
    twin, _ = desk.decide(invoice(invoice_number="A-17"))
    desk.db.execute("UPDATE ledger SET supplier_id = 'S-102' WHERE document_id = ?", [twin])
    assert desk.outcome(invoice(invoice_number="A-17")) == OK


def test_a_corrected_invoice_under_a_new_number_is_suspected_and_a_final_one_that_deducts_is_not(desk: Desk) -> None:
    assert desk.outcome(invoice(invoice_number="A-17", issue_date="2026-09-01")) == OK
    named = {"preceding_invoice": "A17", "issue_date": "2026-10-20"}
    assert desk.outcome(invoice(row(quantity="12"), invoice_number="K-3", **named)) == SUSPECTED
    other = invoice(row(quantity="13"), invoice_number="K-4", prepaid="5.00", amount_due="23.62", **named)
    assert desk.outcome(other) == SUSPECTED
    final = invoice(row(quantity="14"), invoice_number="K-5", prepaid="22.02", amount_due="8.80", **named)
    assert "duplicate_suspected" not in desk.outcome(final)[1]


def test_a_credit_note_of_an_invoice_number_is_no_twin_of_it_and_its_own_twin_when_it_comes_again(desk: Desk) -> None:
    assert desk.outcome(invoice(invoice_number="A-17")) == OK
    note = invoice(invoice_number="A-17", preceding_invoice="A-17", kind=DocumentType.CREDIT_NOTE)
    assert desk.outcome(note) == OK
    assert desk.outcome(note) == TWIN
