"""Classes of print of widely used invoicing programs: parties without labels, allowances, names of goods, dates."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.dates import dates_in
from ingest.extract import extract
from ingest.extraction import Extraction
from tests.ingest import paper
from tests.ingest.prints import HEAD, PARTIES, SUMS, TABLE, Print, read

_TOTALS = ("lines_total", "discount_total", "net_total", "tax_total", "gross_total", "prepaid", "amount_due")
_LEFT = ("Stadtwerke Hameln GmbH", "Hafenstr. 14", "31785 Hameln")
_RIGHT = ("Ingenieurbüro Poser", "Kaiserstraße 31", "31785 Hameln")
_DATA: tuple[Print, ...] = ((60, 250, "Rechnung RE26-118"), (60, 262, "Rechnungsdatum: 11.11.2026"))


def _column(x: float, *lines: str, top: float = 60) -> tuple[Print, ...]:
    return tuple((x, top + 12 * index, line) for index, line in enumerate(lines))


def _sums(*rows: tuple[str, str], top: float = 360) -> tuple[Print, ...]:
    return tuple((x, top + 12 * i, text) for i, row in enumerate(rows) for x, text in zip((340, 480), row, strict=True))


def _row(top: float, *cells: tuple[float, str]) -> tuple[Print, ...]:
    return tuple((x, top, text) for x, text in cells)


def _totals(*rows: tuple[str, str]) -> list[str | None]:
    found = read(*PARTIES, *HEAD, *TABLE, *_sums(*rows))
    return [found.text(name) for name in _TOTALS]


def _parties(read_: Extraction) -> tuple[str | None, str | None]:
    return read_.text("seller_name"), read_.text("buyer_name")


def test_of_two_addresses_side_by_side_the_sender_is_who_lists_ways_to_reach_him() -> None:
    right = (*_RIGHT, "Tel.: 05151 40910", "Mobil: 0171 2223344")
    found = read(*_column(60, *_LEFT), *_column(380, *right), *_DATA, *TABLE, *SUMS)
    assert _parties(found) == ("Ingenieurbüro Poser", "Stadtwerke Hameln GmbH")


def test_of_two_addresses_side_by_side_that_say_as_much_neither_is_sure() -> None:
    left, right = (*_LEFT, "Tel.: 05151 1234"), (*_RIGHT, "Tel.: 05151 40910")
    found = read(*_column(60, *left), *_column(380, *right), *_DATA, *TABLE, *SUMS)
    sure = [found.fields[name].confidence or 0.0 for name in ("seller_name", "buyer_name")]
    assert max(sure) < 0.7


@pytest.mark.parametrize(
    "telling",
    [
        (60, 800, "Atelier Nord, SARL au capital de 12 000 € - RCS Lille 812 456 781"),
        (380, 72, "Service comptabilité fournisseurs"),
    ],
)
def test_of_two_addresses_an_imprint_or_a_department_tells_whose_is_whose(telling: Print) -> None:
    left = ("Atelier Nord", "14 rue des Carmes", "59800 Lille")
    right = ((380, 60, "Mairie de Wambrechies"), (380, 84, "2 place du Général"), (380, 96, "59118 Wambrechies"))
    head = _column(60, "Facture n° 26-0457", "Date de facture : 13/11/2026", top=250)
    found = read(*_column(60, *left), *right, telling, *head, *TABLE, *SUMS)
    sure = min(found.fields[name].confidence or 0.0 for name in ("seller_name", "buyer_name"))
    assert (_parties(found), sure > 0.75) == (("Atelier Nord", "Mairie de Wambrechies"), True)


def test_a_place_before_its_postal_code_still_ends_the_address_beside_the_senders() -> None:
    left = ("Gemeente Veenendaal", "Raadhuisplein 1", "Veenendaal 3901 GA")
    right = ("Groenvoorziening de Wit B.V.", "KvK: 30123987", "Industrielaan 22", "Ede 6718 WV")
    head = _column(60, "Factuur 20260188", "Factuurdatum: 05-11-2026", top=250)
    found = read(*_column(60, *left), *_column(380, *right), *head, *TABLE, *SUMS)
    assert _parties(found) == ("Groenvoorziening de Wit B.V.", "Gemeente Veenendaal")


def test_the_only_name_is_the_addressees_where_the_sender_shows_a_logo() -> None:
    own = _column(60, "12 rue du Port", "62200 Boulogne-sur-Mer", "SIRET 41230956700018")
    to = _column(380, "Résidence Les Dunes SCI____", "4 avenue de la Plage____", "62520 Le Touquet____", top=90)
    head = _column(60, "Facture n° 26-0457", "Date de facture : 13/11/2026", top=250)
    found = read(*own, *to, *head, *TABLE, *SUMS)
    assert _parties(found) == (None, "Résidence Les Dunes SCI")


@pytest.mark.parametrize(("of", "to"), [("De:", "Para:"), ("Von:", "An:"), ("From:", "To:")])
def test_short_words_head_the_parties_where_they_face_each_other(of: str, to: str) -> None:
    name = "Nombre" if to == "Para:" else "Name"
    seller = _column(60, of, f"{name}: Ferrotec Suministros S.L.", "50016 Zaragoza")
    buyer = _column(340, to, f"{name}: Talleres Moncayo S.A.", "42200 Almazan")
    found = read(*seller, *buyer, *HEAD, *TABLE, *SUMS)
    assert _parties(found) == ("Ferrotec Suministros S.L.", "Talleres Moncayo S.A.")


def test_who_gets_the_goods_pays_where_nobody_else_is_named() -> None:
    seller = _column(60, "Consignor", "Jagdeep Print Line Ltd", "7 Abulash Lane")
    buyer = _column(340, "Consignee", "Hindustan Paper Ventures Ltd", "3 Budh Marg")
    found = read(*seller, *buyer, *HEAD, *TABLE, *SUMS)
    assert _parties(found) == ("Jagdeep Print Line Ltd", "Hindustan Paper Ventures Ltd")


def test_two_lines_larger_than_the_others_are_one_name() -> None:
    def draw(canvas: Canvas) -> None:
        for size, prints in (
            (9, (*HEAD, *TABLE, *SUMS, *_column(60, "Northlight Studio LLC", "410 Marquette Ave", top=40))),
            (9, _column(60, "Bill To,", top=100)),
            (12, ((60, 114, "Harbor Freight"), (60, 127, "Cooperative"))),
            (8, _column(60, "Accounts Payable", "77 Canal Park Dr", "Duluth, MN 55802", top=140)),
        ):
            canvas.setFont("Helvetica", size)
            for x, y, text in prints:
                canvas.drawString(x, 842 - y, text)

    assert extract(paper.read(paper.pdf(draw))).text("buyer_name") == "Harbor Freight Cooperative"


def test_the_net_total_is_what_an_allowance_leaves_of_the_subtotal() -> None:
    sums = _totals(("Subtotal", "100.00"), ("Discount", "10.00"), ("VAT 20 %", "18.00"), ("Total", "108.00"))
    assert sums == ["100.00", "10.00", "90.00", "18.00", "108.00", None, None]


def test_an_allowance_after_tax_leaves_the_net_total_alone() -> None:
    sums = _totals(("Subtotal", "100.00"), ("VAT 20 %", "20.00"), ("Discount", "12.00"), ("Total", "108.00"))
    assert sums[2:5] == ["100.00", "20.00", "108.00"]


def test_what_is_called_the_total_is_what_is_due_where_only_what_was_paid_makes_it_so() -> None:
    rows = (("Subtotal", "100.00"), ("Discount", "-10.00"), ("VAT (20%)", "18.00"), ("Paid", "- 30.00"))
    assert _totals(*rows, ("Total", "78.00"))[2:] == ["90.00", "18.00", "108.00", "30.00", "78.00"]


def test_a_balance_after_what_was_paid_leaves_the_total_to_the_subtotal() -> None:
    sums = _totals(("Subtotal", "$100.00"), ("Paid To Date", "$20.00"), ("Balance Due", "$80.00"))
    assert sums[4:] == ["100.00", "20.00", "80.00"]


def test_units_beside_a_count_are_what_is_counted() -> None:
    table = (
        *_row(310, (60, "Description"), (260, "Units"), (330, "Qty"), (400, "Price"), (480, "Total")),
        *_row(330, (60, "Roll-up banner"), (262, "pcs"), (334, "4"), (400, "25.00"), (480, "100.00")),
    )
    cells = {name: value.value for name, value in read(*PARTIES, *HEAD, *table, *SUMS).line_items[0].cells()}
    assert (cells["description"], cells["quantity"]) == ("Roll-up banner", "4")


def test_the_lesser_of_two_totals_is_the_net_one_where_a_tax_leads_to_the_greater() -> None:
    found = read(*PARTIES, *HEAD, *_sums(("Summe:", "98,32"), ("Mehrwertsteuer:", "18,68"), ("Gesamt:", "117,00")))
    assert [found.text(name) for name in _TOTALS[2:5]] == ["98.32", "18.68", "117.00"]


def test_the_only_price_of_lines_without_counts_is_what_they_cost() -> None:
    table = (
        *_row(310, (60, "Pos"), (100, "Beschreibung"), (480, "Preis")),
        *_row(325, (60, "1."), (100, "Illustrationen Waldfibel"), (480, "80,00")),
        *_row(340, (60, "2."), (100, "Druckdatenaufbereitung"), (480, "20,00")),
    )
    sums = _sums(("Netto", "100,00"), ("MwSt. 20 %", "20,00"), ("Gesamt", "120,00"))
    items = read(*PARTIES, *HEAD, *table, *sums).line_items
    assert [item.line_total and item.line_total.value for item in items] == ["80.00", "20.00"]


def test_lines_drawn_with_signs_are_no_text_of_the_goods() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Courier", 9)
        cells = (
            *_row(310, (60, "Pos."), (100, "Beschreibung"), (300, "Menge"), (380, "Preis"), (480, "Gesamt")),
            *_row(334, (60, "1."), (100, "Imagefilm"), (300, "1"), (380, "100,00"), (480, "100,00")),
            *((60, top, "X" * 60) for top in (322, 346)),
        )
        for x, y, text in (*PARTIES, *HEAD, *cells, *SUMS):
            canvas.drawString(x, 842 - y, text)

    document = paper.read(paper.pdf(draw))
    # no font of a PDF reader's own holds the sign
    words = (replace(w, text="─" * 60) if w.text == "X" * 60 else w for w in document.pages[0].words)
    items = extract(replace(document, pages=(replace(document.pages[0], words=tuple(words)),))).line_items
    assert [item.description and item.description.value for item in items] == ["Imagefilm"]


def test_heads_to_the_left_over_numbers_to_the_right_are_taken_in_order() -> None:
    table = (
        *_row(310, (60, "Description"), (290, "Rate"), (365, "Hours"), (430, "Amount")),
        *_row(330, (60, "Route model audit"), (335, "$140/hr"), (415, "18.5"), (500, "$2,590.00")),
        *_row(345, (60, "Dashboard"), (340, "$95/hr"), (420, "12"), (500, "$1,140.00")),
    )
    items = read(*PARTIES, *HEAD, *table, (430, 380, "Total"), (500, 380, "$3,730.00")).line_items
    cells = [{name: value.value for name, value in item.cells()} for item in items]
    assert [(c["quantity"], c["unit_price"], c["line_total"]) for c in cells] == [
        ("18.5", "140", "2590.00"),
        ("12", "95", "1140.00"),
    ]


def test_the_name_that_begins_a_row_of_registers_in_the_foot_is_the_sellers() -> None:
    to = _column(60, "Alpenhof Hotelbetriebs GmbH", "Sonnleiten 8", "5440 Golling")
    head = _column(60, "Rechnung 2026-14", "Datum: 9.11.2026", top=250)
    foot = _row(800, (60, "Michael Schaffer"), (190, "Klosterstr. 1, 5450 Werfen"), (380, "UID: ATU63611700"))
    assert _parties(read(*to, *head, *TABLE, *SUMS, *foot)) == ("Michael Schaffer", "Alpenhof Hotelbetriebs GmbH")


def test_what_a_company_is_endowed_with_names_nobody() -> None:
    to = _column(60, "Alpenhof Hotelbetriebs GmbH", "Sonnleiten 8", "5440 Golling")
    head = _column(60, "Rechnung 2026-14", "Datum: 9.11.2026", top=250)
    foot = _row(800, (60, "SARL au capital de 60 000 EUR"), (260, "71100 Chalon"), (380, "RCS Chalon 331 884 207"))
    assert _parties(read(*to, *head, *TABLE, *SUMS, *foot))[0] != "SARL au capital de 60 000 EUR"


def test_a_tax_number_under_who_is_paid_is_the_sellers() -> None:
    buyer = _column(60, "Invoiced To", "Fenland Cycles Ltd", "3 Market Hill", "Ely CB7 4LU")
    seller = _column(340, "Pay To", "Northhost Ltd", "1 Cable Street", "Leeds LS2 7AA", "VAT: GB 293 4450 04")
    found = read(*buyer, *seller, (60, 250, "Invoice #NH-20931"), (60, 262, "Invoice Date: 14/11/2026"), *TABLE, *SUMS)
    assert (found.text("seller_vat_id"), found.text("buyer_vat_id")) == ("GB293445004", None)


def test_a_tax_that_one_country_levies_tells_the_currency() -> None:
    table = tuple((x, y, text.removeprefix("GBP ")) for x, y, text in (*TABLE, *SUMS))
    tax = ((340, 396, "CGST @ 6%"), (480, 396, "10.00"), (340, 408, "SGST @ 6%"), (480, 408, "10.00"))
    bare = read(*PARTIES, *HEAD, *table)
    assert (bare.text("currency"), read(*PARTIES, *HEAD, *table, *tax).text("currency")) == (None, "INR")


def test_a_way_to_pay_is_not_what_the_document_is() -> None:
    head = _row(200, (60, "Payment Method:"), (340, "Shipping Method:"))
    found = read(*PARTIES, *HEAD, *head, *_row(212, (60, "Purchase Order"), (340, "Ground")), *TABLE, *SUMS)
    assert found.document_type.value == "invoice"


@pytest.mark.parametrize("head", ["Item", "Article"])
def test_words_in_the_column_for_codes_or_numbers_begin_the_text(head: str) -> None:
    table = (
        *_row(310, (60, head), (160, "Description"), (330, "Qty"), (400, "Price"), (480, "Total")),
        *_row(330, (60, "Survey"), (160, "Route north"), (330, "2"), (400, "50.00"), (480, "100.00")),
    )
    item = read(*PARTIES, *HEAD, *table, *SUMS).line_items[0]
    cells = {name: value.value for name, value in item.cells()}
    assert (cells["description"], cells.get("sku"), cells.get("line_number")) == ("Survey Route north", None, None)


def test_a_head_that_begins_over_the_others_is_read_with_them() -> None:
    table = (
        (330, 302, "Coût"),
        *_row(310, (60, "Article"), (130, "Description"), (400, "Quantité"), (480, "Total")),
        (330, 318, "unitaire"),
        *_row(340, (60, "POSE"), (130, "Pose et scellement"), (330, "50,00"), (400, "2"), (480, "100,00")),
    )
    item = read(*PARTIES, *HEAD, *table, *SUMS).line_items[0]
    cells = {name: value.value for name, value in item.cells()}
    assert (cells["description"], cells["unit_price"], cells["quantity"]) == ("Pose et scellement", "50.00", "2")


def test_a_price_in_a_column_without_a_head_is_no_part_of_the_text() -> None:
    table = (
        *_row(310, (60, "Code"), (130, "Description"), (400, "Quantity"), (480, "Amount")),
        *_row(330, (60, "HB-8"), (130, "Hex bolts M8"), (250, "25.00"), (400, "4"), (480, "100.00")),
    )
    item = read(*PARTIES, *HEAD, *table, *SUMS).line_items[0]
    cells = {name: value.value for name, value in item.cells()}
    assert (cells["description"], cells["unit_price"]) == ("Hex bolts M8", "25.00")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026 Nov 09", ["2026-11-09"]),
        ("2026. november 9.", ["2026-11-09"]),
        ("2026 Nov 09   2026 Dec 09", ["2026-11-09", "2026-12-09"]),
        ("9 Nov 2026 Nov 24 2026", ["2026-11-09", "2026-11-24"]),
    ],
)
def test_a_date_may_begin_with_its_year(text: str, days: list[str]) -> None:
    assert [printed.readings[0].isoformat() for printed in dates_in(text)] == days
