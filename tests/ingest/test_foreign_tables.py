"""Classes of tables that other programs print: cells of two rows, several numbers in one, counts without a head."""

from __future__ import annotations

from ingest.extraction import Extraction
from tests.ingest.prints import HEAD, PARTIES, Print, read

_XS = (60, 300, 380, 480)
_NAMES = ("Description", "Quantity", "Unit price", "Amount")


def _rows(*rows: tuple[float, tuple[str, ...]], xs: tuple[float, ...] = _XS) -> tuple[Print, ...]:
    return tuple((x, top, text) for top, cells in rows for x, text in zip(xs, cells, strict=False) if text)


def _sums(net: str, top: float = 440) -> tuple[Print, ...]:
    return _rows((top, ("Net total", net)), (top + 12, ("Total", net)), xs=(380, 480))


def _read(*prints: Print, net: str = "100.00") -> Extraction:
    return read(*PARTIES, *HEAD, *prints, *_sums(net))


def _numbers(found: Extraction) -> list[tuple[str | None, ...]]:
    """Quantity, price and total of each line."""
    cells = [(line.quantity, line.unit_price, line.line_total) for line in found.line_items]
    return [tuple(cell.value if cell is not None else None for cell in line) for line in cells]


def _texts(found: Extraction) -> list[str | None]:
    return [line.description.value if line.description is not None else None for line in found.line_items]


def test_of_two_prices_in_a_cell_the_one_with_which_the_line_agrees_is_charged() -> None:
    found = _read(*_rows((310, _NAMES), (330, ("Hex bolts M8", "4", "30.00 25.00", "100.00"))))
    assert _numbers(found) == [("4", "25.00", "100.00")]


def test_an_amount_broken_at_its_thousands_over_two_rows_of_a_cell_is_one() -> None:
    one = ((330, ("Roof timber", "18,00", "1", "22")), (339, ("spruce, dry", "", "240,00", "320,00")))
    two = ((360, ("Nails", "2,00", "10,00", "20,00")), (378, ("Battens", "1,00", "60,00", "60,00")))
    found = _read(*_rows((310, _NAMES), *one, *two), net="22 400,00")
    assert _numbers(found)[0] == ("18.00", "1240.00", "22320.00")
    assert _texts(found)[0] == "Roof timber spruce, dry"


def test_an_amount_broken_around_a_row_that_its_line_is_centred_on_is_one() -> None:
    one = ((330, ("", "", "1", "3")), (334, ("Wardrobe", "3", "", "")), (338, ("", "", "250,00", "750,00")))
    found = _read(*_rows((310, _NAMES), *one, (366, ("Delivery", "2", "25,00", "50,00"))), net="3 800,00")
    assert _numbers(found) == [("3", "1250.00", "3750.00"), ("2", "25.00", "50.00")]


def test_counts_before_the_texts_of_all_lines_are_their_quantities() -> None:
    rows = ((330, ("2 x Old cheese", "60.00")), (345, ("14.5 kg Goat cheese", "40.00")))
    found = _read(*_rows((310, ("Description", "Amount")), *rows, xs=(60, 480)))
    assert _texts(found) == ["Old cheese", "Goat cheese"]
    assert [line.quantity.value for line in found.line_items if line.quantity] == ["2", "14.5"]


def test_a_count_before_one_text_of_several_is_part_of_its_name() -> None:
    rows = ((330, ("2 x 4 timber", "60.00")), (345, ("Goat cheese", "40.00")))
    found = _read(*_rows((310, ("Description", "Amount")), *rows, xs=(60, 480)))
    assert _texts(found) == ["2 x 4 timber", "Goat cheese"]


def test_what_times_the_price_makes_every_total_is_counted_whatever_its_head() -> None:
    names = ("Description", "Extensions", "Monthly", "Amount")
    rows = ((330, ("Switchboard", "6", "12.00", "72.00")), (345, ("Fibre", "1", "38.00", "38.00")))
    found = _read(*_rows((310, names), *rows, (360, ("Calls", "", "", "11.42")), (375, ("Loyalty", "", "", "-21.42"))))
    assert _numbers(found)[:3] == [("6", "12.00", "72.00"), ("1", "38.00", "38.00"), (None, None, "11.42")]


def test_hours_and_minutes_speak_for_no_count() -> None:
    names = ("Description", "Extent", "Price", "Amount")
    rows = ((330, ("Cleaning", "2 visits", "20.00", "40.00")), (345, ("Windows", "6:30 h", "10.00", "65.00")))
    assert _numbers(_read(*_rows((310, names), *rows)))[0] == ("2", "20.00", "40.00")


def test_a_head_with_a_price_before_a_stroke_is_one() -> None:
    names = ("Omschrijving", "Aantal", "Dagen", "Prijs/dag", "Totaal")
    xs = (60.0, 240.0, 300.0, 380.0, 480.0)
    rows = ((330, ("Technicus", "2", "2", "30,00", "120,00")), (345, ("Transport", "2", "3", "40,00", "240,00")))
    found = _read(*_rows((310, names), *rows, xs=xs), net="360,00")
    assert [line.unit_price.value for line in found.line_items if line.unit_price] == ["30.00", "40.00"]


def test_a_text_goes_on_beside_the_second_row_of_another_cell() -> None:
    xs = (60.0, 139.0, 300.0, 380.0, 480.0)
    names = ("Description", "Term", *_NAMES[1:])
    one = (
        (330, ("Quartz 365", "07.11.2026 -", "4", "20.00", "80.00")),
        (339, ("Business Standard", "06.12.2026")),
    )
    two = ((360, ("Exchange", "07.11.2026 -", "2", "10.00", "20.00")), (369, ("Plan 1", "06.12.2026")))
    found = _read(*_rows((310, names), *one, *two, xs=xs))
    assert _texts(found) == ["Quartz 365 Business Standard", "Exchange Plan 1"]


def test_a_text_as_far_below_the_last_line_as_lines_are_apart_is_a_remark() -> None:
    one = ((330, ("Cable 5G10, cut", "2", "20.00", "40.00")), (339, ("to measure",)))
    two = ((355, ("Consumer unit", "1", "45.00", "45.00")), (371, ("Service van", "1", "15.00", "15.00")))
    found = _read(*_rows((310, _NAMES), *one, *two, (387, ("Rounding is not included",))))
    assert _texts(found) == ["Cable 5G10, cut to measure", "Consumer unit", "Service van"]


def test_groups_of_digits_alone_over_every_text_are_the_articles_numbers() -> None:
    xs = (40.0, *_XS)
    one = ((330, ("1", "0093 8 40", "4", "20.00", "80.00")), (339, ("", "Hexagon screw")))
    two = ((360, ("2", "0125 8", "2", "10.00", "20.00")), (369, ("", "Washer")))
    found = _read(*_rows((310, ("#", *_NAMES)), *one, *two, xs=xs))
    assert _texts(found) == ["Hexagon screw", "Washer"]
    assert [line.sku.value for line in found.line_items if line.sku] == ["0093 8 40", "0125 8"]


def test_amounts_with_tax_below_those_without_are_no_line() -> None:
    one = ((330, ("Cold buffet", "4", "20.00", "80.00")), (339, ("18 pieces a head", "", "22.00", "88.00")))
    two = ((360, ("Champagne", "1", "20.00", "20.00")), (369, ("", "", "24.00", "24.00")))
    found = _read(*_rows((310, _NAMES), *one, *two))
    assert _texts(found) == ["Cold buffet 18 pieces a head", "Champagne"]
    assert _numbers(found) == [("4", "20.00", "80.00"), ("1", "20.00", "20.00")]
