"""Classes of grids, converted totals and notes of credit that programs seen later print."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from ingest.extract import extract
from ingest.extraction import Extraction
from tests.ingest import paper
from tests.ingest.prints import HEAD, PARTIES, SUMS, TABLE, Print, read


def _rows(x: tuple[int, ...], top: int, *rows: tuple[str, ...]) -> tuple[Print, ...]:
    return tuple(
        (left, top + 14 * index, text) for index, row in enumerate(rows) for left, text in zip(x, row, strict=True)
    )


def _sums(*rows: tuple[str, str]) -> tuple[Print, ...]:
    return _rows((340, 480), 420, *rows)


def _drawn(
    *prints: Print, rules: tuple[tuple[float, float, float], ...] = (), large: tuple[Print, ...] = ()
) -> Extraction:
    """What is read from a page with upright rules (x, top, bottom) and prints of twice the size."""

    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(0.5)
        for x, top, bottom in rules:
            canvas.line(x, 842 - top, x, 842 - bottom)
        for size, some in ((9, prints), (18, large)):
            canvas.setFont("Helvetica", size)
            for x, y, text in some:
                canvas.drawString(x, 842 - y, text)

    return extract(paper.read(paper.pdf(draw)))


def test_an_upright_rule_parts_two_cells_however_near() -> None:
    seller = ((60, 60, "Harbour Fasteners"), (60, 72, "Ltd"), (60, 84, "Bristol BS1 6XN"))
    buyer = ((140, 60, "Messrs"), (140, 72, "Larkfield Joinery Ltd"), (140, 84, "Leeds LS1 4DY"))
    found = _drawn(*seller, *buyer, *HEAD, *TABLE, *SUMS, rules=((137, 40, 100),))
    assert found.text("seller_name") == "Harbour Fasteners Ltd"


def test_a_number_behind_its_sign_is_the_invoices_beside_that_of_the_order() -> None:
    head = ((400, 60, "# INV-001188"), (340, 130, "P.O.# :"), (420, 130, "MH-2026-447"), (340, 142, "Date: 14/10/2026"))
    found = read(*PARTIES, *head, *TABLE, *SUMS)
    assert (found.text("invoice_number"), found.text("purchase_order")) == ("INV-001188", "MH-2026-447")


def test_a_tax_under_a_name_of_its_own_is_told_by_its_rate() -> None:
    found = read(
        *PARTIES, *HEAD, *TABLE, *_sums(("Sub Total", "100.00"), ("Standard Rate (5%)", "5.00"), ("Total", "105.00"))
    )
    assert (found.text("tax_total"), len(found.tax_breakdown)) == ("5.00", 1)


def test_a_line_that_takes_back_on_a_credit_note_turns_its_sign_as_the_others_do() -> None:
    table = _rows(
        (60, 300, 380, 480), 310,
        ("Description", "Quantity", "Unit price", "Amount"),
        ("Heat exchanger, returned", "-1", "400.00", "-400.00"),
        ("Freight deducted by you", "-1", "-50.00", "50.00"),
    )  # fmt: skip
    sums = _sums(("Net total", "-350.00"), ("VAT 20 %", "-70.00"), ("Total", "-420.00"))
    found = read(*PARTIES, (340, 60, "Credit note"), *HEAD, *table, *sums)
    items = [[item.quantity, item.unit_price, item.line_total] for item in found.line_items]
    assert [[cell.value for cell in row if cell] for row in items] == [
        ["1", "400.00", "400.00"],
        ["1", "-50.00", "-50.00"],
    ]
    assert found.tax_breakdown[0].tax is not None and found.tax_breakdown[0].tax.value == "70.00"


def test_a_number_of_a_waybill_counts_nothing() -> None:
    table = _rows(
        (60, 200, 300, 400, 480), 310,
        ("Air Waybill Number", "Description", "Pieces", "Weight", "Amount"),
        ("4418822001", "Express to Boston", "1", "4.50", "100.00"),
        ("4418822012", "Express to Osaka", "3", "22.00", "200.00"),
    )  # fmt: skip
    found = read(*PARTIES, *HEAD, *table, *_sums(("Net total", "300.00"), ("VAT 20 %", "60.00"), ("Total", "360.00")))
    assert [item.quantity.value for item in found.line_items if item.quantity] == ["1", "3"]


def test_what_stands_under_an_unknown_head_says_what_a_line_is_where_nothing_else_does() -> None:
    table = _rows(
        (60, 130, 240, 310, 400, 450, 510), 310,
        ("Worker", "Role", "Timesheet", "Pay element", "Hours", "Rate", "Amount"),
        ("Kowalski", "Forklift driver", "TS884401", "Basic", "39.00", "18.00", "702.00"),
        ("", "", "", "Overtime", "4.00", "25.00", "100.00"),
    )  # fmt: skip
    found = read(*PARTIES, *HEAD, *table, *_sums(("Net total", "802.00"), ("VAT 20 %", "160.40"), ("Total", "962.40")))
    assert [item.line_total.value for item in found.line_items if item.line_total] == ["702.00", "100.00"]


def test_the_currency_is_that_of_what_is_due() -> None:
    sums = _sums(
        ("Charges", "USD 100.00"),
        ("VAT 20%", "USD 20.00"),
        ("Total in USD", "USD 120.00"),
        ("Total amount due", "GBP 94.40"),
    )
    assert read(*PARTIES, *HEAD, *TABLE, *sums).text("currency") == "GBP"


def test_the_day_in_the_label_of_what_is_due() -> None:
    due = ((340, 160, "TOTAL AMOUNT DUE ON December 3, 2026"), (550, 160, "120.00"))
    found = read(*PARTIES, *HEAD, *due, *TABLE, *SUMS[:4])
    assert (found.text("due_date"), found.text("amount_due")) == ("2026-12-03", "120.00")


def test_words_that_introduce_a_seller_are_none_of_his_name() -> None:
    shop = ((60, 60, "bazaar"), (340, 60, "Sold by Inkworld Trading Ltd"), (340, 72, "VAT no. GB 631 1884 20"))
    more = ((340, 180, "Sold by"), (340, 192, "Inkworld Trading Ltd"), (340, 204, "Leeds LS1 4DY"))
    assert read(*shop, *PARTIES[3:], *HEAD, *more, *TABLE, *SUMS).text("seller_name") == "Inkworld Trading Ltd"


def test_a_provider_named_with_his_address_in_one_line() -> None:
    foot = (
        (
            60,
            790,
            "Service Provider: Nimbus Web EMEA SARL, 38 avenue de la Gare, L-1610 Luxembourg. Registered there B 18.",
        ),
        (
            60,
            800,
            "UK Establishment VAT registration number GB255118428. This is no VAT invoice for the market's purposes.",
        ),
    )
    found = read((60, 50, "nimbus"), *PARTIES[3:], *HEAD, *TABLE, *SUMS, *foot)
    assert found.text("seller_name") == "Nimbus Web EMEA SARL"


def test_a_senders_sign_right_over_an_address_is_none_of_its_lines() -> None:
    buyer = ((60, 95, "Bakkerij Van den Hoek"), (60, 106, "De heer J. van den Hoek"), (60, 117, "Dorpsstraat 118"))
    foot = (60, 800, "Groenstroom Zakelijk B.V. | Postbus 1844 | 3500 BV Utrecht | KvK 30118844")
    prints = (*buyer, (60, 128, "3951 BC Maarn"), *HEAD, *TABLE, *SUMS, foot)
    assert _drawn(*prints, large=((60, 80, "groenstroom."),)).text("buyer_name") == "Bakkerij Van den Hoek"


def test_a_foot_whose_dots_are_lost_begins_with_the_company() -> None:
    foot = (60, 800, "Kernhaus GmbH Seestrasse 23 : 8832 Wollerau CHE-123.456.788 MWST IBAN CH93 0076 2011 6238 5295 7")
    assert (
        read((380, 60, "ke rn ha us"), *PARTIES[3:], *HEAD, *TABLE, *SUMS, foot).text("seller_name") == "Kernhaus GmbH"
    )


def test_an_account_and_the_bic_behind_it_stand_in_the_line_that_holds_them() -> None:
    foot = (
        (60, 790, "Holzapfel Technik GmbH, AG Iserlohn HRB 4471, Sparkasse"),
        (60, 800, "Lüdenscheid DE79 0000 0000 1234 5678 90 WELADED1LSD"),
    )
    found = read(*PARTIES[3:], *HEAD, *TABLE, *SUMS, *foot)
    box = found.fields["seller_iban"].box
    assert found.text("seller_bic") == "WELADED1LSD" and box is not None and box.bottom > 795


def test_a_sort_code_where_the_sentence_goes_on() -> None:
    said = (
        (60, 560, "Please pay our factor only, Calder Invoice Finance plc, sort code"),
        (60, 571, "20-45-18, account 90118844."),
    )
    assert read(*PARTIES, *HEAD, *TABLE, *SUMS, *said).text("seller_routing") == "204518"


def test_a_cash_discount_up_to_a_day() -> None:
    said = (60, 560, "Zahlung: Bis 30.11.2026 erhalten Sie 2,000 % Skonto, bis 16.12.2026 ohne Abzug.")
    found = read(*PARTIES, *HEAD, *TABLE, *SUMS, said)
    assert found.amount("discount_percent") == 2


def test_a_net_total_that_no_label_names_before_a_rounded_total() -> None:
    sums = _rows((340, 480), 360, ("VAT 20 %", "20.00"), ("Round off", "0.40"), ("Grand total", "120.40"))
    summary = _rows((60, 200, 300), 480, ("Code", "Value", "Tax"), ("3901", "100.00", "20.00"))
    assert read(*PARTIES, *HEAD, *TABLE, *sums, *summary).text("net_total") == "100.00"


def test_what_is_billed_is_the_column_whose_sum_is_printed() -> None:
    table = _rows(
        (60, 190, 240, 300, 380, 440, 510), 310,
        ("Description", "Quantity", "Rate", "Amount", "Done", "Billed", "This bill"),
        ("Roof timber", "10.00", "20.00", "200.00", "150.00", "50.00", "100.00"),
        ("Roof tiles", "20.00", "30.00", "600.00", "300.00", "100.00", "200.00"),
    )  # fmt: skip
    found = read(*PARTIES, *HEAD, *table, *_sums(("Net total", "300.00"), ("VAT 20 %", "60.00"), ("Total", "360.00")))
    assert [item.line_total.value for item in found.line_items if item.line_total] == ["100.00", "200.00"]


def test_heads_parted_by_little_more_than_a_blank_are_columns_of_their_own() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        for x, y, text in (
            *PARTIES,
            *HEAD,
            *sums,
            (60, 500, "Please pay within thirty days of the date of this bill."),
        ):
            canvas.drawString(x, 842 - y, text)
        for x, y, text in table:
            canvas.drawRightString(x, 842 - y, text)

    table = _rows(
        (120, 300, 380, 420.5, 471), 310,
        ("Description", "Quantity", "Unit price", "Charges", "Net amount"),
        ("Plan one", "60", "12.30", "738.00", "696.00"),
        ("Plan two", "40", "4.35", "174.00", "174.00"),
    )  # fmt: skip
    sums = (*_sums(("Net total", "870.00"), ("VAT 20 %", "174.00"), ("Total", "1044.00")), (60, 480, "A line of words"))
    found = extract(paper.read(paper.pdf(draw)))
    assert [item.line_total.value for item in found.line_items if item.line_total] == ["696.00", "174.00"]


def test_the_code_of_a_currency_heads_the_amounts() -> None:
    table = _rows(
        (60, 240, 340, 480), 310,
        ("Tätigkeit", "Gegenstandswert", "Satz", "EUR"),
        ("Finanzbuchführung", "480.000,00", "7/10 x 3", "1.016,40"),
        ("Lohnabrechnungen", "", "42 x 18,00", "756,00"),
    )  # fmt: skip
    sums = _sums(("Summe netto", "1.772,40"), ("19 % USt.", "336,76"), ("Rechnungsbetrag", "2.109,16"))
    found = read(*PARTIES, *HEAD, *table, *sums)
    assert [item.line_total.value for item in found.line_items if item.line_total] == ["1016.40", "756.00"]


def test_a_number_of_a_few_signs_gives_way_to_the_one_behind_it() -> None:
    head = ((340, 130, "FACTURE - SITUATION N° 3 n° SIT-2026-118 du 15/11/2026"),)
    assert read(*PARTIES, *head, *TABLE, *SUMS).text("invoice_number") == "SIT-2026-118"


def test_a_line_drawn_with_signs_between_heads_and_values() -> None:
    head = _rows((60, 160, 300), 220, ("CUST NO", "CUSTOMER P.O.", "SHIP VIA"), ("--------------------", "", ""))
    values = _rows((60, 160, 300), 244, ("H04471", "PO-77188", "OUR TRUCK"))
    found = read(*PARTIES, *HEAD, *head, *values, *TABLE, *SUMS)
    assert (found.text("customer_number"), found.text("purchase_order")) == ("H04471", "PO-77188")


def test_terms_as_typewriters_wrote_them() -> None:
    found = read(*PARTIES, *HEAD, *TABLE, *SUMS, (60, 220, "TERMS: 1% 10 NET 30"))
    said = (found.amount("discount_percent"), found.text("discount_days"), found.text("payment_terms_days"))
    assert said == (1, "10", "30")


def test_codes_without_digits_over_their_texts_beside_others_that_have_some() -> None:
    table = _rows(
        (60, 140, 380, 480), 310,
        ("Quantity", "Item", "Rate", "Amount"),
        ("25", "SNW-TB-27", "89.00", "2225.00"),
        ("", "Snowshoe, trail 27 in", "", ""),
        ("25", "POLE-ADJ", "29.50", "737.50"),
        ("", "Trekking pole, adjustable pair", "", ""),
    )  # fmt: skip
    sums = _sums(("Net total", "2962.50"), ("VAT 20 %", "592.50"), ("Total", "3555.00"))
    found = read(*PARTIES, *HEAD, *table, *sums)
    assert [item.sku.value for item in found.line_items if item.sku] == ["SNW-TB-27", "POLE-ADJ"]


def test_a_tax_number_listed_with_the_bills_number_and_day_is_the_buyers() -> None:
    own = (60, 96, "VAT number: IE3668997OH")
    listed = _rows((340,), 60, ("Invoice no.: HF-10482",), ("Date: 14/10/2026",), ("VAT ID: GB980780684",))
    found = read(*PARTIES, own, *listed, *TABLE, *SUMS)
    assert (found.text("seller_vat_id"), found.text("buyer_vat_id")) == ("IE3668997OH", "GB980780684")


def test_a_text_that_runs_on_under_the_columns_stays_one() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Courier", 9)
        rows = (
            "LN ITEM NUMBER      QTY UM       PRICE      EXTENSION",
            "   DESCRIPTION",
            " 1 LOC-242-50         4 EA      22.480          89.92",
            "   THREADLOCKER 242 BLUE 50 ML",
            " 2 HN-38-16          20 BX       6.100         122.00",
            "   HEX NUT 3/8-16 ZINC GR5 100",
        )
        for y, text in enumerate(rows):
            canvas.drawString(60, 530 - 11 * y, text)
        for x, top, text in (*PARTIES, *HEAD, *_sums(("Net total", "211.92"), ("Total", "211.92"))):
            canvas.drawString(x, 842 - top, text)

    items = extract(paper.read(paper.pdf(draw))).line_items
    texts = [item.description.value for item in items if item.description]
    assert texts == ["THREADLOCKER 242 BLUE 50 ML", "HEX NUT 3/8-16 ZINC GR5 100"]


def test_a_code_of_a_tax_behind_an_amount_sums_up_nothing() -> None:
    table = _rows(
        (60, 380, 480), 310,
        ("Description", "Amount", "Code"),
        ("Clear the blocked main", "$640.00", "GST"),
        ("Inspection opening", "$285.50", "GST"),
    )  # fmt: skip
    found = read(
        *PARTIES, *HEAD, *table, *_sums(("Net total", "$925.50"), ("GST 10%", "$92.55"), ("Total", "$1,018.05"))
    )
    assert [item.line_total.value for item in found.line_items if item.line_total] == ["640.00", "285.50"]


def test_a_total_beside_a_row_of_what_is_free_of_tax_stays_the_total() -> None:
    shares = _rows(
        (60, 110, 170, 250, 380, 480), 360,
        ("Code", "Rate", "Sale value", "GST", "Freight:", "$0.00"),
        ("GST", "10%", "$100.00", "$10.00", "GST:", "$10.00"),
        ("FRE", "0%", "$20.00", "$0.00", "Total Inc GST:", "$130.00"),
    )  # fmt: skip
    sums = _rows((380, 480), 402, ("Amount Applied:", "$35.00"), ("Balance Due:", "$95.00"))
    assert read(*PARTIES, *HEAD, *TABLE, *shares, *sums).text("gross_total") == "130.00"


def test_whom_a_business_belongs_to_is_not_its_name() -> None:
    head = ((60, 60, "Weingut Bürklein"), (60, 72, "Inh. Konrad Bürklein · Weinstr. 118 · 67146 Deidesheim"))
    assert read(*head, *PARTIES[3:], *HEAD, *TABLE, *SUMS).text("seller_name") == "Weingut Bürklein"


def test_a_brand_is_the_company_in_whose_name_its_words_stand() -> None:
    foot = _rows(
        (60, 300), 790, ("Elmontage i Syd AB", "Org.nr 556311-8846"), ("Höjdrodergatan 18", ""), ("212 39 Malmö", "")
    )
    found = _drawn(*PARTIES[3:], *HEAD, *TABLE, *SUMS, *foot, large=((60, 60, "Elmontage Syd"),))
    assert found.text("seller_name") == "Elmontage i Syd AB"


def test_a_net_total_under_a_name_that_is_not_known_is_told_by_the_tax() -> None:
    sums = _sums(
        ("Summe", "100.00"),
        ("./. 5 % Wiederverkäuferrabatt", "-5.00"),
        ("Warenwert", "95.00"),
        ("19 % MwSt.", "18.05"),
        ("Gesamt", "113.05"),
    )
    assert read(*PARTIES, *HEAD, *TABLE, *sums).text("net_total") == "95.00"


def test_the_day_up_to_which_an_amount_is_to_be_paid_stands_in_its_label() -> None:
    said = ((340, 170, "Montant TTC à payer avant le 27/11/2026"), (340, 182, "120,00 €"))
    found = read(*PARTIES, *HEAD, *said, *TABLE, *SUMS[:4])
    assert (found.text("due_date"), found.text("amount_due")) == ("2026-11-27", "120.00")


def test_totals_without_tax_beside_those_with_it() -> None:
    table = _rows(
        (60, 240, 340, 410, 480), 310,
        ("Service", "Number of shipments", "Charges", "VAT", "Total"),
        ("Outbound standard", "14", "120.00", "24.00", "144.00"),
        ("Outbound express", "2", "30.00", "6.00", "36.00"),
    )  # fmt: skip
    sums = _sums(("Total excluding VAT", "150.00"), ("VAT 20 %", "30.00"), ("Total amount due", "180.00"))
    items = read(*PARTIES, *HEAD, *table, *sums).line_items
    assert [item.line_total.value for item in items if item.line_total] == ["120.00", "30.00"]


def test_numbers_that_do_not_rise_are_the_articles() -> None:
    table = _rows(
        (60, 120, 300, 380, 480), 310,
        ("Nr", "Vare", "Antal", "Pris", "I alt"),
        ("441188", "Reglar 45x95", "4", "25,00", "100,00"),
        ("9001", "Kranbil", "1", "50,00", "50,00"),
    )  # fmt: skip
    items = read(
        *PARTIES, *HEAD, *table, *_sums(("Subtotal", "150,00"), ("Moms 25 %", "37,50"), ("I alt", "187,50"))
    ).line_items
    assert [item.sku.value for item in items if item.sku] == ["441188", "9001"]


def test_a_month_within_a_number_is_no_date() -> None:
    head = ((340, 130, "Faktura nr FS 1188/MAG/11/2026"), (340, 142, "Data wystawienia: 2026-11-13"))
    assert read(*PARTIES, *head, *TABLE, *SUMS).text("invoice_number") == "FS 1188/MAG/11/2026"
