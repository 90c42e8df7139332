"""Readings against the truth: what counts as right, and the figures made of it."""

from decimal import Decimal

import pytest

from ingest.extraction import Extraction, FieldValue, LineItem, TaxLine
from ingest.scoring import figures, same, score, truth_of


@pytest.mark.parametrize(
    ("name", "expected", "found"),
    [
        ("gross_total", "119", "119.00"),
        ("invoice_number", "RE-2026/118", "re 2026 118"),
        ("seller_name", "Muster GmbH & Co. KG", "MUSTER GMBH & CO KG"),
        ("seller_vat_id", "DE812871812", "812871812"),
        ("seller_bic", "GENODEM1GLSXXX", "GENODEM1GLS"),
        ("seller_phone", "+49 221 5556466", "0221 5556466"),
        ("seller_website", "https://www.muster.example", "muster.example"),
        ("unit", "H87", "C62"),
        ("payment_terms", "30 Tage netto", "Zahlbar 30 Tage netto ohne Abzug"),
    ],
)
def test_what_is_the_same(name: str, expected: str, found: str) -> None:
    assert same(name, expected, found)


@pytest.mark.parametrize(
    ("name", "expected", "found"),
    [
        ("gross_total", "119", "119.01"),
        ("invoice_number", "RE-118", "RE-113"),
        ("seller_name", "Muster GmbH", "Meister AG"),
        ("issue_date", "2026-03-12", "2026-12-03"),
        ("unit", "H87", "HUR"),
        ("seller_iban", "DE02", ""),
    ],
)
def test_what_is_not(name: str, expected: str, found: str) -> None:
    assert not same(name, expected, found)


TRUTH = {
    "path": "a.pdf",
    "complete": True,
    "truth": {
        "invoice_number": "4711",
        "gross_total": "119.00",
        "line_items": [{"description": "Blue pen", "quantity": "2", "unit_price": "5.00", "line_total": "10.00"},
                       {"description": "Red pen", "quantity": "1", "unit_price": "5.00", "line_total": "5.00"}],
        "tax_breakdown": [{"rate": "19", "tax": "19.00"}],
    },
}  # fmt: skip


def _value(text: str, confidence: float = 0.9) -> FieldValue:
    return FieldValue(text, confidence=confidence)


def _line(description: str, quantity: str, price: str, total: str) -> LineItem:
    return LineItem(
        description=_value(description), quantity=_value(quantity), unit_price=_value(price), line_total=_value(total)
    )


READ = Extraction(
    fields={
        "invoice_number": _value("4711", 1.0),
        "gross_total": _value("191.00", 0.5),
        "due_date": _value("2026-01-01"),
    },
    line_items=(_line("Red pen", "1", "5", "5"), _line("Blue pen", "3", "5", "10"), _line("Total", "1", "15", "15")),
    tax_breakdown=(TaxLine(rate=_value("19"), tax=_value("19")),),
)


def test_figures_count_right_wrong_missing_and_invented() -> None:
    found = figures([score(truth_of(TRUTH), READ)])
    assert (found.fields["invoice_number"].correct, found.fields["gross_total"].wrong) == (1, 1)
    assert (found.fields["due_date"].support, found.fields["due_date"].wrong) == (0, 1)
    assert (found.lines.support, found.lines.correct, found.lines.wrong) == (2, 1, 2)
    assert (found.rows.correct, found.rows.wrong) == (1, 0)
    assert found.all_fields.precision == pytest.approx(1 / 3) and found.all_fields.recall == pytest.approx(1 / 2)
    assert found.calibration_error == pytest.approx((0.0 + 0.5 + 0.9) / 3)
    assert found.brier == pytest.approx((0.0 + 0.25 + 0.81) / 3)


def test_a_document_that_could_not_be_read_was_read_empty() -> None:
    found = figures([score(truth_of(TRUTH), None, "damaged")])
    assert found.unread == 1 and found.all_fields.recall == 0 and found.lines.recall == 0
    assert Decimal(found.rows.support) == 1
