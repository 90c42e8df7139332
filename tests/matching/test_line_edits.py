"""A line split in two, or joined with the next: what stays, what counts once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from office import invoice, value

from ingest.document import Source
from ingest.extraction import Extraction
from matching.review import Correction, apply_corrections


@pytest.fixture
def two_lines() -> Extraction:
    """Ten rods, and two more lines of print that are one article."""
    made = invoice()
    rods = made.line_items[0]
    plates = replace(rods, description=value("Steel plate,"), sku=value("SP-2"), line_total=value("30.00"))
    return replace(made, line_items=(rods, plates, replace(plates, description=value("galvanised"))))


def cells(extraction: Extraction, name: str) -> list[str | None]:
    found = [getattr(line, name) for line in extraction.line_items]
    return [cell.value if cell else None for cell in found]


def test_a_split_line_keeps_what_does_not_count_twice(two_lines: Extraction) -> None:
    found = apply_corrections(two_lines, [Correction("line_items/1", "split")])
    assert cells(found, "description") == ["Steel rod", "Steel rod", "Steel plate,", "galvanised"]
    assert cells(found, "unit_price")[:2] == ["5.00", "5.00"]
    assert cells(found, "quantity") == ["10", None, "10", "10"]
    assert cells(found, "line_total") == ["50.00", None, "30.00", "30.00"]
    # the lines behind it are as they were read, in their places
    assert found.line_items[2] == two_lines.line_items[1]


def test_joined_lines_add_up(two_lines: Extraction) -> None:
    found = apply_corrections(two_lines, [Correction("line_items/2", "join")])
    assert cells(found, "description") == ["Steel rod", "Steel plate, galvanised"]
    assert cells(found, "quantity") == ["10", "20"]
    assert cells(found, "line_total") == ["50.00", "60.00"]
    total = found.line_items[1].line_total
    assert total is not None
    assert (total.source, total.box) == (Source.MANUAL, value("30.00").box)


def test_quantities_of_other_prices_are_not_added(two_lines: Extraction) -> None:
    dear = replace(two_lines.line_items[2], unit_price=value("9.00"))
    lines = replace(two_lines, line_items=(*two_lines.line_items[:2], dear))
    found = apply_corrections(lines, [Correction("line_items/2", "join")])
    assert (cells(found, "quantity")[1], cells(found, "line_total")[1]) == ("10", "60.00")


@pytest.mark.parametrize("field", ["line_items/3", "line_items/9", "line_items/0"])
def test_where_no_line_follows_nothing_is_joined(two_lines: Extraction, field: str) -> None:
    assert apply_corrections(two_lines, [Correction(field, "join")]) == two_lines


def test_later_corrections_mean_the_new_places(two_lines: Extraction) -> None:
    steps = [Correction("line_items/1", "split"), Correction("line_items/2/quantity", "4")]
    assert cells(apply_corrections(two_lines, steps), "quantity")[:3] == ["10", "4", "10"]
