"""Classes of tables of goods, each drawn as plainly as shows the class."""

from __future__ import annotations

import resource
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Document, Source
from ingest.extract import extract
from ingest.extraction import Extraction, LineItem
from ingest.units import unit_code
from tests.ingest import paper

Print = tuple[float, float, str]
Rule = tuple[float, float, float, float]
X = (50.0, 80.0, 360.0, 450.0, 550.0)
HEAD = ("Pos", "Description", ">Quantity", ">Unit price", ">Amount")
TOP: tuple[Print, ...] = ((50, 60, "Invoice number: INV-4711"), (50, 75, "Invoice date: 3 November 2026"))


def _document(pages: Sequence[Sequence[Print]], rules: Sequence[Rule] = (), small: float = 40.0) -> Document:
    """Pages of texts at (x, y from the top); `>` ends a text at x, `*` prints it bold."""
    drawn = iter(pages)

    def draw(canvas: Canvas) -> None:
        for x, y, text in next(drawn):
            canvas.setFont("Helvetica-Bold" if text.startswith("*") else "Helvetica", 9)
            text = text.removeprefix("*")
            if text.startswith(">"):
                canvas.drawRightString(x, 842 - y, text[1:])
            else:
                canvas.drawString(x, 842 - y, text)
        for x0, y0, x1, y1 in rules:
            canvas.line(x0, 842 - y0, x1, 842 - y1)

    return paper.read(paper.pdf(draw, len(pages)))


def _read(*prints: Print, rules: Sequence[Rule] = ()) -> Extraction:
    return extract(_document([(*TOP, *prints)], rules))


def _row(y: float, *cells: str, places: Sequence[float] = X) -> tuple[Print, ...]:
    return tuple((x, y, cell) for x, cell in zip(places, cells, strict=True) if cell)


def _totals(y: float, net: str, tax: str, gross: str) -> tuple[Print, ...]:
    rows = (("Net total", net), ("VAT 20 %", tax), ("Total GBP", gross))
    return tuple(
        part
        for i, (label, value) in enumerate(rows)
        for part in ((400, y + 15 * i, label), (550, y + 15 * i, ">" + value))
    )


def _cells(item: LineItem, *names: str) -> tuple[str | None, ...]:
    return tuple(cell.value if (cell := getattr(item, name)) is not None else None for name in names)


def _shown(found: Extraction) -> list[tuple[str | None, ...]]:
    return [_cells(item, "quantity", "unit_price", "line_total", "description") for item in found.line_items]


BOLT = ("2", "12.00", "24.00", "Hex bolt")
PIPE = ("3", "10.00", "30.00", "Steel pipe 42 mm")


def test_a_description_goes_on_below_and_a_remark_is_none_of_it() -> None:
    found = _read(
        *_row(200, *HEAD),
        *_row(220, "1", "Pallet truck 2500 kg", ">2", ">12.00", ">24.00"),
        (80, 231, "fork length 1150 mm, polyurethane rollers"),
        (80, 242, "Country of origin DE, commodity code 8427"),
        *_row(264, "2", "Steel pipe", ">3", ">10.00", ">30.00"),
        (80, 275, "Serial number: 993-221"),
        *_totals(310, "54.00", "10.80", "64.80"),
    )
    assert _shown(found) == [
        ("2", "12.00", "24.00", "Pallet truck 2500 kg fork length 1150 mm, polyurethane rollers"),
        ("3", "10.00", "30.00", "Steel pipe"),
    ]
    assert [_cells(item, "note") for item in found.line_items] == [
        ("Country of origin DE, commodity code 8427",),
        ("Serial number: 993-221",),
    ]


def test_a_text_under_every_line_is_a_remark_whatever_it_says() -> None:
    rows: list[Print] = []
    for number, name in enumerate(("Hex bolt", "Steel pipe", "Ball bearing")):
        y = 220.0 + 30 * number
        rows += [*_row(y, str(number + 1), name, ">2", ">12.00", ">24.00"), (80, y + 11, "Handled with care by team 7")]
    found = _read(*_row(200, *HEAD), *rows, *_totals(340, "72.00", "14.40", "86.40"))
    assert [shown[3] for shown in _shown(found)] == ["Hex bolt", "Steel pipe", "Ball bearing"]


def test_figures_stand_under_their_text() -> None:
    rules = [(50.0, y, 550.0, y) for y in (208.0, 242.0, 276.0)]
    found = _read(
        *_row(200, *HEAD),
        (80, 220, "Cordless drill 18 V with two batteries"),
        *_row(234, "1", "", ">2", ">12.00", ">24.00"),
        (80, 254, "Steel pipe 42 mm"),
        *_row(268, "2", "", ">3", ">10.00", ">30.00"),
        *_totals(310, "54.00", "10.80", "64.80"),
        rules=rules,
    )
    assert _shown(found) == [("2", "12.00", "24.00", "Cordless drill 18 V with two batteries"), PIPE]


def test_figures_stand_in_the_last_row_of_a_text() -> None:
    rules = [(50.0, y, 550.0, y) for y in (208.0, 242.0, 264.0)]
    found = _read(
        *_row(200, *HEAD),
        (80, 220, "Cordless drill"),
        *_row(231, "1", "two batteries and case", ">2", ">12.00", ">24.00"),
        *_row(254, "2", "Steel pipe 42 mm", ">3", ">10.00", ">30.00"),
        *_totals(310, "54.00", "10.80", "64.80"),
        rules=rules,
    )
    assert _shown(found) == [("2", "12.00", "24.00", "Cordless drill two batteries and case"), PIPE]


def test_sub_headings_and_group_sums_are_no_lines() -> None:
    found = _read(
        *_row(200, *HEAD),
        (50, 218, "*Workshop"),
        *_row(236, "1", "Hex bolt", ">2", ">12.00", ">24.00"),
        (360, 252, "Subtotal"),
        (550, 252, ">24.00"),
        (50, 270, "*Office"),
        *_row(288, "2", "Steel pipe 42 mm", ">3", ">10.00", ">30.00"),
        *_totals(320, "54.00", "10.80", "64.80"),
    )
    assert _shown(found) == [BOLT, PIPE]


def test_a_table_goes_on_over_pages_with_a_carry_forward_and_its_heading_again() -> None:
    first = (
        *TOP,
        *_row(200, *HEAD),
        *_row(220, "1", "Hex bolt", ">2", ">12.00", ">24.00"),
        (360, 240, "Carried forward"),
        (550, 240, ">24.00"),
    )
    second = (
        *_row(100, *HEAD),
        (360, 115, "Brought forward"),
        (550, 115, ">24.00"),
        *_row(130, "2", "Steel pipe 42 mm", ">3", ">10.00", ">30.00"),
        *_totals(160, "54.00", "10.80", "64.80"),
    )
    found = extract(_document([first, second]))
    assert _shown(found) == [BOLT, PIPE]
    assert [item.line_total.page for item in found.line_items if item.line_total] == [1, 2]


def test_a_table_without_heading_is_told_by_its_products() -> None:
    found = _read(
        *_row(220, "", "Hex bolt", ">2", ">12.00", ">24.00"),
        *_row(236, "", "Steel pipe 42 mm", ">3", ">10.00", ">30.00"),
        *_totals(270, "54.00", "10.80", "64.80"),
    )
    assert _shown(found) == [BOLT, PIPE]


def test_a_list_without_heading_is_told_by_its_sum() -> None:
    found = _read(
        (80, 220, "(2) Double cheeseburger"),
        (300, 220, ">17.98"),
        (80, 236, "(4) Hot dog"),
        (300, 236, ">27.80"),
        (80, 256, "Subtotal"),
        (300, 256, ">45.78"),
    )
    assert _shown(found) == [("2", None, "17.98", "Double cheeseburger"), ("4", None, "27.80", "Hot dog")]


def test_headings_are_evidence_and_arithmetic_is_law() -> None:
    places = (50.0, 80.0, 300.0, 370.0, 460.0, 550.0)
    head = ("Pos", "Description", ">Qty", ">Price", ">Amount", ">Xyz")
    found = _read(
        *_row(200, *head, places=places),
        *_row(220, "1", "Hex bolt", ">7", ">2", ">12.00", ">24.00", places=places),
        *_row(236, "2", "Steel pipe 42 mm", ">5", ">3", ">10.00", ">30.00", places=places),
        *_totals(270, "54.00", "10.80", "64.80"),
    )
    assert _shown(found) == [BOLT, PIPE]


def test_the_total_without_tax_stands_beside_one_with_it() -> None:
    places = (50.0, 80.0, 300.0, 360.0, 420.0, 480.0, 550.0)
    head = ("Pos", "Description", ">Qty", ">Price", ">Value", ">VAT %", ">Total")
    found = _read(
        *_row(200, *head, places=places),
        *_row(220, "1", "Hex bolt", ">2", ">12.00", ">24.00", ">20", ">28.80", places=places),
        *_row(236, "2", "Steel pipe 42 mm", ">3", ">10.00", ">30.00", ">20", ">36.00", places=places),
        *_totals(270, "54.00", "10.80", "64.80"),
    )
    assert _shown(found) == [BOLT, PIPE]
    assert _cells(found.line_items[0], "tax_rate") == ("20",)


def test_units_glued_to_quantities_and_bases_behind_prices() -> None:
    found = _read(
        *_row(200, *HEAD),
        *_row(220, "1", "Hex bolt", ">500pcs", ">4.80/100", ">24.00"),
        *_row(236, "2", "Steel pipe 42 mm", ">3 m", ">10.00", ">30.00"),
        *_totals(270, "54.00", "10.80", "64.80"),
    )
    assert [
        _cells(item, "quantity", "unit", "unit_price", "price_base", "line_total") for item in found.line_items
    ] == [
        ("500", "H87", "4.80", "100", "24.00"),
        ("3", "MTR", "10.00", None, "30.00"),
    ]


def test_a_discount_in_a_row_of_its_own_is_the_line_s() -> None:
    found = _read(
        *_row(200, *HEAD),
        *_row(220, "1", "Hex bolt", ">2", ">12.00", ">24.00"),
        (360, 234, "less 25% discount"),
        (550, 234, ">-6.00"),
        *_row(252, "2", "Steel pipe 42 mm", ">3", ">10.00", ">30.00"),
        *_totals(290, "48.00", "9.60", "57.60"),
    )
    assert [_cells(item, "line_total", "line_discount_percent") for item in found.line_items] == [
        ("18.00", "25"),
        ("30.00", None),
    ]


def test_remarks_name_orders_and_deliveries() -> None:
    found = _read(
        *_row(200, *HEAD),
        *_row(220, "1", "Hex bolt", ">2", ">12.00", ">24.00"),
        (80, 231, "Your order: PO-7001 line 3"),
        (80, 242, "Delivery note 88123"),
        (80, 253, "GTIN: 4012345001235"),
        *_totals(290, "24.00", "4.80", "28.80"),
    )
    (item,) = found.line_items
    names = ("description", "purchase_order", "order_line", "delivery_note", "gtin")
    assert _cells(item, *names) == ("Hex bolt", "PO-7001", "3", "88123", "4012345001235")


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (("3", "12.00", "12.00"), ("1", "12.00", "12.00")),
        (("25", "10.20", "272.50"), ("25", "10.90", "272.50")),
        (("31", "28.00", "882.00"), ("31.5", "28.00", "882.00")),
        # no one digit makes these agree, and whole digits are not put in
        (("1", "1", "100.00"), ("1", "1", "100.00")),
    ],
)
def test_where_the_sum_confirms_the_totals_a_misread_count_or_price_follows_from_them(
    printed: tuple[str, str, str], read: tuple[str, str, str]
) -> None:
    net = Decimal(printed[2]) + 30
    document = _document(
        [
            (
                *TOP,
                *_row(200, *HEAD),
                *_row(220, "1", "Hex bolt", *(f">{text}" for text in printed)),
                *_row(236, "2", "Steel pipe 42 mm", ">3", ">10.00", ">30.00"),
                *_totals(270, str(net), "0.00", str(net)),
            )
        ]
    )
    scanned = replace(document, pages=tuple(replace(page, source=Source.OCR) for page in document.pages))
    item = extract(scanned).line_items[0]
    assert _cells(item, "quantity", "unit_price", "line_total") == read
    changed = next((i for i, pair in enumerate(zip(printed, read, strict=True)) if pair[0] != pair[1]), None)
    if changed is not None:
        cell = (item.quantity, item.unit_price)[changed]
        assert cell is not None and (cell.confidence or 1) < 0.9
    assert _cells(extract(document).line_items[0], "quantity", "unit_price", "line_total") == printed


def test_a_misread_digit_follows_from_price_and_sum_with_less_confidence() -> None:
    document = _document(
        [
            (
                *TOP,
                *_row(200, *HEAD),
                *_row(220, "1", "Hex bolt", ">2", ">12.00", ">29.00"),
                *_row(236, "2", "Steel pipe 42 mm", ">3", ">10.00", ">30.00"),
                *_totals(270, "54.00", "10.80", "64.80"),
            )
        ]
    )
    scanned = replace(document, pages=tuple(replace(page, source=Source.OCR) for page in document.pages))
    mended, other = extract(scanned).line_items
    assert mended.line_total is not None
    assert (mended.line_total.value, mended.line_total.raw) == ("24.00", "29.00")
    assert (mended.line_total.confidence or 1) < 0.95
    assert other.line_total is not None
    assert (other.line_total.confidence or 0) >= 0.95
    # what the text layer prints is never changed
    printed = extract(document).line_items[0]
    assert printed.line_total is not None
    assert printed.line_total.value == "29.00"
    assert (printed.line_total.confidence or 1) < 0.95


def test_one_heading_over_the_article_and_its_text() -> None:
    places = (50.0, 110.0, 360.0, 450.0, 550.0)
    found = _read(
        *_row(200, "Item description", "", ">Quantity", ">Unit price", ">Amount", places=places),
        *_row(220, "TW-8854", "Hex bolt", ">2", ">12.00", ">24.00", places=places),
        *_row(236, "633857", "Steel pipe 42 mm", ">3", ">10.00", ">30.00", places=places),
        *_totals(270, "54.00", "10.80", "64.80"),
    )
    assert [_cells(item, "sku", "description") for item in found.line_items] == [
        ("TW-8854", "Hex bolt"),
        ("633857", "Steel pipe 42 mm"),
    ]


def test_thousands_parted_by_a_blank_stay_one_number() -> None:
    found = _read(
        *_row(200, *HEAD),
        *_row(220, "1", "Hex bolt", ">250", ">5,46", ">1 365,00"),
        *_row(236, "2", "Steel pipe 42 mm", ">3", ">10,00", ">30,00"),
        *_totals(270, "1 395,00", "279,00", "1 674,00"),
    )
    assert [_cells(item, "unit_price", "line_total") for item in found.line_items] == [
        ("5.46", "1365.00"),
        ("10.00", "30.00"),
    ]


def test_a_bold_title_right_above_a_line_is_none_of_it() -> None:
    found = _read(
        *_row(200, *HEAD),
        (80, 218, "*Workshop"),
        *_row(229, "1", "Hex bolt", ">2", ">12.00", ">24.00"),
        (80, 247, "*Office"),
        *_row(258, "2", "Steel pipe 42 mm", ">3", ">10.00", ">30.00"),
        *_totals(300, "54.00", "10.80", "64.80"),
    )
    assert _shown(found) == [BOLT, PIPE]


def test_a_summary_of_taxes_at_nothing_is_no_line() -> None:
    found = _read(
        *_row(200, *HEAD),
        *_row(220, "1", "Hex bolt", ">2", ">12.00", ">24.00"),
        *_row(236, "2", "Steel pipe 42 mm", ">3", ">10.00", ">30.00"),
        *_row(270, "0%", "54.00 0.00", ">54.00", ">0.00", ">0.00"),
        (400, 290, "Total GBP"),
        (550, 290, ">54.00"),
    )
    assert _shown(found) == [BOLT, PIPE]


def test_no_quantity_is_invented() -> None:
    places = (50.0, 80.0, 550.0)
    found = _read(
        *_row(200, "Pos", "Description", ">Amount", places=places),
        *_row(220, "1", "Consulting in November", ">24.00", places=places),
        *_row(236, "2", "Travel", ">30.00", places=places),
        *_totals(270, "54.00", "10.80", "64.80"),
    )
    assert _shown(found) == [(None, None, "24.00", "Consulting in November"), (None, None, "30.00", "Travel")]


def test_a_tax_within_the_total_is_a_row_and_a_base_in_brackets_is_no_minus() -> None:
    within = _read(
        *_row(200, *HEAD),
        *_row(220, "1", "Hex bolt", ">2", ">12.00", ">24.00"),
        (400, 250, "Total"),
        (550, 250, ">24.00"),
        (400, 265, "of which VAT 20%"),
        (550, 265, ">4.00"),
    )
    (row,) = within.tax_breakdown
    assert (row.rate and row.rate.value, row.tax and row.tax.value) == ("20", "4.00")
    bracketed = _read(
        *_row(200, *HEAD),
        *_row(220, "1", "Hex bolt", ">2", ">12.00", ">24.00"),
        (400, 250, "Net total"),
        (550, 250, ">24.00"),
        (400, 265, "VAT 20 % (24.00)"),
        (550, 265, ">4.80"),
        (400, 280, "Total"),
        (550, 280, ">28.80"),
    )
    (row,) = bracketed.tax_breakdown
    assert (row.taxable and row.taxable.value, row.tax and row.tax.value) == ("24.00", "4.80")


def test_units_in_many_languages() -> None:
    assert [unit_code(text) for text in ("styk", "kpl.", "páry", "op.", "mt", "MT", "Rolle", "heures")] == [
        *("H87", "SET", "PR", "PK", "MTR", "TNE", "RO", "HUR")
    ]


def test_a_heading_miles_off_the_page_costs_no_memory() -> None:
    document = _document([(*TOP, *_row(200, *HEAD), *_row(220, "1", "Hex bolt", ">2", ">12.00", ">24.00"))])
    (page,) = document.pages
    far = [replace(word, box=word.box._replace(x1=4e10)) if word.text == "Amount" else word for word in page.words]
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, limits[1]))
    try:
        found = extract(replace(document, pages=(replace(page, words=tuple(far)),)))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)
    assert found.text("invoice_number") == "INV-4711"
