"""Classes of print of further programs: columns that say more than goods do, numbers and sums in unusual places."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.extraction import Extraction, LineItem
from ingest.numbers import number_readings
from tests.ingest.prints import HEAD, PARTIES, SUMS, TABLE, Print, read


def _cells(item: LineItem, *names: str) -> list[str | None]:
    cells = dict(item.cells())
    return [cells[name].value if name in cells else None for name in names]


def _table(places: tuple[int, ...], *rows: tuple[str, ...], top: int = 310, step: int = 14) -> tuple[Print, ...]:
    """Rows of cells whose left edges stand at these places; an empty cell is left out."""
    return tuple(
        (x, top + step * index, text)
        for index, row in enumerate(rows)
        for x, text in zip(places, row, strict=True)
        if text
    )


def _read(*prints: Print) -> Extraction:
    return read(*PARTIES, *HEAD, *prints)


def test_a_sentence_over_a_table_is_none_of_its_head() -> None:
    said = (60, 300, "You will be charged automatically for any amount due: VAT to be accounted for by the recipient.")
    table = _table(
        (60, 160, 330, 400, 490),
        ("Resource", "Description", "Quantity", "Unit", "Amount"),
        ("prod-eu", "Compute, Frankfurt", "1,488.00", "hour", "512.37"),
        ("prod-eu", "Block storage", "900.00", "gibibyte month", "153.00"),
    )
    items = _read(said, *table, (400, 360, "Total"), (490, 360, "665.37")).line_items
    assert [_cells(item, "description", "quantity", "unit", "line_total") for item in items] == [
        ["Compute, Frankfurt", "1488.00", "HUR", "512.37"],
        ["Block storage", "900.00", "gibibyte month", "153.00"],
    ]


@pytest.mark.parametrize("first", ["Charge", "Work"])
def test_the_first_column_says_what_is_billed_whatever_its_name(first: str) -> None:
    table = _table(
        (60, 300, 380, 480),
        (first, "Hours", "Rate", "£"),
        ("Copy-edit, chapters 1-12", "31½", "28.00", "882.00"),
        ("Proofread of index", "4", "28.00", "112.00"),
    )
    items = _read(*table, (380, 360, "Total"), (480, 360, "994.00")).line_items
    assert [_cells(item, "description", "quantity", "line_total") for item in items] == [
        ["Copy-edit, chapters 1-12", "31.5", "882.00"],
        ["Proofread of index", "4", "112.00"],
    ]


def test_a_fraction_is_part_of_its_number() -> None:
    assert [number_readings(text) for text in ("31½", "¾", "a½")] == [(Decimal("31.5"),), (Decimal("0.75"),), ()]


def test_payments_in_a_column_of_their_own_are_no_charges() -> None:
    table = _table(
        (60, 140, 380, 480),
        ("Date", "Description", "Charges GBP", "Credits GBP"),
        ("12-10-26", "Accommodation", "145.00", ""),
        ("13-10-26", "Breakfast", "16.50", ""),
        ("14-10-26", "Visa XXXX1182", "", "161.50"),
    )
    items = _read(*table, (60, 370, "Total"), (380, 370, "161.50"), (480, 370, "161.50")).line_items
    assert [_cells(item, "description", "line_total") for item in items] == [
        ["Accommodation", "145.00"],
        ["Breakfast", "16.50"],
    ]


def test_what_was_billed_before_is_neither_quantity_nor_price() -> None:
    table = _table(
        (60, 100, 240, 310, 380, 440, 490),
        ("", "", "Scheduled", "Previously", "This", "%", "Balance to"),
        ("Item", "Description of Work", "Value", "Billed", "Period", "Comp.", "Finish"),
        ("1", "Ductwork", "186,000.00", "111,600.00", "37,200.00", "80%", "37,200.00"),
        ("2", "Piping", "142,500.00", "57,000.00", "42,750.00", "70%", "42,750.00"),
        ("", "Totals", "328,500.00", "168,600.00", "79,950.00", "", "79,950.00"),
        step=11,
    )
    items = _read(*table, (380, 390, "Total"), (490, 390, "79,950.00")).line_items
    assert [_cells(item, "description", "quantity", "unit_price", "line_total") for item in items] == [
        ["Ductwork", None, None, "37200.00"],
        ["Piping", None, None, "42750.00"],
    ]


@pytest.mark.parametrize("head", ["Price per 100", "Price"])
def test_prices_are_per_hundred_where_the_head_or_all_lines_say_so(head: str) -> None:
    table = _table(
        (60, 300, 380, 480),
        ("Description", "Quantity", head, "Amount"),
        ("Hex bolts M8", "2,000", "14.20", "284.00"),
        ("Washers M8", "4,000", "1.85", "74.00"),
        ("", "", "Net total", "358.00"),
        ("", "", "VAT 20 %", "71.60"),
        ("", "", "Total", "429.60"),
    )
    items = _read(*table).line_items
    assert [_cells(item, "quantity", "unit_price", "price_base", "line_total") for item in items] == [
        ["2000", "14.20", "100", "284.00"],
        ["4000", "1.85", "100", "74.00"],
    ]


def test_quantities_and_prices_that_never_make_the_total_are_unsure() -> None:
    table = _table(
        (60, 300, 380, 480),
        ("Description", "Quantity", "Price", "Amount"),
        ("Valves", "3,860", "21.40", "512.00"),
        ("Fittings", "1,150", "28.75", "300.00"),
    )
    items = _read(*table, (380, 360, "Total"), (480, 360, "812.00")).line_items
    doubts = [cell.confidence for item in items for cell in (item.quantity, item.unit_price) if cell is not None]
    assert len(doubts) == 4
    assert all(sure is not None and sure < 0.5 for sure in doubts)


def test_sums_side_by_side_under_their_heads_end_the_table() -> None:
    table = _table(
        (60, 300, 380, 440, 490),
        ("Description", "Qty", "Price", "Disc. %", "Amount"),
        ("Hex bolts M8", "40", "2.50", "", "100.00"),
        ("Washers M8", "40", "1.00", "10.0", "36.00"),
    )
    sums = _table((60, 160, 260, 360, 490), ("Goods value", "Freight", "Net", "VAT", "Total"), *(), top=370) + _table(
        (60, 160, 260, 360, 490), ("136.00", "4.00", "140.00", "28.00", "168.00"), top=384
    )
    items = _read(*table, *sums).line_items
    assert [_cells(item, "line_discount_percent", "line_total") for item in items] == [
        [None, "100.00"],
        ["10.0", "36.00"],
    ]


def test_an_articles_number_over_its_text_in_one_column() -> None:
    table = _table(
        (60, 300, 380, 480),
        ("Material", "", "", ""),
        ("Description", "Qty", "Price", "Amount"),
        ("HX-2210", "4", "25.00", "100.00"),
        ("LDPE film, bags 25 kg", "", "", ""),
        ("HX-9001", "2", "10.00", "20.00"),
        ("Masterbatch white", "", "", ""),
        step=10,
    )
    items = _read(*table, (380, 390, "Total"), (480, 390, "120.00")).line_items
    assert [_cells(item, "sku", "description") for item in items] == [
        ["HX-2210", "LDPE film, bags 25 kg"],
        ["HX-9001", "Masterbatch white"],
    ]


def test_an_articles_number_in_brackets_before_its_text() -> None:
    table = _table(
        (60, 300, 380, 480),
        ("Description", "Quantity", "Unit price", "Amount"),
        ("[OLI-1K] Green olives 1 kg", "10", "9.40", "94.00"),
        ("Delivery to the door", "1", "6.00", "6.00"),
    )
    items = _read(*table, *SUMS).line_items
    assert [_cells(item, "sku", "description") for item in items] == [
        ["OLI-1K", "Green olives 1 kg"],
        [None, "Delivery to the door"],
    ]


def test_an_order_among_labels_with_their_values_is_no_title() -> None:
    listed = _table((60, 120), ("Clerk", "D. Moss"), ("Order", "A-26-1180"), ("Object", "Mill Lane"), top=200, step=12)
    found = _read(*listed, (60, 260, "Invoice HF-10482"), *TABLE, *SUMS)
    assert (found.document_type.value, found.text("invoice_number")) == ("invoice", "HF-10482")


def test_number_and_date_behind_one_label() -> None:
    head = _table((340, 430), ("Number / Date", "90041827 / 05.11.2026"), ("Customer", "204418"), top=130, step=12)
    found = read(*PARTIES, (340, 110, "Invoice"), *head, *TABLE, *SUMS)
    assert (found.text("invoice_number"), found.text("issue_date")) == ("90041827", "2026-11-05")


@pytest.mark.parametrize("title", ["Fatura FT A26/1184", "Rechnung Nr. FT A26/1184"])
def test_the_letters_of_a_series_are_part_of_the_number(title: str) -> None:
    found = read(*PARTIES, (340, 110, title), (340, 142, "Date: 14/10/2026"), *TABLE, *SUMS)
    assert found.text("invoice_number") == "FT A26/1184"


def test_invoices_listed_in_a_table_do_not_number_this_one() -> None:
    listed = _table(
        (60, 200, 300),
        ("Invoice", "of", "gross"),
        ("1. AR 2026/0041", "12.06.2026", "40.00"),
        ("2. AR 2026/0066", "21.08.2026", "30.00"),
        top=420,
    )
    found = read(*PARTIES, (340, 130, "Final invoice 26-0093"), (340, 142, "Date: 14/10/2026"), *TABLE, *SUMS, *listed)
    assert found.text("invoice_number") == "26-0093"


def test_a_reference_in_groups_of_five_is_read_whole() -> None:
    slip = _table((60,), ("Reference for payment",), ("21 00000 00003 13947 14300 09017",), top=600, step=10)
    assert _read(*TABLE, *SUMS, *slip).text("payment_reference") == "21 00000 00003 13947 14300 09017"


def test_a_spanish_number_without_a_label_is_its_partys() -> None:
    seller = ((60, 60, "Marta Olmedo Ruiz"), (60, 72, "33487000N"), (60, 84, "46004 Valencia"))
    buyer = (
        (60, 130, "Cliente"),
        (60, 142, "Cítricos Albufera, S.L."),
        (60, 154, "B96148002"),
        (60, 166, "46410 Sueca"),
    )
    found = read(*seller, *buyer, *HEAD, *TABLE, *SUMS)
    assert (found.text("seller_vat_id"), found.text("buyer_vat_id")) == ("33487000N", "B96148002")


def test_what_the_head_says_of_prices_tells_thousands_from_decimals() -> None:
    table = _table(
        (60, 300, 380, 480),
        ("Description", "Quantity", "Price per 1000", "Amount"),
        ("Label 90x60", "25,000", "11.40", "285.00"),
        ("Carton, printed", "3,500", "184.00", "644.00"),
    )
    items = _read(*table, (380, 360, "Total"), (480, 360, "929.00")).line_items
    assert [_cells(item, "quantity", "price_base") for item in items] == [["25000", "1000"], ["3500", "1000"]]
