"""Lines that are told in a row each, without a table: "4 x Oak door à 90.89 € = 363.56 €", "Advice: 3 h × 80 = 240"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from ingest.document import Word
from ingest.extraction import LineItem
from ingest.fields.money import CODE, Amount, amounts_in
from ingest.layout import Row, Sheet, segment_of
from ingest.lines.arithmetic import agreeing
from ingest.lines.cells import unglued
from ingest.lines.items import CONFIRMED, value_of
from ingest.lines.judge import Line
from ingest.numbers import plain
from ingest.units import unit_code

_JOINING = frozenset({*"x×*@àáa=", "at", "je", "zu", "per", "pro", "por", "za", "po", "st", "each"})
"""What stands between a count, what is counted, its price and what both make."""
_AROUND = " •·▪-–—*:,;|"
_NUMBERS = 4
"""Numbers before the sign of equality, at most: a text may hold some of its own."""
_LETTERS = re.compile(r"[^\W\d_]{2}")


def told_lines(sheets: Sequence[Sheet], point: str) -> list[Line]:
    """The rows of the pages that say of something how much of it at which price makes what."""
    found: list[Line] = []
    for sheet in sheets:
        for index, row in enumerate(sheet.rows):
            item = _told(row, sheet, point) if "=" in row.text else None
            if item is not None:
                found.append(Line(item, sheet, frozenset({(sheet.page.number, index)})))
    return found


def _told(row: Row, sheet: Sheet, point: str) -> LineItem | None:
    """The line that a row tells; None where nothing in it times another number is what stands behind its "="."""
    words = [part for word in row.words for part in _parted(word)]
    place = next((place for place, word in enumerate(words) if word.text == "="), len(words))
    before, behind = words[:place], words[place + 1 :]
    totals = _amounts(behind, sheet, point)
    numbers = [one for one in _amounts(before, sheet, point) if not one.percent]
    if not before or len(totals) != 1 or not totals[0].money or not 2 <= len(numbers) <= _NUMBERS:
        return None
    for quantity, price in sorted(combinations(numbers, 2), key=lambda pair: numbers.index(pair[0])):
        agreed = agreeing(quantity, price, totals[0])
        texts = list(_said(before, quantity, price))
        if agreed is None or not agreed[2] or not any(_LETTERS.search(word.text) for word in texts):
            continue
        segment = segment_of(texts, sheet.page.number, sheet.page.source)
        cells = {"description": value_of(segment.text.strip(_AROUND), segment, 0.9)}
        for name, amount, value in zip(
            ("quantity", "unit_price", "line_total"), (quantity, price, totals[0]), agreed, strict=True
        ):
            cells[name] = value_of(plain(value), amount.segment, CONFIRMED)
        unit = _unit(before, quantity)
        if unit is not None and (code := unit_code(unit.text)):
            cells["unit"] = value_of(code, segment_of([unit], sheet.page.number, sheet.page.source), 0.88)
        return LineItem(**cells)
    return None


def _parted(word: Word) -> Iterator[Word]:
    """A word with the "=" that is glued to it by itself, and a count parted from its unit: "4x", "3h"."""
    head, sign, tail = word.text.partition("=")
    for text in (head, sign, tail):
        parts = unglued([replace(word, text=text)]) if text else []
        counted = len(parts) == 2 and (parts[1].text in _JOINING or unit_code(parts[1].text))
        yield from parts if counted or len(parts) < 2 else [replace(word, text=text)]


def _amounts(words: Sequence[Word], sheet: Sheet, point: str) -> list[Amount]:
    return amounts_in(segment_of(words, sheet.page.number, sheet.page.source), point) if words else []


def _unit(words: Sequence[Word], quantity: Amount) -> Word | None:
    """The word behind the count, where it is a unit."""
    last = next(place for place, word in enumerate(words) if word is quantity.segment.words[-1])
    behind = words[last + 1] if last + 1 < len(words) else None
    return behind if behind is not None and behind.text not in _JOINING and unit_code(behind.text) else None


def _said(words: Sequence[Word], quantity: Amount, price: Amount) -> Iterator[Word]:
    """What is counted: all but the numbers, the unit, currencies and what joins them."""
    counted = {id(word) for amount in (quantity, price) for word in amount.segment.words}
    unit = _unit(words, quantity)
    for word in words:
        bare = word.text.strip(_AROUND)
        joins = word.text.casefold() in _JOINING or not bare or CODE.match(bare)
        if id(word) not in counted and word is not unit and not joins:
            yield word
