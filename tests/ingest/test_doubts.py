"""What reading must not be sure of: pages on which a person would hesitate, drawn as PDFs."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from ingest.extract import extract
from ingest.extraction import Extraction
from tests.ingest import paper

Print = tuple[float, float, str]

HEAD: tuple[Print, ...] = (
    (60, 60, "Muster Beschläge GmbH"),
    (60, 75, "Werkstraße 5, 70565 Stuttgart"),
    (350, 60, "Rechnungsnummer:"),
    (450, 60, "RE-2026-118"),
    (350, 75, "Rechnungsdatum:"),
    (450, 75, "12.03.2026"),
    (60, 150, "Rechnung"),
    (60, 200, "Bezeichnung"),
    (400, 200, ">Menge"),
    (470, 200, ">Einzelpreis"),
    (550, 200, ">Gesamtpreis"),
    (60, 220, "Spiralbohrer 8,5 mm"),
    (400, 220, ">20"),
    (470, 220, ">6,85"),
    (550, 220, ">137,00"),
)
NET: tuple[Print, ...] = ((400, 330, "Nettobetrag"), (550, 330, ">137,00"))


def _totals(tax: str, gross: str) -> tuple[Print, ...]:
    return (
        *NET,
        (400, 345, "MwSt. 19 %"),
        (550, 345, f">{tax}"),
        (400, 360, "Gesamtbetrag EUR"),
        (550, 360, f">{gross}"),
    )


TOTALS = _totals("26,03", "163,03")


def _read(*pages: tuple[Print, ...]) -> Extraction:
    left = list(pages)

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        for x, y, text in left.pop(0):
            (canvas.drawRightString if text[0] == ">" else canvas.drawString)(x, 842 - y, text.lstrip(">"))

    return extract(paper.read(paper.pdf(draw, len(pages))))


def _doubts(found: Extraction) -> set[str | None]:
    return {warning.field for warning in found.warnings if warning.code == "low_confidence"}


def test_a_sound_page_raises_no_doubt() -> None:
    assert _doubts(_read((*HEAD, *TOTALS))) == set()


def test_a_second_total_that_nothing_explains_is_a_doubt() -> None:
    found = _read(((350, 30, "Gesamtbetrag EUR 190,00"), *HEAD, *TOTALS))
    assert found.text("gross_total") == "163.03"
    assert _doubts(found) == {"gross_total"}


def test_totals_that_other_amounts_explain_are_no_doubt() -> None:
    paid: tuple[Print, ...] = (
        (400, 375, "Anzahlung"), (550, 375, ">63,03"), (400, 390, "Zahlbetrag EUR"), (550, 390, ">100,00"),
        (400, 420, "Gesamtbetrag"), (550, 420, ">100,00 EUR"), (400, 440, "Gesamtbetrag"), (550, 440, ">163,03 EUR"),
    )  # fmt: skip
    assert _doubts(_read((*HEAD, *TOTALS, *paid))) == set()


def test_another_invoice_number_on_a_later_page_is_a_doubt() -> None:
    second: tuple[Print, ...] = ((60, 60, "Muster Beschläge GmbH"), (350, 60, "Rechnungsnummer:"))
    assert _doubts(_read((*HEAD, *TOTALS), (*second, (450, 60, "RE-2026-119")))) == {"invoice_number"}
    assert _doubts(_read((*HEAD, *TOTALS), (*second, (450, 60, "RE-2026-118")))) == set()


def test_a_tax_that_is_not_its_rates_stays_to_be_seen() -> None:
    (row,) = _read((*HEAD, *_totals("36,03", "173,03"))).tax_breakdown
    cells = [cell.value if cell else None for cell in (row.rate, row.taxable, row.tax)]
    assert cells == ["19", "137.00", "36.03"]


def test_taxes_of_two_rates_below_the_net_total_are_rows() -> None:
    taxes: tuple[Print, ...] = (
        (400, 345, "MwSt. 19 %"), (550, 345, ">19,00"), (400, 360, "MwSt. 7 %"), (550, 360, ">2,59"),
        (400, 375, "Gesamtbetrag EUR"), (550, 375, ">158,59"),
    )  # fmt: skip
    found = _read((*HEAD, *NET, *taxes))
    assert [(r.rate.value, r.tax.value) for r in found.tax_breakdown if r.rate and r.tax] == [
        ("19", "19.00"),
        ("7", "2.59"),
    ]
    assert (found.text("tax_total"), found.text("gross_total")) == ("21.59", "158.59")
    gross = found.fields["gross_total"].confidence
    assert gross is not None and gross >= 0.95


def test_a_rate_of_zero_beside_another_makes_no_row_of_the_whole() -> None:
    taxes: tuple[Print, ...] = (
        (400, 345, "MwSt. 19 %"), (550, 345, ">19,00"), (400, 360, "MwSt. 0 %"), (550, 360, ">0,00"),
        (400, 375, "Gesamtbetrag EUR"), (550, 375, ">156,00"),
    )  # fmt: skip
    assert all(
        row.taxable is None or row.taxable.value != "137.00" for row in _read((*HEAD, *NET, *taxes)).tax_breakdown
    )
