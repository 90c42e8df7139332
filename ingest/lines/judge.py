"""What the lines say together: their sum against the totals that are printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from ingest.extraction import FieldValue, LineItem
from ingest.fields.money import amounts_of_row
from ingest.layout import Sheet
from ingest.lines.arithmetic import CENT
from ingest.lines.items import CONFIRMED, agrees
from ingest.lines.repair import is_mended, repaired, repaired_under

_MOST_DOUBTFUL = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A line item, and where it was read."""

    item: LineItem
    sheet: Sheet
    rows: frozenset[tuple[int, int]]
    """Page number and row index."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The lines that stand, and their sum; None where a line has no total."""

    lines: tuple[Line, ...]
    total: Decimal | None


def judged(lines: Sequence[Line], papers: Sequence[tuple[Sheet, Sequence[bool]]], point: str) -> Judgement:
    """The lines as the printed totals confirm them: misread digits repaired, rows that only sum up left out."""
    printed = set(_printed(lines, papers, point))
    kept = _before_sums(_totalled(lines, printed))
    if not _confirmed(kept, printed):
        kept = repaired_lines(kept, printed)
    if not _confirmed(kept, printed):
        kept = _without_doubtful(kept, printed)
    if _confirmed(kept, printed):
        items = repaired_under([line.item for line in kept])
        kept = [replace(line, item=_sure(item)) for line, item in zip(kept, items, strict=True)]
    return Judgement(tuple(kept), _sum(kept))


def _totalled(lines: Sequence[Line], printed: set[Decimal]) -> list[Line]:
    """The lines, their only prices taken for their totals where these add up to a sum that is printed."""
    prices = [line.item.unit_price for line in lines if line.item.line_total is None]
    values = [price.number if price is not None else None for price in prices]
    counts = [line.item.quantity for line in lines if line.item.quantity is not None]
    several = not counts or any(count.number != 1 for count in counts)
    if len(values) < len(lines) or len(values) < 2 or None in values or not several:
        return list(lines)
    if sum((value for value in values if value is not None), Decimal(0)) not in printed:
        return list(lines)
    return [replace(line, item=replace(line.item, line_total=line.item.unit_price, unit_price=None)) for line in lines]


def _before_sums(lines: Sequence[Line]) -> list[Line]:
    """The lines without such as only sum up those before them, and what thin follows: charges below the table."""
    kept: list[Line] = []
    total, ended = Decimal(0), False
    for line in lines:
        item = line.item
        value = item.line_total.number if item.line_total is not None else None
        thin = item.quantity is None and item.unit_price is None and item.line_number is None and item.sku is None
        full = any(agrees(other.item) for other in kept)
        ended = ended or (thin and value is not None and value == total and (full and len(kept) > 1))
        if ended and thin:
            continue
        kept.append(line)
        total += value or Decimal(0)
    return kept


def repaired_lines(lines: Sequence[Line], printed: set[Decimal]) -> list[Line]:
    """The lines with digits that OCR misread put right, as far as their own numbers and the sum say how."""
    items = repaired([line.item for line in lines], printed)
    return [replace(line, item=item) for line, item in zip(lines, items, strict=True)]


def _printed(lines: Sequence[Line], papers: Sequence[tuple[Sheet, Sequence[bool]]], point: str) -> Iterator[Decimal]:
    """Amounts in rows that sum up."""
    taken = {place for line in lines for place in line.rows}
    for sheet, ends in papers:
        for index, row in enumerate(sheet.rows):
            if ends[index] and (sheet.page.number, index) not in taken:
                for amount in amounts_of_row(row, point):
                    if not amount.percent:
                        yield from (abs(value) for value in amount.readings if value)


def _sum(lines: Sequence[Line]) -> Decimal | None:
    totals = [line.item.line_total.number if line.item.line_total is not None else None for line in lines]
    if not lines or any(total is None for total in totals):
        return None
    return sum((total for total in totals if total is not None), Decimal(0))


def _confirmed(lines: Sequence[Line], printed: set[Decimal]) -> bool:
    total = _sum(lines)
    return total is not None and any(abs(abs(total) - value) <= CENT for value in printed)


def _without_doubtful(lines: Sequence[Line], printed: set[Decimal]) -> list[Line]:
    """The lines less the fewest that have a total only, where without those the sum is printed."""
    doubtful = [
        index for index, line in enumerate(lines) if line.item.unit_price is None and line.item.quantity is None
    ]
    if len(doubtful) > _MOST_DOUBTFUL:
        return list(lines)
    for count in range(1, len(doubtful) + 1):
        for dropped in combinations(doubtful, count):
            rest = [line for index, line in enumerate(lines) if index not in dropped]
            if rest and _confirmed(rest, printed):
                return rest
    return list(lines)


def _sure(item: LineItem) -> LineItem:
    """The line with a total that the printed sum confirms."""
    total = item.line_total
    if total is None or (total.confidence or 0) >= CONFIRMED - 0.01 or is_mended(total):
        return item
    return replace(item, line_total=_raised(total))


def _raised(value: FieldValue) -> FieldValue:
    return replace(value, confidence=max(value.confidence or 0.0, CONFIRMED - 0.01))
