"""Second bills for one thing, in every dress; and bills that recur, which are none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from matching_desk import Desk, invoice

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
