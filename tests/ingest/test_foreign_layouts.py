"""More classes of print that invoices of other makers brought to light, each drawn as plainly as shows the class."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.dates import dates_in
from ingest.extract import extract
from ingest.extraction import LineItem
from ingest.fields.names import is_name, tidy_name
from ingest.spans import span_in
from tests.ingest import paper
from tests.ingest.prints import HEAD, PARTIES, SUMS, TABLE, read


def _cells(item: LineItem, *names: str) -> list[str | None]:
    cells = dict(item.cells())
    return [cells[name].value if name in cells else None for name in names]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("March 1 - 31, 2026", "2026-03-01", "2026-03-31"),
        ("February 27 - March 3, 2026", "2026-02-27", "2026-03-03"),
        ("1.-31. März 2026", "2026-03-01", "2026-03-31"),
        ("01.03. - 31.03.2026", "2026-03-01", "2026-03-31"),
        ("03.-05.03.2026", "2026-03-03", "2026-03-05"),
        ("01/03/26-31/03/26", "2026-03-01", "2026-03-31"),
        ("03/01 - 03/31/2026", "2026-03-01", "2026-03-31"),
        ("du 1er au 31 mars 2026", "2026-03-01", "2026-03-31"),
        ("1 februari t/m 28 februari 2026", "2026-02-01", "2026-02-28"),
    ],
)
def test_spans_print_their_year_once(text: str, first: str, last: str) -> None:
    span = span_in(text)
    assert span is not None
    assert [day.readings[0].isoformat() for day in span] == [first, last]


def test_the_second_day_of_a_span_is_no_year() -> None:
    assert [day.readings[0].year for day in dates_in("March 1 - 31, 2026")] == [2026, 2026]


def test_a_number_before_a_day_begins_no_span() -> None:
    assert span_in("Net 30 to 12.03.2026") is None
    assert span_in("Invoice no. 12 - 03.05.2026") is None


def test_a_day_of_delivery_with_two_ends_is_a_period() -> None:
    found = read(*PARTIES, *HEAD, (340, 154, "Lieferdatum: 03.03.2026 - 05.03.2026"), *TABLE, *SUMS)
    days = [found.text(name) for name in ("delivery_date", "period_start", "period_end")]
    assert days == [None, "2026-03-03", "2026-03-05"]


def test_nothing_is_due_before_it_is_issued() -> None:
    days = ((340, 130, "Invoice no.: 4471"), (340, 142, "Date: 03/02/2026"), (340, 154, "Due date: 04/01/2026"))
    sums = ((380, 360, "Total"), (480, 360, "$100.00"))
    found = read(*PARTIES[:1], *PARTIES[3:5], *days, *TABLE, *sums)
    assert (found.text("issue_date"), found.text("due_date")) == ("2026-03-02", "2026-04-01")


def test_a_number_broken_in_a_cell_under_its_label_is_read_whole() -> None:
    cell = ((340, 130, "Invoice No."), (340, 140, "LC260311-"), (340, 150, "04"), (440, 130, "Date"))
    found = read(*PARTIES, *cell, (440, 140, "2026-03-11"), *TABLE, *SUMS)
    assert found.text("invoice_number") == "LC260311-04"


def test_an_order_broken_in_its_cell_ends_the_list_of_orders() -> None:
    order = ((340, 160, "Your order:"), (420, 160, "45-"), (420, 170, "0012"))
    assert read(*PARTIES, *HEAD, *order, *TABLE, *SUMS).text("purchase_order") == "45-0012"


def test_a_number_alone_under_the_title_is_the_documents() -> None:
    head = ((340, 100, "SALES INVOICE"), (340, 112, "SINV-26-00188"), (340, 130, "Date: 14/10/2026"))
    more = ((60, 200, "OMT-2291"),)
    assert read(*PARTIES, *head, *more, *TABLE, *SUMS).text("invoice_number") == "SINV-26-00188"


def test_a_value_over_its_small_label_is_found() -> None:
    def draw(canvas: Canvas) -> None:
        for size, x, y, text in (
            (10, 60, 60, "Harbour Fasteners Ltd"),
            (10, 60, 100, "QP-20418"),
            (7, 60, 110, "invoice number"),
            (10, 200, 100, "27 February 2026"),
            (7, 200, 110, "invoice date"),
            (10, 60, 200, "Total 120.00"),
        ):
            canvas.setFont("Helvetica", size)
            canvas.drawString(x, 842 - y, text)

    found = extract(paper.read(paper.pdf(draw)))
    assert (found.text("invoice_number"), found.text("issue_date")) == ("QP-20418", "2026-02-27")


def test_a_post_box_is_no_order() -> None:
    found = read(*PARTIES[:1], (60, 72, "PO Box 118, Mudgee NSW 2850"), *PARTIES[3:], *HEAD, *TABLE, *SUMS)
    assert found.text("purchase_order") is None


def test_a_code_in_the_place_of_a_customer_is_his_number() -> None:
    heads = ((60, 200, "Data"), (160, 200, "Vencimento"), (260, 200, "Contribuinte"), (360, 200, "Cliente"))
    values = ((60, 212, "2026-03-05"), (160, 212, "2026-04-04"), (260, 212, "513882041"), (360, 212, "C00418"))
    seller = ((60, 60, "Cerâmicas do Vouga, Lda"), (60, 72, "3840-385 Vagos"), (60, 84, "NIF: 504112873"))
    found = read(*seller, *PARTIES[3:], (60, 180, "Fatura FT 2026A/318"), *heads, *values, *SUMS)
    names = ("seller_vat_id", "buyer_vat_id", "customer_number")
    assert [found.text(name) for name in names] == ["504112873", "513882041", "C00418"]


@pytest.mark.parametrize("text", ["c/o Amministrazioni Riunite S.a.s.", "C/O Smith Ltd"])
def test_in_whose_care_a_letter_goes_is_no_name(text: str) -> None:
    assert not is_name(text)


def test_a_foot_that_says_all_in_one_line_names_the_company_first() -> None:
    line = "Nimbus Services EMEA SARL, 38 Avenue Kennedy, L-1855, Luxembourg"
    assert tidy_name(line) == "Nimbus Services EMEA SARL"
    assert tidy_name("Kirti Packaging Pvt Ltd - Unit 2") == "Kirti Packaging Pvt Ltd - Unit 2"


def test_a_name_goes_on_in_its_form() -> None:
    seller = ((60, 60, "Lianchuang Optoelectronics"), (60, 70, "Co., Ltd."), (60, 82, "518106 Shenzhen, China"))
    found = read(*seller, *PARTIES[3:], *HEAD, *TABLE, *SUMS)
    assert found.text("seller_name") == "Lianchuang Optoelectronics Co., Ltd."


def test_the_holder_of_an_account_is_no_fuller_name() -> None:
    bank = (60, 480, "Account name: Harbour Fasteners Ltd Client Account")
    assert read(*PARTIES, *HEAD, *TABLE, *SUMS, bank).text("seller_name") == "Harbour Fasteners Ltd"


def test_who_is_written_to_does_not_sell() -> None:
    window = ((60, 60, "Aarhus Rådgivning ApS"), (60, 72, "Bygade 12"), (60, 84, "8000 Aarhus C"))
    seller = ((400, 60, "Vinduespolering Midt"), (400, 72, "Silkeborgvej 290"), (400, 84, "8230 Åbyhøj"))
    more = ((60, 96, "Att.: Mette Friis"), (400, 96, "CVR-nr. 29817744"))
    number = ((60, 180, "Fakturanr.: 11873"), (60, 192, "Fakturadato: 02.03.2026"))
    found = read(*window, *seller, *more, *number, *TABLE, *SUMS)
    assert (found.text("seller_name"), found.text("buyer_name")) == ("Vinduespolering Midt", "Aarhus Rådgivning ApS")


def test_a_salesman_in_the_row_of_dates_is_no_seller() -> None:
    heads = ((60, 200, "Date"), (160, 200, "Seller"), (260, 200, "Due date"))
    values = ((60, 212, "14/10/2026"), (160, 212, "Joan Dahl"), (260, 212, "28/10/2026"))
    found = read(*PARTIES, HEAD[0], *heads, *values, *TABLE, *SUMS)
    assert found.text("seller_name") == "Harbour Fasteners Ltd"


def test_the_account_that_is_collected_from_is_the_buyers() -> None:
    foot = (60, 480, "Wir buchen den Betrag von Ihrem Konto DE75 5121 0800 1245 1261 99 ab.")
    assert read(*PARTIES, *HEAD, *TABLE, *SUMS, foot).text("seller_iban") is None


def test_the_province_of_rome_is_no_currency() -> None:
    place = (60, 96, "Comune: Roma Provincia: RM")
    sums = ((380, 360, "Total"), (480, 360, "100.00"))
    assert read(*PARTIES[:3], place, *HEAD, *TABLE, *sums).text("currency") is None


def test_a_pallets_name_is_no_currency() -> None:
    line = ((60, 345, "Pallet EUR-1 new"), (300, 345, "2"), (380, 345, "5.00"), (480, 345, "10.00"))
    assert read(*PARTIES, *HEAD, *TABLE, *line, *SUMS).text("currency") == "GBP"


def test_a_row_of_net_tax_and_gross_behind_one_label() -> None:
    row = ((300, 360, "Razem"), (360, 360, "4 040,00"), (430, 360, "540,70"), (500, 360, "4 580,70"))
    found = read(*PARTIES, *HEAD, *row, (60, 380, "Do zapłaty: 4 580,70 PLN"))
    totals = [found.text(name) for name in ("net_total", "tax_total", "gross_total")]
    assert totals == ["4040.00", "540.70", "4580.70"]


def test_what_was_paid_for_the_last_bill_is_not_taken_off_this_one() -> None:
    last = ((60, 270, "Previous balance"), (480, 270, "84.60"), (60, 282, "Payment received"), (480, 282, "-84.60"))
    due = ((380, 396, "Amount due"), (480, 396, "GBP 120.00"))
    found = read(*PARTIES, *HEAD, *last, *TABLE, *SUMS, *due)
    assert (found.text("gross_total"), found.text("prepaid")) == ("120.00", None)


def test_a_label_in_two_lines_beside_its_value() -> None:
    sums = (
        (380, 360, "Total:"),
        (480, 360, "AED 100.00"),
        (380, 372, "VAT 5%:"),
        (480, 372, "AED 5.00"),
        (380, 384, "Grand"),
        (480, 384, "AED 105.00"),
        (380, 393, "Total:"),
    )
    assert read(*PARTIES, *HEAD, *TABLE, *sums).text("gross_total") == "105.00"


def test_a_rate_and_a_minus_in_brackets() -> None:
    sums = (
        (380, 360, "Sub Total"),
        (480, 360, "100.00"),
        (380, 372, "Discount(5.00%)"),
        (480, 372, "(-) 5.00"),
        (380, 384, "Total"),
        (480, 384, "$95.00"),
    )
    assert read(*PARTIES, *HEAD, *TABLE, *sums).text("discount_total") == "5.00"


def test_a_rate_with_three_decimals_is_no_thousands() -> None:
    sums = (
        (380, 360, "Net total"),
        (480, 360, "3,200.00"),
        (380, 372, "VAT 5 %"),
        (480, 372, "160.00"),
        (380, 384, "VAT 9.975 %"),
        (480, 384, "319.20"),
        (380, 396, "Total"),
        (480, 396, "3,679.20"),
    )
    assert read(*PARTIES, *HEAD, *sums).text("tax_total") == "479.20"


def test_a_customs_code_is_no_number_of_the_article() -> None:
    table = (
        (60, 310, "Description"),
        (220, 310, "HS Code"),
        (300, 310, "Qty"),
        (380, 310, "Price"),
        (480, 310, "Total"),
    )
    line = ((60, 330, "LED panel"), (220, 330, "9405.42"), (300, 330, "4"), (380, 330, "25.00"), (480, 330, "100.00"))
    (item,) = read(*PARTIES, *HEAD, *table, *line, *SUMS).line_items
    assert _cells(item, "sku", "quantity", "line_total") == [None, "4", "100.00"]


def test_a_rate_of_exchange_is_no_quantity() -> None:
    heads = ((60, 310, "Charge description"), (220, 310, "Amount"), (320, 310, "ROE"), (460, 310, "Amount EUR"))
    rows = ((330, "Ocean freight", "1,850.00", "0.9200", "1,702.00"), (345, "Handling", "245.00", "1.0000", "245.00"))
    cells = tuple((x, row[0], str(text)) for row in rows for x, text in zip((60, 220, 320, 470), row[1:], strict=True))
    items = read(*PARTIES, *HEAD, *heads, *cells, (380, 360, "Total"), (470, 360, "1,947.00")).line_items
    assert [_cells(item, "quantity", "line_total") for item in items] == [[None, "1702.00"], [None, "245.00"]]


def test_a_text_goes_on_with_a_word_that_ends_tables() -> None:
    more = (
        (60, 340, "report to the client"),
        (60, 355, "Washers"),
        (300, 355, "2"),
        (380, 355, "5.00"),
        (480, 355, "10.00"),
    )
    first, second = read(*PARTIES, *HEAD, *TABLE, *more).line_items
    assert _cells(first, "description") == ["Hex bolts M8 report to the client"]
    assert _cells(second, "description") == ["Washers"]


def test_a_discount_in_a_row_of_its_own_is_its_lines_alone() -> None:
    rule = (60, 320, "-" * 80)
    more = ((60, 342, "Rabatt 10,0 %"), (480, 342, "10.00-"), (380, 372, "Summe netto"), (480, 372, "90.00"))
    found = read(*PARTIES, *HEAD, rule, *TABLE, *more)
    (item,) = found.line_items
    assert _cells(item, "description", "line_total") == ["Hex bolts M8", "90.00"]
    assert found.text("discount_total") is None


def test_a_list_whose_amounts_end_in_their_currency() -> None:
    rows = ((300, "46 lfm Lärchendielen à 14,80 €", "680,80 €"), (315, "Kleinmaterial", "45,00 €"))
    prints = tuple((x, row[0], str(text)) for row in rows for x, text in zip((60, 480), row[1:], strict=True))
    items = read(*PARTIES, *HEAD, *prints, (380, 340, "Summe netto"), (480, 340, "725,80 €")).line_items
    assert [_cells(item, "line_total") for item in items] == [["680.80"], ["45.00"]]


def test_columns_without_heads_before_the_text() -> None:
    heads = ((300, 310, "DPH"), (380, 310, "Cena za MJ"), (480, 310, "Celkem bez DPH"))
    rows = (
        (330, "8 ks", "Oprava židle", "21 %", "1 250,00", "10 000,00"),
        (345, "3 hod", "Montáž", "21 %", "480,00", "1 440,00"),
    )
    cells = tuple((x, row[0], str(t)) for row in rows for x, t in zip((60, 120, 300, 380, 480), row[1:], strict=True))
    sums = ((380, 365, "Celkem bez DPH"), (480, 365, "11 440,00"))
    items = read(*PARTIES, *HEAD, *heads, *cells, *sums).line_items
    names = ("description", "quantity", "unit_price", "tax_rate")
    assert [_cells(item, *names) for item in items] == [
        ["Oprava židle", "8", "1250.00", "21"],
        ["Montáž", "3", "480.00", "21"],
    ]


def test_counts_before_the_texts_of_a_list() -> None:
    rows = ((300, "2.5x Coffee", "30.00"), (315, "2.0x Filters", "8.00"), (330, "3.5x Cups", "5.00"))
    prints = tuple((x, row[0], str(text)) for row in rows for x, text in zip((60, 480), row[1:], strict=True))
    items = read(*PARTIES, *HEAD, *prints, (380, 350, "Total"), (480, 350, "43.00")).line_items
    assert [_cells(item, "quantity") for item in items] == [["2.5"], ["2.0"], ["3.5"]]


def test_a_credit_that_the_buyer_made_out_is_an_invoice() -> None:
    title = ((60, 200, "Gutschrift Nr. GS-26-0417"), (60, 212, "Abrechnung im Gutschriftsverfahren"))
    assert read(*PARTIES, *title, (60, 230, "Datum: 05.03.2026"), *TABLE, *SUMS).document_type.value == "invoice"


def test_both_halves_of_a_label_in_two_languages() -> None:
    head = ((340, 160, "Your PO/Ihre Bestellung"), (480, 160, "OA-2026-077"))
    day = ((340, 172, "Data dostawy/wykonania"), (480, 172, "2026-10-12"))
    found = read(*PARTIES, *HEAD, *head, *day, *TABLE, *SUMS)
    assert (found.text("purchase_order"), found.text("delivery_date")) == ("OA-2026-077", "2026-10-12")


def test_a_department_is_no_name() -> None:
    assert not is_name("Service comptabilité")
    assert not is_name("Accounts payable")
    assert not is_name("Service usage address")


def test_a_name_that_has_not_ended_goes_on_below() -> None:
    buyer = ((60, 130, "Bill to:"), (60, 142, "Câmara Municipal de Vila do"), (60, 152, "Conde"), (60, 164, "Rua 1"))
    found = read(*PARTIES[:3], *buyer, (60, 176, "4480-754 Vila do Conde"), *HEAD, *TABLE, *SUMS)
    assert found.text("buyer_name") == "Câmara Municipal de Vila do Conde"


def test_days_within_which_goods_come_back_are_no_terms() -> None:
    foot = ((60, 480, "Terms and conditions"), (60, 492, "Returns within 14 days of delivery."))
    assert read(*PARTIES, *HEAD, *TABLE, *SUMS, *foot).text("payment_terms_days") is None


def test_a_line_of_capital_names_nobody() -> None:
    head = ((60, 60, "TRANSPORTS GIRARDOT"), (60, 72, "SAS au capital de 80 000 € - Zone Nord 4 - 21000 DIJON"))
    assert read(*head, *PARTIES[3:], *HEAD, *TABLE, *SUMS).text("seller_name") == "TRANSPORTS GIRARDOT"


def test_counts_glued_to_their_sign_are_quantities_without_a_heading() -> None:
    rows = ((322, "3x", "Hex bolts M8", "320.00", "960.00"), (336, "12x", "Hinges", "58.00", "696.00"))
    cells = [(x, y, text) for y, *texts in rows for x, text in zip((60, 110, 380, 480), texts, strict=True)]
    heads = ((110, 306, "Description"), (380, 306, "Unit price"), (480, 306, "Amount"))
    found = read(*PARTIES, *HEAD, *heads, *cells, (380, 384, "Total"), (480, 384, "GBP 1656.00"))
    lines = [_cells(one, "description", "quantity") for one in found.line_items]
    assert lines == [["Hex bolts M8", "3"], ["Hinges", "12"]]
