from __future__ import annotations

import io

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Source
from ingest.extract import extract
from ingest.extraction import Extraction
from tests.ingest import paper


@pytest.fixture(scope="module")
def german() -> Extraction:
    return extract(paper.read(paper.pdf(paper.german_invoice)))


EXPECTED = {
    "invoice_number": "RE-2026-118",
    "issue_date": "2026-03-12",
    "purchase_order": "4500026008",
    "customer_number": "10023",
    "currency": "EUR",
    "net_total": "1587.00",
    "tax_total": "301.53",
    "gross_total": "1888.53",
    "seller_iban": "DE79000000001234567890",
    "seller_vat_id": "DE136695976",
    "seller_name": "Muster Beschläge GmbH",
    "buyer_name": "Kunden AG Mitte",
    "payment_terms_days": "30",
    "discount_percent": "2",
    "discount_days": "10",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_german_invoice_says_its_fields(german: Extraction, name: str) -> None:
    assert german.text(name) == EXPECTED[name]


def test_values_remember_where_they_stood_and_what_was_printed(german: Extraction) -> None:
    gross = german.fields["gross_total"]
    assert (gross.page, gross.source) == (1, Source.TEXT)
    assert gross.raw is not None and "1.888,53" in gross.raw
    assert gross.box is not None and 480 < gross.box.x0 < gross.box.x1 < 565


def test_arithmetic_and_check_digits_make_sure(german: Extraction) -> None:
    for name in ("net_total", "tax_total", "gross_total", "seller_iban"):
        assert (german.fields[name].confidence or 0) >= 0.95
    assert german.warnings == ()


def test_due_date_follows_from_the_terms(german: Extraction) -> None:
    due = german.fields["due_date"]
    assert (due.value, due.source, due.box) == ("2026-04-11", Source.DERIVED, None)


def test_lines_are_read_and_ambiguous_numbers_settled_by_arithmetic(german: Extraction) -> None:
    rows = [(i.description, i.quantity, i.unit, i.unit_price, i.line_total) for i in german.line_items]
    assert [[cell.value if cell else None for cell in row] for row in rows] == [
        ["Scharnier 120 mm", "40", "H87", "4.10", "164.00"],
        ["Türband schwer", "15", "H87", "12.60", "189.00"],
        ["Montageplatte mit Abdeckung", "1000", "H87", "1.234", "1234.00"],
    ]


def test_the_tax_rate_makes_a_row(german: Extraction) -> None:
    (row,) = german.tax_breakdown
    assert [cell.value if cell else None for cell in (row.rate, row.taxable, row.tax)] == ["19", "1587.00", "301.53"]


def test_what_is_not_on_the_document_is_absent(german: Extraction) -> None:
    for name in ("prepaid", "rounding", "delivery_note", "contract_number", "ship_to_name", "buyer_vat_id"):
        assert name not in german.fields


def test_type_and_language(german: Extraction) -> None:
    assert german.document_type.value == "invoice"
    assert german.language == "de"


def test_totals_that_do_not_add_up_are_told() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "INVOICE")
        for y, label, amount in (
            (500, "Net total", "100.00"),
            (480, "VAT 20 %", "20.00"),
            (460, "Grand total", "130.00"),
        ):
            canvas.drawString(300, y, label)
            canvas.drawRightString(500, y, amount)

    found = extract(paper.read(paper.pdf(draw)))
    assert [finding.code for finding in found.warnings] == ["totals_do_not_add_up"]
    assert (found.fields["gross_total"].confidence or 1) < 0.9


def test_american_dates_are_read_the_american_way() -> None:
    def draw(canvas: Canvas) -> None:
        for y, line in ((720, "Acme Inc."), (706, "1 Main Street"), (692, "Austin, TX 78701")):
            canvas.drawString(60, y, line)
        canvas.drawString(60, 640, "Invoice number: 4711")
        canvas.drawString(60, 620, "Invoice date: 03/04/2026")
        canvas.drawString(60, 600, "Total due: $12.00")

    found = extract(paper.read(paper.pdf(draw)))
    assert found.text("issue_date") == "2026-03-04"
    assert found.text("currency") == "USD"


def test_a_table_goes_on_over_pages_and_sums_are_no_lines() -> None:
    def page(canvas: Canvas, first: int, count: int, last: bool) -> None:
        columns = (60, 100, 350, 420, 500)
        for x, head in zip(columns, ("Item", "Description", "Qty", "Price", "Amount"), strict=True):
            canvas.drawString(x, 700, head)
        for number in range(first, first + count):
            y = 680 - 20 * (number - first)
            for x, cell in zip(columns, (str(number), f"Bolt M{number}", "2", "3.50", "7.00"), strict=True):
                canvas.drawString(x, y, cell)
        canvas.drawString(350, 300, "Total" if last else "Carried forward")
        canvas.drawString(500, 300, "49.00" if last else "28.00")

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    page(canvas, 1, 4, False)
    canvas.showPage()
    page(canvas, 5, 3, True)
    canvas.save()
    found = extract(paper.read(out.getvalue()))
    assert [item.line_number.value for item in found.line_items if item.line_number] == [str(n) for n in range(1, 8)]
    assert found.text("gross_total") == "49.00"


def test_text_that_nobody_sees_is_left_out_and_told() -> None:
    def draw(canvas: Canvas) -> None:
        paper.german_invoice(canvas)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(60, 640, "Lieferschein-Nr.: LS-99999")

    found = extract(paper.read(paper.pdf(draw)))
    assert "delivery_note" not in found.fields
    assert [(finding.code, finding.field) for finding in found.warnings] == [("hidden_text", "delivery_note")]


def test_a_scan_says_the_same_with_less_confidence() -> None:
    scan = paper.picture(paper.pdf(paper.german_invoice))
    found = extract(paper.read(paper.saved(scan, "PNG", dpi=(200, 200))))
    printed = extract(paper.read(paper.pdf(paper.german_invoice)))
    assert found.language == "de"
    for name in ("invoice_number", "issue_date", "gross_total", "seller_iban"):
        value = found.fields[name]
        assert value.value == EXPECTED[name]
        assert value.source is Source.OCR
        assert (value.confidence or 1) <= (printed.fields[name].confidence or 0)
    assert len(found.line_items) == 3


def test_a_blank_page_says_nothing() -> None:
    found = extract(paper.read(paper.saved(Image.new("L", (400, 600), 255), "PNG")))
    assert dict(found.fields) == {}
    assert found.document_type.value == "other"
