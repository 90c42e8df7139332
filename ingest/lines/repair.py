"""Single digits that OCR misread, put right by arithmetic: quantity times price, and the printed sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ingest.document import Source
from ingest.extraction import FieldValue, LineItem
from ingest.lines.arithmetic import CENT, Terms, fits
from ingest.lines.items import agrees
from ingest.numbers import plain

_REPAIRED = 0.9
"""Confidence of a number that two equations say."""
_ALONE = 0.8
"""The same of one that a single equation says."""


def repaired(items: Sequence[LineItem], printed: set[Decimal]) -> list[LineItem]:
    """The items with single misread digits put right; what was printed stays in `raw`."""
    found = list(items)
    open_ = [index for index, item in enumerate(items) if _mendable(item)]
    if len(open_) == 1:
        found[open_[0]] = _by_sum(found, open_[0], printed)
    for index in open_:
        if not agrees(found[index]):
            found[index] = _by_point(found[index])
        if not agrees(found[index]):
            found[index] = _by_itself(found[index])
    return found


def repaired_under(items: Sequence[LineItem]) -> list[LineItem]:
    """The items whose totals make the printed sum, with a misread digit or lost decimals beside them put right."""
    return [_under(item) if _mendable(item) else item for item in items]


def _under(item: LineItem) -> LineItem:
    ways = _changed(item, ("quantity", "unit_price"))
    return ways[0] if len(ways) == 1 else _by_rest(item, decimals=True)


def _mendable(item: LineItem) -> bool:
    cells = (item.quantity, item.unit_price, item.line_total)
    if any(cell is None or cell.number is None for cell in cells) or agrees(item):
        return False
    return any(cell is not None and cell.source is Source.OCR for cell in cells)


def _terms(item: LineItem) -> Terms:
    def number(cell: FieldValue | None) -> Decimal:
        return cell.number or Decimal(0) if cell is not None else Decimal(0)

    return Terms(number(item.line_discount_percent), number(item.line_discount), number(item.price_base) or Decimal(1))


def _by_sum(items: Sequence[LineItem], index: int, printed: set[Decimal]) -> LineItem:
    """The one odd line, where the printed sum less the other lines says its total, and that agrees with the rest."""
    item = items[index]
    others = [other.line_total.number for i, other in enumerate(items) if i != index and other.line_total is not None]
    if len(others) != len(items) - 1 or item.quantity is None or item.unit_price is None or item.line_total is None:
        return item
    rest = sum((total for total in others if total is not None), Decimal(0))
    quantity, price = item.quantity.number, item.unit_price.number
    for value in sorted(printed):
        total = value - rest
        if quantity is None or price is None or total <= 0 or not fits(quantity, price, total, _terms(item)):
            continue
        if _near(item.line_total, total):
            return replace(
                item,
                quantity=replace(item.quantity, confidence=_REPAIRED),
                unit_price=replace(item.unit_price, confidence=_REPAIRED),
                line_total=_set(item.line_total, total, _REPAIRED),
            )
    return item


def _by_itself(item: LineItem) -> LineItem:
    """One digit changed in one number, where only one such change makes the line agree."""
    ways = _changed(item, ("quantity", "unit_price", "line_total"))
    return ways[0] if len(ways) == 1 else _by_rest(item)


def _changed(item: LineItem, names: Sequence[str]) -> list[LineItem]:
    """The items that agree with one digit changed in one of these numbers."""
    ways: dict[tuple[str, Decimal], LineItem] = {}
    for name in names:
        cell: FieldValue | None = getattr(item, name)
        if cell is None or cell.number is None:
            continue
        for value in _one_digit_off(cell.number):
            changed = replace(item, **{name: _set(cell, value, _ALONE)})
            q, p, t = changed.quantity, changed.unit_price, changed.line_total
            if q and p and t and _hold(q.number, p.number, t.number, _terms(item)):
                ways[name, value] = changed
    return list(ways.values())


def _by_rest(item: LineItem, *, decimals: bool = False) -> LineItem:
    """The price or quantity that the other two numbers ask for, where what was read is its beginning or its end.

    OCR loses decimals behind a faint point (nothing else where `decimals`), the nought before it, and takes a unit's
    first letter for a digit.
    """
    quantity, price, total = item.quantity, item.unit_price, item.line_total
    if not (quantity and price and total) or _terms(item) != Terms():
        return item
    q, p, t = quantity.number, price.number, total.number
    if not q or not p or not t:
        return item
    for name, cell, value in (("unit_price", price, t / q), ("quantity", quantity, t / p)):
        exact = value.quantize(Decimal("0.001")).normalize()
        lost = plain(exact).startswith(f"{cell.value}.") if decimals else _part_of(cell.value, plain(exact))
        if exact == value and exact > 0 and lost:
            return replace(item, **{name: _set(cell, exact, _ALONE)})
    return item


def _by_point(item: LineItem) -> LineItem:
    """The decimal sign that OCR lost: a number without one whose last two digits are cents makes the line agree."""
    ways = []
    for name in ("unit_price", "line_total", "quantity"):
        cell: FieldValue | None = getattr(item, name)
        if cell is None or cell.number is None or cell.source is not Source.OCR or "." in cell.value:
            continue
        for digits in (2, 3) if name == "quantity" else (2,):
            changed = replace(item, **{name: _set(cell, cell.number.scaleb(-digits), _ALONE)})
            q, p, t = changed.quantity, changed.unit_price, changed.line_total
            if q and p and t and _hold(q.number, p.number, t.number, _terms(item)):
                ways.append(changed)
    return ways[0] if len(ways) == 1 else item


def _part_of(one: str, two: str) -> bool:
    """Whether one number's digits begin or end the other's."""
    short, long = sorted((one.replace(".", ""), two.replace(".", "").lstrip("0")), key=len)
    return bool(short.strip("0")) and (long.startswith(short) or long.endswith(short))


def _hold(quantity: Decimal | None, price: Decimal | None, total: Decimal | None, terms: Terms) -> bool:
    if quantity is None or price is None or total is None:
        return False
    exact = quantity * price * (100 - terms.percent) / 100 / (terms.base or 1) - terms.amount
    return abs(exact - total) <= CENT / 2


def _one_digit_off(number: Decimal) -> Iterator[Decimal]:
    text = plain(number)
    for place, sign in enumerate(text):
        if sign.isdigit():
            yield from (Decimal(text[:place] + digit + text[place + 1 :]) for digit in "0123456789" if digit != sign)


def _near(cell: FieldValue, value: Decimal) -> bool:
    """Whether a number may have been misread as what was read: as long, with one or two other digits."""
    one, two = (cell.value.replace(".", ""), plain(value).replace(".", ""))
    return len(one) == len(two) and sum(a != b for a, b in zip(one, two, strict=True)) <= 2


def is_mended(cell: FieldValue) -> bool:
    """Whether a number is another than was read."""
    return (cell.confidence or 0) in (_REPAIRED, _ALONE)


def _set(cell: FieldValue, value: Decimal, sure: float) -> FieldValue:
    return replace(cell, value=plain(value), confidence=sure)
