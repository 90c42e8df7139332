"""Classes of print of business programs: heads over several rows, terms by days, references and notes among lines."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.extraction import Extraction
from tests.ingest.prints import HEAD, PARTIES, SUMS, TABLE, Print, read

_XS = (60, 300, 380, 480)
_NAMES = ("Description", "Quantity", "Unit price", "Amount")


def _rows(*rows: tuple[float, tuple[str, ...]], xs: tuple[float, ...] = _XS) -> tuple[Print, ...]:
    return tuple((x, top, text) for top, cells in rows for x, text in zip(xs, cells, strict=False) if text)


def _net(amount: str, top: float = 460) -> tuple[Print, ...]:
    return _rows((top, ("Net total", amount)), (top + 12, ("Total", amount)), xs=(380, 480))


def _texts(found: Extraction) -> list[str | None]:
    return [line.description.value if line.description is not None else None for line in found.line_items]


def _numbers(found: Extraction) -> list[tuple[str | None, ...]]:
    cells = [(line.quantity, line.unit_price, line.line_total) for line in found.line_items]
    return [tuple(cell.value if cell is not None else None for cell in line) for line in cells]


def _with(*prints: Print) -> Extraction:
    return read(*PARTIES, *HEAD, *TABLE, *SUMS, *prints)


def test_a_text_over_the_heads_of_its_numbers_is_read_whole() -> None:
    head = _rows((310, ("Pos.", "Material", "Bezeichnung")), xs=(60, 100, 160))
    below = _rows((322, ("Menge", "Preis", "Wert")), xs=(260, 340, 480))
    rows = []
    for top, code, text, *numbers in (
        (340, "4711-220", "Gummiaderleitung H07RN-F schwarz 3G2,5", "50 M", "2,00", "100,00"),
        (370, "0815-016", "Leitungsschutzschalter einpolig B16 4-polig", "10 ST", "3,00", "30,00"),
    ):
        rows += _rows((float(top), ("000010", code, text)), xs=(60, 100, 160))
        rows += _rows((top + 12.0, tuple(numbers)), xs=(260, 340, 480))
    found = read(*PARTIES, *HEAD, *head, *below, *rows, *_net("130,00"))
    assert _texts(found) == ["Gummiaderleitung H07RN-F schwarz 3G2,5", "Leitungsschutzschalter einpolig B16 4-polig"]


def test_a_sentence_that_introduces_the_lines_is_no_part_of_the_first() -> None:
    rows = ((322, ("We invoice the goods delivered:",)), (334, ("Bread rolls", "4", "25.00", "100.00")))
    found = read(*PARTIES, *HEAD, *_rows((310, _NAMES), *rows), *SUMS)
    assert _texts(found) == ["Bread rolls"]


def test_codes_over_names_under_one_head_for_both_are_articles_numbers() -> None:
    names = ("Item / Description", "Quantity", "Unit price", "Amount")
    one = ((330, ("KZ-40x40x3", "4", "25.00", "100.00")), (340, ("Hollow section, square",)))
    two = ((360, ("CUTTING", "2", "10.00", "20.00")), (370, ("Cutting to length",)))
    three = ((390, ("BL-200", "1", "30.00", "30.00")), (400, ("Sheet metal, cold rolled",)))
    found = read(*PARTIES, *HEAD, *_rows((310, names), *one, *two, *three), *_net("150.00"))
    assert _texts(found) == ["Hollow section, square", "Cutting to length", "Sheet metal, cold rolled"]


def test_a_group_over_all_columns_does_not_make_a_further_column_the_description() -> None:
    xs = (60, 150, 300, 380, 480)
    head = (310, ("Description", "Wage type", "Hours", "Rate", "Amount"))
    rows = (
        (325, ("Jan de Wit - personnel 10443 - orderpicker night",)),
        (340, ("Hours", "Normal", "38", "10.00", "380.00")),
        (355, ("Mo Yilmaz - personnel 10518 - drives fork lifts",)),
        (370, ("Other", "Night", "40", "10.00", "400.00")),
        (385, ("Travel", "Costs", "5", "10.00", "50.00")),
    )
    found = read(*PARTIES, *HEAD, *_rows(head, *rows, xs=xs), *_net("830.00"))
    assert _texts(found)[-1] == "Travel"


def test_a_price_after_its_discount_gives_way_to_the_one_before_under_an_unknown_head() -> None:
    xs = (60, 250, 300, 360, 420, 480)
    head = (310, ("Description", "Quantity", "P.F.", "Disc. %", "Net price", "Amount"))
    rows = (
        (330, ("Tablets", "100", "1.50", "10.00", "1.35", "135.00")),
        (345, ("Cream", "4", "5.00", "", "5.00", "20.00")),
    )
    found = read(*PARTIES, *HEAD, *_rows(head, *rows, xs=xs), *_net("155.00"))
    assert _numbers(found) == [("100", "1.50", "135.00"), ("4", "5.00", "20.00")]


def test_a_charge_that_another_completes_is_taxed_by_none() -> None:
    xs = (60, 150, 300, 380, 480)
    head = _rows(
        (310, ("Shipment", "Service", "Standard", "Extra", "Total")),
        (320, ("Number", "", "Charge", "Charges", "")),
        xs=xs,
    )
    rows = (
        (335, ("7712004811", "Express", "50.00", "10.00", "60.00")),
        (347, ("7712004977", "Economy", "40.00", "8.00", "48.00")),
    )
    sums = _rows(
        (400, ("Total excl. VAT", "108.00")), (412, ("VAT 23 %", "24.84")), (424, ("Total", "132.84")), xs=(380, 480)
    )
    found = read(*PARTIES, *HEAD, *head, *_rows(*rows, xs=xs), *sums)
    assert [numbers[0::2] for numbers in _numbers(found)] == [(None, "60.00"), (None, "48.00")]


def test_nothing_follows_the_decimals_of_a_number() -> None:
    xs = (60, 280, 380, 480)
    head = (310, ("Bezeichnung", "Menge", "Preis pro", "Wert"))
    rows = ((330, ("Titandioxid", "500,000 KG", "1 315,000 100 KG", "6 575,00")),)
    found = read(*PARTIES, *HEAD, *_rows(head, *rows, xs=xs), *_net("6 575,00"))
    assert [line.unit_price.value if line.unit_price else None for line in found.line_items] == ["1315.000"]


def test_of_the_days_that_terms_name_over_several_lines_the_one_without_discount_is_when_payment_is_due() -> None:
    found = _with(
        (60, 500, "Zahlungsbedingungen:"),
        (60, 512, "Bis 26.10.2026 2,000 % Skonto"),
        (60, 524, "Bis 13.11.2026 ohne Abzug"),
    )
    assert found.text("due_date") == "2026-11-13"


def test_working_days_are_not_counted_as_days() -> None:
    found = _with((60, 500, "Zahlbar innerhalb von 18 Werktagen ohne Abzug."))
    assert (found.text("payment_terms_days"), found.text("due_date")) == ("18", None)


@pytest.mark.parametrize("more", ["erstmals fällig am 01.12.2026", "next payment due on 01/12/2026"])
def test_when_a_later_bill_is_due_is_not_when_this_one_is(more: str) -> None:
    assert _with((60, 500, f"Ihr neuer Abschlag beträgt 46,00, {more}.")).text("due_date") is None


def test_a_day_beside_a_title_with_its_number_is_the_day_of_issue() -> None:
    xs = (60, 160, 380, 480)
    head = _rows((310, ("Date", "Text", "Charges GBP", "Credits GBP")), xs=xs)
    dated = _rows((330, ("12/10/2026", "Room", "50.00")), (345, ("13/10/2026", "Room", "50.00")), xs=xs)
    stay = ((340, 130, "Arrival"), (420, 130, ": 12/10/2026"))
    title = ((60, 250, "INVOICE INV0088213"), (200, 250, "14/10/2026"))
    found = read(*PARTIES, *stay, *title, *head, *dated, *SUMS)
    assert found.text("issue_date") == "2026-10-14"


def test_an_external_documents_number_is_the_buyers_order() -> None:
    found = _with((340, 160, "Order no.: S-ORD104482"), (340, 172, "External Document No.: IO-2026-0093"))
    assert found.text("purchase_order") == "IO-2026-0093"


def test_delivery_notes_among_the_lines_make_no_delivery_note() -> None:
    data = ("Tipologia documento", "Numero", "Data")
    head = _rows((220, data), (232, ("TD24 fattura differita", "1187/F", "31-10-2026")), xs=(60, 200, 320))
    rows = ((262, ("DDT 4471 DEL 12-10-2026",)), (274, ("Pesche", "4", "25,00", "100,00")))
    names = ("Descrizione", "Quantità", "Prezzo", "Importo")
    found = read(*PARTIES, *head, *_rows((250, names), *rows), *_net("100,00"))
    assert found.document_type.value == "invoice"


def test_the_one_other_invoice_that_a_credit_note_names_is_what_it_corrects() -> None:
    rows = ((330, ("Hex bolts M8", "4", "25.00", "100.00")), (342, ("Invoice HF-9817 of 19/09/2026",)))
    head = ((340, 130, "Credit note no.: HC-10482"), (340, 142, "Date: 14/10/2026"))
    found = read(*PARTIES, *head, *_rows((310, _NAMES), *rows), *SUMS)
    assert found.text("preceding_invoice") == "HF-9817"


def test_the_net_total_follows_from_the_breakdown_where_it_is_not_printed() -> None:
    head = ("Rate", "Taxable", "Tax")
    rows = _rows((400, head), (412, ("4 %", "100.00", "4.00")), (424, ("22 %", "50.00", "11.00")), xs=(60, 160, 260))
    lines = ((330, ("Peaches", "4", "25.00", "100.00")), (345, ("Crates", "5", "10.00", "50.00")))
    total = ((380, 450, "Total"), (480, 450, "GBP 165.00"))
    found = read(*PARTIES, *HEAD, *_rows((310, _NAMES), *lines), *rows, *total)
    assert found.text("net_total") == "150.00"


def test_an_article_behind_a_label_is_nobodys_name() -> None:
    found = read(
        *PARTIES[:3], *HEAD, *TABLE, *SUMS, (60, 220, "Ihre Stromrechnung für den Zeitraum 01.09.2026 bis 30.09.2026")
    )
    assert found.text("buyer_name") != "den"


def test_an_account_with_a_blank_behind_its_country_is_one() -> None:
    found = _with((60, 500, "Bank: Barclays  GB 33 BUKB 2020 1555 5555 55"))
    assert found.text("seller_iban") == "GB33BUKB20201555555555"


def test_goods_counted_in_pieces_and_charged_by_weight_have_their_weight_as_quantity() -> None:
    xs = (60, 240, 300, 380, 480)
    head = ((310, ("Article", "Pieces", "Weight", "Price", "Amount")), (320, ("", "", "kg", "EUR/100 kg", "EUR")))
    rows = (
        (340, ("Round bar", "12", "799.2", "214.50", "1,714.28")),
        (355, ("Flat bar", "8", "753.6", "148.00", "1,115.33")),
    )
    found = read(*PARTIES, *HEAD, *_rows(*head, *rows, xs=xs), *_net("2,829.61"))
    assert [numbers[0] for numbers in _numbers(found)] == ["799.2", "753.6"]
    assert [line.price_base.value if line.price_base else None for line in found.line_items] == ["100", "100"]


def test_of_columns_that_one_row_sums_up_the_part_that_is_summed_up_below_is_billed() -> None:
    xs = (60, 240, 380, 480)
    head = (310, ("Description", "Value", "Before", "Now"))
    rows = ((330, ("Membrane", "11,400.00", "5,700.00", "5,700.00")), (345, ("Zinc", "7,950.00", "0.00", "7,950.00")))
    sums = _rows((360, ("Totals", "19,350.00", "5,700.00", "13,650.00")), xs=xs)
    found = read(*PARTIES, *HEAD, *_rows(head, *rows, xs=xs), *sums, *_net("13,650.00"))
    assert [numbers[2] for numbers in _numbers(found)] == ["5700.00", "7950.00"]


def test_what_is_left_after_an_advance_is_not_the_total() -> None:
    table = _rows((310, _NAMES), (330, ("Paving", "4", "250.00", "1,000.00")))
    sums = _rows(
        (360, ("Net total", "1,000.00")), (372, ("Prepaid", "-400.00")), (384, ("Amount due", "600.00")), xs=(380, 480)
    )
    found = read(*PARTIES, *HEAD, *table, *sums)
    totals = [found.text(name) for name in ("net_total", "prepaid", "amount_due")]
    assert totals == ["1000.00", "400.00", "600.00"]


def test_a_folio_of_the_register_is_no_invoice_number() -> None:
    data = _rows(
        (200, ("FACTURA", "FECHA", "CLIENTE")), (212, ("A/2600871", "04/11/2026", "004471")), xs=(60, 200, 320)
    )
    register = (60, 800, "Inscrita en el R.M. de Sevilla, Tomo 2118, Folio 44, Hoja SE-30112")
    spanish = (60, 480, "Forma de pago: giro a los 30 días de la fecha de la factura, y gastos del cliente")
    assert read(*PARTIES, *data, *TABLE, *SUMS, spanish, register).text("invoice_number") == "A/2600871"


def test_until_when_a_transfer_is_asked_for_is_when_payment_is_due() -> None:
    assert _with((60, 500, "Pagamento: Bonifico bancario entro 05/12/2026")).text("due_date") == "2026-12-05"


def test_prices_per_thousand_are_told_by_their_head() -> None:
    names = ("Description", "Quantité", "Prix/1000", "Montant")
    rows = (
        (330, ("Bulletin, 24 pages", "18 500", "214,00", "3 959,00")),
        (345, ("Affiches", "750", "1 180,00", "885,00")),
    )
    found = read(*PARTIES, *HEAD, *_rows((310, names), *rows), *_net("4 844,00"))
    cells = [(line.unit_price, line.price_base) for line in found.line_items]
    assert [tuple(one.value if one else None for one in pair) for pair in cells] == [
        ("214.00", "1000"),
        ("1180.00", "1000"),
    ]


def test_a_row_over_several_columns_that_names_a_delivery_is_no_description() -> None:
    xs = (60, 130, 300, 380, 480)
    head = (310, ("Art.Nr.", "Artikel", "Menge", "Preis", "Gesamt"))
    rows = (
        (325, ("LIEFERSCHEIN 771204 VOM 05.11.2026",)),
        (337, ("10220", "Kartoffeln, Sack", "100", "0,89", "89,00")),
        (349, ("10471", "Karotten", "30", "1,15", "34,50")),
        (361, ("LIEFERSCHEIN 771388 VOM 07.11.2026",)),
        (373, ("10233", "Zwiebeln", "50", "0,72", "36,00")),
    )
    found = read(*PARTIES, *HEAD, *_rows(head, *rows, xs=xs), *_net("159,50"))
    assert _texts(found) == ["Kartoffeln, Sack", "Karotten", "Zwiebeln"]


def test_what_is_left_without_tax_is_not_what_is_due() -> None:
    rest = _rows(
        (420, ("Restforderung netto", "50,00")),
        (432, ("MwSt. 20 %", "10,00")),
        (444, ("Restforderung brutto", "60,00")),
    )
    found = read(*PARTIES, *HEAD, *TABLE, *SUMS, *((x + 80, top, text) for x, top, text in rest))
    assert found.text("amount_due") == "60.00"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("Klinik am See", "Betriebsgesellschaft mbH"), "Klinik am See Betriebsgesellschaft mbH"),
        (("Wohnungsgenossenschaft", "Elbtal eG"), "Wohnungsgenossenschaft Elbtal eG"),
        (("Joanna Pike", "Tamar Engineering Ltd"), "Tamar Engineering Ltd"),
        (("Nordlys", "Nordlys Emballage ApS"), "Nordlys Emballage ApS"),
    ],
)
def test_a_name_that_its_window_breaks_is_read_whole_and_a_person_above_it_is_none(
    lines: tuple[str, str], name: str
) -> None:
    address = ((60, 142, lines[0]), (60, 154, lines[1]), (60, 166, "Seestraße 20"), (60, 178, "82418 Murnau"))
    assert read(*PARTIES[:4], *address, *HEAD, *TABLE, *SUMS).text("buyer_name") == name


def test_numbers_of_lines_at_the_edge_of_their_texts_are_no_part_of_them() -> None:
    xs = (60, 92, 102, 300, 380, 480)
    head = (310, ("Pos.", "", "Bezeichnung", "Menge", "Preis", "Gesamt"))
    rows = ((330, ("", "1", "Wartung", "4", "25.00", "100.00")), (345, ("", "2", "Anfahrt", "2", "10.00", "20.00")))
    found = read(*PARTIES, *HEAD, *_rows(head, *rows, xs=xs), *_net("120.00"))
    assert [(line.line_number.value if line.line_number else None) for line in found.line_items] == ["1", "2"]
    assert _texts(found) == ["Wartung", "Anfahrt"]


def test_discounts_in_two_columns_are_taken_off_in_steps() -> None:
    xs = (60, 240, 290, 350, 390, 430, 490)
    head = (310, ("Artikelbenämning", "Antal", "Bruttopris", "Rab1", "Rab2", "Nettopris", "Belopp"))
    rows = (
        (330, ("Kopparrör", "60", "89,00", "42", "5", "49,04", "2 942,40")),
        (345, ("Kulventil", "12", "148,00", "35", "", "96,20", "1 154,40")),
    )
    found = read(*PARTIES, *HEAD, *_rows(head, *rows, xs=xs), *_net("4 096,80"))
    assert _numbers(found) == [("60", "89.00", "2942.40"), ("12", "148.00", "1154.40")]


def test_a_day_in_one_of_several_heads_leaves_them_heads() -> None:
    xs = (60, 200, 300, 400, 490)
    head = (310, ("Désignation", "Montant marché", "Cumul au 31/10/2026", "Précédent", "Montant du mois"))
    rows = (
        (330, ("Isolation", "48 200,00", "36 150,00", "24 100,00", "12 050,00")),
        (345, ("Couvertines", "9 640,00", "4 820,00", "0,00", "4 820,00")),
    )
    found = read(*PARTIES, *HEAD, *_rows(head, *rows, xs=xs), *_net("16 870,00"))
    assert [numbers[2] for numbers in _numbers(found)] == ["12050.00", "4820.00"]
    assert _texts(found) == ["Isolation", "Couvertines"]


def test_a_box_at_the_post_office_is_nobodys_name() -> None:
    sender = ((60, 60, "Waterbedrijf Gelre"), (380, 60, "Postbus 1205"), (380, 72, "6801 BE Arnhem"))
    buyer = ((60, 142, "Camping De Hooge Bosch"), (60, 154, "Loenenseweg 40"), (60, 166, "7361 GE Beekbergen"))
    imprint = (60, 800, "N.V. Waterbedrijf Gelre, Reactorweg 47, 6816 MC Arnhem. KvK 05069581. BTW NL003309556B01")
    assert read(*sender, *buyer, *HEAD, *TABLE, *SUMS, imprint).text("buyer_name") == "Camping De Hooge Bosch"


def test_where_a_company_has_its_seat_is_no_part_of_its_name() -> None:
    imprint = (60, 800, "Weser Leasing AG mit Sitz in Bremen, Hafenstr. 9, 28195 Bremen, USt-IdNr. DE136695976")
    assert read(*PARTIES[3:], *HEAD, *TABLE, *SUMS, imprint).text("seller_name") == "Weser Leasing AG"


def test_a_carriers_lines_are_told_by_their_route() -> None:
    xs = (60, 100, 160, 280, 320, 360, 410, 450, 500)
    head = (310, ("Datum", "Auftrag", "Von - Nach", "Colli", "kg", "Fracht", "Maut", "Diesel", "Betrag"))
    one = (330, ("02.11.", "4410882", "Raubling - Innsbruck", "12", "4.820", "312,00", "41,20", "28,08", "381,28"))
    two = (345, ("04.11.", "4410951", "Bozen - Raubling", "8", "3.100", "288,00", "44,60", "25,92", "358,52"))
    found = read(*PARTIES, *HEAD, *_rows(head, one, two, xs=xs), *_net("739,80"))
    assert _texts(found) == ["Raubling - Innsbruck", "Bozen - Raubling"]
    assert [numbers[2] for numbers in _numbers(found)] == ["381.28", "358.52"]


def test_the_number_of_a_sheet_is_nobodys_name() -> None:
    data = _rows(
        (130, ("Factura", "Fecha", "Cliente", "Hoja")),
        (142, ("26F-118820", "31-10-2026", "040188", "1/1")),
        xs=(60, 140, 220, 290),
    )
    assert read(*PARTIES[:3], *data, *TABLE, *SUMS).text("buyer_name") != "Hoja"


@pytest.mark.parametrize(
    ("taxes", "rates"),
    [
        # a tenth of each total, one more than any land levies
        (("6.00", "3.00", "31.00"), ["10", "10", "10"]),
        # rates, two of which happen to be one share of their totals
        (("20", "10", "20"), ["20", "10", "20"]),
        (("6.00", "3.00", "6.00"), ["6.00", "3.00", "6.00"]),
    ],
)
def test_a_column_that_is_headed_by_a_taxs_name_may_hold_amounts(taxes: tuple[str, ...], rates: list[str]) -> None:
    head = _rows((310, ("Description", "Quantity", "Unit price", "GST", "Amount")), xs=(60, 240, 310, 400, 480))
    cells = (("Consulting", "2", "30.00", taxes[0], "60.00"), ("Report", "1", "30.00", taxes[1], "30.00"),
             ("Installation", "1", "310.00", taxes[2], "310.00"))  # fmt: skip
    rows = _rows(*((330 + 14.0 * place, row) for place, row in enumerate(cells)), xs=(60, 240, 310, 400, 480))
    found = read(*PARTIES, *HEAD, *head, *rows, *_net("400.00"))
    assert [line.tax_rate.value if line.tax_rate else None for line in found.line_items] == rates
    assert _numbers(found)[2] == ("1", "310.00", "310.00")


def test_net_tax_and_gross_under_quantity_price_and_total_are_no_line() -> None:
    sums = ((360, ("Total", "135.00", "27.00", "162.00")),)
    found = read(*PARTIES, *HEAD, *_rows((310, _NAMES), (330, ("Bread rolls", "5", "25.00", "125.00")), *sums))
    assert _texts(found) == ["Bread rolls"]


def test_a_head_that_is_torn_in_two_stands_over_one_column() -> None:
    # what we know of it stands left of the prices, what we do not know over them
    head = _rows(
        (310, ("Description", "Quantity", "Unit price", "zzg.", "Disc. %", "Amount")), xs=(60, 240, 300, 351, 410, 480)
    )
    lines = (("Bread rolls", "4", "6.480", "50+10", "11.66"), ("Butter", "2", "4.900", "50+10", "4.41"))
    rows = _rows(*((330 + 14.0 * place, row) for place, row in enumerate(lines)), xs=(60, 240, 352, 410, 480))
    found = read(*PARTIES, *HEAD, *head, *rows, *_net("16.07"))
    assert _numbers(found) == [("4", "6.480", "11.66"), ("2", "4.900", "4.41")]


def test_a_count_may_be_run_together_with_the_unit_in_its_column() -> None:
    head = _rows((310, ("Description", "Quantity", "Unit", "Unit price", "Amount")), xs=(60, 300, 345, 390, 480))
    lines = (("Windows", "6", "U", "412.00", "2472.00"), ("Removal of the old ones", "", "2F", "190.00", "380.00"))
    rows = _rows(*((330 + 14.0 * place, row) for place, row in enumerate(lines)), xs=(60, 300, 345, 390, 480))
    assert _numbers(read(*PARTIES, *HEAD, *head, *rows, *_net("2852.00")))[1] == ("2", "190.00", "380.00")


def test_net_tax_and_gross_of_a_rate_are_no_line_whatever_they_are_called() -> None:
    head = _rows((310, ("Description", "Quantity", "Unit", "Price", "Amount")), xs=(60, 260, 330, 390, 480))
    rows = (
        ("Hinges", "400", "pcs", "2.6400", "1056.00"), ("Screws", "25", "bag", "18.0500", "451.25"),
        ("Main tariff 20 %", "", "1507.25", "301.45", "1808.70"),
    )  # fmt: skip
    lines = _rows(*((330 + 12.0 * place, row) for place, row in enumerate(rows)), xs=(60, 260, 330, 390, 480))
    found = read(*PARTIES, *HEAD, *head, *lines, *_rows((400, ("Total", "1808.70")), xs=(380, 480)))
    assert _texts(found) == ["Hinges", "Screws"]


def test_a_price_a_surcharge_and_both_are_a_line() -> None:
    head = _rows((310, ("Description", "Charge", "Surcharge", "Amount")), xs=(60, 300, 380, 480))
    rows = (("EXPRESS WORLDWIDE", "88.40", "19.45", "107.85"), ("EXPRESS EASY", "41.00", "9.02", "50.02"))
    lines = _rows(*((330 + 12.0 * place, row) for place, row in enumerate(rows)), xs=(60, 300, 380, 480))
    assert _texts(read(*PARTIES, *HEAD, *head, *lines, *_net("157.87"))) == ["EXPRESS WORLDWIDE", "EXPRESS EASY"]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (
            ("4 x Oak door 60x60 à 90.89 € = 363.56 €", "12x Hinges, long à 46.02 € = 552.24 €"),
            [("Oak door 60x60", "4", "90.89", "363.56"), ("Hinges, long", "12", "46.02", "552.24")],
        ),
        (
            ("Advice on the lease: 3h × 80.00 = 240.00", "- Travel 120 km @ 0.50 = 60.00"),
            [("Advice on the lease", "3", "80.00", "240.00"), ("Travel", "120", "0.50", "60.00")],
        ),
        # no price, no product, and nothing that is counted
        (("Formula 2 x 3 = 6", "2 x Hinges à 4.00 = 9.00", "2 x 4.00 = 8.00"), []),
    ],
)
def test_lines_that_rows_tell_without_a_table(rows: tuple[str, ...], lines: list[tuple[str, ...]]) -> None:
    total = sum((Decimal(line[3]) for line in lines), Decimal("0.00"))
    found = read(*PARTIES, *HEAD, *((60, 310 + 14 * n, text) for n, text in enumerate(rows)), *_net(str(total)))
    texts = [(text, *numbers) for text, numbers in zip(_texts(found), _numbers(found), strict=True)]
    assert texts == lines


def test_heads_of_a_table_of_taxes_beside_a_sum_are_no_line() -> None:
    xs, narrow = (55, 127, 277, 361, 441, 509), (43, 110, 176, 236, 418, 514)
    head = _rows((310, ("Code", "Product", "VAT rate", "Unit price", "Qty", "Total")), xs=xs)
    rows = (
        ("AZ-1025", "Wine, red", "22 %", "53.57", "25", "1339.25"),
        ("KZ-2957", "Assembly", "22 %", "164.10", "4", "656.40"),
    )
    lines = _rows(*((330 + 16.0 * place, row) for place, row in enumerate(rows)), xs=xs)
    beside = _rows((390, ("Of which", "Kind", "Price base", "Levied", "Subtotal", "1995.65")), xs=narrow)
    below = _rows((403, ("Products", "22.000 %", "1995.65", "439.04", "Total tax", "439.04")), xs=narrow)
    found = read(*PARTIES, *HEAD, *head, *lines, *beside, *below, *_rows((416, ("Total", "2434.69")), xs=(418, 514)))
    assert _texts(found) == ["Wine, red", "Assembly"]


def test_net_and_gross_without_prices_are_told_by_their_heads_and_rates() -> None:
    xs = (60, 260, 320, 400, 480)
    head = _rows((310, ("Description", "Qty", "Tax rate", "Net", "Gross")), xs=xs)
    rows = (("Crate", "8", "20 %", "1925.68", "2310.82"), ("LED panel", "8", "20 %", "1594.48", "1913.38"))
    lines = _rows(*((330 + 14.0 * place, row) for place, row in enumerate(rows)), xs=xs)
    sums = _rows((365, ("Invoice total", "4224.20")), xs=(60, 480))
    found = read(*PARTIES, *HEAD, *head, *lines, *sums)
    assert [line[2] for line in _numbers(found)] == ["1925.68", "1594.48"]


def test_a_dash_between_label_and_date_is_no_part_of_it() -> None:
    found = read(*PARTIES, *TABLE, *SUMS, (340, 130, "Invoice no.: HF-10482"), (340, 142, "Invoice date: -14/10/2026"))
    assert found.text("issue_date") == "2026-10-14"
    assert read(*PARTIES, *TABLE, *SUMS, (340, 142, "Ref. A-14/10/2026")).text("issue_date") is None


def test_a_day_that_is_due_is_no_sure_day_of_issue() -> None:
    alone = read(*PARTIES, *TABLE, *SUMS, (340, 130, "Invoice no.: HF-10482"), (340, 142, "14/10/2026"))
    due = read(*PARTIES, *TABLE, *SUMS, (340, 130, "Invoice no.: HF-10482"), (340, 142, "Due date: 14/10/2026"))
    sure = [one.fields["issue_date"].confidence or 0.0 for one in (alone, due) if "issue_date" in one.fields]
    assert len(sure) < 2 or sure[1] < sure[0] - 0.05
    assert due.text("due_date") == "2026-10-14"
