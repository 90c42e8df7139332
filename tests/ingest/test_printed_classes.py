"""Classes of documents that scenarios on paper showed to be misread, each drawn as plainly as shows the class."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.extract import extract
from ingest.extraction import Extraction
from ingest.fields.names import has_place, is_name, is_place_line
from samples.paper.vocabulary import LANGUAGES, tables
from tests.ingest import paper

Print = tuple[float, float, str]

SELLER: tuple[Print, ...] = ((60, 60, "Muster Beschläge GmbH"), (60, 72, "Werkstraße 5"), (60, 84, "70565 Stuttgart"))
BUYER: tuple[Print, ...] = ((60, 130, "Kunden AG Mitte"), (60, 142, "Kundenstraße 15"), (60, 154, "69876 Frankfurt"))
FOOT: tuple[Print, ...] = (
    (60, 330, "Scharnier 120 mm"),
    (300, 330, "4"),
    (400, 330, "25,00"),
    (500, 330, "100,00"),
    (400, 360, "Netto"),
    (500, 360, "100,00 EUR"),
    (400, 372, "19 % USt."),
    (500, 372, "19,00 EUR"),
    (400, 384, "Gesamtbetrag"),
    (500, 384, "119,00 EUR"),
)
TABLE: tuple[Print, ...] = (
    (60, 310, "Bezeichnung"),
    (300, 310, "Menge"),
    (400, 310, "Einzelpreis"),
    (500, 310, "Betrag"),
)


def _read(*prints: Print) -> Extraction:
    def draw(canvas: Canvas) -> None:
        for x, y, text in prints:
            canvas.setFont("Helvetica-Bold" if text.startswith("#") else "Helvetica", 15 if text[0] == "#" else 9)
            canvas.drawString(x, 842 - y, text.lstrip("#"))

    return extract(paper.read(paper.pdf(draw)))


def _invoice(*head: Print, title: str = "#Rechnung") -> Extraction:
    return _read(*SELLER, *BUYER, *head, (60, 250, title), *TABLE, *FOOT)


@pytest.mark.parametrize(
    "head",
    [
        ((340, 130, "Nummer: INV-01179"), (340, 142, "Datum: 12.03.2026")),
        ((340, 130, "Nummer"), (340, 142, "INV-01179"), (440, 130, "Datum"), (440, 142, "12.03.2026")),
    ],
)
def test_a_bare_number_beside_a_bare_date_is_the_documents_own(head: tuple[Print, ...]) -> None:
    read = _invoice(*head)
    for name, text in (("invoice_number", "INV-01179"), ("issue_date", "2026-03-12")):
        assert read.text(name) == text
        assert (read.fields[name].confidence or 0) >= 0.95


def test_a_bare_number_does_not_take_the_place_of_the_named_one() -> None:
    head = ((340, 120, "Nummer: 4711"), (340, 132, "Datum: 01.02.2026"), (340, 150, "Rechnungs-Nr.: RE-118"))
    assert _invoice(*head, (340, 162, "Rechnungsdatum: 12.03.2026")).text("invoice_number") == "RE-118"


def test_an_order_named_in_the_head_makes_no_order_of_the_invoice() -> None:
    head: tuple[Print, ...] = ((340, 130, "Bestellung: 4700-03056"), (340, 142, "Datum: 12.03.2026"))
    read = _read(*SELLER, *BUYER, *head, (60, 250, "Rechnung VF-003059"), *TABLE, *FOOT)
    assert (read.document_type.value, read.text("invoice_number")) == ("invoice", "VF-003059")
    assert not any(rival.value == "purchase_order" and rival.confidence > 0.1 for rival in read.document_type.rivals)


def test_heads_of_columns_are_no_titles() -> None:
    heads = ((60, 270, "Rechnungs-Nr."), (200, 270, "Datum"), (320, 270, "Bestellung"))
    values = ((60, 282, "RE-118"), (200, 282, "12.03.2026"), (320, 282, "4500026008"))
    read = _invoice(*heads, *values)
    assert read.document_type.value == "invoice"
    assert all(rival.confidence < 0.1 for rival in read.document_type.rivals)


def test_a_number_of_a_credit_note_makes_a_credit_note() -> None:
    head: tuple[Print, ...] = ((340, 130, "Gutschrift-Nr.: G-77"), (340, 142, "Datum: 12.03.2026"))
    read = _invoice(*head, (340, 154, "Bezug Rechnung: RE-118"), title="#Rechnungskorrektur")
    assert (read.document_type.value, read.text("preceding_invoice")) == ("credit_note", "RE-118")


@pytest.mark.parametrize(("total", "doubted"), [("119,00 EUR", True), ("-119,00 EUR", False)])
def test_a_correction_with_positive_amounts_may_give_back(total: str, doubted: bool) -> None:
    foot = tuple((x, y, text if text != "119,00 EUR" else total) for x, y, text in FOOT)
    head: tuple[Print, ...] = ((340, 130, "Rechnungs-Nr.: RK-7"), (340, 142, "Datum: 12.03.2026"))
    read = _read(*SELLER, *BUYER, *head, (60, 250, "#Rechnungskorrektur"), *TABLE, *foot)
    assert any(one.field == "document_type" for one in read.warnings) is doubted


def test_letters_in_front_of_a_number_are_no_label_of_their_own() -> None:
    read = _invoice((340, 130, "Beleg-Nr.:"), (440, 130, "RE 2026 01456"), (340, 142, "Datum: 12.03.2026"))
    assert read.text("invoice_number") == "RE 2026 01456"


def test_an_order_number_among_other_words() -> None:
    head: tuple[Print, ...] = ((340, 130, "Rechnungs-Nr.: RE-118"), (340, 142, "Datum: 12.03.2026"))
    read = _invoice(*head, (340, 154, "Ihre Bestellung: Best. 0000789 v. 12.09."))
    assert read.text("purchase_order") == "0000789"


def test_a_company_called_packaging_bills_no_packing() -> None:
    seller: tuple[Print, ...] = (
        (60, 60, "Stiel Packaging GmbH"),
        (60, 72, "Werkstraße 30"),
        (60, 84, "70565 Stuttgart"),
    )
    head: tuple[Print, ...] = ((340, 130, "Rechnungs-Nr.: RE-118"), (340, 142, "Datum: 12.03.2026"))
    assert "shipping_total" not in _read(*seller, *BUYER, *head, (60, 250, "#Rechnung"), *TABLE, *FOOT).fields


def test_a_vat_id_behind_a_label_that_ends_its_line() -> None:
    foot = ((60, 700, "Muster Beschläge GmbH, Werkstraße 5, 70565 Stuttgart, USt-IdNr."), (60, 712, ": DE136695977"))
    head: tuple[Print, ...] = ((340, 130, "Rechnungs-Nr.: RE-118"), (340, 142, "Datum: 12.03.2026"))
    assert _invoice(*head, *foot).text("seller_vat_id") == "DE136695977"


def test_several_order_numbers_in_one_field() -> None:
    head: tuple[Print, ...] = ((340, 130, "Rechnungs-Nr.: RE-118"), (340, 142, "Datum: 12.03.2026"))
    read = _invoice(*head, (340, 154, "Ihre Bestellung: PO-26-02003; PO-26-02005"))
    orders = read.fields["purchase_order"]
    assert {orders.value, *orders.others} == {"PO-26-02003", "PO-26-02005"}


IBAN = "DE79 0000 0000 1234 5678 90"


def test_an_account_that_goes_on_in_the_next_line_is_read() -> None:
    begun, rest = IBAN[:9], IBAN[10:]
    read = _invoice((60, 420, "Bank: Musterbank"), (450, 420, f"IBAN: {begun}"), (60, 431, f"{rest} BIC: COBADEFFXXX"))
    assert read.text("seller_iban") == IBAN.replace(" ", "")


def test_an_account_that_cannot_be_read_whole_is_not_taken_for_none() -> None:
    read = _invoice((60, 420, f"IBAN: {IBAN[:9]}"))
    assert "seller_iban" not in read.fields
    assert [(one.code, one.field) for one in read.warnings if one.field == "seller_iban"] == [
        ("low_confidence", "seller_iban")
    ]


@pytest.mark.parametrize("line", ["Cork, T12 X8N6", "Dublin, D08 W3Y2", "Dublin D6W XY00"])
def test_irish_places(line: str) -> None:
    assert has_place(line)
    assert is_place_line(line)


def test_articles_are_no_irish_places() -> None:
    assert not has_place("Cutting disc A12 BCDF")
    assert not has_place("Lamp E27 LED")


def test_a_street_is_no_name_and_a_company_called_like_one_is() -> None:
    assert not is_name("Calle Sauldfleildaux 105")
    assert is_name("Via Mobility 2000 GmbH")
    assert is_name("Rue du Commerce SARL")


def test_the_senders_name_alone_over_the_window() -> None:
    read = _read(
        (60, 118, "Muster Beschläge GmbH"),
        *BUYER,
        (340, 130, "Rechnungs-Nr.: RE-118"),
        (340, 142, "Datum: 12.03.2026"),
        (60, 250, "#Rechnung"),
        *TABLE,
        *FOOT,
        (60, 790, "Muster Beschläge GmbH, Werkstraße 5, 70565 Stuttgart, USt-IdNr. DE136695976"),
    )
    assert (read.text("seller_name"), read.text("buyer_name")) == ("Muster Beschläge GmbH", "Kunden AG Mitte")


def test_a_buyer_without_an_address_under_the_senders_line() -> None:
    read = _read(
        (60, 118, "Muster Beschläge GmbH · Werkstraße 5 · 70565 Stuttgart"),
        (60, 130, "Kunden AG Mitte"),
        (340, 130, "Rechnungs-Nr.: RE-118"),
        (340, 142, "Datum: 12.03.2026"),
        (60, 250, "#Rechnung"),
        *TABLE,
        *FOOT,
    )
    assert (read.text("seller_name"), read.text("buyer_name")) == ("Muster Beschläge GmbH", "Kunden AG Mitte")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_heading_of_price_units_is_known_in_every_language(language: str) -> None:
    words = tables(language)["columns"]
    sentences = [text for text in tables(language)["text"].values() if "{" not in text]
    heads = zip((60, 300, 370, 440, 510), ("description", "quantity", "price", "base", "net"), strict=True)
    table = tuple((x, 310, words[name].split("|")[0]) for x, name in heads)
    cells = zip((60, 300, 370, 440, 510), ("Kappe 12", "57", "442,00", "100", "251,94"), strict=True)
    read = _read(
        *SELLER,
        *BUYER,
        *((60, 180 + 12 * at, text.split("|")[0]) for at, text in enumerate(sentences)),
        *table,
        *((x, 330, text) for x, text in cells),
        (400, 360, "Total"),
        (510, 360, "251,94 EUR"),
    )
    (line,) = read.line_items
    assert line.price_base is not None
    assert (line.price_base.value, line.unit_price and line.unit_price.value) == ("100", "442.00")
