"""Classes of print of public invoice templates: shops' charges, payments below goods, parties without labels."""

from __future__ import annotations

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ingest.extract import extract
from ingest.extraction import Extraction
from tests.ingest import paper
from tests.ingest.prints import HEAD, PARTIES, SUMS, TABLE, Print, read

_XS = (60, 300, 380, 480)
_NAMES = ("Description", "Quantity", "Unit price", "Amount")
_RIGHT = 540


def _rows(*rows: tuple[float, tuple[str, ...]], xs: tuple[float, ...] = _XS) -> tuple[Print, ...]:
    return tuple((x, top, text) for top, cells in rows for x, text in zip(xs, cells, strict=False) if text)


def _sums(*rows: tuple[str, str], top: float = 400) -> tuple[Print, ...]:
    return _rows(*((top + 12.0 * index, row) for index, row in enumerate(rows)), xs=(380, 480))


def _flush(top: float, *texts: str) -> tuple[Print, ...]:
    """Lines that end at the right edge."""
    return tuple(
        (_RIGHT - stringWidth(text, "Helvetica", 9), top + 12 * index, text) for index, text in enumerate(texts)
    )


def _texts(found: Extraction) -> list[str | None]:
    return [line.description.value if line.description is not None else None for line in found.line_items]


_TWO = _rows((310, _NAMES), (330, ("Hex bolts M8", "4", "25.00", "100.00")), (345, ("Books", "2", "25.00", "50.00")))


def test_a_charge_belongs_to_the_net_total_where_goods_have_several_rates() -> None:
    for label in ("Shipping", "Delivery"):
        sums = _sums(("Subtotal", "150.00"), (label, "10.00"), ("VAT 20%", "22.00"), ("Total", "182.00"))
        found = read(*PARTIES, *HEAD, *_TWO, *sums)
        names = ("lines_total", "shipping_total", "net_total", "tax_total", "gross_total")
        assert [found.text(name) for name in names] == ["150.00", "10.00", "160.00", "22.00", "182.00"]


def test_the_lines_confirm_no_net_total_that_with_its_tax_is_not_the_total() -> None:
    sums = _sums(("Subtotal", "100.00"), ("Zugabe", "7.00"), ("VAT", "21.40"), ("Total", "128.40"))
    net = read(*PARTIES, *HEAD, *TABLE, *sums).fields["net_total"]
    assert net.value == "100.00" and (net.confidence or 0) < 0.9


def test_payments_are_no_goods() -> None:
    goods = _rows((310, ("Description", "Total")), (330, ("Hosting, one year", "GBP 100.00")), xs=(60, 480))
    sums = _sums(("Sub Total", "100.00"), ("20% VAT", "20.00"), ("Total", "120.00"))
    head = ("Transaction Date", "Gateway", "Transaction ID", "Amount")
    paid = _rows((480, head), (495, ("14/10/2026", "PayPal", "9XK21873LM", "120.00")), xs=(60, 180, 300, 480))
    found = read(*PARTIES, *HEAD, *goods, *sums, *paid)
    assert _texts(found) == ["Hosting, one year"]
    assert found.text("invoice_number") == "HF-10482"


def test_items_are_named_by_the_column_that_none_leaves_empty() -> None:
    xs = (60, 180, 340, 400, 480)
    head = (310, ("Item", "Description", "Qty", "Price", "Total"))
    rows = (
        (330, ("LED panel 60x60", "Standard finish, delivered", "4.00", "25.00", "100.00")),
        (345, ("Cable tray, galvanised", "", "2.00", "10.00", "20.00")),
        (360, ("Maintenance, quarterly", "", "1.00", "30.00", "30.00")),
    )
    sums = _sums(("Subtotal", "150.00"), ("VAT 20%", "30.00"), ("Total", "180.00"))
    found = read(*PARTIES, *HEAD, *_rows(head, *rows, xs=xs), *sums)
    assert _texts(found) == ["LED panel 60x60", "Cable tray, galvanised", "Maintenance, quarterly"]


def test_a_code_with_a_dash_before_every_text_is_the_articles_number() -> None:
    rows = ((330, ("TZ-8304 - Oak door", "4", "25.00", "100.00")), (345, ("MZ-3072 - Fitting", "2", "10.00", "20.00")))
    found = read(*PARTIES, *HEAD, *_rows((310, _NAMES), *rows), *_sums(("Net total", "120.00"), ("Total", "120.00")))
    assert _texts(found) == ["Oak door", "Fitting"]
    assert [line.sku.value if line.sku else None for line in found.line_items] == ["TZ-8304", "MZ-3072"]


def test_a_discount_before_the_amount_that_it_leaves_stands_in_its_cell() -> None:
    rows = ((330, ("Bread rolls", "4", "25.00", "100.00")), (345, ("Flour", "2", "50.00", "(-10 %) 90.00")))
    found = read(*PARTIES, *HEAD, *_rows((310, _NAMES), *rows), *_sums(("Net total", "190.00"), ("Total", "190.00")))
    assert [line.line_total.value if line.line_total else None for line in found.line_items] == ["100.00", "90.00"]


def test_a_number_at_the_right_edge_belongs_to_the_party_whose_heading_ends_there() -> None:
    buyer = (
        (60, 130, "Buyer"),
        (60, 142, "Larkfield Joinery Ltd"),
        (60, 154, "22 Mill Lane"),
        (60, 166, "Leeds LS1 4DY"),
    )
    seller = _flush(130, "Seller", "Harbour Fasteners Ltd", "7 Harbour Road", "Bristol BS1 6XN", "GB123456041")
    found = read(*buyer, *seller, (60, 60, "Invoice #HF-10482"), (400, 60, "Date: 14/10/2026"), *TABLE, *SUMS)
    assert (found.text("seller_vat_id"), found.text("buyer_vat_id")) == ("GB123456041", None)


def test_a_number_alone_in_the_titles_row_is_the_invoices() -> None:
    found = read(
        *PARTIES, (60, 30, "INVOICE"), (440, 30, "No. 2026006130"), (340, 142, "Date: 14/10/2026"), *TABLE, *SUMS
    )
    assert found.text("invoice_number") == "2026006130"


def test_a_street_under_a_vat_number_is_nobodys_name() -> None:
    left = ("Stichting Oosterpoort", "BTW-nr: NL487502000B01", "Singel 9", "9712 BC Groningen")
    buyer = tuple((60, 60 + 12 * index, text) for index, text in enumerate(left))
    seller = _flush(60, "Van Dijk Installatie B.V.", "BTW-nr: NL004495445B01", "Havenkade 18", "3011 GA Rotterdam")
    head = ((60, 200, "Factuur 2026369"), (340, 142, "Factuurdatum: 14-10-2026"))
    name = read(*buyer, *seller, *head, *TABLE, *SUMS).text("buyer_name")
    assert name == "Stichting Oosterpoort"


def test_an_institution_under_a_persons_name_buys() -> None:
    lines = ("Bill to:", "Kim Larsen", "Meridian Hotels Group", "1 Station Approach", "York YO1 7AB")
    buyer = tuple((60, 130 + 12 * index, text) for index, text in enumerate(lines))
    assert read(*PARTIES[:3], *buyer, *HEAD, *TABLE, *SUMS).text("buyer_name") == "Meridian Hotels Group"


def test_a_number_by_which_employers_are_taxed_is_none_of_value_added_tax() -> None:
    found = read(*PARTIES, *HEAD, *TABLE, *SUMS, (60, 800, "Licensed facility | Tax ID: 12-3456789"))
    assert found.text("seller_vat_id") is None


def test_who_letters_are_returned_to_sells() -> None:
    sender = ((60, 40, "Returadress: Lindqvist Städservice AB"), (60, 52, "Hamngatan 12, 411 14 Göteborg"))
    buyer = ((320, 130, "Hotell Fyren AB"), (320, 142, "Strandvägen 3"), (320, 154, "621 57 Visby"))
    head = ((320, 40, "Fakturanummer: 20260611"), (320, 52, "Fakturadatum: 2026-10-14"))
    found = read(*sender, *buyer, *head, *TABLE, *SUMS)
    assert (found.text("seller_name"), found.text("buyer_name")) == ("Lindqvist Städservice AB", "Hotell Fyren AB")


def test_a_reference_with_the_letters_of_orders_is_the_order() -> None:
    found = read(*PARTIES, *HEAD, (340, 154, "Reference: PO-9351"), *TABLE, *SUMS)
    assert (found.text("invoice_number"), found.text("purchase_order")) == ("HF-10482", "PO-9351")


def test_goods_whose_name_begins_like_a_carried_sum_are_goods() -> None:
    goods = (("Transport Leeds - York", "2", "30.00", "60.00"), ("Reporting licence", "1", "40.00", "40.00"))
    rows = ((330.0, goods[0]), (345.0, goods[1]))
    short = tuple((top, (cells[0], "14/10/2026", cells[3])) for top, cells in rows)
    dated = _rows((310, ("Description", "Date", "Amount")), *short, xs=(60, 300, 480))
    for table in (_rows((310, _NAMES), *rows), dated):
        found = read(*PARTIES, *HEAD, *table, *_moved(SUMS, 20))
        assert _texts(found) == ["Transport Leeds - York", "Reporting licence"]
        assert found.text("shipping_total") is None


def test_a_sum_carried_from_page_to_page_is_no_goods() -> None:
    carried = _rows((330, ("Report from page 1", "", "", "75.00")), (345, ("Books", "1", "25.00", "25.00")))
    assert _texts(read(*PARTIES, *HEAD, *_rows((310, _NAMES)), *carried, *_moved(SUMS, 20))) == ["Books"]


def test_a_text_goes_on_beside_the_second_line_of_its_period() -> None:
    head = _rows((310, ("Description", "Date", "Amount")), xs=(60, 300, 480))
    first = _rows((330, ("Cable tray, hot dip", "14 Sep 2026 - 13 Oct", "100.00")), xs=(60, 300, 480))
    found = read(*PARTIES, *HEAD, *head, *first, (60, 341, "galvanised"), (300, 341, "2026"), *SUMS)
    assert _texts(found) == ["Cable tray, hot dip galvanised"]


def test_what_a_guests_account_is_charged_are_the_lines() -> None:
    xs = (60.0, 140.0, 300.0, 380.0, 480.0)
    head = (310.0, ("Date", "Description", "Debit", "Credit", "Balance"))
    first = (330.0, ("12/10/2026", "Room charge", "95.50", "", "95.50"))
    second = (345.0, ("12/10/2026", "City tax", "4.50", "", "100.00"))
    paid = (360.0, ("13/10/2026", "Visa **** 4411", "", "100.00", "0.00"))
    found = read(*PARTIES, *HEAD, *_rows(head, first, second, paid, xs=xs), *_sums(("Total charges", "100.00")))
    assert [line.line_total.value for line in found.line_items if line.line_total is not None] == ["95.50", "4.50"]
    assert _texts(found) == ["Room charge", "City tax"]


def test_halves_of_a_tax_that_stand_under_their_names_are_one_tax() -> None:
    sums = ("Sub Total", "100.00", "SGST @ 2.5%", "2.50", "CGST @ 2.5%", "2.50", "Total Payable", "105.00")
    found = read(*PARTIES, *HEAD, *TABLE, *((60.0, 380 + 12.0 * index, text) for index, text in enumerate(sums)))
    assert (found.text("tax_total"), found.text("gross_total")) == ("5.00", "105.00")


def test_a_street_named_after_a_market_is_no_company() -> None:
    seller = ((60, 60, "Shri Ram Forwarders"), (60, 72, "M-21 Old Market"), (60, 84, "Surat, Gujarat 395010"))
    assert read(*seller, *PARTIES[3:], *HEAD, *TABLE, *SUMS).text("seller_name") == "Shri Ram Forwarders"


def test_a_sentence_before_a_name_is_none_of_it() -> None:
    foot = "Payable within 30 days. Harbour Fasteners Ltd, Bristol BS1 6XN, IBAN GB29 NWBK 6016 1331 9268 19"
    found = read(*PARTIES[3:], *HEAD, *TABLE, *SUMS, (60, 780, foot))
    assert found.text("seller_name") == "Harbour Fasteners Ltd"


def test_a_partys_name_stands_beside_its_label_in_a_table() -> None:
    heads = ((60, 60, "Buyer information"), (340, 60, "Seller information"))
    left = _rows(
        (76, ("Reference", "04011")), (88, ("Name", "Larkfield Joinery Ltd")), (100, ("Street", "22 Mill Lane"))
    )
    right = _rows((76, ("Company", "Harbour Fasteners Ltd")), (88, ("Street", "7 Harbour Road")), xs=(340, 440))
    left = tuple((160.0 if x > 60 else x, top, text) for x, top, text in left)
    found = read(*heads, *left, *right, *HEAD, *TABLE, *SUMS)
    assert (found.text("seller_name"), found.text("buyer_name")) == ("Harbour Fasteners Ltd", "Larkfield Joinery Ltd")


def test_the_number_of_a_payment_is_not_the_invoices() -> None:
    head = ("Transaction Date", "Gateway", "Transaction ID", "Amount")
    paid = _rows((480, head), (495, ("14/10/2026", "PayPal", "9XK21873LM", "120.00")), xs=(60, 180, 300, 480))
    found = read(*PARTIES, (340, 130, "Invoice #2026793"), HEAD[1], *TABLE, *SUMS, *paid)
    assert found.text("invoice_number") == "2026793"


def test_a_second_language_in_brackets_changes_no_column() -> None:
    xs = (60.0, 210.0, 260.0, 330.0, 400.0, 480.0)
    first = (310.0, ("Nazwa", "Ilość", "Cena netto", "Wartość netto", "Kwota VAT (VAT", "Wartość brutto"))
    second = (321.0, ("(name)", "(quantity)", "(net price)", "(net value)", "amount)", "(gross value)"))
    one = (340.0, ("Kabel 3x2,5", "4", "25,00", "100,00", "23,00", "123,00"))
    two = (355.0, ("Montaż", "2", "30,00", "60,00", "13,80", "73,80"))
    total = (60, 400, "Razem (total): 196,80 PLN")
    found = read(*PARTIES, *HEAD, *_rows(first, second, one, two, xs=xs), total)
    assert [line.line_total.value for line in found.line_items if line.line_total is not None] == ["100.00", "60.00"]


def test_a_number_behind_its_sign_alone_is_the_invoices() -> None:
    head = ((60, 62, "INVOICE"), (480, 50, "#2026986"), (440, 64, "Date: 14/10/2026"))
    found = read(*head, *((x, top + 40, text) for x, top, text in PARTIES), *TABLE, *SUMS)
    assert found.text("invoice_number") == "2026986"


def test_a_label_in_smaller_print_names_the_party_beside_it() -> None:
    rows = (("CLIENT", "Larkfield Joinery Ltd"), ("ADDRESS", "22 Mill Lane, Leeds LS1 4DY"), ("DATE", "14/10/2026"))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 6)
        for index, (label, _) in enumerate(rows):
            canvas.drawRightString(98, 712 - 12 * index, label)
        canvas.setFont("Helvetica", 9)
        for index, (_, value) in enumerate(rows):
            canvas.drawString(101, 712 - 12 * index, value)
        for x, top, text in (*PARTIES[:3], HEAD[0], *TABLE, *SUMS):
            canvas.drawString(x, 842 - top, text)

    assert extract(paper.read(paper.pdf(draw))).text("buyer_name") == "Larkfield Joinery Ltd"


def test_australian_addresses_are_addresses() -> None:
    buyer = ((60, 142, "Larkfield Joinery"), (60, 154, "22 Mill Lane"), (60, 166, "Melbourne VIC 3000"))
    assert read(*PARTIES[:3], *buyer, *HEAD, *TABLE, *SUMS).text("buyer_name") == "Larkfield Joinery"


def test_what_ends_in_a_colon_is_a_label_and_no_number() -> None:
    second = ((340, 154, "Número 2:"), (480, 154, "General"))
    assert read(*PARTIES, HEAD[1], *second, *TABLE, *SUMS).text("invoice_number") is None


def test_a_serial_number_beside_the_title_is_the_invoices() -> None:
    head = ((60, 40, "INVOICE"), (340, 40, "Serial No. BIG.26353"), HEAD[1])
    assert read(*PARTIES, *head, *TABLE, *SUMS).text("invoice_number") == "BIG.26353"
    assert read(*PARTIES, *HEAD, (340, 166, "Serial No. 4471-22"), *TABLE, *SUMS).text("invoice_number") == "HF-10482"


def _moved(prints: tuple[Print, ...], down: float) -> tuple[Print, ...]:
    return tuple((x, top + down, text) for x, top, text in prints)
