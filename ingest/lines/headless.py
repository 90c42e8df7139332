"""Tables without a heading that we know: columns told by their arithmetic alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, pairwise

from ingest.document import Box
from ingest.fields.money import Amount, amounts_in, amounts_of_row, closes
from ingest.heads import LONGEST
from ingest.labels import field_labels, label_key
from ingest.layout import Row, Segment, Sheet, boxes_of, overlap
from ingest.lines.arithmetic import CENT, agreeing
from ingest.lines.counted import is_detail
from ingest.tables import Column, Heading

_MOST = 7
"""Numbers in a row of goods, at most."""
_FAR = 3.2
"""Blank between rows of a list, in heights of the print, at most."""
_COUNT = re.compile(r"^[\[(]?\d{1,3}[\])]?[x×]?$")
_TIMES = re.compile(r"^\d{1,5}(?:[.,]\d{1,3})?[x×]$")
_ROLES = ("quantity", "unit_price", "line_total")


@dataclass(frozen=True, slots=True)
class _Hit:
    """A row in which two numbers make a third."""

    index: int
    boxes: dict[str, Box]
    total: Decimal

    @property
    def order(self) -> tuple[str, ...]:
        """The roles from left to right."""
        return tuple(sorted(self.boxes, key=lambda name: self.boxes[name].x0))


def bare_table(sheet: Sheet, ends: Sequence[bool], point: str) -> Heading | None:
    """The columns of a table without heading, as rows of a product or a list that sums up tell them; else None."""
    return _product_table(sheet, ends, point) or _list(sheet, ends, point)


def _product_table(sheet: Sheet, ends: Sequence[bool], point: str) -> Heading | None:
    """Rows in which quantity times price makes the total, two at least or one whose total is printed again."""
    hits = [hit for index, row in enumerate(sheet.rows) if not ends[index] for hit in _hits(row, index, point)]
    best: list[_Hit] = []
    for first in hits:
        same = {hit.index: hit for hit in reversed(hits) if _same_columns(first, hit)}
        if len(same) > len(best):
            best = [same[index] for index in sorted(same)]
    sums = _sums(sheet, ends, point)
    if not best or (len(best) == 1 and best[0].total not in sums):
        return None
    stripes = {name: boxes_of(hit.boxes[name] for hit in best) for name in _ROLES}
    texts = [text for hit in best if (text := _longest(sheet.rows[hit.index], stripes)) is not None]
    if not texts:
        return None
    stripes["description"] = boxes_of(text.box for text in texts)
    rates = [box for hit in best if (box := _rate(sheet.rows[hit.index], point)) is not None]
    if len(rates) == len(best):
        stripes["tax_rate"] = boxes_of(rates)
    leading = [_leading(sheet.rows[hit.index], text, hit) for hit, text in zip(best, texts, strict=False)]
    codes = [segment for segment in leading if segment is not None]
    if len(codes) == len(best) and max(s.box.x1 for s in codes) < stripes["description"].x0:
        numbers = all(segment.text.strip(".").isdigit() and len(segment.text) <= 3 for segment in codes)
        stripes["line_number" if numbers else "sku"] = boxes_of(segment.box for segment in codes)
    return _heading(stripes, best[0].index, sheet.page.width)


def _hits(row: Row, index: int, point: str) -> Iterator[_Hit]:
    amounts = [amount for amount in amounts_of_row(row, point) if not amount.percent]
    if not 3 <= len(amounts) <= _MOST:
        return
    for one, two, three in combinations(amounts, 3):
        if not three.money:
            continue
        # the quantity stands before or behind the price, the total right of both
        for quantity, price in ((one, two), (two, one)):
            found = agreeing(quantity, price, three)
            if price.money and found is not None and found[2] and found[0] > 0:
                boxes = (quantity.segment.box, price.segment.box, three.segment.box)
                yield _Hit(index, dict(zip(_ROLES, boxes, strict=True)), found[2])


def _same_columns(one: _Hit, two: _Hit) -> bool:
    if one.order != two.order:
        return False
    for name in _ROLES:
        a, b = one.boxes[name], two.boxes[name]
        if overlap(a.x0, a.x1, b.x0, b.x1) <= 0 and min(abs(a.x0 - b.x0), abs(a.x1 - b.x1)) > a.height:
            return False
    return True


def _sums(sheet: Sheet, ends: Sequence[bool], point: str) -> set[Decimal]:
    rows = [row for row, end in zip(sheet.rows, ends, strict=True) if end]
    return {value for row in rows for amount in amounts_of_row(row, point) for value in amount.readings}


def _longest(row: Row, stripes: dict[str, Box]) -> Segment | None:
    """The segment with the most letters that is none of the numbers."""
    free = [s for s in row.segments if not any(overlap(s.box.x0, s.box.x1, b.x0, b.x1) > 0 for b in stripes.values())]
    lettered = [s for s in free if sum(sign.isalpha() for sign in s.text) >= 2]
    return max(lettered, key=lambda s: sum(sign.isalpha() for sign in s.text), default=None)


def _leading(row: Row, text: Segment, hit: _Hit) -> Segment | None:
    """What stands before the text and holds digits, but none of the numbers: "8 pcs" is the quantity with its unit."""
    first = row.segments[0]
    counted = any(overlap(first.box.x0, first.box.x1, box.x0, box.x1) > 0 for box in hit.boxes.values())
    return first if first is not text and not counted and any(sign.isdigit() for sign in first.text) else None


def _rate(row: Row, point: str) -> Box | None:
    """Where the row's only percentage stands in a cell of its own."""
    cells = [
        segment.box
        for segment in row.segments
        if len(segment.words) <= 2 and [amount.percent for amount in amounts_in(segment, point)] == [True]
    ]
    return cells[0] if len(cells) == 1 else None


def _list(sheet: Sheet, ends: Sequence[bool], point: str) -> Heading | None:
    """Rows of a text and an amount each that together make the sum printed under them."""
    for index, row in enumerate(sheet.rows):
        if not ends[index]:
            continue
        sums = [value for amount in amounts_of_row(row, point) if amount.money for value in amount.readings]
        for value in sums:
            rows = _summing(sheet, ends, index, value, point)
            if rows:
                texts = boxes_of(sheet.rows[i].segments[0].box for i, _ in rows)
                money = boxes_of(amount.segment.box for _, amount in rows)
                if texts.x0 < money.x0:
                    stripes = {"description": texts._replace(x1=min(texts.x1, money.x0)), "line_total": money}
                    stripes |= _counted([sheet.rows[i] for i, _ in rows])
                    return replace(_heading(stripes, rows[-1][0], sheet.page.width), last=index)
    return None


def _counted(rows: Sequence[Row]) -> dict[str, Box]:
    """A column of the counts that most rows have, before the text or the amount: "(2) Beer", "3x Soup", "Tea  2x"."""
    leading = [
        row
        for row in rows
        if (_COUNT.match(row.words[0].text) or _TIMES.match(row.words[0].text)) and len(row.words) > 2
    ]
    if 2 * len(leading) > len(rows):
        texts = [row.words[1].box.x0 for row in leading]
        counts = boxes_of(row.words[0].box for row in leading)
        if counts.x1 <= min(texts):
            description = boxes_of(word.box for row in leading for word in row.segments[0].words[1:] or row.words[1:2])
            return {"quantity": counts, "description": description}
    trailing = [word for row in rows for word in row.words[1:] if _TIMES.match(word.text)]
    if 2 * len(trailing) > len(rows):
        counts = boxes_of(word.box for word in trailing)
        texts = [row.segments[0].words[0].box.x0 for row in rows]
        before = [word.box for row in rows for word in row.words if word.box.x1 < counts.x0]
        if before and max(texts) < counts.x0:
            return {"quantity": counts, "description": boxes_of(before)}
    return {}


def _summing(sheet: Sheet, ends: Sequence[bool], end: int, value: Decimal, point: str) -> list[tuple[int, Amount]]:
    """The rows above a sum that make it, from below; empty where none do."""
    found: list[tuple[int, Amount]] = []
    total, top = Decimal(0), sheet.rows[end].box.top
    for index in range(end - 1, -1, -1):
        row = sheet.rows[index]
        far = _FAR if found else 2 * _FAR
        if top - row.box.bottom > far * sheet.height or (ends[index] and not _is_charge(row)):
            return []
        top = row.box.top
        if is_detail(row):
            continue
        amounts = amounts_of_row(row, point)
        if not amounts or not amounts[-1].money or not closes(row, amounts[-1]):
            continue
        if len(row.segments) < 2 or not any(sign.isalpha() for s in row.segments[:-1][:2] for sign in s.text):
            return []
        found.append((index, amounts[-1]))
        total += amounts[-1].readings[0]
        if abs(total - value) < CENT and value and len(found) >= 2:
            return found
    return []


def _is_charge(row: Row) -> bool:
    """Whether a row is named as freight or a discount, which may stand among the goods."""
    keys = [label_key(word.text) for word in row.segments[0].words]
    names = {
        meaning.name
        for last in range(1, min(len(keys), LONGEST) + 1)
        for meaning in field_labels().get("".join(keys[:last]), ())
    }
    return bool(names) and names <= {"shipping_total", "discount_total"}


def _heading(stripes: dict[str, Box], first: int, width: float) -> Heading:
    """Columns that reach to the middle of the blanks between the stripes."""
    ordered = sorted(stripes.items(), key=lambda item: item[1].x0)
    edges = [0.0, *((one.x1 + two.x0) / 2 for (_, one), (_, two) in pairwise(ordered)), width]
    columns = tuple(Column(name, box, *reach) for (name, box), reach in zip(ordered, pairwise(edges), strict=True))
    return Heading(columns, first, first, 0.0)
