"""Classes of print that invoice programs other than ours brought to light, each drawn as plainly as shows the class."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.extract import extract
from tests.ingest import paper
from tests.ingest.prints import HEAD, PARTIES, SUMS, TABLE, read


def test_the_rows_of_a_breakdown_by_rates_are_never_the_total() -> None:
    rows = (
        (60, 400, "Rate", "Tax", "Net", "Gross"),
        (60, 412, "21 %", "973.56", "4,636.00", "5,609.56"),
        (60, 424, "12 %", "43.20", "360.00", "403.20"),
    )
    cells = tuple((60 + 70 * place, row[1], str(text)) for row in rows for place, text in enumerate(row[2:]))
    found = read(*PARTIES, *HEAD, *cells, (380, 440, "Total with tax: EUR 6,012.76"))
    assert found.text("gross_total") == "6012.76"
    assert found.text("tax_total") == "1016.76"


def test_one_row_of_rates_may_be_where_the_totals_stand() -> None:
    cells = ((60, 400, "Rate"), (130, 400, "Net"), (200, 400, "VAT"), (270, 400, "Total"))
    row = ((60, 412, "20 %"), (130, 412, "100.00"), (200, 412, "20.00"), (270, 412, "120.00"))
    found = read(*PARTIES, *HEAD, *TABLE, *cells, *row)
    assert found.text("gross_total") == "120.00"


def test_two_taxes_with_their_rates_make_the_tax() -> None:
    sums = (
        (380, 360, "Net total:"),
        (480, 360, "21,000.00"),
        (380, 372, "VAT 21%:"),
        (480, 372, "2,310.00"),
        (380, 384, "VAT 10.5%:"),
        (480, 384, "1,050.00"),
        (380, 396, "Total:"),
        (480, 396, "24,360.00"),
    )
    found = read(*PARTIES, *HEAD, *sums)
    assert found.text("tax_total") == "3360.00"
    assert [row.rate and row.rate.value for row in found.tax_breakdown] == ["21", "10.5"]


def test_a_tax_under_its_own_label_is_not_left_out_where_it_contradicts() -> None:
    sums = (
        (380, 360, "Subtotal"),
        (480, 360, "413.88"),
        (380, 372, "Total tax"),
        (480, 372, "71.50"),
        (380, 384, "Grand total"),
        (480, 384, "413.88"),
    )
    found = read(*PARTIES, *HEAD, *sums)
    assert found.text("tax_total") == "71.50"
    assert "totals_do_not_add_up" in {finding.code for finding in found.warnings}


def test_a_total_without_vat_is_the_net() -> None:
    sums = ((380, 360, "Total w/o VAT:"), (380, 372, "VAT"), (380, 384, "Total:"))
    amounts = ((480, 360, "1480.50"), (480, 372, "296.10"), (480, 384, "1776.60"))
    found = read(*PARTIES, *HEAD, *sums, *amounts)
    totals = [found.text(name) for name in ("net_total", "tax_total", "gross_total")]
    assert totals == ["1480.50", "296.10", "1776.60"]


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_thousands_parted_by_either_apostrophe(apostrophe: str) -> None:
    line = ((60, 345, "Consulting"), (300, 345, "12.5"), (380, 345, "200.00"), (480, 345, f"2{apostrophe}500.00"))
    found = read(*PARTIES, *HEAD, *TABLE, *line)
    assert [item.line_total and item.line_total.value for item in found.line_items] == ["100.00", "2500.00"]


def test_a_number_goes_on_behind_its_hyphen_in_a_narrow_cell() -> None:
    head = ((340, 130, "Invoice no.:"), (420, 130, "INV-2026-"), (420, 140, "0612"), (340, 160, "Date: 14/10/2026"))
    assert read(*PARTIES, *head, *TABLE, *SUMS).text("invoice_number") == "INV-2026-0612"


def test_a_number_without_any_label_is_told_by_its_form() -> None:
    head = ((340, 100, "INV-2026-0042"), (460, 100, "14 October 2026"))
    assert read(*PARTIES, *head, *TABLE, *SUMS).text("invoice_number") == "INV-2026-0042"


def test_two_such_numbers_are_none() -> None:
    head = ((340, 100, "INV-2026-0042"), (340, 112, "JOB-2026-0017"), (460, 100, "14 October 2026"))
    assert read(*PARTIES, *head, *TABLE, *SUMS).text("invoice_number") is None


def test_parties_told_as_lists_under_their_headings() -> None:
    lists = (
        (60, 60, "Emisor"),
        (60, 72, "CIF: B12345674"),
        (60, 84, "Razón social: Ferretería Norte S.L."),
        (340, 60, "Receptor"),
        (340, 72, "CIF: A58818501"),
        (340, 84, "Razón social: Talleres Ruiz S.A."),
        (60, 120, "Factura nº: F-2026-118"),
        (60, 132, "Fecha: 14/10/2026"),
    )
    found = read(*lists, *TABLE, *SUMS)
    assert (found.text("seller_name"), found.text("buyer_name")) == ("Ferretería Norte S.L.", "Talleres Ruiz S.A.")
    assert (found.text("seller_vat_id"), found.text("buyer_vat_id")) == ("B12345674", "A58818501")


def test_nobody_is_named_by_a_line_of_goods() -> None:
    prints = ((60, 60, "Harbour Fasteners Ltd"), (60, 300, "Bill to"), *HEAD, *TABLE, *SUMS)
    assert read(*prints).text("buyer_name") is None


def test_the_digits_of_an_iban_are_no_second_account() -> None:
    foot = ((60, 700, "Account / Payable to"), (60, 712, "CH93 0076 2011 6238 5295 7"))
    found = read(*PARTIES, *HEAD, *TABLE, *SUMS, *foot)
    assert found.text("seller_iban") == "CH9300762011623852957"
    assert found.text("seller_account") is None


def test_an_account_with_its_bank_behind_a_slash_is_no_customers_number() -> None:
    bank = ((340, 180, "Fio banka"), (340, 192, "Account no.: 2600420569/2010"))
    found = read(*PARTIES, *HEAD, *bank, *TABLE, *SUMS)
    assert found.text("seller_account") == "2600420569/2010"
    assert found.text("customer_number") is None


@pytest.mark.parametrize(
    ("place", "code"), [("CUIT: 20-00000000-1", "ARS"), ("RFC: ABC010101AB1", "MXN"), ("Austin, TX 78701", "USD")]
)
def test_a_dollar_is_settled_by_where_it_comes_from(place: str, code: str) -> None:
    sums = ((380, 384, "Total"), (480, 384, "$120.00"))
    assert read(*PARTIES[:3], (60, 96, place), *HEAD, *sums).text("currency") == code


def test_lines_beside_a_taller_one_stay_lines_of_their_own() -> None:
    head = ((60, 100, "BILL TO"), (60, 110, "Hill Country Dental, PLLC"), (60, 120, "Austin, TX 78701"))
    beside = ((340, 105, "INVOICE NO. HC-1187"), (340, 115, "DATE 14/10/2026"))
    found = read(*PARTIES[:3], *head, *beside, *TABLE, *SUMS)
    assert found.text("buyer_name") == "Hill Country Dental, PLLC"
    assert found.text("invoice_number") == "HC-1187"


@pytest.mark.parametrize("attention", ["Attn.: Ms Miller", "t.a.v. de administratie", "z. Hd. Frau Huber"])
def test_whom_a_letter_is_for_is_no_party(attention: str) -> None:
    window = ((60, 130, "Larkfield Joinery Ltd"), (60, 142, attention), (60, 154, "22 Mill Lane"))
    found = read(*PARTIES[:3], *window, (60, 166, "Leeds LS1 4DY"), *HEAD, *TABLE, *SUMS)
    assert found.text("buyer_name") == "Larkfield Joinery Ltd"
    assert found.text("buyer_address") == "22 Mill Lane, Leeds LS1 4DY"


def test_a_month_is_no_buyer() -> None:
    found = read(*PARTIES[:3], *HEAD, (60, 250, "Invoice for February 2026"), *TABLE, *SUMS)
    assert found.text("buyer_name") is None


def test_a_number_within_a_month_is_no_date() -> None:
    head = ((60, 200, "Faktura VAT nr 14/02/2026"), (340, 130, "Data wystawienia: 2026-02-10"))
    found = read(*PARTIES, *head, *TABLE, *SUMS)
    assert (found.text("invoice_number"), found.text("issue_date")) == ("14/02/2026", "2026-02-10")


def test_a_date_behind_a_number_with_a_word_between_is_found() -> None:
    found = read(*PARTIES, (60, 200, "FATTURA N. 22 DEL 18 FEBBRAIO 2026"), *TABLE, *SUMS)
    assert (found.text("invoice_number"), found.text("issue_date")) == ("22", "2026-02-18")


def test_the_lines_and_the_tax_make_the_total_where_no_net_is_printed() -> None:
    sums = ((380, 360, "VAT 20 %"), (380, 372, "Total"), (380, 384, "Paid on 15/10/2026"), (380, 396, "Amount due"))
    amounts = ((480, 360, "20.00"), (480, 372, "120.00"), (480, 384, "50.00"), (480, 396, "70.00"))
    found = read(*PARTIES, *HEAD, *TABLE, *sums, *amounts)
    assert (found.text("gross_total"), found.text("amount_due")) == ("120.00", "70.00")


def test_of_two_days_in_the_terms_the_discounts_is_not_when_payment_is_due() -> None:
    terms = (60, 420, "Zahlungsbedingungen: bis 11.02.2026 3,000 % Skonto = 3,60 EUR, bis 27.02.2026 ohne Abzug")
    assert read(*PARTIES, *HEAD, *TABLE, *SUMS, terms).text("due_date") == "2026-02-27"


def test_no_day_follows_from_terms_to_the_end_of_a_month() -> None:
    found = read(*PARTIES, *HEAD, *TABLE, *SUMS, (60, 420, "Terms: nett 30 days end of month"))
    assert (found.text("payment_terms_days"), found.text("due_date")) == ("30", None)


def test_who_prints_his_account_under_his_name_sells() -> None:
    seller = ((420, 60, "Studio Kade 12"), (420, 70, "Havenkade 12"), (420, 80, "3011 AB Rotterdam"))
    own = ((420, 90, "KvK 24317895"), (420, 100, "IBAN NL91 ABNA 0417 1643 00"))
    window = ((60, 130, "Van den Berg Logistiek B.V."), (60, 142, "Waalhaven 40"), (60, 154, "3088 HH Rotterdam"))
    head = ((60, 200, "Factuurnummer: 2026-0043"), (60, 212, "Factuurdatum: 14-10-2026"))
    found = read(*seller, *own, *window, *head, *TABLE, *SUMS)
    assert (found.text("seller_name"), found.text("buyer_name")) == ("Studio Kade 12", "Van den Berg Logistiek B.V.")


def test_an_address_among_accounts_and_telephones_is_the_sellers() -> None:
    head = ((60, 60, "Nordisk Verktyg AB"), (340, 130, "Byggmästarna i Väst AB"), (340, 142, "Box 440"))
    foot = ((60, 500, "Adress"), (200, 500, "Telefon"), (340, 500, "Bankgiro"), (60, 510, "Nordisk Verktyg AB"))
    more = ((340, 154, "401 26 Göteborg"), (340, 510, "5050-1055"), (200, 510, "036-12 34 56"))
    place = ((60, 520, "Verkstadsgatan 9"), (60, 530, "556 10 Jönköping"))
    number = ((60, 180, "Fakturanr: 30217"), (60, 192, "Fakturadatum: 2026-01-22"))
    found = read(*head, *number, *TABLE, *SUMS, *foot, *more, *place)
    assert (found.text("seller_name"), found.text("buyer_name")) == ("Nordisk Verktyg AB", "Byggmästarna i Väst AB")


def test_an_address_below_a_letterhead_is_no_senders_line() -> None:
    head = ((200, 60, "STUDIO LEGALE CONTI"), (180, 72, "Corso Vittorio Emanuele II, 90 - 10121 Torino"))
    found = read(*head, *PARTIES[3:], *HEAD, *TABLE, *SUMS)
    assert found.text("seller_name") == "STUDIO LEGALE CONTI"


def test_an_expense_under_a_line_is_no_discount_of_it() -> None:
    table = ((60, 310, "Descrizione"), (480, 310, "Importo"), (60, 330, "Onorari"), (480, 330, "2.400,00"))
    more = ((60, 345, "Spese generali 15%"), (480, 345, "360,00"), (380, 372, "Imponibile"), (480, 372, "2.760,00"))
    found = read(*PARTIES, *HEAD, *table, *more)
    assert [item.line_total and item.line_total.value for item in found.line_items] == ["2400.00", "360.00"]


def test_a_delivery_note_among_the_lines_is_not_what_the_document_is() -> None:
    note = (60, 345, "Delivery note 884120 of 02/10/2026")
    line = ((60, 360, "Washers M8"), (300, 360, "2"), (380, 360, "5.00"), (480, 360, "10.00"))
    found = read(*PARTIES, *HEAD, *TABLE, note, *line, (380, 390, "Total"), (480, 390, "110.00"))
    assert found.document_type.value == "invoice"


def test_a_tills_rows_of_count_and_price_belong_to_the_line_above() -> None:
    rows = ((60, 300, "Oat milk latte", "13.50"), (60, 330, "Blueberry scone", "4.50"))
    lines = tuple((x, y, name) for x, y, name, _ in rows) + tuple((480, y, total) for _, y, _, total in rows)
    details = ((70, 314, "2 x 6.75"), (70, 344, "1 x 4.50"))
    found = read(*PARTIES[:3], *lines, *details, (60, 380, "Subtotal"), (480, 380, "18.00"))
    cells = [(item.quantity, item.unit_price, item.line_total) for item in found.line_items]
    assert [[cell and cell.value for cell in row] for row in cells] == [["2", "6.75", "13.50"], ["1", "4.50", "4.50"]]


def test_a_tills_roll_without_a_title_is_a_receipt() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageSize((226, 500))
        canvas.setFont("Helvetica", 9)
        for y, text in ((470, "Corner Coffee Co."), (440, "Latte   13.50"), (400, "TOTAL   13.50")):
            canvas.drawString(20, y, text)

    assert extract(paper.read(paper.pdf(draw))).document_type.value == "receipt"


def test_days_that_begin_every_line_are_days_of_delivery() -> None:
    more = ((60, 345, "19.10.2026 Turning"), (300, 345, "2"), (380, 345, "5.00"), (480, 345, "10.00"))
    first = (*TABLE[:4], (60, 330, "18.10.2026 Milling"), *TABLE[5:])
    found = read(*PARTIES, *HEAD, *first, *more)
    cells = [(item.description, item.delivery_date) for item in found.line_items]
    assert [[cell and cell.value for cell in row] for row in cells] == [
        ["Milling", "2026-10-18"],
        ["Turning", "2026-10-19"],
    ]
