"""Invoices on which one thing is right and another, printed beside it, is wrong: none of them passes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matching_desk import Desk, invoice, row

from ingest.extraction import Rival


def test_a_second_account_must_be_on_file_too(desk: Desk) -> None:
    extraction = invoice()
    iban = replace(extraction.fields["seller_iban"], others=("DE02120300000000202051",))
    extraction = replace(extraction, fields={**extraction.fields, "seller_iban": iban})
    assert desk.outcome(extraction) == ("needs_review", {"bank_account_changed"})


@pytest.mark.parametrize(
    ("due", "codes"),
    [("2026-11-20", {"payment_terms_differ"}), ("2026-12-10", set()), ("2026-12-09", set()), ("2027-01-09", set())],
)
def test_right_terms_do_not_excuse_an_early_due_date(desk: Desk, due: str, codes: set[str]) -> None:
    outcome = desk.outcome(invoice(payment_terms_days="30", due_date=due))
    assert outcome == ("needs_review" if codes else "approved", codes)


def test_without_printed_rates_the_tax_is_what_the_order_makes_of_it(desk: Desk) -> None:
    no_rate = row(tax_rate="")
    right = {"net_total": "18.50", "tax_total": "3.52", "gross_total": "22.02"}
    assert desk.outcome(invoice(no_rate, **right))[0] == "approved"
    wrong = {"invoice_number": "RE-2", "net_total": "18.50", "tax_total": "5.52", "gross_total": "24.02"}
    assert desk.outcome(invoice(no_rate, **wrong)) == ("needs_review", {"tax_rate_differs"})


def test_what_reading_doubts_is_looked_at(desk: Desk) -> None:
    doubtful = invoice(warnings=[("low_confidence", "Page 2 has an invoice number of its own, RE-9.")])
    assert desk.outcome(doubtful) == ("needs_review", {"low_confidence"})


@pytest.mark.parametrize(
    ("kind", "confidence", "passes"),
    [
        ("purchase_order", 0.17, False),
        ("purchase_order", 0.1, True),
        ("credit_note", 0.17, False),
        ("receipt", 0.2, True),
    ],
)
def test_a_type_that_may_be_another_is_looked_at(desk: Desk, kind: str, confidence: float, passes: bool) -> None:
    extraction = invoice()
    kinds = replace(extraction.document_type, rivals=(Rival(kind, confidence),))
    assert (desk.outcome(replace(extraction, document_type=kinds))[0] == "approved") is passes
