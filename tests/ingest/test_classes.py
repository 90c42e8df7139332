"""Classes of documents that were once misread, each drawn as plainly as shows the class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Source, Word
from ingest.extract import extract
from ingest.extraction import Extraction
from ingest.fields.tax_ids import is_valid_vat, registration_in, vat_id_beside, vat_ids_in
from ingest.readers.ocr import quarter_turns, turned
from tests.ingest import paper

Print = tuple[float, float, str]
Rule = tuple[float, float, float, float]


def _read(*prints: Print, rules: Sequence[Rule] = ()) -> Extraction:
    """An extraction of texts at (x, y from the top); a text that begins with `>` ends at x."""

    return extract(paper.read(paper.pdf(lambda canvas: _draw(canvas, prints, rules))))


def _draw(canvas: Canvas, prints: Sequence[Print], rules: Sequence[Rule] = ()) -> None:
    canvas.setFont("Helvetica", 9)
    for x, y, text in prints:
        if text.startswith(">"):
            canvas.drawRightString(x, 842 - y, text[1:])
        else:
            canvas.drawString(x, 842 - y, text)
    for x0, y0, x1, y1 in rules:
        canvas.line(x0, 842 - y0, x1, 842 - y1)


GERMAN_HEAD: tuple[Print, ...] = (
    (60, 60, "Muster Beschläge GmbH"),
    (60, 75, "Werkstraße 5, 70565 Stuttgart"),
    (350, 60, "Rechnungsnummer:"),
    (450, 60, "RE-2026-118"),
    (350, 75, "Rechnungsdatum:"),
    (450, 75, "12.03.2026"),
    (350, 90, "Ihre Bestellnummer:"),
    (450, 90, "4500026008"),
    (60, 200, "Pos."),
    (90, 200, "Bezeichnung"),
    (400, 200, ">Menge"),
    (470, 200, ">Einzelpreis"),
    (550, 200, ">Gesamtpreis"),
)
TOTALS: tuple[Print, ...] = (
    (400, 330, "Nettobetrag"),
    (550, 330, ">137,00"),
    (400, 345, "MwSt. 19 %"),
    (550, 345, ">26,03"),
    (400, 360, "Gesamtbetrag EUR"),
    (550, 360, ">163,03"),
)


def _line(y: float, *cells: str) -> tuple[Print, ...]:
    return tuple((x, y, cell) for x, cell in zip((60, 90, 400, 470, 550), cells, strict=True))


DRILLS = _line(220, "1", "Spiralbohrer 8,5 mm", ">20", ">6,85", ">137,00")


@pytest.mark.parametrize("within", ["Verpackung: 10 Stück", "Fracht: 2 Paletten", "Rabatt: 3 Stufen"])
def test_a_count_within_a_description_is_no_charge(within: str) -> None:
    found = _read(*GERMAN_HEAD, *DRILLS, (90, 232, within), *TOTALS)
    assert not found.fields.keys() & {"shipping_total", "discount_total"}
    assert found.text("gross_total") == "163.03"


def test_money_beside_the_name_of_a_charge_is_one() -> None:
    charge: tuple[Print, ...] = ((400, 315, "Versandkosten"), (550, 315, ">7,00"))
    found = _read(*GERMAN_HEAD, *_line(220, "1", "Spiralbohrer", ">20", ">6,50", ">130,00"), *charge, *TOTALS)
    assert found.text("shipping_total") == "7.00"


def test_an_item_that_begins_like_a_carry_over_keeps_its_words() -> None:
    found = _read(*GERMAN_HEAD, *_line(220, "1", "Transport Ulm - Linz, Palette", ">20", ">6,85", ">137,00"), *TOTALS)
    assert [item.description.value for item in found.line_items if item.description] == [
        "Transport Ulm - Linz, Palette"
    ]


NARROW_HEADINGS: tuple[Print, ...] = (
    (40, 60, "Facture n° : F2026-1187"),
    (40, 75, "Date de facture : 05/11/2026"),
    (44, 224, "Réf."),
    (104, 224, "Désignation"),
    (304, 224, "Qté"),
    (349, 224, "Prix unitaire HT"),
    (439, 224, "TVA %"),
    (484, 224, "Montant HT"),
    *((44, 242, "AM-4410"), (104, 242, "Panneau acoustique"), (341, 242, ">12"), (431, 242, ">84,50")),
    *((476, 242, ">20"), (551, 242, ">1 014,00")),
    *((44, 258, "AM-9001"), (104, 258, "Manuel de pose"), (341, 258, ">4"), (431, 258, ">18,00")),
    *((476, 258, ">5,5"), (551, 258, ">72,00")),
)
GRID = tuple((x, 212.0, x, 268.0) for x in (40.0, 100.0, 300.0, 345.0, 435.0, 480.0, 555.0))


@pytest.mark.parametrize("rules", [GRID, ()], ids=["ruled", "bare"])
def test_numbers_far_from_their_headings_find_their_columns(rules: Sequence[Rule]) -> None:
    items = _read(*NARROW_HEADINGS, rules=rules).line_items
    cells = [{name: value.value for name, value in item.cells()} for item in items]
    assert [(c["quantity"], c["unit_price"], c["tax_rate"], c["line_total"]) for c in cells] == [
        ("12", "84.50", "20", "1014.00"),
        ("4", "18.00", "5.5", "72.00"),
    ]
    assert all((item.line_total.confidence or 0) > 0.95 for item in items if item.line_total)


def _english(terms: str, address: str, issue: str, due: str, total: str) -> Extraction:
    return _read(
        (60, 60, "Northgate Paper Ltd"),
        (60, 75, address),
        (350, 60, "Invoice No."),
        (450, 60, "INV-20933"),
        (350, 75, "Invoice date"),
        (450, 75, issue),
        (350, 90, "Due date"),
        (450, 90, due),
        (60, 150, "NP10400 A4 copier paper for the office"),
        (350, 200, "Total"),
        (450, 200, total),
        (60, 230, f"Payment terms: {terms}"),
    )


@pytest.mark.parametrize(
    ("terms", "address", "issue", "due", "total", "expected"),
    [
        ("30 days net", "Bradford", "12/11/2026", "12/12/2026", "$120.00", ("2026-11-12", "2026-12-12")),
        ("30 days net", "41 Canal Road, Bradford BD1 4AT", "03/04/2026", "03/05/2026", "£120.00", None),
        ("31 days net", "Austin, TX 78701", "03/04/2026", "04/04/2026", "$120.00", ("2026-03-04", "2026-04-04")),
        ("none", "41 Canal Road, Bradford BD1 4AT", "03/04/2026", "05/05/2026", "£1.00", ("2026-04-03", "2026-05-05")),
        ("none", "1 Main St, Austin, TX 78701", "03/04/2026", "05/05/2026", "$1.00", ("2026-03-04", "2026-05-05")),
        ("none", "Somewhere", "03/04/2026", "25/05/2026", "$1.00", ("2026-04-03", "2026-05-25")),
        ("none", "Somewhere", "03/04/2026", "05/25/2026", "$1.00", ("2026-03-04", "2026-05-25")),
    ],
)
def test_day_and_month_stand_in_one_order_through_a_document(
    terms: str, address: str, issue: str, due: str, total: str, expected: tuple[str, str] | None
) -> None:
    found = _english(terms, address, issue, due, total)
    wanted = expected or ("2026-04-03", "2026-05-03")
    assert (found.text("issue_date"), found.text("due_date")) == wanted


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("DE518340692 HRB 218814 Stuttgart", "DE518340692"),
        ("CHE-107.787.577 MWST Winterthur", "CHE107787577MWST"),
        ("NL 0048.86.928.B01 KvK 12345678", "NL004886928B01"),
        ("FR 44 732829320 RCS Lyon", "FR44732829320"),
        ("27AAPFU0939F1ZV State Maharashtra", "27AAPFU0939F1ZV"),
        ("856-734-62-15 REGON 123", "8567346215"),
    ],
)
def test_a_vat_number_ends_where_its_form_does(text: str, value: str) -> None:
    found = vat_id_beside(text)
    assert found is not None
    assert found[0] == value


def test_vat_numbers_within_a_line() -> None:
    assert [value for value, _ in vat_ids_in("USt-IdNr. DE136695976, ATU13585627 HRB 4")] == [
        "DE136695976",
        "ATU13585627",
    ]
    assert is_valid_vat("GB980780684")
    assert not is_valid_vat("DE518340693")


def test_a_register_number_takes_no_town() -> None:
    assert registration_in("HRB 218814 Stuttgart") == "HRB 218814"
    assert registration_in("552 008 443 +33 4 72 55 01 10") == "552 008 443"
    assert registration_in("Stuttgart") is None


def test_terms_in_another_language_behind_the_letter_make_its_labels_no_foreign_ones() -> None:
    letter = paper.read(paper.pdf(paper.german_invoice))
    printed = (
        "These are the terms and conditions of this sale for you and your customer with the payment by the due date"
    )
    page = letter.pages[0]
    box = page.words[0].box
    terms = tuple(
        Word(word, box._replace(top=20.0 * row, bottom=20.0 * row + 9)) for row, word in enumerate(printed.split())
    )
    behind = type(page)(2, page.width, page.height, terms)
    both = type(letter)(letter.sha256, letter.media_type, (page, behind), 2)
    alone, found = extract(letter), extract(both)
    for name in ("invoice_number", "issue_date", "purchase_order"):
        assert found.fields[name] == alone.fields[name]


def test_terms_are_told_without_their_label() -> None:
    found = _read(*GERMAN_HEAD, *DRILLS, *TOTALS, (60, 400, "Zahlungsbedingungen: 30 Tage netto"))
    assert found.text("payment_terms") == "30 Tage netto"
    assert found.text("payment_terms_days") == "30"


def test_values_in_the_row_below_a_row_of_labels_are_read() -> None:
    heads = ("Invoice Number", "Invoice Date", "Invoice Due Date", "Charges", "VAT ID")
    places = (40.0, 150.0, 250.0, 360.0, 480.0)
    found = _read(
        (40, 60, "Contoso Ltd"),
        *((x, 200.0, head) for x, head in zip(places, heads, strict=True)),
        *((x, 245.0, value) for x, value in zip(places, ("34278587", "6/18/2017", "6/24/2017"), strict=False)),
        (410, 245, "$56,651.49 PT"),
    )
    assert found.text("invoice_number") == "34278587"
    assert (found.text("issue_date"), found.text("due_date")) == ("2017-06-18", "2017-06-24")
    assert found.text("gross_total") == "56651.49"
    assert (found.fields["gross_total"].confidence or 1) < 0.95


def test_a_digit_that_ocr_took_for_a_sign_follows_from_price_and_total() -> None:
    prints = (*GERMAN_HEAD, *_line(220, "1", "Endmaß", ">+", ">137,00", ">137,00"), *TOTALS)
    document = paper.read(paper.pdf(lambda canvas: _draw(canvas, prints)))
    page = replace(document.pages[0], source=Source.OCR)
    (item,) = extract(replace(document, pages=(page,))).line_items
    assert item.quantity is not None
    assert item.quantity.value == "1"
    (printed,) = extract(document).line_items
    assert printed.quantity is None


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_scan_is_read_whichever_way_it_lay(turns: int) -> None:
    picture = paper.picture(paper.pdf(paper.german_invoice), dpi=120).convert("L")
    assert quarter_turns(turned(picture, turns)) == (4 - turns) % 4
